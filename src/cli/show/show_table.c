#include "cli/show/show_table.h"

#include "cli/cli.h"
#include "cli/show/show_format.h"
#include "core/base/units.h"
#include "core/base/visible.h"
#include "core/compare/curve.h"
#include "core/factors/factor.h"
#include "core/notes/note.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NAME_WIDTH_MIN 16
#define NAME_WIDTH_MAX 64

/* "85%", or a dash. */
static void format_efficiency(const h5r_result_t *r, char *text, size_t size)
{
    if (r == NULL || r->efficiency.n == 0) {
        snprintf(text, size, "-");
        return;
    }
    double percent = 100.0 * r->efficiency.median;
    if (percent < 0.05) {
        snprintf(text, size, "<0.1%%");
    } else {
        snprintf(text, size, "%.*f%%", percent < 9.95 ? 1 : 0, percent);
    }
}

/* "812  790-830" and "85%", or dashes. */
static void print_numbers(const h5r_result_t *r)
{
    char median[32] = "-", low[32], high[32], interval[72] = "-", efficiency[32];
    if (r != NULL && r->durable_mibps.n > 0) {
        h5r_format_mibps(r->durable_mibps.median, median, sizeof median);
    }
    if (r != NULL && r->durable_mibps.has_ci) {
        snprintf(interval, sizeof interval, "%s-%s",
                 h5r_format_mibps(r->durable_mibps.ci_low, low, sizeof low),
                 h5r_format_mibps(r->durable_mibps.ci_high, high, sizeof high));
    }
    format_efficiency(r, efficiency, sizeof efficiency);
    cli_say(cli_out(), "  %7s  %-13s %5s", median, interval, efficiency);
}

#define SIZES_HEADING "     stored       file"

/* The end of a line, with what the datasets and the files take. */
static void print_sizes(const h5r_row_t *row, show_wish_t wish)
{
    char stored[32] = "-", file[32] = "-";
    if (row->stored_bytes != H5R_NO_COUNT && row->stored_bytes > 0) {
        h5r_format_size((double)row->stored_bytes, stored, sizeof stored);
    }
    if (row->file_bytes != H5R_NO_COUNT) {
        h5r_format_size((double)row->file_bytes, file, sizeof file);
    }
    if (wish.sizes) {
        cli_say(cli_out(), "  %9s  %9s", stored, file);
    }
    fputc('\n', cli_out());
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
            cli_print_remark(cli_out(), 6, line);
        }
        free(line);
    }
    free(notes);
}

/* The result of a case that goes one way. */
static const h5r_result_t *partner(const h5r_results_t *results, size_t i, h5r_direction_t direction)
{
    const h5r_result_t *first = &results->result[i];
    for (size_t k = i; k < results->n && k < i + 2; k++) {
        const h5r_result_t *r = &results->result[k];
        if (strcmp(r->last.case_name, first->last.case_name) == 0 && r->last.direction == direction) {
            return r;
        }
    }
    return NULL;
}

static int name_width(const h5r_results_t *results)
{
    int width = NAME_WIDTH_MIN;
    for (size_t i = 0; i < results->n; i++) {
        int length = (int)h5r_visible_width(results->result[i].last.case_name);
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
        if (row->direction != H5R_MOVES_IN) {
            continue;
        }
        if (first != NULL && first->factors.cache != row->factors.cache) {
            return NULL;
        }
        first = row;
    }
    return first != NULL ? h5r_factor_find("cache")->choices[first->factors.cache] : NULL;
}

static void print_suite(const h5r_results_t *results)
{
    uint64_t least = UINT64_MAX, most = 0;
    const h5r_row_t *first = &results->result[0].last;
    for (size_t i = results->n; i-- > 0;) {
        const h5r_row_t *row = &results->result[i].last;
        if (!show_is_listed(&results->result[i])) {
            first = row;
            least = row->ranks < least ? row->ranks : least;
            most = row->ranks > most ? row->ranks : most;
        }
    }
    least = most == 0 ? first->ranks : least;
    most = most == 0 ? first->ranks : most;
    cli_say(cli_out(), "suite %s, run %s, ", first->suite, first->run_id);
    if (least < most) {
        cli_say(cli_out(), "%" PRIu64 " to ", least);
    }
    cli_say(cli_out(), "%" PRIu64 " rank%s\n", most, most == 1 ? "" : "s");
}

static void print_heading(const h5r_results_t *results, int width, show_wish_t wish)
{
    const char *cache = cache_of(results);
    cli_say(cli_out(), "%-*s  %-28s  read%s%s%s\n", width, "", "durable write",
            cache != NULL ? " (cache " : "", cache != NULL ? cache : "", cache != NULL ? ")" : "");
    cli_say(cli_out(), "%-*s  %7s  %-13s %5s  %7s  %-13s %5s  %3s%s\n", width, "case", "MiB/s",
            "95 % interval", "eff", "MiB/s", "95 % interval", "eff", "n", wish.sizes ? SIZES_HEADING : "");
}

static void print_case(const h5r_results_t *results, size_t i, int width, show_wish_t wish)
{
    const h5r_result_t *write = partner(results, i, H5R_MOVES_OUT), *read = partner(results, i, H5R_MOVES_IN);
    const h5r_result_t *any = write != NULL ? write : read != NULL ? read : &results->result[i];
    cli_say(cli_out(), "%-*s", width, any->last.case_name);
    print_numbers(write);
    print_numbers(read);
    cli_say(cli_out(), "  %3zu", any->repetitions);
    print_sizes(&any->last, wish);
    if (wish.notes && write != NULL) {
        print_notes(write);
    }
    if (wish.notes && read != NULL) {
        print_notes(read);
    }
}

/* Cases without a measurement, by what became of them. */
static void print_listed(const h5r_results_t *results)
{
    for (size_t i = 0; i < results->n; i++) {
        const h5r_row_status_t status = results->result[i].last.status;
        bool first = show_is_listed(&results->result[i]);
        for (size_t k = 0; k < i && first; k++) {
            first = !show_is_listed(&results->result[k]) || results->result[k].last.status != status;
        }
        for (size_t k = i; k < results->n && first; k++) {
            const h5r_row_t *row = &results->result[k].last;
            if (show_is_listed(&results->result[k]) && row->status == status) {
                if (k == i) {
                    cli_say(cli_out(), "\n%s:\n", h5r_row_words[status]);
                }
                cli_say(cli_out(), "%s: %s\n", row->case_name, row->reason);
            }
        }
    }
}

/* The results of a case stand together. */
static size_t end_of_case(const h5r_results_t *results, size_t i)
{
    size_t end = i + 1;
    while (end < results->n && !show_is_listed(&results->result[end]) &&
           strcmp(results->result[end].last.case_name, results->result[i].last.case_name) == 0) {
        end++;
    }
    return end;
}

/* A case that writes once and reads once, and does nothing else. */
static bool is_plain(const h5r_results_t *results, size_t i, size_t end)
{
    size_t ways[H5R_DIRECTIONS + 1] = {0};
    size_t n = end - i;
    for (; i < end; i++) {
        ways[results->result[i].last.direction]++;
    }
    return ways[H5R_MOVES_OUT] <= 1 && ways[H5R_MOVES_IN] <= 1 &&
           ways[H5R_MOVES_OUT] + ways[H5R_MOVES_IN] == n;
}

static void print_operation(const h5r_result_t *r, int width, show_wish_t wish)
{
    char median[32], low[32], high[32], interval[72] = "-", rate[32] = "-", objects[32] = "-", efficiency[32];
    h5r_format_seconds(r->durable_s.median, median, sizeof median);
    if (r->durable_s.has_ci) {
        snprintf(interval, sizeof interval, "%s - %s",
                 h5r_format_seconds(r->durable_s.ci_low, low, sizeof low),
                 h5r_format_seconds(r->durable_s.ci_high, high, sizeof high));
    }
    if (r->durable_mibps.n > 0) {
        h5r_format_mibps(r->durable_mibps.median, rate, sizeof rate);
    }
    if (r->last.objects != H5R_NO_COUNT && r->durable_s.median > 0.0) {
        snprintf(objects, sizeof objects, "%.4g", (double)r->last.objects / r->durable_s.median);
    }
    if (r->last.refusals != H5R_NO_COUNT) {
        snprintf(objects, sizeof objects, "refused");
    }
    format_efficiency(r, efficiency, sizeof efficiency);
    cli_say(cli_out(), "%-*s  %-10s %8s  %-19s  %7s  %9s %5s  %3zu", width, r->last.case_name,
            r->last.operation, median, interval, rate, objects, efficiency, r->repetitions);
    print_sizes(&r->last, wish);
    if (wish.notes) {
        print_notes(r);
    }
}

static void print_plain(const h5r_results_t *results, int width, show_wish_t wish)
{
    bool any = false;
    for (size_t i = 0, end; i < results->n; i = end) {
        end = end_of_case(results, i);
        if (show_is_listed(&results->result[i]) || !is_plain(results, i, end)) {
            continue;
        }
        if (!any) {
            print_heading(results, width, wish);
        }
        any = true;
        print_case(results, i, width, wish);
    }
}

static void print_operations(const h5r_results_t *results, int width, show_wish_t wish)
{
    bool any = false;
    for (size_t i = 0, end; i < results->n; i = end) {
        end = end_of_case(results, i);
        if (show_is_listed(&results->result[i]) || is_plain(results, i, end)) {
            continue;
        }
        if (!any) {
            cli_say(cli_out(), "%-*s  %-10s %8s  %-19s  %7s  %9s %5s  %3s%s\n", width, "case", "operation",
                    "time", "95 % interval", "MiB/s", "objects/s", "eff", "n",
                    wish.sizes ? SIZES_HEADING : "");
        }
        any = true;
        for (size_t k = i; k < end; k++) {
            print_operation(&results->result[k], width, wish);
        }
    }
}

static void print_curves(const h5r_results_t *results, int width)
{
    h5r_point_t *point;
    size_t n;
    h5r_error_t ignored = {0};
    if (h5r_curves(results, &point, &n, &ignored) != H5R_OK) {
        return;
    }
    for (size_t i = 0; i < n; i++) {
        const h5r_row_t *row = &point[i].result->last;
        char time[32];
        if (i == 0) {
            cli_say(cli_out(),
                    "\n%-*s  %-10s %6s  %8s  %7s  %10s  (of the medians, against the fewest ranks)\n", width,
                    "scaling", "operation", "ranks", "time", "speedup", "efficiency");
        }
        cli_say(cli_out(), "%-*s  %-10s %6" PRIu64 "  %8s  %7.2f  %9.0f%%\n", width, row->case_name,
                row->operation, row->ranks,
                h5r_format_seconds(point[i].result->durable_s.median, time, sizeof time), point[i].speedup,
                100.0 * point[i].efficiency);
    }
    free(point);
}

void show_table(const h5r_results_t *results, const char *directory, show_wish_t wish)
{
    int width = name_width(results);
    if (results->n == 0) {
        cli_say(cli_out(), "no case was finished in %s\n", directory);
        return;
    }
    print_suite(results);
    print_plain(results, width, wish);
    print_operations(results, width, wish);
    print_curves(results, width);
    print_listed(results);
}
