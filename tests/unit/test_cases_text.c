/* Words of a command line as a suite, and what comes of that. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/suite/cases_text.h"
#include "core/suite/plan.h"
#include "h5roof/count.h"

#include <stdlib.h>
#include <string.h>

#define MOST 6

/* Words up to NULL, with "" before a further case. */
typedef struct {
    const char *word[MOST * 2];
    const char *name[MOST]; /* of the cases that come of it; NULL: no more */
} known_t;

static void load(const char *const *given, h5r_plan_t *plan, char **diagnostics, h5r_error_t *err)
{
    const char *word[MOST * 2];
    size_t begin[MOST + 1] = {0}, ncases = 1, n = 0;
    char *text = NULL;
    for (size_t i = 0; given[i] != NULL; i++) {
        if (given[i][0] == '\0') {
            begin[ncases++] = n;
        } else {
            word[n++] = given[i];
        }
    }
    begin[ncases] = n;
    *diagnostics = NULL;
    *plan = (h5r_plan_t){0};
    if (h5r_cases_text(word, begin, ncases, &text, err) == H5R_OK) {
        const h5r_plan_in_t in = {.path = H5R_CASES_PATH, .text = text};
        h5r_plan_load_from(&in, plan, diagnostics, err);
    }
    free(text);
}

static void become_cases(void **state)
{
    static const known_t known[] = {
        {{"shape=8x8"}, {"case"}},
        {{"shape=8x8", "name=mine"}, {"mine"}},
        {{"shape=64x64", "chunk=8x8", "filter=deflate:1"}, {"contiguous", "chunk=8x8,filter=deflate:1"}},
        {{"shape=64x64", "filter=shuffle"}, {"contiguous", "filter=shuffle"}},
        {{"shape=64x64", "layout=chunked", "mode=independent"}, {"contiguous", "layout=chunked"}},
        {{"chunk=[8, 8],[16, 16]", "shape=64x64"},
         {"contiguous", "chunked/chunk=8x8", "chunked/chunk=16x16"}},
        {{"access=row,whole", "shape=[8, 8]"}, {"case/access=row", "case/access=whole"}},
        {{"shape=8x8", "driver=sec2", "", "shape=8x8", "driver=mpio"}, {"driver=sec2", "driver=mpio"}},
        {{"workload=resize", "layout=chunked", "chunk=8x8", "shape=64x64"}, {"layout=chunked,chunk=8x8"}},
        {{"name=c", "chunk=8x8", "shape=64x64"}, {"c"}},
        {{"hints=romio_cb_write=enable;cb_nodes=2"}, {"case"}},
    };
    (void)state;
    for (size_t i = 0; i < H5R_COUNT_OF(known); i++) {
        h5r_plan_t plan;
        h5r_error_t err = {0};
        char *diagnostics;
        load(known[i].word, &plan, &diagnostics, &err);
        if (err.code != H5R_OK) {
            fail_msg("%zu: %s\n%s", i, err.message, diagnostics != NULL ? diagnostics : "");
        }
        size_t n = 0;
        while (n < MOST && known[i].name[n] != NULL) {
            assert_true(n < plan.ncases);
            assert_string_equal(plan.cases[n].name, known[i].name[n]);
            n++;
        }
        assert_int_equal(plan.ncases, n);
        h5r_plan_free(&plan);
    }
}

/* The twin has all but what belongs to chunks. */
static void twin(void **state)
{
    static const char *const words[] = {"shape=64x64", "dtype=f32", "chunk=8x8", "filter=deflate:1", NULL};
    h5r_plan_t plan;
    h5r_error_t err = {0};
    char *diagnostics;
    (void)state;
    load(words, &plan, &diagnostics, &err);
    assert_int_equal(err.code, H5R_OK);
    assert_int_equal(plan.ncases, 2);
    assert_int_equal(plan.cases[0].factors.layout, H5R_LAYOUT_CONTIGUOUS);
    assert_int_equal(plan.cases[0].factors.filter.n, 0);
    assert_int_equal(plan.cases[0].factors.dtype, plan.cases[1].factors.dtype);
    assert_int_equal(plan.cases[1].factors.layout, H5R_LAYOUT_CHUNKED);
    assert_int_equal(plan.cases[1].factors.chunk.d[0], 8);
    assert_int_equal(plan.cases[1].factors.filter.n, 1);
    h5r_plan_free(&plan);
}

static void are_refused(void **state)
{
    static const struct {
        const char *word[MOST];
        const char *says; /* in the message, or in the diagnostics */
    } known[] = {
        {{"smoke"}, "'smoke' is no FACTOR=VALUE"},
        {{"=8x8"}, "'=8x8' is no FACTOR=VALUE"},
        {{"shap=8x8"}, "unknown factor 'shap'; did you mean 'shape'?"},
        {{"layout=chunkd"}, "did you mean 'chunked'?"},
        {{"shape=8x8", "", "shape=8x8"}, "the same factors"},
        {{"layout=contiguous", "chunk=8x8"}, "chunk 8x8 is given, but layout is not chunked"},
        {{"shape=8x8", "shape=9x9"}, ""}, /* YAML's matter: one key twice */
        {{"name=a b"}, "name 'a b'"},
        {{"shape=\"8x8"}, "shape"},
    };
    (void)state;
    for (size_t i = 0; i < H5R_COUNT_OF(known); i++) {
        h5r_plan_t plan;
        h5r_error_t err = {0};
        char *diagnostics;
        load(known[i].word, &plan, &diagnostics, &err);
        assert_int_equal(err.code, H5R_USAGE);
        const char *said = diagnostics != NULL ? diagnostics : err.message;
        if (strstr(said, known[i].says) == NULL) {
            fail_msg("%zu: %s", i, said);
        }
        free(diagnostics);
        h5r_plan_free(&plan);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(become_cases),
        cmocka_unit_test(twin),
        cmocka_unit_test(are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
