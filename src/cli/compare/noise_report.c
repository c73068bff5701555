#include "cli/compare/noise_report.h"

#include "cli/compare/two_runs.h"
#include "core/base/csv.h"
#include "core/base/units.h"
#include "core/base/visible.h"

#include <math.h>
#include <string.h>

#define NAME_WIDTH      34
#define OPERATION_WIDTH 7 /* "rewrite"; a longer one moves its line */

static double spread_of(const h5r_noise_case_t *c)
{
    return c->high_s / c->low_s - 1;
}

static void print_case(const h5r_noise_case_t *c, bool again)
{
    char low[32], high[32];
    const char *name = again ? "" : c->row->case_name;
    if (h5r_visible_width(name) > NAME_WIDTH) {
        cli_say(cli_out(), "%s\n%*s", name, NAME_WIDTH, "");
    } else {
        cli_say(cli_out(), "%-*s", NAME_WIDTH, name);
    }
    cli_say(cli_out(), " %-*s %4zu %4zu %9s %9s %7.1f %%", OPERATION_WIDTH, c->row->operation, c->runs, c->n,
            h5r_format_seconds(c->low_s, low, sizeof low), h5r_format_seconds(c->high_s, high, sizeof high),
            100 * spread_of(c));
    if (c->comparisons > 0) {
        cli_say(cli_out(), " %8.1f %%\n", 100 * c->needed);
    } else {
        cli_say(cli_out(), "  %s\n", "too few n");
    }
}

static void print_cases(const h5r_noise_t *noise)
{
    cli_say(cli_out(), "%-*s %-*s %4s %4s %9s %9s %9s %10s\n", NAME_WIDTH, "case", OPERATION_WIDTH, "",
            noise->split ? "half" : "runs", "n", "fastest", "slowest", "spread", "threshold");
    const h5r_noise_case_t *before = NULL;
    for (size_t i = 0; i < noise->n; i++) {
        const h5r_noise_case_t *c = &noise->cases[i];
        if (c->runs > 0) {
            print_case(c, before != NULL && strcmp(before->row->case_id, c->row->case_id) == 0);
            before = c;
        }
    }
}

static void print_levels(const h5r_noise_t *noise)
{
    cli_say(cli_out(),
            "\nof %zu comparison%s of equal things, with a threshold of\n"
            "%9s %9s %24s %24s %6s %13s\n",
            noise->comparisons, noise->comparisons == 1 ? "" : "s", "", "can tell", "called, each case alone",
            "called, suite as a whole", "same", "inconclusive");
    for (size_t l = 0; l < H5R_NOISE_LEVELS; l++) {
        const h5r_noise_level_t *v = &noise->level[l];
        cli_say(cli_out(), "%7.4g %% %9zu %24zu %24zu %6zu %13zu\n", 100 * v->threshold, v->can_tell,
                v->called, v->called_holm, v->same, v->inconclusive);
    }
}

static bool is_enough(const h5r_noise_t *noise)
{
    return noise->comparisons >= H5R_NOISE_ENOUGH;
}

static void print_warnings(const h5r_noise_t *noise)
{
    char line[400];
    if (!is_enough(noise)) {
        snprintf(
            line, sizeof line,
            "too few: even if none of %zu independent comparisons is called, up to %.2g %% may be (95 %% "
            "bound); 1 %% takes %d",
            noise->comparisons, 100 * noise->rate_bound, H5R_NOISE_ENOUGH);
        cli_print_wrapped(cli_out(), 2, line);
    }
    if (noise->split) {
        cli_print_wrapped(cli_out(), 2,
                          "one run only: its halves share processes, placement and the machine's state, so "
                          "that separate runs differ more than this says");
    } else if (noise->runs < 4) {
        snprintf(
            line, sizeof line,
            "%zu runs only: what differs from run to run was seen %zu time%s, and comparisons of the same "
            "two runs are not independent",
            noise->runs, noise->runs * (noise->runs - 1) / 2, noise->runs == 2 ? "" : "s");
        cli_print_wrapped(cli_out(), 2, line);
    }
    if (noise->too_few > 0) {
        snprintf(line, sizeof line, "%zu comparison%s left out: fewer than 5 + 5 repetitions", noise->too_few,
                 noise->too_few == 1 ? " was" : "s were");
        cli_print_wrapped(cli_out(), 2, line);
    }
}

static void print_visible(const h5r_noise_t *noise)
{
    char line[300];
    snprintf(line, sizeof line,
             "visible: a change of %.3g %% or more in half of the comparisons, of %.3g %% or more in 9 of 10 "
             "(with --threshold %.4g%%)",
             100 * noise->visible_half, 100 * noise->visible, 100 * noise->quiet);
    cli_print_wrapped(cli_out(), 0, line);
    fputs("\n", cli_out());
}

/* A threshold at which hardly any comparison can say anything is none. */
static void print_recommended(const h5r_noise_t *noise)
{
    char line[500], few[40] = "none";
    if (noise->can_tell > 0) {
        snprintf(few, sizeof few, "only %zu", noise->can_tell);
    }
    if (!isnan(noise->recommended)) {
        snprintf(line, sizeof line,
                 "recommended: --threshold %.4g%% (%zu of %zu comparisons can tell; %zu called, at most 1 %% "
                 "may be)",
                 100 * noise->recommended, noise->can_tell, noise->comparisons, noise->called);
    } else {
        snprintf(line, sizeof line,
                 "recommended: none. With %.4g %% %zu of %zu comparisons would be called, but %s can tell: "
                 "intervals are wider, so no change near that size could have been called. Half of the "
                 "comparisons can tell from %.4g %% on. More repetitions or a quieter machine make intervals "
                 "narrower",
                 100 * noise->quiet, noise->called, noise->comparisons, few, 100 * noise->can_tell_from);
    }
    fputs("\n", cli_out());
    cli_print_wrapped(cli_out(), 0, line);
}

void noise_print_table(const h5r_noise_t *noise)
{
    if (noise->split) {
        fputs("one run, its even blocks against its odd ones\n\n", cli_out());
    } else {
        cli_say(cli_out(), "%zu runs, each against each\n\n", noise->runs);
    }
    print_visible(noise);
    print_cases(noise);
    print_levels(noise);
    print_recommended(noise);
    print_warnings(noise);
}

void noise_print_csv(const h5r_noise_t *noise, bool spreadsheet)
{
    fputs("case_id,case,operation,runs,n,comparisons,fastest_s,slowest_s,spread_frac,threshold_frac,"
          "recommended_frac\n",
          cli_out());
    for (size_t i = 0; i < noise->n; i++) {
        const h5r_noise_case_t *c = &noise->cases[i];
        if (c->runs == 0) {
            continue;
        }
        h5r_csv_shown(cli_out(), c->row->case_id, spreadsheet);
        fputs(",", cli_out());
        h5r_csv_shown(cli_out(), c->row->case_name, spreadsheet);
        fputs(",", cli_out());
        h5r_csv_shown(cli_out(), c->row->operation, spreadsheet);
        cli_say(cli_out(), ",%zu,%zu,%zu,%.9g,%.9g,%.6g,", c->runs, c->n, c->comparisons, c->low_s, c->high_s,
                spread_of(c));
        if (c->comparisons > 0) {
            cli_say(cli_out(), "%.6g", c->needed);
        }
        fputs(",", cli_out());
        if (!isnan(noise->recommended)) {
            cli_say(cli_out(), "%.6g", noise->recommended);
        }
        fputs("\n", cli_out());
    }
}

static void add_cases(h5r_doc_t *d, const h5r_noise_t *noise)
{
    h5r_node_t *list = h5r_doc_list(d, d->root, "cases");
    for (size_t i = 0; i < noise->n; i++) {
        const h5r_noise_case_t *c = &noise->cases[i];
        if (c->runs == 0) {
            continue;
        }
        h5r_node_t *map = h5r_doc_map(d, list, NULL);
        h5r_doc_text(d, map, "case_id", c->row->case_id);
        h5r_doc_text(d, map, "case", c->row->case_name);
        h5r_doc_text(d, map, "operation", c->row->operation);
        h5r_doc_uint(d, map, "runs", c->runs);
        h5r_doc_uint(d, map, "n", c->n);
        h5r_doc_uint(d, map, "comparisons", c->comparisons);
        h5r_doc_real(d, map, "fastest_s", c->low_s);
        h5r_doc_real(d, map, "slowest_s", c->high_s);
        h5r_doc_real(d, map, "spread_frac", spread_of(c));
        h5r_doc_real(d, map, "threshold_frac", c->comparisons > 0 ? c->needed : (double)NAN);
    }
}

static void add_levels(h5r_doc_t *d, const h5r_noise_t *noise)
{
    h5r_node_t *list = h5r_doc_list(d, d->root, "thresholds");
    for (size_t l = 0; l < H5R_NOISE_LEVELS; l++) {
        const h5r_noise_level_t *v = &noise->level[l];
        h5r_node_t *map = h5r_doc_map(d, list, NULL);
        h5r_doc_real(d, map, "threshold_frac", v->threshold);
        h5r_doc_uint(d, map, "can_tell", v->can_tell);
        h5r_doc_uint(d, map, "called_alone", v->called);
        h5r_doc_uint(d, map, "called_as_a_whole", v->called_holm);
        h5r_doc_uint(d, map, "same", v->same);
        h5r_doc_uint(d, map, "inconclusive", v->inconclusive);
    }
}

bool noise_print_json(const h5r_noise_t *noise)
{
    h5r_doc_t d;
    bool good = h5r_doc_init(&d);
    if (good) {
        h5r_doc_uint(&d, d.root, "runs", noise->runs);
        h5r_doc_bool(&d, d.root, "split", noise->split);
        h5r_doc_uint(&d, d.root, "comparisons", noise->comparisons);
        h5r_doc_uint(&d, d.root, "left_out", noise->too_few);
        h5r_doc_real(&d, d.root, "recommended_frac", noise->recommended);
        h5r_doc_real(&d, d.root, "quiet_frac", noise->quiet);
        h5r_doc_uint(&d, d.root, "called", noise->called);
        h5r_doc_uint(&d, d.root, "can_tell", noise->can_tell);
        h5r_doc_real(&d, d.root, "can_tell_from_frac", noise->can_tell_from);
        h5r_doc_real(&d, d.root, "visible_half_frac", noise->visible_half);
        h5r_doc_real(&d, d.root, "visible_frac", noise->visible);
        h5r_doc_bool(&d, d.root, "enough", is_enough(noise));
        h5r_doc_real(&d, d.root, "rate_bound_frac", noise->rate_bound);
        add_cases(&d, noise);
        add_levels(&d, noise);
        good = cli_print_json(&d);
    }
    h5r_doc_free(&d);
    return good;
}
