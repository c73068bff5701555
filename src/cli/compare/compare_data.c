#include "cli/compare/compare_report.h"
#include "cli/compare/two_runs.h"
#include "core/base/csv.h"
#include "h5roof/count.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const compare_lone_names[] = {
    [H5R_LONE_OLD] = "only_old", [H5R_LONE_NEW] = "only_new", [H5R_LONE_LOST] = "lost"};

/* ---- JSON */

static void add_run(h5r_doc_t *d, const char *key, const char *dir, const h5r_results_t *run)
{
    h5r_node_t *map = h5r_doc_map(d, d->root, key);
    h5r_doc_text(d, map, "dir", dir);
    if (run != NULL && run->n > 0) {
        h5r_doc_text(d, map, "run_id", run->result[0].last.run_id);
        h5r_doc_text(d, map, "suite", run->result[0].last.suite);
        h5r_doc_uint(d, map, "ranks", run->result[0].last.ranks);
    }
}

static void add_facts(h5r_doc_t *d, h5r_node_t *to, const h5r_pair_t *pair)
{
    char text[160];
    h5r_node_t *differs = h5r_doc_list(d, to, "differs");
    h5r_node_t *varied = h5r_doc_list(d, to, "varied");
    for (size_t i = 0; i < h5r_exact_count(); i++) {
        if ((pair->varied >> i & 1) != 0) {
            h5r_doc_text(d, varied, NULL, h5r_exact_name(i));
        }
        if ((pair->differs >> i & 1) != 0) {
            h5r_node_t *map = h5r_doc_map(d, differs, NULL);
            h5r_doc_text(d, map, "column", h5r_exact_name(i));
            h5r_doc_text(d, map, "old", h5r_exact_text(i, &pair->old->last, text, sizeof text));
            h5r_doc_text(d, map, "new", h5r_exact_text(i, &pair->new->last, text, sizeof text));
        }
    }
    h5r_doc_text(d, to, "not_counted", pair->not_counted);
}

static void add_phases(h5r_doc_t *d, h5r_node_t *to, const h5r_pair_t *pair)
{
    h5r_doc_text(d, to, "phase", pair->has_phase ? h5r_phase_names[pair->phase] : NULL);
    h5r_node_t *phases = h5r_doc_map(d, to, "phases");
    for (int p = 0; p < H5R_PHASE_COUNT; p++) {
        const h5r_summary_t *old = &pair->old->phase_s[p], *new = &pair->new->phase_s[p];
        if (old->n > 0 && new->n > 0) {
            h5r_node_t *map = h5r_doc_map(d, phases, h5r_phase_names[p]);
            h5r_doc_real(d, map, "old_s", old->median);
            h5r_doc_real(d, map, "new_s", new->median);
            h5r_doc_real(d, map, "ratio", old->median > 0 ? new->median / old->median : (double)NAN);
        }
    }
}

static void add_contrast(h5r_doc_t *d, h5r_node_t *to, const h5r_contrast_t *c)
{
    h5r_doc_real(d, to, "median_old_s", c->median_old);
    h5r_doc_real(d, to, "median_new_s", c->median_new);
    h5r_doc_real(d, to, "ratio", c->ratio.ratio);
    h5r_doc_real(d, to, "ratio_low", c->ratio.low);
    h5r_doc_real(d, to, "ratio_high", c->ratio.high);
    h5r_doc_real(d, to, "p", c->p);
    h5r_doc_real(d, to, "p_holm", c->p_holm);
    h5r_doc_bool(d, to, "p_exact", c->exact);
    h5r_doc_bool(d, to, "weak", c->weak);
    h5r_doc_uint(d, to, "needs_old", compare_missing(c->n_old));
    h5r_doc_uint(d, to, "needs_new", compare_missing(c->n_new));
}

static void add_pair(h5r_doc_t *d, h5r_node_t *list, const h5r_pair_t *pair)
{
    h5r_node_t *map = h5r_doc_map(d, list, NULL);
    h5r_doc_text(d, map, "case_id", pair->new->last.case_id);
    h5r_doc_text(d, map, "case", pair->new->last.case_name);
    h5r_doc_text(d, map, "operation", pair->new->last.operation);
    h5r_doc_uint(d, map, "n_old", pair->old->repetitions);
    h5r_doc_uint(d, map, "n_new", pair->new->repetitions);
    h5r_doc_text(d, map, "verdict",
                 pair->contrast != NULL ? h5r_verdict_names[pair->contrast->verdict] : NULL);
    h5r_doc_text(d, map, "not_timed", pair->not_timed);
    if (pair->contrast != NULL) {
        add_contrast(d, map, pair->contrast);
        add_phases(d, map, pair);
    }
    add_facts(d, map, pair);
    h5r_doc_uint(d, map, "mismatches_new", pair->new->mismatches);
}

static void add_lone(h5r_doc_t *d, h5r_node_t *list, const h5r_lone_t *lone)
{
    h5r_node_t *map = h5r_doc_map(d, list, NULL);
    h5r_doc_text(d, map, "case_id", lone->row->case_id);
    h5r_doc_text(d, map, "case", lone->row->case_name);
    h5r_doc_text(d, map, "kind", compare_lone_names[lone->kind]);
    h5r_doc_text(d, map, "reason", lone->reason);
}

static void add_summary(h5r_doc_t *d, const h5r_comparison_t *c)
{
    h5r_node_t *map = h5r_doc_map(d, d->root, "summary");
    h5r_doc_bool(d, map, "failed", h5r_comparison_failed(c));
    h5r_doc_uint(d, map, "comparisons", c->pairs);
    for (int v = 0; v < H5R_VERDICTS; v++) {
        h5r_doc_uint(d, map, h5r_verdict_names[v], c->verdicts[v]);
    }
    h5r_doc_uint(d, map, "differing", c->differing);
    h5r_doc_uint(d, map, "lost", c->lost);
    h5r_doc_uint(d, map, "mismatches", c->mismatches);
}

bool compare_print_json(const compare_report_t *r)
{
    h5r_doc_t d;
    const h5r_comparison_t *c = r->comparison;
    bool good = h5r_doc_init(&d);
    if (good) {
        add_run(&d, "old", r->dir[0], r->run[0]);
        add_run(&d, "new", r->dir[1], r->run[1]);
        h5r_doc_real(&d, d.root, "threshold", r->options->threshold);
        h5r_doc_bool(&d, d.root, "counters_only", r->options->counters_only);
        h5r_doc_bool(&d, d.root, "refused", c == NULL);
        cli_add_differences(&d, d.root, r->env);
    }
    if (good && c != NULL) {
        h5r_node_t *pairs = h5r_doc_list(&d, d.root, "pairs");
        for (size_t i = 0; i < c->pairs; i++) {
            add_pair(&d, pairs, &c->pair[i]);
        }
        h5r_node_t *lones = h5r_doc_list(&d, d.root, "unpaired");
        for (size_t i = 0; i < c->lones; i++) {
            add_lone(&d, lones, &c->lone[i]);
        }
        add_summary(&d, c);
    }
    good = good && cli_print_json(&d);
    h5r_doc_free(&d);
    return good;
}

/* ---- CSV */

static void put_real(double value)
{
    if (isfinite(value)) {
        cli_say(cli_out(), ",%.9g", value);
    } else {
        fputs(",", cli_out());
    }
}

static void put_text(const compare_report_t *r, const char *text)
{
    fputs(",", cli_out());
    h5r_csv_shown(cli_out(), text != NULL ? text : "", r->spreadsheet);
}

/* "stored_bytes 10 > 12; file_bytes ..." as one field. */
static void put_facts(const compare_report_t *r, const h5r_pair_t *pair, h5r_exact_t set, bool values)
{
    char *text = NULL, old[160], new[160];
    size_t size = 0;
    FILE *memory = open_memstream(&text, &size);
    for (size_t i = 0, n = 0; memory != NULL && i < h5r_exact_count(); i++) {
        if ((set >> i & 1) == 0) {
            continue;
        }
        cli_say(memory, "%s%s", n++ > 0 ? "; " : "", h5r_exact_name(i));
        if (values) {
            cli_say(memory, " %s -> %s", h5r_exact_text(i, &pair->old->last, old, sizeof old),
                    h5r_exact_text(i, &pair->new->last, new, sizeof new));
        }
    }
    put_text(r, memory != NULL && fclose(memory) == 0 ? text : "");
    free(text);
}

static void print_csv_pair(const compare_report_t *r, const h5r_pair_t *pair)
{
    const h5r_contrast_t *c = pair->contrast;
    const double nan = (double)NAN;
    const double values[] = {c != NULL ? c->median_old : nan,  c != NULL ? c->median_new : nan,
                             c != NULL ? c->ratio.ratio : nan, c != NULL ? c->ratio.low : nan,
                             c != NULL ? c->ratio.high : nan,  c != NULL ? c->p : nan,
                             c != NULL ? c->p_holm : nan};
    h5r_csv_shown(cli_out(), pair->new->last.case_id, r->spreadsheet);
    put_text(r, pair->new->last.case_name);
    put_text(r, pair->new->last.operation);
    put_text(r, c != NULL ? h5r_verdict_names[c->verdict] : "");
    cli_say(cli_out(), ",%zu,%zu", pair->old->repetitions, pair->new->repetitions);
    for (size_t i = 0; i < H5R_COUNT_OF(values); i++) {
        put_real(values[i]);
    }
    put_text(r, c != NULL && pair->has_phase ? h5r_phase_names[pair->phase] : "");
    put_real(c != NULL && pair->has_phase ? pair->phase_change_s : nan);
    put_real(c != NULL && pair->has_phase ? pair->phase_ratio : nan);
    put_facts(r, pair, pair->differs, true);
    put_facts(r, pair, pair->varied, false);
    cli_say(cli_out(), ",%zu", pair->new->mismatches);
    put_text(r, pair->not_timed);
    put_text(r, pair->not_counted);
    fputs("\n", cli_out());
}

void compare_print_csv(const compare_report_t *r)
{
    const h5r_comparison_t *c = r->comparison;
    cli_print_differences(cli_err(), r->env);
    if (c == NULL) {
        return;
    }
    fputs("case_id,case,operation,verdict,n_old,n_new,median_old_s,median_new_s,ratio,ratio_low,ratio_high,p,"
          "p_holm,"
          "phase,phase_change_s,phase_ratio,differs,varied,mismatches_new,not_timed,not_counted\n",
          cli_out());
    for (size_t i = 0; i < c->pairs; i++) {
        print_csv_pair(r, &c->pair[i]);
    }
    for (size_t i = 0; i < c->lones; i++) {
        h5r_csv_shown(cli_out(), c->lone[i].row->case_id, r->spreadsheet);
        put_text(r, c->lone[i].row->case_name);
        cli_say(cli_out(), ",,%s,,,,,,,,,,,,,,,", compare_lone_names[c->lone[i].kind]);
        put_text(r, c->lone[i].reason);
        fputs(",\n", cli_out());
    }
}
