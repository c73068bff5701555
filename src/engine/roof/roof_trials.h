/*
 * Which ways of writing and reading the store roof is measured with: what the trials of a run told, by the
 * size (to the nearest power of two), ranks, state of the cache and shift of the readers. Lives on rank 0.
 */
#ifndef H5ROOF_ROOF_TRIALS_H
#define H5ROOF_ROOF_TRIALS_H

#include "engine/roof/store_way.h"
#include "h5roof/error.h"
#include "h5roof/workload.h"

#define H5R_SHARINGS 2 /* 0: a file per rank, 1: one shared file */

/* Plain bytes: what all ranks measure, and how long the ways after the first may take, each list of them. */
typedef struct {
    h5r_way_list_t list[H5R_SHARINGS][H5R_WAYS];
    double trial_s;
} h5r_store_order_t;

/* The seconds of the slowest rank. NaN: not measured; INFINITY: it failed on a rank. */
typedef struct {
    double s[H5R_SHARINGS][H5R_WAYS][H5R_STORE_WAYS];
    double extra_s; /* what was spent beyond one way of each */
} h5r_store_tried_t;

typedef struct {
    uint64_t key;
    h5r_way_trials_t of[H5R_SHARINGS][H5R_WAYS];
} h5r_roof_trial_t;

typedef struct {
    h5r_roof_trial_t *trial;
    size_t n, room;
} h5r_roof_trials_t;

struct h5r_roof_spec;
struct h5r_roof_time;

/* What to measure for a roof STORE. ranks: that take part; left_s: of the run's budget, or INFINITY. H5R_ENV:
 * no memory. */
h5r_status_t h5r_roof_trials_order(h5r_roof_trials_t *t, const struct h5r_roof_spec *spec, int ranks,
                                   double left_s, h5r_store_order_t *order, h5r_error_t *err);

/* Take what came out of it, and fill the times and ways of the roof. After h5r_roof_trials_order. */
void h5r_roof_trials_learn(h5r_roof_trials_t *t, const struct h5r_roof_spec *spec,
                           const h5r_store_tried_t *tried, struct h5r_roof_time *time);

void h5r_roof_trials_free(h5r_roof_trials_t *t);

#endif
