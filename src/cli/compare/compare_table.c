#include "cli/compare/compare_report.h"
#include "cli/compare/two_runs.h"
#include "core/base/units.h"
#include "core/base/visible.h"
#include "h5roof/count.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NAME_WIDTH_MIN 16
#define TEXT_WIDTH     35 /* of name and operation: with it a line has 100 columns */
#define OPERATION_MIN  5

/* Of the columns that depend on the cases. A name that is too long has a line of its own. */
typedef struct {
    int name, operation;
} widths_t;

size_t compare_missing(size_t n)
{
    return n < H5R_CONTRAST_LEAST ? H5R_CONTRAST_LEAST - n : 0;
}

static widths_t widths_of(const h5r_comparison_t *c)
{
    widths_t w = {NAME_WIDTH_MIN, OPERATION_MIN};
    for (size_t i = 0; i < c->pairs; i++) {
        int length = (int)h5r_visible_width(c->pair[i].new->last.operation);
        w.operation = length > w.operation ? length : w.operation;
    }
    for (size_t i = 0; i < c->pairs; i++) {
        int length = (int)h5r_visible_width(c->pair[i].new->last.case_name);
        w.name = length > w.name && length <= TEXT_WIDTH - w.operation ? length : w.name;
    }
    return w;
}

static void format_ratio(double ratio, char *buf, size_t size)
{
    if (isnan(ratio)) {
        snprintf(buf, size, "-");
    } else {
        snprintf(buf, size, "%.*f", ratio < 9.9995 ? 3 : ratio < 99.95 ? 1 : 0, ratio);
    }
}

static void format_time(double seconds, char *buf, size_t size)
{
    if (isnan(seconds)) {
        snprintf(buf, size, "-");
    } else {
        h5r_format_seconds(seconds, buf, size);
    }
}

static void print_numbers(const h5r_pair_t *pair, widths_t w)
{
    const h5r_contrast_t *c = pair->contrast;
    char n[32], old[32] = "-", new[32] = "-", ratio[16] = "-", low[16], high[16], interval[40] = "-";
    snprintf(n, sizeof n, "%zu+%zu", pair->old->repetitions, pair->new->repetitions);
    if (c != NULL) {
        format_time(c->median_old, old, sizeof old);
        format_time(c->median_new, new, sizeof new);
        format_ratio(c->ratio.ratio, ratio, sizeof ratio);
    }
    if (c != NULL && !isnan(c->ratio.low)) {
        format_ratio(c->ratio.low, low, sizeof low);
        format_ratio(c->ratio.high, high, sizeof high);
        snprintf(interval, sizeof interval, "%s-%s", low, high);
    }
    const char *verdict = c == NULL                        ? "not timed"
                          : c->verdict == H5R_VERDICT_NONE ? "too few"
                                                           : h5r_verdict_names[c->verdict];
    cli_say(cli_out(), " %-*s %7s %9s %9s %7s  %-13s %s\n", w.operation, pair->new->last.operation, n, old,
            new, ratio, interval, verdict);
}

/* A line below a pair. */
static void say(const h5r_pair_t *pair, const char *text)
{
    char line[1200];
    snprintf(line, sizeof line, "%s: %s", pair->new->last.operation, text);
    cli_print_remark(cli_out(), 6, line);
}

static void say_missing(const h5r_pair_t *pair)
{
    size_t old = compare_missing(pair->contrast->n_old), new = compare_missing(pair->contrast->n_new);
    char text[128];
    if (old > 0 && new > 0) {
        snprintf(text, sizeof text,
                 "%zu more repetitions in OLD and %zu more in NEW are needed for a verdict", old, new);
    } else {
        snprintf(text, sizeof text, "%zu more repetition%s in %s needed for a verdict", old + new,
                 old + new == 1 ? "" : "s", old > 0 ? "OLD" : "NEW");
    }
    say(pair, text);
}

/* Where the change is, if there is one. */
static void say_phase(const h5r_pair_t *pair)
{
    char change[32], whole[32], ratio[16], text[256];
    double all = pair->contrast->median_new - pair->contrast->median_old;
    h5r_format_seconds(fabs(pair->phase_change_s), change, sizeof change);
    h5r_format_seconds(fabs(all), whole, sizeof whole);
    format_ratio(pair->phase_ratio, ratio, sizeof ratio);
    snprintf(text, sizeof text, "phase %s %c%s of %c%s (%s times); p = %.2g, corrected %.2g",
             h5r_phase_names[pair->phase], pair->phase_change_s < 0 ? '-' : '+', change, all < 0 ? '-' : '+',
             whole, ratio, pair->contrast->p, pair->contrast->p_holm);
    say(pair, text);
}

static void say_facts(const h5r_pair_t *pair, h5r_exact_t set, bool values, const char *before,
                      const char *after)
{
    char *text = NULL, old[160], new[160];
    size_t size = 0;
    FILE *memory = set != 0 ? open_memstream(&text, &size) : NULL;
    if (memory == NULL) {
        return;
    }
    const char *separator = "";
    fputs(before, memory);
    for (size_t i = 0; i < h5r_exact_count(); i++) {
        if ((set >> i & 1) == 0) {
            continue;
        }
        cli_say(memory, "%s%s", separator, h5r_exact_name(i));
        if (values) {
            cli_say(memory, " %s -> %s", h5r_exact_text(i, &pair->old->last, old, sizeof old),
                    h5r_exact_text(i, &pair->new->last, new, sizeof new));
        }
        separator = values ? "; " : ", ";
    }
    fputs(after, memory);
    if (fclose(memory) == 0) {
        say(pair, text);
    }
    free(text);
}

static void print_remarks(const h5r_pair_t *pair, bool counters_only)
{
    char text[900];
    const h5r_contrast_t *c = pair->contrast;
    if (pair->new->mismatches > 0) {
        snprintf(text, sizeof text, "WRONG DATA in %zu repetition%s of NEW: %s", pair->new->mismatches,
                 pair->new->mismatches == 1 ? "" : "s", pair->new->last.reason);
        say(pair, text);
    }
    if (c != NULL && c->verdict == H5R_VERDICT_NONE) {
        say_missing(pair);
    }
    if (c != NULL && pair->has_phase &&
        (c->verdict == H5R_VERDICT_SLOWER || c->verdict == H5R_VERDICT_FASTER)) {
        say_phase(pair);
    }
    say_facts(pair, pair->differs, true, "DIFFERS: ", "");
    say_facts(pair, pair->varied, false, "not compared, varies within a run: ", "");
    if (pair->not_timed != NULL && !counters_only) {
        snprintf(text, sizeof text, "times are not compared: %s", pair->not_timed);
        say(pair, text);
    }
    if (pair->not_counted != NULL) {
        snprintf(text, sizeof text, "counters are not compared: %s", pair->not_counted);
        say(pair, text);
    }
}

static bool has_remarks(const h5r_pair_t *pair)
{
    return pair->differs != 0 || pair->varied != 0 || pair->not_counted != NULL || pair->new->mismatches > 0;
}

static void print_pair(const h5r_comparison_t *c, size_t i, widths_t w, bool counters_only)
{
    const h5r_pair_t *pair = &c->pair[i];
    const char *name = pair->new->last.case_name;
    bool again = i > 0 && strcmp(c->pair[i - 1].new->last.case_id, pair->new->last.case_id) == 0;
    if (counters_only && !has_remarks(pair)) {
        return;
    }
    if (counters_only) {
        cli_say(cli_out(), "%s\n", name);
    } else if (!again && (int)h5r_visible_width(name) > w.name) {
        cli_say(cli_out(), "%s\n%*s", name, w.name, "");
        print_numbers(pair, w);
    } else {
        cli_say(cli_out(), "%-*s", w.name, again ? "" : name);
        print_numbers(pair, w);
    }
    print_remarks(pair, counters_only);
}

static void print_heading(const compare_report_t *r, widths_t w)
{
    static const char *const side[] = {"OLD", "NEW"};
    for (int i = 0; i < 2; i++) {
        const h5r_row_t *row = r->run[i]->n > 0 ? &r->run[i]->result[0].last : NULL;
        cli_say(cli_out(), "%s  %s: suite %s, run %s, %" PRIu64 " rank%s\n", side[i], r->dir[i],
                row != NULL ? row->suite : "-", row != NULL ? row->run_id : "-", row != NULL ? row->ranks : 0,
                row != NULL && row->ranks == 1 ? "" : "s");
    }
    if (r->options->counters_only) {
        fputs("\n", cli_out());
        return;
    }
    cli_say(cli_out(),
            "\nmedian of the durable time, and NEW / OLD: above 1, NEW is slower\n"
            "%-*s %-*s %7s %9s %9s %7s  %-13s %s\n",
            w.name, "case", w.operation, "", "n", "OLD", "NEW", "NEW/OLD", "95 % interval", "verdict");
}

static void print_lones(const h5r_comparison_t *c)
{
    static const struct {
        h5r_lone_kind_t kind;
        const char *heading;
    } groups[] = {{H5R_LONE_LOST, "LOST, measured in OLD and not in NEW:"},
                  {H5R_LONE_OLD, "only in OLD:"},
                  {H5R_LONE_NEW, "measured only in NEW:"}};
    for (size_t k = 0; k < H5R_COUNT_OF(groups); k++) {
        bool heading = false;
        for (size_t i = 0; i < c->lones; i++) {
            const h5r_lone_t *l = &c->lone[i];
            if (l->kind == groups[k].kind) {
                if (!heading) {
                    cli_say(cli_out(), "\n%s\n", groups[k].heading);
                }
                bool reason = l->reason != NULL && l->reason[0] != '\0';
                cli_say(cli_out(), "%s%s%s\n", l->row->case_name, reason ? ": " : "",
                        reason ? l->reason : "");
                heading = true;
            }
        }
    }
}

void compare_print_counts(const h5r_comparison_t *c, FILE *out)
{
    static const h5r_verdict_t order[] = {H5R_VERDICT_SLOWER, H5R_VERDICT_FASTER, H5R_VERDICT_SAME,
                                          H5R_VERDICT_INCONCLUSIVE};
    const char *separator = "";
    for (size_t i = 0; i < H5R_COUNT_OF(order) && c->contrasts > 0; i++) {
        if (c->verdicts[order[i]] > 0 || order[i] == H5R_VERDICT_SLOWER) {
            cli_say(out, "%s%zu %s", separator, c->verdicts[order[i]], h5r_verdict_names[order[i]]);
            separator = ", ";
        }
    }
    const struct {
        size_t n;
        const char *text;
        bool always;
    } others[] = {
        {c->verdicts[H5R_VERDICT_NONE], "with too few repetitions", false},
        {c->differing, c->counts_differ ? "with other counters, as allowed" : "with other counters", true},
        {c->lost, "lost", false},
        {c->mismatches, "repetitions with wrong data", false}};
    for (size_t i = 0; i < H5R_COUNT_OF(others); i++) {
        if (others[i].n > 0 || others[i].always) {
            cli_say(out, "%s%zu %s", separator, others[i].n, others[i].text);
            separator = ", ";
        }
    }
}

/* Few repetitions among many comparisons: silence then says nothing. */
static void print_weakness(const h5r_comparison_t *c)
{
    size_t weak = 0;
    for (size_t i = 0; i < c->contrasts; i++) {
        weak += c->contrast[i].weak ? 1 : 0;
    }
    if (weak == 0) {
        return;
    }
    char text[320];
    size_t judged = c->contrasts - c->verdicts[H5R_VERDICT_NONE];
    size_t each = h5r_contrast_repetitions(judged);
    snprintf(
        text, sizeof text,
        "%zu of %zu comparisons have so few repetitions that none of them could be called slower or faster "
        "if it alone were; %zu + %zu are enough among so many",
        weak, judged, each, each);
    cli_print_wrapped(cli_out(), 0, text);
}

static size_t count_cases(const h5r_comparison_t *c)
{
    size_t n = 0;
    for (size_t i = 0; i < c->pairs; i++) {
        n += i == 0 || strcmp(c->pair[i].old->last.case_id, c->pair[i - 1].old->last.case_id) != 0 ? 1 : 0;
    }
    return n;
}

/* What no pair was compared in, once. */
static void print_unknown_columns(const h5r_comparison_t *c)
{
    char text[1024];
    size_t used = 0;
    for (size_t i = 0; i < h5r_exact_count(); i++) {
        if ((c->has >> i & 1) == 0) {
            int n =
                snprintf(text + used, sizeof text - used, "%s%s",
                         used > 0 ? ", " : "not compared, a table has no such column: ", h5r_exact_name(i));
            used += n > 0 && used + (size_t)n < sizeof text ? (size_t)n : 0;
        }
    }
    if (used > 0) {
        cli_print_wrapped(cli_out(), 0, text);
    }
}

static void print_summary(const compare_report_t *r)
{
    const h5r_comparison_t *c = r->comparison;
    char *text = NULL;
    size_t size = 0, cases = count_cases(c);
    FILE *memory = open_memstream(&text, &size);
    if (memory == NULL) {
        return;
    }
    cli_say(memory, "%zu case%s, %zu comparison%s: ", cases, cases == 1 ? "" : "s", c->pairs,
            c->pairs == 1 ? "" : "s");
    compare_print_counts(c, memory);
    if (!r->options->counters_only) {
        cli_say(memory, "; threshold %.4g %%", 100 * r->options->threshold);
    }
    if (fclose(memory) == 0) {
        cli_print_wrapped(cli_out(), 0, text);
    }
    free(text);
}

void compare_print_table(const compare_report_t *r)
{
    const h5r_comparison_t *c = r->comparison;
    cli_print_differences(cli_out(), r->env);
    if (c == NULL) {
        return;
    }
    widths_t w = widths_of(c);
    print_heading(r, w);
    for (size_t i = 0; i < c->pairs; i++) {
        print_pair(c, i, w, r->options->counters_only);
    }
    print_lones(c);
    fputs("\n", cli_out());
    print_unknown_columns(c);
    print_weakness(c);
    print_summary(r);
}
