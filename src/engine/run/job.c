#include "engine/run/job.h"

#include "engine/ranks/registry.h"
#include "engine/run/runner.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define NAP_NS 1000000 /* of a rank that takes no part, between looks for the next job */

void h5r_job_send(const h5r_context_t *all, h5r_job_t *job, bool idle)
{
    const struct timespec nap = {.tv_nsec = NAP_NS};
    MPI_Request request;
    int done = 0;
    MPI_Ibcast(job, (int)sizeof *job, MPI_BYTE, 0, all->comm, &request);
    while (idle && !done) {
        MPI_Test(&request, &done, MPI_STATUS_IGNORE);
        if (!done) {
            nanosleep(&nap, NULL);
        }
    }
    if (!done) {
        MPI_Wait(&request, MPI_STATUS_IGNORE);
    }
}

/* The rank whose workload failed. */
_Noreturn static void abort_job(const h5r_worker_t *w, const h5r_job_t *job, const h5r_error_t *err)
{
    char what[H5R_NAME_SIZE + 32];
    snprintf(what, sizeof what, "case %s, %s", job->name, job->kind == H5R_JOB_ROOF ? "its roof: " : "");
    h5r_abort(w->crew.all, w->guard, &w->reporter->failure, what, err);
}

static h5r_status_t take_part(h5r_worker_t *w, const h5r_job_t *job, h5r_job_result_t *result,
                              h5r_error_t *err)
{
    bool fatal = false;
    w->bench.seed = job->seed;
    w->bench.turn = job->turn;
    w->bench.verify = job->verify != 0;
    if (job->kind == H5R_JOB_CASE) {
        h5r_repetition_run(&w->bench, &job->roof.factors, job->keep_files != 0, &result->outcome, err);
        fatal = result->outcome.fatal;
    } else {
        h5r_roof_measure(&w->bench, &job->roof, &job->store, &result->time, &result->tried, &fatal, err);
    }
    if (fatal) {
        abort_job(w, job, err);
    }
    return err->code == H5R_OK ? H5R_OK : h5r_context(err, "case %s", job->name);
}

/* What only some ranks may have met. */
static void tell_first(const h5r_context_t *part, const h5r_guard_t *guard, bool stood,
                       h5r_job_result_t *result)
{
    const int own[] = {stood ? 1 : 0, atomic_load(&guard->asked)};
    int most[] = {0, 0};
    MPI_Reduce(own, most, 2, MPI_INT, MPI_MAX, 0, part->comm);
    result->suspended = most[0] != 0;
    result->asked = most[1];
}

h5r_status_t h5r_job_do(h5r_worker_t *w, const h5r_job_t *job, h5r_job_result_t *result, bool *idle,
                        h5r_error_t *err)
{
    const h5r_context_t *part;
    char what[H5R_NAME_SIZE + 32];
    if (h5r_crew_part(&w->crew, job->ranks, &part, err) != H5R_OK) {
        return err->code;
    }
    *idle = part == NULL;
    if (*idle) {
        return H5R_OK;
    }
    w->bench.ctx = part;
    snprintf(what, sizeof what, "case %s%s", job->name, job->kind == H5R_JOB_ROOF ? ", its roof" : "");
    h5r_guard_begin_work(w->guard, what, h5r_workloads[job->roof.factors.workload], job->timeout_s);
    take_part(w, job, result, err);
    const bool stood = h5r_guard_end_work(w->guard);
    if (err->code == H5R_OK) { /* agreed */
        tell_first(part, w->guard, stood, result);
    }
    return err->code;
}

h5r_status_t h5r_job_follow(h5r_worker_t *w, h5r_error_t *err)
{
    h5r_job_t job;
    h5r_job_result_t result;
    bool idle = false;
    for (;;) {
        h5r_job_send(w->crew.all, &job, idle);
        if (job.kind == H5R_JOB_END) {
            return err->code;
        }
        h5r_job_do(w, &job, &result, &idle, err);
    }
}
