#include "core/factors/scaling.h"

int h5r_factors_ranks(const h5r_factors_t *f, int job_ranks)
{
    return f->ranks == H5R_RANKS_ALL ? job_ranks : (int)f->ranks;
}

h5r_factors_t h5r_factors_resolved(const h5r_factors_t *f, int ranks)
{
    h5r_factors_t resolved = *f;
    if (f->scaling == H5R_SCALING_WEAK && f->shape.n > 0) {
        uint64_t *rows = &resolved.shape.d[0];
        *rows = *rows > UINT64_MAX / (uint64_t)ranks ? UINT64_MAX : *rows * (uint64_t)ranks;
    }
    return resolved;
}

h5r_factors_t h5r_factors_asked(const h5r_factors_t *resolved, int ranks)
{
    h5r_factors_t asked = *resolved;
    if (resolved->scaling == H5R_SCALING_WEAK && ranks > 0) {
        asked.shape.d[0] /= (uint64_t)ranks;
    }
    return asked;
}
