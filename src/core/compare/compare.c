#include "core/compare/compare.h"

#include "core/base/hash.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- finding the partner of a result */

typedef struct {
    const h5r_result_t **sorted; /* by case_id, operation */
    size_t n;
} index_t;

static int by_key(const h5r_result_t *x, const h5r_result_t *y)
{
    int order = strcmp(x->last.case_id, y->last.case_id);
    return order != 0 ? order : strcmp(x->last.operation, y->last.operation);
}

static int by_key_indirect(const void *a, const void *b)
{
    return by_key(*(const h5r_result_t *const *)a, *(const h5r_result_t *const *)b);
}

static bool index_results(const h5r_results_t *results, index_t *index)
{
    index->sorted = calloc(results->n + 1, sizeof *index->sorted);
    index->n = results->n;
    for (size_t i = 0; i < results->n && index->sorted != NULL; i++) {
        index->sorted[i] = &results->result[i];
    }
    if (index->sorted != NULL && index->n > 0) {
        qsort(index->sorted, index->n, sizeof *index->sorted, by_key_indirect);
    }
    return index->sorted != NULL;
}

/* The first entry that is not before (case_id, operation). */
static size_t lower_bound(const index_t *index, const char *case_id, const char *operation)
{
    size_t low = 0, high = index->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const h5r_row_t *row = &index->sorted[middle]->last;
        int order = strcmp(row->case_id, case_id);
        order = order != 0 ? order : strcmp(row->operation, operation);
        low = order < 0 ? middle + 1 : low;
        high = order < 0 ? high : middle;
    }
    return low;
}

static const h5r_result_t *find(const index_t *index, const char *case_id, const char *operation)
{
    size_t i = lower_bound(index, case_id, operation);
    if (i == index->n || strcmp(index->sorted[i]->last.case_id, case_id) != 0) {
        return NULL;
    }
    return strcmp(index->sorted[i]->last.operation, operation) == 0 ? index->sorted[i] : NULL;
}

/* Any result of the case, whatever the operation: a skipped case has one without an operation. */
static const h5r_result_t *find_case(const index_t *index, const char *case_id)
{
    size_t i = lower_bound(index, case_id, "");
    return i < index->n && strcmp(index->sorted[i]->last.case_id, case_id) == 0 ? index->sorted[i] : NULL;
}

/* ---- one pair */

static void compare_facts(h5r_pair_t *pair, h5r_exact_t has)
{
    const h5r_row_t *old = &pair->old->last, *new = &pair->new->last;
    if (old->ranks != new->ranks) {
        pair->not_counted = "the numbers of ranks differ";
        return;
    }
    h5r_exact_t compared = has;
    if (old->seed != new->seed) {
        pair->not_counted = "the seeds differ, and so do the data: no sizes and MPI-IO counts";
        compared &= ~h5r_exact_of_data();
    }
    pair->varied = (pair->old->varied | pair->new->varied) & compared;
    pair->differs = h5r_exact_differing(old, new) & compared & ~pair->varied;
}

static void compare_phases(h5r_pair_t *pair)
{
    double whole = pair->new->durable_s.median - pair->old->durable_s.median;
    double sign = whole < 0 ? -1 : 1, most = -HUGE_VAL;
    for (int p = 0; p < H5R_PHASE_COUNT; p++) {
        const h5r_summary_t *old = &pair->old->phase_s[p], *new = &pair->new->phase_s[p];
        if (old->n == 0 || new->n == 0) {
            continue;
        }
        double change = new->median - old->median;
        if (sign * change > most) {
            most = sign * change;
            pair->has_phase = true;
            pair->phase = (h5r_phase_t)p;
            pair->phase_change_s = change;
            pair->phase_ratio = old->median > 0 ? new->median / old->median : (double)NAN;
        }
    }
}

static bool has_useless_time(const h5r_result_t *r)
{
    for (size_t i = 0; i < r->repetitions; i++) {
        if (!(r->sample[i].durable_s > 0)) { /* NaN, too */
            return true;
        }
    }
    return false;
}

static const char *why_not_timed(const h5r_pair_t *pair, const h5r_compare_options_t *options)
{
    if (options->counters_only) {
        return "only counters were asked for";
    }
    if (pair->old->last.ranks != pair->new->last.ranks && !options->any_ranks) {
        return "the numbers of ranks differ";
    }
    if (pair->old->last.payload_bytes != pair->new->last.payload_bytes) {
        return "the payloads differ";
    }
    if (has_useless_time(pair->old) || has_useless_time(pair->new)) {
        return "a repetition has no time, or a time of zero";
    }
    return NULL;
}

/* Of what identifies the pair: its interval does not depend on which other cases there are. */
static uint64_t seed_of(const h5r_row_t *row)
{
    return h5r_hash_text(h5r_hash_text(H5R_HASH_EMPTY, row->case_id), row->operation);
}

static double *copy_times(const h5r_result_t *r, double *to)
{
    for (size_t i = 0; i < r->repetitions; i++) {
        to[i] = r->sample[i].durable_s;
    }
    return to + r->repetitions;
}

/* ---- all */

/* Skipped cases have no measured repetition and say so; an ended run may have warm-up only. */
static bool not_run(const h5r_result_t *r)
{
    return r->measured == 0 && r->last.status != H5R_ROW_OK;
}

static void add_lone(h5r_comparison_t *c, h5r_lone_kind_t kind, const h5r_row_t *row, const char *reason)
{
    bool again = c->lones > 0 && c->lone[c->lones - 1].kind == kind &&
                 strcmp(c->lone[c->lones - 1].row->case_id, row->case_id) == 0;
    if (!again) { /* once a case, not once an operation */
        c->lone[c->lones++] = (h5r_lone_t){kind, row, reason};
        c->lost += kind == H5R_LONE_LOST ? 1 : 0;
    }
}

static void join(const h5r_results_t *old, const index_t *news, h5r_comparison_t *c)
{
    for (size_t i = 0; i < old->n; i++) {
        const h5r_result_t *r = &old->result[i];
        const h5r_result_t *partner = find(news, r->last.case_id, r->last.operation);
        const h5r_result_t *other = partner != NULL ? partner : find_case(news, r->last.case_id);
        if (not_run(r)) {
            continue;
        }
        if (partner != NULL && !not_run(partner)) {
            c->pair[c->pairs++] = (h5r_pair_t){.old = r, .new = partner};
        } else if (other != NULL) {
            add_lone(c, H5R_LONE_LOST, &r->last, other->last.reason);
        } else {
            add_lone(c, H5R_LONE_OLD, &r->last, NULL);
        }
    }
}

static void find_new_ones(const h5r_results_t *new, const index_t *olds, h5r_comparison_t *c)
{
    for (size_t i = 0; i < new->n; i++) {
        const h5r_result_t *r = &new->result[i];
        const h5r_result_t *partner = find(olds, r->last.case_id, r->last.operation);
        const h5r_result_t *other = partner != NULL ? partner : find_case(olds, r->last.case_id);
        c->mismatches += r->mismatches;
        if (!not_run(r) && (partner == NULL || not_run(partner))) {
            add_lone(c, H5R_LONE_NEW, &r->last, other != NULL ? other->last.reason : NULL);
        }
    }
}

static bool measure_times(h5r_comparison_t *c, const h5r_compare_options_t *options)
{
    size_t room = 0;
    for (size_t i = 0; i < c->pairs; i++) {
        room += c->pair[i].old->repetitions + c->pair[i].new->repetitions;
    }
    c->times = malloc((room + 1) * sizeof *c->times);
    double *next = c->times;
    for (size_t i = 0; i < c->pairs && next != NULL; i++) {
        h5r_pair_t *pair = &c->pair[i];
        pair->not_timed = why_not_timed(pair, options);
        if (pair->not_timed != NULL) {
            continue;
        }
        h5r_contrast_t *contrast = &c->contrast[c->contrasts++];
        *contrast = (h5r_contrast_t){.old = next,
                                     .n_old = pair->old->repetitions,
                                     .n_new = pair->new->repetitions,
                                     .seed = seed_of(&pair->old->last)};
        next = copy_times(pair->old, next);
        contrast->new = next;
        next = copy_times(pair->new, next);
        pair->contrast = contrast;
        if (!h5r_contrast_measure(contrast, H5R_RESAMPLES)) {
            return false;
        }
        compare_phases(pair);
    }
    return next != NULL && h5r_contrasts_judge(c->contrast, c->contrasts, options->threshold);
}

static void count(h5r_comparison_t *c)
{
    for (size_t i = 0; i < c->contrasts; i++) {
        c->verdicts[c->contrast[i].verdict]++;
    }
    for (size_t i = 0; i < c->pairs; i++) {
        h5r_pair_t *pair = &c->pair[i];
        if (h5r_row_measured(&pair->old->last) && h5r_row_measured(&pair->new->last)) {
            compare_facts(pair, c->has);
        } else {
            pair->not_counted = "a run has no measured repetition of it";
        }
        c->differing += pair->differs != 0 ? 1 : 0;
    }
}

h5r_status_t h5r_compare(const h5r_results_t *old, const h5r_results_t *new,
                         const h5r_compare_options_t *options, h5r_comparison_t *c, h5r_error_t *err)
{
    index_t olds = {0}, news = {0};
    *c = (h5r_comparison_t){.has = old->has & new->has, .counts_differ = options->counts_differ};
    c->pair = calloc(old->n + 1, sizeof *c->pair);
    c->contrast = calloc(old->n + 1, sizeof *c->contrast);
    c->lone = calloc(old->n + new->n + 1, sizeof *c->lone);
    h5r_status_t status = H5R_OK;
    bool good = index_results(old, &olds) && index_results(new, &news) && c->pair != NULL &&
                c->contrast != NULL && c->lone != NULL;
    if (good) {
        join(old, &news, c);
        find_new_ones(new, &olds, c);
        good = measure_times(c, options);
    }
    if (good) {
        count(c);
    } else {
        status = h5r_no_memory(err, "comparing %zu with %zu results", old->n, new->n);
    }
    free(olds.sorted);
    free(news.sorted);
    return status;
}

void h5r_comparison_free(h5r_comparison_t *c)
{
    free(c->pair);
    free(c->contrast);
    free(c->lone);
    free(c->times);
    *c = (h5r_comparison_t){0};
}

bool h5r_comparison_failed(const h5r_comparison_t *c)
{
    return c->verdicts[H5R_VERDICT_SLOWER] > 0 || (c->differing > 0 && !c->counts_differ) || c->lost > 0 ||
           c->mismatches > 0;
}
