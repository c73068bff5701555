#include "h5roof/growth.h"

#include "core/factors/factor.h"
#include "h5roof/share.h"

/* Which of n dimensions keeps in proportion to the one that grows. */
static int beside(int along, int n)
{
    return (along + 1) % n;
}

bool h5r_factors_unlimited(const h5r_factors_t *f, int dimension)
{
    const char *workload = h5r_factor_find("workload")->choices[f->workload];
    const int along = (int)f->grow_dim;
    const bool grows = dimension == along ||
                       (f->grow == H5R_GROW_BOTH && f->shape.n > 0 && dimension == beside(along, f->shape.n));
    return grows && h5r_factor_concerns(h5r_factor_find("grow"), workload); /* lint: allow-name */
}

h5r_growth_t h5r_growth_of(const h5r_factors_t *f, const h5r_dims_t *shape, bool shared, int nranks)
{
    h5r_growth_t g = {.shape = *shape,
                      .append = f->append,
                      .along = (int)f->grow_dim,
                      .both = f->grow == H5R_GROW_BOTH,
                      .decomposition = f->decomposition};
    for (int d = 0; d < H5R_MAX_NDIMS; d++) {
        g.grid[d] = 1;
    }
    if (shared) {
        h5r_share_grid(f, nranks, g.grid);
    }
    if (shared && nranks > 1 && f->filter.n > 0) {
        g.chunk = f->chunk;
    }
    return g;
}

static bool grows(const h5r_growth_t *g, int d)
{
    return d == g->along || (g->both && d == beside(g->along, g->shape.n));
}

uint64_t h5r_growth_steps(const h5r_growth_t *g)
{
    return (g->shape.d[g->along] + g->append - 1) / g->append;
}

h5r_dims_t h5r_growth_extent(const h5r_growth_t *g, uint64_t steps)
{
    h5r_dims_t extent = g->shape;
    const uint64_t layers = g->shape.d[g->along];
    if (steps < h5r_growth_steps(g)) {
        extent.d[g->along] = steps * g->append;
    }
    if (g->both) { /* rounded up; a dataset has at most 2^60 bytes, so the product fits */
        const int d = beside(g->along, g->shape.n);
        extent.d[d] = (g->shape.d[d] * extent.d[g->along] + layers - 1) / layers;
    }
    return extent;
}

h5r_region_t h5r_growth_piece(const h5r_growth_t *g, uint64_t step, int piece, int parts, int part)
{
    const h5r_dims_t before = h5r_growth_extent(g, step), after = h5r_growth_extent(g, step + 1);
    const bool fresh = piece == 0; /* the new layers; else what the old ones are longer by */
    const int along = g->along, longer = fresh ? along : beside(along, g->shape.n);
    h5r_dims_t dealt = after;
    if (!fresh) {
        dealt.d[along] = before.d[along];
    }
    dealt.d[longer] = fresh || g->both ? after.d[longer] - before.d[longer] : 0;
    h5r_region_t region = h5r_region_of_rank(&dealt, g->decomposition, parts, part, g->grid);
    region.start[longer] += fresh || g->both ? before.d[longer] : 0;
    return region;
}

/* Those that lie within the earlier extents as far as the later ones reach are not written. */
void h5r_growth_chunks(const h5r_growth_t *g, const h5r_dims_t *chunk, uint64_t first, uint64_t last,
                       uint64_t *written, uint64_t *begun)
{
    const h5r_dims_t before = h5r_growth_extent(g, first), after = h5r_growth_extent(g, last);
    uint64_t all = 1, old = 1, done = 1;
    for (int d = 0; d < after.n; d++) {
        const uint64_t c = chunk->d[d], reached = (before.d[d] + c - 1) / c;
        all *= (after.d[d] + c - 1) / c;
        old *= reached;
        done *= before.d[d] == after.d[d] ? reached : before.d[d] / c;
    }
    *written = all - done;
    *begun = old - done;
}

h5r_dims_t h5r_growth_cut(const h5r_growth_t *g)
{
    h5r_dims_t cut = g->shape;
    for (int d = 0; d < cut.n; d++) {
        const uint64_t unit = d < g->chunk.n ? g->chunk.d[d] : 1;
        cut.d[d] = grows(g, d) ? cut.d[d] / 2 / unit * unit : cut.d[d];
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
