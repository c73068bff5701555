/* Differences of environments: what they spoil, what is ignored, in which order, and files that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/env/env_diff.h"
#include "h5roof/count.h"

#include <stdio.h>
#include <string.h>

#define OLD "env_old.json"
#define NEW "env_new.json"

static void write_file(const char *path, const char *text)
{
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    fputs(text, out);
    assert_int_equal(fclose(out), 0);
}

static h5r_status_t diff_of(const char *old, const char *new, h5r_env_diff_t *diff, h5r_error_t *err)
{
    write_file(OLD, old);
    write_file(NEW, new);
    *err = (h5r_error_t){.code = H5R_OK};
    h5r_status_t status = h5r_env_diff(OLD, NEW, diff, err);
    remove(OLD);
    remove(NEW);
    return status;
}

static void the_most_severe_come_first(void **state)
{
    (void)state;
    h5r_env_diff_t d;
    h5r_error_t err;
    assert_int_equal(diff_of("{\"run_id\": \"a\", \"hdf5\": {\"version\": \"1.10.8\"}, \"nodes\": "
                             "[{\"kernel\": \"6.1\", \"cpu_model\": "
                             "\"A\", \"load1\": 0.5}, {\"cpu_model\": \"B\"}], \"rank_count\": 2, "
                             "\"launcher\": null, \"hints\": {}}",
                             "{\"rank_count\": 4, \"launcher\": \"mpirun\", \"nodes\": [{\"cpu_model\": "
                             "\"C\", \"kernel\": \"6.2\", "
                             "\"load1\": 7}], \"hdf5\": {\"version\": \"1.10.8\"}, \"run_id\": \"b\", "
                             "\"hints\": [], \"gone\": null}",
                             &d, &err),
                     H5R_OK);
    static const struct {
        const char *path, *old, *new;
        h5r_env_severity_t severity;
    } expected[] = {{"rank_count", "2", "4", H5R_ENV_COUNTS},
                    {"nodes[0].cpu_model", "A", "C", H5R_ENV_TIMES},
                    {"nodes[1].cpu_model", "B", NULL, H5R_ENV_TIMES},
                    {"nodes[0].kernel", "6.1", "6.2", H5R_ENV_DIFFERENT},
                    {"launcher", NULL, "mpirun", H5R_ENV_DIFFERENT}};
    assert_int_equal(d.n, H5R_COUNT_OF(expected));
    for (size_t i = 0; i < d.n; i++) {
        assert_string_equal(d.difference[i].path, expected[i].path);
        assert_int_equal(d.difference[i].severity, expected[i].severity);
        if (expected[i].old != NULL) {
            assert_string_equal(d.difference[i].old, expected[i].old);
        } else {
            assert_null(d.difference[i].old);
        }
        if (expected[i].new != NULL) {
            assert_string_equal(d.difference[i].new, expected[i].new);
        } else {
            assert_null(d.difference[i].new);
        }
    }
    assert_int_equal(h5r_env_diff_count(&d, H5R_ENV_COUNTS), 1);
    assert_int_equal(h5r_env_diff_count(&d, H5R_ENV_TIMES), 3);
    assert_int_equal(h5r_env_diff_count(&d, H5R_ENV_IGNORED), 5);
    h5r_env_diff_free(&d);
}

/* The text "null" is a value, null is none; numbers are compared as they are written. */
static void values_are_texts(void **state)
{
    (void)state;
    h5r_env_diff_t d;
    h5r_error_t err;
    assert_int_equal(diff_of("{\"hdf5\": {\"version\": \"1\"}, \"a\": \"null\", \"b\": 1.0, \"c\": true}",
                             "{\"hdf5\": {\"version\": \"1\"}, \"a\": null, \"b\": 1.0, \"c\": \"true\"}", &d,
                             &err),
                     H5R_OK);
    assert_int_equal(d.n, 1);
    assert_string_equal(d.difference[0].path, "a");
    assert_string_equal(d.difference[0].old, "null");
    assert_null(d.difference[0].new);
    h5r_env_diff_free(&d);
}

static void the_table_knows_paths(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        h5r_env_severity_t severity;
    } known[] = {{"rank_count", H5R_ENV_COUNTS},
                 {"hdf5.version", H5R_ENV_COUNTS},
                 {"libraries.zlib", H5R_ENV_COUNTS},
                 {"libraries.libfyaml", H5R_ENV_DIFFERENT},
                 {"nodes[12].cpu_model", H5R_ENV_TIMES},
                 {"nodes[12].cpus_online", H5R_ENV_TIMES},
                 {"nodes[0].ranks", H5R_ENV_TIMES},
                 {"nodes[0].io_limit", H5R_ENV_TIMES},
                 {"nodes[0].governor", H5R_ENV_DIFFERENT},
                 {"nodes[0].load1", H5R_ENV_IGNORED},
                 {"node_count", H5R_ENV_TIMES},
                 {"mpi.library", H5R_ENV_TIMES},
                 {"mpi.io_component", H5R_ENV_TIMES},
                 {"mpi.io_component_source", H5R_ENV_DIFFERENT},
                 {"filesystems.scratch.type", H5R_ENV_TIMES},
                 {"filesystems.scratch.path", H5R_ENV_IGNORED},
                 {"filesystems.scratch.free_bytes", H5R_ENV_IGNORED},
                 {"filesystems.results.type", H5R_ENV_IGNORED},
                 {"h5roof.flags", H5R_ENV_DIFFERENT},
                 {"h5roof.sanitizers", H5R_ENV_TIMES},
                 {"environment.OMPI_MCA_orte_hnp_uri", H5R_ENV_IGNORED},
                 {"environment.OMPI_MCA_io", H5R_ENV_DIFFERENT},
                 {"command_line[3]", H5R_ENV_IGNORED},
                 {"something.new", H5R_ENV_DIFFERENT}};
    for (size_t i = 0; i < H5R_COUNT_OF(known); i++) {
        assert_int_equal(h5r_env_severity(known[i].path), known[i].severity);
    }
}

static void what_is_none_is_refused(void **state)
{
    (void)state;
    static const char good[] = "{\"hdf5\": {\"version\": \"1\"}}";
    static const char *const bad[] = {
        "",           "{",
        "[]",         "7",
        "{\"a\": 1}", "{\"hdf5\": {\"version\": \"1\"}",
        "\x01",       "{\"hdf5\": {\"version\": \"1\"}, \"deep\": [[[[[[[[[[[[1]]]]]]]]]]]]}",
    };
    h5r_env_diff_t d;
    h5r_error_t err;
    assert_int_equal(diff_of(good, good, &d, &err), H5R_OK);
    assert_int_equal(d.n, 0);
    h5r_env_diff_free(&d);
    for (size_t i = 0; i < H5R_COUNT_OF(bad); i++) {
        assert_int_equal(diff_of(good, bad[i], &d, &err), H5R_RESULTS);
        assert_non_null(strstr(err.message, NEW));
        h5r_env_diff_free(&d);
        assert_int_equal(diff_of(bad[i], good, &d, &err), H5R_RESULTS);
        assert_non_null(strstr(err.message, OLD));
        h5r_env_diff_free(&d);
    }
    assert_int_equal(h5r_env_diff("no-such-file", "neither", &d, &err), H5R_RESULTS);
    assert_non_null(strstr(err.message, "no-such-file"));
    h5r_env_diff_free(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_most_severe_come_first),
        cmocka_unit_test(values_are_texts),
        cmocka_unit_test(the_table_knows_paths),
        cmocka_unit_test(what_is_none_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
