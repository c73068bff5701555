#include "cli/cli.h"
#include "cli/show/digest.h"
#include "cli/show/progress.h"
#include "cli/show/show_table.h"
#include "cli/suite_args.h"
#include "core/base/units.h"
#include "engine/machine/launch.h"
#include "engine/machine/limits.h"
#include "engine/run/same_build.h"
#include "engine/run/session.h"
#include "engine/store/hdf5_filter.h"
#include "engine/store/hdf5_util.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const cli_option_t options[] = {
    {"scratch", "DIR", "directory under test (default: suite, $H5ROOF_SCRATCH, .)"},
    {"out", "DIR", "new directory for results (default: results/SUITE-UTCTIME)"},
    CLI_SUITE_OPTIONS,
    {"resume", NULL, "go on with the run in --out DIR, or begin it"},
    {"skip-crashed", NULL, "with --resume: leave out the case during which it died"},
    {"roofs", "WHICH", "all, store or none: what is measured beside the cases (all)"},
    {"max-time", "TIME", "end after TIME (20m), spent where intervals are widest"},
    {"format", "FORM", "json: on stdout a line for each row, as it is measured"},
    {"keep", NULL, "leave the data files in the scratch directory"},
    {NULL, NULL, NULL},
};

static const char *const formats[] = {"text", "json", NULL};
static const cli_choice_t choices[] = {{"format", formats}, {NULL, NULL}};

static const char text[] =
    CLI_SUITE_HELP "\nexamples:\n"
                   "  mpirun -n 2 h5roof run smoke --scratch /lustre --out smoke-lustre\n"
                   "  mpirun -n 2 h5roof run --case shape=2048x2048 chunk=64x64 filter=deflate:1\n";

/* Everything a run holds; rank 0 has a plan. */
typedef struct {
    const cli_args_t *args;
    h5r_context_t ctx;
    h5r_guard_t *guard;
    h5r_plan_t plan;
    h5r_session_t session;
    double max_time_s;
    bool threads;
} command_t;

static void say(const char *message)
{
    fprintf(cli_err(), "\nh5roof: %s\n", message);
    fflush(cli_err());
}

static void notice(const char *line)
{
    fprintf(cli_err(), "%s\n", line);
}

static void warning(const char *line)
{
    fprintf(cli_err(), "h5roof: warning: %s\n", line);
}

/* Rank 0: options that contradict each other. */
static h5r_status_t check_options(const command_t *c, h5r_error_t *err)
{
    const bool resume = cli_value(c->args, "resume") != NULL;
    if (resume && cli_value(c->args, "out") == NULL) {
        return h5r_fail(err, H5R_USAGE, "--resume needs --out DIR, the directory of the run to go on with");
    }
    if (!resume && cli_value(c->args, "skip-crashed") != NULL) {
        return h5r_fail(err, H5R_USAGE, "--skip-crashed is for --resume");
    }
    return H5R_OK;
}

/* Rank 0. */
static h5r_status_t read_max_time(command_t *c, h5r_error_t *err)
{
    const char *given = cli_value(c->args, "max-time");
    c->max_time_s = INFINITY;
    if (given != NULL && (!h5r_parse_seconds(given, &c->max_time_s) || !(c->max_time_s > 0.0))) {
        return h5r_fail(err, H5R_USAGE, "--max-time '%s' is not a time such as 20m, 90s or 2h", given);
    }
    return H5R_OK;
}

/* Rank 0. */
static h5r_status_t load_plan(command_t *c, h5r_error_t *err)
{
    const char *which = cli_value(c->args, "roofs");
    char roofs[64];
    snprintf(roofs, sizeof roofs, "roofs=%s", which != NULL ? which : "");
    if (cli_load_plan(c->args, which != NULL ? roofs : NULL, &c->plan, err) != H5R_OK ||
        read_max_time(c, err) != H5R_OK) {
        return err->code;
    }
    h5r_caps_t caps;
    h5r_caps_query(&caps, c->threads, h5r_plan_filters(&c->plan));
    h5r_plan_apply_rules(&c->plan, &caps, c->ctx.size);
    return check_options(c, err);
}

/* Rank 0. */
static const char *scratch_of(const command_t *c)
{
    const char *given = cli_value(c->args, "scratch");
    const char *variable = cli_variable(CLI_SCRATCH);
    if (given != NULL) {
        return given;
    }
    if (c->plan.scratch[0] != '\0') {
        return c->plan.scratch;
    }
    return variable != NULL ? variable : ".";
}

static bool wants_json(const cli_args_t *args)
{
    const char *format = cli_value(args, "format");
    return format != NULL && strcmp(format, "json") == 0;
}

/* Rank 0: of cases that stand on the command line, the answer stands there, too. */
static h5r_status_t show_cases(const command_t *c, h5r_error_t *err)
{
    h5r_results_t results;
    const show_wish_t wish = {.columns = cli_columns()};
    if (h5r_results_load(c->session.output.dir, &results, err) == H5R_OK) {
        show_table(&results, c->session.output.dir, wish);
        fputc('\n', cli_out());
        digest_compare(&results, cli_out());
        digest_write(&results, cli_out());
    }
    h5r_results_free(&results);
    return err->code;
}

/* Rank 0, at the end: what became of it. Returns the exit code. */
static h5r_status_t tell(const command_t *c, const h5r_run_out_t *done, h5r_error_t *err)
{
    if (err->code != H5R_OK) {
        if (err->message[0] != '\0') {
            cli_error(err);
        }
        return err->code;
    }
    if (done->stopped > 0) {
        cli_say(cli_err(), "h5roof: --max-time ended %zu of %zu cases before they had enough repetitions\n",
                done->stopped, done->cases);
    }
    if (c->ctx.keep) {
        cli_say(cli_out(), "data: %s\n", c->ctx.scratch_dir);
    }
    if (cli_has_cases(c->args) && !wants_json(c->args) && show_cases(c, err) != H5R_OK) {
        cli_error(err);
        return err->code;
    }
    cli_say(wants_json(c->args) ? cli_err() : cli_out(), "results: %s\n", c->session.output.dir);
    if (done->mismatches == 0) {
        return H5R_OK;
    }
    h5r_fail(err, H5R_GATE, "the data read back were wrong in %zu repetition%s; see 'h5roof show %s'",
             done->mismatches, done->mismatches == 1 ? "" : "s", c->session.output.dir);
    cli_error(err);
    return H5R_GATE;
}

/* Collective. */
static h5r_status_t measure(command_t *c, const h5r_reporter_t *reporter, h5r_run_out_t *done,
                            h5r_error_t *err)
{
    const bool root = c->ctx.rank == 0;
    const h5r_session_in_t in = {.argc = c->args->argc,
                                 .argv = c->args->argv,
                                 .environment = environ,
                                 .plan = root ? &c->plan : NULL,
                                 .out = cli_value(c->args, "out"),
                                 .scratch = root ? scratch_of(c) : NULL,
                                 .resume = cli_value(c->args, "resume") != NULL,
                                 .skip_crashed = cli_value(c->args, "skip-crashed") != NULL,
                                 .max_time_s = c->max_time_s,
                                 .guard = c->guard,
                                 .reporter = reporter,
                                 .notice = notice,
                                 .warning = warning};
    if (h5r_session_prepare(&c->session, &c->ctx, &in, err) == H5R_OK) {
        h5r_session_measure(&c->session, done, err);
    }
    if (root) {
        h5r_session_conclude(&c->session, err);
    }
    return err->code;
}

static int run_suite(command_t *c)
{
    bool root = c->ctx.rank == 0;
    progress_t progress = {.live = root && h5r_launch_stderr_is_terminal(),
                           .rows = wants_json(c->args) ? cli_out() : NULL};
    h5r_reporter_t reporter = progress_reporter(&progress);
    h5r_error_t err = {0};
    h5r_run_out_t done = {0};
    if (root) {
        load_plan(c, &err);
    }
    if (root && err.code == H5R_OK && c->ctx.size == 1 && h5r_launch_query().name == NULL) {
        fputs("h5roof: one rank, since no launcher started it; for two: mpirun -n 2 h5roof run ...\n",
              cli_err());
    }
    MPI_Bcast(&err, (int)sizeof err, MPI_BYTE, 0, c->ctx.comm);
    h5r_status_t status = err.code == H5R_OK ? measure(c, &reporter, &done, &err) : err.code;
    if (root) {
        status = tell(c, &done, &err);
    }
    int code = cli_finish((int)status);
    MPI_Bcast(&code, 1, MPI_INT, 0, c->ctx.comm);
    if (c->session.ctx != NULL) {
        h5r_session_release(&c->session);
    }
    h5r_plan_free(&c->plan);
    h5r_guard_dismiss(c->guard, code);
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
    static command_t command; /* holds paths: too large for a frame */
    h5r_error_t err = {0};
    int provided, size, length, code;
    char library[MPI_MAX_LIBRARY_VERSION_STRING];
    if (!cli_suite_given(args, &code)) {
        return code;
    }
    MPI_Get_library_version(library, &length);
    if (h5r_limits_check(library, &err) != H5R_OK || h5r_guard_start(&guard, say, &err) != H5R_OK) {
        return cli_error(&err);
    }
    command.args = args;
    command.guard = &guard;
#ifdef H5_HAVE_SUBFILING_VFD
    const int wanted = MPI_THREAD_MULTIPLE;
#else
    const int wanted = MPI_THREAD_FUNNELED;
#endif
    if (MPI_Init_thread(NULL, NULL, wanted, &provided) != MPI_SUCCESS) {
        h5r_fail(&err, H5R_ENV, "MPI cannot be initialised");
        return cli_error(&err);
    }
    command.threads = provided >= MPI_THREAD_MULTIPLE;
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    if (h5r_launch_check(size, library, &err) != H5R_OK || h5r_same_build(MPI_COMM_WORLD, &err) != H5R_OK ||
        h5r_context_init(&command.ctx, MPI_COMM_WORLD, &err) != H5R_OK) {
        return refuse(&guard, &err);
    }
    h5r_guard_watch(&guard, "", command.ctx.rank);
    command.ctx.place = &guard.place;
    command.ctx.keep = cli_value(args, "keep") != NULL;
    h5r_hdf5_silence();
    code = run_suite(&command);
    MPI_Finalize();
    return code;
}

const cli_command_t cli_run = {
    .name = "run",
    .summary = "measure a suite (under mpirun or srun)",
    .operands = "SUITE.yaml",
    .min_operands = 0,
    .max_operands = CLI_MAX_WORDS,
    .options = options,
    .choices = choices,
    .text = text,
    .run = run,
};
