/* Ranks that take part, shapes that grow with them, and back. */
#include "core/factors/factor.h"
#include "core/factors/scaling.h"
#include "core/suite/plan.h"
#include "h5roof/count.h"
#include "h5roof/region.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void set(h5r_factors_t *f, const char *name, const char *text)
{
    h5r_error_t err = {0};
    if (h5r_factor_parse(h5r_factor_find(name), text, f, &err) != H5R_OK) {
        fail_msg("%s", err.message);
    }
}

static h5r_factors_t factors_of(const char *shape, const char *scaling)
{
    h5r_factors_t f;
    h5r_factors_default(&f);
    set(&f, "shape", shape);
    set(&f, "scaling", scaling);
    return f;
}

static void ranks_that_take_part(void **state)
{
    (void)state;
    h5r_factors_t f = factors_of("8x8", "strong");
    assert_int_equal(h5r_factors_ranks(&f, 7), 7);
    set(&f, "ranks", "3");
    assert_int_equal(h5r_factors_ranks(&f, 7), 3);
    assert_int_equal(h5r_factors_ranks(&f, 2), 3); /* too few: the caller sees it */
    set(&f, "ranks", "all");
    assert_int_equal(h5r_factors_ranks(&f, 1), 1);
}

static void strong_keeps_the_shape(void **state)
{
    (void)state;
    const h5r_factors_t f = factors_of("30x7", "strong");
    const h5r_factors_t resolved = h5r_factors_resolved(&f, 16), asked = h5r_factors_asked(&resolved, 16);
    assert_memory_equal(&resolved, &f, sizeof f);
    assert_memory_equal(&asked, &f, sizeof f);
}

static void weak_grows_and_comes_back(void **state)
{
    (void)state;
    static const char *const shapes[] = {"1", "30x7", "5x4x3x2x1x9"};
    static const int ranks[] = {1, 2, 3, 7, 1000};
    for (size_t i = 0; i < H5R_COUNT_OF(shapes); i++) {
        for (size_t k = 0; k < H5R_COUNT_OF(ranks); k++) {
            const h5r_factors_t f = factors_of(shapes[i], "weak");
            const h5r_factors_t resolved = h5r_factors_resolved(&f, ranks[k]);
            assert_true(h5r_dims_elements(&resolved.shape) ==
                        h5r_dims_elements(&f.shape) * (uint64_t)ranks[k]);
            assert_true(resolved.shape.d[0] == f.shape.d[0] * (uint64_t)ranks[k]);
            const h5r_factors_t asked = h5r_factors_asked(&resolved, ranks[k]);
            assert_memory_equal(&asked, &f, sizeof f);
            assert_true(h5r_factors_hash(&asked) == h5r_factors_hash(&f));
        }
    }
}

static void a_product_stays_at_the_largest(void **state)
{
    (void)state;
    h5r_factors_t f = factors_of("1x1", "weak");
    f.shape.d[0] = UINT64_C(1) << 63;
    h5r_factors_t resolved = h5r_factors_resolved(&f, 2);
    assert_true(resolved.shape.d[0] == UINT64_MAX);
    f.shape.d[0] = UINT64_MAX / 3;
    resolved = h5r_factors_resolved(&f, 3);
    assert_true(resolved.shape.d[0] == UINT64_MAX / 3 * 3);
}

/* Identity and names: defaults leave no trace, others do. */
static void identity(void **state)
{
    (void)state;
    h5r_factors_t plain, other;
    h5r_factors_default(&plain);
    other = plain;
    set(&other, "ranks", "all");
    set(&other, "scaling", "strong");
    assert_true(h5r_factors_hash(&other) == h5r_factors_hash(&plain));
    set(&other, "ranks", "4");
    assert_true(h5r_factors_hash(&other) != h5r_factors_hash(&plain));
    set(&other, "ranks", "all");
    set(&other, "scaling", "weak");
    assert_true(h5r_factors_hash(&other) != h5r_factors_hash(&plain));
}

static void ranks_as_text(void **state)
{
    (void)state;
    static const struct {
        const char *text, *canonical; /* NULL: refused */
    } known[] = {{"all", "all"}, {"1", "1"},          {"2k", "2000"}, {"100000000", "100000000"},
                 {"0", NULL},    {"-1", NULL},        {"ALL", NULL},  {"1.5", NULL},
                 {"", NULL},     {"100000001", NULL}, {"x", NULL}};
    for (size_t i = 0; i < H5R_COUNT_OF(known); i++) {
        h5r_factors_t f;
        h5r_error_t err = {0};
        char text[H5R_TEXT_SIZE];
        h5r_factors_default(&f);
        const h5r_factor_t *ranks = h5r_factor_find("ranks");
        h5r_status_t status = h5r_factor_parse(ranks, known[i].text, &f, &err);
        if (known[i].canonical == NULL) {
            assert_int_equal(status, H5R_USAGE);
            assert_true(strstr(err.message, "nor all") ||
                        strstr(err.message, "out of range, 1 to 100000000"));
            assert_true(f.ranks == H5R_RANKS_ALL);
        } else {
            assert_int_equal(status, H5R_OK);
            assert_string_equal(h5r_factor_format(ranks, &f, text, sizeof text), known[i].canonical);
        }
    }
}

/* A suite from text. */
static h5r_status_t load(const char *text, h5r_plan_t *plan, char **diagnostics)
{
    char path[] = "/tmp/h5roof-scaling-XXXXXX";
    h5r_error_t err = {0};
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    assert_int_equal(close(fd), 0);
    h5r_status_t status = h5r_plan_load(path, NULL, 0, plan, diagnostics, &err);
    assert_int_equal(unlink(path), 0);
    return status;
}

static const h5r_caps_t caps = {.version = {1, 10, 8}, .filter = {true, true, true}};

typedef struct {
    const char *name, *reason; /* NULL: it runs */
} expectation_t;

static void expect(const char *text, int job_ranks, const expectation_t *expected, size_t n)
{
    h5r_plan_t plan;
    char *diagnostics;
    if (load(text, &plan, &diagnostics) != H5R_OK) {
        fail_msg("%s", diagnostics);
    }
    size_t run = h5r_plan_apply_rules(&plan, &caps, job_ranks);
    assert_int_equal(plan.ncases, n);
    for (size_t i = 0; i < n; i++) {
        const h5r_case_t *c = &plan.cases[i];
        assert_string_equal(c->name, expected[i].name);
        bool right = expected[i].reason == NULL ? c->skip_reason[0] == '\0'
                                                : strstr(c->skip_reason, expected[i].reason) != NULL;
        if (!right) {
            fail_msg("%s with %d ranks: '%s'", c->name, job_ranks, c->skip_reason);
        }
        run -= c->skip_reason[0] == '\0' ? 1 : 0;
    }
    assert_int_equal(run, 0);
    h5r_plan_free(&plan);
}

static void a_sweep_over_ranks(void **state)
{
    (void)state;
    const expectation_t expected[] = {{"r/ranks=1", NULL},
                                      {"r/ranks=3", NULL},
                                      {"r/ranks=9", "it needs 9 ranks, and the job has 4"},
                                      {"r/ranks=all", NULL}};
    expect("suite: s\ncases: [{name: r, sweep: {ranks: [1, 3, 9, all]}}]\n", 4, expected, 4);

    h5r_plan_t plan;
    char *diagnostics;
    assert_int_equal(load("suite: s\ncases: [{name: r, ranks: none}]\n", &plan, &diagnostics), H5R_USAGE);
    assert_non_null(strstr(diagnostics, "ranks 'none' is not a whole number such as 521 or 100k, nor all"));
    free(diagnostics);
    h5r_plan_free(&plan);
}

/* Rules look at the whole dataset and at the ranks that take part, not at those of the job. */
static void rules_of_what_is_resolved(void **state)
{
    (void)state;
    const expectation_t chunk[] = {{"w/ranks=1", "chunk 4x4 does not fit into the dataset, 2x8"},
                                   {"w/ranks=2", NULL},
                                   {"w/ranks=all", NULL}};
    expect("suite: s\ncases: [{name: w, shape: [2, 8], scaling: weak, layout: chunked, chunk: [4, 4], sweep: "
           "{ranks: [1, 2, all]}}]\n",
           4, chunk, 3);

    const expectation_t large[] = {{"w/ranks=1", NULL},
                                   {"w/ranks=2", "the dataset has more than 2^60 bytes"}};
    expect(
        "suite: s\ncases: [{name: w, shape: [1024, 1024, 1024, 1024, 1024, 512], dtype: u8, scaling: weak, "
        "sweep: "
        "{ranks: [1, 2]}}]\n",
        4, large, 2);

    const expectation_t alone[] = {{"c/ranks=1", NULL}, {"c/ranks=2", "decomposition replicated"}};
    expect("suite: s\ncases: [{name: c, shape: [8, 8], layout: compact, sweep: {ranks: [1, 2]}}]\n", 2, alone,
           2);

    const expectation_t own[] = {{"o/ranks=2", NULL}, {"o/ranks=4", "dataset of rank 0, 2x8"}};
    expect("suite: s\ncases: [{name: o, driver: sec2, shape: [8, 8], layout: chunked, chunk: [4, 4], sweep: "
           "{ranks: [2, 4]}}]\n",
           4, own, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranks_that_take_part),
        cmocka_unit_test(strong_keeps_the_shape),
        cmocka_unit_test(weak_grows_and_comes_back),
        cmocka_unit_test(a_product_stays_at_the_largest),
        cmocka_unit_test(identity),
        cmocka_unit_test(ranks_as_text),
        cmocka_unit_test(a_sweep_over_ranks),
        cmocka_unit_test(rules_of_what_is_resolved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
