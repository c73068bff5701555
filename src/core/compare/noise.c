#include "core/compare/noise.h"

#include "core/stats/contrast.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double levels[H5R_NOISE_LEVELS] = {0.02, 0.03, 0.04, 0.05, 0.07, 0.10, 0.15, 0.20, 0.30};

/* The times of one case in one run, or in one half of it. */
typedef struct {
    const h5r_result_t *result;
    double *times;
    size_t n;
} series_t;

typedef struct {
    const h5r_results_t *results;
    size_t runs, cases;
    bool split;
    series_t *series;     /* [runs * cases], by run; the cases are those of the first */
    double *times;        /* owns what the series hold */
    double *called;       /* distances of the comparisons that are significant alone */
    double *called_width; /* their widths */
    size_t ncalled;
    double *width;            /* [comparisons] of the intervals, relative to the ratio */
    h5r_contrast_t *contrast; /* of one pair of runs */
    size_t *case_of;          /* [contrasts] */
} work_t;

static const h5r_result_t *find(const h5r_results_t *results, size_t hint, const h5r_row_t *row)
{
    for (size_t i = 0; i < results->n; i++) {
        const h5r_result_t *r = &results->result[(hint + i) % results->n]; /* mostly at the same place */
        if (strcmp(r->last.case_id, row->case_id) == 0 && strcmp(r->last.operation, row->operation) == 0) {
            return r;
        }
    }
    return NULL;
}

/* Times of a run, or of its blocks of one parity; those without a time are left out. */
static double *take_times(series_t *s, const h5r_result_t *r, bool split, size_t parity, double *room)
{
    s->result = r;
    s->times = room;
    for (size_t i = 0; r != NULL && i < r->repetitions; i++) {
        const h5r_sample_t *sample = &r->sample[i];
        if (sample->durable_s > 0 && (!split || sample->block % 2 == parity)) {
            room[s->n++] = sample->durable_s;
        }
    }
    return room + s->n;
}

static bool prepare(work_t *w, const h5r_results_t *runs, size_t count)
{
    size_t room = 1;
    *w = (work_t){.results = runs, .split = count == 1, .runs = count == 1 ? 2 : count, .cases = runs[0].n};
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < runs[i].n; k++) {
            room += runs[i].result[k].repetitions;
        }
    }
    size_t pairs = w->runs * (w->runs - 1) / 2;
    w->series = calloc(w->runs * w->cases + 1, sizeof *w->series);
    w->times = malloc(room * sizeof *w->times);
    w->called = malloc((pairs * w->cases + 1) * sizeof *w->called);
    w->called_width = malloc((pairs * w->cases + 1) * sizeof *w->called_width);
    w->width = malloc((pairs * w->cases + 1) * sizeof *w->width);
    w->contrast = calloc(w->cases + 1, sizeof *w->contrast);
    w->case_of = calloc(w->cases + 1, sizeof *w->case_of);
    if (w->series == NULL || w->times == NULL || w->called == NULL || w->called_width == NULL ||
        w->width == NULL || w->contrast == NULL || w->case_of == NULL) {
        return false;
    }
    double *next = w->times;
    for (size_t i = 0; i < w->runs; i++) {
        for (size_t k = 0; k < w->cases; k++) {
            const h5r_results_t *run = &runs[w->split ? 0 : i];
            next = take_times(&w->series[i * w->cases + k], find(run, k, &runs[0].result[k].last), w->split,
                              i, next);
        }
    }
    return true;
}

static void release(work_t *w)
{
    free(w->series);
    free(w->times);
    free(w->called);
    free(w->called_width);
    free(w->width);
    free(w->contrast);
    free(w->case_of);
}

/* What the runs' medians say of a case. */
static void add_median(h5r_noise_case_t *c, double median, size_t n)
{
    bool first = c->runs == 0;
    c->low_s = first || median < c->low_s ? median : c->low_s;
    c->high_s = first || median > c->high_s ? median : c->high_s;
    c->n = first || n < c->n ? n : c->n;
    c->runs++;
}

static bool describe_cases(const work_t *w, h5r_noise_t *noise)
{
    noise->cases = calloc(w->cases + 1, sizeof *noise->cases);
    noise->n = noise->cases != NULL ? w->cases : 0;
    for (size_t k = 0; k < noise->n; k++) {
        noise->cases[k].row = &w->results[0].result[k].last;
        for (size_t i = 0; i < w->runs; i++) {
            series_t *s = &w->series[i * w->cases + k];
            if (s->n > 0) {
                h5r_summary_t summary =
                    h5r_summarise(s->times, s->n); /* sorts: their order is of no use here */
                add_median(&noise->cases[k], summary.median, s->n);
            }
        }
    }
    return noise->cases != NULL;
}

static bool judge_levels(const work_t *w, size_t n, h5r_noise_t *noise)
{
    for (size_t l = 0; l < H5R_NOISE_LEVELS; l++) {
        h5r_noise_level_t *level = &noise->level[l];
        level->threshold = levels[l];
        if (!h5r_contrasts_judge(w->contrast, n, levels[l])) {
            return false;
        }
        for (size_t i = 0; i < n; i++) {
            h5r_verdict_t verdict = w->contrast[i].verdict;
            level->called_holm += verdict == H5R_VERDICT_SLOWER || verdict == H5R_VERDICT_FASTER ? 1 : 0;
            level->same += verdict == H5R_VERDICT_SAME ? 1 : 0;
            level->inconclusive += verdict == H5R_VERDICT_INCONCLUSIVE ? 1 : 0;
        }
    }
    return true;
}

/* One pair of runs: its cases are one family for the correction, as when they are compared. */
static bool compare_runs(work_t *w, size_t a, size_t b, h5r_noise_t *noise)
{
    size_t n = 0;
    for (size_t k = 0; k < w->cases; k++) {
        const series_t *x = &w->series[a * w->cases + k], *y = &w->series[b * w->cases + k];
        if (x->n == 0 || y->n == 0) {
            continue;
        }
        h5r_contrast_t *c = &w->contrast[n];
        *c = (h5r_contrast_t){.old = x->times,
                              .new = y->times,
                              .n_old = x->n,
                              .n_new = y->n,
                              .seed = (a * w->runs + b) * w->cases + k};
        w->case_of[n++] = k;
        if (!h5r_contrast_measure(c, H5R_RESAMPLES)) {
            return false;
        }
        if (!h5r_contrast_enough(c)) {
            noise->too_few++;
            continue;
        }
        double width = fmax(c->ratio.high / c->ratio.ratio, c->ratio.ratio / c->ratio.low);
        w->width[noise->comparisons++] = width;
        noise->cases[k].comparisons++;
        if (c->p < H5R_CONTRAST_LEVEL) {
            double distance = h5r_contrast_distance(c);
            w->called_width[w->ncalled] = width;
            w->called[w->ncalled++] = distance;
            noise->cases[k].needed = fmax(noise->cases[k].needed, distance);
        }
    }
    return judge_levels(w, n, noise);
}

static size_t called_at(const work_t *w, double threshold)
{
    size_t n = 0;
    for (size_t i = 0; i < w->ncalled; i++) {
        n += w->called[i] > threshold ? 1 : 0;
    }
    return n;
}

/* What was called could be called, however wide its interval. */
static size_t can_tell_at(const work_t *w, size_t comparisons, double threshold)
{
    size_t n = 0;
    for (size_t i = 0; i < comparisons; i++) {
        n += w->width[i] <= 1 + threshold ? 1 : 0;
    }
    for (size_t i = 0; i < w->ncalled; i++) {
        n += w->called[i] > threshold && w->called_width[i] > 1 + threshold ? 1 : 0;
    }
    return n;
}

/* In whole steps, not below. */
static double step_from(double threshold)
{
    double steps = ceil(threshold / H5R_NOISE_STEP - 1e-9);
    return fmax(H5R_NOISE_FLOOR, steps * H5R_NOISE_STEP);
}

/* Of sorted distances, the threshold at which so many are called, and no more. */
static double threshold_for(const double *sorted, size_t n, size_t allowed)
{
    return step_from(n > allowed ? sorted[n - 1 - allowed] : 0);
}

/* The smallest threshold, in whole steps, at which at most 1 % of the comparisons that can tell are called.
 */
static bool find_quiet(const work_t *w, h5r_noise_t *noise)
{
    double *sorted = malloc((w->ncalled + 1) * sizeof *sorted);
    if (sorted == NULL) {
        return false;
    }
    memcpy(sorted, w->called, w->ncalled * sizeof *sorted);
    h5r_sort_doubles(sorted, w->ncalled);
    size_t allowed = (size_t)(H5R_NOISE_RATE * (double)noise->comparisons);
    for (;; allowed--) {
        noise->quiet = threshold_for(sorted, w->ncalled, allowed);
        noise->called = called_at(w, noise->quiet);
        noise->can_tell = can_tell_at(w, noise->comparisons, noise->quiet);
        if (allowed == 0 || (double)noise->called <= H5R_NOISE_RATE * (double)noise->can_tell) {
            break;
        }
    }
    free(sorted);
    return true;
}

static bool recommend(work_t *w, h5r_noise_t *noise)
{
    for (size_t l = 0; l < H5R_NOISE_LEVELS; l++) {
        noise->level[l].called = called_at(w, levels[l]);
        noise->level[l].can_tell = can_tell_at(w, noise->comparisons, levels[l]);
    }
    noise->quiet = noise->recommended = noise->can_tell_from = (double)NAN;
    noise->visible = noise->visible_half = (double)NAN;
    if (noise->comparisons == 0) {
        return true;
    }
    if (!find_quiet(w, noise)) {
        return false;
    }
    h5r_sort_doubles(w->width, noise->comparisons);
    double half = w->width[(noise->comparisons - 1) / 2];
    noise->visible_half = (1 + noise->quiet) * half - 1;
    noise->visible = (1 + noise->quiet) * w->width[(noise->comparisons - 1) * 9 / 10] - 1;
    noise->can_tell_from = fmax(noise->quiet, step_from(half - 1));
    noise->recommended = 2 * noise->can_tell >= noise->comparisons ? noise->quiet : (double)NAN;
    noise->rate_bound = 1 - pow(0.05, 1 / (double)noise->comparisons);
    return true;
}

h5r_status_t h5r_noise(const h5r_results_t *runs, size_t count, h5r_noise_t *noise, h5r_error_t *err)
{
    work_t w;
    *noise = (h5r_noise_t){0};
    bool good = prepare(&w, runs, count) && describe_cases(&w, noise);
    noise->runs = w.runs;
    noise->split = w.split;
    for (size_t a = 0; a < w.runs && good; a++) {
        for (size_t b = a + 1; b < w.runs && good; b++) {
            good = compare_runs(&w, a, b, noise);
        }
    }
    good = good && recommend(&w, noise);
    release(&w);
    return good ? H5R_OK : h5r_no_memory(err, "comparing %zu runs", count);
}

void h5r_noise_free(h5r_noise_t *noise)
{
    free(noise->cases);
    *noise = (h5r_noise_t){0};
}
