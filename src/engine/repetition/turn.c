#include "engine/repetition/turn.h"

#include "core/factors/factor.h"
#include "engine/ranks/registry.h"
#include "h5roof/driver.h"

/* Some filter makes more or less of a chunk, by what is in it. */
static bool sized_by_values(const h5r_pipeline_t *p)
{
    bool sized = false;
    for (int i = 0; i < p->n; i++) {
        const h5r_filter_kind_t kind = p->stage[i].kind;
        sized =
            sized || (kind != H5R_FILTER_SHUFFLE && kind != H5R_FILTER_FLETCHER32 && kind != H5R_FILTER_NBIT);
    }
    return sized;
}

/* What is written depends on the values. */
static bool looks_at_values(const h5r_workload_t *w)
{
    bool looks = false;
    for (int o = 0; o < h5r_workload_operations(w); o++) {
        looks = looks || w->operations[o].changes != NULL;
    }
    return looks;
}

/* Along a dimension of several whole chunks, which no rank has a part of in its own file. Where the last one
 * is such, rows of smooth data, which may all be the same, still differ from turn to turn. */
static void exchange_chunks(const h5r_factors_t *f, uint64_t turn, h5r_data_t *data)
{
    const bool shared = h5r_factors_files(f) == H5R_FILES_SHARED;
    const int cut = shared                                      ? 0
                    : f->decomposition == H5R_DECOMP_SLAB       ? 1
                    : f->decomposition == H5R_DECOMP_REPLICATED ? 0
                                                                : H5R_MAX_NDIMS;
    uint64_t pitch = 1;
    for (int d = f->shape.n - 1; d >= cut && d < f->chunk.n; d--) {
        const uint64_t chunks = f->shape.d[d] / f->chunk.d[d];
        if (chunks > 1 && f->shape.d[d] % f->chunk.d[d] == 0) {
            data->period = f->shape.d[d] * pitch;
            data->shift = turn % chunks * f->chunk.d[d] * pitch;
            return;
        }
        pitch *= f->shape.d[d];
    }
}

void h5r_turn_data(const h5r_factors_t *f, uint64_t turn, h5r_data_t *data)
{
    const h5r_workload_t *w = h5r_workloads[f->workload];
    const bool looks = looks_at_values(w), sample = data->kind == H5R_DATA_SAMPLE;
    if (!sized_by_values(&f->filter)) {
        data->turn = looks && sample ? 0 : turn;
    } else if (!looks && w->moves_share) {
        exchange_chunks(f, turn, data);
    }
}
