#include "cli/cli.h"
#include "cli/show/show_format.h"
#include "cli/show/show_table.h"
#include "core/factors/factor.h"
#include "core/table/result.h"

#include <string.h>

static const cli_option_t options[] = {
    {"format", "FORM", "table (default), markdown, csv, json or tracker"},
    {"quiet", NULL, "leave the notes out"},
    {"sizes", NULL, "in the table: bytes that the datasets take, and the files"},
    CLI_FOR_SPREADSHEETS,
    {NULL, NULL, NULL},
};

static const char text[] = "Per case: the median of the durable bandwidth in MiB/s (payload over the sum of\n"
                           "the slowest ranks' phases: create, select, write, flush and close; or open,\n"
                           "select, read and close), its 95 % order-statistic interval, the efficiency\n"
                           "(roof time over measured time), repetitions, and what is noteworthy. An\n"
                           "opening that had to be refused is `refused` where objects/s would be.\n"
                           "csv and json: one record per case and operation, with all factors; json has the\n"
                           "median, interval and n of every column of real numbers as well.\n"
                           "tracker: JSON that github-action-benchmark reads as customBiggerIsBetter.\n\n"
                           "examples:\n"
                           "  h5roof show results/smoke-20260101T120000Z\n"
                           "  h5roof show results/smoke-20260101T120000Z --format csv > table.csv\n"
                           "  h5roof explain amplified\n";

static const char *const format_names[] = {
#define X(name) #name,
    "table", SHOW_FORMAT_TABLE(X) NULL
#undef X
};

static const cli_choice_t choices[] = {{"format", format_names}, {NULL, NULL}};

/* NULL: the table. */
static const show_format_t *find_format(const char *name)
{
    for (size_t i = 0; i < show_format_count; i++) {
        if (strcmp(show_formats[i].name, name) == 0) {
            return &show_formats[i];
        }
    }
    return NULL;
}

static int run(const cli_args_t *args)
{
    const char *name = cli_value(args, "format");
    const show_format_t *format = name != NULL ? find_format(name) : NULL;
    h5r_results_t results;
    h5r_error_t err = {0};
    if (h5r_results_load(args->operand[0], &results, &err) != H5R_OK) {
        h5r_results_free(&results);
        return cli_error(&err);
    }
    const show_wish_t wish = {.notes = cli_value(args, "quiet") == NULL,
                              .spreadsheet = cli_value(args, "for-spreadsheets") != NULL,
                              .sizes = cli_value(args, "sizes") != NULL};
    if (format != NULL) {
        format->write(&results, wish, cli_out());
    } else {
        show_table(&results, args->operand[0], wish);
    }
    if (results.torn) {
        fputs("h5roof: warning: the last line of results.csv is torn and was left out\n", cli_err());
    }
    h5r_results_free(&results);
    return cli_finish(H5R_OK);
}

const cli_command_t cli_show = {
    .name = "show",
    .summary = "the result table of a run, with what is noteworthy",
    .operands = "DIR",
    .min_operands = 1,
    .max_operands = 1,
    .options = options,
    .choices = choices,
    .text = text,
    .run = run,
};
