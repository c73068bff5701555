/* How a row is made: whose it is, an event without numbers, and what the run adds: roofs, efficiency, counters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/run/row.h"
#include "h5roof/count.h"

#include <math.h>
#include <string.h>

static h5r_case_t cases[3];
static h5r_plan_t plan = {.suite = "rows", .seed = 11, .cases = cases, .ncases = H5R_COUNT_OF(cases)};
static h5r_factors_t factors;

static int make_plan(void **state)
{
    (void)state;
    h5r_factors_default(&factors);
    snprintf(cases[2].name, sizeof cases[2].name, "third/driver=mpio");
    cases[2].id = 0xabcULL;
    return 0;
}

static h5r_row_of_t third(void)
{
    return (h5r_row_of_t){.run_id = "20260101T000000Z-abcd",
                          .plan = &plan,
                          .c = &cases[2],
                          .factors = &factors,
                          .ranks = 4,
                          .block = 5,
                          .repetition = 3,
                          .warmup = true,
                          .stop = H5R_STOP_CI};
}

static void a_row_says_whose_it_is(void **state)
{
    (void)state;
    static h5r_row_t row;
    const h5r_row_of_t of = third();
    h5r_row_clear(&row);
    row.durable_s = 0.5;
    row.calls = 9;
    factors.max_ops = 77;
    h5r_row_identify(&of, &row);
    assert_string_equal(row.run_id, of.run_id);
    assert_string_equal(row.suite, "rows");
    assert_string_equal(row.case_id, "0000000000000abc");
    assert_string_equal(row.case_name, "third/driver=mpio");
    assert_int_equal(row.case_number, 2);
    assert_int_equal(row.factors.max_ops, 77);
    assert_int_equal(row.ranks, 4);
    assert_int_equal(row.seed, 11);
    assert_int_equal(row.block, 5);
    assert_int_equal(row.repetition, 3);
    assert_true(row.warmup);
    assert_int_equal(row.stop, H5R_STOP_CI);
    assert_int_equal(strlen(row.time_utc), strlen("2026-01-01T00:00:00Z"));
    assert_true(row.durable_s >= 0.5 && row.durable_s <= 0.5 && row.calls == 9); /* as they were */
}

static void an_event_has_no_numbers(void **state)
{
    (void)state;
    static h5r_row_t row;
    const h5r_row_of_t of = third();
    size_t n;
    char text[1024];
    const h5r_column_t *columns = h5r_columns(&n);
    row.durable_s = 0.5;
    h5r_row_event(&of, H5R_ROW_SKIPPED, "it cannot be", &row);
    assert_int_equal(row.status, H5R_ROW_SKIPPED);
    assert_string_equal(row.reason, "it cannot be");
    assert_string_equal(row.case_name, "third/driver=mpio");
    for (size_t i = 0; i < n; i++) {
        bool is_number = columns[i].type == H5R_CELL_F64 ||
                         (columns[i].type == H5R_CELL_U64 && strcmp(columns[i].group, "sizes") == 0);
        if (is_number && h5r_row_cell_text(&row, &columns[i], text, sizeof text)[0] != '\0') {
            fail_msg("%s is %s", columns[i].name, text);
        }
    }
    assert_int_equal(row.repetition, H5R_NO_COUNT);
}

/* ---- what the run adds */

static h5r_roof_time_t times[H5R_ROOF_KINDS];
static h5r_copy_costs_t costs;

static void no_roofs(void)
{
    for (size_t i = 0; i < H5R_ROOF_KINDS; i++) {
        times[i] = h5r_roof_no_time();
    }
}

/* A write of 1 s whose storage takes 0.25 s with a file per rank and 0.5 s with one. */
static void complete(const h5r_factors_t *f, const h5r_operation_info_t *info, const h5r_roof_work_t *work,
                     bool counters_work, h5r_row_t *row)
{
    h5r_row_clear(row);
    row->factors = *f;
    row->durable_s = 1;
    row->ranks = 2;
    row->counters = (h5r_counters_t){.write_coll = 3, .seconds = 0.125};
    h5r_row_complete(times, info, work, counters_work, &costs, row);
}

static void store_roof(double own_s, double shared_s)
{
    h5r_roof_time_t *store = &times[H5R_ROOF_STORE];
    store->own_s[H5R_WAY_OUT] = own_s;
    store->shared_s[H5R_WAY_OUT] = shared_s;
    store->s[H5R_WAY_OUT] = fmin(own_s, shared_s);
    store->own_way[H5R_WAY_OUT] = "whole";
    store->shared_way[H5R_WAY_OUT] = "8MiB direct";
}

static const h5r_operation_info_t writes = {.name = "write", .direction = H5R_MOVES_OUT};
static const h5r_operation_info_t deletes = {.name = "delete", .direction = H5R_MOVES_NOTHING};
static const h5r_roof_work_t all = {.elements = 1024, .written = 1, .known = true};

static bool is(double found, double expected)
{
    return fabs(found - expected) < 1e-12;
}

static void storage_binds(void **state)
{
    (void)state;
    static h5r_row_t row;
    no_roofs();
    store_roof(0.25, 0.5);
    complete(&factors, &writes, &all, true, &row);
    assert_true(is(row.roof_s, 0.25) && is(row.efficiency_frac, 0.25));
    assert_true(is(row.roof_store_own_s, 0.25) && is(row.roof_store_shared_s, 0.5));
    assert_int_equal(row.roof_bound, H5R_BOUND_STORE);
    assert_string_equal(row.roof_files, "own");
    assert_string_equal(row.roof_store_own_way, "whole");
    assert_string_equal(row.roof_store_shared_way, "8MiB direct");
    assert_int_equal(row.roof_missing, H5R_MISSING_NONE);
    assert_int_equal(row.marks, 0);
    store_roof(2, 1.5); /* slower than what was measured: suspicious */
    complete(&factors, &writes, &all, true, &row);
    assert_string_equal(row.roof_files, "shared");
    assert_true(is(row.efficiency_frac, 1.5) && h5r_row_is_marked(&row, H5R_MARK_ABOVE_ROOF));
}

static void the_cpu_binds(void **state)
{
    (void)state;
    static h5r_row_t row;
    h5r_factors_t converts = factors;
    h5r_error_t err = {0};
    assert_int_equal(h5r_factor_parse(h5r_factor_find("dtype"), "f64", &converts, &err), H5R_OK);
    assert_int_equal(h5r_factor_parse(h5r_factor_find("file_dtype"), "f32", &converts, &err), H5R_OK);
    no_roofs();
    store_roof(0.25, 0.5);
    times[H5R_ROOF_CONVERT].s[H5R_WAY_OUT] = 0.75;
    complete(&converts, &writes, &all, true, &row);
    assert_int_equal(row.roof_bound, H5R_BOUND_CONVERT);
    assert_true(is(row.roof_s, 0.75));
    times[H5R_ROOF_CONVERT].s[H5R_WAY_OUT] = NAN; /* then nobody knows what binds */
    complete(&converts, &writes, &all, true, &row);
    assert_int_equal(row.roof_missing, H5R_MISSING_UNMEASURED);
    assert_true(isnan(row.efficiency_frac) && isnan(row.roof_s) && is(row.roof_store_own_s, 0.25));
}

static void without_roofs_or_bytes_there_is_no_efficiency(void **state)
{
    (void)state;
    static h5r_row_t row;
    no_roofs();
    complete(&factors, &writes, &all, true, &row);
    assert_true(isnan(row.efficiency_frac) && isnan(row.roof_s));
    assert_int_equal(row.roof_missing, H5R_MISSING_NONE);
    store_roof(0.25, 0.5);
    complete(&factors, &deletes, &all, true, &row);
    assert_true(isnan(row.efficiency_frac) && isnan(row.roof_store_own_s));
    assert_string_equal(row.roof_files, "");
}

/* Calls of MPI-IO, of drivers that make them, where the wrappers see them. */
static void counters_where_they_apply(void **state)
{
    (void)state;
    static const struct {
        const char *driver;
        bool work, told;
    } known[] = {{"mpio", true, true},  {"mpio", false, false}, {"mpiio", true, true},
                 {"sec2", true, false}, {"posix", true, false}, {"memory", true, false},
                 {"sec2", false, false}};
    no_roofs();
    for (size_t i = 0; i < H5R_COUNT_OF(known); i++) {
        static h5r_row_t row;
        h5r_factors_t f = factors;
        h5r_error_t err = {0};
        assert_int_equal(h5r_factor_parse(h5r_factor_find("driver"), known[i].driver, &f, &err), H5R_OK);
        complete(&f, &writes, &all, known[i].work, &row);
        assert_int_equal(row.counters.write_coll, known[i].told ? 3 : H5R_NO_COUNT);
        assert_int_equal(isnan(row.counters.seconds) != 0, !known[i].told);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_says_whose_it_is),
        cmocka_unit_test(an_event_has_no_numbers),
        cmocka_unit_test(storage_binds),
        cmocka_unit_test(the_cpu_binds),
        cmocka_unit_test(without_roofs_or_bytes_there_is_no_efficiency),
        cmocka_unit_test(counters_where_they_apply),
    };
    return cmocka_run_group_tests(tests, make_plan, NULL);
}
