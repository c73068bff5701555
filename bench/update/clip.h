/*
 * What the workload update does to the data: negative elements become 0. Local; allocates nothing.
 */
#ifndef H5ROOF_CLIP_H
#define H5ROOF_CLIP_H

#include "h5roof/dtype.h"

#include <stdint.h>

/* Make the negative ones of n elements 0. Returns how many there were. Unsigned types have none, and negative
 * zero is none. */
uint64_t h5r_clip_negatives(h5r_dtype_t t, void *elements, uint64_t n);

/* How many there are. */
uint64_t h5r_count_negatives(h5r_dtype_t t, const void *elements, uint64_t n);

/* As h5r_clip_negatives; the places of the negative ones (0 ... n-1, increasing) go into `at`, which has room
 * for all of them. */
uint64_t h5r_clip_list(h5r_dtype_t t, void *elements, uint64_t n, uint64_t *at);

#endif
