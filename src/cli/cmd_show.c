#include "cli/cli.h"
#include "cli/show/digest.h"
#include "cli/show/picked.h"
#include "cli/show/show_columns.h"
#include "cli/show/show_format.h"
#include "cli/show/show_table.h"
#include "core/factors/factor.h"
#include "core/table/result.h"

#include <stdlib.h>
#include <string.h>

static const cli_option_t options[] = {
    {"format", "FORM", "table (default), markdown, csv, json or tracker"},
    {"summary", NULL, "only what the run says in a few lines"},
    {"only", "PATTERN", "cases whose name matches or contains PATTERN; repeatable: any"},
    {"sort", "ORDER", "suite (as it was run), name, writes, reads or efficiency"},
    {"columns", "LIST", "a table of these columns of results.csv (medians) instead"},
    {"quiet", NULL, "leave the notes out"},
    {"sizes", NULL, "in the table: bytes that the datasets take, and the files"},
    CLI_FOR_SPREADSHEETS,
    {NULL, NULL, NULL},
};

static const char text[] = "DIR is the directory of a run, or its results.csv. Per case: the median of the\n"
                           "durable bandwidth (payload over the sum of the slowest ranks' phases), its 95 %\n"
                           "interval, efficiency (roof time over measured time), repetitions, notes.\n"
                           "tracker: what github-action-benchmark reads as customBiggerIsBetter.\n\n"
                           "examples:\n"
                           "  h5roof show results/smoke-20260101T120000Z --sort efficiency --only mpio\n"
                           "  h5roof show . --columns calls_count,os_write_count,stored_bytes\n";

static const char *const format_names[] = {
#define X(name) #name,
    "table", SHOW_FORMAT_TABLE(X) NULL
#undef X
};

static const char *const order_names[] = {
#define X(symbol, word) word,
    SHOW_ORDER_TABLE(X) NULL
#undef X
};

static const cli_choice_t choices[] = {{"format", format_names}, {"sort", order_names}, {NULL, NULL}};

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

static show_order_t order_of(const cli_args_t *args)
{
    const char *given = cli_value(args, "sort");
    int order = SHOW_BY_SUITE;
    for (int i = 0; given != NULL && order_names[i] != NULL; i++) {
        order = strcmp(order_names[i], given) == 0 ? i : order;
    }
    return (show_order_t)order;
}

static h5r_status_t write_results(const cli_args_t *args, const h5r_results_t *results, h5r_error_t *err)
{
    const char *name = cli_value(args, "format"), *columns = cli_value(args, "columns");
    const show_format_t *format = name != NULL ? find_format(name) : NULL;
    const show_wish_t wish = {.notes = cli_value(args, "quiet") == NULL,
                              .spreadsheet = cli_value(args, "for-spreadsheets") != NULL,
                              .sizes = cli_value(args, "sizes") != NULL,
                              .columns = cli_columns()};
    if (cli_value(args, "summary") != NULL) {
        digest_write(results, cli_out());
    } else if (columns != NULL) {
        return show_columns(results, columns, cli_out(), err);
    } else if (format != NULL) {
        format->write(results, wish, cli_out());
    } else {
        show_table(results, args->operand[0], wish);
    }
    return H5R_OK;
}

static int run(const cli_args_t *args)
{
    const char *only[CLI_MAX_GIVEN];
    const size_t nonly = cli_values(args, "only", only, CLI_MAX_GIVEN);
    h5r_results_t results, picked = {.result = NULL};
    h5r_error_t err = {0};
    cli_results_operands(args);
    if (h5r_results_load(args->operand[0], &results, &err) == H5R_OK &&
        show_pick(&results, only, nonly, order_of(args), &picked, &err) == H5R_OK) {
        write_results(args, &picked, &err);
    }
    if (err.code == H5R_OK && results.torn) {
        fputs("h5roof: warning: the last line of results.csv is torn and was left out\n", cli_err());
    }
    free(picked.result);
    h5r_results_free(&results);
    return err.code == H5R_OK ? cli_finish(H5R_OK) : cli_error(&err);
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
