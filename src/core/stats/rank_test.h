/*
 * The Mann-Whitney U test (Wilcoxon rank sum), two-sided: are values of one sample systematically larger than
 * those of the other? Assumes independent values and nothing about their distribution. Local.
 *
 * Exact where no two values are equal and n1 * n2 <= 400 (20 + 20): the distribution of U are the
 * coefficients of the Gaussian binomial (Mann & Whitney, Ann. Math. Stat. 18, 1947), and p is twice the
 * smaller tail. Otherwise the normal approximation with tie-corrected variance and continuity correction
 * (Hollander, Wolfe & Chicken, Nonparametric Statistical Methods, 3rd ed., section 4.1). Both as
 * scipy.stats.mannwhitneyu and R's wilcox.test.
 */
#ifndef H5ROOF_RANK_TEST_H
#define H5ROOF_RANK_TEST_H

#include <stdbool.h>
#include <stddef.h>

#define H5R_RANK_TEST_EXACT 400 /* n1 * n2 up to which the exact distribution is used */

typedef struct {
    double u; /* pairs in which x is larger than y; equal ones count 1/2 */
    double p; /* two-sided */
    bool exact;
} h5r_rank_test_t;

/* No NaN may be among the values; n1, n2 > 0. All values equal: p = 1. False: out of memory. */
bool h5r_rank_test(const double *x, size_t n1, const double *y, size_t n2, h5r_rank_test_t *result);

/* The smallest two-sided p that samples of these sizes can give, that of two samples that do not overlap. */
double h5r_rank_test_least_p(size_t n1, size_t n2);

#endif
