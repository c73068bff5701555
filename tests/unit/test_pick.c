/* What the workload select picks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/select/pick.h"
#include "h5roof/count.h"
#include "h5roof/rng.h"

#include <string.h>

enum { MOST = 400 };

static h5r_pick_t pick_of(h5r_selection_t kind, uint64_t one_in, uint64_t stream)
{
    return (h5r_pick_t){.kind = kind, .one_in = one_in, .seed = 7, .stream = stream};
}

static void known_columns(void **state)
{
    (void)state;
    static const struct {
        h5r_selection_t kind;
        uint64_t one_in, width, n, column[8];
    } table[] = {
        {H5R_SELECT_RANGE, 3, 10, 4, {3, 4, 5, 6}},
        {H5R_SELECT_RANGE, 100, 10, 1, {4}},
        {H5R_SELECT_RANGE, 1, 3, 3, {0, 1, 2}},
        {H5R_SELECT_STRIDE, 3, 10, 4, {0, 3, 6, 9}},
        {H5R_SELECT_STRIDE, 5, 10, 2, {0, 5}},
        {H5R_SELECT_STRIDE, 11, 10, 1, {0}},
        {H5R_SELECT_BLOCK, 2, 12, 8, {0, 1, 2, 3, 8, 9, 10, 11}},
        {H5R_SELECT_BLOCK, 2, 11, 4, {0, 1, 2, 3}},
        {H5R_SELECT_BLOCK, 2, 3, 3, {0, 1, 2}},
        {H5R_SELECT_BLOCK, 1, 9, 8, {0, 1, 2, 3, 4, 5, 6, 7}},
    };
    for (size_t i = 0; i < H5R_COUNT_OF(table); i++) {
        uint64_t column[16];
        h5r_pick_t pick = pick_of(table[i].kind, table[i].one_in, 0);
        assert_int_equal(h5r_pick_columns(&pick, table[i].width, column), table[i].n);
        assert_memory_equal(column, table[i].column, table[i].n * sizeof column[0]);
    }
}

static void combs_stay_within(void **state)
{
    (void)state;
    for (uint64_t width = 1; width < 60; width++) {
        for (uint64_t one_in = 1; one_in < 70; one_in++) {
            for (int kind = H5R_SELECT_RANGE; kind <= H5R_SELECT_BLOCK; kind++) {
                h5r_comb_t comb;
                h5r_pick_t pick = pick_of((h5r_selection_t)kind, one_in, 0);
                assert_true(h5r_pick_comb(&pick, width, &comb));
                assert_true(comb.count >= 1 && comb.block >= 1 && comb.stride >= comb.block);
                assert_true(comb.start + (comb.count - 1) * comb.stride + comb.block <= width);
            }
        }
    }
    h5r_comb_t comb;
    h5r_pick_t list = pick_of(H5R_SELECT_LIST, 2, 0);
    assert_false(h5r_pick_comb(&list, 10, &comb));
}

/* Increasing, within, and as many as were asked for. */
static void check_sample(const uint64_t *number, uint64_t n, uint64_t wanted, uint64_t limit)
{
    assert_int_equal(n, wanted);
    for (uint64_t i = 0; i < n; i++) {
        assert_true(number[i] < limit);
        assert_true(i == 0 || number[i] > number[i - 1]);
    }
}

static void samples_are_exact_and_increasing(void **state)
{
    (void)state;
    uint64_t number[MOST], again[MOST], hit[MOST] = {0};
    for (uint64_t stream = 0; stream < 500; stream++) {
        uint64_t n = 1 + stream % (MOST - 1), one_in = 1 + stream % 13;
        h5r_pick_t list = pick_of(H5R_SELECT_LIST, one_in, stream);
        h5r_pick_t points = pick_of(H5R_SELECT_POINTS, one_in, stream);
        check_sample(number, h5r_pick_columns(&list, n, number), (n + one_in - 1) / one_in, n);
        uint64_t found = h5r_pick_elements(&points, n, number);
        check_sample(number, found, (n + one_in - 1) / one_in, n);
        assert_int_equal(h5r_pick_elements(&points, n, again), found);
        assert_memory_equal(number, again, found * sizeof number[0]);
        points.one_in = 4;
        found = h5r_pick_elements(&points, 40, number);
        for (uint64_t i = 0; i < found; i++) {
            hit[number[i]]++;
        }
    }
    for (int i = 0; i < 40; i++) { /* 125 expected, standard deviation 10 */
        assert_in_range(hit[i], 75, 175);
    }
}

static void a_mask_has_its_density(void **state)
{
    (void)state;
    static uint64_t at[100000];
    h5r_pick_t mask = pick_of(H5R_SELECT_MASK, 10, 3);
    uint64_t n = h5r_pick_elements(&mask, 100000, at);
    assert_in_range(n, 9500, 10500);
    check_sample(at, n, n, 100000);
    mask.one_in = 1;
    assert_int_equal(h5r_pick_elements(&mask, 1000, at), 1000);
}

static void runs_end_at_rows(void **state)
{
    (void)state;
    const uint64_t number[] = {0, 1, 3, 4, 5, 6, 9, 10, 14};
    uint64_t first[9], length[9];
    const uint64_t firsts[] = {0, 3, 5, 9, 10, 14}, lengths[] = {2, 2, 2, 1, 1, 1};
    assert_int_equal(h5r_pick_runs(number, 9, 5, first, length), 6); /* rows of 5 */
    assert_memory_equal(first, firsts, sizeof firsts);
    assert_memory_equal(length, lengths, sizeof lengths);
    assert_int_equal(h5r_pick_runs(number, 9, 100, first, length), 4);
    assert_int_equal(h5r_pick_runs(number, 0, 5, first, length), 0);
}

static void scatter_undoes_gather(void **state)
{
    (void)state;
    h5r_rng_t rng = h5r_rng_seeded(1, 1);
    for (size_t size = 1; size <= 8; size *= 2) {
        for (uint64_t step = 1; step <= 2; step++) {
            unsigned char share[320], copy[320], picked[320];
            const uint64_t at[] = {0, 3, 17, 39};
            for (size_t i = 0; i < sizeof share; i++) {
                share[i] = (unsigned char)h5r_rng_below(&rng, 256);
            }
            memset(picked, 0xA5, sizeof picked);
            h5r_pick_gather(share, at, 4, size, step, picked);
            for (size_t i = 0; i < 4; i++) {
                assert_memory_equal(picked + i * step * size, share + at[i] * size, size);
                if (step == 2) {
                    assert_int_equal(picked[(2 * i + 1) * size], 0xA5);
                }
            }
            memcpy(copy, share, sizeof share);
            for (size_t i = 0; i < 4; i++) {
                memset(copy + at[i] * size, 0, size);
            }
            h5r_pick_scatter(copy, at, 4, size, step, picked);
            assert_memory_equal(copy, share, sizeof share);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_columns),
        cmocka_unit_test(combs_stay_within),
        cmocka_unit_test(samples_are_exact_and_increasing),
        cmocka_unit_test(a_mask_has_its_density),
        cmocka_unit_test(runs_end_at_rows),
        cmocka_unit_test(scatter_undoes_gather),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
