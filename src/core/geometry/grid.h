/* How many pieces a block decomposition cuts each dimension into. Pure arithmetic; local. */
#ifndef H5ROOF_GRID_H
#define H5ROOF_GRID_H

#include "h5roof/factors.h"

/*
 * Factors of nranks, one per dimension, as close to each other as possible and in non-increasing order: what
 * the MPI standard asks of MPI_Dims_create. It is computed here, and used by the engine too, because `plan`
 * must know the shares of the ranks without MPI, and because MPI libraries differ in the grids they choose.
 * Among all grids it is the one whose largest factor is smallest, then its second largest, and so on. Unused
 * entries are 1.
 */
void h5r_balanced_grid(int nranks, int ndims, int grid[H5R_MAX_NDIMS]);

#endif
