/*
 * How a rank's share lies in memory (factor memory): elements apart from each other, or in another order than in
 * the file. Pure arithmetic; all functions are local.
 */
#ifndef H5ROOF_ARRANGEMENT_H
#define H5ROOF_ARRANGEMENT_H

#include "h5roof/region.h"

/* Element i of a dense share lies at first + i * step; step 1: they are not apart. */
typedef struct {
    uint64_t step, first;
} h5r_apart_t;

h5r_apart_t h5r_memory_apart(const h5r_factors_t *f);

/* Elements that the memory of a share has room for, where it has so many: those apart with what lies between, or
 * the program's array and the copy in the file's order. */
uint64_t h5r_memory_elements(const h5r_factors_t *f, uint64_t elements);

/* Move n elements, dense at the beginning of buffer (room for n * step), apart; what lies between becomes a
 * pattern of its own. And back: returns the index, in elements of the buffer, of the first one between that does
 * not hold the pattern any more; n * step if all do. */
void h5r_apart_spread(const h5r_apart_t *apart, uint64_t n, size_t element_bytes, void *buffer);
uint64_t h5r_apart_gather(const h5r_apart_t *apart, uint64_t n, size_t element_bytes, void *buffer);

/* Between an array in C order, whose last dimension varies fastest, and one in which the first does; of the counts
 * of a region. They must not overlap. */
void h5r_to_fortran(const h5r_region_t *region, size_t element_bytes, void *c_order, void *fortran);
void h5r_from_fortran(const h5r_region_t *region, size_t element_bytes, void *fortran, void *c_order);

#endif
