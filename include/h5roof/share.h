/*
 * Which part of a dataset a rank owns, by the factors decomposition, grid, write_ranks and empty_ranks; of the
 * reads they are those of reading.h. Pure arithmetic; local.
 */
#ifndef H5ROOF_SHARE_H
#define H5ROOF_SHARE_H

#include "h5roof/factors.h"
#include "h5roof/region.h"

/* Factor empty_ranks leaves this rank without anything to move. */
bool h5r_rank_is_empty(const h5r_factors_t *f, int nranks, int rank);

/* Of so many ranks the first ones that may own something (write_ranks), empty ones included. */
int h5r_share_ranks(const h5r_factors_t *f, int nranks);

/* Ranks among which the dataset is dealt out: of these all but those that are empty. Those of workload select own a share
 * like the others, and select nothing of it. */
int h5r_share_owners(const h5r_factors_t *f, int nranks);

/* How many pieces decomposition block cuts each dimension into: factor grid; where that has a 0, or there is none,
 * as balanced as the owners allow, over the dimensions that do not grow, if any. */
void h5r_share_grid(const h5r_factors_t *f, int nranks, int grid[H5R_MAX_NDIMS]);

/* The share of a rank, of all of the dataset. A rank without one has a region of no elements. */
h5r_region_t h5r_share_of_rank(const h5r_factors_t *f, int nranks, int rank);

#endif
