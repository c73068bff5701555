#include "cli/cli.h"
#include "engine/machine/launch.h"
#include "engine/machine/limits.h"
#include "engine/machine/plugins.h"
#include "engine/run/provenance.h"

#include <mpi.h>

extern char **environ;

static const cli_option_t options[] = {
    {"json", "FILE", "write the document as JSON too, as a run does in env.json"},
    {NULL, NULL, NULL},
};

static const char text[] = "PATH is a directory under test (default: the current one). Start it as a run is\n"
                           "started, so that ranks and binding are those of the run.\n\n"
                           "examples:\n"
                           "  h5roof env\n"
                           "  mpirun -n 2 h5roof env /dev/shm\n";

static h5r_status_t describe(const h5r_context_t *ctx, const cli_args_t *args, h5r_error_t *err)
{
    h5r_provenance_t *p = NULL;
    h5r_provenance_in_t in = {.argc = args->argc,
                              .argv = args->argv,
                              .environment = environ,
                              .scratch = args->operands > 0 ? args->operand[0] : "."};
    const char *json = cli_value(args, "json");
    h5r_status_t status = h5r_provenance_gather(ctx, &in, &p, err);
    if (status == H5R_OK && json != NULL) {
        status = h5r_provenance_write(ctx, p, json, err);
    }
    if (status == H5R_OK && ctx->rank == 0) {
        status = h5r_provenance_print(p, cli_out(), err);
        char *const *warning;
        size_t n = h5r_provenance_warnings(p, &warning);
        for (size_t i = 0; i < n; i++) {
            fputs(i == 0 ? "\n" : "", cli_out());
            cli_say(cli_out(), "# warning: %s\n", warning[i]);
        }
    }
    h5r_provenance_free(p);
    return status;
}

static int run(const cli_args_t *args)
{
    h5r_context_t ctx;
    h5r_error_t err = {0};
    int size, rank, length;
    char library[MPI_MAX_LIBRARY_VERSION_STRING];
    MPI_Get_library_version(library, &length);
    if (h5r_limits_check(library, &err) != H5R_OK) {
        return cli_error(&err);
    }
    if (MPI_Init(NULL, NULL) != MPI_SUCCESS) {
        h5r_fail(&err, H5R_ENV, "MPI cannot be initialised");
        return cli_error(&err);
    }
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    if (h5r_launch_check(size, library, &err) == H5R_OK &&
        h5r_context_init(&ctx, MPI_COMM_WORLD, &err) == H5R_OK) {
        h5r_plugins_load();
        describe(&ctx, args, &err);
    }
    int code = err.code != H5R_OK && rank == 0 ? cli_error(&err) : (int)err.code;
    MPI_Finalize();
    return cli_finish(code);
}

const cli_command_t cli_env = {
    .name = "env",
    .summary = "what a run would record about this machine, and what looks wrong",
    .operands = "[PATH]",
    .min_operands = 0,
    .max_operands = 1,
    .options = options,
    .text = text,
    .run = run,
};
