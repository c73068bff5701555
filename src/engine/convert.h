/* Conversion of elements in memory: the CPU work that a type or byte order in the file costs at least. Local.
 */
#ifndef H5ROOF_CONVERT_H
#define H5ROOF_CONVERT_H

#include "h5roof/dtype.h"

#include <stddef.h>

/* n elements of type `from` at `in` into type `to` at `out`, by C's conversions; values must be representable
 * in both. swap: the bytes of every result are reversed. in and out do not overlap. */
void h5r_convert(h5r_dtype_t from, h5r_dtype_t to, bool swap, const void *in, void *out, size_t n);

/* Reverse the bytes of n elements of this size (1, 2, 4, 8) from in to out, which may be the same. */
void h5r_swap_bytes(size_t size, const void *in, void *out, size_t n);

#endif
