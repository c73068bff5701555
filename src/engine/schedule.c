#include "engine/schedule.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

h5r_status_t h5r_schedule_init(h5r_schedule_t *s, const h5r_plan_t *plan, h5r_error_t *err)
{
    *s = (h5r_schedule_t){.plan = plan};
    s->state = calloc(plan->ncases + 1, sizeof *s->state);
    s->order = calloc(plan->ncases + 1, sizeof *s->order);
    if (s->state == NULL || s->order == NULL) {
        return h5r_fail(err, H5R_ENV, "no memory for the schedule of %zu cases", plan->ncases);
    }
    for (size_t i = 0; i < plan->ncases; i++) {
        if (plan->cases[i].skip_reason[0] == '\0') {
            s->state[s->n++] = (h5r_case_state_t){.index = i, .stored_bytes = UINT64_MAX};
        }
    }
    return H5R_OK;
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
    *s = (h5r_schedule_t){0};
}

static void begin_block(h5r_schedule_t *s)
{
    s->in_block = 0;
    for (size_t i = 0; i < s->n; i++) {
        if (s->state[i].stop == NULL) {
            s->order[s->in_block++] = i;
        }
    }
    h5r_rng_t rng = h5r_rng_seeded(s->plan->seed, s->block);
    h5r_rng_shuffle(&rng, s->order, s->in_block);
    s->next = 0;
}

h5r_case_state_t *h5r_schedule_next(h5r_schedule_t *s, bool *warmup)
{
    if (s->next == s->in_block) {
        s->block += s->in_block > 0 ? 1 : 0;
        begin_block(s);
    }
    if (s->in_block == 0) {
        return NULL;
    }
    h5r_case_state_t *c = &s->state[s->order[s->next++]];
    *warmup = c->warmups < s->plan->repeat.warmup;
    return c;
}

bool h5r_schedule_coin(const h5r_schedule_t *s, uint64_t key)
{
    return (h5r_mix64(s->plan->seed ^ h5r_mix64(key ^ s->block)) & 1) != 0;
}

/* All operations that have values have a narrow interval. */
static bool narrow(const h5r_schedule_t *s, const h5r_case_state_t *c)
{
    for (int o = 0; o < H5R_OPERATIONS; o++) {
        h5r_summary_t summary = h5r_case_summary(c, (h5r_operation_t)o);
        if (summary.n > 0 && !(h5r_summary_half_width(&summary) <= s->plan->repeat.ci_frac)) {
            return false;
        }
    }
    return true;
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
        if (c->s[o] == NULL && (c->s[o] = malloc(repeat->max * sizeof(double))) == NULL) {
            return h5r_fail(err, H5R_ENV, "no memory for %llu repetitions", (unsigned long long)repeat->max);
        }
        c->s[o][c->repetitions] = seconds[o];
        c->spent_s += isnan(seconds[o]) ? 0.0 : seconds[o];
    }
    c->repetitions++;
    if (c->repetitions >= repeat->min && narrow(s, c)) {
        c->stop = "ci";
    } else if (c->repetitions >= repeat->max) {
        c->stop = "max";
    } else if (c->repetitions >= repeat->min && c->spent_s >= repeat->time_s) {
        c->stop = "time";
    }
    return H5R_OK;
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
        remaining += c->stop == NULL ? due : 0;
    }
    return remaining;
}
