#include "plan_cases.h"

#include "core/factors/factor.h"
#include "h5roof/count.h"

static const h5r_caps_t caps = {.version = {1, 10, 8}, .filter = {true, true, true}};

static void names_and_order(void **state)
{
    static const char *const names[] = {"contiguous",
                                        "chunked/chunk=64x64/filter=none",
                                        "chunked/chunk=64x64/filter=deflate:1",
                                        "chunked/chunk=256x256/filter=none",
                                        "chunked/chunk=256x256/filter=deflate:1",
                                        "chunked/chunk=256x256/filter=shuffle+deflate:6",
                                        "chunked/chunk=1x2048/filter=none",
                                        "chunked/chunk=1x2048/filter=deflate:1",
                                        "chunked/chunk=1x2048/filter=shuffle+deflate:6"};
    h5r_plan_t plan;
    (void)state;
    load_ok(example, NULL, 0, &plan);
    assert_int_equal(plan.ncases, H5R_COUNT_OF(names));
    for (size_t i = 0; i < plan.ncases; i++) {
        assert_string_equal(plan.cases[i].name, names[i]);
        assert_true(plan.cases[i].id == h5r_factors_hash(&plan.cases[i].factors));
        assert_int_equal(plan.cases[i].factors.shape.d[0], 2048);
    }
    assert_int_equal(plan.left_out, 1);
    assert_string_equal(plan.question, "Does one chunk shape serve both full writes and tile reads?");
    assert_string_equal(plan.suite, "chunks");
    assert_string_equal(plan.path, "suite.yaml");
    assert_string_equal(plan.scratch, "/scratch/my \"dir\"");
    assert_false(plan.verify);
    assert_int_equal(plan.seed, 42);
    assert_int_equal(plan.repeat.warmup, 2);
    assert_int_equal(plan.repeat.min, 10);
    assert_int_equal(plan.repeat.max, 50);
    assert_true(plan.repeat.ci_frac == 0.05 && plan.repeat.time_s == 60.0);
    assert_string_equal(plan.cases[0].factors.hints, "cb_nodes=2;striping_unit=1048576");
    h5r_plan_free(&plan);
}

static void defaults_of_a_short_suite(void **state)
{
    h5r_plan_t plan;
    h5r_factors_t defaults;
    (void)state;
    load_ok("suite: short\ncases: [{name: only}]\n", NULL, 0, &plan);
    h5r_factors_default(&defaults);
    assert_int_equal(plan.ncases, 1);
    assert_memory_equal(&plan.cases[0].factors, &defaults, sizeof defaults);
    assert_int_equal(plan.seed, 1);
    assert_true(plan.verify);
    assert_int_equal(plan.repeat.warmup, 1);
    assert_int_equal(plan.repeat.min, 6);
    assert_int_equal(plan.repeat.max, 30);
    assert_true(plan.repeat.ci_frac == 0.05 && plan.repeat.time_s == 30.0);
    assert_string_equal(plan.question, "");
    assert_string_equal(plan.scratch, "");
    h5r_plan_free(&plan);
}

static void round_trip(const h5r_plan_t *plan)
{
    char *text = NULL, *again = NULL;
    size_t length = 0, again_length = 0;
    h5r_plan_t copy;
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    h5r_plan_write(plan, out);
    assert_int_equal(fclose(out), 0);
    load_ok(text, NULL, 0, &copy);
    assert_int_equal(copy.ncases, plan->ncases);
    for (size_t i = 0; i < plan->ncases; i++) {
        assert_string_equal(copy.cases[i].name, plan->cases[i].name);
        assert_true(copy.cases[i].id == plan->cases[i].id);
        assert_memory_equal(&copy.cases[i].factors, &plan->cases[i].factors, sizeof copy.cases[i].factors);
    }
    assert_string_equal(copy.question, plan->question);
    assert_string_equal(copy.scratch, plan->scratch);
    assert_string_equal(copy.suite, plan->suite);
    assert_memory_equal(&copy.repeat, &plan->repeat, sizeof copy.repeat);
    assert_int_equal(copy.seed, plan->seed);
    assert_int_equal(copy.verify, plan->verify);
    assert_true(copy.case_timeout_s == plan->case_timeout_s);
    out = open_memstream(&again, &again_length);
    assert_non_null(out);
    h5r_plan_write(&copy, out);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(again, text);
    h5r_plan_free(&copy);
    free(again);
    free(text);
}

static void written_and_read_back(void **state)
{
    static const char odd[] =
        "# Ünï: \"quoted\" # twice\n"
        "suite: \"null\"\n"
        "repeat: {ci: 33.3%, time: 0.1}\n"
        "cases:\n"
        "  - {name: \"null\"}\n"
        "  - {name: \"1e3\", access: 1000B, core_backing: true, chunk_cache: 0, max_ops: 0}\n"
        "  - {name: a:b, data: sample, data_file: \"a dir/'x\\\\y\\\" ü: #.h5:/g/d\"}\n"
        "  - {name: t, data: sample, sweep: {data_file: [\"a b.h5:/x\", \"a*b*.h5:/x\"]}}\n"
        "  - {name: h, hints: {key: \"va: lue\", other: \"[x]\"}, shape: 7}\n";
    h5r_plan_t plan;
    (void)state;
    load_ok(example, NULL, 0, &plan);
    round_trip(&plan);
    h5r_plan_free(&plan);
    load_ok(odd, NULL, 0, &plan);
    assert_string_equal(plan.cases[3].name, "t/data_file=a_b.h5:/x");
    assert_string_equal(plan.cases[4].name, "t/data_file=a_b_.h5:/x");
    round_trip(&plan);
    h5r_plan_free(&plan);
}

static const h5r_case_t *find_case(const h5r_plan_t *plan, const char *name)
{
    for (size_t i = 0; i < plan->ncases; i++) {
        if (strcmp(plan->cases[i].name, name) == 0) {
            return &plan->cases[i];
        }
    }
    fail_msg("no case '%s'", name);
    return NULL;
}

static void set_on_the_command_line(void **state)
{
    static const char *const sets[] = {"shape=[512, 512]",  "filter=deflate:3", "seed=7",
                                       "repeat.min=3",      "repeat.max=4",     "hints={cb_nodes: 4}",
                                       "scratch=/x y",      "verify=true",      "repeat.ci=10%",
                                       "repeat.time=250ms", "repeat.warmup=0",  "suite=renamed",
                                       "chunk_cache=4MiB",  "chunk_cache=64KiB"};
    h5r_plan_t plan;
    (void)state;
    /* The sweep over filter is gone; contiguous stays, and is for the rules to skip. */
    load_ok(example, sets, H5R_COUNT_OF(sets), &plan);
    assert_int_equal(plan.ncases, 4);
    const h5r_factors_t *f = &find_case(&plan, "chunked/chunk=256x256")->factors;
    assert_int_equal(f->shape.d[0], 512);
    assert_int_equal(f->filter.stage[0].level, 3);
    assert_int_equal(f->chunk_cache, 65536);
    assert_string_equal(find_case(&plan, "contiguous")->factors.hints, "cb_nodes=4");
    assert_string_equal(plan.suite, "renamed");
    assert_string_equal(plan.scratch, "/x y");
    assert_true(plan.verify);
    assert_int_equal(plan.seed, 7);
    assert_int_equal(plan.repeat.warmup, 0);
    assert_int_equal(plan.repeat.min, 3);
    assert_int_equal(plan.repeat.max, 4);
    assert_true(plan.repeat.ci_frac == 0.1 && plan.repeat.time_s == 0.25);
    assert_int_equal(h5r_plan_apply_rules(&plan, &caps, 2), 2);
    assert_non_null(strstr(find_case(&plan, "chunked/chunk=1x2048")->skip_reason, "does not fit"));
    assert_string_equal(find_case(&plan, "contiguous")->skip_reason, "filters need layout chunked");
    h5r_plan_free(&plan);
}

/* What told cases apart may be what --set makes equal: the first stays. */
static void set_makes_twins(void **state)
{
    static const char *const sets[] = {"mode=independent"};
    h5r_plan_t plan;
    (void)state;
    load_ok("suite: s\ncases: [{name: a, mode: collective}, {name: b, mode: independent}, {name: c, access: "
            "row}]\n",
            sets, 1, &plan);
    assert_int_equal(plan.ncases, 2);
    assert_string_equal(plan.cases[0].name, "a");
    assert_string_equal(plan.cases[1].name, "c");
    assert_int_equal(plan.left_out, 1);
    h5r_plan_free(&plan);
}

static void case_timeout(void **state)
{
    static const struct {
        const char *text;
        double seconds; /* -1: refused */
        const char *set;
    } known[] = {{"", 1800, NULL},
                 {"case_timeout: 90s\n", 90, NULL},
                 {"case_timeout: 0s\n", 0, NULL},
                 {"case_timeout: 0.25\n", 0.25, NULL},
                 {"case_timeout: 2h\n", 7200, NULL},
                 {"case_timeout: 2h\n", 300, "case_timeout=5m"},
                 {"case_timeout: never\n", -1, NULL},
                 {"case_timeout: 721h\n", -1, NULL},
                 {"case_timeout: -1s\n", -1, NULL},
                 {"", -1, "case_timeout=x"}};
    (void)state;
    for (size_t i = 0; i < H5R_COUNT_OF(known); i++) {
        char text[128];
        h5r_plan_t plan;
        snprintf(text, sizeof text, "suite: s\n%scases: [{name: a}]\n", known[i].text);
        size_t nsets = known[i].set != NULL ? 1 : 0;
        if (known[i].seconds < 0) {
            load_refused(text, strlen(text), &known[i].set, nsets, "case_timeout '");
            continue;
        }
        load_ok(text, &known[i].set, nsets, &plan);
        assert_true(plan.case_timeout_s == known[i].seconds);
        round_trip(&plan);
        h5r_plan_free(&plan);
    }
}

static void refused_sets(void **state)
{
    static const struct {
        const char *set, *expected;
    } known[] = {
        {"chnk=64x64",
         "--set chnk=64x64: error: unknown factor or setting 'chnk'; did you mean 'chunk'?\n1 error in"},
        {"repeat.mni=3",
         "--set repeat.mni=3: error: unknown factor or setting 'repeat.mni'; did you mean 'repeat.min'?"},
        {"layout", "--set layout: error: key=value is expected"},
        {"=3", "--set =3: error: key=value is expected"},
        {"", "--set : error: key=value is expected"},
        {"layout=", "--set layout=: error: unknown layout ''"},
        {"layout=[chunked, compact]", "layout takes one value here"},
        {"shape=[[1, 2], [3, 4]]", "shape takes one value here"},
        {"shape=[64, 64", "--set shape=[64, 64: error: '[64, 64' is not YAML: "},
        {"shape=[]", "shape is an empty list"},
        {"layout={a: b}", "a mapping where one value is expected"},
        {"seed=x", "--set seed=x: error: seed 'x' is not a whole number"},
        {"repeat.max=3", "--set repeat.max=3: error: repeat.min 10 is above repeat.max 3"},
        {"cases=x", "unknown factor or setting 'cases'"},
    };
    (void)state;
    for (size_t i = 0; i < H5R_COUNT_OF(known); i++) {
        load_refused(example, strlen(example), &known[i].set, 1, known[i].expected);
    }
}

static int by_id(const void *a, const void *b)
{
    const h5r_case_t *const *x = a, *const *y = b;
    return (*x)->id < (*y)->id ? -1 : (*x)->id > (*y)->id;
}

static void ten_thousand_cases(void **state)
{
    char *text = NULL;
    size_t length = 0;
    h5r_plan_t plan;
    (void)state;
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    fputs("suite: many\ncases:\n  - name: all\n    sweep:\n      max_ops: [", out);
    for (int i = 1; i <= 100; i++) {
        fprintf(out, "%d, ", i);
    }
    fputs("]\n      chunk_slots: [", out);
    for (int i = 1; i <= 100; i++) {
        fprintf(out, "%d, ", i);
    }
    fputs("]\n", out);
    assert_int_equal(fclose(out), 0);
    load_ok(text, NULL, 0, &plan);
    free(text);
    assert_int_equal(plan.ncases, 10000);
    assert_string_equal(plan.cases[0].name, "all/max_ops=1/chunk_slots=1");
    assert_string_equal(plan.cases[101].name, "all/max_ops=2/chunk_slots=2");
    assert_string_equal(plan.cases[9999].name, "all/max_ops=100/chunk_slots=100");
    assert_int_equal(h5r_plan_apply_rules(&plan, &caps, 2), 10000);
    const h5r_case_t **sorted = calloc(plan.ncases, sizeof *sorted);
    assert_non_null(sorted);
    for (size_t i = 0; i < plan.ncases; i++) {
        sorted[i] = &plan.cases[i];
    }
    qsort(sorted, plan.ncases, sizeof *sorted, by_id);
    for (size_t i = 1; i < plan.ncases; i++) {
        assert_true(sorted[i]->id != sorted[i - 1]->id);
    }
    free(sorted);
    round_trip(&plan);
    h5r_plan_free(&plan);
}

static void unreadable_files(void **state)
{
    h5r_plan_t plan;
    h5r_error_t err = {0};
    char *diagnostics;
    (void)state;
    assert_int_equal(h5r_plan_load("/nowhere/x.yaml", NULL, 0, &plan, &diagnostics, &err), H5R_USAGE);
    assert_string_equal(err.message, "cannot read suite '/nowhere/x.yaml': No such file or directory");
    assert_null(diagnostics);
    h5r_plan_free(&plan);
    assert_int_equal(h5r_plan_load("/tmp", NULL, 0, &plan, &diagnostics, &err), H5R_USAGE);
    assert_string_equal(err.message, "cannot read suite '/tmp': Is a directory");
    assert_null(diagnostics);
    h5r_plan_free(&plan);
    load_refused("", 0, NULL, 0, "suite 'suite.yaml' is empty");
    load_refused("# only\n\n", 8, NULL, 0, "suite 'suite.yaml' is empty");
}

static void not_a_text(void **state)
{
    static const char nul[] = "suite: a\ncases: [{name: \0}]\n";
    static const char latin1[] = "suite: a # \xe9t\xe9\n";
    static const char escape[] = "suite: \"\\e[31m\"\ncases: [{name: a}]\n";
    size_t size = 200000;
    char *deep = malloc(size);
    (void)state;
    assert_non_null(deep);
    load_refused(nul, sizeof nul - 1, NULL, 0, "suite.yaml:2:16: error: byte 0x00 is not text (UTF-8)");
    load_refused(latin1, sizeof latin1 - 1, NULL, 0, "suite.yaml:1:12: error: byte 0xe9 is not text (UTF-8)");
    load_refused(escape, sizeof escape - 1, NULL, 0, "error: suite '\\x1b[31m'");
    memset(deep, '[', size);
    load_refused(deep, size, NULL, 0, "suite.yaml:1:");
    memset(deep, 'x', size);
    load_refused(deep, size, NULL, 0, "a suite is a mapping");
    free(deep);
}

static void everything_skipped(void **state)
{
    static const char text[] =
        "suite: a\ncases: [{name: a}, {name: b, access: row}]\nskip: [{layout: contiguous}]\n";
    (void)state;
    load_refused(text, strlen(text), NULL, 0, "skip leaves out every case");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_order),       cmocka_unit_test(defaults_of_a_short_suite),
        cmocka_unit_test(written_and_read_back), cmocka_unit_test(set_on_the_command_line),
        cmocka_unit_test(set_makes_twins),       cmocka_unit_test(case_timeout),
        cmocka_unit_test(refused_sets),          cmocka_unit_test(ten_thousand_cases),
        cmocka_unit_test(unreadable_files),      cmocka_unit_test(not_a_text),
        cmocka_unit_test(everything_skipped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
