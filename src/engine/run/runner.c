#include "engine/run/runner.h"

#include "core/base/units.h"
#include "core/factors/factor.h"
#include "core/factors/scaling.h"
#include "engine/ranks/clock.h"
#include "engine/ranks/registry.h"
#include "engine/roof/copy_cost.h"
#include "engine/roof/roof.h"
#include "engine/run/job.h"
#include "engine/run/row.h"
#include "h5roof/reading.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROOF_TRIES 3 /* of a roof during which the job was suspended */

typedef struct {
    uint64_t key;
    h5r_roof_time_t time;
} measured_roof_t;

/* State of the run; the schedule and the roofs live on rank 0 only. */
typedef struct {
    const h5r_run_in_t *in;
    h5r_worker_t worker;
    h5r_schedule_t schedule;
    measured_roof_t *roofs; /* of the current block */
    size_t nroofs, room;
    size_t roof_block;
    h5r_roof_trials_t trials;
    double extra_s; /* of the trials of this repetition */
    int asked;      /* a signal by which a rank was asked to end; 0: none */
    h5r_instant_t start;
    size_t repetitions_done;
    h5r_copy_costs_t copy_costs;
    h5r_run_out_t *out;
} run_t;

static double elapsed(const run_t *run)
{
    return h5r_seconds_between(run->start, h5r_now());
}

/* The factors as the ranks that take part get them: all of a case but its skip_reason. */
typedef struct {
    const h5r_case_t *c;
    int ranks;
    h5r_factors_t factors;
} task_t;

/* What max_ops leaves of rank 0's share, or of what it reads, which is a largest one. */
static double moved_fraction(const task_t *task, int operation)
{
    const h5r_context_t part = {.size = task->ranks, .rank = 0};
    const h5r_factors_t *f = &task->factors, got = h5r_factors_as_got(f);
    const bool reads = h5r_workloads[f->workload]->operations[operation].direction == H5R_MOVES_IN;
    h5r_share_t share = h5r_bench_share(&part, reads ? &got : f);
    uint64_t owned = h5r_region_elements(&share.region);
    return owned == 0 ? 1.0 : (double)share.calls.elements / (double)owned;
}

static task_t task_of(const run_t *run, size_t index)
{
    task_t task = {.c = &run->in->plan->cases[index]};
    task.ranks = h5r_factors_ranks(&task.c->factors, run->in->ctx->size);
    task.factors = h5r_factors_resolved(&task.c->factors, task.ranks);
    return task;
}

static h5r_job_t make_job(const run_t *run, h5r_job_kind_t kind, const task_t *task)
{
    h5r_job_t job;
    memset(&job, 0, sizeof job);
    job.kind = (int32_t)kind;
    job.seed = run->in->plan->seed;
    job.turn = run->schedule.block;
    job.verify = run->in->plan->verify;
    job.timeout_s = run->in->plan->case_timeout_s;
    if (task != NULL) {
        job.ranks = task->ranks;
        job.keep_files = run->in->ctx->keep;
        job.roof.factors = task->factors;
        memcpy(job.name, task->c->name, sizeof job.name);
    }
    return job;
}

/* What in_flight says: enough to know the case again, and for a human to read. */
static void mark_job(const run_t *run, const h5r_job_t *job, const task_t *task)
{
    char line[H5R_IN_FLIGHT_SIZE];
    snprintf(line, sizeof line, "%016" PRIx64 " block %zu %s run %s: %.256s", task->c->id,
             run->schedule.block, job->kind == H5R_JOB_ROOF ? "roof" : "repetition", run->in->process_id,
             job->name);
    h5r_output_mark(run->in->output, line);
}

/* Rank 0: send a job and do it. */
static h5r_status_t do_job(run_t *run, h5r_job_t *job, const task_t *task, h5r_job_result_t *result,
                           h5r_error_t *err)
{
    bool idle;
    mark_job(run, job, task);
    h5r_job_send(run->in->ctx, job, false);
    if (h5r_job_do(&run->worker, job, result, &idle, err) == H5R_OK && result->asked != 0) {
        run->asked = result->asked;
    }
    return err->code;
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

static h5r_status_t measure_roof(run_t *run, const task_t *task, const h5r_roof_spec_t *spec, uint64_t key,
                                 h5r_error_t *err)
{
    if (run->nroofs == run->room) {
        size_t room = 2 * run->room + 16;
        measured_roof_t *more = realloc(run->roofs, room * sizeof *more);
        if (more == NULL) {
            return h5r_no_memory(err, "%zu roofs", room);
        }
        run->roofs = more;
        run->room = room;
    }
    h5r_job_t job = make_job(run, H5R_JOB_ROOF, task);
    h5r_job_result_t result;
    job.roof = *spec;
    const bool store = spec->kind == H5R_ROOF_STORE;
    if (store && h5r_roof_trials_order(&run->trials, spec, task->ranks, run->in->max_time_s - elapsed(run),
                                       &job.store, err) != H5R_OK) {
        return err->code;
    }
    h5r_status_t status;
    int tries = 0;
    do {
        status = do_job(run, &job, task, &result, err);
    } while (status == H5R_OK && result.suspended && ++tries < ROOF_TRIES);
    if (status == H5R_OK && store) {
        h5r_roof_trials_learn(&run->trials, spec, &result.tried, &result.time);
        run->extra_s += result.tried.extra_s;
    }
    if (status == H5R_OK) {
        run->roofs[run->nroofs++] = (measured_roof_t){key, result.time};
    }
    return status;
}

typedef enum { ROOFS_BEFORE, ROOFS_AFTER } roof_turn_t;
typedef h5r_roof_time_t roof_times_t[H5R_OPERATIONS][H5R_ROOF_KINDS];

/* A roof that the run leaves out. */
static bool left_out(const run_t *run, h5r_roof_kind_t kind)
{
    h5r_roofs_t roofs = run->in->plan->roofs;
    return roofs == H5R_ROOFS_NONE || (roofs == H5R_ROOFS_STORE && kind != H5R_ROOF_STORE);
}

/* The times of one roof of an operation: found, or measured now if it is this turn's; NaN: it does not apply,
 * or is not known yet. */
static h5r_status_t one_roof(run_t *run, const task_t *task, h5r_roof_kind_t kind, int operation,
                             const h5r_case_state_t *state, roof_turn_t turn, h5r_roof_time_t *time,
                             h5r_error_t *err)
{
    const uint64_t store_bytes = state->store_bytes[operation];
    const h5r_roof_work_t *work = &state->work[operation];
    bool unknown = kind == H5R_ROOF_STORE && store_bytes == H5R_NO_COUNT;
    bool nothing = kind == H5R_ROOF_STORE && store_bytes == 0;
    if (!h5r_roof_applies(kind, &task->factors, operation, work) || unknown || nothing) {
        return H5R_OK;
    }
    h5r_roof_spec_t spec =
        h5r_roof_spec(kind, &task->factors, store_bytes, moved_fraction(task, operation), operation, work);
    uint64_t key = h5r_roof_key(&spec);
    measured_roof_t *roof = find_roof(run, key);
    bool now = turn == ROOFS_AFTER || h5r_schedule_coin(&run->schedule, key);
    if (roof == NULL && now) {
        if (measure_roof(run, task, &spec, key, err) != H5R_OK) {
            return err->code;
        }
        roof = find_roof(run, key);
    }
    if (roof != NULL) {
        *time = roof->time;
    }
    return H5R_OK;
}

/* Measure the roofs of a case that this block has not measured yet: before or after the case, by the toss of
 * a coin, so that neither profits from the other; how much there is to store is known when the case has run
 * once, so the first store roof comes after. */
static h5r_status_t measure_roofs(run_t *run, const task_t *task, const h5r_case_state_t *state,
                                  roof_turn_t turn, roof_times_t times, h5r_error_t *err)
{
    const h5r_workload_t *workload = h5r_workloads[task->factors.workload];
    for (int o = 0; o < h5r_workload_operations(workload); o++) {
        for (int k = 0; k < H5R_ROOF_KINDS; k++) {
            times[o][k] = h5r_roof_no_time();
            if (workload->operations[o].direction != H5R_MOVES_NOTHING &&
                !left_out(run, (h5r_roof_kind_t)k) &&
                one_roof(run, task, (h5r_roof_kind_t)k, o, state, turn, &times[o][k], err) != H5R_OK) {
                return err->code;
            }
        }
    }
    return H5R_OK;
}

static h5r_row_of_t row_of(const run_t *run, const task_t *task)
{
    return (h5r_row_of_t){.run_id = run->in->run_id,
                          .plan = run->in->plan,
                          .c = task->c,
                          .factors = &task->factors,
                          .ranks = task->ranks,
                          .block = run->schedule.block};
}

static h5r_status_t write_rows(run_t *run, const h5r_row_t *rows, size_t n, h5r_error_t *err)
{
    pthread_mutex_lock(&run->in->guard->busy);
    h5r_status_t status = h5r_output_rows(run->in->output, rows, n, err);
    pthread_mutex_unlock(&run->in->guard->busy);
    return status;
}

static h5r_status_t write_event(run_t *run, const task_t *task, h5r_row_status_t status, const char *reason,
                                h5r_stop_t stop, h5r_error_t *err)
{
    h5r_row_t row;
    h5r_row_of_t of = row_of(run, task);
    of.stop = stop;
    h5r_row_event(&of, status, reason, &row);
    return write_rows(run, &row, 1, err);
}

static bool written_before(const run_t *run, uint64_t case_id)
{
    const h5r_history_t *h = run->in->history;
    for (size_t i = 0; h != NULL && i < h->n; i++) {
        if (h->past[i].kind == H5R_PAST_SKIPPED && h->past[i].case_id == case_id) {
            return true;
        }
    }
    return false;
}

static h5r_status_t write_skipped(run_t *run, h5r_error_t *err)
{
    const h5r_plan_t *plan = run->in->plan;
    for (size_t i = 0; i < plan->ncases; i++) {
        const h5r_case_t *c = &plan->cases[i];
        if (c->skip_reason[0] == '\0') {
            continue;
        }
        task_t task = {.c = c, .ranks = run->in->ctx->size, .factors = c->factors};
        if (!written_before(run, c->id) &&
            write_event(run, &task, H5R_ROW_SKIPPED, c->skip_reason, H5R_STOP_NONE, err) != H5R_OK) {
            return err->code;
        }
        run->in->reporter->skipped(run->in->reporter->self, c);
    }
    return H5R_OK;
}

static void report(run_t *run, const h5r_case_state_t *state, bool warmup, const h5r_outcome_t *outcome)
{
    run->repetitions_done++;
    h5r_progress_t p = {.c = &run->in->plan->cases[state->index],
                        .state = state,
                        .warmup = warmup,
                        .row = outcome->row,
                        .rows = outcome->rows,
                        .cases = run->schedule.n,
                        .elapsed_s = h5r_seconds_between(run->start, h5r_now())};
    for (size_t i = 0; i < run->schedule.n; i++) {
        p.finished += run->schedule.state[i].stop != H5R_STOP_NONE ? 1 : 0;
    }
    p.left_s = p.elapsed_s / (double)run->repetitions_done * (double)h5r_schedule_remaining(&run->schedule);
    p.left_s = fmin(p.left_s, fmax(run->in->max_time_s - p.elapsed_s, 0.0));
    run->in->reporter->repetition(run->in->reporter->self, &p);
}

/* The rows of a repetition; they are written at once, so that a run that is killed keeps all or none. */
static h5r_status_t write_repetition(run_t *run, const task_t *task, const h5r_case_state_t *state,
                                     roof_times_t times, h5r_outcome_t *outcome, h5r_error_t *err)
{
    const h5r_workload_t *workload = h5r_workloads[task->factors.workload];
    for (int o = 0; o < outcome->rows; o++) {
        outcome->row[o].stop = state->stop;
        h5r_row_complete(times[o], &workload->operations[o], &outcome->work[o], run->in->counters_work,
                         &run->copy_costs, &outcome->row[o]);
    }
    return write_rows(run, outcome->row, (size_t)outcome->rows, err);
}

/* Rank 0: the roofs and the repetition of one case, and its rows. */
static h5r_status_t lead_case(run_t *run, h5r_case_state_t *state, bool warmup, h5r_error_t *err)
{
    const h5r_instant_t begin = h5r_now();
    const task_t task = task_of(run, state->index);
    roof_times_t times;
    h5r_job_result_t result;
    run->extra_s = 0.0;
    if (run->roof_block != run->schedule.block) {
        run->nroofs = 0;
        run->roof_block = run->schedule.block;
    }
    if (measure_roofs(run, &task, state, ROOFS_BEFORE, times, err) != H5R_OK) {
        return err->code;
    }
    h5r_job_t job = make_job(run, H5R_JOB_CASE, &task);
    if (do_job(run, &job, &task, &result, err) != H5R_OK) {
        return err->code;
    }
    h5r_outcome_t *outcome = &result.outcome;
    h5r_row_of_t of = row_of(run, &task);
    of.warmup = warmup;
    of.repetition = warmup ? state->warmups : state->repetitions + state->suspended;
    for (int o = 0; o < outcome->rows; o++) {
        h5r_row_identify(&of, &outcome->row[o]);
        if (result.suspended) {
            h5r_row_mark(&outcome->row[o], H5R_MARK_SUSPENDED);
        }
        state->store_bytes[o] = h5r_roof_store_bytes(&outcome->row[o]);
        state->work[o] = outcome->work[o];
    }
    if (measure_roofs(run, &task, state, ROOFS_AFTER, times, err) != H5R_OK) {
        return err->code;
    }
    /* what a repetition will cost when there are no trials any more */
    state->cost_s = fmax(state->cost_s, h5r_seconds_between(begin, h5r_now()) - run->extra_s);
    double seconds[H5R_OPERATIONS];
    for (int o = 0; o < H5R_OPERATIONS; o++) {
        seconds[o] = o < outcome->rows ? outcome->row[o].durable_s : (double)NAN;
    }
    if (result.suspended && !warmup) {
        h5r_schedule_suspended(&run->schedule, state);
    } else {
        h5r_schedule_record(&run->schedule, state, warmup, seconds, err);
    }
    if (err->code != H5R_OK || write_repetition(run, &task, state, times, outcome, err) != H5R_OK) {
        return err->code;
    }
    run->out->mismatches += outcome->right ? 0 : 1;
    report(run, state, warmup, outcome);
    return H5R_OK;
}

/* The case that ran when an earlier process died gets a row that says so, and is not run again if so asked.
 */
static h5r_status_t note_interrupted(run_t *run, h5r_error_t *err)
{
    uint64_t id;
    size_t block;
    char what[16] = "", reason[H5R_TEXT_SIZE];
    if (sscanf(run->in->in_flight, "%16" SCNx64 " block %zu %15[a-z]", &id, &block, what) != 3) {
        return H5R_OK;
    }
    h5r_case_state_t *state = h5r_schedule_find(&run->schedule, id);
    if (state == NULL || state->next_block > block) {
        return H5R_OK; /* its row was written: nothing was lost */
    }
    if (run->in->skip_crashed && state->stop == H5R_STOP_NONE) {
        state->stop = H5R_STOP_INTERRUPTED;
    }
    snprintf(reason, sizeof reason, "the run ended during a %s of this case in block %zu%s", what, block,
             run->in->skip_crashed ? "; it is not run again (--skip-crashed)" : "");
    const task_t task = task_of(run, state->index);
    const h5r_stop_t stop = run->in->skip_crashed ? H5R_STOP_INTERRUPTED : H5R_STOP_NONE;
    if (write_event(run, &task, H5R_ROW_INTERRUPTED, reason, stop, err) == H5R_OK) {
        h5r_output_mark(run->in->output,
                        ""); /* noted: a process that dies before its first job adds nothing */
    }
    return err->code;
}

static h5r_status_t restore(run_t *run, h5r_error_t *err)
{
    const h5r_history_t *h = run->in->history;
    if (h == NULL) {
        return H5R_OK;
    }
    for (size_t i = 0; i < h->n; i++) {
        run->out->mismatches += h->past[i].mismatch ? 1 : 0;
    }
    return h5r_schedule_restore(&run->schedule, h, err) == H5R_OK ? note_interrupted(run, err) : err->code;
}

/* What the budget left unfinished says so. */
static h5r_status_t write_stopped(run_t *run, h5r_error_t *err)
{
    char reason[H5R_TEXT_SIZE], budget[32];
    for (size_t i = 0; i < run->schedule.n; i++) {
        char width[48] = "without an interval";
        h5r_case_state_t *state = &run->schedule.state[i];
        if (state->stop != H5R_STOP_NONE) {
            continue;
        }
        state->stop = H5R_STOP_BUDGET;
        run->out->stopped++;
        double half = h5r_case_width(state);
        if (isfinite(half)) {
            snprintf(width, sizeof width, "the interval reaches %.1f %%", 100.0 * half);
        }
        snprintf(reason, sizeof reason, "--max-time %s was used up after %zu repetitions, %s",
                 h5r_format_seconds(run->in->max_time_s, budget, sizeof budget), state->repetitions, width);
        const task_t task = task_of(run, state->index);
        if (write_event(run, &task, H5R_ROW_STOPPED, reason, H5R_STOP_BUDGET, err) != H5R_OK) {
            return err->code;
        }
    }
    return H5R_OK;
}

/* A batch system warned that it will end the job, or somebody asked for an end. */
static h5r_status_t leave(const run_t *run, h5r_error_t *err)
{
    return run->asked == 0 ? H5R_OK
                           : h5r_fail(err, H5R_IO,
                                      "ended by %s after a whole repetition; the rows are kept, and "
                                      "--resume --out %s goes on",
                                      strsignal(run->asked), run->in->output->dir);
}

/* Rank 0. An error that only rank 0 has (no memory, results directory full) arises while the others wait for
 * a job: they are sent the last one. */
static h5r_status_t lead(run_t *run, h5r_error_t *err)
{
    if (h5r_schedule_init(&run->schedule, run->in->plan, err) != H5R_OK) {
        return err->code;
    }
    run->schedule.budget_s = run->in->max_time_s;
    if (restore(run, err) != H5R_OK || write_skipped(run, err) != H5R_OK) {
        return err->code;
    }
    run->out->cases = run->schedule.n;
    bool warmup;
    for (h5r_case_state_t *c = h5r_schedule_next(&run->schedule, elapsed(run), &warmup); c != NULL;
         c = h5r_schedule_next(&run->schedule, elapsed(run), &warmup)) {
        if (lead_case(run, c, warmup, err) != H5R_OK || leave(run, err) != H5R_OK) {
            return err->code;
        }
    }
    return write_stopped(run, err);
}

h5r_status_t h5r_run(const h5r_run_in_t *in, h5r_run_out_t *out, h5r_error_t *err)
{
    run_t run = {.in = in, .out = out, .start = h5r_now()};
    run.worker = (h5r_worker_t){
        .crew = {.all = in->ctx}, .bench = {.ctx = in->ctx}, .guard = in->guard, .reporter = in->reporter};
    *out = (h5r_run_out_t){0};
    if (in->ctx->rank == 0) {
        lead(&run, err);
        h5r_job_t end = make_job(&run, H5R_JOB_END, NULL);
        h5r_job_send(in->ctx, &end, false);
        h5r_schedule_free(&run.schedule);
        free(run.roofs);
        h5r_roof_trials_free(&run.trials);
    } else {
        h5r_job_follow(&run.worker, err);
    }
    h5r_bench_free(&run.worker.bench);
    h5r_crew_free(&run.worker.crew);
    return err->code;
}
