#include "cli/compare/compare_report.h"
#include "cli/compare/two_runs.h"
#include "core/base/units.h"
#include "h5roof/count.h"

#include <stdlib.h>
#include <string.h>

static const cli_option_t options[] = {
    {"threshold", "P%", "smallest change that matters (default 5%)"},
    {"counters-only", NULL, "only what must be exactly the same; no times: for CI"},
    {"format", "FORM", "table, csv or json"},
    {"allow", "LIST", "compare although these differ: hdf5, mpi, cpu, ..."},
    {"force", NULL, "compare what should not be compared, whatever differs"},
    CLI_FOR_SPREADSHEETS,
    {NULL, NULL, NULL},
};

static const char text[] = "Slower or faster: Mann-Whitney, corrected over all comparisons after Holm, is\n"
                           "below 5 %, and the 95 % bootstrap interval of the ratio of the medians lies\n"
                           "wholly beyond the threshold; same: wholly within. Sizes, calls, MPI-IO counts\n"
                           "and modes are compared exactly. Exit code 1: slower, other counters, wrong\n"
                           "data, or a case lost; 5: refused, since the machines or libraries differ.\n"
                           "--allow lifts that for ranks, hdf5, zlib, counters, nodes, cpu, limits, mpi,\n"
                           "filesystem or sanitizers; after the first four other counters are no failure.\n\n"
                           "examples:\n"
                           "  h5roof compare results/before results/after --threshold 10%\n"
                           "  h5roof compare tests/baseline results/now --counters-only --format json\n";

/* A bare 5 is refused: as a fraction it would be 500 %, and a gate that never closes. */
static bool parse_threshold(const char *value, double *threshold)
{
    bool percent = strchr(value, '%') != NULL;
    return h5r_parse_fraction(value, threshold) && *threshold > 0 &&
           (percent ? *threshold <= 10 : *threshold < 1);
}

static bool parse_options(const cli_args_t *args, h5r_compare_options_t *o)
{
    const char *threshold = cli_value(args, "threshold");
    *o = (h5r_compare_options_t){.threshold = H5R_THRESHOLD};
    o->counters_only = cli_value(args, "counters-only") != NULL;
    o->any_ranks = cli_value(args, "force") != NULL;
    if (threshold != NULL && !parse_threshold(threshold, &o->threshold)) {
        cli_usage_error(args->command, "--threshold: '%s' is no percentage above 0, as 5%% is", threshold);
        return false;
    }
    return true;
}

static bool print_report(const compare_report_t *r, cli_format_t format)
{
    switch (format) {
    case CLI_TABLE:
        compare_print_table(r);
        return true;
    case CLI_CSV:
        compare_print_csv(r);
        return true;
    case CLI_JSON:
        return compare_print_json(r);
    }
    return false;
}

/* Says only what is worse. */
static h5r_status_t judge(const h5r_comparison_t *c, h5r_error_t *err)
{
    const struct {
        size_t n;
        const char *text;
    } worse[] = {{c->verdicts[H5R_VERDICT_SLOWER], "slower"},
                 {c->counts_differ ? 0 : c->differing, "with other counters"},
                 {c->lost, "lost"},
                 {c->mismatches, "repetitions with wrong data"}};
    char list[256] = "";
    if (c->pairs == 0) {
        return h5r_fail(err, H5R_RESULTS, "nothing was compared: no case was measured in both runs");
    }
    if (!h5r_comparison_failed(c)) {
        return H5R_OK;
    }
    for (size_t i = 0, used = 0; i < H5R_COUNT_OF(worse); i++) {
        if (worse[i].n > 0) {
            used += (size_t)snprintf(list + used, sizeof list - used, "%s%zu %s", used > 0 ? ", " : "",
                                     worse[i].n, worse[i].text);
        }
    }
    return h5r_fail(err, H5R_GATE, "NEW is worse than OLD: %s", list);
}

/* One of the subjects of --allow; "" if a word is none of them. */
static const char *subject_of(const char *word, size_t length)
{
    const char *subject;
    for (size_t i = 0; (subject = h5r_env_subject(i)) != NULL; i++) {
        if (strlen(subject) == length && strncmp(subject, word, length) == 0) {
            return subject;
        }
    }
    return "";
}

static bool check_allowed(const cli_args_t *args)
{
    char list[256] = "";
    size_t used = 0;
    const char *subject;
    for (size_t i = 0; (subject = h5r_env_subject(i)) != NULL && used < sizeof list; i++) {
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", i > 0 ? ", " : "", subject);
    }
    for (const char *at = cli_value(args, "allow"); at != NULL && *at != '\0';) {
        const size_t length = strcspn(at, ",");
        if (subject_of(at, length)[0] == '\0') {
            cli_usage_error(args->command, "--allow: '%.*s' is none of %s", (int)length, at, list);
            return false;
        }
        at += length + (at[length] == ',' ? 1 : 0);
    }
    return true;
}

/* Differences that --allow names spoil nothing. */
static void allow(const cli_args_t *args, h5r_env_diff_t *env, h5r_compare_options_t *o)
{
    for (const char *at = cli_value(args, "allow"); at != NULL && *at != '\0';) {
        const size_t length = strcspn(at, ",");
        const char *subject = subject_of(at, length);
        o->counts_differ = h5r_env_allow(env, subject) >= H5R_ENV_COUNTS || o->counts_differ;
        o->any_ranks = o->any_ranks || strcmp(subject, "ranks") == 0;
        at += length + (at[length] == ',' ? 1 : 0);
    }
}

static int run(const cli_args_t *args)
{
    h5r_compare_options_t o;
    const cli_format_t format = cli_format(args);
    if (!parse_options(args, &o) || !check_allowed(args)) {
        return H5R_USAGE;
    }
    cli_results_operands(args);
    const char *old_dir = args->operand[0], *new_dir = args->operand[1];
    bool force = cli_value(args, "force") != NULL;
    h5r_error_t err = {.code = H5R_OK};
    h5r_results_t old = {0}, new = {0};
    h5r_env_diff_t env = {0};
    h5r_comparison_t comparison = {0};
    compare_report_t report = {.dir = {old_dir, new_dir},
                               .env = &env,
                               .options = &o,
                               .spreadsheet = cli_value(args, "for-spreadsheets") != NULL};
    h5r_status_t status = cli_load_results(old_dir, &old, &err);
    if (status == H5R_OK) {
        status = cli_load_results(new_dir, &new, &err);
    }
    if (status == H5R_OK) {
        status = cli_refuse_same_run(old_dir, &old, new_dir, &new, &err);
    }
    if (status == H5R_OK) {
        status = cli_env_diff(old_dir, new_dir, force, &env, &err);
    }
    if (status == H5R_OK) {
        allow(args, &env, &o);
        report.run[0] = &old;
        report.run[1] = &new;
        h5r_status_t refused =
            force ? H5R_OK
                  : cli_refuse_differences(&env, o.counters_only ? H5R_ENV_COUNTS : H5R_ENV_TIMES, &err);
        status = refused == H5R_OK ? h5r_compare(&old, &new, &o, &comparison, &err) : refused;
        report.comparison = status == H5R_OK ? &comparison : NULL;
        if ((status == H5R_OK || refused != H5R_OK) && !print_report(&report, format)) {
            status = h5r_no_memory(&err, "the report");
        }
    }
    if (status == H5R_OK) {
        status = judge(&comparison, &err);
    }
    if (status != H5R_OK) {
        fflush(cli_out());
        cli_error(&err);
    }
    h5r_comparison_free(&comparison);
    h5r_env_diff_free(&env);
    h5r_results_free(&old);
    h5r_results_free(&new);
    return cli_finish((int)status);
}

const cli_command_t cli_compare = {
    .name = "compare",
    .summary = "is NEW slower than OLD, in which phase, and do counters differ",
    .operands = "OLD NEW",
    .min_operands = 2,
    .max_operands = 2,
    .options = options,
    .choices = cli_format_choices,
    .text = text,
    .run = run,
};
