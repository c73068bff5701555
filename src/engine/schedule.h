/*
 * What runs next, on rank 0: randomised blocks in which every case that still needs repetitions runs once,
 * and the rule that says when a case has enough. Local; knows nothing of how a case is run.
 */
#ifndef H5ROOF_SCHEDULE_H
#define H5ROOF_SCHEDULE_H

#include "core/plan.h"
#include "core/rng.h"
#include "core/stats.h"
#include "h5roof/workload.h"

typedef struct {
    size_t index;              /* of the case in the plan */
    size_t warmups;            /* done */
    size_t repetitions;        /* measured */
    double *s[H5R_OPERATIONS]; /* durable seconds, room for repeat.max of each; NULL before the first */
    double spent_s;            /* in measured repetitions */
    const char *stop;          /* NULL: goes on; else why it stopped: ci, max, time */
    uint64_t stored_bytes;     /* of the last repetition */
} h5r_case_state_t;

typedef struct {
    const h5r_plan_t *plan;
    h5r_case_state_t *state; /* one per case that runs */
    size_t n;
    size_t *order; /* of the current block: indices into state */
    size_t in_block;
    size_t block;
    size_t next; /* in order */
} h5r_schedule_t;

h5r_status_t h5r_schedule_init(h5r_schedule_t *s, const h5r_plan_t *plan, h5r_error_t *err);
void h5r_schedule_free(h5r_schedule_t *s);

/* The next case, or NULL when all have enough. Within a block the order is a shuffle that depends on the seed
 * and on the block alone. *warmup: it is a warm-up repetition. */
h5r_case_state_t *h5r_schedule_next(h5r_schedule_t *s, bool *warmup);

/* A random choice that belongs to the block (whether a roof is measured before or after its case). */
bool h5r_schedule_coin(const h5r_schedule_t *s, uint64_t key);

/* Record a repetition: durable seconds of the operations, and decide whether it was the last: state->stop.
 * The rule: after repeat.min repetitions, when the CI of the median of every operation is within repeat.ci;
 * else after repeat.max repetitions; or, after repeat.min, when repeat.time has been spent. Values of NaN are
 * left out. H5R_ENV: no memory. */
h5r_status_t h5r_schedule_record(const h5r_schedule_t *s, h5r_case_state_t *c, bool warmup,
                                 const double seconds[H5R_OPERATIONS], h5r_error_t *err);

/* Median and CI of an operation so far (seconds). */
h5r_summary_t h5r_case_summary(const h5r_case_state_t *c, h5r_operation_t operation);

/* Repetitions that are certainly still to come, warm-up included. */
size_t h5r_schedule_remaining(const h5r_schedule_t *s);

#endif
