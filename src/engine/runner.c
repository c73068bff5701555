#include "engine/runner.h"

#include "core/factor.h"
#include "engine/clock.h"
#include "engine/roof.h"
#include "engine/scratch.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef enum { JOB_END, JOB_CASE, JOB_ROOF } job_kind_t;

/* What rank 0 sends to all before every piece of work. Plain bytes. */
typedef struct {
    int32_t kind; /* job_kind_t */
    int32_t keep_files;
    uint64_t seed;
    int32_t verify;
    h5r_roof_spec_t roof; /* JOB_CASE uses only its factors */
    char name[H5R_NAME_SIZE];
} job_t;

typedef struct {
    uint64_t key;
    h5r_roof_time_t time;
} measured_roof_t;

/* State of the run; the schedule and the roofs live on rank 0 only. */
typedef struct {
    const h5r_run_in_t *in;
    h5r_bench_t bench;
    h5r_schedule_t schedule;
    measured_roof_t *roofs; /* of the current block */
    size_t nroofs, room;
    size_t roof_block;
    h5r_instant_t start;
    size_t repetitions_done;
    bool agreed; /* an error that all ranks have: nobody waits for another job */
    h5r_run_out_t *out;
} run_t;

#define SPEAK_STEP_US 100000 /* lower ranks speak first; the first one's abort silences the rest */
#define SPEAK_STEPS   20
#define SILENCE_US    500000 /* for a rank that sees that another one was first: it is ended meanwhile */

_Noreturn void h5r_run_abort(const h5r_context_t *ctx, h5r_guard_t *guard, const h5r_reporter_t *reporter,
                             const char *what, const h5r_error_t *err)
{
    char text[2 * H5R_MESSAGE_SIZE + MPI_MAX_PROCESSOR_NAME + 64], taken[PATH_MAX] = "";
    usleep((useconds_t)(ctx->rank < SPEAK_STEPS ? ctx->rank : SPEAK_STEPS) * SPEAK_STEP_US);
    if (!ctx->keep && !h5r_scratch_take(ctx->scratch_dir, taken)) {
        usleep(SILENCE_US);
    }
    pthread_mutex_lock(&guard->busy); /* for good: a signal that comes now has nothing to add */
    snprintf(text, sizeof text, "rank %d on %s: %s%s", ctx->rank, ctx->node_name, what, err->message);
    reporter->failure(reporter->self, text);
    h5r_scratch_remove(taken);
    MPI_Abort(ctx->comm, (int)err->code);
    _exit((int)err->code); /* lint: allow-exit: MPI_Abort is not declared to never return */
}

/* The rank whose workload failed. */
_Noreturn static void abort_job(const run_t *run, const job_t *job, const h5r_error_t *err)
{
    char what[H5R_NAME_SIZE + 32];
    snprintf(what, sizeof what, "case %s, %s", job->name, job->kind == JOB_ROOF ? "its roof: " : "");
    h5r_run_abort(run->in->ctx, run->in->guard, run->in->reporter, what, err);
}

static h5r_status_t agreed_error(run_t *run, const job_t *job, h5r_error_t *err)
{
    run->agreed = true;
    return h5r_context(err, "case %s", job->name);
}

static h5r_status_t run_case(run_t *run, const job_t *job, h5r_outcome_t *outcome, h5r_error_t *err)
{
    h5r_status_t status =
        h5r_repetition_run(&run->bench, &job->roof.factors, job->keep_files != 0, outcome, err);
    if (outcome->fatal) {
        abort_job(run, job, err);
    }
    return status == H5R_OK ? H5R_OK : agreed_error(run, job, err);
}

static h5r_status_t run_roof(run_t *run, const job_t *job, h5r_roof_time_t *time, h5r_error_t *err)
{
    bool fatal;
    h5r_status_t status = h5r_roof_measure(&run->bench, &job->roof, time, &fatal, err);
    if (fatal) {
        abort_job(run, job, err);
    }
    return status == H5R_OK ? H5R_OK : agreed_error(run, job, err);
}

static void send_job(const run_t *run, job_t *job)
{
    MPI_Bcast(job, (int)sizeof *job, MPI_BYTE, 0, run->in->ctx->comm);
}

/* All ranks but 0. */
static h5r_status_t follow(run_t *run, h5r_error_t *err)
{
    job_t job;
    h5r_outcome_t outcome;
    h5r_roof_time_t time;
    h5r_status_t status = H5R_OK;
    while (status == H5R_OK) {
        send_job(run, &job);
        run->bench.seed = job.seed;
        run->bench.verify = job.verify != 0;
        if (job.kind == JOB_CASE) {
            status = run_case(run, &job, &outcome, err);
        } else if (job.kind == JOB_ROOF) {
            status = run_roof(run, &job, &time, err);
        } else {
            break;
        }
    }
    return status;
}

static job_t make_job(const run_t *run, job_kind_t kind, const h5r_case_t *c)
{
    job_t job;
    memset(&job, 0, sizeof job);
    job.kind = kind;
    job.seed = run->in->plan->seed;
    job.verify = run->in->plan->verify;
    if (c != NULL) {
        job.keep_files = run->in->ctx->keep;
        job.roof.factors = c->factors;
        memcpy(job.name, c->name, sizeof job.name);
    }
    return job;
}

static measured_roof_t *find_roof(const run_t *run, uint64_t key)
{
    for (size_t i = 0; i < run->nroofs; i++) {
        if (run->roofs[i].key == key) {
            return &run->roofs[i];
        }
    }
    return NULL;
}

static h5r_status_t measure_roof(run_t *run, const h5r_case_t *c, const h5r_roof_spec_t *spec, uint64_t key,
                                 h5r_error_t *err)
{
    if (run->nroofs == run->room) {
        size_t room = 2 * run->room + 16;
        measured_roof_t *more = realloc(run->roofs, room * sizeof *more);
        if (more == NULL) {
            return h5r_fail(err, H5R_ENV, "no memory for %zu roofs", room);
        }
        run->roofs = more;
        run->room = room;
    }
    job_t job = make_job(run, JOB_ROOF, c);
    job.roof = *spec;
    send_job(run, &job);
    measured_roof_t *roof = &run->roofs[run->nroofs];
    roof->key = key;
    h5r_status_t status = run_roof(run, &job, &roof->time, err);
    run->nroofs += status == H5R_OK ? 1 : 0;
    return status;
}

/* The fraction of the dataset that a case moves: what max_ops leaves of rank 0's share, which is a largest
 * one. */
static double moved_fraction(const run_t *run, const h5r_factors_t *f)
{
    h5r_share_t share = h5r_bench_share(run->in->ctx, f);
    uint64_t owned = h5r_region_elements(&share.region);
    return owned == 0 ? 1.0 : (double)share.calls.elements / (double)owned;
}

typedef enum { ROOFS_BEFORE, ROOFS_AFTER } roof_turn_t;

/* Measure the roofs of a case that this block has not measured yet: before or after the case, by the toss of
 * a coin, so that neither profits from the other; the store roof of a filtered case needs its stored bytes,
 * so the first comes after. */
static h5r_status_t measure_roofs(run_t *run, const h5r_case_state_t *state, roof_turn_t turn,
                                  h5r_roof_time_t times[H5R_ROOF_KINDS], h5r_error_t *err)
{
    const h5r_case_t *c = &run->in->plan->cases[state->index];
    for (int k = 0; k < H5R_ROOF_KINDS; k++) {
        h5r_roof_kind_t kind = (h5r_roof_kind_t)k;
        times[k] = (h5r_roof_time_t){{NAN, NAN}, {NAN, NAN}, {NAN, NAN}};
        if (!h5r_roof_applies(kind, &c->factors)) {
            continue;
        }
        bool unknown =
            kind == H5R_ROOF_STORE && c->factors.filter.n > 0 && state->stored_bytes == H5R_NO_COUNT;
        if (unknown && turn == ROOFS_BEFORE) {
            continue;
        }
        h5r_roof_spec_t spec =
            h5r_roof_spec(kind, &c->factors, state->stored_bytes, moved_fraction(run, &c->factors));
        uint64_t key = h5r_roof_key(&spec);
        measured_roof_t *roof = find_roof(run, key);
        bool now = turn == ROOFS_AFTER || h5r_schedule_coin(&run->schedule, key);
        if (roof == NULL && now) {
            if (measure_roof(run, c, &spec, key, err) != H5R_OK) {
                return err->code;
            }
            roof = find_roof(run, key);
        }
        if (roof != NULL) {
            times[k] = roof->time;
        }
    }
    return H5R_OK;
}

/* What the repetition does not know: identity, and why it was the last. */
static void fill_identity(const run_t *run, const h5r_case_t *c, h5r_row_t *row)
{
    snprintf(row->run_id, sizeof row->run_id, "%s", run->in->run_id);
    snprintf(row->suite, sizeof row->suite, "%s", run->in->plan->suite);
    snprintf(row->case_id, sizeof row->case_id, "%016llx", (unsigned long long)c->id);
    snprintf(row->case_name, sizeof row->case_name, "%s", c->name);
    row->case_number = (uint64_t)(c - run->in->plan->cases);
    row->factors = c->factors;
    row->seed = run->in->plan->seed;
    h5r_utc_now(row->time_utc, sizeof row->time_utc);
}

static h5r_status_t write_row(run_t *run, const h5r_row_t *row, h5r_error_t *err)
{
    pthread_mutex_lock(&run->in->guard->busy);
    h5r_status_t status = h5r_output_row(run->in->output, row, err);
    pthread_mutex_unlock(&run->in->guard->busy);
    return status;
}

static h5r_status_t write_skipped(run_t *run, h5r_error_t *err)
{
    const h5r_plan_t *plan = run->in->plan;
    for (size_t i = 0; i < plan->ncases; i++) {
        const h5r_case_t *c = &plan->cases[i];
        if (c->skip_reason[0] == '\0') {
            continue;
        }
        h5r_row_t row;
        h5r_row_clear(&row);
        fill_identity(run, c, &row);
        row.ranks = (uint64_t)run->in->ctx->size;
        snprintf(row.status, sizeof row.status, "skipped");
        snprintf(row.reason, sizeof row.reason, "%s", c->skip_reason);
        if (write_row(run, &row, err) != H5R_OK) {
            return err->code;
        }
        run->in->reporter->skipped(run->in->reporter->self, c);
    }
    return H5R_OK;
}

static void report(run_t *run, const h5r_case_state_t *state, bool warmup, const h5r_row_t *rows)
{
    run->repetitions_done++;
    h5r_progress_t p = {.c = &run->in->plan->cases[state->index],
                        .state = state,
                        .warmup = warmup,
                        .row = rows,
                        .cases = run->schedule.n,
                        .elapsed_s = h5r_seconds_between(run->start, h5r_now())};
    for (size_t i = 0; i < run->schedule.n; i++) {
        p.finished += run->schedule.state[i].stop != NULL ? 1 : 0;
    }
    p.left_s = p.elapsed_s / (double)run->repetitions_done * (double)h5r_schedule_remaining(&run->schedule);
    run->in->reporter->repetition(run->in->reporter->self, &p);
}

/* Rank 0: the roofs and the repetition of one case, and its rows. */
static h5r_status_t lead_case(run_t *run, h5r_case_state_t *state, bool warmup, h5r_error_t *err)
{
    const h5r_case_t *c = &run->in->plan->cases[state->index];
    h5r_roof_time_t times[H5R_ROOF_KINDS];
    h5r_outcome_t outcome;
    if (run->roof_block != run->schedule.block) {
        run->nroofs = 0;
        run->roof_block = run->schedule.block;
    }
    if (measure_roofs(run, state, ROOFS_BEFORE, times, err) != H5R_OK) {
        return err->code;
    }
    job_t job = make_job(run, JOB_CASE, c);
    send_job(run, &job);
    if (run_case(run, &job, &outcome, err) != H5R_OK) {
        return err->code;
    }
    state->stored_bytes = outcome.row[H5R_WRITES].stored_bytes;
    if (measure_roofs(run, state, ROOFS_AFTER, times, err) != H5R_OK) {
        return err->code;
    }
    uint64_t repetition = warmup ? state->warmups : state->repetitions;
    double seconds[H5R_OPERATIONS];
    for (int o = 0; o < H5R_OPERATIONS; o++) {
        seconds[o] = outcome.row[o].durable_s;
    }
    if (h5r_schedule_record(&run->schedule, state, warmup, seconds, err) != H5R_OK) {
        return err->code;
    }
    for (int o = 0; o < H5R_OPERATIONS; o++) {
        h5r_row_t *row = &outcome.row[o];
        fill_identity(run, c, row);
        row->block = run->schedule.block;
        row->repetition = repetition;
        row->warmup = warmup;
        if (!run->in->counters_work) {
            row->counters = h5r_counters_none();
        }
        snprintf(row->stop, sizeof row->stop, "%s", state->stop != NULL ? state->stop : "");
        h5r_roof_fill_row(times, (h5r_operation_t)o, row);
        if (write_row(run, row, err) != H5R_OK) {
            return err->code;
        }
    }
    run->out->mismatches += outcome.right ? 0 : 1;
    report(run, state, warmup, outcome.row);
    return H5R_OK;
}

/* Rank 0. An error that only rank 0 has (no memory, results directory full) arises while the others wait for
 * a job: they are sent the last one. */
static h5r_status_t lead(run_t *run, h5r_error_t *err)
{
    if (h5r_schedule_init(&run->schedule, run->in->plan, err) != H5R_OK ||
        write_skipped(run, err) != H5R_OK) {
        return err->code;
    }
    run->out->cases = run->schedule.n;
    bool warmup;
    for (h5r_case_state_t *c = h5r_schedule_next(&run->schedule, &warmup); c != NULL;
         c = h5r_schedule_next(&run->schedule, &warmup)) {
        if (lead_case(run, c, warmup, err) != H5R_OK) {
            return err->code;
        }
    }
    return H5R_OK;
}

h5r_status_t h5r_run(const h5r_run_in_t *in, h5r_run_out_t *out, h5r_error_t *err)
{
    run_t run = {.in = in, .out = out, .start = h5r_now()};
    run.bench.ctx = in->ctx;
    *out = (h5r_run_out_t){0};
    h5r_status_t status;
    if (in->ctx->rank == 0) {
        run.bench.seed = in->plan->seed;
        run.bench.verify = in->plan->verify;
        status = lead(&run, err);
        job_t end = make_job(&run, JOB_END, NULL);
        if (!run.agreed) {
            send_job(&run, &end);
        }
        h5r_schedule_free(&run.schedule);
        free(run.roofs);
    } else {
        status = follow(&run, err);
    }
    h5r_bench_free(&run.bench);
    return status;
}
