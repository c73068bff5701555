/* Growing by appends: every element is written exactly once, by whatever number of ranks and rows a step. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "h5roof/count.h"
#include "h5roof/growth.h"

static void known_extents(void **state)
{
    (void)state;
    const h5r_growth_t g = {.shape = {2, {10, 7}}, .append = 4};
    assert_int_equal(h5r_growth_steps(&g), 3);
    assert_int_equal(h5r_growth_extent(&g, 0).d[0], 0);
    assert_int_equal(h5r_growth_extent(&g, 0).d[1], 7);
    assert_int_equal(h5r_growth_extent(&g, 2).d[0], 8);
    assert_int_equal(h5r_growth_extent(&g, 3).d[0], 10);
    assert_int_equal(h5r_growth_cut(&g).d[0], 5);
    assert_int_equal(h5r_growth_cut(&g).d[1], 7);
    const h5r_growth_t both = {.shape = {2, {10, 7}}, .append = 4, .both = true};
    const uint64_t columns[] = {0, 3, 6, 7}; /* 7 x 4 / 10 and 7 x 8 / 10, rounded up */
    for (uint64_t s = 0; s <= 3; s++) {
        assert_int_equal(h5r_growth_extent(&both, s).d[1], columns[s]);
    }
    assert_int_equal(h5r_growth_cut(&both).d[1], 3);
    const h5r_growth_t line = {.shape = {1, {5}}, .append = 100};
    assert_int_equal(h5r_growth_steps(&line), 1);
    assert_int_equal(h5r_growth_extent(&line, 1).d[0], 5);
}

static void count_piece(const h5r_dims_t *shape, const h5r_region_t *piece, const h5r_dims_t *extent,
                        unsigned char *seen)
{
    for (uint64_t l = 0; l < h5r_region_elements(piece); l++) {
        uint64_t coord[H5R_MAX_NDIMS], index = 0;
        h5r_region_coord(piece, l, coord);
        assert_true(h5r_growth_within(extent, coord));
        for (int d = 0; d < shape->n; d++) {
            index = index * shape->d[d] + coord[d];
        }
        seen[index]++;
    }
}

static void every_element_once(void **state)
{
    (void)state;
    static const h5r_dims_t shapes[] = {{1, {11}}, {2, {10, 7}}, {2, {3, 1}}, {3, {5, 4, 3}}};
    for (size_t k = 0; k < H5R_COUNT_OF(shapes); k++) {
        for (uint64_t append = 1; append <= 12; append += 2) {
            for (int ranks = 1; ranks <= 4; ranks++) {
                for (int both = 0; both <= (shapes[k].n > 1); both++) {
                    unsigned char seen[100] = {0};
                    const h5r_growth_t g = {.shape = shapes[k], .append = append, .both = both != 0};
                    for (uint64_t s = 0; s < h5r_growth_steps(&g); s++) {
                        h5r_dims_t extent = h5r_growth_extent(&g, s + 1);
                        for (int i = 0; i < H5R_GROWTH_PIECES * ranks; i++) {
                            h5r_region_t piece = h5r_growth_piece(&g, s, i / ranks, ranks, i % ranks);
                            count_piece(&g.shape, &piece, &extent, seen);
                        }
                    }
                    for (uint64_t i = 0; i < h5r_dims_elements(&g.shape); i++) {
                        assert_int_equal(seen[i], 1);
                    }
                }
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(known_extents), cmocka_unit_test(every_element_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
