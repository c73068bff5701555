#include "core/suite/chunk_guess.h"

#include "core/factors/factor.h"
#include "h5roof/growth.h"

#include <math.h>

#define BASE_BYTES  (16.0 * 1024)
#define LEAST_BYTES (8.0 * 1024)
#define MOST_BYTES  (1024.0 * 1024)
#define UNBORN      1024.0 /* stands for the length of a dimension that is still 0 */

static double product(const double *side, int n)
{
    double elements = 1.0;
    for (int d = 0; d < n; d++) {
        elements *= side[d];
    }
    return elements;
}

h5r_dims_t h5r_chunk_guess(const h5r_dims_t *shape, size_t element_bytes)
{
    const double size = (double)element_bytes;
    double side[H5R_MAX_NDIMS];
    h5r_dims_t chunk = {.n = shape->n};
    for (int d = 0; d < shape->n; d++) {
        side[d] = shape->d[d] > 0 ? (double)shape->d[d] : UNBORN;
    }
    double mebibytes = product(side, shape->n) * size / (1024.0 * 1024);
    double target = fmin(fmax(BASE_BYTES * exp2(log10(mebibytes)), LEAST_BYTES), MOST_BYTES);
    for (int d = 0;; d = (d + 1) % shape->n) {
        double elements = product(side, shape->n), bytes = elements * size;
        bool near = bytes < target || fabs(bytes - target) / target < 0.5;
        if ((near && bytes < MOST_BYTES) || elements <= 1.0) {
            break;
        }
        side[d] = ceil(side[d] / 2.0);
    }
    for (int d = 0; d < shape->n; d++) {
        chunk.d[d] = (uint64_t)side[d];
    }
    return chunk;
}

void h5r_chunk_resolve(h5r_factors_t *f)
{
    if (f->chunk.n != H5R_DIMS_GUESS || f->layout != H5R_LAYOUT_CHUNKED) {
        return;
    }
    h5r_dims_t created = f->shape;
    for (int d = 0; d < created.n; d++) {
        created.d[d] = h5r_factors_unlimited(f, d) ? 0 : created.d[d];
    }
    f->chunk = h5r_chunk_guess(&created, h5r_dtype_size(h5r_factors_file_dtype(f)));
}
