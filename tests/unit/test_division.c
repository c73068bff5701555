/* Pieces of irregular length: every row has one owner, whatever rows, ranks, pieces and seed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/pieces/division.h"
#include "h5roof/rng.h"

#include <string.h>

enum { MOST_ROWS = 5000 };

static void every_row_has_one_owner(void **state)
{
    (void)state;
    static int owners[MOST_ROWS];
    h5r_rng_t rng = h5r_rng_seeded(11, 0);
    for (int trial = 0; trial < 600; trial++) {
        const h5r_division_t p = {.rows = 1 + h5r_rng_below(&rng, MOST_ROWS),
                                  .pieces = 1 + h5r_rng_below(&rng, 40),
                                  .nranks = 1 + h5r_rng_below(&rng, trial % 10 == 0 ? 300 : 17),
                                  .seed = h5r_rng_next(&rng)};
        uint64_t sum = 0;
        memset(owners, 0, sizeof owners);
        for (uint64_t rank = 0; rank < p.nranks; rank++) {
            uint64_t end = 0, rows = 0;
            for (uint64_t i = 0; i < p.pieces; i++) {
                h5r_run_t run = h5r_division_run(&p, rank, i);
                assert_true(run.start >= end && run.start + run.count <= p.rows); /* ascending */
                assert_true(run.count > 0 || p.rows < p.pieces * p.nranks);
                end = run.start + run.count;
                rows += run.count;
                for (uint64_t row = run.start; row < end; row++) {
                    owners[row]++;
                }
                assert_int_equal(h5r_division_rows(&p, rank, i + 1), rows);
            }
            assert_true(rows <= h5r_division_most(&p));
            sum += rows;
        }
        assert_int_equal(sum, p.rows);
        for (uint64_t row = 0; row < p.rows; row++) {
            assert_int_equal(owners[row], 1);
        }
    }
}

/* Lengths differ, ranks take turns in changing order, and another seed gives another division. */
static void division_is_irregular(void **state)
{
    (void)state;
    h5r_division_t p = {.rows = 100000, .pieces = 1000, .nranks = 5, .seed = 42}, other = p;
    uint64_t shortest = UINT64_MAX, longest = 0, moved = 0, alike = 0;
    other.seed = 43;
    for (uint64_t i = 0; i < p.pieces; i++) {
        h5r_run_t run = h5r_division_run(&p, 2, i);
        shortest = run.count < shortest ? run.count : shortest;
        longest = run.count > longest ? run.count : longest;
        moved += (run.start < h5r_division_run(&p, 3, i).start) ? 1 : 0;
        alike += run.start == h5r_division_run(&other, 2, i).start ? 1 : 0;
    }
    assert_true(shortest <= 4 && longest >= 36 && longest <= 40);
    assert_true(moved > 300 && moved < 700);
    assert_true(alike < 50);
}

/* Large enough to overflow a product of rows and runs. */
static void large_numbers(void **state)
{
    (void)state;
    h5r_division_t p = {.rows = UINT64_C(1) << 59, .pieces = 100000000, .nranks = 1000000, .seed = 1};
    h5r_run_t last = {0, 0};
    for (uint64_t rank = 0; rank < p.nranks; rank += 1) {
        h5r_run_t run = h5r_division_run(&p, rank, p.pieces - 1);
        last = run.start >= last.start ? run : last;
        assert_true(run.count > 0 && run.count <= 2 * (p.rows / (p.pieces * p.nranks)));
    }
    assert_true(last.start + last.count == p.rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_has_one_owner),
        cmocka_unit_test(division_is_irregular),
        cmocka_unit_test(large_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
