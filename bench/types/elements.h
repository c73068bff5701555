/* What the elements of the workload types are: their types in HDF5, their values, their lengths. Local. */
#ifndef H5ROOF_TYPES_ELEMENTS_H
#define H5ROOF_TYPES_ELEMENTS_H

#include "h5roof/hdf5_file.h"

/* An element is a row of the shape; its length is that of its heap object. */
bool h5r_element_is_row(h5r_element_t element);
bool h5r_element_is_variable(h5r_element_t element);

/* What the element can be made of; else the reason. */
bool h5r_element_fits(const h5r_factors_t *f, char *reason, size_t size);

/* A new type for an element whose numbers are of this type, in the file or in memory; -1: HDF5 failed. */
hid_t h5r_element_type(const h5r_factors_t *f, hid_t number);

/* n numbers become what an element of this kind can be, in place: letters, members of the enumeration. */
void h5r_element_dress(h5r_element_t element, h5r_dtype_t dtype, void *numbers, uint64_t n);

/* Numbers of the element of variable length that is the row-th of all: less than `most`, and the same in any run. */
uint64_t h5r_element_length(uint64_t seed, uint64_t row, uint64_t most);

/* The sum of them over the first `rows` rows of a region of the shape. */
uint64_t h5r_element_lengths(uint64_t seed, const h5r_dims_t *shape, const h5r_region_t *region,
                             uint64_t rows);

#endif
