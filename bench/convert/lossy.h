/*
 * Values that a conversion changes: which pairs of types have any, how to make them, and what becomes of them
 * on the way into the file's type and back. Local; no HDF5.
 */
#ifndef H5ROOF_LOSSY_H
#define H5ROOF_LOSSY_H

#include "h5roof/factors.h"

#include <stddef.h>

/* Some value of `memory` is between two values of `file`; is beyond its limits. */
bool h5r_lossy_rounds(h5r_dtype_t memory, h5r_dtype_t file);
bool h5r_lossy_overflows(h5r_dtype_t memory, h5r_dtype_t file);

/*
 * From random values of `memory` (floating point in [-1, 1), integers of all bits) make, in place, such that
 * need rounding but are within the limits of `file`, or of which about half are beyond them. EXACT: nothing
 * is done.
 */
void h5r_lossy_stretch(h5r_values_t values, h5r_dtype_t memory, h5r_dtype_t file, void *elements, size_t n);

/* n elements of `memory`, in place, as they come back from the type `file`: h5r_convert_clamped there and
 * back. */
void h5r_lossy_return(h5r_dtype_t memory, h5r_dtype_t file, void *elements, size_t n);

/*
 * Whether `found`, where it differs from h5r_lossy_return, is right all the same: the element `original` lies
 * in the middle of two values of a floating point `file`, and found is the other one. C's conversion takes
 * the even one; HDF5 1.10.8 takes it too where it uses C's, and the larger one where it does the arithmetic
 * itself, as it does if the byte order changes as well.
 */
bool h5r_lossy_is_tie(h5r_dtype_t memory, h5r_dtype_t file, const void *original, const void *found);

#endif
