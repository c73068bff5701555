/*
 * What runs next, on rank 0: randomised blocks in which every case that still needs repetitions runs once,
 * and the rule that says when a case has enough. Local; knows nothing of how a case is run.
 */
#ifndef H5ROOF_SCHEDULE_H
#define H5ROOF_SCHEDULE_H

#include "core/stats/stats.h"
#include "core/suite/plan.h"
#include "core/table/history.h"
#include "engine/repetition/roof_work.h"
#include "h5roof/rng.h"

typedef struct {
    size_t index;              /* of the case in the plan */
    size_t warmups;            /* done */
    size_t repetitions;        /* measured */
    double *s[H5R_OPERATIONS]; /* durable seconds, room for repeat.max of each; NULL: no values */
    size_t suspended;          /* repetitions that did not count */
    double spent_s;            /* in measured repetitions */
    double cost_s;   /* the longest that a repetition took with its roofs, in this process; 0: none */
    h5r_stop_t stop; /* NONE: goes on */
    uint64_t store_bytes[H5R_OPERATIONS]; /* that the last repetition had to store or fetch; UINT64_MAX: none
                                             yet */
    h5r_roof_work_t work[H5R_OPERATIONS]; /* likewise; zeros: none yet */
    size_t next_block;                    /* the first block that it has not run in */
} h5r_case_state_t;

typedef struct {
    const h5r_plan_t *plan;
    h5r_case_state_t *state; /* one per case that runs */
    size_t n;
    size_t *by_id; /* indices into state, by the id of the case */
    size_t *order; /* of the current block: indices into state */
    size_t in_block;
    size_t block;
    size_t next;     /* in order */
    bool begun;      /* there is a block */
    double budget_s; /* of the whole run; INFINITY: none. Set after init */
} h5r_schedule_t;

h5r_status_t h5r_schedule_init(h5r_schedule_t *s, const h5r_plan_t *plan, h5r_error_t *err);
void h5r_schedule_free(h5r_schedule_t *s);

/* Take up what an earlier process did of the same plan: repetitions are counted, cases that were finished
 * stay so, the block goes on. H5R_RESULTS: a case that the plan does not have, or more repetitions than it
 * allows. */
h5r_status_t h5r_schedule_restore(h5r_schedule_t *s, const h5r_history_t *history, h5r_error_t *err);

/*
 * The next case, or NULL when all have enough or nothing more fits into the budget after elapsed_s. Within a
 * block the order is a shuffle that depends on the seed and on the block alone. *warmup: it is a warm-up
 * repetition.
 *
 * With a budget, once all cases have repeat.min repetitions, a block is made of the half of the unfinished
 * cases whose intervals are widest. A case that would not end in time, judged by its longest repetition so
 * far, is left out.
 */
h5r_case_state_t *h5r_schedule_next(h5r_schedule_t *s, double elapsed_s, bool *warmup);

/* Half width of the widest interval of the case's operations relative to its median; HUGE_VAL: none yet. */
double h5r_case_width(const h5r_case_state_t *c);

/* The state of a case of the plan by its id, or NULL. */
h5r_case_state_t *h5r_schedule_find(const h5r_schedule_t *s, uint64_t case_id);

/* A random choice that belongs to the block (whether a roof is measured before or after its case). */
bool h5r_schedule_coin(const h5r_schedule_t *s, uint64_t key);

/* Record a repetition: durable seconds of the operations, and decide whether it was the last: state->stop.
 * The rule: after repeat.min repetitions, at a look (h5r_median_look), when the CI of every operation is
 * within repeat.ci; else after repeat.max repetitions; or, after repeat.min, when repeat.time has been spent.
 * Values of NaN are left out. H5R_ENV: no memory. */
h5r_status_t h5r_schedule_record(const h5r_schedule_t *s, h5r_case_state_t *c, bool warmup,
                                 const double seconds[H5R_OPERATIONS], h5r_error_t *err);

/* A repetition during which the job was suspended: it does not count, and is made again, but not more often
 * than repeat.max. */
void h5r_schedule_suspended(const h5r_schedule_t *s, h5r_case_state_t *c);

/* Median and CI of an operation so far (seconds). */
h5r_summary_t h5r_case_summary(const h5r_case_state_t *c, h5r_operation_t operation);

/* Repetitions that are certainly still to come, warm-up included. */
size_t h5r_schedule_remaining(const h5r_schedule_t *s);

#endif
