/* Median and its order-statistic interval, against exact binomial probabilities. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/stats/stats.h"
#include "h5roof/count.h"
#include "h5roof/rng.h"

#include <math.h>

/* Ranks and coverage of the narrowest symmetric interval with at least 95 %: exact sums of C(n,i) / 2^n over
 * the integers, as tabulated in Conover, Practical Nonparametric Statistics, and in David & Nagaraja, Order
 * Statistics, section 7.1; those above n = 50 computed with Python's integers. */
static const struct {
    size_t n, lower, upper;
    double coverage;
} table[] = {
    {6, 1, 6, 0.96875},
    {7, 1, 7, 0.984375},
    {8, 1, 8, 0.9921875},
    {9, 2, 8, 0.9609375},
    {10, 2, 9, 0.978515625},
    {11, 2, 10, 0.98828125},
    {12, 3, 10, 0.96142578125},
    {15, 4, 12, 0.96484375},
    {20, 6, 15, 0.9586105346679688},
    {25, 8, 18, 0.9567147493362427},
    {30, 10, 21, 0.9572260547429323},
    {50, 18, 33, 0.9671608624357315},
    {100, 40, 61, 0.9647997997822951},
    {1000, 469, 532, 0.9537088026395019},
    {99999, 49690, 50310, 0.9500774028502297},
    {100000, 49690, 50311, 0.9504442853304751},
};

static void ranks_are_those_of_the_tables(void **state)
{
    (void)state;
    for (size_t i = 0; i < H5R_COUNT_OF(table); i++) {
        size_t lower, upper;
        double coverage;
        assert_true(h5r_median_ci_ranks(table[i].n, 0.95, &lower, &upper, &coverage));
        assert_int_equal(lower, table[i].lower);
        assert_int_equal(upper, table[i].upper);
        assert_true(fabs(coverage - table[i].coverage) < 1e-10);
    }
}

static void too_few_values_have_no_interval(void **state)
{
    (void)state;
    static const double coverage_of[] = {0, 0, 0.5, 0.75, 0.875, 0.9375};
    for (size_t n = 0; n < 6; n++) {
        size_t lower, upper;
        double coverage;
        assert_false(h5r_median_ci_ranks(n, 0.95, &lower, &upper, &coverage));
        assert_int_equal(lower, 1);
        assert_int_equal(upper, n);
        assert_true(fabs(coverage - coverage_of[n]) < 1e-15);
    }
}

static void a_coverage_that_is_just_met_counts(void **state)
{
    (void)state;
    size_t lower, upper;
    assert_true(h5r_median_ci_ranks(6, 0.96875, &lower, &upper, NULL));
    assert_true(h5r_median_ci_ranks(5, 0.9375, &lower, &upper, NULL));
    assert_false(h5r_median_ci_ranks(6, 0.9688, &lower, &upper, NULL));
    assert_true(h5r_median_ci_ranks(10, 0.978515625, &lower, &upper, NULL));
    assert_int_equal(lower, 2);
}

static void interval_is_the_narrowest(void **state)
{
    (void)state;
    /* The next narrower interval, whose coverage is that of the same ranks under a confidence just below,
     * falls short. */
    for (size_t n = 6; n < 400; n++) {
        size_t lower, upper, inner_lower, inner_upper;
        double coverage, inner;
        assert_true(h5r_median_ci_ranks(n, 0.95, &lower, &upper, &coverage));
        assert_int_equal(lower + upper, n + 1);
        assert_true(coverage >= 0.95 && coverage < 1);
        double term = exp(lgamma((double)n + 1) - lgamma((double)lower + 1) -
                          lgamma((double)(n - lower) + 1) - (double)n * log(2));
        assert_true(coverage - 2 * term < 0.95);
        assert_true(h5r_median_ci_ranks(n, coverage - 2 * term, &inner_lower, &inner_upper, &inner));
        assert_int_equal(inner_lower, lower + 1);
    }
}

static void interval_covers_as_often_as_it_says(void **state)
{
    (void)state;
    h5r_rng_t rng = h5r_rng_seeded(11, 0);
    int covered = 0;
    for (int trial = 0; trial < 20000; trial++) {
        double x[10];
        for (int i = 0; i < 10; i++) {
            x[i] = pow((double)(h5r_rng_next(&rng) >> 11) * 0x1p-53, 3); /* skewed; median 1/8 */
        }
        h5r_summary_t s = h5r_summarise(x, 10);
        covered += s.ci_low <= 0.125 && 0.125 <= s.ci_high;
    }
    /* 0.9785 with a standard error of 0.001 */
    assert_in_range(covered, 19470, 19670);
}

static void summary_of_known_values(void **state)
{
    (void)state;
    double x[] = {9, 2, 7, 4, 1, 10, 3, 8, 6, 5};
    h5r_summary_t s = h5r_summarise(x, 10);
    assert_int_equal(s.n, 10);
    assert_true(s.has_ci);
    assert_true(s.median == 5.5 && s.ci_low == 2 && s.ci_high == 9 && s.min == 1 && s.max == 10);
    assert_true(x[0] == 1 && x[9] == 10);
    assert_true(fabs(h5r_summary_half_width(&s) - 3.5 / 5.5) < 1e-15);

    double y[] = {3, 1, 2};
    s = h5r_summarise(y, 3);
    assert_false(s.has_ci);
    assert_true(s.median == 2 && s.min == 1 && s.max == 3);
    assert_true(isinf(h5r_summary_half_width(&s)));

    s = h5r_summarise(NULL, 0);
    assert_true(s.n == 0 && !s.has_ci && s.median == 0);

    double equal[] = {4, 4, 4, 4, 4, 4};
    s = h5r_summarise(equal, 6);
    assert_true(h5r_summary_half_width(&s) == 0);

    double lopsided[] = {1, 1, 1, 1, 1, 3, 9};
    s = h5r_summarise(lopsided, 7);
    assert_true(h5r_summary_half_width(&s) == 8);
}

/* Fourths of 1 ... 11 are 3.5 and 8.5, so the outer fences are -11.5 and 23.5. */
static void far_out_is_beyond_the_outer_fences(void **state)
{
    (void)state;
    double x[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    assert_int_equal(h5r_far_out_sorted(x, 11), 0);
    x[10] = 23.5;
    assert_int_equal(h5r_far_out_sorted(x, 11), 0);
    x[10] = 23.6;
    assert_int_equal(h5r_far_out_sorted(x, 11), 1);
    x[0] = -11.6;
    assert_int_equal(h5r_summarise(x, 11).far_out, 2);

    const double equal_but_one[] = {4, 4, 4, 4, 4, 4, 5}, too_few[] = {1, 1, 1, 1, 99};
    assert_int_equal(h5r_far_out_sorted(equal_but_one, 7), 1);
    assert_int_equal(h5r_far_out_sorted(too_few, 5), 0);
}

/* Six values have an interval, as without looks; from seven on it is a wider one than that of 95 %. */
static void the_nominal_confidence_follows_from_n(void **state)
{
    (void)state;
    static const struct {
        size_t n, lower;
    } ranks[] = {{5, 0}, {6, 1}, {9, 1}, {10, 2}, {12, 2}, {14, 3}, {20, 5}, {30, 9}, {50, 17}, {100, 38}};
    for (size_t i = 0; i < H5R_COUNT_OF(ranks); i++) {
        double x[100];
        for (size_t k = 0; k < ranks[i].n; k++) {
            x[k] = (double)(k + 1);
        }
        h5r_summary_t s = h5r_summarise(x, ranks[i].n);
        assert_int_equal(s.has_ci, ranks[i].lower > 0);
        assert_true(!s.has_ci || s.ci_low == (double)ranks[i].lower);
    }
}

static void medians(void **state)
{
    (void)state;
    const double odd[] = {1, 2, 30}, even[] = {1, 2, 4, 30}, one[] = {7};
    assert_true(h5r_median_sorted(odd, 3) == 2);
    assert_true(h5r_median_sorted(even, 4) == 3);
    assert_true(h5r_median_sorted(one, 1) == 7);
}

static void sorting(void **state)
{
    (void)state;
    enum { N = 1000 };
    double x[N];
    h5r_rng_t rng = h5r_rng_seeded(5, 5);
    double sum = 0;
    for (int i = 0; i < N; i++) {
        sum += x[i] = (double)h5r_rng_below(&rng, 300) - 150; /* with ties; sums are exact */
    }
    h5r_sort_doubles(x, N);
    double sorted_sum = x[0];
    for (int i = 1; i < N; i++) {
        assert_true(x[i - 1] <= x[i]);
        sorted_sum += x[i];
    }
    assert_true(sum == sorted_sum);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranks_are_those_of_the_tables),
        cmocka_unit_test(too_few_values_have_no_interval),
        cmocka_unit_test(a_coverage_that_is_just_met_counts),
        cmocka_unit_test(interval_is_the_narrowest),
        cmocka_unit_test(interval_covers_as_often_as_it_says),
        cmocka_unit_test(summary_of_known_values),
        cmocka_unit_test(far_out_is_beyond_the_outer_fences),
        cmocka_unit_test(the_nominal_confidence_follows_from_n),
        cmocka_unit_test(medians),
        cmocka_unit_test(sorting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
