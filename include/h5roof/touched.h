/*
 * Which chunks of a dataset are touched, and how many elements of each: what an operation that moves a part
 * has to filter at least. Pure arithmetic; local.
 */
#ifndef H5ROOF_TOUCHED_H
#define H5ROOF_TOUCHED_H

#include "h5roof/chunks.h"
#include "h5roof/region.h"

#define H5R_TOUCHED_MOST ((uint64_t)1 << 20) /* chunks of a dataset that are counted one by one */

typedef struct {
    h5r_chunks_t chunks;
    uint64_t *elements; /* [chunks.chunks]: marked; NULL: nothing can be counted */
} h5r_touched_t;

/* Nothing is marked. false: more chunks than are counted, or no memory; then marking does nothing. */
bool h5r_touched_init(h5r_touched_t *t, const h5r_dims_t *shape, const h5r_dims_t *chunk);
void h5r_touched_free(h5r_touched_t *t);

/* Mark an element, or all elements of a region, by their coordinates in the dataset. What is marked twice
 * counts twice. */
void h5r_touched_mark(h5r_touched_t *t, const uint64_t coord[H5R_MAX_NDIMS]);
void h5r_touched_mark_region(h5r_touched_t *t, const h5r_region_t *region);

/* Chunks of which something is marked; and of them those of which not every element of the dataset is. */
uint64_t h5r_touched_chunks(const h5r_touched_t *t);
uint64_t h5r_touched_in_part(const h5r_touched_t *t);

#endif
