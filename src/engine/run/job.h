/*
 * A job: the piece of work that rank 0 sends to all ranks, one repetition of a case or one roof. The first
 * ranks take part; the others sleep until the next job.
 */
#ifndef H5ROOF_JOB_H
#define H5ROOF_JOB_H

#include "core/suite/plan.h"
#include "engine/ranks/crew.h"
#include "engine/repetition/bench.h"
#include "engine/repetition/repetition.h"
#include "engine/roof/roof.h"
#include "engine/survive/guard.h"

typedef enum { H5R_JOB_END, H5R_JOB_CASE, H5R_JOB_ROOF } h5r_job_kind_t;

/* Plain bytes. */
typedef struct {
    int32_t kind;  /* h5r_job_kind_t */
    int32_t ranks; /* that take part */
    int32_t keep_files;
    int32_t verify;
    uint64_t seed;
    uint64_t turn;           /* the block */
    double timeout_s;        /* for the watchdog; 0: none */
    h5r_roof_spec_t roof;    /* H5R_JOB_CASE uses only its factors, which are resolved */
    h5r_store_order_t store; /* of the roof STORE */
    char name[H5R_NAME_SIZE];
} h5r_job_t;

/* What of a job comes back; complete on rank 0. */
typedef struct {
    h5r_outcome_t outcome;   /* H5R_JOB_CASE */
    h5r_roof_time_t time;    /* H5R_JOB_ROOF */
    h5r_store_tried_t tried; /* of the roof STORE, in place of time */
    bool suspended;          /* a rank stood still meanwhile */
    int asked;               /* a signal by which a rank was asked to end; 0: none */
} h5r_job_result_t;

/* What all jobs of a run share, on every rank. */
typedef struct {
    h5r_crew_t crew;
    h5r_bench_t bench;
    h5r_guard_t *guard;
    const struct h5r_reporter *reporter; /* of what aborts */
} h5r_worker_t;

/* Collective over all ranks: rank 0's job reaches all. A rank that took no part in the last one polls gently,
 * so as not to disturb those that measure. */
void h5r_job_send(const h5r_context_t *all, h5r_job_t *job, bool idle);

/*
 * Collective over all ranks: do it. *idle: this rank takes no part. Errors are agreed among those that take
 * part; the others learn of the end from rank 0's next job, so rank 0 must send one. An error inside a
 * workload ends the job instead (h5r_abort).
 */
h5r_status_t h5r_job_do(h5r_worker_t *w, const h5r_job_t *job, h5r_job_result_t *result, bool *idle,
                        h5r_error_t *err);

/* All ranks but 0: jobs until the last one. Returns the error of the last job. */
h5r_status_t h5r_job_follow(h5r_worker_t *w, h5r_error_t *err);

#endif
