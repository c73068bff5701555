/*
 * The chunk shape that h5py guesses where a user asks for chunks without saying which: `chunk: guess`. Local.
 */
#ifndef H5ROOF_CHUNK_GUESS_H
#define H5ROOF_CHUNK_GUESS_H

#include "h5roof/factors.h"

/* guess_chunk() of h5py 3 (h5py/_hl/filters.py): a target of 16 KiB for a dataset of 1 MiB that doubles with
 * every tenfold size, within 8 KiB and 1 MiB; the dimensions are halved in turn until the chunk is near it.
 * shape is that at creation: a dimension of 0, which will grow, counts as 1024. */
h5r_dims_t h5r_chunk_guess(const h5r_dims_t *shape, size_t element_bytes);

/* Replace a chunk that is still to be guessed (n == H5R_DIMS_GUESS), if the layout is chunked: from the shape
 * that the dataset has when it is created, where a dimension that grows is 0. */
void h5r_chunk_resolve(h5r_factors_t *f);

#endif
