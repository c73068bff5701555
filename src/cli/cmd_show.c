#include "cli/cli.h"
#include "cli/show_format.h"
#include "core/factor.h"
#include "core/note.h"
#include "core/result.h"
#include "core/units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const cli_option_t options[] = {
    {"format", "FORM", "table (default), markdown, csv, json or tracker"},
    {"quiet", NULL, "leave the notes out"},
    {NULL, NULL, NULL},
};

static const char text[] = "Per case: the median of the durable bandwidth in MiB/s (payload over the sum of\n"
                           "the slowest ranks' phases: create, select, write, flush and close; or open,\n"
                           "select, read and close), its 95 % order-statistic interval, the efficiency\n"
                           "(roof time over measured time), repetitions, and what is noteworthy.\n"
                           "csv and json: one record per case and operation, with all factors.\n"
                           "tracker: JSON that github-action-benchmark reads as customBiggerIsBetter.\n\n"
                           "examples:\n"
                           "  h5roof show results/smoke-20260101T120000Z\n"
                           "  h5roof show results/smoke-20260101T120000Z --format csv > table.csv\n"
                           "  h5roof explain amplified\n";

#define NAME_WIDTH_MIN 16
#define NAME_WIDTH_MAX 64

/* "812 [790, 830]" and "85%", or dashes. */
static void print_numbers(const h5r_result_t *r)
{
    char median[32] = "-", low[32], high[32], interval[72] = "-", efficiency[32] = "-";
    if (r != NULL && r->durable_mibps.n > 0) {
        h5r_format_mibps(r->durable_mibps.median, median, sizeof median);
    }
    if (r != NULL && r->durable_mibps.has_ci) {
        snprintf(interval, sizeof interval, "%s-%s",
                 h5r_format_mibps(r->durable_mibps.ci_low, low, sizeof low),
                 h5r_format_mibps(r->durable_mibps.ci_high, high, sizeof high));
    }
    if (r != NULL && r->efficiency.n > 0) {
        double percent = 100.0 * r->efficiency.median;
        if (percent < 0.05) {
            snprintf(efficiency, sizeof efficiency, "<0.1%%");
        } else {
            snprintf(efficiency, sizeof efficiency, "%.*f%%", percent < 9.95 ? 1 : 0, percent);
        }
    }
    printf("  %7s  %-13s %5s", median, interval, efficiency);
}

static void print_notes(const h5r_result_t *r)
{
    char *notes = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&notes, &size);
    if (memory == NULL) {
        return;
    }
    int n = h5r_notes_write(r, memory);
    if (fclose(memory) == 0 && n > 0) {
        char *line = malloc(size + 32);
        if (line != NULL) {
            snprintf(line, size + 32, "%s: %s", r->last.operation, notes);
            cli_print_wrapped(stdout, 6, line);
        }
        free(line);
    }
    free(notes);
}

static const h5r_result_t *partner(const h5r_results_t *results, size_t i, const char *operation)
{
    const h5r_result_t *first = &results->result[i];
    for (size_t k = i; k < results->n && k < i + 2; k++) {
        const h5r_result_t *r = &results->result[k];
        if (strcmp(r->last.case_name, first->last.case_name) == 0 &&
            strcmp(r->last.operation, operation) == 0) {
            return r;
        }
    }
    return NULL;
}

static int name_width(const h5r_results_t *results)
{
    int width = NAME_WIDTH_MIN;
    for (size_t i = 0; i < results->n; i++) {
        int length = (int)strlen(results->result[i].last.case_name);
        if (!show_is_listed(&results->result[i]) && length > width) {
            width = length < NAME_WIDTH_MAX ? length : NAME_WIDTH_MAX;
        }
    }
    return width;
}

/* The state of the cache before the reads, if it is the same for all. */
static const char *cache_of(const h5r_results_t *results)
{
    const h5r_row_t *first = NULL;
    for (size_t i = 0; i < results->n; i++) {
        const h5r_row_t *row = &results->result[i].last;
        if (strcmp(row->operation, "read") != 0) {
            continue;
        }
        if (first != NULL && first->factors.cache != row->factors.cache) {
            return NULL;
        }
        first = row;
    }
    return first != NULL ? h5r_factor_find("cache")->choices[first->factors.cache] : NULL;
}

static void print_heading(const h5r_results_t *results, int width)
{
    const h5r_row_t *first = &results->result[0].last;
    for (size_t i = 0; i < results->n; i++) {
        if (!show_is_listed(&results->result[i])) {
            first = &results->result[i].last;
            break;
        }
    }
    printf("suite %s, run %s, %llu rank%s\n", first->suite, first->run_id, (unsigned long long)first->ranks,
           first->ranks == 1 ? "" : "s");
    const char *cache = cache_of(results);
    printf("%-*s  %-28s  read%s%s%s\n", width, "", "durable write", cache != NULL ? " (cache " : "",
           cache != NULL ? cache : "", cache != NULL ? ")" : "");
    printf("%-*s  %7s  %-13s %5s  %7s  %-13s %5s  %3s\n", width, "case", "MiB/s", "95 % interval", "eff",
           "MiB/s", "95 % interval", "eff", "n");
}

static void print_case(const h5r_results_t *results, size_t i, int width, bool notes)
{
    const h5r_result_t *write = partner(results, i, "write"), *read = partner(results, i, "read");
    const h5r_result_t *any = write != NULL ? write : read != NULL ? read : &results->result[i];
    printf("%-*s", width, any->last.case_name);
    print_numbers(write);
    print_numbers(read);
    printf("  %3zu\n", any->repetitions);
    if (notes && write != NULL) {
        print_notes(write);
    }
    if (notes && read != NULL) {
        print_notes(read);
    }
}

/* Cases without a measurement, by what became of them. */
static void print_listed(const h5r_results_t *results)
{
    for (size_t i = 0; i < results->n; i++) {
        const char *status = results->result[i].last.status;
        bool first = show_is_listed(&results->result[i]);
        for (size_t k = 0; k < i && first; k++) {
            first =
                !show_is_listed(&results->result[k]) || strcmp(results->result[k].last.status, status) != 0;
        }
        for (size_t k = i; k < results->n && first; k++) {
            const h5r_row_t *row = &results->result[k].last;
            if (show_is_listed(&results->result[k]) && strcmp(row->status, status) == 0) {
                printf("%s%s%s%s: %s\n", k == i ? "\n" : "", k == i ? status : "", k == i ? ":\n" : "",
                       row->case_name, row->reason);
            }
        }
    }
}

static void print_table(const h5r_results_t *results, const char *directory, bool notes)
{
    int width = name_width(results);
    if (results->n == 0) {
        printf("no case was finished in %s\n", directory);
    } else {
        print_heading(results, width);
    }
    for (size_t i = 0; i < results->n; i++) {
        bool again =
            i > 0 && strcmp(results->result[i].last.case_name, results->result[i - 1].last.case_name) == 0;
        if (!show_is_listed(&results->result[i]) && !(again && !show_is_listed(&results->result[i - 1]))) {
            print_case(results, i, width, notes);
        }
    }
    print_listed(results);
}

static const show_format_t *find_format(const char *name)
{
    for (size_t i = 0; i < show_format_count; i++) {
        if (strcmp(show_formats[i].name, name) == 0) {
            return &show_formats[i];
        }
    }
    return NULL;
}

static int unknown_format(const cli_args_t *args, const char *name)
{
    const char *names[16] = {"table"};
    for (size_t i = 0; i < show_format_count && i < 14; i++) {
        names[i + 1] = show_formats[i].name;
    }
    const char *near = h5r_nearest(name, names);
    return near != NULL ? cli_usage_error(args->command, "unknown form '%s'; did you mean '%s'?", name, near)
                        : cli_usage_error(args->command,
                                          "unknown form '%s': table, markdown, csv, json or tracker", name);
}

static int run(const cli_args_t *args)
{
    const char *name = cli_value(args, "format");
    const show_format_t *format = name != NULL ? find_format(name) : NULL;
    if (name != NULL && format == NULL && strcmp(name, "table") != 0) {
        return unknown_format(args, name);
    }
    h5r_results_t results;
    h5r_error_t err = {0};
    if (h5r_results_load(args->operand[0], &results, &err) != H5R_OK) {
        h5r_results_free(&results);
        return cli_error(&err);
    }
    bool notes = cli_value(args, "quiet") == NULL;
    if (format != NULL) {
        format->write(&results, notes, stdout);
    } else {
        print_table(&results, args->operand[0], notes);
    }
    if (results.torn) {
        fputs("h5roof: warning: the last line of results.csv is torn and was left out\n", stderr);
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
    .text = text,
    .run = run,
};
