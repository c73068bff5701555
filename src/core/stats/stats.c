#include "core/stats/stats.h"

#include <math.h>
#include <stdlib.h>

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

void h5r_sort_doubles(double *x, size_t n)
{
    if (n > 1) {
        qsort(x, n, sizeof *x, compare_doubles);
    }
}

double h5r_median_sorted(const double *x, size_t n)
{
    if (n % 2 == 1) {
        return x[n / 2];
    }
    double low = x[n / 2 - 1];
    return low + (x[n / 2] - low) / 2;
}

/* C(n, floor(n/2)) / 2^n as a product of factors near 1: no overflow, no underflow, relative error below n *
 * 1e-16. */
static double central_term(size_t n)
{
    size_t half = n / 2;
    double term = 1;
    for (size_t j = 1; j <= half; j++) {
        term *= (double)(2 * j - 1) / (double)(2 * j);
    }
    if (n % 2 == 1) {
        term *= (double)n / (double)(n + 1);
    }
    return term;
}

bool h5r_median_ci_ranks(size_t n, double confidence, size_t *lower, size_t *upper, double *coverage)
{
    /* A coverage that equals the asked one must not fail by the rounding of its sum. */
    const double tolerance = 1e-12;
    bool enough = false;
    size_t l = (n + 1) / 2;
    double covered = 0;

    /* From the middle outwards: the interval from rank l to n - l + 1 covers the terms l ... n - l of the
     * binomial distribution, and each step adds two equal ones. The tails, which would underflow, are never
     * summed. */
    if (n > 0) {
        double term = central_term(n);
        if (n % 2 == 0) {
            covered = term;
        }
        while (!(enough = covered + tolerance >= confidence) && l > 1) {
            term *= (double)l / (double)(n - l + 1); /* C(n, l - 1) from C(n, l) */
            l--;
            covered += 2 * term;
        }
    }
    *lower = enough ? l : 1;
    *upper = enough ? n - l + 1 : n;
    if (coverage) {
        *coverage = covered;
    }
    return enough;
}

/* From so many values on. Six values have no interval of more than 96.9 %; they are not looked at. */
static const struct {
    size_t n;
    double confidence;
} nominal[] = {{20, 0.98}, {7, 0.978}, {0, 0.95}};

#define FIRST_LOOK 7

double h5r_median_confidence(size_t n)
{
    size_t i = 0;
    while (n < nominal[i].n) {
        i++;
    }
    return nominal[i].confidence;
}

static size_t lower_rank(size_t n)
{
    size_t lower, upper;
    return h5r_median_ci_ranks(n, h5r_median_confidence(n), &lower, &upper, NULL) ? lower : 0;
}

bool h5r_median_look(size_t n, size_t least)
{
    if (n < least || n < FIRST_LOOK) {
        return false;
    }
    return n == least || n == FIRST_LOOK || lower_rank(n) > lower_rank(n - 1);
}

#define FENCE       3.0 /* the outer one */
#define FENCED_FROM 6

size_t h5r_far_out_sorted(const double *x, size_t n)
{
    if (n < FENCED_FROM) {
        return 0;
    }
    size_t half = (n + 1) / 2; /* the median belongs to both halves */
    double lower = h5r_median_sorted(x, half), upper = h5r_median_sorted(x + n - half, half);
    double reach = FENCE * (upper - lower);
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        count += x[i] < lower - reach || x[i] > upper + reach ? 1 : 0;
    }
    return count;
}

h5r_summary_t h5r_summarise(double *x, size_t n)
{
    h5r_summary_t s = {.n = n};
    if (n == 0) {
        return s;
    }
    h5r_sort_doubles(x, n);
    s.median = h5r_median_sorted(x, n);
    s.min = x[0];
    s.max = x[n - 1];
    size_t lower, upper;
    s.has_ci = h5r_median_ci_ranks(n, h5r_median_confidence(n), &lower, &upper, NULL);
    s.ci_low = x[lower - 1];
    s.ci_high = x[upper - 1];
    s.far_out = h5r_far_out_sorted(x, n);
    return s;
}

double h5r_summary_half_width(const h5r_summary_t *s)
{
    if (!s->has_ci) {
        return HUGE_VAL;
    }
    double half = fmax(s->ci_high - s->median, s->median - s->ci_low);
    if (half <= 0) {
        return 0;
    }
    return s->median != 0 ? half / fabs(s->median) : HUGE_VAL;
}
