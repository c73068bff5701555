/* What runs next: blocks that are complete and shuffled, the same for the same seed, and the rule that ends a
 * case. */
#include "engine/run/schedule.h"
#include "h5roof/count.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CASES 20

typedef struct {
    h5r_plan_t plan;
    h5r_schedule_t schedule;
} fixture_t;

static void begin(fixture_t *x, size_t cases, uint64_t seed, h5r_repeat_t repeat)
{
    h5r_error_t err = {0};
    *x = (fixture_t){.plan = {.seed = seed, .repeat = repeat, .ncases = cases}};
    x->plan.cases = calloc(cases + 1, sizeof *x->plan.cases);
    assert_non_null(x->plan.cases);
    assert_int_equal(h5r_schedule_init(&x->schedule, &x->plan, &err), H5R_OK);
}

static void end(fixture_t *x)
{
    h5r_schedule_free(&x->schedule);
    free(x->plan.cases);
}

static const h5r_repeat_t three = {.warmup = 1, .min = 3, .max = 3, .ci_frac = 0.05, .time_s = 1e9};

/* One repetition of the case, which takes `seconds` for each operation. */
static void record(fixture_t *x, h5r_case_state_t *c, bool warmup, double write_s, double read_s)
{
    h5r_error_t err = {0};
    const double seconds[H5R_OPERATIONS] = {[0] = write_s, [1] = read_s};
    assert_int_equal(h5r_schedule_record(&x->schedule, c, warmup, seconds, &err), H5R_OK);
}

/* The whole run: the index of every repetition's case, and its block; returns how many. */
static size_t play(fixture_t *x, size_t *index, size_t *block, bool *warmups)
{
    size_t n = 0;
    bool warmup;
    for (h5r_case_state_t *c = h5r_schedule_next(&x->schedule, 0.0, &warmup); c != NULL;
         c = h5r_schedule_next(&x->schedule, 0.0, &warmup)) {
        assert_true(n < CASES * 8);
        index[n] = c->index;
        block[n] = x->schedule.block;
        warmups[n++] = warmup;
        record(x, c, warmup, 1.0 + (double)n, 1.0);
    }
    return n;
}

static void blocks_are_complete_and_shuffled(void **state)
{
    (void)state;
    fixture_t x;
    size_t index[CASES * 8], block[CASES * 8];
    bool warmups[CASES * 8];
    begin(&x, CASES, 1, three);
    assert_int_equal(h5r_schedule_remaining(&x.schedule), CASES * 4);
    assert_int_equal(play(&x, index, block, warmups), CASES * 4);
    assert_int_equal(h5r_schedule_remaining(&x.schedule), 0);
    for (size_t b = 0; b < 4; b++) {
        bool seen[CASES] = {false};
        for (size_t i = 0; i < CASES; i++) {
            size_t at = b * CASES + i;
            assert_int_equal(block[at], b);
            assert_int_equal(warmups[at], b == 0);
            assert_false(seen[index[at]]);
            seen[index[at]] = true;
        }
        if (b > 0) {
            assert_memory_not_equal(index + b * CASES, index + (b - 1) * CASES, CASES * sizeof *index);
        }
    }
    bool warmup;
    assert_null(h5r_schedule_next(&x.schedule, 0.0, &warmup)); /* and it stays so */
    end(&x);
}

static void the_seed_decides_the_order(void **state)
{
    (void)state;
    size_t index[3][CASES * 8], block[CASES * 8], n = 0;
    bool warmups[CASES * 8];
    const uint64_t seeds[3] = {7, 7, 8};
    for (int i = 0; i < 3; i++) {
        fixture_t x;
        begin(&x, CASES, seeds[i], three);
        n = play(&x, index[i], block, warmups);
        end(&x);
    }
    assert_memory_equal(index[0], index[1], n * sizeof index[0][0]);
    assert_memory_not_equal(index[0], index[2], n * sizeof index[0][0]);
}

static void skipped_cases_never_run(void **state)
{
    (void)state;
    fixture_t x = {.plan = {.seed = 1, .repeat = three, .ncases = 3}};
    h5r_error_t err = {0};
    x.plan.cases = calloc(3, sizeof *x.plan.cases);
    assert_non_null(x.plan.cases);
    x.plan.cases[1].skip_reason[0] = 'x';
    assert_int_equal(h5r_schedule_init(&x.schedule, &x.plan, &err), H5R_OK);
    size_t index[CASES * 8], block[CASES * 8];
    bool warmups[CASES * 8];
    assert_int_equal(play(&x, index, block, warmups), 2 * 4);
    for (size_t i = 0; i < 8; i++) {
        assert_int_not_equal(index[i], 1);
    }
    end(&x);
}

static void nothing_to_run_ends_at_once(void **state)
{
    (void)state;
    fixture_t x;
    bool warmup;
    begin(&x, 0, 1, three);
    assert_null(h5r_schedule_next(&x.schedule, 0.0, &warmup));
    end(&x);
}

/* How a single case ends: its times repeat in a cycle. */
typedef struct {
    const char *what;
    h5r_repeat_t repeat;
    double write_s[2], read_s[2];
    h5r_stop_t stop;
    size_t repetitions;
} ending_t;

static void check_ending(const ending_t *e)
{
    fixture_t x;
    bool warmup;
    begin(&x, 1, 1, e->repeat);
    size_t n = 0;
    h5r_case_state_t *c, *last = NULL;
    while ((c = h5r_schedule_next(&x.schedule, 0.0, &warmup)) != NULL) {
        size_t i = n++ % 2;
        record(&x, c, warmup, e->write_s[i], e->read_s[i]);
        last = c;
        assert_true(n < 1000);
    }
    assert_non_null(last);
    if (last->stop != e->stop || last->repetitions != e->repetitions) {
        fail_msg("%s: stopped for %s after %zu repetitions, not for %s after %zu", e->what,
                 h5r_stop_words[last->stop], last->repetitions, h5r_stop_words[e->stop], e->repetitions);
    }
    assert_int_equal(last->warmups, e->repeat.warmup);
    end(&x);
}

/* The first look is at seven values; the next ones are at 10, 14 and 16, or at repeat.min. */
static void a_case_ends_by_the_rule(void **state)
{
    (void)state;
    const double nothing = (double)NAN;
    const ending_t endings[] = {
        {"narrow at once", {0, 6, 50, 0.05, 1e9}, {1, 1}, {1, 1}, H5R_STOP_CI, 7},
        {"narrow, but fewer than seven", {0, 2, 50, 0.05, 1e9}, {1, 1}, {1, 1}, H5R_STOP_CI, 7},
        {"narrow, but min comes later", {2, 9, 50, 0.05, 1e9}, {1, 1}, {1, 1}, H5R_STOP_CI, 9},
        {"writes never narrow", {0, 5, 20, 0.05, 1e9}, {1, 2}, {1, 1}, H5R_STOP_MAX, 20},
        {"reads never narrow", {0, 5, 20, 0.05, 1e9}, {1, 1}, {1, 2}, H5R_STOP_MAX, 20},
        {"wide, but narrow enough", {0, 6, 20, 0.60, 1e9}, {1, 2}, {1, 1}, H5R_STOP_CI, 10},
        {"one operation has no values", {0, 6, 50, 0.05, 1e9}, {1, 1}, {nothing, nothing}, H5R_STOP_CI, 7},
        {"time is spent", {0, 3, 50, 0.01, 10}, {1, 2}, {1, 2}, H5R_STOP_TIME, 4},
        {"time is spent, but min comes later", {0, 8, 50, 0.01, 10}, {1, 2}, {1, 2}, H5R_STOP_TIME, 8},
        {"max is as small as min", {0, 3, 3, 0.05, 1}, {1, 1}, {1, 1}, H5R_STOP_MAX, 3},
        {"one repetition", {0, 1, 1, 0.05, 1e9}, {1, 1}, {1, 1}, H5R_STOP_MAX, 1},
    };
    for (size_t i = 0; i < H5R_COUNT_OF(endings); i++) {
        check_ending(&endings[i]);
    }
}

static void warm_up_is_not_measured(void **state)
{
    (void)state;
    fixture_t x;
    bool warmup;
    begin(&x, 1, 1, three);
    h5r_case_state_t *c = h5r_schedule_next(&x.schedule, 0.0, &warmup);
    assert_true(warmup);
    record(&x, c, warmup, 1000.0, 1000.0);
    assert_int_equal(h5r_case_summary(c, 0).n, 0);
    for (int i = 0; i < 3; i++) {
        c = h5r_schedule_next(&x.schedule, 0.0, &warmup);
        assert_false(warmup);
        record(&x, c, warmup, 3.0 - i, 10.0);
    }
    h5r_summary_t writes = h5r_case_summary(c, 0), reads = h5r_case_summary(c, 1);
    assert_int_equal(writes.n, 3);
    assert_true(writes.median == 2.0 && reads.median == 10.0);
    assert_true(c->spent_s == 36.0);
    end(&x);
}

static void the_coin_belongs_to_the_block(void **state)
{
    (void)state;
    fixture_t x;
    begin(&x, 1, 1, three);
    int heads = 0, changes = 0;
    for (uint64_t key = 0; key < 1000; key++) {
        x.schedule.block = 0;
        bool first = h5r_schedule_coin(&x.schedule, key);
        assert_true(h5r_schedule_coin(&x.schedule, key) == first);
        x.schedule.block = 1;
        heads += first;
        changes += first != h5r_schedule_coin(&x.schedule, key);
    }
    assert_in_range(heads, 400, 600);
    assert_in_range(changes, 400, 600);
    end(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_complete_and_shuffled), cmocka_unit_test(the_seed_decides_the_order),
        cmocka_unit_test(skipped_cases_never_run),          cmocka_unit_test(nothing_to_run_ends_at_once),
        cmocka_unit_test(a_case_ends_by_the_rule),          cmocka_unit_test(warm_up_is_not_measured),
        cmocka_unit_test(the_coin_belongs_to_the_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
