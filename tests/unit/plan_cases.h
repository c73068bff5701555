/* Suites for tests of the plan: from text, through a file. */
#ifndef H5ROOF_PLAN_CASES_H
#define H5ROOF_PLAN_CASES_H

#include "core/suite/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static inline void write_file(const char *path, const char *text, size_t length)
{
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(text, 1, length, out), length);
    assert_int_equal(fclose(out), 0);
}

/* A suite from text, through a file; the diagnostics name the file "suite.yaml". Free *diagnostics. */
static inline h5r_status_t load_text(const char *text, size_t length, const char *const *sets, size_t nsets,
                                     h5r_plan_t *plan, char **diagnostics, h5r_error_t *err)
{
    char dir[] = "/tmp/h5roof-plan-XXXXXX", back[PATH_MAX];
    assert_non_null(mkdtemp(dir));
    assert_non_null(getcwd(back, sizeof back));
    assert_int_equal(chdir(dir), 0);
    write_file("suite.yaml", text, length);
    h5r_status_t status = h5r_plan_load("suite.yaml", sets, nsets, plan, diagnostics, err);
    assert_int_equal(unlink("suite.yaml"), 0);
    assert_int_equal(chdir(back), 0);
    assert_int_equal(rmdir(dir), 0);
    return status;
}

static inline void load_ok(const char *text, const char *const *sets, size_t nsets, h5r_plan_t *plan)
{
    h5r_error_t err = {0};
    char *diagnostics;
    if (load_text(text, strlen(text), sets, nsets, plan, &diagnostics, &err) != H5R_OK) {
        fail_msg("%s\n%s", err.message, diagnostics ? diagnostics : "");
    }
    assert_null(diagnostics);
}

/* That the suite is refused, with this text in the diagnostics or, where there are none, in the message. */
static inline void load_refused(const char *text, size_t length, const char *const *sets, size_t nsets,
                                const char *expected)
{
    h5r_plan_t plan;
    h5r_error_t err = {0};
    char *diagnostics;
    assert_int_equal(load_text(text, length, sets, nsets, &plan, &diagnostics, &err), H5R_USAGE);
    assert_int_equal(err.code, H5R_USAGE);
    assert_true(err.message[0] && !strchr(err.message, '\n'));
    const char *got = diagnostics ? diagnostics : err.message;
    if (!strstr(got, expected)) {
        fail_msg("'%s' lacks '%s'", got, expected);
    }
    free(diagnostics);
    h5r_plan_free(&plan);
}

static const char example[] =
    "# Does one chunk shape serve both full writes and tile reads?\n"
    "suite: chunks\n"
    "seed: 42\n"
    "repeat: {warmup: 2, min: 10, max: 50, ci: 5%, time: 1min}\n"
    "scratch: \"/scratch/my \\\"dir\\\"\"\n"
    "verify: false\n"
    "defaults: {workload: slab, shape: [2048, 2048], dtype: f64, driver: mpio, mode: collective}\n"
    "cases:\n"
    "  - {name: contiguous, layout: contiguous, hints: {cb_nodes: 2, striping_unit: 1048576}}\n"
    "  - name: chunked\n"
    "    layout: chunked\n"
    "    sweep:\n"
    "      chunk: [[64, 64], 256x256, [1, 2048]]\n"
    "      filter: [none, \"deflate:1\", \"shuffle+deflate\"]\n"
    "skip:\n"
    "  - {chunk: [64, 64], filter: \"shuffle+deflate:6\"}\n";

#endif
