#include "cli/compare/compare_report.h"
#include "cli/compare/two_runs.h"
#include "core/base/units.h"

#include <stdlib.h>
#include <string.h>

static const cli_option_t options[] = {
    {"threshold", "P%", "smallest change that matters (default 5%)"},
    {"counters-only", NULL, "only what must be exactly the same; no times: for CI"},
    {"format", "FORM", "table, csv or json"},
    {"force", NULL, "compare what should not be compared, other machines, say"},
    CLI_FOR_SPREADSHEETS,
    {NULL, NULL, NULL},
};

static const char text[] = "Slower or faster: Mann-Whitney, corrected over all comparisons after Holm, is\n"
                           "below 5 %, and the 95 % bootstrap interval of the ratio of the medians lies\n"
                           "wholly beyond the threshold; same: wholly within. Sizes, calls, MPI-IO counts\n"
                           "and modes are compared exactly. Exit code 1: slower, other counters, wrong\n"
                           "data, or a case lost; 5: refused, since the machines or libraries differ.\n\n"
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
    o->threshold = H5R_THRESHOLD;
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

static h5r_status_t judge(const h5r_comparison_t *c, h5r_error_t *err)
{
    char *counts = NULL;
    size_t size = 0;
    if (c->pairs == 0) {
        return h5r_fail(err, H5R_RESULTS, "nothing was compared: no case was measured in both runs");
    }
    if (!h5r_comparison_failed(c)) {
        return H5R_OK;
    }
    FILE *memory = open_memstream(&counts, &size);
    if (memory != NULL) {
        compare_print_counts(c, memory);
        fclose(memory);
    }
    h5r_fail(err, H5R_GATE, "NEW is worse than OLD: %s", counts != NULL ? counts : "");
    free(counts);
    return err->code;
}

static int run(const cli_args_t *args)
{
    h5r_compare_options_t o;
    const cli_format_t format = cli_format(args);
    if (!parse_options(args, &o)) {
        return H5R_USAGE;
    }
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
