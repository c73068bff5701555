#include "h5roof/growth.h"

#include "core/factors/factor.h"

bool h5r_factors_unlimited(const h5r_factors_t *f, int dimension)
{
    const char *workload = h5r_factor_find("workload")->choices[f->workload];
    return dimension < (f->grow == H5R_GROW_BOTH ? 2 : 1) &&
           h5r_factor_concerns(h5r_factor_find("grow"), workload); /* lint: allow-name */
}

uint64_t h5r_growth_steps(const h5r_growth_t *g)
{
    return (g->shape.d[0] + g->append - 1) / g->append;
}

h5r_dims_t h5r_growth_extent(const h5r_growth_t *g, uint64_t steps)
{
    h5r_dims_t extent = g->shape;
    uint64_t rows = g->shape.d[0];
    if (steps < h5r_growth_steps(g)) {
        extent.d[0] = steps * g->append;
    }
    if (g->both) { /* rounded up; a dataset has at most 2^60 bytes, so the product fits */
        extent.d[1] = (g->shape.d[1] * extent.d[0] + rows - 1) / rows;
    }
    return extent;
}

h5r_region_t h5r_growth_piece(const h5r_growth_t *g, uint64_t step, int piece, int parts, int part)
{
    const h5r_dims_t before = h5r_growth_extent(g, step), after = h5r_growth_extent(g, step + 1);
    h5r_dims_t dealt = after;
    bool rows = piece == 0;
    dealt.d[0] = rows ? after.d[0] - before.d[0] : before.d[0];
    if (!rows) {
        dealt.d[1] = g->both ? after.d[1] - before.d[1] : 0;
    }
    h5r_region_t region = h5r_region_of_rank(&dealt, H5R_DECOMP_SLAB, parts, part, NULL);
    region.start[0] += rows ? before.d[0] : 0;
    if (!rows) {
        if (!g->both) {
            region.count[0] = 0;
        }
        region.start[1] += g->both ? before.d[1] : 0;
    }
    return region;
}

h5r_dims_t h5r_growth_cut(const h5r_growth_t *g)
{
    h5r_dims_t cut = g->shape;
    cut.d[0] /= 2;
    if (g->both) {
        cut.d[1] /= 2;
    }
    return cut;
}

bool h5r_growth_within(const h5r_dims_t *extent, const uint64_t coord[H5R_MAX_NDIMS])
{
    for (int d = 0; d < extent->n; d++) {
        if (coord[d] >= extent->d[d]) {
            return false;
        }
    }
    return true;
}
