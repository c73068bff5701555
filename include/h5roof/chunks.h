/*
 * The chunks of a dataset: where they lie, and their elements gathered from the dense C-ordered memory of the
 * whole dataset. Pure arithmetic, local, allocates nothing.
 */
#ifndef H5ROOF_CHUNKS_H
#define H5ROOF_CHUNKS_H

#include "h5roof/region.h"

#include <stddef.h>

typedef struct {
    h5r_dims_t shape, chunk;
    uint64_t grid[H5R_MAX_NDIMS]; /* chunks along each dimension, the last one may reach beyond the dataset */
    uint64_t chunks;              /* in all */
    uint64_t elements;            /* of one chunk */
} h5r_chunks_t;

h5r_chunks_t h5r_chunks_of(const h5r_dims_t *shape, const h5r_dims_t *chunk);

/* Coordinate of the first element of chunk number `index`, counted in C order. */
void h5r_chunk_origin(const h5r_chunks_t *c, uint64_t index, uint64_t origin[H5R_MAX_NDIMS]);

/* The elements that the dataset has of a chunk: clipped where the chunk reaches beyond it. */
h5r_region_t h5r_chunk_box(const h5r_chunks_t *c, uint64_t index);

/* All elements of a chunk into `out`; zeros stand where it reaches beyond the dataset. */
void h5r_chunk_gather(const h5r_chunks_t *c, uint64_t index, size_t element_bytes, const void *dataset,
                      void *out);

/* A dense box of elements with these counts, no larger than the chunk, to the chunk's beginning, where an
 * edge of the dataset has it; the rest of the chunk is left as it is. */
void h5r_chunk_place(const h5r_dims_t *chunk, const uint64_t count[H5R_MAX_NDIMS], size_t element_bytes,
                     const void *box, void *out);

#endif
