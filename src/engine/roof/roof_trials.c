#include "engine/roof/roof_trials.h"

#include "core/factors/factor.h"
#include "engine/roof/roof.h"
#include "engine/roof/roof_store.h"

#include <math.h>
#include <stdlib.h>

#define TRIAL_S    0.5 /* of each list: where all is slow, little is tried */
#define TRIAL_FRAC 0.1 /* of what is left of the run's budget */

/* Sizes vary a little from repetition to repetition where filters made them. */
static uint64_t trial_key(const h5r_roof_spec_t *spec)
{
    uint64_t key = h5r_factors_hash(&spec->factors) * 31u + (uint64_t)llrint(log2((double)spec->bytes + 1.0));
    return key * 31u + spec->rewrites;
}

static h5r_roof_trial_t *find(const h5r_roof_trials_t *t, uint64_t key)
{
    for (size_t i = 0; i < t->n; i++) {
        if (t->trial[i].key == key) {
            return &t->trial[i];
        }
    }
    return NULL;
}

static h5r_roof_trial_t *add(h5r_roof_trials_t *t, uint64_t key)
{
    if (t->n == t->room) {
        size_t room = 2 * t->room + 16;
        h5r_roof_trial_t *more = realloc(t->trial, room * sizeof *more);
        if (more == NULL) {
            return NULL;
        }
        t->trial = more;
        t->room = room;
    }
    t->trial[t->n] = (h5r_roof_trial_t){.key = key};
    return &t->trial[t->n++];
}

h5r_status_t h5r_roof_trials_order(h5r_roof_trials_t *t, const h5r_roof_spec_t *spec, int ranks,
                                   double left_s, h5r_store_order_t *order, h5r_error_t *err)
{
    uint64_t key = trial_key(spec);
    h5r_roof_trial_t *trial = find(t, key);
    if (trial == NULL && (trial = add(t, key)) == NULL) {
        return h5r_no_memory(err, "the trials of %zu roofs", t->n + 1);
    }
    /* where calls share memory, none is larger than that */
    const h5r_context_t among = {.size = ranks, .rank = 0};
    uint64_t part = h5r_bench_memory(&among, &spec->factors, h5r_roof_store_part(spec, ranks));
    for (int shared = 0; shared < H5R_SHARINGS; shared++) {
        for (int o = 0; o < H5R_WAYS; o++) {
            const bool allocates = o == H5R_WAY_OUT && !spec->rewrites;
            order->list[shared][o] = h5r_way_next(&trial->of[shared][o], allocates, part);
        }
    }
    order->trial_s = fmin(TRIAL_S, fmax(left_s, 0.0) * TRIAL_FRAC / (H5R_SHARINGS * H5R_WAYS));
    return H5R_OK;
}

void h5r_roof_trials_learn(h5r_roof_trials_t *t, const h5r_roof_spec_t *spec, const h5r_store_tried_t *tried,
                           h5r_roof_time_t *time)
{
    h5r_roof_trial_t *trial = find(t, trial_key(spec));
    for (int o = 0; o < H5R_WAYS; o++) {
        for (int shared = 0; trial != NULL && shared < H5R_SHARINGS; shared++) {
            const double *s = tried->s[shared][o];
            h5r_way_learn(&trial->of[shared][o], s, spec->bytes);
            size_t best = h5r_way_best(s);
            *(shared ? &time->shared_s[o] : &time->own_s[o]) = s[best];
            *(shared ? &time->shared_way[o] : &time->own_way[o]) = h5r_store_way_table[best].name;
        }
        time->s[o] = fmin(time->own_s[o], time->shared_s[o]);
    }
}

void h5r_roof_trials_free(h5r_roof_trials_t *t)
{
    free(t->trial);
    *t = (h5r_roof_trials_t){0};
}
