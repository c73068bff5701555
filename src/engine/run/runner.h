/*
 * The runner: walks the schedule on rank 0, sends every job to all ranks, and writes the rows. What happens
 * is told to a reporter, which is the only one that prints.
 */
#ifndef H5ROOF_RUNNER_H
#define H5ROOF_RUNNER_H

#include "core/suite/plan.h"
#include "engine/repetition/bench.h"
#include "engine/run/output.h"
#include "engine/run/schedule.h"
#include "engine/survive/abort.h"
#include "engine/survive/guard.h"

typedef struct {
    const h5r_case_t *c;
    const h5r_case_state_t *state;
    bool warmup;          /* of the repetition that was just finished */
    const h5r_row_t *row; /* its rows, one per operation of the workload */
    int rows;
    size_t finished, cases;   /* cases that have enough, cases that run */
    double elapsed_s, left_s; /* left_s: for what is certainly still to come */
} h5r_progress_t;

typedef struct h5r_reporter {
    void *self;
    /* rank 0, after every repetition; state->stop != NULL: the case is finished */
    void (*repetition)(void *self, const h5r_progress_t *p);
    /* rank 0, once per skipped case, before the first repetition */
    void (*skipped)(void *self, const h5r_case_t *c);
    h5r_last_words_t failure; /* the failing rank, just before the job is aborted */
} h5r_reporter_t;

typedef struct {
    const h5r_context_t *ctx;
    const h5r_plan_t *plan; /* rank 0; NULL elsewhere */
    h5r_output_t *output;   /* rank 0; NULL elsewhere */
    const char *run_id;     /* rank 0: of the results */
    const char *process_id; /* rank 0: of this process; the same unless it goes on with an earlier run */
    const h5r_history_t *history; /* rank 0: of the run that goes on; NULL: a new one */
    const char *in_flight;        /* rank 0: what ran when it ended, or "" */
    bool skip_crashed;            /* and is not to be run again */
    double max_time_s;            /* rank 0: budget of this process; INFINITY: none */
    bool counters_work;           /* what the self-test found */
    const h5r_reporter_t *reporter;
    h5r_guard_t *guard;
} h5r_run_in_t;

typedef struct {
    size_t mismatches; /* repetitions whose data were wrong; rank 0 */
    size_t cases;      /* that ran */
    size_t stopped;    /* of them, by the budget */
} h5r_run_out_t;

/*
 * Collective. An error that arises inside a workload does not return: it is reported by the rank that has it,
 * the scratch directory is removed, and the job is aborted with exit code 3. Other errors are agreed and
 * returned on all ranks.
 */
h5r_status_t h5r_run(const h5r_run_in_t *in, h5r_run_out_t *out, h5r_error_t *err);

#endif
