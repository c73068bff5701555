/*
 * Which part of a dataset a rank owns, by the factors decomposition, grid, write_ranks and empty_ranks; and which it
 * reads, which is asked of the factors of the reads. Pure arithmetic; local.
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

/*
 * The factors of a case's reads: shares, calls and mode of these are what is read and how; of those that read as they
 * wrote they are the case's own. as_got: what ranks have in memory afterwards, which is more than they read where one
 * reads for all (replicated_reads bcast).
 */
h5r_factors_t h5r_factors_as_read(const h5r_factors_t *f);
h5r_factors_t h5r_factors_as_got(const h5r_factors_t *f);

/* A file for each rank, and one through which all of them are read (layout virtual). */
bool h5r_reads_through(const h5r_factors_t *f);

/* The reads are dealt out anew: what a rank reads was no rank's share. */
bool h5r_reads_anew(const h5r_factors_t *f);

/* They differ from the writes, in this or in their calls. */
bool h5r_reads_otherwise(const h5r_factors_t *f);

/* One rank reads for all. */
bool h5r_reads_for_all(const h5r_factors_t *f);

/* How many ranks get all of a shared dataset in a read: 1 if it is dealt out. */
int h5r_read_copies(const h5r_factors_t *f, int nranks);

#endif
