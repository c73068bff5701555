/*
 * Golden diagnostics: every suites/NAME.yaml must be refused with exactly the text in suites/NAME.expected,
 * and every suite in configs/ must load. H5ROOF_BLESS=1 in the environment writes the expected texts anew.
 */
#include "core/factors/factor.h"
#include "core/factors/scaling.h"
#include "core/suite/plan.h"

#include <glob.h>
#include <libgen.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* Go to a directory of the source tree, which the environment names; else this file's own path does. */
static void enter(const char *directory)
{
    char here[PATH_MAX], path[PATH_MAX];
    const char *source = getenv("H5ROOF_SOURCE");
    assert_true(snprintf(here, sizeof here, "%s", __FILE__) < (int)sizeof here);
    if (source) {
        assert_true(snprintf(path, sizeof path, "%s/%s", source, directory) < (int)sizeof path);
    } else {
        assert_true(snprintf(path, sizeof path, "%s/../../%s", dirname(here), directory) < (int)sizeof path);
    }
    if (chdir(path) != 0) {
        fail_msg("no directory %s", path);
    }
}

static char *read_text(const char *path)
{
    size_t room = 1 << 16;
    char *text = calloc(room, 1);
    FILE *in = fopen(path, "rb");
    assert_non_null(text);
    if (!in) {
        free(text);
        return NULL;
    }
    assert_true(fread(text, 1, room, in) < room);
    assert_int_equal(fclose(in), 0);
    return text;
}

static void check_suite(const char *path)
{
    h5r_plan_t plan;
    h5r_error_t err = {0};
    char *diagnostics, expected_path[PATH_MAX];
    assert_int_equal(h5r_plan_load(path, NULL, 0, &plan, &diagnostics, &err), H5R_USAGE);
    assert_non_null(diagnostics);
    h5r_plan_free(&plan);
    assert_true(snprintf(expected_path, sizeof expected_path, "%.*s.expected",
                         (int)(strlen(path) - strlen(".yaml")), path) < (int)sizeof expected_path);
    if (getenv("H5ROOF_BLESS")) {
        FILE *out = fopen(expected_path, "wb");
        assert_non_null(out);
        assert_true(fputs(diagnostics, out) >= 0);
        assert_int_equal(fclose(out), 0);
    }
    char *expected = read_text(expected_path);
    if (!expected) {
        fail_msg("%s is missing; got\n%s", expected_path, diagnostics);
    }
    if (strcmp(expected, diagnostics) != 0) {
        fail_msg("%s: expected\n%s\ngot\n%s", path, expected, diagnostics);
    }
    free(expected);
    free(diagnostics);
}

static void bad_suites(void **state)
{
    glob_t found;
    (void)state;
    enter("tests/unit/suites");
    assert_int_equal(glob("*.yaml", 0, NULL, &found), 0);
    assert_true(found.gl_pathc >= 20);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        check_suite(found.gl_pathv[i]);
    }
    globfree(&found);
}

/* With 2 ranks HDF5 allows every case; but for the one whose symptom is that it does not, as the head says. */
static void check_rules(const char *path, h5r_plan_t *plan)
{
    h5r_caps_t caps = {.version = {1, 10, 8}};
    char *text = read_text(path), bad[H5R_NAME_SIZE + 16];
    assert_non_null(text);
    for (int k = 0; k < H5R_FILTER_KINDS; k++) {
        caps.filter[k] = true;
    }
    h5r_plan_apply_rules(plan, &caps, 2);
    for (size_t c = 0; c < plan->ncases; c++) {
        const h5r_case_t *of = &plan->cases[c];
        snprintf(bad, sizeof bad, "\n# bad: %s ", of->name);
        const bool is_symptom = strstr(text, "\n# note: skipped\n") != NULL && strstr(text, bad) != NULL;
        const bool is_built = of->factors.driver != H5R_DRIVER_DIRECT &&
                              of->factors.driver != H5R_DRIVER_SUBFILING &&
                              h5r_factors_ranks(&of->factors, 2) <= 2;
        if (is_built && (of->skip_reason[0] != '\0') != is_symptom) {
            fail_msg("%s: %s: %s", path, of->name, is_symptom ? "is not skipped" : of->skip_reason);
        }
    }
    free(text);
}

/* Every suite of a folder that is shipped loads, opens with a line on what it is about, and asks for something
 * that HDF5 allows. */
static void check_folder(const char *folder, size_t least, bool asks)
{
    glob_t found;
    enter(folder);
    assert_int_equal(glob("*.yaml", 0, NULL, &found), 0);
    assert_true(found.gl_pathc >= least);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        h5r_plan_t plan;
        h5r_error_t err = {0};
        char *diagnostics;
        const char *path = found.gl_pathv[i];
        if (h5r_plan_load(path, NULL, 0, &plan, &diagnostics, &err) != H5R_OK) {
            fail_msg("%s", diagnostics ? diagnostics : err.message);
        }
        const size_t length = strlen(plan.suite);
        assert_int_equal(strncmp(path, plan.suite, length), 0);
        assert_string_equal(path + length, ".yaml");
        assert_true(strlen(plan.question) > 10);
        assert_int_equal(plan.question[strlen(plan.question) - 1] == '?', asks);
        check_rules(path, &plan);
        h5r_plan_free(&plan);
    }
    globfree(&found);
}

static void shipped_suites(void **state)
{
    (void)state;
    check_folder("configs", 7, true);
}

static void symptoms(void **state)
{
    (void)state;
    check_folder("configs/symptoms", 25, false);
}

/* The smoke suite is what shows that everything works: every driver is in it. */
static void smoke_has_every_driver(void **state)
{
    h5r_plan_t plan;
    h5r_error_t err = {0};
    char *diagnostics;
    bool seen[H5R_DRIVER_COUNT] = {false};
    (void)state;
    enter("configs");
    assert_int_equal(h5r_plan_load("smoke.yaml", NULL, 0, &plan, &diagnostics, &err), H5R_OK);
    for (size_t c = 0; c < plan.ncases; c++) {
        seen[plan.cases[c].factors.driver] = true;
    }
    for (size_t d = 0; d < H5R_DRIVER_COUNT; d++) {
        assert_true(seen[d]);
    }
    h5r_plan_free(&plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_suites),
        cmocka_unit_test(shipped_suites),
        cmocka_unit_test(symptoms),
        cmocka_unit_test(smoke_has_every_driver),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
