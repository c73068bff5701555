#include "cli/show/progress.h"

#include "cli/say.h"
#include "core/base/units.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* "write 812 MiB/s +-3%" from the median seconds of an operation and the payload of its row, or its objects,
 * or the time. */
static void print_rate(const h5r_progress_t *p, int operation)
{
    h5r_summary_t s = h5r_case_summary(p->state, (h5r_operation_t)operation);
    const h5r_row_t *row = &p->row[operation];
    const double mib = 1024.0 * 1024.0;
    char text[32];
    if (s.n == 0 || s.median <= 0.0) {
        return;
    }
    if (row->payload_bytes > 0) {
        cli_say(cli_err(), "  %s %s MiB/s", row->operation,
                h5r_format_mibps((double)row->payload_bytes / mib / s.median, text, sizeof text));
    } else if (row->objects != H5R_NO_COUNT) {
        cli_say(cli_err(), "  %s %.3g/s", row->operation, (double)row->objects / s.median);
    } else {
        cli_say(cli_err(), "  %s %s", row->operation, h5r_format_seconds(s.median, text, sizeof text));
    }
    if (s.has_ci) {
        cli_say(cli_err(), " +-%.0f%%", 100.0 * h5r_summary_half_width(&s));
    }
}

static void print_case(const h5r_progress_t *p)
{
    for (int o = 0; o < p->rows; o++) {
        print_rate(p, o);
    }
    cli_say(cli_err(), "  n=%zu", p->state->repetitions);
}

static bool is_wrong(const h5r_progress_t *p)
{
    bool wrong = false;
    for (int o = 0; o < p->rows; o++) {
        wrong = wrong || p->row[o].status == H5R_ROW_MISMATCH;
    }
    return wrong;
}

static void repetition(void *self, const h5r_progress_t *p)
{
    const progress_t *progress = self;
    char left[32];
    if (progress->live) {
        cli_clear_line();
    }
    if (p->state->stop != H5R_STOP_NONE) {
        cli_say(cli_err(), "[%zu/%zu] %s", p->finished, p->cases, p->c->name);
        print_case(p);
        cli_say(cli_err(), " (%s)%s\n", h5r_stop_words[p->state->stop], is_wrong(p) ? "  WRONG DATA" : "");
    }
    if (progress->live && p->finished < p->cases) {
        cli_say(cli_err(), "%zu/%zu cases, about %s left: %.40s%s", p->finished, p->cases,
                h5r_format_seconds(p->left_s, left, sizeof left), p->c->name, p->warmup ? " (warm-up)" : "");
        if (!p->warmup && p->state->stop == H5R_STOP_NONE) {
            print_case(p);
        }
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
