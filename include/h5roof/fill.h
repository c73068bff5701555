/*
 * The fill value of a case (factor fill_value): what an element reads as that nobody wrote. All functions are
 * local and allocate nothing.
 */
#ifndef H5ROOF_FILL_H
#define H5ROOF_FILL_H

#include "h5roof/factors.h"

#include <stddef.h>

/* The fill value in the type of the memory, h5r_dtype_size(f->dtype) bytes; zero where none is set. Returns
 * whether one is set, for H5Pset_fill_value. */
bool h5r_fill_element(const h5r_factors_t *f, void *element);

/*
 * Whether elements that nobody wrote read as the fill value. With fill_time never they are undefined. With
 * the default value and fill_time ifset HDF5 writes nothing into contiguous storage; that it reads as zero is
 * the file system's promise on what a file is extended by, in a file that is new.
 */
bool h5r_fill_promised(const h5r_factors_t *f);

/* The types in memory and file can hold it; else the reason. */
bool h5r_fill_fits(const h5r_factors_t *f, char *reason, size_t size);

/* Returns n if all n elements of the memory type are the fill value (any NaN for NaN), else the index of the
 * first that is not. */
uint64_t h5r_fill_check(const h5r_factors_t *f, uint64_t n, const void *got);

/* Overwrite n elements of the memory type with what is not the fill value. */
void h5r_fill_poison(const h5r_factors_t *f, uint64_t n, void *out);

#endif
