#include "h5roof/share.h"

#include "core/factors/factor.h"
#include "core/geometry/grid.h"

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

void h5r_share_grid(const h5r_factors_t *f, int nranks, int grid[H5R_MAX_NDIMS])
{
    if (f->grid.n == 0) {
        h5r_balanced_grid(h5r_share_owners(f, nranks), f->shape.n, grid);
        return;
    }
    for (int d = 0; d < H5R_MAX_NDIMS; d++) {
        grid[d] = d < f->grid.n ? (int)f->grid.d[d] : 1;
    }
}

h5r_region_t h5r_share_of_rank(const h5r_factors_t *f, int nranks, int rank)
{
    int grid[H5R_MAX_NDIMS];
    const bool all = f->empty_ranks == H5R_EMPTY_NONE, none = owns_nothing(f, nranks, rank);
    const int place = none ? 0 : all ? rank : owners_before(f, nranks, rank);
    h5r_share_grid(f, nranks, grid);
    h5r_region_t region =
        h5r_region_of_rank(&f->shape, f->decomposition, h5r_share_owners(f, nranks), place, grid);
    if (none) {
        region.count[0] = 0;
    }
    return region;
}
