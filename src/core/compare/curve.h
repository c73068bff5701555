/*
 * Scaling curves: results that differ in nothing but the number of ranks. Strong scaling (a fixed shape):
 * speedup t(p0) / t(p), parallel efficiency t(p0) p0 / (t(p) p). Weak scaling (a fixed share per rank):
 * efficiency t(p0) / t(p), and the speedup is that times p / p0 (scaled speedup; Gustafson 1988). t is the
 * median of the durable time, p0 the fewest ranks of the curve. Local.
 */
#ifndef H5ROOF_CURVE_H
#define H5ROOF_CURVE_H

#include "core/table/result.h"

typedef struct {
    const h5r_result_t *result;
    size_t curve;      /* points of one curve have the same number and stand together, by ranks */
    double speedup;    /* against the first point of the curve */
    double efficiency; /* 1 is ideal */
} h5r_point_t;

/* The points of all curves of at least two, in the order of the results; free *points. H5R_RESULTS: no
 * memory. */
h5r_status_t h5r_curves(const h5r_results_t *results, h5r_point_t **points, size_t *n, h5r_error_t *err);

#endif
