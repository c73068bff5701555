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

int h5r_share_ranks(const h5r_factors_t *f, int nranks)
{
    return f->write_ranks < (uint64_t)nranks ? (int)f->write_ranks : nranks;
}

static bool owns_nothing(const h5r_factors_t *f, int nranks, int rank)
{
    return rank >= h5r_share_ranks(f, nranks) || (h5r_rank_is_empty(f, nranks, rank) && !selects(f));
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
    return f->empty_ranks == H5R_EMPTY_NONE ? h5r_share_ranks(f, nranks) : owners_before(f, nranks, nranks);
}

/* As the factors have it: 0 is for us to choose. Of a dataset that grows, what a step adds may be as thin as one
 * layer: without a grid only the other dimensions are cut, if there are any. */
static void grid_asked(const h5r_factors_t *f, int grid[H5R_MAX_NDIMS])
{
    bool fixed = false;
    for (int d = 0; d < f->shape.n; d++) {
        fixed = fixed || !h5r_factors_unlimited(f, d);
    }
    for (int d = 0; d < H5R_MAX_NDIMS; d++) {
        const bool ours = d < f->shape.n && !(fixed && h5r_factors_unlimited(f, d));
        grid[d] = d < f->grid.n ? (int)f->grid.d[d] : f->grid.n == 0 && ours ? 0 : 1;
    }
}

void h5r_share_grid(const h5r_factors_t *f, int nranks, int grid[H5R_MAX_NDIMS])
{
    int chosen[H5R_MAX_NDIMS], free_dims = 0, rest = h5r_share_owners(f, nranks);
    grid_asked(f, grid);
    for (int d = 0; d < H5R_MAX_NDIMS; d++) {
        free_dims += grid[d] == 0 ? 1 : 0;
        rest /= grid[d] > 0 ? grid[d] : 1;
    }
    if (free_dims == 0) {
        return;
    }
    h5r_balanced_grid(rest > 0 ? rest : 1, free_dims, chosen);
    for (int d = 0, i = 0; d < H5R_MAX_NDIMS; d++) {
        if (grid[d] == 0) {
            grid[d] = chosen[i++];
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
