/*
 * The data: a function of (seed, turn, global index), so that any rank can produce and verify any element
 * without a message. Kinds differ in how well they compress. All functions are local and allocate nothing.
 *
 * Two turns that follow each other differ in every element (but for zeros, and in a sample with equal
 * neighbours), so that the bytes of an earlier repetition are not taken for those of this one. Signs and
 * ranges are the same in all turns: what is done because of them is done in every repetition.
 *
 * Where the types in memory and in the file differ, values are drawn from what both represent exactly
 * (integers that fit both, floating point with the narrower mantissa), so that a round trip must be exact to
 * the bit. No NaN, no infinity, no negative zero (but for samples, which are taken as they are).
 */
#ifndef H5ROOF_DATA_H
#define H5ROOF_DATA_H

#include "h5roof/region.h"

typedef struct {
    h5r_data_kind_t kind;
    uint64_t seed;
    uint64_t turn;          /* of the repetition; 0: the data as the seed has them */
    uint64_t period, shift; /* other than 0: of every `period` elements the first lies at place `shift`, the
                               others behind it and, where that ends, from the begin on */
    h5r_dtype_t dtype;      /* in memory: the type of the buffers below */
    h5r_dtype_t file_dtype; /* restricts the values */
    int file_bits; /* likewise: integers of so many bits, sign and all; 0: of all that the type has */
    const void *
        sample; /* H5R_DATA_SAMPLE: sample_elements elements of dtype, not owned; datum i is sample[(i + turn) % n] */
    uint64_t sample_elements;
} h5r_data_t;

/* Values first ... first + n - 1 of the global C order, into out (n elements of d->dtype). At least 2 GiB/s a
 * core for every kind and type. */
void h5r_data_fill(const h5r_data_t *d, uint64_t first, uint64_t n, void *out);

/* Compare n elements with what they must be, bit by bit. Returns n if all are right, else the index (0...n-1)
 * of the first wrong one. */
uint64_t h5r_data_check(const h5r_data_t *d, uint64_t first, uint64_t n, const void *got);

/* The same for the first `elements` local elements of a region of a dataset of this shape, in the dense
 * memory of the rank. Runs that are contiguous in the global order are handled as one. */
void h5r_data_fill_region(const h5r_data_t *d, const h5r_dims_t *shape, const h5r_region_t *region,
                          uint64_t elements, void *out);
uint64_t h5r_data_check_region(const h5r_data_t *d, const h5r_dims_t *shape, const h5r_region_t *region,
                               uint64_t elements, const void *got);

/* One element as text, e.g. "-3", "0x1.8p+1 (3)" for floating point; for messages. Returns buf. */
char *h5r_data_format(h5r_dtype_t t, const void *element, char *buf, size_t size);

/* Overwrite a read buffer with a pattern that no datum has, so that what was not read cannot look right by
 * chance: the complement of the datum at every place. */
void h5r_data_poison_region(const h5r_data_t *d, const h5r_dims_t *shape, const h5r_region_t *region,
                            uint64_t elements, void *out);

#endif
