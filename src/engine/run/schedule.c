#include "engine/run/schedule.h"
#include "h5roof/count.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    uint64_t id;
    size_t index;
} entry_t;

static int by_id(const void *a, const void *b)
{
    const entry_t *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

static h5r_status_t sort_ids(h5r_schedule_t *s, h5r_error_t *err)
{
    entry_t *entry = calloc(s->n + 1, sizeof *entry);
    if (entry == NULL) {
        return h5r_no_memory(err, "the schedule of %zu cases", s->n);
    }
    for (size_t i = 0; i < s->n; i++) {
        entry[i] = (entry_t){s->plan->cases[s->state[i].index].id, i};
    }
    qsort(entry, s->n, sizeof *entry, by_id);
    for (size_t i = 0; i < s->n; i++) {
        s->by_id[i] = entry[i].index;
    }
    free(entry);
    return H5R_OK;
}

h5r_status_t h5r_schedule_init(h5r_schedule_t *s, const h5r_plan_t *plan, h5r_error_t *err)
{
    *s = (h5r_schedule_t){.plan = plan, .budget_s = INFINITY};
    s->state = calloc(plan->ncases + 1, sizeof *s->state);
    s->order = calloc(plan->ncases + 1, sizeof *s->order);
    s->by_id = calloc(plan->ncases + 1, sizeof *s->by_id);
    if (s->state == NULL || s->order == NULL || s->by_id == NULL) {
        return h5r_no_memory(err, "the schedule of %zu cases", plan->ncases);
    }
    for (size_t i = 0; i < plan->ncases; i++) {
        if (plan->cases[i].skip_reason[0] == '\0') {
            h5r_case_state_t *c = &s->state[s->n++];
            c->index = i;
            memset(c->store_bytes, 0xff, sizeof c->store_bytes);
        }
    }
    return sort_ids(s, err);
}

void h5r_schedule_free(h5r_schedule_t *s)
{
    for (size_t i = 0; i < s->n; i++) {
        for (int o = 0; o < H5R_OPERATIONS; o++) {
            free(s->state[i].s[o]);
        }
    }
    free(s->state);
    free(s->order);
    free(s->by_id);
    *s = (h5r_schedule_t){0};
}

h5r_case_state_t *h5r_schedule_find(const h5r_schedule_t *s, uint64_t case_id)
{
    size_t low = 0, high = s->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        h5r_case_state_t *c = &s->state[s->by_id[middle]];
        uint64_t id = s->plan->cases[c->index].id;
        if (id == case_id) {
            return c;
        }
        low = id < case_id ? middle + 1 : low;
        high = id < case_id ? high : middle;
    }
    return NULL;
}

/* Why a repetition was the last. What was decided then counts: times in a file have fewer digits, and must not
 * decide otherwise now. What ended the process is no reason. */
static h5r_stop_t stop_of(const h5r_past_t *past)
{
    const bool decided =
        past->stop == H5R_STOP_CI || past->stop == H5R_STOP_MAX || past->stop == H5R_STOP_TIME;
    return decided ? past->stop : H5R_STOP_NONE;
}

static h5r_status_t restore_repetition(h5r_schedule_t *s, h5r_case_state_t *c, const h5r_past_t *past,
                                       h5r_error_t *err)
{
    const h5r_repeat_t *repeat = &s->plan->repeat;
    if (past->warmup ? c->warmups >= repeat->warmup : c->repetitions >= repeat->max) {
        return h5r_fail(err, H5R_RESULTS, "results.csv has more repetitions of case %s than the suite allows",
                        s->plan->cases[c->index].name);
    }
    if (past->suspended && !past->warmup) {
        h5r_schedule_suspended(s, c);
    } else if (h5r_schedule_record(s, c, past->warmup, past->durable_s, err) != H5R_OK) {
        return err->code;
    }
    const h5r_stop_t stop = stop_of(past);
    const bool most = c->repetitions >= repeat->max || c->suspended >= repeat->max;
    c->stop = stop == H5R_STOP_NONE && most ? H5R_STOP_MAX : stop;
    c->next_block = (size_t)past->block + 1;
    s->block = (size_t)past->block > s->block ? (size_t)past->block : s->block;
    return H5R_OK;
}

h5r_status_t h5r_schedule_restore(h5r_schedule_t *s, const h5r_history_t *history, h5r_error_t *err)
{
    for (size_t i = 0; i < history->n; i++) {
        const h5r_past_t *past = &history->past[i];
        h5r_case_state_t *c = h5r_schedule_find(s, past->case_id);
        if (past->kind == H5R_PAST_SKIPPED || past->kind == H5R_PAST_STOPPED) {
            continue;
        }
        if (c == NULL) {
            return h5r_fail(err, H5R_RESULTS,
                            "results.csv has a case that the suite lacks: case_id %016" PRIx64,
                            past->case_id);
        }
        if (past->kind == H5R_PAST_INTERRUPTED) {
            c->stop = past->stop != H5R_STOP_NONE ? H5R_STOP_INTERRUPTED : c->stop;
            continue;
        }
        if (restore_repetition(s, c, past, err) != H5R_OK) {
            return err->code;
        }
    }
    return H5R_OK;
}

double h5r_case_width(const h5r_case_state_t *c)
{
    double widest = 0.0;
    bool any = false;
    for (int o = 0; o < H5R_OPERATIONS; o++) {
        h5r_summary_t summary = h5r_case_summary(c, o);
        widest = summary.n > 0 ? fmax(widest, h5r_summary_half_width(&summary)) : widest;
        any = any || summary.n > 0;
    }
    return any ? widest : HUGE_VAL;
}

static bool fits(const h5r_schedule_t *s, const h5r_case_state_t *c, double elapsed_s)
{
    return elapsed_s + c->cost_s <= s->budget_s;
}

static int by_width(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The median of the widths of the unfinished cases: those below it can wait. 0 without a budget, while some
 * case has not its least repetitions yet, or without memory for it. */
static double width_that_matters(const h5r_schedule_t *s)
{
    double *width = isfinite(s->budget_s) ? malloc((s->n + 1) * sizeof *width) : NULL;
    size_t n = 0;
    bool early = false;
    for (size_t i = 0; width != NULL && i < s->n; i++) {
        const h5r_case_state_t *c = &s->state[i];
        early = early || (c->stop == H5R_STOP_NONE && c->repetitions < s->plan->repeat.min);
        if (c->stop == H5R_STOP_NONE) {
            width[n++] = h5r_case_width(c);
        }
    }
    double middle = 0.0;
    if (n > 0 && !early) {
        qsort(width, n, sizeof *width, by_width);
        middle = width[n / 2];
    }
    free(width);
    return middle;
}

/* The unfinished cases that have not run in this block, fit, and have at least this width, shuffled. */
static void fill_block(h5r_schedule_t *s, double least_width, double elapsed_s)
{
    s->in_block = 0;
    s->next = 0;
    for (size_t i = 0; i < s->n; i++) {
        const h5r_case_state_t *c = &s->state[i];
        bool due = c->stop == H5R_STOP_NONE && c->next_block <= s->block && fits(s, c, elapsed_s);
        if (due && (least_width <= 0.0 || h5r_case_width(c) >= least_width)) {
            s->order[s->in_block++] = i;
        }
    }
    h5r_rng_t rng = h5r_rng_seeded(s->plan->seed, s->block);
    h5r_rng_shuffle(&rng, s->order, s->in_block);
}

static void begin_block(h5r_schedule_t *s, double elapsed_s)
{
    double least_width = width_that_matters(s);
    bool goes_on = !s->begun;
    s->block += s->begun ? 1 : 0;
    s->begun = true;
    fill_block(s, least_width, elapsed_s);
    if (s->in_block == 0 && goes_on) { /* an earlier process had finished the block */
        s->block++;
        fill_block(s, least_width, elapsed_s);
    }
    if (s->in_block == 0) { /* what has the widest intervals takes too long */
        fill_block(s, 0.0, elapsed_s);
    }
}

h5r_case_state_t *h5r_schedule_next(h5r_schedule_t *s, double elapsed_s, bool *warmup)
{
    for (;;) {
        if (s->next == s->in_block) {
            begin_block(s, elapsed_s);
        }
        if (s->in_block == 0) {
            return NULL;
        }
        h5r_case_state_t *c = &s->state[s->order[s->next++]];
        if (fits(s, c, elapsed_s)) {
            c->next_block = s->block + 1;
            *warmup = c->warmups < s->plan->repeat.warmup;
            return c;
        }
    }
}

bool h5r_schedule_coin(const h5r_schedule_t *s, uint64_t key)
{
    return (h5r_mix64(s->plan->seed ^ h5r_mix64(key ^ s->block)) & 1) != 0;
}

/* It is looked at, and all operations that have values have a narrow interval. */
static bool narrow(const h5r_schedule_t *s, const h5r_case_state_t *c)
{
    if (!h5r_median_look(c->repetitions, s->plan->repeat.min)) {
        return false;
    }
    for (int o = 0; o < H5R_OPERATIONS; o++) {
        h5r_summary_t summary = h5r_case_summary(c, o);
        if (summary.n > 0 && !(h5r_summary_half_width(&summary) <= s->plan->repeat.ci_frac)) {
            return false;
        }
    }
    return true;
}

/* For the values of an operation; those that it had not so far are NaN. */
static double *room_for(const h5r_case_state_t *c, uint64_t max)
{
    double *room = malloc(max * sizeof *room);
    for (size_t i = 0; room != NULL && i < c->repetitions; i++) {
        room[i] = NAN;
    }
    return room;
}

h5r_status_t h5r_schedule_record(const h5r_schedule_t *s, h5r_case_state_t *c, bool warmup,
                                 const double seconds[H5R_OPERATIONS], h5r_error_t *err)
{
    const h5r_repeat_t *repeat = &s->plan->repeat;
    if (warmup) {
        c->warmups++;
        return H5R_OK;
    }
    for (int o = 0; o < H5R_OPERATIONS; o++) {
        bool nothing = c->s[o] == NULL && isnan(seconds[o]);
        if (!nothing && c->s[o] == NULL && (c->s[o] = room_for(c, repeat->max)) == NULL) {
            return h5r_no_memory(err, "%" PRIu64 " repetitions", repeat->max);
        }
        if (!nothing) {
            c->s[o][c->repetitions] = seconds[o];
        }
        c->spent_s += isnan(seconds[o]) ? 0.0 : seconds[o];
    }
    c->repetitions++;
    if (narrow(s, c)) {
        c->stop = H5R_STOP_CI;
    } else if (c->repetitions >= repeat->max) {
        c->stop = H5R_STOP_MAX;
    } else if (c->repetitions >= repeat->min && c->spent_s >= repeat->time_s) {
        c->stop = H5R_STOP_TIME;
    }
    return H5R_OK;
}

void h5r_schedule_suspended(const h5r_schedule_t *s, h5r_case_state_t *c)
{
    c->stop = ++c->suspended >= s->plan->repeat.max ? H5R_STOP_MAX : c->stop;
}

h5r_summary_t h5r_case_summary(const h5r_case_state_t *c, h5r_operation_t operation)
{
    double *sorted = c->s[operation] != NULL ? malloc((c->repetitions + 1) * sizeof(double)) : NULL;
    size_t n = 0;
    for (size_t i = 0; sorted != NULL && i < c->repetitions; i++) {
        if (!isnan(c->s[operation][i])) {
            sorted[n++] = c->s[operation][i];
        }
    }
    h5r_summary_t summary = h5r_summarise(sorted, n);
    free(sorted);
    return summary;
}

size_t h5r_schedule_remaining(const h5r_schedule_t *s)
{
    size_t remaining = 0;
    for (size_t i = 0; i < s->n; i++) {
        const h5r_case_state_t *c = &s->state[i];
        size_t due = s->plan->repeat.warmup - c->warmups;
        due += c->repetitions < s->plan->repeat.min ? s->plan->repeat.min - c->repetitions : 1;
        remaining += c->stop == H5R_STOP_NONE ? due : 0;
    }
    return remaining;
}
