#include "cli/cli.h"
#include "cli/suites.h"
#include "core/driver.h"
#include "core/grid.h"
#include "core/plan.h"
#include "core/scaling.h"
#include "core/units.h"
#include "engine/hdf5_util.h"
#include "engine/registry.h"

#include <stdlib.h>
#include <string.h>

static const cli_option_t options[] = {
    {"ranks", "N", "number of MPI ranks to plan for (default: 2)"},
    {"set", "KEY=VALUE", "a factor, repeat.KEY, seed, verify for all cases; repeatable"},
    {"only", "PATTERN", "cases whose name matches or contains PATTERN; repeatable: any"},
    {"yaml", NULL, "print the effective suite instead, one case per entry"},
    {NULL, NULL, NULL},
};

static const char text[] =
    "Nothing is run and MPI is not needed. The time is a guess: a disk of 500 MiB/s;\n"
    "0.5 us for a serial call, 2 us for an independent, 30 us for a collective one.\n\n"
    "examples:\n"
    "  h5roof plan smoke\n"
    "  h5roof plan configs/chunks.yaml --ranks 16 --set shape=8192x8192\n"
    "  h5roof plan configs/filters.yaml --yaml > my-suite.yaml\n";

/* A crude model of the time of one repetition with its roofs; good enough to tell a minute from a day. */
static double guess_seconds(const h5r_factors_t *f, double bytes, double calls, int nranks)
{
    const double disk = 500.0 * 1024 * 1024, memory = 4096.0 * 1024 * 1024, deflate = 50.0 * 1024 * 1024;
    double per_call = h5r_factors_collective(f)                  ? 30e-6
                      : h5r_factors_files(f) == H5R_FILES_SHARED ? 2e-6
                                                                 : 0.5e-6;
    double move = bytes / (h5r_factors_on_disk(f) ? disk : memory);
    double squeeze = f->filter.n > 0 ? bytes / deflate / nranks : 0.0;
    return 2.0 * (2.0 * move + squeeze + calls * per_call) + 0.01;
}

typedef struct {
    double bytes;        /* of the datasets in all files */
    double calls, bound; /* of one operation, of the rank that makes most: wanted, and at most made */
} size_of_case_t;

/* Rank 0 has the largest share. */
static size_of_case_t size_of(const h5r_factors_t *f, int ranks)
{
    const h5r_workload_t *workload = h5r_workloads[f->workload];
    double elements = (double)h5r_dims_elements(&f->shape) * h5r_factors_copies(f, ranks);
    double bytes =
        elements * (double)h5r_dtype_size(h5r_factors_file_dtype(f)) * (double)h5r_workload_datasets(f);
    int grid[H5R_MAX_NDIMS];
    h5r_balanced_grid(ranks, f->shape.n, grid);
    h5r_region_t share = h5r_region_of_rank(&f->shape, (h5r_decomp_t)f->decomposition, ranks, 0, grid);
    h5r_ops_t ops;
    h5r_ops_init(&ops, &share, f->access, h5r_dtype_size((h5r_dtype_t)f->dtype), 0);
    uint64_t calls = workload->count_calls != NULL ? workload->count_calls(f, &share) : ops.pieces;
    uint64_t bound = f->max_ops > 0 && f->max_ops < calls ? f->max_ops : calls;
    return (size_of_case_t){bytes, (double)calls, (double)bound};
}

static void print_case(const h5r_case_t *c, int width, int job_ranks)
{
    char bytes[32];
    const int ranks = h5r_factors_ranks(&c->factors, job_ranks);
    const h5r_factors_t f = h5r_factors_resolved(&c->factors, ranks);
    size_of_case_t size = size_of(&f, ranks);
    if (c->skip_reason[0] != '\0') {
        printf("%-*s  skipped: %s\n", width, c->name, c->skip_reason);
        return;
    }
    printf("%-*s  %10s  %8.0f call%s a rank%s\n", width, c->name,
           h5r_format_size(size.bytes, bytes, sizeof bytes), size.calls, size.calls == 1.0 ? "" : "s",
           size.calls > size.bound ? ", bounded by max_ops" : "");
}

static void print_plan(const h5r_plan_t *plan, int nranks)
{
    int width = 4;
    size_t run = 0;
    double seconds = 0.0, disk = 0.0;
    for (size_t i = 0; i < plan->ncases; i++) {
        const h5r_case_t *c = &plan->cases[i];
        int length = (int)strlen(c->name);
        width = length > width && length <= 60 ? length : width;
        if (c->skip_reason[0] != '\0') {
            continue;
        }
        const int ranks = h5r_factors_ranks(&c->factors, nranks);
        const h5r_factors_t f = h5r_factors_resolved(&c->factors, ranks);
        size_of_case_t size = size_of(&f, ranks);
        seconds += guess_seconds(&f, size.bytes, size.bound, ranks);
        disk = h5r_factors_on_disk(&c->factors) && size.bytes > disk ? size.bytes : disk;
        run++;
    }
    double least = seconds * (double)(plan->repeat.warmup + plan->repeat.min);
    double most = seconds * (double)(plan->repeat.warmup + plan->repeat.max);
    char shortest[32], longest[32], space[32];
    if (plan->question[0] != '\0') {
        printf("%s\n", plan->question);
    }
    printf("suite %s for %d rank%s (--ranks N for others): %zu case%s run, %zu skipped, %zu left out\n",
           plan->suite, nranks, nranks == 1 ? "" : "s", run, run == 1 ? "" : "s", plan->ncases - run,
           plan->left_out);
    printf("%llu warm-up and %llu to %llu repetitions each; disk at least %s at a time; time roughly %s to "
           "%s\n\n",
           (unsigned long long)plan->repeat.warmup, (unsigned long long)plan->repeat.min,
           (unsigned long long)plan->repeat.max, h5r_format_size(disk, space, sizeof space),
           h5r_format_seconds(least, shortest, sizeof shortest),
           h5r_format_seconds(most, longest, sizeof longest));
    for (size_t i = 0; i < plan->ncases; i++) {
        print_case(&plan->cases[i], width, nranks);
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
    if (!parse_ranks(args, &nranks, &code)) {
        return code;
    }
    static h5r_plan_t plan; /* holds paths: too large for a frame */
    h5r_error_t err = {0};
    char *diagnostics = NULL, path[PATH_MAX];
    const char *sets[CLI_MAX_GIVEN];
    size_t nsets = cli_values(args, "set", sets, CLI_MAX_GIVEN);
    if (suites_find(args->operand[0], path, &err) != H5R_OK) {
        return cli_error(&err);
    }
    const char *only[CLI_MAX_GIVEN];
    size_t nonly = cli_values(args, "only", only, CLI_MAX_GIVEN);
    if (h5r_plan_load_only(path, sets, nsets, only, nonly, &plan, &diagnostics, &err) != H5R_OK) {
        if (diagnostics != NULL) {
            fputs(diagnostics, stderr);
            free(diagnostics);
        } else {
            cli_error(&err);
        }
        h5r_plan_free(&plan);
        return (int)err.code;
    }
    free(diagnostics);
    if (plan.unmatched != NULL) {
        h5r_plan_free(&plan);
        return cli_usage_error(args->command, "--only '%s' matches no case", plan.unmatched);
    }
    h5r_caps_t caps;
    h5r_caps_query(&caps, true, h5r_plan_filters(&plan));
    h5r_plan_apply_rules(&plan, &caps, nranks);
    if (cli_value(args, "yaml") != NULL) {
        h5r_plan_write(&plan, stdout);
    } else {
        print_plan(&plan, nranks);
    }
    h5r_plan_free(&plan);
    return cli_finish(H5R_OK);
}

const cli_command_t cli_plan = {
    .name = "plan",
    .summary = "the cases of a suite, their sizes, and which are skipped and why",
    .operands = "SUITE.yaml",
    .min_operands = 1,
    .max_operands = 1,
    .options = options,
    .text = text,
    .run = run,
};
