/* The settings of a suite that are not factors: name, how to read it, where it goes. One line each in
 * setting_table. */
#include "core/suite/plan_suite.h"

#include "core/base/units.h"
#include "h5roof/count.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define MAX_REPETITIONS UINT64_C(1000000)
#define MAX_TIME_S      (30.0 * 24 * 3600)

static h5r_status_t set_suite(h5r_plan_t *plan, const char *text, h5r_error_t *err)
{
    size_t length = strlen(text);
    for (const char *s = text; *s; s++) {
        if (!isalnum((unsigned char)*s) && *s != '-' && *s != '_') {
            return h5r_fail(err, H5R_USAGE, "suite '%s': a name has letters, digits, '-' and '_' only", text);
        }
    }
    if (length == 0 || length >= sizeof plan->suite || text[0] == '-') {
        return h5r_fail(err, H5R_USAGE,
                        "suite '%s': a name has 1 to %zu characters and does not begin with '-'", text,
                        sizeof plan->suite - 1);
    }
    memcpy(plan->suite, text, length + 1);
    return H5R_OK;
}

static h5r_status_t set_seed(h5r_plan_t *plan, const char *text, h5r_error_t *err)
{
    if (!h5r_parse_count(text, &plan->seed)) {
        return h5r_fail(err, H5R_USAGE, "seed '%s' is not a whole number", text);
    }
    return H5R_OK;
}

static h5r_status_t set_verify(h5r_plan_t *plan, const char *text, h5r_error_t *err)
{
    plan->verify = strcmp(text, "true") == 0;
    if (!plan->verify && strcmp(text, "false") != 0) {
        return h5r_fail(err, H5R_USAGE, "verify '%s' is neither true nor false", text);
    }
    return H5R_OK;
}

const char *const h5r_roofs_names[] = {"all", "store", "none", NULL};

static h5r_status_t set_roofs(h5r_plan_t *plan, const char *text, h5r_error_t *err)
{
    for (int i = 0; h5r_roofs_names[i] != NULL; i++) {
        if (strcmp(h5r_roofs_names[i], text) == 0) {
            plan->roofs = (h5r_roofs_t)i;
            return H5R_OK;
        }
    }
    return h5r_fail(err, H5R_USAGE, "roofs '%s' is none of all, store, none", text);
}

static h5r_status_t set_scratch(h5r_plan_t *plan, const char *text, h5r_error_t *err)
{
    size_t length = strlen(text);
    if (length == 0 || length >= sizeof plan->scratch) {
        return h5r_fail(err, H5R_USAGE, "scratch: an empty or too long directory name");
    }
    memcpy(plan->scratch, text, length + 1);
    return H5R_OK;
}

static h5r_status_t parse_repetitions(const char *what, const char *text, uint64_t least, uint64_t *n,
                                      h5r_error_t *err)
{
    if (!h5r_parse_count(text, n)) {
        return h5r_fail(err, H5R_USAGE, "%s '%s' is not a whole number", what, text);
    }
    if (*n < least || *n > MAX_REPETITIONS) {
        return h5r_fail(err, H5R_USAGE, "%s '%s' is out of range, %" PRIu64 " to %" PRIu64, what, text, least,
                        MAX_REPETITIONS);
    }
    return H5R_OK;
}

static h5r_status_t set_warmup(h5r_plan_t *plan, const char *text, h5r_error_t *err)
{
    return parse_repetitions("repeat.warmup", text, 0, &plan->repeat.warmup, err);
}

static h5r_status_t set_min(h5r_plan_t *plan, const char *text, h5r_error_t *err)
{
    return parse_repetitions("repeat.min", text, 1, &plan->repeat.min, err);
}

static h5r_status_t set_max(h5r_plan_t *plan, const char *text, h5r_error_t *err)
{
    return parse_repetitions("repeat.max", text, 1, &plan->repeat.max, err);
}

static h5r_status_t set_ci(h5r_plan_t *plan, const char *text, h5r_error_t *err)
{
    double ci;
    if (!h5r_parse_fraction(text, &ci)) {
        return h5r_fail(err, H5R_USAGE, "repeat.ci '%s' is not a fraction such as 5%% or 0.05", text);
    }
    if (!(ci > 0.0 && ci <= 1.0)) {
        return h5r_fail(err, H5R_USAGE, "repeat.ci '%s' is out of range, above 0%% to 100%%", text);
    }
    plan->repeat.ci_frac = ci;
    return H5R_OK;
}

static h5r_status_t set_time(h5r_plan_t *plan, const char *text, h5r_error_t *err)
{
    double time_s;
    if (!h5r_parse_seconds(text, &time_s)) {
        return h5r_fail(err, H5R_USAGE, "repeat.time '%s' is not a time such as 30s, 250ms or 2min", text);
    }
    if (!(time_s > 0.0 && time_s <= MAX_TIME_S)) {
        return h5r_fail(err, H5R_USAGE, "repeat.time '%s' is out of range, above 0s to 720h", text);
    }
    plan->repeat.time_s = time_s;
    return H5R_OK;
}

static h5r_status_t set_case_timeout(h5r_plan_t *plan, const char *text, h5r_error_t *err)
{
    double timeout_s;
    if (!h5r_parse_seconds(text, &timeout_s)) {
        return h5r_fail(err, H5R_USAGE, "case_timeout '%s' is not a time such as 30m or 90s; 0s: no limit",
                        text);
    }
    if (!(timeout_s >= 0.0 && timeout_s <= MAX_TIME_S)) {
        return h5r_fail(err, H5R_USAGE, "case_timeout '%s' is out of range, 0s to 720h", text);
    }
    plan->case_timeout_s = timeout_s;
    return H5R_OK;
}

/* X(name, function, default, help); repeat.KEY is KEY of the mapping `repeat`. */
#define SETTING_TABLE(X)                                                                                     \
    X("suite", set_suite, "", "Name of the suite, and of its directory of results; required.")               \
    X("seed", set_seed, "1", "Decides the data and the order of the cases.")                                 \
    X("verify", set_verify, "true",                                                                          \
      "Every byte that is read back is checked; false: none, and rows say so.")                              \
    X("roofs", set_roofs, "all",                                                                             \
      "Which roofs are measured: all; store: only that of the storage, and no efficiency where another one " \
      "may bind; none.")                                                                                     \
    X("scratch", set_scratch, "", "Directory under test; --scratch comes before it.")                        \
    X("case_timeout", set_case_timeout, "30m",                                                               \
      "What one repetition or roof may take before it is taken to hang and the run ends; 0s: any time.")     \
    X("repeat.warmup", set_warmup, "1", "Repetitions before those that count; they are recorded, too.")      \
    X("repeat.min", set_min, "6", "Repetitions at least; below 6 there is no 95 % interval.")                \
    X("repeat.max", set_max, "30", "Repetitions at most.")                                                   \
    X("repeat.ci", set_ci, "5%",                                                                             \
      "A case ends when half its interval, relative to the median, is as narrow in all operations.")         \
    X("repeat.time", set_time, "30s", "A case ends, its least repetitions done, after this time in it.")

#define X(name, function, default_, help) name,
const char *const h5r_setting_names[] = {SETTING_TABLE(X) NULL};
#undef X

const h5r_setting_t h5r_setting_table[] = {
#define X(name, function, default_, help) {name, default_, help},
    SETTING_TABLE(X)
#undef X
};

const size_t h5r_setting_count = H5R_COUNT_OF(h5r_setting_table);

h5r_status_t h5r_setting_set(h5r_plan_t *plan, const char *name, const char *text, h5r_error_t *err)
{
    static const struct {
        const char *name;
        h5r_status_t (*set)(h5r_plan_t *plan, const char *text, h5r_error_t *err);
    } setting_table[] = {
#define X(name_, function, default_, help) {name_, function},
        SETTING_TABLE(X)
#undef X
    };
    char suggestion[128];
    for (size_t i = 0; i < H5R_COUNT_OF(setting_table); i++) {
        if (strcmp(setting_table[i].name, name) == 0) {
            return setting_table[i].set(plan, text, err);
        }
    }
    return h5r_fail(err, H5R_USAGE, "unknown factor or setting '%s'%s", name,
                    h5r_suite_suggest(name, h5r_setting_names, true, suggestion, sizeof suggestion));
}

void h5r_settings_default(h5r_plan_t *plan)
{
    for (size_t i = 0; i < h5r_setting_count; i++) {
        const h5r_setting_t *setting = &h5r_setting_table[i];
        if (setting->default_text[0] != '\0') {
            h5r_setting_set(plan, setting->name, setting->default_text, NULL);
        }
    }
}
