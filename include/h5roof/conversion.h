/*
 * Conversion of elements in memory: the CPU work that a type or byte order in the file costs at least, and
 * what a program does that converts by itself. Local.
 */
#ifndef H5ROOF_CONVERSION_H
#define H5ROOF_CONVERSION_H

#include "h5roof/dtype.h"

#include <stddef.h>

/* Elements to convert at a time: at most 128 KiB, which stays in a second-level cache. */
#define H5R_CONVERT_AT_ONCE 16384

/* n elements of type `from` at `in` into type `to` at `out`, by C's conversions; values must be representable
 * in both. swap: the bytes of every result are reversed. in and out do not overlap. */
void h5r_convert(h5r_dtype_t from, h5r_dtype_t to, bool swap, const void *in, void *out, size_t n);

/* The same for any value, without swapping. What is beyond the limits of an integer type becomes the nearest
 * of them, fractions are cut off, what is no number becomes 0; beyond f32 is infinity. So does HDF5 unless
 * the program says otherwise (H5Pset_type_conv_cb). */
void h5r_convert_clamped(h5r_dtype_t from, h5r_dtype_t to, const void *in, void *out, size_t n);

/* Reverse the bytes of n elements of this size (1, 2, 4, 8) from in to out, which may be the same. */
void h5r_swap_bytes(size_t size, const void *in, void *out, size_t n);

#endif
