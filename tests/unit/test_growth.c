/* Growing by appends: every element is written exactly once, by whatever number of ranks and rows a step. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/factors/factor.h"
#include "h5roof/count.h"
#include "h5roof/growth.h"
#include "h5roof/share.h"
#include "h5roof/touched.h"

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
    const h5r_growth_t columns_first = {.shape = {2, {10, 7}}, .append = 3, .along = 1, .both = true};
    assert_int_equal(h5r_growth_steps(&columns_first), 3);
    assert_int_equal(h5r_growth_extent(&columns_first, 1).d[1], 3);
    assert_int_equal(h5r_growth_extent(&columns_first, 1).d[0], 5); /* 10 x 3 / 7, rounded up */
    const h5r_growth_t columns_only = {.shape = {2, {10, 7}}, .append = 3, .along = 1};
    assert_int_equal(h5r_growth_extent(&columns_only, 1).d[0], 10);
    assert_int_equal(h5r_growth_cut(&columns_only).d[0], 10);
    assert_int_equal(h5r_growth_cut(&columns_only).d[1], 3);
    const h5r_growth_t whole_chunks = {
        .shape = {2, {10, 7}}, .append = 4, .chunk = {2, {4, 5}}, .both = true};
    assert_int_equal(h5r_growth_cut(&whole_chunks).d[0], 4);
    assert_int_equal(h5r_growth_cut(&whole_chunks).d[1], 0);
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

/* Against marking what every step writes. */
static void check_chunks(const h5r_growth_t *g, uint64_t first, uint64_t last)
{
    const h5r_dims_t chunk = {3, {3, 2, 4}};
    h5r_touched_t now, earlier;
    assert_true(h5r_touched_init(&now, &g->shape, &chunk) && h5r_touched_init(&earlier, &g->shape, &chunk));
    for (uint64_t s = 0; s < last; s++) {
        for (int p = 0; p < H5R_GROWTH_PIECES; p++) {
            const h5r_region_t piece = h5r_growth_piece(g, s, p, 1, 0);
            h5r_touched_mark_region(s < first ? &earlier : &now, &piece);
        }
    }
    uint64_t written, begun, both = 0;
    for (uint64_t i = 0; i < now.chunks.chunks; i++) {
        both += now.elements[i] > 0 && earlier.elements[i] > 0 ? 1 : 0;
    }
    h5r_growth_chunks(g, &chunk, first, last, &written, &begun);
    assert_int_equal(written, h5r_touched_chunks(&now));
    assert_int_equal(begun, both);
    h5r_touched_free(&now);
    h5r_touched_free(&earlier);
}

static void chunks_of_some_steps(void **state)
{
    (void)state;
    for (int i = 0; i < 6; i++) {
        h5r_growth_t g = {.shape = {3, {7, 5, 9}}, .along = i / 2, .both = i % 2 == 1};
        for (g.append = 1; g.append <= 4; g.append++) {
            const uint64_t steps = h5r_growth_steps(&g);
            for (uint64_t last = 1; last <= steps; last++) {
                for (uint64_t first = 0; first < last; first++) {
                    check_chunks(&g, first, last);
                }
            }
        }
    }
}

static void check_growth(const h5r_growth_t *g, int ranks)
{
    unsigned char seen[100] = {0};
    for (uint64_t s = 0; s < h5r_growth_steps(g); s++) {
        h5r_dims_t extent = h5r_growth_extent(g, s + 1);
        for (int i = 0; i < H5R_GROWTH_PIECES * ranks; i++) {
            h5r_region_t piece = h5r_growth_piece(g, s, i / ranks, ranks, i % ranks);
            count_piece(&g->shape, &piece, &extent, seen);
        }
    }
    for (uint64_t i = 0; i < h5r_dims_elements(&g->shape); i++) {
        assert_int_equal(seen[i], 1);
    }
}

/* Cut along the last dimension, whether that grows or not. */
static void every_element_once(void **state)
{
    (void)state;
    static const h5r_dims_t shapes[] = {{1, {11}}, {2, {10, 7}}, {2, {3, 1}}, {3, {5, 4, 3}}};
    static const h5r_decomp_t decompositions[] = {H5R_DECOMP_SLAB, H5R_DECOMP_BLOCK, H5R_DECOMP_INTERLEAVED};
    for (size_t k = 0; k < H5R_COUNT_OF(shapes) * H5R_COUNT_OF(decompositions); k++) {
        const h5r_dims_t *shape = &shapes[k % H5R_COUNT_OF(shapes)];
        for (int ranks = 1; ranks <= 4; ranks++) {
            for (int i = 0; i < shape->n * 2; i++) {
                h5r_growth_t g = {.shape = *shape,
                                  .along = i / 2,
                                  .both = shape->n > 1 && i % 2 == 1,
                                  .decomposition = decompositions[k / H5R_COUNT_OF(shapes)],
                                  .grid = {1, 1, 1, 1, 1, 1}};
                g.grid[shape->n - 1] = ranks;
                for (g.append = 1; g.append <= 12; g.append += 2) {
                    check_growth(&g, ranks);
                }
            }
        }
    }
}

/* Only what does not grow is cut, unless all grows or a grid says so; other workloads cut as ever. */
static void grids(void **state)
{
    (void)state;
    int grid[H5R_MAX_NDIMS];
    h5r_factors_t f;
    h5r_factors_default(&f);
    f.workload = H5R_WORKLOAD_resize;
    f.decomposition = H5R_DECOMP_BLOCK;
    f.shape = (h5r_dims_t){4, {9, 9, 9, 9}};
    h5r_share_grid(&f, 4, grid);
    assert_memory_equal(grid, ((int[]){1, 2, 2, 1, 1, 1}), sizeof grid);
    f.grow_dim = 1;
    h5r_share_grid(&f, 4, grid);
    assert_memory_equal(grid, ((int[]){2, 1, 2, 1, 1, 1}), sizeof grid);
    f.grow_dim = 3;
    f.grow = H5R_GROW_BOTH; /* the last and the first */
    h5r_share_grid(&f, 4, grid);
    assert_memory_equal(grid, ((int[]){1, 2, 2, 1, 1, 1}), sizeof grid);
    f.grid = (h5r_dims_t){4, {1, 1, 1, 4}};
    h5r_share_grid(&f, 4, grid);
    assert_memory_equal(grid, ((int[]){1, 1, 1, 4, 1, 1}), sizeof grid);
    f.grid = (h5r_dims_t){4, {1, 0, 2, 0}};
    h5r_share_grid(&f, 8, grid);
    assert_memory_equal(grid, ((int[]){1, 2, 2, 2, 1, 1}), sizeof grid);
    f.grid.n = 0;
    f.grow_dim = 0;
    f.shape.n = 1;
    h5r_share_grid(&f, 4, grid);
    assert_memory_equal(grid, ((int[]){4, 1, 1, 1, 1, 1}), sizeof grid);
    f.workload = H5R_WORKLOAD_slab;
    f.shape.n = 2;
    h5r_share_grid(&f, 2, grid);
    assert_memory_equal(grid, ((int[]){2, 1, 1, 1, 1, 1}), sizeof grid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(known_extents), cmocka_unit_test(every_element_once),
                                       cmocka_unit_test(grids), cmocka_unit_test(chunks_of_some_steps)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
