/* Which cases --only leaves of a suite. */
#include "plan_cases.h"

#include "h5roof/count.h"

static void only(void **state)
{
    static const struct {
        const char *pattern;
        size_t left;
    } known[] = {{"deflate", 5},
                 {"chunked/*", 8},
                 {"*=none", 3},
                 {"contiguous", 1},
                 {"chunk=[12]*filter=none", 0},
                 {"*chunk=[12]*filter=none", 2},
                 {"*", 9},
                 {"", 9},
                 {"nothing", 0}};
    (void)state;
    for (size_t i = 0; i < H5R_COUNT_OF(known); i++) {
        h5r_plan_t plan;
        load_ok(example, NULL, 0, &plan);
        assert_int_equal(h5r_plan_only(&plan, &known[i].pattern, 1), known[i].left);
        assert_int_equal(plan.ncases, known[i].left);
        h5r_plan_free(&plan);
    }
}

/* A suite of which --set spoils one case and makes two others the same. */
static void only_after_sets(void **state)
{
    static const char two[] = "suite: two\n"
                              "cases:\n"
                              "  - {name: plain, driver: sec2}\n"
                              "  - {name: cut, driver: stdio, layout: chunked, chunk: [64, 64]}\n"
                              "  - {name: other, driver: core, layout: chunked, chunk: [64, 64]}\n"
                              "  - {name: tiny, driver: core, shape: [8]}\n"
                              "skip: [{shape: [8]}]\n";
    static const struct {
        const char *set, *only[2], *left[2], *unmatched;
    } known[] = {{"chunk=32x32", {"cut"}, {"cut"}, NULL},
                 {"chunk=32x32", {"cut", "other"}, {"cut", "other"}, NULL},
                 {"chunk=32x32", {"o*", "c"}, {"cut", "other"}, NULL},
                 {"driver=sec2", {"other"}, {"other"}, NULL},      /* else the twin of cut */
                 {"driver=sec2", {"cut", "other"}, {"cut"}, NULL}, /* and here it is */
                 {NULL, {"plain", "cut"}, {"plain", "cut"}, NULL},
                 {NULL, {"plain", "nothing"}, {"plain"}, "nothing"},
                 {NULL, {"tiny", "plain"}, {"plain"}, "tiny"}, /* skip came first */
                 {"seed=2", {"tiny"}, {NULL}, "tiny"}};
    (void)state;
    write_file("two.yaml", two, strlen(two));
    for (size_t i = 0; i < H5R_COUNT_OF(known); i++) {
        h5r_plan_t plan;
        h5r_error_t err = {0};
        char *diagnostics;
        size_t left = known[i].left[1] ? 2 : known[i].left[0] ? 1 : 0;
        const h5r_plan_in_t in = {.path = "two.yaml",
                                  .sets = &known[i].set,
                                  .nsets = known[i].set ? 1 : 0,
                                  .only = known[i].only,
                                  .nonly = known[i].only[1] ? 2 : 1};
        if (h5r_plan_load_from(&in, &plan, &diagnostics, &err) != H5R_OK) {
            fail_msg("%zu: %s\n%s", i, err.message, diagnostics ? diagnostics : "");
        }
        assert_int_equal(plan.ncases, left);
        for (size_t k = 0; k < left; k++) {
            assert_string_equal(plan.cases[k].name, known[i].left[k]);
        }
        assert_true(plan.unmatched == known[i].unmatched || strcmp(plan.unmatched, known[i].unmatched) == 0);
        h5r_plan_free(&plan);
    }
    unlink("two.yaml");
    const char *set = "chunk=32x32";
    load_refused(two, strlen(two), &set, 1, "case 'plain': chunk 32x32 is given, but layout is not chunked");
}

/* Without --set nothing is overlooked: a mistake in the file is one whatever is asked for. */
static void only_hides_no_mistake(void **state)
{
    static const char wrong[] = "suite: w\ncases:\n  - {name: a}\n  - {name: b, chunk: [4, 4]}\n";
    const char *a = "a";
    h5r_plan_t plan;
    h5r_error_t err = {0};
    char *diagnostics;
    (void)state;
    write_file("wrong.yaml", wrong, strlen(wrong));
    const h5r_plan_in_t in = {.path = "wrong.yaml", .only = &a, .nonly = 1};
    assert_int_equal(h5r_plan_load_from(&in, &plan, &diagnostics, &err), H5R_USAGE);
    assert_non_null(strstr(diagnostics, "case 'b': chunk 4x4 is given"));
    free(diagnostics);
    h5r_plan_free(&plan);
    unlink("wrong.yaml");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only),
        cmocka_unit_test(only_after_sets),
        cmocka_unit_test(only_hides_no_mistake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
