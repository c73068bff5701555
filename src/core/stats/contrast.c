#include "core/stats/contrast.h"

#include "core/stats/holm.h"
#include "core/stats/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const h5r_verdict_names[H5R_VERDICTS] = {"none", "inconclusive", "same", "faster", "slower"};

bool h5r_contrast_enough(const h5r_contrast_t *c)
{
    return c->n_old >= H5R_CONTRAST_LEAST && c->n_new >= H5R_CONTRAST_LEAST;
}

static bool median_of(const double *x, size_t n, double *median)
{
    *median = (double)NAN;
    if (n == 0) {
        return true;
    }
    double *sorted = malloc(n * sizeof *sorted);
    if (sorted != NULL) {
        memcpy(sorted, x, n * sizeof *sorted);
        h5r_sort_doubles(sorted, n);
        *median = h5r_median_sorted(sorted, n);
    }
    free(sorted);
    return sorted != NULL;
}

bool h5r_contrast_measure(h5r_contrast_t *c, size_t resamples)
{
    c->ratio = (h5r_ratio_t){(double)NAN, (double)NAN, (double)NAN};
    c->p = c->p_holm = (double)NAN;
    c->exact = c->weak = false;
    c->verdict = H5R_VERDICT_NONE;
    if (!median_of(c->old, c->n_old, &c->median_old) || !median_of(c->new, c->n_new, &c->median_new)) {
        return false;
    }
    if (!h5r_contrast_enough(c)) {
        return true;
    }
    h5r_rank_test_t test;
    if (!h5r_rank_test(c->new, c->n_new, c->old, c->n_old, &test) ||
        !h5r_median_ratio(c->new, c->n_new, c->old, c->n_old, resamples, c->seed, &c->ratio)) {
        return false;
    }
    c->p = test.p;
    c->exact = test.exact;
    return true;
}

static h5r_verdict_t verdict_of(const h5r_contrast_t *c, double threshold)
{
    double high = 1 + threshold, low = 1 / high;
    if (c->ratio.low >= low && c->ratio.high <= high) {
        return H5R_VERDICT_SAME;
    }
    if (c->p_holm < H5R_CONTRAST_LEVEL && c->ratio.low > high) {
        return H5R_VERDICT_SLOWER;
    }
    if (c->p_holm < H5R_CONTRAST_LEVEL && c->ratio.high < low) {
        return H5R_VERDICT_FASTER;
    }
    return H5R_VERDICT_INCONCLUSIVE;
}

bool h5r_contrasts_judge(h5r_contrast_t *c, size_t n, double threshold)
{
    double *p = calloc(n + 1, sizeof *p);
    if (p == NULL) {
        return false;
    }
    size_t tested = 0;
    for (size_t i = 0; i < n; i++) {
        if (h5r_contrast_enough(&c[i])) {
            p[tested++] = c[i].p;
        }
    }
    bool good = h5r_holm_adjust(p, tested, p);
    for (size_t i = 0, k = 0; i < n && good; i++) {
        c[i].verdict = H5R_VERDICT_NONE;
        if (h5r_contrast_enough(&c[i])) {
            c[i].p_holm = p[k++];
            c[i].weak = h5r_rank_test_least_p(c[i].n_old, c[i].n_new) * (double)tested >= H5R_CONTRAST_LEVEL;
            c[i].verdict = verdict_of(&c[i], threshold);
        }
    }
    free(p);
    return good;
}

double h5r_contrast_distance(const h5r_contrast_t *c)
{
    return fmax(0, fmax(c->ratio.low - 1, 1 / c->ratio.high - 1));
}

size_t h5r_contrast_repetitions(size_t n)
{
    size_t each = H5R_CONTRAST_LEAST;
    while (h5r_rank_test_least_p(each, each) * (double)n >= H5R_CONTRAST_LEVEL) {
        each++;
    }
    return each;
}
