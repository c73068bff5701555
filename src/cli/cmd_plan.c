#include "cli/cli.h"
#include "cli/plan_time.h"
#include "cli/suite_args.h"
#include "core/base/csv.h"
#include "core/base/units.h"
#include "core/base/visible.h"
#include "core/factors/scaling.h"
#include "core/suite/plan.h"
#include "engine/ranks/registry.h"
#include "engine/repetition/case_work.h"
#include "engine/store/hdf5_filter.h"
#include "engine/store/hdf5_util.h"
#include "h5roof/reading.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const cli_option_t options[] = {
    {"ranks", "N", "number of MPI ranks to plan for (default: 2)"},
    CLI_SUITE_OPTIONS,
    {"yaml", NULL, "print the effective suite instead, one case per entry"},
    {"csv", NULL, "a table for programs; names as in results.csv if it has them"},
    {NULL, NULL, NULL},
};

static const char text[] =
    "Nothing is run. Calls, payload and objects are of all ranks in a repetition, as\n"
    "a run counts them; ~: an estimate, where chance decides and exact takes long.\n" PLAN_TIME_HELP
        CLI_SUITE_HELP "\n"
    "examples:\n"
    "  h5roof plan chunks --ranks 16 --set shape=8192x8192\n";

static int name_width(const h5r_plan_t *plan)
{
    int width = 4;
    for (size_t i = 0; i < plan->ncases; i++) {
        int length = (int)h5r_visible_width(plan->cases[i].name);
        width = length > width && length <= 60 ? length : width;
    }
    return width;
}

/* A number, or a dash; "~" where it is estimated. */
static const char *count_text(uint64_t n, bool estimated, char *buf, size_t size)
{
    snprintf(buf, size, n > 0 ? "%s%" PRIu64 : "-", estimated ? "~" : "", n);
    return buf;
}

static void print_operation(const char *name, const h5r_case_work_t *work, double seconds)
{
    char calls[32], objects[32], size[32], bytes[40], time[32];
    const h5r_work_t *all = &work->all;
    snprintf(bytes, sizeof bytes, "%s%s", all->estimated ? "~" : "",
             h5r_format_size((double)all->payload_bytes, size, sizeof size));
    cli_say(cli_out(), "  %-14s  %10s  %10s  %9s  %8s%s\n", name,
            count_text(all->calls, all->estimated, calls, sizeof calls), all->payload_bytes > 0 ? bytes : "-",
            count_text(all->objects, false, objects, sizeof objects),
            h5r_format_seconds(seconds, time, sizeof time),
            all->all_calls > all->calls ? "  bounded by max_ops" : "");
}

/* A case as it will run, and what it does. */
typedef struct {
    const h5r_case_t *c;
    h5r_factors_t factors; /* resolved */
    const h5r_workload_t *workload;
    int ranks, operations; /* operations: 0 if it is skipped */
    h5r_case_work_t work[H5R_OPERATIONS];
} planned_t;

static planned_t look_at(const h5r_plan_t *plan, size_t i, int job_ranks)
{
    planned_t p = {.c = &plan->cases[i], .ranks = h5r_factors_ranks(&plan->cases[i].factors, job_ranks)};
    if (p.c->skip_reason[0] == '\0') {
        p.factors = h5r_factors_resolved(&p.c->factors, p.ranks);
        p.workload = h5r_workloads[p.factors.workload];
        p.operations = h5r_workload_operations(p.workload);
        h5r_work_of_case(&p.factors, p.ranks, plan->seed, p.work);
    }
    return p;
}

static double seconds_of(const planned_t *p, int o)
{
    return plan_operation_seconds(&p->factors, p->workload->operations[o].direction, &p->work[o], p->ranks);
}

/* "x" between them. */
static void print_sizes(const char *before, int n, const uint64_t *sizes)
{
    cli_say(cli_out(), "%s", before);
    for (int d = 0; d < n; d++) {
        cli_say(cli_out(), "%s%" PRIu64, d > 0 ? "x" : "", sizes[d]);
    }
}

/* Where the factors do not show it: how the dataset is cut, and what that leaves to one rank. */
static void print_share(const planned_t *p, int width)
{
    const h5r_factors_t *f = &p->factors;
    const bool block = f->decomposition == H5R_DECOMP_BLOCK;
    if (p->operations == 0 || !p->workload->moves_share ||
        (!block && f->empty_ranks == H5R_EMPTY_NONE && f->write_ranks == H5R_RANKS_ALL)) {
        return;
    }
    int grid[H5R_MAX_NDIMS];
    uint64_t pieces[H5R_MAX_NDIMS];
    const h5r_region_t share = h5r_share_of_rank(f, p->ranks, 0);
    h5r_share_grid(f, p->ranks, grid);
    for (int d = 0; d < f->shape.n; d++) {
        pieces[d] = (uint64_t)grid[d];
    }
    cli_say(cli_out(), "%-*s", width, "");
    print_sizes("  rank 0 owns ", share.ndims, share.count);
    print_sizes(" of ", f->shape.n, f->shape.d);
    if (block) {
        print_sizes(", in a grid of ", f->shape.n, pieces);
    }
    cli_say(cli_out(), "; %d of %d rank%s own something\n", h5r_share_owners(f, p->ranks), p->ranks,
            p->ranks == 1 ? "" : "s");
}

/* Likewise what is read, where that was no rank's share. */
static void print_reads(const planned_t *p, int width)
{
    const h5r_factors_t *f = &p->factors, read = h5r_factors_as_read(f);
    if (p->operations == 0 || !h5r_reads_anew(f)) {
        return;
    }
    const h5r_region_t share = h5r_share_of_rank(&read, p->ranks, 0);
    cli_say(cli_out(), "%-*s", width, "");
    print_sizes("  rank 0 reads ", share.ndims, share.count);
    print_sizes(" of ", f->shape.n, f->shape.d);
    cli_say(cli_out(), "%s; %d of %d rank%s read something\n",
            h5r_reads_for_all(f) ? " and sends it to all" : "", h5r_share_owners(&read, p->ranks), p->ranks,
            p->ranks == 1 ? "" : "s");
}

static void print_case(const planned_t *p, int width)
{
    if (p->operations == 0) {
        cli_say(cli_out(), "%-*s  skipped: %s\n", width, p->c->name, p->c->skip_reason);
    }
    for (int o = 0; o < p->operations; o++) {
        cli_say(cli_out(), "%-*s", width, o == 0 ? p->c->name : "");
        print_operation(p->workload->operations[o].name, &p->work[o], seconds_of(p, o));
    }
    print_share(p, width);
    print_reads(p, width);
}

static void print_head(const h5r_plan_t *plan, int nranks, size_t run, const plan_time_t *time)
{
    char shortest[32], longest[32], likely[32], space[32];
    if (plan->question[0] != '\0') {
        cli_say(cli_out(), "%s\n", plan->question);
    }
    cli_say(cli_out(),
            "suite %s for %d rank%s (--ranks N for others): %zu case%s run, %zu skipped, %zu left out\n",
            plan->suite, nranks, nranks == 1 ? "" : "s", run, run == 1 ? "" : "s", plan->ncases - run,
            plan->left_out);
    cli_say(cli_out(),
            "%" PRIu64 " warm-up and %" PRIu64 " to %" PRIu64
            " repetitions each; disk at least %s at a time; time roughly %s "
            "(%s to %s)\n\n",
            plan->repeat.warmup, plan->repeat.min, plan->repeat.max,
            h5r_format_size(time->disk_bytes, space, sizeof space),
            h5r_format_seconds(time->likely_s, likely, sizeof likely),
            h5r_format_seconds(time->least_s, shortest, sizeof shortest),
            h5r_format_seconds(time->most_s, longest, sizeof longest));
}

static h5r_status_t print_plan(const h5r_plan_t *plan, int nranks, h5r_error_t *err)
{
    const int width = name_width(plan);
    planned_t *planned = calloc(plan->ncases + 1, sizeof *planned);
    plan_clock_t *clock = plan_clock_start(plan);
    size_t run = 0;
    if (planned == NULL || clock == NULL) {
        free(planned);
        if (clock != NULL) {
            plan_clock_stop(clock);
        }
        return h5r_no_memory(err, "a plan of %zu cases", plan->ncases);
    }
    for (size_t i = 0; i < plan->ncases; i++) {
        planned[i] = look_at(plan, i, nranks);
        if (planned[i].operations > 0) {
            run++;
            plan_clock_add(clock, &planned[i].factors, planned[i].work, planned[i].ranks);
        }
    }
    const plan_time_t time = plan_clock_stop(clock);
    print_head(plan, nranks, run, &time);
    cli_say(cli_out(), "%-*s  %-14s  %10s  %10s  %9s  %8s\n", width, "case", "operation", "calls", "payload",
            "objects", "time");
    for (size_t i = 0; i < plan->ncases; i++) {
        print_case(&planned[i], width);
    }
    free(planned);
    return H5R_OK;
}

static void print_csv_line(const planned_t *p, int o)
{
    const bool skipped = p->operations == 0;
    const h5r_work_t *all = &p->work[o].all;
    cli_say(cli_out(), "%016" PRIx64 ",", p->c->id);
    h5r_csv_shown(cli_out(), p->c->name, false);
    cli_say(cli_out(), ",%d,", p->ranks);
    if (skipped) {
        fputs(",,,,,,", cli_out());
    } else {
        cli_say(cli_out(), "%s,%" PRIu64 ",%" PRIu64 ",", p->workload->operations[o].name, all->calls,
                all->payload_bytes);
        if (all->objects > 0) {
            cli_say(cli_out(), "%" PRIu64, all->objects);
        }
        cli_say(cli_out(), ",%s,%.6g,", all->estimated ? "true" : "false", seconds_of(p, o));
    }
    h5r_csv_shown(cli_out(), p->c->skip_reason, false);
    fputc('\n', cli_out());
}

/* For programs: the names are those of the columns of results.csv. */
static void print_csv(const h5r_plan_t *plan, int job_ranks)
{
    fputs("case_id,case,ranks,operation,calls_count,payload_bytes,objects_count,estimated,guess_s,reason\n",
          cli_out());
    for (size_t i = 0; i < plan->ncases; i++) {
        const planned_t p = look_at(plan, i, job_ranks);
        for (int o = 0; o < (p.operations > 0 ? p.operations : 1); o++) {
            print_csv_line(&p, o);
        }
    }
}

static bool parse_ranks(const cli_args_t *args, int *nranks, int *code)
{
    const char *given = cli_value(args, "ranks");
    uint64_t n = 2;
    if (given != NULL && (!h5r_parse_count(given, &n) || n < 1 || n > 1000000)) {
        *code = cli_usage_error(args->command, "--ranks '%s' is not a number from 1 to 1000000", given);
        return false;
    }
    *nranks = (int)n;
    return true;
}

static int run(const cli_args_t *args)
{
    int nranks, code;
    if (!cli_suite_given(args, &code) || !parse_ranks(args, &nranks, &code)) {
        return code;
    }
    if (cli_value(args, "yaml") != NULL && cli_value(args, "csv") != NULL) {
        return cli_usage_error(args->command, "--yaml and --csv are two forms: one of them");
    }
    static h5r_plan_t plan; /* holds paths: too large for a frame */
    h5r_error_t err = {0};
    if (cli_load_plan(args, NULL, &plan, &err) != H5R_OK) {
        h5r_plan_free(&plan);
        return err.message[0] != '\0' ? cli_error(&err) : (int)err.code;
    }
    h5r_caps_t caps;
    h5r_caps_query(&caps, true, h5r_plan_filters(&plan));
    h5r_plan_apply_rules(&plan, &caps, nranks);
    if (cli_value(args, "yaml") != NULL) {
        h5r_plan_write(&plan, cli_out());
    } else if (cli_value(args, "csv") != NULL) {
        print_csv(&plan, nranks);
    } else {
        print_plan(&plan, nranks, &err);
    }
    h5r_plan_free(&plan);
    return err.code == H5R_OK ? cli_finish(H5R_OK) : cli_error(&err);
}

const cli_command_t cli_plan = {
    .name = "plan",
    .summary = "the cases of a suite, their sizes, and which are skipped and why",
    .operands = "SUITE.yaml",
    .min_operands = 0,
    .max_operands = CLI_MAX_WORDS,
    .options = options,
    .text = text,
    .run = run,
};
