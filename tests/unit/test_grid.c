#include "core/geometry/grid.h"
#include "h5roof/count.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void known_grids(void **state)
{
    static const struct {
        int nranks, ndims, grid[H5R_MAX_NDIMS];
    } known[] = {
        {1, 1, {1}},
        {1, 3, {1, 1, 1}},
        {2, 2, {2, 1}},
        {4, 2, {2, 2}},
        {6, 2, {3, 2}},
        {7, 2, {7, 1}},
        {12, 3, {3, 2, 2}},
        {16, 3, {4, 2, 2}},
        {5, 1, {5}},
        {64, 6, {2, 2, 2, 2, 2, 2}},
        {72, 2, {9, 8}}, /* where taking the prime factors greedily gives 12 x 6 */
        {2147483647, 3, {2147483647, 1, 1}},
    };
    (void)state;
    for (size_t i = 0; i < H5R_COUNT_OF(known); i++) {
        int grid[H5R_MAX_NDIMS];
        h5r_balanced_grid(known[i].nranks, known[i].ndims, grid);
        for (int d = 0; d < H5R_MAX_NDIMS; d++) {
            assert_int_equal(grid[d], d < known[i].ndims ? known[i].grid[d] : 1);
        }
    }
}

static void product_and_order(void **state)
{
    (void)state;
    for (int nranks = 1; nranks <= 1024; nranks++) {
        for (int ndims = 1; ndims <= H5R_MAX_NDIMS; ndims++) {
            int grid[H5R_MAX_NDIMS], product = 1;
            h5r_balanced_grid(nranks, ndims, grid);
            for (int d = 0; d < H5R_MAX_NDIMS; d++) {
                product *= grid[d];
                assert_true(d == 0 || grid[d] <= grid[d - 1]);
            }
            assert_int_equal(product, nranks);
        }
    }
}

/* The number with the most divisors that an int holds: the search must end and stay within its table. */
static void most_divisors(void **state)
{
    int grid[H5R_MAX_NDIMS];
    long long product = 1;
    (void)state;
    h5r_balanced_grid(2095133040, H5R_MAX_NDIMS, grid);
    for (int d = 0; d < H5R_MAX_NDIMS; d++) {
        product *= grid[d];
    }
    assert_true(product == 2095133040);
    assert_true(grid[0] < 64);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_grids),
        cmocka_unit_test(product_and_order),
        cmocka_unit_test(most_divisors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
