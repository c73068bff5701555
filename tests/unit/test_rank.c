/* Mann-Whitney U and Holm's correction, against published examples and SciPy. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/stats/holm.h"
#include "core/stats/rank_test.h"
#include "core/stats/stats.h"
#include "h5roof/count.h"

#include <math.h>

#define SAMPLE(...) {__VA_ARGS__}, sizeof((const double[]){__VA_ARGS__}) / sizeof(double)

/*
 * u and p as printed by Python 3.11 with SciPy 1.10.1:
 *   scipy.stats.mannwhitneyu(x, y, alternative='two-sided', use_continuity=True, method=M)
 * with M = 'exact' where no values are equal and len(x) * len(y) <= 400, else 'asymptotic'. The first is the
 * example of R's ?wilcox.test (Hollander & Wolfe 1973, page 69: permeability of the human chorioamnion), for
 * which R prints W = 35, p-value = 0.1272 one-sided; the second that of scipy.stats.mannwhitneyu's
 * documentation.
 */
static const struct {
    double x[25];
    size_t n1;
    double y[25];
    size_t n2;
    bool exact;
    double u, p;
} table[] = {
    {SAMPLE(0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46), SAMPLE(1.15, 0.88, 0.90, 0.74, 1.21),
     true, 35, 0.2544122544122544},
    {SAMPLE(19, 22, 16, 29, 24), SAMPLE(20, 11, 17, 12), true, 17, 0.1111111111111111},
    {SAMPLE(1, 2, 3, 4, 5), SAMPLE(6, 7, 8, 9, 10), true, 0, 0.007936507936507936},
    {SAMPLE(1.1, 2.2, 3.3, 4.4, 5.5, 6.6), SAMPLE(2.0, 3.0, 4.1, 5.2, 7.7, 8.8), true, 14,
     0.5887445887445888},
    {SAMPLE(0.2408, 3.5386, 0.4187, 0.7717, 0.9274, 0.4767, 0.2547, 1.9134, 1.4348, 0.1419, 10.4584, 2.634,
            0.468, 2.465, 0.6269, 0.9411, 2.2009, 0.2846, 1.7787, 4.0511),
     SAMPLE(8.3503, 1.6492, 5.49, 0.4397, 1.8999, 3.4885, 0.5807, 2.051, 12.4876, 30.5132, 4.8422, 5.0969,
            0.853, 0.6641, 0.5421, 3.825, 4.7206, 1.1517, 0.6514, 2.8793),
     true, 119, 0.028308430552469822},
    {SAMPLE(5.5), SAMPLE(1, 2, 3, 4, 5, 6, 7, 8, 9), true, 5, 1.0},
    {SAMPLE(1, 2, 2, 3, 4, 4, 5), SAMPLE(2, 3, 3, 4, 5, 6, 6, 7), false, 14.5, 0.12760278918146736},
    {SAMPLE(1, 1, 1, 1, 1, 2), SAMPLE(1, 1, 1, 1, 2, 2), false, 15, 0.5947925222500688},
};

static void tests_are_those_of_scipy(void **state)
{
    (void)state;
    for (size_t i = 0; i < H5R_COUNT_OF(table); i++) {
        h5r_rank_test_t r, back;
        assert_true(h5r_rank_test(table[i].x, table[i].n1, table[i].y, table[i].n2, &r));
        assert_int_equal(r.exact, table[i].exact);
        assert_true(fabs(r.u - table[i].u) < 1e-12);
        assert_true(fabs(r.p - table[i].p) < 1e-9 * table[i].p);
        assert_true(h5r_rank_test(table[i].y, table[i].n2, table[i].x, table[i].n1, &back));
        assert_true(fabs(back.p - r.p) < 1e-12);
        assert_true(fabs(back.u + r.u - (double)(table[i].n1 * table[i].n2)) < 1e-12);
    }
}

/* x = 0 ... 24, y = 1.1 i + 0.05: 625 pairs are beyond the exact distribution. SciPy as above: 283, p below.
 */
static void large_samples_are_approximated(void **state)
{
    (void)state;
    double x[25], y[25];
    for (int i = 0; i < 25; i++) {
        x[i] = i;
        y[i] = 1.1 * i + 0.05;
    }
    h5r_rank_test_t r;
    assert_true(h5r_rank_test(x, 25, y, 25, &r));
    assert_false(r.exact);
    assert_true(fabs(r.u - 283) < 1e-12);
    assert_true(fabs(r.p - 0.5736510006245363) < 1e-12);
}

static void equal_values_say_nothing(void **state)
{
    (void)state;
    const double x[] = {2, 2, 2, 2, 2, 2};
    h5r_rank_test_t r;
    assert_true(h5r_rank_test(x, 6, x, 6, &r));
    assert_true(r.p >= 1 && r.p <= 1);
}

/* 2 / C(n1 + n2, n1), and SciPy's for the same samples. */
static void least_p_is_that_of_samples_apart(void **state)
{
    (void)state;
    static const struct {
        size_t n1, n2;
        double p;
    } least[] = {{5, 5, 0.007936507936507936},    {6, 6, 0.0021645021645021645},
                 {7, 7, 0.0005827505827505828},   {5, 8, 0.001554001554001554},
                 {10, 10, 1.082508822446903e-05}, {20, 20, 1.4508889103849684e-11},
                 {1, 400, 0.004987531172069825}};
    for (size_t i = 0; i < H5R_COUNT_OF(least); i++) {
        double p = h5r_rank_test_least_p(least[i].n1, least[i].n2);
        assert_true(fabs(p - least[i].p) < 1e-9 * least[i].p);
    }
    double beyond = h5r_rank_test_least_p(21, 20);
    assert_true(beyond > 0 && beyond < 1e-7);
}

/* The example of the method's article in Wikipedia (Holm-Bonferroni method): H1 ... H4 with p 0.01, 0.04,
 * 0.03, 0.005, of which H4 and H1 are rejected at 0.05; and R's documented p.adjust, by its definition.
 * Worked out by hand. */
static void holm_steps_down(void **state)
{
    (void)state;
    static const struct {
        size_t n;
        double p[6], adjusted[6];
    } examples[] = {
        {4, {0.01, 0.04, 0.03, 0.005}, {0.03, 0.06, 0.06, 0.02}},
        {5, {0.01, 0.02, 0.03, 0.04, 0.05}, {0.05, 0.08, 0.09, 0.09, 0.09}},
        {6, {0.5, 0.001, 0.2, 0.9, 0.001, 0.04}, {1, 0.006, 0.6, 1, 0.006, 0.16}},
        {1, {0.3}, {0.3}},
        {0, {0}, {0}},
    };
    for (size_t i = 0; i < H5R_COUNT_OF(examples); i++) {
        double adjusted[6];
        assert_true(h5r_holm_adjust(examples[i].p, examples[i].n, adjusted));
        for (size_t k = 0; k < examples[i].n; k++) {
            assert_true(fabs(adjusted[k] - examples[i].adjusted[k]) < 1e-12);
        }
    }
}

/* Critical values r of the sign test at two-sided 5 % (Dixon & Mood, J. Am. Stat. Assoc. 41, 1946, table 1):
 * the interval of the median begins at rank r + 1. */
static void ranks_are_those_of_the_sign_test(void **state)
{
    (void)state;
    static const struct {
        size_t n, critical;
    } sign[] = {{6, 0},  {8, 0},  {9, 1},  {11, 1}, {12, 2}, {14, 2}, {15, 3}, {16, 3}, {17, 4}, {19, 4},
                {20, 5}, {22, 5}, {23, 6}, {24, 6}, {25, 7}, {27, 7}, {28, 8}, {29, 8}, {30, 9}, {32, 9}};
    for (size_t i = 0; i < H5R_COUNT_OF(sign); i++) {
        size_t lower, upper;
        assert_true(h5r_median_ci_ranks(sign[i].n, 0.95, &lower, &upper, NULL));
        assert_int_equal(lower, sign[i].critical + 1);
        assert_int_equal(upper, sign[i].n - sign[i].critical);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tests_are_those_of_scipy), cmocka_unit_test(large_samples_are_approximated),
        cmocka_unit_test(equal_values_say_nothing), cmocka_unit_test(least_p_is_that_of_samples_apart),
        cmocka_unit_test(holm_steps_down),          cmocka_unit_test(ranks_are_those_of_the_sign_test),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
