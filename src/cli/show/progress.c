#include "cli/show/progress.h"

#include "cli/say.h"
#include "core/base/json.h"
#include "core/base/units.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CELL_SIZE 640

/* "write 812 MiB/s +-3%" from the median seconds of an operation and the payload of its row, or its objects,
 * or the time. */
static void print_rate(const h5r_progress_t *p, int operation, FILE *out)
{
    h5r_summary_t s = h5r_case_summary(p->state, (h5r_operation_t)operation);
    const h5r_row_t *row = &p->row[operation];
    const double mib = 1024.0 * 1024.0;
    char text[32];
    if (s.n == 0 || s.median <= 0.0) {
        return;
    }
    if (row->payload_bytes > 0) {
        cli_say(out, "  %s %s MiB/s", row->operation,
                h5r_format_mibps((double)row->payload_bytes / mib / s.median, text, sizeof text));
    } else if (row->objects != H5R_NO_COUNT) {
        cli_say(out, "  %s %.3g/s", row->operation, (double)row->objects / s.median);
    } else {
        cli_say(out, "  %s %s", row->operation, h5r_format_seconds(s.median, text, sizeof text));
    }
    if (s.has_ci) {
        cli_say(out, " +-%.0f%%", 100.0 * h5r_summary_half_width(&s));
    }
}

static void print_case(const h5r_progress_t *p, FILE *out)
{
    for (int o = 0; o < p->rows; o++) {
        print_rate(p, o, out);
    }
    cli_say(out, "  n=%zu", p->state->repetitions);
}

/* The line that is overwritten: no longer than the terminal is wide, or it could not be. */
static void print_live(const h5r_progress_t *p)
{
    char *line = NULL, left[32];
    size_t size = 0;
    FILE *memory = open_memstream(&line, &size);
    if (memory == NULL) {
        return;
    }
    cli_say(memory, "%zu/%zu cases, about %s left: %s%s", p->finished, p->cases,
            h5r_format_seconds(p->left_s, left, sizeof left), p->c->name, p->warmup ? " (warm-up)" : "");
    if (!p->warmup && p->state->stop == H5R_STOP_NONE) {
        print_case(p, memory);
    }
    if (fclose(memory) == 0) {
        cli_say(cli_err(), "%.*s", cli_err_columns() - 1, line);
    }
    free(line);
}

static bool is_wrong(const h5r_progress_t *p)
{
    bool wrong = false;
    for (int o = 0; o < p->rows; o++) {
        wrong = wrong || p->row[o].status == H5R_ROW_MISMATCH;
    }
    return wrong;
}

/* A row as an object of its cells: numbers and truth values as such, factors as texts, nothing for what does not
 * apply. */
static void write_row(const h5r_row_t *row, FILE *out)
{
    char text[CELL_SIZE];
    size_t n;
    const h5r_column_t *columns = h5r_columns(&n);
    const char *before = "{";
    for (size_t i = 0; i < n; i++) {
        const h5r_cell_type_t type = columns[i].type;
        if (h5r_row_cell_text(row, &columns[i], text, sizeof text)[0] == '\0') {
            continue;
        }
        cli_say(out, "%s\"%s\": ", before, columns[i].name);
        if (type == H5R_CELL_U64 || type == H5R_CELL_F64 || type == H5R_CELL_BOOL) {
            fputs(text, out);
        } else {
            h5r_json_text(out, text);
        }
        before = ", ";
    }
    fputs("}\n", out);
}

static void write_rows(const h5r_progress_t *p, FILE *out)
{
    for (int o = 0; o < p->rows && out != NULL; o++) {
        write_row(&p->row[o], out);
    }
    if (out != NULL) {
        fflush(out);
    }
}

static void repetition(void *self, const h5r_progress_t *p)
{
    const progress_t *progress = self;
    write_rows(p, progress->rows);
    if (progress->live) {
        cli_clear_line();
    }
    if (p->state->stop != H5R_STOP_NONE) {
        cli_say(cli_err(), "[%zu/%zu] %s", p->finished, p->cases, p->c->name);
        print_case(p, cli_err());
        cli_say(cli_err(), " (%s)%s\n", h5r_stop_words[p->state->stop], is_wrong(p) ? "  WRONG DATA" : "");
    }
    if (progress->live && p->finished < p->cases) {
        print_live(p);
    }
    fflush(cli_err());
}

static void skipped(void *self, const h5r_case_t *c)
{
    (void)self;
    cli_say(cli_err(), "skipped %s: %s\n", c->name, c->skip_reason);
}

static void failure(void *self, const char *text)
{
    const progress_t *progress = self;
    if (progress->live) {
        cli_clear_line();
    }
    fprintf(cli_err(), "h5roof: error: %s\n", text); /* may have several lines */
    fflush(cli_err());
}

h5r_reporter_t progress_reporter(progress_t *progress)
{
    return (h5r_reporter_t){.self = progress,
                            .repetition = repetition,
                            .skipped = skipped,
                            .failure = {.self = progress, .say = failure}};
}
