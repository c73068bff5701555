#include "engine/run/session.h"

#include "core/base/units.h"
#include "engine/run/preflight.h"
#include "engine/store/hints.h"
#include "engine/survive/scratch.h"
#include "h5roof/count.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_root(const h5r_session_t *s)
{
    return s->ctx->rank == 0;
}

/* Rank 0: the first hints that a case asks for, as a sample of what the MPI makes of them. */
static const char *first_hints(const h5r_plan_t *plan)
{
    for (size_t i = 0; i < plan->ncases; i++) {
        if (plan->cases[i].factors.hints[0] != '\0') {
            return plan->cases[i].factors.hints;
        }
    }
    return NULL;
}

/* Collective: rank 0's error is everybody's. */
static h5r_status_t share(const h5r_session_t *s, h5r_error_t *err)
{
    MPI_Bcast(err, (int)sizeof *err, MPI_BYTE, 0, s->ctx->comm);
    return err->code;
}

/* ---- steps of rank 0 */

static h5r_status_t look_at_output(h5r_session_t *s, h5r_error_t *err)
{
    const char *out = s->in.out;
    s->resumes = s->in.resume && h5r_output_resumable(out, &s->in_flight);
    h5r_scratch_remove_leftover(s->in_flight.scratch, s->in.warning); /* of one that died as it began */
    h5r_run_id(s->process_id, sizeof s->process_id);
    memcpy(s->run_id, s->process_id, sizeof s->run_id);
    return out == NULL || s->resumes ? H5R_OK : h5r_output_check(out, err);
}

/* What is to be removed if this process dies. */
static void mark_scratch(h5r_session_t *s)
{
    char path[PATH_MAX];
    bool marked = !s->ctx->keep && h5r_scratch_name(s->in.scratch, s->process_id, path);
    h5r_output_mark_scratch(&s->output, marked ? path : "");
}

/* Before the scratch directory is made, so that none is made that nobody knows of. */
static h5r_status_t reopen_output(h5r_session_t *s, h5r_error_t *err)
{
    if (h5r_output_resume(&s->output, s->in.out, s->in.plan, &s->history, &s->in_flight, err) != H5R_OK) {
        return err->code;
    }
    s->output.warn = s->in.warning;
    h5r_scratch_remove_leftover(s->in_flight.scratch, s->in.warning);
    mark_scratch(s);
    if (s->history.run_id[0] != '\0') {
        memcpy(s->run_id, s->history.run_id, sizeof s->run_id);
    }
    return H5R_OK;
}

/* What is said of it is for whoever has the disk to clean, and stops nothing. */
static h5r_status_t tell_leftovers(h5r_session_t *s, h5r_error_t *err)
{
    char text[PATH_MAX + 160], size[32];
    size_t n;
    uint64_t bytes;
    if (h5r_scratch_left_by_dead(s->in.scratch, &n, &bytes)) {
        snprintf(text, sizeof text, "%zu run%s that died left %s: 'h5roof clean %.*s' lists and removes it",
                 n, n == 1 ? "" : "s", h5r_format_size((double)bytes, size, sizeof size), PATH_MAX,
                 s->in.scratch);
        s->in.warning(text);
    }
    return err->code;
}

static h5r_status_t check_capacity(h5r_session_t *s, h5r_error_t *err)
{
    return h5r_capacity_check(s->ctx, s->in.plan, err);
}

static h5r_status_t check_paths(h5r_session_t *s, h5r_error_t *err)
{
    return h5r_path_check(s->ctx, s->in.plan, err);
}

static h5r_status_t open_output(h5r_session_t *s, h5r_error_t *err)
{
    if (h5r_output_open(&s->output, s->in.out, s->in.plan, err) == H5R_OK) {
        s->output.warn = s->in.warning;
        mark_scratch(s);
    }
    return err->code;
}

/* Nothing is refused any more. */
static h5r_status_t go_on(h5r_session_t *s, h5r_error_t *err)
{
    char text[PATH_MAX + 128];
    if (h5r_output_go_on(&s->output, err) == H5R_OK) {
        snprintf(text, sizeof text, "going on with %s: %zu row group%s kept, %zu torn or half row%s dropped",
                 s->output.dir, s->history.n, s->history.n == 1 ? "" : "s", s->history.dropped,
                 s->history.dropped == 1 ? "" : "s");
        s->in.notice(text);
    }
    return err->code;
}

/* ---- steps of all ranks */

/* A signal finds the scratch directory made and watched, or neither. */
static h5r_status_t make_scratch(h5r_session_t *s, h5r_error_t *err)
{
    h5r_guard_t *guard = s->in.guard;
    if (is_root(s)) {
        pthread_mutex_lock(&guard->busy);
        h5r_scratch_make(s->ctx, s->in.scratch, s->process_id, err);
        h5r_guard_watch(guard, s->ctx->keep ? "" : s->ctx->scratch_dir, s->ctx->rank);
        pthread_mutex_unlock(&guard->busy);
    }
    h5r_status_t status = h5r_scratch_share(s->ctx, s->in.warning, err);
    bool watch = status == H5R_OK && !s->ctx->keep;
    h5r_guard_watch(guard, watch ? s->ctx->scratch_dir : "", s->ctx->rank);
    return status;
}

static h5r_status_t check_permission(h5r_session_t *s, h5r_error_t *err)
{
    return h5r_permission_check(s->ctx, is_root(s) ? s->in.plan : NULL, err);
}

static h5r_status_t test_counters(h5r_session_t *s, h5r_error_t *err)
{
    if (h5r_counters_selftest(s->ctx, &s->counters_work, err) != H5R_OK) {
        s->ctx->keep = false;
        h5r_abort(s->ctx, s->in.guard, &s->in.reporter->failure, "", err);
    }
    if (is_root(s) && !s->counters_work) {
        s->in.warning("the MPI-IO counters cannot see HDF5's calls; their columns stay empty");
    }
    return H5R_OK;
}

/* Is it of use to ask the open files which hints they have? */
static h5r_status_t look_for_hints(h5r_session_t *s, h5r_error_t *err)
{
    int hints = is_root(s) && first_hints(s->in.plan) != NULL;
    (void)err;
    MPI_Bcast(&hints, 1, MPI_INT, 0, s->ctx->comm);
    s->ctx->tells_hints = hints != 0 && h5r_hints_are_told(s->ctx, s->ctx->scratch_dir);
    return H5R_OK;
}

static void warn(const h5r_session_t *s)
{
    char *const *warning;
    size_t n = h5r_provenance_warnings(s->provenance, &warning);
    for (size_t i = 0; i < n; i++) {
        s->in.warning(warning[i]);
    }
}

static h5r_status_t write_provenance(h5r_session_t *s, h5r_error_t *err)
{
    const bool root = is_root(s);
    h5r_provenance_in_t in = {
        .argc = s->in.argc,
        .argv = s->in.argv,
        .environment = s->in.environment,
        .run_id = s->process_id,
        .suite = root ? s->in.plan->suite : "",
        .scratch = s->ctx->scratch_dir,
        .out = s->output.dir,
        .hints = root ? first_hints(s->in.plan) : NULL,
        .counters_note = s->counters_work
                             ? "the counters see HDF5's MPI-IO calls"
                             : "the counters do not see HDF5's MPI-IO calls; their columns are empty"};
    if (root) {
        h5r_as_is_query(s->ctx, s->in.plan, &in.as_is_least, &in.as_is_most);
    }
    char path[PATH_MAX + 64];
    snprintf(path, sizeof path, "%s/env.json", s->output.dir);
    bool again = s->resumes && access(path, F_OK) == 0; /* what the run began with stays */
    if (again) {
        snprintf(path, sizeof path, "%s/env-%s.json", s->output.dir, s->process_id);
    }
    h5r_status_t status = h5r_provenance_gather(s->ctx, &in, &s->provenance, err);
    if (status == H5R_OK) {
        status = h5r_provenance_write(s->ctx, s->provenance, path, err);
    }
    if (status == H5R_OK && again && h5r_output_same_machine(&s->output, path, err) != H5R_OK) {
        unlink(path);
    }
    if (status == H5R_OK) {
        status = share(s, err);
    }
    if (status == H5R_OK && root) {
        warn(s);
    }
    return status;
}

/* ---- their order */

typedef h5r_status_t step_t(h5r_session_t *s, h5r_error_t *err);
typedef enum { ALL_RANKS, ROOT, ROOT_IF_NEW, ROOT_IF_RESUMED } who_t;

/* What rank 0 does alone is followed by its telling the others whether it failed. */
static const struct {
    step_t *step;
    who_t who;
    const char *work; /* in files, which may hang: what it is called in the message; NULL: none */
} steps[] = {
    {look_at_output, ROOT, NULL},
    {reopen_output, ROOT_IF_RESUMED, NULL},
    {tell_leftovers, ROOT, NULL},
    {make_scratch, ALL_RANKS, NULL},
    {check_paths, ROOT, NULL},
    {check_capacity, ROOT, NULL},
    {check_permission, ALL_RANKS, NULL},
    {test_counters, ALL_RANKS, "the self-test of the counters"},
    {look_for_hints, ALL_RANKS, "the question for hints"},
    {open_output, ROOT_IF_NEW, NULL},
    {write_provenance, ALL_RANKS, NULL},
    {go_on, ROOT_IF_RESUMED, NULL},
};

static h5r_status_t do_step(h5r_session_t *s, step_t *step, who_t who, h5r_error_t *err)
{
    if (who == ALL_RANKS) {
        return step(s, err);
    }
    const bool due = who == ROOT || s->resumes == (who == ROOT_IF_RESUMED);
    if (is_root(s) && due) {
        step(s, err);
    }
    return share(s, err);
}

h5r_status_t h5r_session_prepare(h5r_session_t *s, h5r_context_t *ctx, const h5r_session_in_t *in,
                                 h5r_error_t *err)
{
    s->in = *in;
    s->ctx = ctx;
    double limit_s = is_root(s) ? in->plan->case_timeout_s : 0.0;
    MPI_Bcast(&limit_s, 1, MPI_DOUBLE, 0, ctx->comm);
    for (size_t i = 0; i < H5R_COUNT_OF(steps); i++) {
        if (steps[i].work != NULL) {
            h5r_guard_begin_work(in->guard, steps[i].work, NULL, limit_s);
        }
        if (do_step(s, steps[i].step, steps[i].who, err) != H5R_OK) {
            return err->code;
        }
        h5r_guard_end_work(in->guard);
    }
    s->prepared = true;
    return H5R_OK;
}

h5r_status_t h5r_session_measure(h5r_session_t *s, h5r_run_out_t *done, h5r_error_t *err)
{
    const bool root = is_root(s);
    h5r_run_in_t in = {.ctx = s->ctx,
                       .plan = root ? s->in.plan : NULL,
                       .output = root ? &s->output : NULL,
                       .run_id = s->run_id,
                       .process_id = s->process_id,
                       .history = root && s->resumes ? &s->history : NULL,
                       .in_flight = s->in_flight.job,
                       .skip_crashed = s->in.skip_crashed,
                       .max_time_s = root ? s->in.max_time_s : INFINITY,
                       .counters_work = s->counters_work,
                       .reporter = s->in.reporter,
                       .guard = s->in.guard};
    return h5r_run(&in, done, err);
}

h5r_status_t h5r_session_conclude(h5r_session_t *s, h5r_error_t *err)
{
    h5r_error_t closing = {0};
    if (!s->prepared && s->output.open) {
        if (s->resumes) {
            h5r_output_leave(&s->output, &s->in_flight);
        } else {
            h5r_output_discard(&s->output);
        }
    }
    if (h5r_output_close(&s->output, err->code == H5R_OK, &closing) != H5R_OK && err->code == H5R_OK) {
        *err = closing;
    }
    if (s->output.unsaved != NULL) {
        s->in.notice("rows that could not be saved, with their header:");
        s->in.notice(s->output.unsaved);
        free(s->output.unsaved);
        s->output.unsaved = NULL;
    }
    return err->code;
}

void h5r_session_release(h5r_session_t *s)
{
    if (s->ctx->rank == 0 && !(s->ctx->keep && s->prepared)) {
        h5r_scratch_remove(s->ctx->scratch_dir, s->in.warning);
    }
    h5r_provenance_free(s->provenance);
    h5r_history_free(&s->history);
}
