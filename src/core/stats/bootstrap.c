#include "core/stats/bootstrap.h"

#include "core/stats/stats.h"
#include "h5roof/rng.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TAIL 0.025

/* Number k of the resample's ordered values, k from 1: drawn[i] tells how often the i-th smallest value was
 * drawn. */
static double ordered(const double *sorted, const uint32_t *drawn, size_t k)
{
    size_t i = 0;
    for (size_t seen = drawn[0]; seen < k; seen += drawn[i]) {
        i++;
    }
    return sorted[i];
}

static double resampled_median(const double *sorted, size_t n, uint32_t *drawn, h5r_rng_t *rng)
{
    memset(drawn, 0, n * sizeof *drawn);
    for (size_t i = 0; i < n; i++) {
        drawn[h5r_rng_below(rng, n)]++;
    }
    double middle = ordered(sorted, drawn, (n + 1) / 2);
    return n % 2 == 1 ? middle : middle + (ordered(sorted, drawn, n / 2 + 1) - middle) / 2;
}

static size_t rank_of(double fraction, size_t resamples)
{
    double rank = floor(fraction * (double)(resamples + 1) + 1e-9);
    return rank < 1 ? 0 : (size_t)rank - 1;
}

bool h5r_median_ratio(const double *numerator, size_t n1, const double *denominator, size_t n2,
                      size_t resamples, uint64_t seed, h5r_ratio_t *result)
{
    double *x = malloc((n1 + n2 + resamples) * sizeof *x);
    uint32_t *drawn = malloc((n1 > n2 ? n1 : n2) * sizeof *drawn);
    bool good = x != NULL && drawn != NULL;
    if (good) {
        double *y = x + n1, *ratio = y + n2;
        memcpy(x, numerator, n1 * sizeof *x);
        memcpy(y, denominator, n2 * sizeof *y);
        h5r_sort_doubles(x, n1);
        h5r_sort_doubles(y, n2);
        h5r_rng_t rng = h5r_rng_seeded(seed, 0);
        for (size_t i = 0; i < resamples; i++) {
            double top = resampled_median(x, n1, drawn, &rng);
            ratio[i] = top / resampled_median(y, n2, drawn, &rng);
        }
        h5r_sort_doubles(ratio, resamples);
        result->ratio = h5r_median_sorted(x, n1) / h5r_median_sorted(y, n2);
        result->low = ratio[rank_of(TAIL, resamples)];
        result->high = ratio[rank_of(1 - TAIL, resamples)];
    }
    free(drawn);
    free(x);
    return good;
}
