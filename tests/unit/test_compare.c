/* Two runs joined case by case: who is paired, what is compared of a pair, and what makes a comparison fail. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/compare/compare.h"
#include "h5roof/count.h"

#include <math.h>
#include <string.h>

#define REPETITIONS 8
#define MOST        8

/* A run: its results, and their samples. */
typedef struct {
    h5r_result_t result[MOST];
    h5r_sample_t sample[MOST][REPETITIONS];
    h5r_results_t all;
} run_t;

static run_t old, new;
static h5r_comparison_t comparison;

static int forget(void **state)
{
    (void)state;
    memset(&old, 0, sizeof old);
    memset(&new, 0, sizeof new);
    old.all = (h5r_results_t){.result = old.result, .has = ~(h5r_exact_t)0};
    new.all = (h5r_results_t){.result = new.result, .has = ~(h5r_exact_t)0};
    return 0;
}

static int let_go(void **state)
{
    (void)state;
    h5r_comparison_free(&comparison);
    return 0;
}

static h5r_result_t *add_row(run_t *run, const char *id, const char *operation, h5r_row_status_t status)
{
    assert_in_range(run->all.n, 0, MOST - 1);
    h5r_result_t *r = &run->result[run->all.n++];
    h5r_row_clear(&r->last);
    snprintf(r->last.case_id, sizeof r->last.case_id, "%s", id);
    snprintf(r->last.operation, sizeof r->last.operation, "%s", operation);
    r->last.status = status;
    r->last.ranks = 2;
    r->last.seed = 7;
    r->last.payload_bytes = 1024;
    return r;
}

/* Measured: its times lie around `seconds`. */
static h5r_result_t *add(run_t *run, const char *id, const char *operation, double seconds)
{
    h5r_sample_t *sample = run->sample[run->all.n];
    h5r_result_t *r = add_row(run, id, operation, H5R_ROW_OK);
    r->sample = sample;
    r->repetitions = r->measured = REPETITIONS;
    for (size_t i = 0; i < REPETITIONS; i++) {
        sample[i] = (h5r_sample_t){.durable_s = seconds * (1 + 0.001 * (double)i), .block = i};
    }
    r->durable_s = (h5r_summary_t){.n = REPETITIONS, .median = seconds * 1.0035};
    return r;
}

static void add_both(const char *id, const char *operation, double before, double after)
{
    add(&old, id, operation, before);
    add(&new, id, operation, after);
}

static void compare_so(bool counters_only, bool any_ranks)
{
    h5r_error_t err = {0};
    const h5r_compare_options_t options = {
        .threshold = H5R_THRESHOLD, .counters_only = counters_only, .any_ranks = any_ranks};
    assert_int_equal(h5r_compare(&old.all, &new.all, &options, &comparison, &err), H5R_OK);
}

static void compare(void)
{
    compare_so(false, false);
}

static void cases_are_joined_by_id_and_operation(void **state)
{
    (void)state;
    add(&old, "b", "write", 1);
    add(&old, "a", "read", 1);
    add(&old, "a", "write", 1);
    add(&new, "a", "write", 1);
    add(&new, "b", "write", 1);
    add(&new, "a", "read", 1);
    compare();
    assert_int_equal(comparison.pairs, 3);
    assert_int_equal(comparison.lones, 0);
    for (size_t i = 0; i < comparison.pairs; i++) { /* in the order of OLD */
        const h5r_pair_t *pair = &comparison.pair[i];
        assert_ptr_equal(pair->old, &old.result[i]);
        assert_string_equal(pair->old->last.case_id, pair->new->last.case_id);
        assert_string_equal(pair->old->last.operation, pair->new->last.operation);
    }
    assert_int_equal(comparison.verdicts[H5R_VERDICT_SAME], 3);
    assert_false(h5r_comparison_failed(&comparison));
}

static void who_has_no_partner(void **state)
{
    (void)state;
    static const struct {
        h5r_lone_kind_t kind;
        const char *id, *reason;
    } expected[] = {{H5R_LONE_OLD, "gone", NULL},
                    {H5R_LONE_LOST, "lost", "no filter"},
                    {H5R_LONE_NEW, "fresh", NULL},
                    {H5R_LONE_NEW, "possible", "it could not be"}};
    add(&old, "gone", "write", 1);
    add(&old, "gone", "read", 1); /* once a case */
    add(&old, "lost", "write", 1);
    add_row(&old, "possible", "", H5R_ROW_SKIPPED);
    add_row(&old, "never", "", H5R_ROW_SKIPPED);
    add_row(&new, "never", "", H5R_ROW_SKIPPED);
    add_row(&new, "lost", "", H5R_ROW_SKIPPED);
    add(&new, "fresh", "write", 1);
    add(&new, "possible", "write", 1);
    snprintf(old.result[3].last.reason, sizeof old.result[3].last.reason, "it could not be");
    snprintf(new.result[1].last.reason, sizeof new.result[1].last.reason, "no filter");
    compare();
    assert_int_equal(comparison.pairs, 0);
    assert_int_equal(comparison.lones, H5R_COUNT_OF(expected));
    for (size_t i = 0; i < H5R_COUNT_OF(expected); i++) {
        const h5r_lone_t *lone = &comparison.lone[i];
        assert_int_equal(lone->kind, expected[i].kind);
        assert_string_equal(lone->row->case_id, expected[i].id);
        assert_true((lone->reason == NULL) == (expected[i].reason == NULL));
        assert_true(lone->reason == NULL || strcmp(lone->reason, expected[i].reason) == 0);
    }
    assert_int_equal(comparison.lost, 1);
    assert_true(h5r_comparison_failed(&comparison));
}

static void slower_and_faster(void **state)
{
    (void)state;
    add_both("slower", "write", 1, 1.5);
    add_both("faster", "write", 1.5, 1);
    compare();
    assert_int_equal(comparison.pair[0].contrast->verdict, H5R_VERDICT_SLOWER);
    assert_int_equal(comparison.pair[1].contrast->verdict, H5R_VERDICT_FASTER);
    assert_true(h5r_comparison_failed(&comparison));
    h5r_comparison_free(&comparison);
    forget(NULL);
    add_both("faster", "write", 1.5, 1);
    compare();
    assert_int_equal(comparison.verdicts[H5R_VERDICT_FASTER], 1);
    assert_false(h5r_comparison_failed(&comparison));
}

/* The phase that changed most in the direction of the whole, however large the others are. */
static void the_phase_of_a_change(void **state)
{
    (void)state;
    add_both("a", "write", 1, 1.5);
    old.result[0].phase_s[H5R_PHASE_WRITE] = (h5r_summary_t){.n = 8, .median = 1};
    new.result[0].phase_s[H5R_PHASE_WRITE] = (h5r_summary_t){.n = 8, .median = 0.125};
    old.result[0].phase_s[H5R_PHASE_FLUSH] = (h5r_summary_t){.n = 8, .median = 0.5};
    new.result[0].phase_s[H5R_PHASE_FLUSH] = (h5r_summary_t){.n = 8, .median = 1.25};
    old.result[0].phase_s[H5R_PHASE_CLOSE] = old.result[0].phase_s[H5R_PHASE_WRITE];
    new.result[0].phase_s[H5R_PHASE_CLOSE] = new.result[0].phase_s[H5R_PHASE_WRITE];
    new.result[0].phase_s[H5R_PHASE_OPEN] = (h5r_summary_t){.n = 8, .median = 9}; /* OLD has none */
    compare();
    const h5r_pair_t *pair = &comparison.pair[0];
    assert_true(pair->has_phase);
    assert_int_equal(pair->phase, H5R_PHASE_FLUSH);
    assert_true(fabs(pair->phase_change_s - 0.75) < 1e-12 && fabs(pair->phase_ratio - 2.5) < 1e-12);
}

static void times_that_are_not_compared(void **state)
{
    (void)state;
    static const struct {
        const char *reason;
        bool counters_only;
        uint64_t ranks, payload;
        double first_s;
    } known[] = {
        {NULL, false, 2, 1024, 1},
        {"only counters were asked for", true, 2, 1024, 1},
        {"the numbers of ranks differ", false, 4, 1024, 1},
        {"the payloads differ", false, 2, 2048, 1},
        {"a repetition has no time, or a time of zero", false, 2, 1024, 0},
        {"a repetition has no time, or a time of zero", false, 2, 1024, NAN},
    };
    for (size_t i = 0; i < H5R_COUNT_OF(known); i++) {
        forget(NULL);
        add_both("a", "write", 1, 1);
        new.result[0].last.ranks = known[i].ranks;
        new.result[0].last.payload_bytes = known[i].payload;
        new.sample[0][0].durable_s = known[i].first_s;
        compare_so(known[i].counters_only, false);
        const h5r_pair_t *pair = &comparison.pair[0];
        if (known[i].reason == NULL) {
            assert_null(pair->not_timed);
            assert_non_null(pair->contrast);
        } else {
            assert_string_equal(pair->not_timed, known[i].reason);
            assert_null(pair->contrast);
            assert_int_equal(comparison.contrasts, 0);
        }
        h5r_comparison_free(&comparison);
    }
    forget(NULL);
    add_both("a", "write", 1, 1);
    new.result[0].last.ranks = 4;
    compare_so(false, true);
    assert_null(comparison.pair[0].not_timed);
    assert_string_equal(comparison.pair[0].not_counted, "the numbers of ranks differ");
}

static h5r_exact_t fact(const char *name)
{
    for (size_t i = 0; i < h5r_exact_count(); i++) {
        if (strcmp(h5r_exact_name(i), name) == 0) {
            return (h5r_exact_t)1 << i;
        }
    }
    fail_msg("no fact %s", name);
    return 0;
}

/* Facts differ, unless other data explain it, they vary within a run, or a table does not have them. */
static void facts(void **state)
{
    (void)state;
    const h5r_exact_t stored = fact("stored_bytes"), calls = fact("calls_count");
    const struct {
        uint64_t seed;
        h5r_exact_t varied, has, differs;
    } known[] = {
        {7, 0, ~(h5r_exact_t)0, stored | calls}, {8, 0, ~(h5r_exact_t)0, calls},
        {7, calls, ~(h5r_exact_t)0, stored},     {7, 0, ~calls, stored},
        {8, calls, ~(h5r_exact_t)0, 0},
    };
    for (size_t i = 0; i < H5R_COUNT_OF(known); i++) {
        forget(NULL);
        add_both("a", "write", 1, 1);
        old.result[0].last.stored_bytes = old.result[0].last.calls = 10;
        new.result[0].last.stored_bytes = new.result[0].last.calls = 20;
        new.result[0].last.seed = known[i].seed;
        old.result[0].varied = known[i].varied;
        new.all.has = known[i].has;
        compare();
        assert_true(comparison.pair[0].differs == known[i].differs);
        assert_true(comparison.pair[0].varied == known[i].varied);
        assert_int_equal(comparison.differing, known[i].differs != 0 ? 1 : 0);
        assert_int_equal(h5r_comparison_failed(&comparison), known[i].differs != 0);
        h5r_comparison_free(&comparison);
    }
}

static void wrong_data_fail(void **state)
{
    (void)state;
    add_both("a", "write", 1, 1);
    old.result[0].mismatches = 3; /* OLD's are no news */
    compare();
    assert_false(h5r_comparison_failed(&comparison));
    h5r_comparison_free(&comparison);
    new.result[0].mismatches = 2;
    compare();
    assert_int_equal(comparison.mismatches, 2);
    assert_true(h5r_comparison_failed(&comparison));
}

static void nothing_with_nothing(void **state)
{
    (void)state;
    compare();
    assert_int_equal(comparison.pairs + comparison.lones, 0);
    assert_false(h5r_comparison_failed(&comparison));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, forget, let_go)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(cases_are_joined_by_id_and_operation),
        TEST(who_has_no_partner),
        TEST(slower_and_faster),
        TEST(the_phase_of_a_change),
        TEST(times_that_are_not_compared),
        TEST(facts),
        TEST(wrong_data_fail),
        TEST(nothing_with_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
