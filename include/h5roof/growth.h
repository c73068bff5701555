/*
 * How a dataset grows by appending: its extents after every step, and what each rank writes in a step. Pure
 * arithmetic, local. A step adds `append` layers of the dimension that grows (rows, of the first one), the
 * last one what is left; where two dimensions grow, the second keeps in proportion, so that the last step
 * reaches the final shape.
 */
#ifndef H5ROOF_GROWTH_H
#define H5ROOF_GROWTH_H

#include "h5roof/region.h"

typedef struct {
    h5r_dims_t shape; /* in the end */
    uint64_t append;  /* layers a step, at least 1 */
    int along;        /* the dimension that grows */
    bool both;        /* the dimension after it (the first one after the last) grows too; there must be one */
    h5r_decomp_t decomposition; /* how what a step adds is dealt out */
    h5r_dims_t chunk;           /* it is cut between chunks of this shape; n 0: anywhere */
    int grid[H5R_MAX_NDIMS];    /* with decomposition block: pieces of each dimension */
} h5r_growth_t;

/* Whether a dimension of the case's dataset is unlimited: it begins at 0 and grows, in the workloads that
 * look at the factor `grow`, along the dimensions that it and `grow_dim` name. */
bool h5r_factors_unlimited(const h5r_factors_t *f, int dimension);

/* As the factors say, of a dataset of this shape, which is that of all ranks or that of one of them. */
h5r_growth_t h5r_growth_of(const h5r_factors_t *f, const h5r_dims_t *shape, bool shared, int nranks);

#define H5R_GROWTH_PIECES 2 /* of a step: the new rows, and the new columns of the old rows */

uint64_t h5r_growth_steps(const h5r_growth_t *g);

/* Extents after so many steps; after none, the dimensions that grow are 0. */
h5r_dims_t h5r_growth_extent(const h5r_growth_t *g, uint64_t steps);

/* What rank `part` of `parts` writes in step 0, 1, ...: its share of each piece, as if that were a dataset. A
 * share may be empty. Over all steps, pieces and parts every element of the final shape is there exactly
 * once, unless they are replicated. */
h5r_region_t h5r_growth_piece(const h5r_growth_t *g, uint64_t step, int piece, int parts, int part);

/* Chunks of which steps first .. last - 1 write something, and of them those of which earlier ones did. */
void h5r_growth_chunks(const h5r_growth_t *g, const h5r_dims_t *chunk, uint64_t first, uint64_t last,
                       uint64_t *written, uint64_t *begun);

/* The extents to which it is cut afterwards: half of every dimension that grows, rounded down. Where ranks
 * share filtered chunks that is between two of them: in one that is cut HDF5 fills the rest, which every rank
 * does, and one reads what another is writing. */
h5r_dims_t h5r_growth_cut(const h5r_growth_t *g);

/* Whether a coordinate lies within extents. */
bool h5r_growth_within(const h5r_dims_t *extent, const uint64_t coord[H5R_MAX_NDIMS]);

#endif
