/* Scaling curves from results: who belongs together, speedup and efficiency. */
#include "core/compare/curve.h"
#include "core/factors/scaling.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static h5r_result_t result_of(const char *operation, uint64_t asked, int ranks, int scaling, double seconds)
{
    h5r_result_t r;
    memset(&r, 0, sizeof r);
    h5r_row_clear(&r.last);
    snprintf(r.last.operation, sizeof r.last.operation, "%s", operation);
    r.last.factors.ranks = asked;
    r.last.factors.scaling = (h5r_scaling_t)scaling;
    r.last.factors = h5r_factors_resolved(&r.last.factors, ranks);
    r.last.ranks = (uint64_t)ranks;
    r.durable_s = (h5r_summary_t){.n = seconds > 0.0 ? 6 : 0, .median = seconds};
    return r;
}

static h5r_point_t *curves_of(h5r_result_t *result, size_t n, size_t *points)
{
    h5r_results_t results = {.result = result, .n = n};
    h5r_error_t err = {0};
    h5r_point_t *point = NULL;
    assert_int_equal(h5r_curves(&results, &point, points, &err), H5R_OK);
    return point;
}

static void strong_scaling_divides_the_work(void **state)
{
    (void)state;
    h5r_result_t result[] = {result_of("write", 4, 4, H5R_SCALING_STRONG, 2.0),
                             result_of("write", 1, 1, H5R_SCALING_STRONG, 6.0),
                             result_of("write", 2, 2, H5R_SCALING_STRONG, 3.0)};
    size_t n;
    h5r_point_t *point = curves_of(result, 3, &n);
    assert_int_equal(n, 3);
    const double speedup[] = {1.0, 2.0, 3.0}, efficiency[] = {1.0, 1.0, 0.75};
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(point[i].result->last.ranks, 1u << i); /* by ranks */
        assert_true(point[i].speedup > speedup[i] - 1e-12 && point[i].speedup < speedup[i] + 1e-12);
        assert_true(point[i].efficiency > efficiency[i] - 1e-12 &&
                    point[i].efficiency < efficiency[i] + 1e-12);
    }
    free(point);
}

static void weak_scaling_keeps_the_share(void **state)
{
    (void)state;
    h5r_result_t result[] = {result_of("read", 2, 2, H5R_SCALING_WEAK, 1.0),
                             result_of("read", H5R_RANKS_ALL, 8, H5R_SCALING_WEAK, 1.25)};
    size_t n;
    h5r_point_t *point = curves_of(result, 2, &n);
    assert_int_equal(n, 2); /* though the shapes of the whole differ */
    assert_true(point[1].efficiency == 0.8);
    assert_true(point[1].speedup == 3.2);
    free(point);
}

static void what_differs_in_more_than_ranks_is_no_curve(void **state)
{
    (void)state;
    h5r_result_t result[] = {
        result_of("write", 1, 1, H5R_SCALING_STRONG, 1.0), result_of("read", 2, 2, H5R_SCALING_STRONG, 1.0),
        result_of("write", 2, 2, H5R_SCALING_WEAK, 1.0), result_of("write", 4, 4, H5R_SCALING_STRONG, 1.0),
        result_of("write", 2, 2, H5R_SCALING_STRONG, 0.0)};
    result[3].last.factors.driver = H5R_DRIVER_SEC2;
    size_t n;
    h5r_point_t *point = curves_of(result, 5, &n); /* the last one was never measured */
    assert_int_equal(n, 0);
    free(point);
    result[1] = result_of("write", H5R_RANKS_ALL, 1, H5R_SCALING_STRONG, 1.0); /* the same number of ranks */
    point = curves_of(result, 2, &n);
    assert_int_equal(n, 0);
    free(point);
}

static void curves_stand_in_the_order_of_the_results(void **state)
{
    (void)state;
    h5r_result_t result[] = {
        result_of("write", 1, 1, H5R_SCALING_WEAK, 1.0), result_of("write", 1, 1, H5R_SCALING_STRONG, 1.0),
        result_of("write", 2, 2, H5R_SCALING_STRONG, 0.5), result_of("write", 2, 2, H5R_SCALING_WEAK, 1.0)};
    size_t n;
    h5r_point_t *point = curves_of(result, 4, &n);
    assert_int_equal(n, 4);
    assert_ptr_equal(point[0].result, &result[0]);
    assert_ptr_equal(point[1].result, &result[3]);
    assert_ptr_equal(point[2].result, &result[1]);
    assert_ptr_equal(point[3].result, &result[2]);
    assert_int_equal(point[1].curve, 0);
    assert_int_equal(point[2].curve, 1);
    free(point);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strong_scaling_divides_the_work),
        cmocka_unit_test(weak_scaling_keeps_the_share),
        cmocka_unit_test(what_differs_in_more_than_ranks_is_no_curve),
        cmocka_unit_test(curves_stand_in_the_order_of_the_results),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
