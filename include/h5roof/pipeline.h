/*
 * The filter pipeline without HDF5: what zlib and two byte loops cost on one chunk. The results are those of
 * HDF5's filters, so the sizes are too. Local.
 */
#ifndef H5ROOF_PIPELINE_H
#define H5ROOF_PIPELINE_H

#include "h5roof/error.h"
#include "h5roof/factors.h"

#include <stddef.h>

typedef struct {
    unsigned char *bytes;
    size_t size; /* used */
    size_t capacity;
} h5r_block_t;

/* All stages are among those that are here: deflate, shuffle, fletcher32. */
bool h5r_pipeline_known(const h5r_pipeline_t *p);

/* Room for a chunk of this many bytes at any stage. H5R_ENV: no memory. */
h5r_status_t h5r_block_reserve(h5r_block_t *block, size_t chunk_bytes, h5r_error_t *err);
void h5r_block_free(h5r_block_t *block);

/*
 * Run the pipeline forward (as in writing) over a->bytes, or backward (as in reading), with b as the other
 * buffer; the result is in *a (the two are exchanged as needed). As in HDF5 a deflate
 * may make the chunk a little larger; one that would make it larger than that is left out, since deflate is
 * an optional filter: *skipped_mask says which stages were, and backward takes it.
 */
h5r_status_t h5r_pipeline_forward(const h5r_pipeline_t *p, size_t element_bytes, h5r_block_t *a,
                                  h5r_block_t *b, unsigned *skipped_mask, h5r_error_t *err);
h5r_status_t h5r_pipeline_backward(const h5r_pipeline_t *p, size_t element_bytes, size_t chunk_bytes,
                                   h5r_block_t *a, h5r_block_t *b, unsigned skipped_mask, h5r_error_t *err);

#endif
