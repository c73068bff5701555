#include "h5roof/share.h"

#include "core/factors/factor.h"
#include "core/geometry/grid.h"
#include "h5roof/growth.h"

bool h5r_rank_is_empty(const h5r_factors_t *f, int nranks, int rank)
{
    switch (f->empty_ranks) {
    case H5R_EMPTY_NONE:
        break;
    case H5R_EMPTY_ODD:
        return rank % 2 == 1;
    case H5R_EMPTY_LAST:
        return rank == nranks - 1;
    case H5R_EMPTY_ALL_BUT_FIRST:
        return rank > 0;
    }
    return false;
}

/* A workload that selects of the shares leaves them as they are: its empty ranks select nothing. */
static bool selects(const h5r_factors_t *f)
{
    const char *workload = h5r_factor_find("workload")->choices[f->workload];
    return h5r_factor_concerns(h5r_factor_find("selection"), workload);
}

static bool owns_nothing(const h5r_factors_t *f, int nranks, int rank)
{
    return h5r_rank_is_empty(f, nranks, rank) && !selects(f);
}

/* Owners among the first ranks. */
static int owners_before(const h5r_factors_t *f, int nranks, int rank)
{
    int owners = 0;
    for (int i = 0; i < rank; i++) {
        owners += owns_nothing(f, nranks, i) ? 0 : 1;
    }
    return owners;
}

int h5r_share_owners(const h5r_factors_t *f, int nranks)
{
    return f->empty_ranks == H5R_EMPTY_NONE ? nranks : owners_before(f, nranks, nranks);
}

/* Of a dataset that grows, what a step adds may be as thin as one layer: only the others are cut, if any. */
static int list_cut(const h5r_factors_t *f, int cut[H5R_MAX_NDIMS])
{
    int n = 0;
    for (int d = 0; d < f->shape.n; d++) {
        if (!h5r_factors_unlimited(f, d)) {
            cut[n++] = d;
        }
    }
    for (int d = 0; d < f->shape.n && n == 0; d++) {
        cut[d] = d;
    }
    return n > 0 ? n : f->shape.n;
}

void h5r_share_grid(const h5r_factors_t *f, int nranks, int grid[H5R_MAX_NDIMS])
{
    int cut[H5R_MAX_NDIMS], pieces[H5R_MAX_NDIMS];
    for (int d = 0; d < H5R_MAX_NDIMS; d++) {
        grid[d] = d < f->grid.n ? (int)f->grid.d[d] : 1;
    }
    if (f->grid.n == 0) {
        const int n = list_cut(f, cut);
        h5r_balanced_grid(h5r_share_owners(f, nranks), n, pieces);
        for (int i = 0; i < n; i++) {
            grid[cut[i]] = pieces[i];
        }
    }
}

h5r_region_t h5r_share_of_rank(const h5r_factors_t *f, int nranks, int rank)
{
    int grid[H5R_MAX_NDIMS];
    const bool all = f->empty_ranks == H5R_EMPTY_NONE, none = owns_nothing(f, nranks, rank);
    const int place = none ? 0 : all ? rank : owners_before(f, nranks, rank);
    if (f->decomposition == H5R_DECOMP_BLOCK) {
        h5r_share_grid(f, nranks, grid);
    }
    h5r_region_t region =
        h5r_region_of_rank(&f->shape, f->decomposition, h5r_share_owners(f, nranks), place, grid);
    if (none) {
        region.count[0] = 0;
    }
    return region;
}
