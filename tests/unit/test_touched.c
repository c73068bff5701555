/* Chunks that regions and elements touch, against counting element by element. */
#include "h5roof/touched.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* All elements of a region, one by one. */
static void mark_one_by_one(h5r_touched_t *t, const h5r_region_t *region)
{
    const uint64_t n = h5r_region_elements(region);
    for (uint64_t l = 0; l < n; l++) {
        uint64_t coord[H5R_MAX_NDIMS];
        h5r_region_coord(region, l, coord);
        h5r_touched_mark(t, coord);
    }
}

static void check_region(h5r_dims_t shape, h5r_dims_t chunk, h5r_region_t region, uint64_t touched,
                         uint64_t in_part)
{
    h5r_touched_t fast, slow;
    assert_true(h5r_touched_init(&fast, &shape, &chunk) && h5r_touched_init(&slow, &shape, &chunk));
    h5r_touched_mark_region(&fast, &region);
    mark_one_by_one(&slow, &region);
    for (uint64_t i = 0; i < fast.chunks.chunks; i++) {
        assert_int_equal(fast.elements[i], slow.elements[i]);
    }
    assert_int_equal(h5r_touched_chunks(&fast), touched);
    assert_int_equal(h5r_touched_in_part(&fast), in_part);
    h5r_touched_free(&fast);
    h5r_touched_free(&slow);
}

static const h5r_dims_t shape = {.n = 2, .d = {24, 12}}, chunk = {.n = 2, .d = {4, 5}}; /* 6 x 3 chunks */

static void test_regions(void **state)
{
    (void)state;
    check_region(shape, chunk, (h5r_region_t){2, {0, 0}, {1, 1}, {24, 12}}, 18, 0); /* edges are whole */
    check_region(shape, chunk, (h5r_region_t){2, {0, 0}, {1, 1}, {0, 12}}, 0, 0);
    check_region(shape, chunk, (h5r_region_t){2, {5, 7}, {1, 1}, {1, 1}}, 1, 1);
    check_region(shape, chunk, (h5r_region_t){2, {2, 0}, {1, 1}, {6, 12}}, 6, 3);
    check_region(shape, chunk, (h5r_region_t){2, {1, 0}, {4, 1}, {6, 12}}, 18, 18); /* a row of each */
    check_region(shape, chunk, (h5r_region_t){2, {0, 0}, {8, 1}, {3, 12}}, 9, 9);   /* every other */
    check_region(shape, chunk, (h5r_region_t){2, {3, 11}, {20, 1}, {2, 1}}, 2, 2);
}

static void test_dimensions(void **state)
{
    (void)state;
    check_region((h5r_dims_t){1, {100}}, (h5r_dims_t){1, {7}}, (h5r_region_t){1, {13}, {10}, {8}}, 8, 8);
    check_region((h5r_dims_t){3, {4, 6, 8}}, (h5r_dims_t){3, {2, 3, 4}},
                 (h5r_region_t){3, {1, 0, 0}, {1, 1, 1}, {2, 6, 4}}, 4, 4);
    check_region((h5r_dims_t){2, {5, 5}}, (h5r_dims_t){2, {8, 2}}, /* longer than the dataset */
                 (h5r_region_t){2, {0, 0}, {1, 1}, {5, 5}}, 3, 0);
}

/* What two ranks touch of one chunk is whole once both are put together. */
static void test_shares(void **state)
{
    h5r_touched_t t;
    (void)state;
    assert_true(h5r_touched_init(&t, &shape, &chunk));
    h5r_touched_mark_region(&t, &(h5r_region_t){2, {0, 0}, {1, 1}, {6, 12}});
    assert_int_equal(h5r_touched_chunks(&t), 6);
    assert_int_equal(h5r_touched_in_part(&t), 3);
    h5r_touched_mark_region(&t, &(h5r_region_t){2, {6, 0}, {1, 1}, {2, 12}});
    assert_int_equal(h5r_touched_chunks(&t), 6);
    assert_int_equal(h5r_touched_in_part(&t), 0);
    h5r_touched_free(&t);
}

static void test_too_many(void **state)
{
    h5r_touched_t t;
    const h5r_dims_t many = {1, {H5R_TOUCHED_MOST + 1}}, one = {1, {1}};
    (void)state;
    assert_false(h5r_touched_init(&t, &many, &one));
    h5r_touched_mark(&t, (uint64_t[H5R_MAX_NDIMS]){3});
    h5r_touched_mark_region(&t, &(h5r_region_t){1, {0}, {1}, {4}});
    assert_int_equal(h5r_touched_chunks(&t), 0);
    h5r_touched_free(&t);
}

/* A chunk at an edge: as it is gathered from the dataset, but for what lies beyond. */
static void test_place(void **state)
{
    const uint64_t count[H5R_MAX_NDIMS] = {4, 2};
    uint8_t dataset[24 * 12], box[8], gathered[20], placed[20];
    const h5r_chunks_t c = h5r_chunks_of(&shape, &chunk);
    (void)state;
    for (size_t i = 0; i < sizeof dataset; i++) {
        dataset[i] = (uint8_t)(i % 200 + 1);
    }
    for (size_t i = 0; i < sizeof box; i++) {
        box[i] = dataset[(8 + i / 2) * 12 + 10 + i % 2]; /* chunk 8 begins at (8, 10) */
    }
    memset(placed, 0, sizeof placed);
    h5r_chunk_place(&chunk, count, 1, box, placed);
    h5r_chunk_gather(&c, 8, 1, dataset, gathered);
    assert_memory_equal(placed, gathered, sizeof placed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_regions),  cmocka_unit_test(test_dimensions), cmocka_unit_test(test_shares),
        cmocka_unit_test(test_too_many), cmocka_unit_test(test_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
