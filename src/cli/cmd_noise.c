#include "cli/compare/noise_report.h"
#include "cli/compare/two_runs.h"

#include <stdlib.h>

static const cli_option_t options[] = {
    {"format", "FORM", "table, csv or json"},
    {"force", NULL, "also if machines or libraries differ"},
    CLI_FOR_SPREADSHEETS,
    {NULL, NULL, NULL},
};

static const char text[] = "Runs of one suite on one machine, with nothing changed, are compared with each\n"
                           "other, so that every slower or faster is a false alarm. First it says which\n"
                           "change is visible at all. A comparison can tell at a threshold if half its\n"
                           "interval is no wider than that. Recommended is the smallest threshold (2 % at\n"
                           "least) at which at most 1 % of those that can tell are called; none is\n"
                           "recommended if fewer than half of the comparisons can tell. One DIR: its even\n"
                           "blocks against its odd ones, which shows less noise than separate runs do.\n\n"
                           "examples:\n"
                           "  h5roof noise results/run1 results/run2 results/run3\n"
                           "  h5roof noise results/run1 --format json\n";

/* All against the first: none may be the same run twice or of another machine. */
static h5r_status_t check_runs(const cli_args_t *args, const h5r_results_t *run, size_t n,
                               cli_format_t format, h5r_error_t *err)
{
    bool force = cli_value(args, "force") != NULL;
    h5r_status_t status = H5R_OK;
    for (size_t i = 0; i < n && status == H5R_OK; i++) {
        for (size_t k = 0; k < i && status == H5R_OK; k++) {
            status = cli_refuse_same_run(args->operand[k], &run[k], args->operand[i], &run[i], err);
        }
    }
    for (size_t i = 1; i < n && status == H5R_OK; i++) {
        h5r_env_diff_t diff;
        status = cli_env_diff(args->operand[0], args->operand[i], force, &diff, err);
        if (status == H5R_OK && h5r_env_diff_count(&diff, H5R_ENV_TIMES) > 0) {
            cli_say(cli_err(), "%s -> %s\n", args->operand[0], args->operand[i]);
            cli_print_differences(cli_err(), &diff);
            status = force ? H5R_OK : cli_refuse_differences(&diff, H5R_ENV_TIMES, err);
        } else if (status == H5R_OK && diff.n > 0 && format == CLI_TABLE) {
            cli_say(cli_out(), "%s -> %s\n", args->operand[0], args->operand[i]);
            cli_print_differences(cli_out(), &diff);
        }
        h5r_env_diff_free(&diff);
    }
    return status;
}

static h5r_status_t report(const h5r_noise_t *noise, const cli_args_t *args, h5r_error_t *err)
{
    if (noise->comparisons == 0) {
        return h5r_fail(err, H5R_RESULTS, "no case has 5 + 5 repetitions to compare%s",
                        noise->split ? "; one run is split into its even and odd blocks: 10 are needed" : "");
    }
    switch (cli_format(args)) {
    case CLI_TABLE:
        noise_print_table(noise);
        break;
    case CLI_CSV:
        noise_print_csv(noise, cli_value(args, "for-spreadsheets") != NULL);
        break;
    case CLI_JSON:
        return noise_print_json(noise) ? H5R_OK : h5r_no_memory(err, "the report");
    }
    return H5R_OK;
}

static int run(const cli_args_t *args)
{
    const cli_format_t format = cli_format(args);
    size_t n = (size_t)args->operands;
    h5r_error_t err = {.code = H5R_OK};
    h5r_noise_t noise = {0};
    h5r_results_t *runs = calloc(n, sizeof *runs);
    cli_results_operands(args);
    h5r_status_t status = runs != NULL ? H5R_OK : h5r_no_memory(&err, "%zu runs", n);
    for (size_t i = 0; i < n && status == H5R_OK; i++) {
        status = cli_load_results(args->operand[i], &runs[i], &err);
    }
    if (status == H5R_OK) {
        status = check_runs(args, runs, n, format, &err);
    }
    if (status == H5R_OK) {
        status = h5r_noise(runs, n, &noise, &err);
    }
    if (status == H5R_OK) {
        status = report(&noise, args, &err);
    }
    if (status != H5R_OK) {
        fflush(cli_out());
        cli_error(&err);
    }
    h5r_noise_free(&noise);
    for (size_t i = 0; i < n && runs != NULL; i++) {
        h5r_results_free(&runs[i]);
    }
    free(runs);
    return cli_finish((int)status);
}

const cli_command_t cli_noise = {
    .name = "noise",
    .summary = "false alarms between equal runs, and a threshold that avoids them",
    .operands = "DIR...",
    .min_operands = 1,
    .max_operands = 64,
    .options = options,
    .choices = cli_format_choices,
    .text = text,
    .run = run,
};
