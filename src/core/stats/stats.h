/*
 * Statistics of repetitions: median and its distribution-free confidence interval. Local, no allocation.
 *
 * The interval [x(l), x(u)] of order statistics (1-based ranks) covers the median with probability
 * sum_{i=l}^{u-1} C(n,i) / 2^n, whatever the continuous distribution (David & Nagaraja, Order Statistics, 3rd
 * ed., section 7.1). l = n - u + 1 is chosen as large as the asked coverage allows.
 *
 * Who looks at the interval again and again and stops when it is narrow has one that covers less. So each
 * interval has a nominal confidence above 95 % that depends on n alone, and the looks are sparse, which keeps
 * 95 % over all of them: repeated confidence intervals (Jennison & Turnbull, Group Sequential Methods, 2000,
 * chapter 9) with a nominal level that is nearly constant (Pocock, Biometrika 64, 1977), found by simulation.
 * docs/method.md has the coverage, tests/unit/test_engine_stop_rule.c simulates it.
 */
#ifndef H5ROOF_STATS_H
#define H5ROOF_STATS_H

#include <stdbool.h>
#include <stddef.h>

/* Sort ascending in place. No NaN may be among the values. */
void h5r_sort_doubles(double *x, size_t n);

/* Median of sorted values; the mean of the two middle ones if n is even. n must be > 0. */
double h5r_median_sorted(const double *x, size_t n);

/* 1-based ranks of the narrowest symmetric interval with at least this coverage (0 < confidence < 1). False
 * if there is none (n < 6 for 0.95); lower and upper are then 1 and n. *coverage (may be NULL) gets the exact
 * coverage. */
bool h5r_median_ci_ranks(size_t n, double confidence, size_t *lower, size_t *upper, double *coverage);

/* How many of n sorted values are "far out": beyond the outer fences, three times the spread between the
 * fourths away from the nearer one (Tukey, Exploratory Data Analysis, 1977, section 2D). 0 below 6 values,
 * whose fourths say nothing. */
size_t h5r_far_out_sorted(const double *x, size_t n);

/* The nominal confidence of the interval of n values whose number was not fixed beforehand. */
double h5r_median_confidence(size_t n);

/* The stop rule looks at the interval of n values: at the first n, `least`, if it is 7 at least, and at 7 and
 * wherever the ranks have just moved inwards, so that the interval is as narrow as it can be with so many. */
bool h5r_median_look(size_t n, size_t least);

typedef struct {
    size_t n;
    double median;
    bool has_ci;   /* false: too few values for 95 % */
    double ci_low; /* value, not rank */
    double ci_high;
    double min;
    double max;
    size_t far_out; /* how many, see h5r_far_out_sorted */
} h5r_summary_t;

/* Sorts x. n == 0 gives a summary of zeros with n == 0. The interval has h5r_median_confidence(n). */
h5r_summary_t h5r_summarise(double *x, size_t n);

/* Half-width of the interval relative to the median: max(high - median, median - low) / median; HUGE_VAL
 * without one. */
double h5r_summary_half_width(const h5r_summary_t *s);

#endif
