/* A schedule that goes on with what an earlier process did, and one that has a budget. */
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

#define CASES 8

/* Of two operations; the workload has no more. */
#define NONE ((double)NAN)
#define TIMES(w, r)                                                                                          \
    {                                                                                                        \
        w, r, NONE, NONE, NONE, NONE                                                                         \
    }

typedef struct {
    h5r_plan_t plan;
    h5r_schedule_t schedule;
} fixture_t;

/* The ids are in no order. */
static uint64_t id_of(size_t index)
{
    return h5r_mix64(index + 1);
}

static void begin(fixture_t *x, size_t cases, h5r_repeat_t repeat)
{
    h5r_error_t err = {0};
    *x = (fixture_t){.plan = {.seed = 3, .repeat = repeat, .ncases = cases}};
    x->plan.cases = calloc(cases + 1, sizeof *x->plan.cases);
    assert_non_null(x->plan.cases);
    for (size_t i = 0; i < cases; i++) {
        x->plan.cases[i].id = id_of(i);
    }
    assert_int_equal(h5r_schedule_init(&x->schedule, &x->plan, &err), H5R_OK);
}

static void end(fixture_t *x)
{
    h5r_schedule_free(&x->schedule);
    free(x->plan.cases);
}

static const h5r_repeat_t three = {.warmup = 1, .min = 3, .max = 3, .ci_frac = 0.05, .time_s = 1e9};

static h5r_case_state_t *record(fixture_t *x, h5r_case_state_t *c, bool warmup, double seconds)
{
    h5r_error_t err = {0};
    const double both[H5R_OPERATIONS] = TIMES(seconds, seconds);
    assert_int_equal(h5r_schedule_record(&x->schedule, c, warmup, both, &err), H5R_OK);
    return c;
}

/* ---- restore */

typedef struct {
    h5r_past_t past[CASES * 8];
    size_t n;
} log_t;

static h5r_status_t restore(fixture_t *x, log_t *log, h5r_error_t *err)
{
    const h5r_history_t history = {.past = log->past, .n = log->n};
    return h5r_schedule_restore(&x->schedule, &history, err);
}

/* Go on for so many repetitions (or to the end), all of one second, and keep a log as results.csv does. */
static size_t play(fixture_t *x, size_t most, log_t *log)
{
    size_t n = 0;
    bool warmup;
    h5r_case_state_t *c;
    while (n < most && (c = h5r_schedule_next(&x->schedule, 0.0, &warmup)) != NULL) {
        assert_true(log->n < H5R_COUNT_OF(log->past));
        record(x, c, warmup, 1.0);
        h5r_past_t *past = &log->past[log->n++];
        *past = (h5r_past_t){.case_id = id_of(c->index),
                             .block = x->schedule.block,
                             .warmup = warmup,
                             .durable_s = TIMES(1.0, 1.0)};
        past->stop = c->stop;
        n++;
    }
    return n;
}

/* However a run is cut into processes: every case has its repetitions, and never two in one block. */
static void check_log(const log_t *log)
{
    for (size_t index = 0; index < CASES; index++) {
        size_t n[2] = {0, 0}, last_block = 0;
        bool any = false;
        for (size_t i = 0; i < log->n; i++) {
            const h5r_past_t *past = &log->past[i];
            if (past->case_id != id_of(index)) {
                continue;
            }
            assert_true(!any || past->block > last_block);
            assert_false(past->warmup && n[0] > 0);
            any = true;
            last_block = past->block;
            n[past->warmup]++;
        }
        assert_int_equal(n[true], 1);
        assert_int_equal(n[false], 3);
        assert_int_equal(last_block, 3);
    }
}

static void a_run_cut_anywhere_goes_on(void **state)
{
    (void)state;
    for (size_t cut = 0; cut <= CASES * 4; cut++) {
        fixture_t first, second;
        h5r_error_t err = {0};
        log_t log = {.n = 0};
        begin(&first, CASES, three);
        begin(&second, CASES, three);
        assert_int_equal(play(&first, cut, &log), cut);
        assert_int_equal(restore(&second, &log, &err), H5R_OK);
        assert_int_equal(h5r_schedule_remaining(&second.schedule), CASES * 4 - cut);
        for (size_t i = 0; i < CASES; i++) {
            const h5r_case_state_t *a = &first.schedule.state[i], *b = &second.schedule.state[i];
            assert_int_equal(a->repetitions, b->repetitions);
            assert_int_equal(a->warmups, b->warmups);
            assert_int_equal(a->next_block, b->next_block);
            assert_true(a->spent_s == b->spent_s);
            assert_int_equal(a->stop, b->stop);
        }
        assert_int_equal(play(&second, SIZE_MAX, &log), CASES * 4 - cut);
        check_log(&log);
        end(&first);
        end(&second);
    }
}

static void what_ran_in_the_block_is_not_run_again_in_it(void **state)
{
    (void)state;
    fixture_t x, y;
    h5r_error_t err = {0};
    log_t log = {.n = 0};
    begin(&x, CASES, three);
    begin(&y, CASES, three);
    play(&x, CASES + 5, &log); /* the warm-up and 5 of block 1 */
    assert_int_equal(restore(&y, &log, &err), H5R_OK);
    bool warmup;
    for (int i = 0; i < CASES - 5; i++) {
        h5r_case_state_t *c = h5r_schedule_next(&y.schedule, 0.0, &warmup);
        assert_int_equal(y.schedule.block, 1);
        assert_int_equal(c->repetitions, 0);
        assert_false(warmup);
        record(&y, c, warmup, 1.0);
    }
    assert_non_null(h5r_schedule_next(&y.schedule, 0.0, &warmup));
    assert_int_equal(y.schedule.block, 2);
    end(&x);
    end(&y);
}

/* The file has nine digits; what was decided with all of them stays decided. */
static void a_finished_case_stays_finished(void **state)
{
    (void)state;
    const h5r_repeat_t repeat = {.warmup = 0, .min = 1, .max = 9, .ci_frac = 0.05, .time_s = 1e9};
    static const h5r_stop_t reasons[] = {H5R_STOP_CI, H5R_STOP_MAX, H5R_STOP_TIME};
    for (size_t i = 0; i < 3; i++) {
        fixture_t x;
        h5r_error_t err = {0};
        bool warmup;
        log_t log = {.n = 2};
        log.past[0] = (h5r_past_t){.case_id = id_of(0), .block = 0, .durable_s = TIMES(1.0, 1.0)};
        log.past[1] = (h5r_past_t){.case_id = id_of(0), .block = 1, .durable_s = TIMES(2.0, 3.0)};
        log.past[1].stop = reasons[i];
        begin(&x, 1, repeat);
        assert_int_equal(restore(&x, &log, &err), H5R_OK);
        assert_int_equal(x.schedule.state[0].stop, reasons[i]);
        assert_null(h5r_schedule_next(&x.schedule, 0.0, &warmup));
        end(&x);
    }
}

static void a_case_that_went_on_goes_on(void **state)
{
    (void)state;
    const h5r_repeat_t repeat = {.warmup = 0, .min = 1, .max = 9, .ci_frac = 0.05, .time_s = 2.0};
    fixture_t x;
    h5r_error_t err = {0};
    bool warmup;
    log_t log = {.n = 1}; /* as rounded, its time is spent; the process that ran it thought otherwise */
    log.past[0] = (h5r_past_t){.case_id = id_of(0), .durable_s = TIMES(1.0, 1.0)};
    begin(&x, 1, repeat);
    assert_int_equal(restore(&x, &log, &err), H5R_OK);
    assert_int_equal(x.schedule.state[0].stop, H5R_STOP_NONE);
    assert_non_null(h5r_schedule_next(&x.schedule, 0.0, &warmup));
    end(&x);
}

static void events_of_the_past(void **state)
{
    (void)state;
    fixture_t x;
    h5r_error_t err = {0};
    log_t log = {.n = 5};
    log.past[0] = (h5r_past_t){.kind = H5R_PAST_SKIPPED, .case_id = 12345}; /* skipped cases have no state */
    log.past[1] =
        (h5r_past_t){.kind = H5R_PAST_INTERRUPTED, .case_id = id_of(0), .stop = H5R_STOP_INTERRUPTED};
    log.past[2] = (h5r_past_t){.kind = H5R_PAST_INTERRUPTED, .case_id = id_of(1)};
    log.past[3] = (h5r_past_t){.kind = H5R_PAST_STOPPED, .case_id = id_of(2), .stop = H5R_STOP_BUDGET};
    log.past[4] = (h5r_past_t){.case_id = id_of(3), .warmup = true, .block = 5};
    begin(&x, CASES, three);
    assert_int_equal(restore(&x, &log, &err), H5R_OK);
    assert_int_equal(x.schedule.state[0].stop, H5R_STOP_INTERRUPTED);
    for (size_t i = 1; i < CASES; i++) {
        assert_int_equal(x.schedule.state[i].stop, H5R_STOP_NONE);
    }
    assert_int_equal(x.schedule.block, 5);
    bool warmup;
    for (int i = 0; i < CASES - 2; i++) {
        assert_true(h5r_schedule_next(&x.schedule, 0.0, &warmup)->index != 0);
    }
    end(&x);
}

static void a_history_of_something_else(void **state)
{
    (void)state;
    fixture_t x;
    h5r_error_t err = {0};
    log_t log = {.n = 1};
    log.past[0] = (h5r_past_t){.case_id = 12345};
    begin(&x, CASES, three);
    assert_int_equal(restore(&x, &log, &err), H5R_RESULTS);
    assert_non_null(strstr(err.message, "has a case that the suite lacks: case_id 0000000000003039"));
    end(&x);
    for (int warmup = 0; warmup < 2; warmup++) { /* one more than repeat allows */
        size_t most = warmup ? 1 : 3;
        log.n = most + 1;
        for (size_t i = 0; i <= most; i++) {
            log.past[i] = (h5r_past_t){.case_id = id_of(4), .block = i, .warmup = warmup};
        }
        begin(&x, CASES, three);
        err = (h5r_error_t){0};
        assert_int_equal(restore(&x, &log, &err), H5R_RESULTS);
        assert_non_null(strstr(err.message, "more repetitions"));
        end(&x);
        log.n = most;
        begin(&x, CASES, three);
        err = (h5r_error_t){0};
        assert_int_equal(restore(&x, &log, &err), H5R_OK);
        assert_true((x.schedule.state[4].stop != H5R_STOP_NONE) == !warmup);
        end(&x);
    }
}

static void cases_are_found_by_id(void **state)
{
    (void)state;
    for (size_t n = 0; n < 20; n++) {
        fixture_t x;
        begin(&x, n, three);
        for (size_t i = 0; i < n; i++) {
            const h5r_case_state_t *c = h5r_schedule_find(&x.schedule, id_of(i));
            assert_non_null(c);
            assert_int_equal(c->index, i);
        }
        assert_null(h5r_schedule_find(&x.schedule, 12345));
        assert_null(h5r_schedule_find(&x.schedule, 0));
        assert_null(h5r_schedule_find(&x.schedule, UINT64_MAX));
        end(&x);
    }
}

/* ---- budget */

static const h5r_repeat_t many = {.warmup = 0, .min = 6, .max = 50, .ci_frac = 0.001, .time_s = 1e9};

/* The times of case i swing by 2 i %: the more, the wider its interval; nobody ever has enough. */
static double time_of(const h5r_case_state_t *c)
{
    return 1.0 + (c->repetitions % 2 == 0 ? 0.01 : -0.01) * (double)(c->index + 1);
}

static size_t run_block(fixture_t *x, double elapsed_s, bool ran[CASES])
{
    size_t n = 0, block;
    bool warmup;
    memset(ran, 0, CASES * sizeof *ran);
    h5r_case_state_t *c = h5r_schedule_next(&x->schedule, elapsed_s, &warmup);
    block = x->schedule.block;
    while (c != NULL) {
        assert_int_equal(x->schedule.block, block);
        assert_false(ran[c->index]);
        ran[c->index] = true;
        n++;
        record(x, c, warmup, time_of(c));
        if (x->schedule.next == x->schedule.in_block) {
            break;
        }
        c = h5r_schedule_next(&x->schedule, elapsed_s, &warmup);
    }
    return n;
}

static void widest_first_once_all_have_the_least(void **state)
{
    (void)state;
    bool ran[CASES];
    for (int budget = 0; budget < 2; budget++) {
        fixture_t x;
        begin(&x, CASES, many);
        x.schedule.budget_s = budget ? 1000.0 : INFINITY;
        for (uint64_t b = 0; b < many.min; b++) {
            assert_int_equal(run_block(&x, 1.0, ran), CASES);
        }
        size_t n = run_block(&x, 1.0, ran);
        assert_int_equal(x.schedule.block, many.min); /* block numbers have no gaps */
        assert_int_equal(n, budget ? CASES / 2 : CASES);
        for (size_t i = 0; i < CASES; i++) {
            assert_true(ran[i] == (!budget || i >= CASES / 2));
        }
        end(&x);
    }
}

static void nothing_once_it_is_used_up(void **state)
{
    (void)state;
    fixture_t x;
    bool ran[CASES], warmup;
    begin(&x, CASES, many);
    x.schedule.budget_s = 10.0;
    assert_int_equal(run_block(&x, 9.9, ran), CASES); /* nothing is known of what they cost */
    for (size_t i = 0; i < CASES; i++) {
        x.schedule.state[i].cost_s = 0.5;
    }
    assert_int_equal(run_block(&x, 9.5, ran), CASES);
    assert_null(h5r_schedule_next(&x.schedule, 9.6, &warmup));
    assert_null(h5r_schedule_next(&x.schedule, 10.1, &warmup));
    for (size_t i = 0; i < CASES; i++) {
        assert_int_equal(x.schedule.state[i].stop, H5R_STOP_NONE); /* the runner says why */
    }
    end(&x);
}

static void time_runs_out_within_a_block(void **state)
{
    (void)state;
    fixture_t x;
    bool warmup;
    begin(&x, CASES, many);
    x.schedule.budget_s = 10.0;
    assert_non_null(h5r_schedule_next(&x.schedule, 1.0, &warmup));
    for (size_t i = 0; i < CASES; i++) {
        x.schedule.state[i].cost_s = 2.0;
    }
    assert_non_null(h5r_schedule_next(&x.schedule, 8.0, &warmup));
    assert_null(h5r_schedule_next(&x.schedule, 8.1, &warmup));
    end(&x);
}

static void what_takes_too_long_is_left_out(void **state)
{
    (void)state;
    fixture_t x;
    bool ran[CASES];
    begin(&x, CASES, many);
    x.schedule.budget_s = 10.0;
    for (uint64_t b = 0; b < many.min; b++) {
        run_block(&x, 1.0, ran);
    }
    for (size_t i = 0; i < CASES; i++) {
        x.schedule.state[i].cost_s = i == CASES - 1 ? 6.0 : 1.0;
    }
    assert_int_equal(run_block(&x, 5.0, ran), CASES / 2 - 1);
    assert_false(ran[CASES - 1]);
    /* all of the wide half takes too long: then the others, and no block is left out */
    for (size_t i = 0; i < CASES; i++) {
        x.schedule.state[i].cost_s = i >= CASES / 2 ? 6.0 : 1.0;
    }
    assert_int_equal(run_block(&x, 5.0, ran), CASES / 2);
    assert_true(ran[0] && !ran[CASES / 2]);
    assert_int_equal(x.schedule.block, many.min + 1);
    end(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_cut_anywhere_goes_on),
        cmocka_unit_test(what_ran_in_the_block_is_not_run_again_in_it),
        cmocka_unit_test(a_finished_case_stays_finished),
        cmocka_unit_test(a_case_that_went_on_goes_on),
        cmocka_unit_test(events_of_the_past),
        cmocka_unit_test(a_history_of_something_else),
        cmocka_unit_test(cases_are_found_by_id),
        cmocka_unit_test(widest_first_once_all_have_the_least),
        cmocka_unit_test(nothing_once_it_is_used_up),
        cmocka_unit_test(time_runs_out_within_a_block),
        cmocka_unit_test(what_takes_too_long_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
