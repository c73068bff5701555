#include "cli/cli.h"
#include "cli/show/progress.h"
#include "cli/suites.h"
#include "core/base/units.h"
#include "engine/machine/launch.h"
#include "engine/run/preflight.h"
#include "engine/run/provenance.h"
#include "engine/store/hdf5_filter.h"
#include "engine/store/hdf5_util.h"
#include "engine/store/hints.h"
#include "engine/survive/scratch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

static const cli_option_t options[] = {
    {"scratch", "DIR", "directory under test (default: suite, $H5ROOF_SCRATCH, .)"},
    {"out", "DIR", "new directory for results (default: results/SUITE-UTCTIME)"},
    {"set", "KEY=VALUE", "a factor, repeat.KEY, seed, verify for all cases; repeatable"},
    {"only", "PATTERN", "cases whose name matches or contains PATTERN; repeatable: any"},
    {"resume", NULL, "go on with the run in --out DIR, or begin it"},
    {"skip-crashed", NULL, "with --resume: leave out the case during which it died"},
    {"roofs", "WHICH", "all, store or none: what is measured beside the cases (all)"},
    {"max-time", "TIME", "end after TIME (20m), spent where intervals are widest"},
    {"keep", NULL, "leave the data files in the scratch directory"},
    {NULL, NULL, NULL},
};

static const char text[] = "Start it with the launcher of its MPI; without one it is one rank. Progress\n"
                           "goes to stderr, the name of the results directory to stdout.\n\n"
                           "examples:\n"
                           "  mpirun -n 2 h5roof run smoke\n"
                           "  srun -n 64 h5roof run configs/chunks.yaml --scratch /lustre --out chunks-64\n"
                           "  mpirun -n 4 h5roof run configs/filters.yaml --only 'shuffle*' --set dtype=f32\n"
                           "  mpirun -n 2 h5roof run configs/smoke.yaml --out night --resume --max-time 8h\n";

/* Everything a run holds; rank 0 has a plan, output and provenance. */
typedef struct {
    const cli_args_t *args;
    h5r_context_t ctx;
    h5r_guard_t *guard;
    h5r_plan_t plan;
    h5r_output_t output;
    h5r_provenance_t *provenance;
    char run_id[40];     /* of the results */
    char process_id[40]; /* of this process; another one where an earlier run goes on */
    bool resumes;
    h5r_history_t history;
    h5r_in_flight_t in_flight;
    double max_time_s;
    bool counters_work;
    bool threads;
    bool prepared; /* all that can be refused is behind */
} session_t;

static void say(const char *message)
{
    fprintf(stderr, "\nh5roof: %s\n", message);
    fflush(stderr);
}

/* Rank 0: where results go, as far as that is known before anything is made. */
static h5r_status_t check_output(session_t *s, h5r_error_t *err)
{
    const char *out = cli_value(s->args, "out");
    bool resume = cli_value(s->args, "resume") != NULL;
    if (resume && out == NULL) {
        return h5r_fail(err, H5R_USAGE, "--resume needs --out DIR, the directory of the run to go on with");
    }
    if (!resume && cli_value(s->args, "skip-crashed") != NULL) {
        return h5r_fail(err, H5R_USAGE, "--skip-crashed is for --resume");
    }
    s->resumes = resume && h5r_output_resumable(out);
    return out == NULL || s->resumes ? H5R_OK : h5r_output_check(out, err);
}

/* Rank 0. */
static h5r_status_t read_max_time(session_t *s, h5r_error_t *err)
{
    const char *given = cli_value(s->args, "max-time");
    s->max_time_s = INFINITY;
    if (given != NULL && (!h5r_parse_seconds(given, &s->max_time_s) || !(s->max_time_s > 0.0))) {
        return h5r_fail(err, H5R_USAGE, "--max-time '%s' is not a time such as 20m, 90s or 2h", given);
    }
    return H5R_OK;
}

/* Rank 0. */
static h5r_status_t load_plan(session_t *s, h5r_error_t *err)
{
    const char *sets[CLI_MAX_GIVEN + 1];
    size_t nsets = cli_values(s->args, "set", sets, CLI_MAX_GIVEN);
    char roofs[64];
    if (cli_value(s->args, "roofs") != NULL) { /* said last, so it is what counts */
        snprintf(roofs, sizeof roofs, "roofs=%s", cli_value(s->args, "roofs"));
        sets[nsets++] = roofs;
    }
    char *diagnostics = NULL;
    char path[PATH_MAX];
    if (suites_find(s->args->operand[0], path, err) != H5R_OK) {
        return err->code;
    }
    const char *only[CLI_MAX_GIVEN];
    size_t nonly = cli_values(s->args, "only", only, CLI_MAX_GIVEN);
    h5r_status_t status = h5r_plan_load_only(path, sets, nsets, only, nonly, &s->plan, &diagnostics, err);
    if (diagnostics != NULL) {
        fputs(diagnostics, stderr);
        free(diagnostics);
        err->message[0] = '\0'; /* said already */
    }
    if (status != H5R_OK) {
        return status;
    }
    if (s->plan.unmatched != NULL) {
        return h5r_fail(err, H5R_USAGE, "--only '%s' matches no case; 'h5roof plan %s' lists them",
                        s->plan.unmatched, s->args->operand[0]);
    }
    if (read_max_time(s, err) != H5R_OK) {
        return err->code;
    }
    h5r_caps_t caps;
    h5r_caps_query(&caps, s->threads, h5r_plan_filters(&s->plan));
    h5r_plan_apply_rules(&s->plan, &caps, s->ctx.size);
    return check_output(s, err);
}

/* Rank 0. */
static const char *scratch_of(const session_t *s)
{
    const char *given = cli_value(s->args, "scratch");
    const char *variable = cli_variable(CLI_SCRATCH);
    if (given != NULL) {
        return given;
    }
    if (s->plan.scratch[0] != '\0') {
        return s->plan.scratch;
    }
    return variable != NULL ? variable : ".";
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
static h5r_status_t share(const session_t *s, h5r_error_t *err)
{
    MPI_Bcast(err, (int)sizeof *err, MPI_BYTE, 0, s->ctx.comm);
    return err->code;
}

static h5r_status_t write_provenance(session_t *s, h5r_error_t *err)
{
    h5r_provenance_in_t in = {
        .argc = s->args->argc,
        .argv = s->args->argv,
        .environment = environ,
        .run_id = s->process_id,
        .suite = s->plan.suite,
        .scratch = s->ctx.scratch_dir,
        .out = s->output.dir,
        .hints = first_hints(&s->plan),
        .counters_note = s->counters_work
                             ? "the counters see HDF5's MPI-IO calls"
                             : "the counters do not see HDF5's MPI-IO calls; their columns are empty"};
    if (s->ctx.rank == 0) {
        h5r_as_is_query(&s->ctx, &s->plan, &in.as_is_least, &in.as_is_most);
    }
    char path[PATH_MAX + 64];
    snprintf(path, sizeof path, "%s/env.json", s->output.dir);
    bool again = s->resumes && access(path, F_OK) == 0; /* what the run began with stays */
    if (again) {
        snprintf(path, sizeof path, "%s/env-%s.json", s->output.dir, s->process_id);
    }
    h5r_status_t status = h5r_provenance_gather(&s->ctx, &in, &s->provenance, err);
    if (status == H5R_OK) {
        status = h5r_provenance_write(&s->ctx, s->provenance, path, err);
    }
    if (status == H5R_OK && again && h5r_output_same_machine(&s->output, path, err) != H5R_OK) {
        unlink(path);
    }
    if (status == H5R_OK) {
        status = share(s, err);
    }
    if (status == H5R_OK && s->ctx.rank == 0) {
        char *const *warning;
        size_t n = h5r_provenance_warnings(s->provenance, &warning);
        for (size_t i = 0; i < n; i++) {
            fprintf(stderr, "h5roof: warning: %s\n", warning[i]);
        }
    }
    return status;
}

/* Collective: is it of use to ask the open files which hints they have? */
static void look_for_hints(session_t *s)
{
    int hints = s->ctx.rank == 0 && first_hints(&s->plan) != NULL;
    MPI_Bcast(&hints, 1, MPI_INT, 0, s->ctx.comm);
    s->ctx.tells_hints = hints != 0 && h5r_hints_are_told(&s->ctx, s->ctx.scratch_dir);
}

static h5r_status_t test_counters(session_t *s, const h5r_reporter_t *reporter, h5r_error_t *err)
{
    if (h5r_counters_selftest(&s->ctx, &s->counters_work, err) != H5R_OK) {
        s->ctx.keep = false;
        h5r_abort(&s->ctx, s->guard, &reporter->failure, "", err);
    }
    if (s->ctx.rank == 0 && !s->counters_work) {
        fputs("h5roof: warning: the MPI-IO counters cannot see HDF5's calls; their columns stay empty\n",
              stderr);
    }
    return H5R_OK;
}

/* Rank 0: what is to be removed if this process dies. */
static void mark_scratch(const session_t *s)
{
    char path[PATH_MAX];
    bool marked = !s->ctx.keep && h5r_scratch_name(scratch_of(s), s->process_id, path);
    h5r_output_mark_scratch(&s->output, marked ? path : "");
}

/* Rank 0. */
static h5r_status_t open_output(session_t *s, h5r_error_t *err)
{
    if (h5r_output_open(&s->output, cli_value(s->args, "out"), &s->plan, err) == H5R_OK) {
        mark_scratch(s);
    }
    return err->code;
}

/* Rank 0: before the scratch directory is made, so that none is made that nobody knows of. */
static h5r_status_t reopen_output(session_t *s, h5r_error_t *err)
{
    const char *dir = cli_value(s->args, "out");
    if (h5r_output_resume(&s->output, dir, &s->plan, &s->history, &s->in_flight, err) != H5R_OK) {
        return err->code;
    }
    h5r_scratch_remove_leftover(s->in_flight.scratch);
    mark_scratch(s);
    if (s->history.run_id[0] != '\0') {
        memcpy(s->run_id, s->history.run_id, sizeof s->run_id);
    }
    return H5R_OK;
}

/* Rank 0: nothing is refused any more. */
static h5r_status_t go_on(session_t *s, h5r_error_t *err)
{
    if (h5r_output_go_on(&s->output, err) == H5R_OK) {
        fprintf(stderr, "going on with %s: %zu row group%s kept, %zu torn or half row%s dropped\n",
                s->output.dir, s->history.n, s->history.n == 1 ? "" : "s", s->history.dropped,
                s->history.dropped == 1 ? "" : "s");
    }
    return err->code;
}

/* Collective. A signal finds the scratch directory made and watched, or neither. */
static h5r_status_t make_scratch(session_t *s, h5r_error_t *err)
{
    if (s->ctx.rank == 0) {
        pthread_mutex_lock(&s->guard->busy);
        h5r_scratch_make(&s->ctx, scratch_of(s), s->process_id, err);
        h5r_guard_watch(s->guard, s->ctx.keep ? "" : s->ctx.scratch_dir, s->ctx.rank);
        pthread_mutex_unlock(&s->guard->busy);
    }
    h5r_status_t status = h5r_scratch_share(&s->ctx, err);
    bool watch = status == H5R_OK && !s->ctx.keep;
    h5r_guard_watch(s->guard, watch ? s->ctx.scratch_dir : "", s->ctx.rank);
    return status;
}

/* All that can be refused is refused here, before anything is measured. */
static h5r_status_t prepare(session_t *s, const h5r_reporter_t *reporter, h5r_error_t *err)
{
    bool root = s->ctx.rank == 0;
    if (root) {
        load_plan(s, err);
    }
    if (share(s, err) != H5R_OK) {
        return err->code;
    }
    if (root) {
        h5r_run_id(s->process_id, sizeof s->process_id);
        memcpy(s->run_id, s->process_id, sizeof s->run_id);
        if (s->resumes) {
            reopen_output(s, err);
        }
    }
    if (share(s, err) != H5R_OK) {
        return err->code;
    }
    if (make_scratch(s, err) != H5R_OK) {
        return err->code;
    }
    if (root) {
        h5r_capacity_check(&s->ctx, &s->plan, err);
    }
    if (share(s, err) != H5R_OK || h5r_permission_check(&s->ctx, root ? &s->plan : NULL, err) != H5R_OK ||
        test_counters(s, reporter, err) != H5R_OK) {
        return err->code;
    }
    look_for_hints(s);
    if (root && !s->resumes) {
        open_output(s, err);
    }
    if (share(s, err) != H5R_OK || write_provenance(s, err) != H5R_OK) {
        return err->code;
    }
    if (root && s->resumes) {
        go_on(s, err);
    }
    s->prepared = share(s, err) == H5R_OK;
    return err->code;
}

static h5r_status_t measure(session_t *s, const h5r_reporter_t *reporter, h5r_run_out_t *done,
                            h5r_error_t *err)
{
    bool root = s->ctx.rank == 0;
    h5r_run_in_t in = {.ctx = &s->ctx,
                       .plan = root ? &s->plan : NULL,
                       .output = root ? &s->output : NULL,
                       .run_id = s->run_id,
                       .process_id = s->process_id,
                       .history = root && s->resumes ? &s->history : NULL,
                       .in_flight = s->in_flight.job,
                       .skip_crashed = cli_value(s->args, "skip-crashed") != NULL,
                       .max_time_s = root ? s->max_time_s : INFINITY,
                       .counters_work = s->counters_work,
                       .reporter = reporter,
                       .guard = s->guard};
    return h5r_run(&in, done, err);
}

static void release(session_t *s)
{
    if (s->ctx.rank == 0 && !(s->ctx.keep && s->prepared)) {
        h5r_scratch_remove(s->ctx.scratch_dir);
    }
    h5r_provenance_free(s->provenance);
    h5r_history_free(&s->history);
    h5r_plan_free(&s->plan);
}

/* Rank 0, at the end: what became of it. Returns the exit code. */
static h5r_status_t conclude(session_t *s, const h5r_run_out_t *done, h5r_error_t *err)
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
    if (err->code != H5R_OK) {
        if (err->message[0] != '\0') {
            cli_error(err);
        }
        return err->code;
    }
    if (done->stopped > 0) {
        fprintf(stderr, "h5roof: --max-time ended %zu of %zu cases before they had enough repetitions\n",
                done->stopped, done->cases);
    }
    if (s->ctx.keep) {
        printf("data: %s\n", s->ctx.scratch_dir);
    }
    printf("results: %s\n", s->output.dir);
    if (done->mismatches == 0) {
        return H5R_OK;
    }
    h5r_fail(err, H5R_GATE, "the data read back were wrong in %zu repetition%s; see 'h5roof show %s'",
             done->mismatches, done->mismatches == 1 ? "" : "s", s->output.dir);
    cli_error(err);
    return H5R_GATE;
}

static int session_run(session_t *s)
{
    bool root = s->ctx.rank == 0;
    progress_t progress = {.live = root && h5r_launch_stderr_is_terminal()};
    h5r_reporter_t reporter = progress_reporter(&progress);
    h5r_error_t err = {0};
    h5r_run_out_t done = {0};
    h5r_status_t status = prepare(s, &reporter, &err);
    if (status == H5R_OK) {
        status = measure(s, &reporter, &done, &err);
    }
    if (root) {
        status = conclude(s, &done, &err);
    }
    int code = cli_finish((int)status);
    MPI_Bcast(&code, 1, MPI_INT, 0, s->ctx.comm);
    release(s);
    h5r_guard_dismiss(s->guard, code);
    return code;
}

/* One rank that fails here cannot reach the others: they are told by the launcher. */
static int refuse(h5r_guard_t *guard, const h5r_error_t *err)
{
    int code = cli_error(err);
    h5r_guard_dismiss(guard, code);
    MPI_Finalize();
    return code;
}

static int run(const cli_args_t *args)
{
    static h5r_guard_t guard; /* lives as long as its thread */
    static session_t session; /* holds paths: too large for a frame */
    h5r_error_t err = {0};
    if (h5r_guard_start(&guard, say, &err) != H5R_OK) {
        return cli_error(&err);
    }
    session.args = args;
    session.guard = &guard;
#ifdef H5_HAVE_SUBFILING_VFD
    const int wanted = MPI_THREAD_MULTIPLE;
#else
    const int wanted = MPI_THREAD_FUNNELED;
#endif
    int provided, size, length;
    char library[MPI_MAX_LIBRARY_VERSION_STRING];
    if (MPI_Init_thread(NULL, NULL, wanted, &provided) != MPI_SUCCESS) {
        h5r_fail(&err, H5R_ENV, "MPI cannot be initialised");
        return cli_error(&err);
    }
    session.threads = provided >= MPI_THREAD_MULTIPLE;
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    MPI_Get_library_version(library, &length);
    if (h5r_launch_check(size, library, &err) != H5R_OK ||
        h5r_context_init(&session.ctx, MPI_COMM_WORLD, &err) != H5R_OK) {
        return refuse(&guard, &err);
    }
    h5r_guard_watch(&guard, "", session.ctx.rank);
    session.ctx.place = &guard.place;
    session.ctx.keep = cli_value(args, "keep") != NULL;
    h5r_hdf5_silence();
    int code = session_run(&session);
    MPI_Finalize();
    return code;
}

const cli_command_t cli_run = {
    .name = "run",
    .summary = "measure a suite (under mpirun or srun)",
    .operands = "SUITE.yaml",
    .min_operands = 1,
    .max_operands = 1,
    .options = options,
    .text = text,
    .run = run,
};
