/* What results.csv says of a case: which rows count, what is summarised of them, and what befell cases that have none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/table/result.h"
#include "h5roof/count.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char dir[] = "/tmp/h5roof-result-XXXXXX";
static char table[sizeof dir + 16];

static int make_dir(void **state)
{
    (void)state;
    if (mkdtemp(dir) == NULL) {
        return -1;
    }
    snprintf(table, sizeof table, "%s/results.csv", dir);
    return 0;
}

static int remove_dir(void **state)
{
    (void)state;
    return unlink(table) == 0 && rmdir(dir) == 0 ? 0 : -1;
}

static h5r_row_t rows[32];
static size_t nrows;

/* A measured repetition of case `name`, which is the number-th, of so many seconds; the caller changes it. */
static h5r_row_t *add(const char *name, uint64_t number, const char *operation, double seconds)
{
    assert_in_range(nrows, 0, H5R_COUNT_OF(rows) - 1);
    h5r_row_t *row = &rows[nrows++];
    h5r_row_clear(row);
    snprintf(row->case_name, sizeof row->case_name, "%s", name);
    snprintf(row->case_id, sizeof row->case_id, "%016x", (unsigned)number);
    snprintf(row->operation, sizeof row->operation, "%s", operation);
    row->case_number = number;
    row->status = H5R_ROW_OK;
    row->ranks = 2;
    row->payload_bytes = 1 << 20;
    row->calls = 2;
    row->block = nrows;
    row->durable_s = seconds;
    row->durable_mibps = 1 / seconds;
    return row;
}

static h5r_row_t *add_event(const char *name, uint64_t number, h5r_row_status_t status, const char *reason)
{
    h5r_row_t *row = add(name, number, "", 1);
    row->status = status;
    row->durable_s = row->durable_mibps = NAN;
    snprintf(row->reason, sizeof row->reason, "%s", reason);
    return row;
}

/* What the rows that were added say; without the last bytes of the file. */
static void load_torn(h5r_results_t *results, long cut)
{
    h5r_error_t err = {0};
    FILE *out = fopen(table, "w");
    assert_non_null(out);
    h5r_row_write_header(out);
    for (size_t i = 0; i < nrows; i++) {
        h5r_row_write(&rows[i], out);
    }
    long length = ftell(out);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(truncate(table, length - cut), 0);
    nrows = 0;
    if (h5r_results_load(dir, results, &err) != H5R_OK) {
        fail_msg("%s", err.message);
    }
}

static void load(h5r_results_t *results)
{
    load_torn(results, 0);
    assert_false(results->torn);
}

static void is_number(double found, double expected)
{
    if (!(fabs(found - expected) < 1e-12)) {
        fail_msg("%.17g, not %.17g", found, expected);
    }
}

static void only_measured_rows_with_right_data_count(void **state)
{
    (void)state;
    h5r_results_t results;
    add("a", 0, "write", 100)->warmup = true;
    add("a", 0, "write", 4);
    add("a", 0, "write", 1);
    add("a", 0, "write", 2);
    h5r_row_t *wrong = add("a", 0, "write", 50);
    wrong->status = H5R_ROW_MISMATCH;
    snprintf(wrong->reason, sizeof wrong->reason, "element [0]: expected 1, found 2");
    add("a", 0, "write", 8);
    add("a", 0, "write", 60)->status = H5R_ROW_MISMATCH;
    load(&results);
    assert_int_equal(results.n, 1);
    const h5r_result_t *r = &results.result[0];
    assert_int_equal(r->repetitions, 4);
    assert_int_equal(r->measured, 6);
    assert_int_equal(r->mismatches, 2);
    is_number(r->durable_s.median, 3);
    is_number(r->durable_s.min, 1);
    is_number(r->durable_s.max, 8);
    is_number(r->durable_mibps.median, (0.5 + 0.25) / 2);
    assert_false(r->durable_s.has_ci);
    assert_int_equal(r->roof_s.n, 0);
    const double times[] = {4, 1, 2, 8}; /* in the order of the file, each with its block */
    const uint64_t blocks[] = {2, 3, 4, 6};
    for (size_t i = 0; i < 4; i++) {
        is_number(r->sample[i].durable_s, times[i]);
        assert_int_equal(r->sample[i].block, blocks[i]);
    }
    /* the first row that tells what differs is not covered by a later one */
    assert_int_equal(r->last.status, H5R_ROW_MISMATCH);
    assert_string_equal(r->last.reason, "element [0]: expected 1, found 2");
    h5r_results_free(&results);
}

/* Cases as in the suite, in whatever order they ran; their operations as in the file. */
static void the_order_is_that_of_the_suite(void **state)
{
    (void)state;
    static const char *const expected[][2] = {{"a", "write"}, {"a", "read"}, {"b", ""}, {"c", "write"}};
    h5r_results_t results;
    add("c", 2, "write", 1);
    add_event("b", 1, H5R_ROW_SKIPPED, "it cannot be");
    add("a", 0, "write", 1);
    add("a", 0, "read", 1);
    add("c", 2, "write", 1);
    load(&results);
    assert_int_equal(results.n, H5R_COUNT_OF(expected));
    for (size_t i = 0; i < results.n; i++) {
        assert_string_equal(results.result[i].last.case_name, expected[i][0]);
        assert_string_equal(results.result[i].last.operation, expected[i][1]);
    }
    assert_string_equal(results.result[2].last.reason, "it cannot be");
    assert_int_equal(results.result[2].measured, 0);
    assert_int_equal(results.result[3].repetitions, 2);
    h5r_results_free(&results);
}

/* A case that was stopped goes on when the run is resumed: then it is no longer so. One that crashed did. */
static void a_stop_ends_and_an_interruption_does_not(void **state)
{
    (void)state;
    h5r_results_t results;
    add("a", 0, "write", 1);
    add_event("a", 0, H5R_ROW_STOPPED, "time");
    add("b", 1, "write", 1);
    add_event("b", 1, H5R_ROW_INTERRUPTED, "killed");
    add("a", 0, "write", 1);
    add("b", 1, "write", 1);
    load(&results);
    assert_int_equal(results.n, 3);
    assert_string_equal(results.result[0].last.operation, "write");
    assert_int_equal(results.result[0].repetitions, 2);
    assert_string_equal(results.result[2].last.case_name, "b");
    assert_int_equal(results.result[2].last.status, H5R_ROW_INTERRUPTED);
    h5r_results_free(&results);
    add("a", 0, "write", 1);
    add_event("a", 0, H5R_ROW_STOPPED, "time");
    add("a", 0, "write", 1);
    add_event("a", 0, H5R_ROW_STOPPED, "time again");
    load(&results);
    assert_int_equal(results.n, 2);
    assert_string_equal(results.result[1].last.reason, "time again");
    h5r_results_free(&results);
}

static void marks_and_slow_ranks_are_counted(void **state)
{
    (void)state;
    static const char *const nodes[] = {"n1", "n2", "n1", "n1"};
    static const uint64_t slow[] = {1, 0, 1, 3};
    h5r_results_t results;
    for (size_t i = 0; i < 4; i++) {
        h5r_row_t *row = add("a", 0, "write", 1);
        row->slowest_rank = slow[i];
        snprintf(row->slowest_node, sizeof row->slowest_node, "%s", nodes[i]);
        row->ranks_max_s = 1;
        row->ranks_med_s = 0.75;
        row->roof_bound = i == 0 ? H5R_BOUND_COMPRESS : H5R_BOUND_STORE;
        if (i < 3) {
            h5r_row_mark(row, H5R_MARK_SHORT);
        }
        if (i == 1) {
            h5r_row_mark(row, H5R_MARK_BOUNDED);
            h5r_row_mark(row, H5R_MARK_CACHED);
        }
    }
    load(&results);
    const h5r_result_t *r = &results.result[0];
    assert_int_equal(r->slowest_rank, 1);
    assert_int_equal(r->slowest_rank_count, 2);
    assert_string_equal(r->slowest_node, "n1");
    assert_int_equal(r->slowest_node_count, 3);
    is_number(r->waited_frac.median, 0.25);
    assert_int_equal(r->shorts, 3);
    assert_int_equal(r->cached, 1);
    assert_int_equal(r->cpu_bound, 1);
    assert_int_equal(r->above_roof, 0);
    assert_true(r->bounded && !r->unverified);
    h5r_results_free(&results);
}

/* By the program it is the phase compute; by HDF5 what lies outside MPI-IO, and never less than its roof. */
static void what_a_conversion_costs(void **state)
{
    (void)state;
    h5r_results_t results;
    for (int i = 0; i < 5; i++) {
        const char name[] = {(char)('a' + i), '\0'};
        h5r_row_t *row = add(name, (uint64_t)i, "write", 1);
        row->direction = H5R_MOVES_OUT;
        row->phase[H5R_PHASE_WRITE].max_s = 0.75;
        row->phase[H5R_PHASE_COMPUTE].max_s = 0.125;
        row->roof_convert_s = 0.0625;
        row->counters.seconds = 0.5;
    }
    rows[0].factors.convert_by = H5R_CONVERT_BY_PROGRAM;
    rows[2].calls = 1 << 20; /* calls so small that nobody timed them */
    rows[3].roof_convert_s = 0.875;
    rows[4].roof_convert_s = NAN; /* nothing is converted */
    load(&results);
    const double expected[] = {0.125, 0.5, 0.0625, 0.875};
    for (size_t i = 0; i < H5R_COUNT_OF(expected); i++) {
        is_number(results.result[i].conversion_frac.median, expected[i]);
    }
    assert_int_equal(results.result[4].conversion_frac.n, 0);
    h5r_results_free(&results);
}

static void facts_that_vary_are_told(void **state)
{
    (void)state;
    h5r_results_t results;
    h5r_row_t *warm = add("a", 0, "write", 1);
    warm->warmup = true;
    warm->calls = 100; /* warm-up may differ */
    add("a", 0, "write", 1);
    add("a", 0, "write", 1)->stored_bytes = 10;
    add("a", 0, "write", 1)->stored_bytes = 10;
    h5r_row_t *again = add("a", 0, "write", 1); /* of a run that was resumed */
    again->warmup = true;
    again->calls = 100;
    load(&results);
    assert_false(results.result[0].last.warmup);
    for (size_t i = 0; i < h5r_exact_count(); i++) {
        bool varied = (results.result[0].varied >> i & 1) != 0;
        assert_int_equal(varied, strcmp(h5r_exact_name(i), "stored_bytes") == 0);
        assert_true((results.has >> i & 1) != 0);
    }
    h5r_results_free(&results);
}

static void a_torn_line_is_left_out(void **state)
{
    (void)state;
    h5r_results_t results;
    add("a", 0, "write", 1);
    add("a", 0, "write", 2);
    load_torn(&results, 3);
    assert_true(results.torn);
    assert_int_equal(results.n, 1);
    assert_int_equal(results.result[0].repetitions, 1);
    h5r_results_free(&results);
}

static void what_cannot_be_read_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "a,b\n1,2\n", "schema\n999\n", "schema,case\nx,y\n"};
    for (size_t i = 0; i < H5R_COUNT_OF(texts); i++) {
        h5r_results_t results;
        h5r_error_t err = {0};
        FILE *out = fopen(table, "w");
        assert_non_null(out);
        assert_true(fputs(texts[i], out) >= 0 && fclose(out) == 0);
        assert_int_equal(h5r_results_load(dir, &results, &err), H5R_RESULTS);
        assert_non_null(strstr(err.message, table));
        assert_int_equal(results.n, 0);
        h5r_results_free(&results);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_measured_rows_with_right_data_count),
        cmocka_unit_test(the_order_is_that_of_the_suite),
        cmocka_unit_test(a_stop_ends_and_an_interruption_does_not),
        cmocka_unit_test(marks_and_slow_ranks_are_counted),
        cmocka_unit_test(what_a_conversion_costs),
        cmocka_unit_test(facts_that_vary_are_told),
        cmocka_unit_test(a_torn_line_is_left_out),
        cmocka_unit_test(what_cannot_be_read_is_refused),
    };
    return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
