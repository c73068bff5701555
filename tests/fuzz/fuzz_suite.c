/*
 * Any bytes as a suite. What is refused is refused with a text that a terminal can show; what is accepted
 * becomes a plan which, written and read again, is the same plan. First lines of the form `#--set KEY=VALUE`
 * are given as such.
 */
#include "core/suite/plan.h"
#include "feed.h"

#include <string.h>

#define MAX_SETS 4
#define MAX_SET  256

static size_t take_sets(const char *text, size_t size, char room[MAX_SETS][MAX_SET], const char **sets)
{
    static const char mark[] = "#--set ";
    const size_t length = sizeof mark - 1;
    size_t n = 0;
    while (n < MAX_SETS && size > length && memcmp(text, mark, length) == 0) {
        const char *end = memchr(text, '\n', size);
        size_t line = end != NULL ? (size_t)(end - text) : size;
        if (line - length >= MAX_SET) {
            break;
        }
        memcpy(room[n], text + length, line - length);
        room[n][line - length] = '\0';
        sets[n] = room[n];
        n++;
        line += end != NULL ? 1 : 0;
        text += line;
        size -= line;
    }
    return n;
}

static void check_refusal(h5r_status_t status, const char *diagnostics, const h5r_error_t *err)
{
    FEED_CHECK(status == H5R_USAGE);
    FEED_CHECK(err->message[0] != '\0');
    for (const char *s = diagnostics; s != NULL && *s != '\0'; s++) {
        FEED_CHECK((unsigned char)*s >= 0x20 || *s == '\n');
        FEED_CHECK(*s != 0x7f && !((unsigned char)s[0] == 0xc2 && (unsigned char)s[1] < 0xa0));
    }
}

static void check_same(const h5r_plan_t *a, const h5r_plan_t *b)
{
    FEED_CHECK(a->ncases == b->ncases);
    FEED_CHECK(strcmp(a->suite, b->suite) == 0);
    FEED_CHECK(strcmp(a->scratch, b->scratch) == 0);
    FEED_CHECK(a->seed == b->seed && a->verify == b->verify);
    FEED_CHECK(a->repeat.warmup == b->repeat.warmup && a->repeat.min == b->repeat.min);
    FEED_CHECK(a->repeat.max == b->repeat.max && a->repeat.ci_frac == b->repeat.ci_frac);
    FEED_CHECK(a->repeat.time_s == b->repeat.time_s && a->case_timeout_s == b->case_timeout_s);
    for (size_t i = 0; i < a->ncases; i++) {
        FEED_CHECK(a->cases[i].id == b->cases[i].id);
        FEED_CHECK(strcmp(a->cases[i].name, b->cases[i].name) == 0);
    }
}

static void check_rules(h5r_plan_t *plan)
{
    static const h5r_caps_t caps = {.version = {1, 10, 8}, .filter = {true, true, true}};
    for (int ranks = 1; ranks < 8; ranks += 2) {
        FEED_CHECK(h5r_plan_apply_rules(plan, &caps, ranks) <= plan->ncases);
    }
}

static void check_round_trip(const h5r_plan_t *plan, const feed_file_t *file)
{
    h5r_plan_t again;
    h5r_error_t err = {0};
    char *diagnostics;
    FILE *out = feed_rewrite(file);
    h5r_plan_write(plan, out);
    FEED_CHECK(fclose(out) == 0);
    h5r_status_t status = h5r_plan_load(file->path, NULL, 0, &again, &diagnostics, &err);
    if (status != H5R_OK) {
        fprintf(stderr, "%s%s\n", diagnostics != NULL ? diagnostics : "", err.message);
    }
    FEED_CHECK(status == H5R_OK);
    check_same(plan, &again);
    h5r_plan_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static feed_file_t file = {.fd = -1};
    char room[MAX_SETS][MAX_SET];
    const char *sets[MAX_SETS];
    h5r_plan_t plan;
    h5r_error_t err = {0};
    char *diagnostics;
    if (file.fd < 0) {
        feed_open(&file);
    }
    feed_fill(&file, data, size);
    size_t nsets = take_sets((const char *)data, size, room, sets);
    h5r_status_t status = h5r_plan_load(file.path, sets, nsets, &plan, &diagnostics, &err);
    if (status == H5R_OK) {
        FEED_CHECK(diagnostics == NULL && plan.ncases > 0);
        check_rules(&plan);
        check_round_trip(&plan, &file);
    } else {
        check_refusal(status, diagnostics, &err);
    }
    free(diagnostics);
    h5r_plan_free(&plan);
    return 0;
}
