/* A results directory that vanishes while a run writes to it. */
#include "engine/run/output.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char warned[4096];
static int warnings;

static void warn(const char *text)
{
    snprintf(warned, sizeof warned, "%s", text);
    warnings++;
}

static bool there(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

static void shell(const char *command)
{
    assert_int_equal(system(command), 0);
}

static void begin(h5r_output_t *out)
{
    h5r_error_t err = {.code = H5R_OK};
    h5r_plan_t plan = {.suite = "one"};
    shell("rm -rf run run-rescued moved");
    assert_int_equal(h5r_output_open(out, "run", &plan, &err), H5R_OK);
    out->warn = warn;
    warnings = 0;
}

static h5r_status_t add_row(h5r_output_t *out, h5r_error_t *err)
{
    h5r_row_t row = {.run_id = "20261128T101112Z-0a1b", .status = H5R_ROW_SKIPPED};
    return h5r_output_rows(out, &row, 1, err);
}

static void gone_at_the_next_row(void **state)
{
    (void)state;
    h5r_output_t out;
    h5r_error_t err = {.code = H5R_OK}, closing = {.code = H5R_OK};
    begin(&out);
    assert_int_equal(add_row(&out, &err), H5R_OK);
    shell("rm -r run");
    assert_int_equal(add_row(&out, &err), H5R_IO);
    assert_non_null(strstr(err.message, "run was removed or replaced"));
    assert_non_null(strstr(err.message, "saved in run-rescued/results.csv"));
    assert_int_equal(h5r_output_close(&out, false, &closing), H5R_OK);
    assert_null(out.unsaved);
    shell("[ $(wc -l <run-rescued/results.csv) -eq 3 ]");
}

static void gone_at_the_end(void **state)
{
    (void)state;
    h5r_output_t out;
    h5r_error_t err = {.code = H5R_OK};
    begin(&out);
    assert_int_equal(add_row(&out, &err), H5R_OK);
    shell("mv run moved && mkdir run && touch run/in_flight");
    assert_int_equal(h5r_output_close(&out, true, &err), H5R_IO);
    assert_non_null(strstr(err.message, "moved/results.csv"));
    assert_true(there("run/in_flight")); /* of whatever came in its place */
    shell("rm -r run");
}

static void what_replaced_it_is_not_discarded(void **state)
{
    (void)state;
    h5r_output_t out;
    begin(&out);
    shell("mv run moved && cp -r moved run");
    h5r_output_discard(&out);
    assert_true(there("run/plan.yaml") && there("run/results.csv") && there("run/in_flight"));
    begin(&out);
    h5r_output_discard(&out);
    assert_false(there("run"));
}

static void rows_that_do_not_fit_are_kept_to_be_shown(void **state)
{
    (void)state;
    h5r_output_t out;
    h5r_error_t err = {.code = H5R_OK};
    begin(&out);
    assert_int_equal(add_row(&out, &err), H5R_OK);
    int real = out.csv;
    out.csv = open("run/results.csv", O_RDONLY);
    assert_int_equal(add_row(&out, &err), H5R_IO);
    assert_non_null(out.unsaved);
    assert_non_null(strstr(out.unsaved, "20261128T101112Z-0a1b"));
    assert_memory_equal(out.unsaved, "schema,", 7);
    free(out.unsaved);
    close(real);
}

static void a_lost_in_flight_is_told_once(void **state)
{
    (void)state;
    h5r_output_t out;
    h5r_error_t err = {.code = H5R_OK};
    begin(&out);
    h5r_output_mark(&out, "a job");
    assert_int_equal(warnings, 0);
    shell("rm run/in_flight");
    h5r_output_mark(&out, "a job");
    h5r_output_mark(&out, "another job");
    h5r_output_mark_scratch(&out, "/somewhere");
    assert_int_equal(warnings, 1);
    assert_non_null(strstr(warned, "cannot write run/in_flight: it was removed"));
    assert_int_equal(h5r_output_close(&out, true, &err), H5R_OK);
    begin(&out);
    close(out.mark);
    out.mark = open("run/in_flight", O_RDONLY);
    h5r_output_mark(&out, "a job");
    assert_int_equal(warnings, 1);
    assert_non_null(strstr(warned, "Bad file descriptor"));
    assert_int_equal(h5r_output_close(&out, true, &err), H5R_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gone_at_the_next_row),
        cmocka_unit_test(gone_at_the_end),
        cmocka_unit_test(what_replaced_it_is_not_discarded),
        cmocka_unit_test(rows_that_do_not_fit_are_kept_to_be_shown),
        cmocka_unit_test(a_lost_in_flight_is_told_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
