#include "cli/show/show_table.h"

#include "cli/cli.h"
#include "cli/show/digest.h"
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

/* Columns of the tables beside the names and their intervals. */
#define INTERVAL           13
#define OPERATION_INTERVAL 19
#define NARROW_INTERVAL    4
#define PLAIN_COLUMNS      39
#define OPERATION_COLUMNS  54

/* Of the table: columns for names, and short intervals where a terminal is narrow. */
typedef struct {
    int name;
    bool narrow;
    show_wish_t wish;
} layout_t;

static const char *format_efficiency(const h5r_result_t *r, char *text, size_t size)
{
    static const h5r_summary_t none = {.n = 0};
    return digest_percent(r != NULL ? &r->efficiency : &none, text, size);
}

/* "+-3%", or a dash. */
static void format_half_width(const h5r_summary_t *s, char *text, size_t size)
{
    if (s->has_ci) {
        snprintf(text, size, "%.0f%%", 100.0 * h5r_summary_half_width(s));
    }
}

/* "812  790-830" and "85%", or dashes. */
static void print_numbers(const h5r_result_t *r, const layout_t *layout)
{
    char median[32] = "-", low[32], high[32], interval[72] = "-", efficiency[32];
    if (r != NULL && r->durable_mibps.n > 0) {
        h5r_format_mibps(r->durable_mibps.median, median, sizeof median);
    }
    if (r != NULL && layout->narrow) {
        format_half_width(&r->durable_mibps, interval, sizeof interval);
    } else if (r != NULL && r->durable_mibps.has_ci) {
        snprintf(interval, sizeof interval, "%s-%s",
                 h5r_format_mibps(r->durable_mibps.ci_low, low, sizeof low),
                 h5r_format_mibps(r->durable_mibps.ci_high, high, sizeof high));
    }
    format_efficiency(r, efficiency, sizeof efficiency);
    cli_say(cli_out(), "  %7s  %-*s %5s", median, layout->narrow ? NARROW_INTERVAL : INTERVAL, interval,
            efficiency);
}

/* A name that is too long loses its middle. */
static void print_name(const layout_t *layout, const char *name)
{
    const size_t room = (size_t)layout->name, length = strlen(name);
    char *shown = h5r_visible(name);
    if (!layout->narrow || shown == NULL || h5r_visible_width(name) <= room || length != strlen(shown)) {
        cli_say(cli_out(), "%-*s", layout->name, name);
    } else {
        const size_t head = (room - 2) / 2, tail = room - 2 - head;
        cli_say(cli_out(), "%.*s..%s", (int)head, name, name + length - tail);
    }
    free(shown);
}

#define SIZES_HEADING "     stored       file"

/* The end of a line, with what the datasets and the files take. */
static void print_sizes(const h5r_row_t *row, const layout_t *layout)
{
    char stored[32] = "-", file[32] = "-";
    if (row->stored_bytes != H5R_NO_COUNT && row->stored_bytes > 0) {
        h5r_format_size((double)row->stored_bytes, stored, sizeof stored);
    }
    if (row->file_bytes != H5R_NO_COUNT) {
        h5r_format_size((double)row->file_bytes, file, sizeof file);
    }
    if (layout->wish.sizes) {
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

static void print_heading(const h5r_results_t *results, const layout_t *layout)
{
    const char *cache = cache_of(results);
    const int interval = layout->narrow ? NARROW_INTERVAL : INTERVAL;
    const char *heading = layout->narrow ? "+-" : "95 % interval";
    cli_say(cli_out(), "%-*s  %-*s  read%s%s%s\n", layout->name, "", interval + 15, "durable write",
            cache != NULL ? " (cache " : "", cache != NULL ? cache : "", cache != NULL ? ")" : "");
    cli_say(cli_out(), "%-*s  %7s  %-*s %5s  %7s  %-*s %5s  %3s%s\n", layout->name, "case", "MiB/s", interval,
            heading, "eff", "MiB/s", interval, heading, "eff", "n", layout->wish.sizes ? SIZES_HEADING : "");
}

static void print_case(const h5r_results_t *results, size_t i, const layout_t *layout)
{
    const h5r_result_t *write = partner(results, i, H5R_MOVES_OUT), *read = partner(results, i, H5R_MOVES_IN);
    const h5r_result_t *any = write != NULL ? write : read != NULL ? read : &results->result[i];
    print_name(layout, any->last.case_name);
    print_numbers(write, layout);
    print_numbers(read, layout);
    cli_say(cli_out(), "  %3zu", any->repetitions);
    print_sizes(&any->last, layout);
    if (layout->wish.notes && write != NULL) {
        print_notes(write);
    }
    if (layout->wish.notes && read != NULL) {
        print_notes(read);
    }
}

/* Cases without a measurement, by what became of them. */
static void print_listed(const h5r_results_t *results, FILE *out)
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
                    cli_say(out, "\n%s:\n", h5r_row_words[status]);
                }
                cli_say(out, "%s: %s\n", row->case_name, row->reason);
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

static void print_operation(const h5r_result_t *r, const layout_t *layout)
{
    char median[32], low[32], high[32], interval[72] = "-", rate[32] = "-", objects[32] = "-", efficiency[32];
    h5r_format_seconds(r->durable_s.median, median, sizeof median);
    if (layout->narrow) {
        format_half_width(&r->durable_s, interval, sizeof interval);
    } else if (r->durable_s.has_ci) {
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
    print_name(layout, r->last.case_name);
    cli_say(cli_out(), "  %-10s %8s  %-*s  %7s  %9s %5s  %3zu", r->last.operation, median,
            layout->narrow ? NARROW_INTERVAL : OPERATION_INTERVAL, interval, rate, objects, efficiency,
            r->repetitions);
    print_sizes(&r->last, layout);
    if (layout->wish.notes) {
        print_notes(r);
    }
}

static void print_plain(const h5r_results_t *results, const layout_t *layout)
{
    bool any = false;
    for (size_t i = 0, end; i < results->n; i = end) {
        end = end_of_case(results, i);
        if (show_is_listed(&results->result[i]) || !is_plain(results, i, end)) {
            continue;
        }
        if (!any) {
            print_heading(results, layout);
        }
        any = true;
        print_case(results, i, layout);
    }
}

static void print_operations(const h5r_results_t *results, const layout_t *layout)
{
    bool any = false;
    for (size_t i = 0, end; i < results->n; i = end) {
        end = end_of_case(results, i);
        if (show_is_listed(&results->result[i]) || is_plain(results, i, end)) {
            continue;
        }
        if (!any) {
            cli_say(cli_out(), "%-*s  %-10s %8s  %-*s  %7s  %9s %5s  %3s%s\n", layout->name, "case",
                    "operation", "time", layout->narrow ? NARROW_INTERVAL : OPERATION_INTERVAL,
                    layout->narrow ? "+-" : "95 % interval", "MiB/s", "objects/s", "eff", "n",
                    layout->wish.sizes ? SIZES_HEADING : "");
        }
        any = true;
        for (size_t k = i; k < end; k++) {
            print_operation(&results->result[k], layout);
        }
    }
}

static void print_curves(const h5r_results_t *results, const layout_t *layout)
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
            cli_say(cli_out(), "\n%-*s  %-10s %6s  %8s  %7s  %10s%s\n", layout->name, "scaling", "operation",
                    "ranks", "time", "speedup", "efficiency",
                    layout->narrow ? "" : "  (of the medians, against the fewest ranks)");
        }
        print_name(layout, row->case_name);
        cli_say(cli_out(), "  %-10s %6" PRIu64 "  %8s  %7.2f  %9.0f%%\n", row->operation, row->ranks,
                h5r_format_seconds(point[i].result->durable_s.median, time, sizeof time), point[i].speedup,
                100.0 * point[i].efficiency);
    }
    free(point);
}

/* Whether any case is shown operation by operation. */
static bool has_operations(const h5r_results_t *results)
{
    bool any = false;
    for (size_t i = 0, end; i < results->n; i = end) {
        end = end_of_case(results, i);
        any = any || (!show_is_listed(&results->result[i]) && !is_plain(results, i, end));
    }
    return any;
}

static layout_t layout_of(const h5r_results_t *results, show_wish_t wish)
{
    const int sizes = wish.sizes ? (int)strlen(SIZES_HEADING) : 0;
    layout_t layout = {.name = name_width(results), .wish = wish};
    const bool operations = has_operations(results);
    const int wide =
        sizes + (operations ? OPERATION_COLUMNS + OPERATION_INTERVAL : PLAIN_COLUMNS + 2 * INTERVAL);
    if (wish.columns == 0 || layout.name + wide <= wish.columns) {
        return layout;
    }
    const int narrow =
        sizes + (operations ? OPERATION_COLUMNS + NARROW_INTERVAL : PLAIN_COLUMNS + 2 * NARROW_INTERVAL);
    const int room = wish.columns - narrow;
    layout.narrow = true;
    layout.name = layout.name < room ? layout.name : room < NAME_WIDTH_MIN ? NAME_WIDTH_MIN : room;
    return layout;
}

/* What is not a table: on a terminal without lines that are too long. */
static void print_sentences(const h5r_results_t *results, show_wish_t wish)
{
    char *text = NULL;
    size_t size = 0;
    FILE *memory = wish.columns > 0 ? open_memstream(&text, &size) : NULL;
    FILE *out = memory != NULL ? memory : cli_out();
    print_listed(results, out);
    if (wish.notes) {
        fputc('\n', out);
        digest_write(results, out);
    }
    if (memory != NULL && fclose(memory) == 0) {
        cli_print_wrapped(cli_out(), 0, text);
    }
    free(text);
}

void show_table(const h5r_results_t *results, const char *directory, show_wish_t wish)
{
    const layout_t layout = layout_of(results, wish);
    if (results->n == 0) {
        cli_say(cli_out(), "no case was finished in %s\n", directory);
        return;
    }
    print_suite(results);
    print_plain(results, &layout);
    print_operations(results, &layout);
    print_curves(results, &layout);
    print_sentences(results, wish);
}
