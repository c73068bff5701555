/*
 * Ghost cells: a rank's share in memory with `halo` cells more on each side of every dimension, as stencil
 * codes keep it. Pure arithmetic on C order; all functions are local. A region here is the share of one rank,
 * of which only the counts matter.
 */
#ifndef H5ROOF_HALO_H
#define H5ROOF_HALO_H

#include "h5roof/region.h"

/* Elements of the share with its ghost cells; 0 for an empty share, UINT64_MAX instead of an overflow. */
uint64_t h5r_halo_elements(const h5r_region_t *region, uint64_t halo);

/* Spread the dense share at the beginning of buffer (room for h5r_halo_elements, element_bytes each) to its
 * place between ghost cells, which become a pattern of their own. */
void h5r_halo_pad(const h5r_region_t *region, uint64_t halo, size_t element_bytes, void *buffer);

/* The way back: the share is dense again. Returns the index (in the padded array) of the first ghost cell
 * that does not hold the pattern any more; h5r_halo_elements if all do. */
uint64_t h5r_halo_unpad(const h5r_region_t *region, uint64_t halo, size_t element_bytes, void *buffer);

#endif
