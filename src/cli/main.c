#include "cli/cli.h"
#include "cli/script.h"
#include "core/base/nearest.h"
#include "core/factors/factor.h"

#include "h5roof_build.h"

#include <hdf5.h>
#include <mpi.h>
#include <string.h>

const cli_command_t *const cli_commands[] = {&cli_run,  &cli_init,  &cli_plan,   &cli_list,    &cli_explain,
                                             &cli_show, &cli_plot,  &cli_report, &cli_compare, &cli_noise,
                                             &cli_env,  &cli_clean, &cli_doc,    NULL};

static void print_usage(FILE *out)
{
    char codes[512] = "exit codes: ";
    size_t used = strlen(codes);
    fputs("usage: h5roof COMMAND [arguments]; more of one: h5roof help COMMAND\n"
          "How close does parallel HDF5 I/O come to what this machine can do, and why not?\n\n"
          "commands:\n",
          out);
    for (const cli_command_t *const *c = cli_commands; *c != NULL; c++) {
        if (!(*c)->hidden) {
            cli_say(out, "  %-8s %s\n", (*c)->name, (*c)->summary);
        }
    }
#define X(symbol, code, meaning)                                                                             \
    used +=                                                                                                  \
        (size_t)snprintf(codes + used, sizeof codes - used, "%s%d %s", code > 0 ? ", " : "", code, meaning);
    H5R_STATUS_TABLE(X)
#undef X
    fputs("\n", out);
    cli_print_wrapped(out, 0, codes);
    fputs("\nexamples:\n"
          "  mpirun -n 2 h5roof run --case shape=2048x2048 chunk=64x64 filter=deflate:1\n",
          out);
}

static int print_version(void)
{
    unsigned v[3];
    char mpi[MPI_MAX_LIBRARY_VERSION_STRING] = "";
    int length = 0;
    H5get_libversion(&v[0], &v[1], &v[2]);
    MPI_Get_library_version(mpi, &length); /* allowed before MPI_Init */
    cli_say(cli_out(), "h5roof %s (%s, %s, %s)\nHDF5 %u.%u.%u\n%.*s\n", H5R_VERSION, H5R_GIT_HASH,
            H5R_BUILD_TYPE, H5R_COMPILER, v[0], v[1], v[2], (int)strcspn(mpi, "\n"), mpi);
    return cli_finish(H5R_OK);
}

static int unknown_command(const char *word)
{
    const char *names[16] = {0};
    for (size_t i = 0; cli_commands[i] != NULL && i < 15; i++) {
        names[i] = cli_commands[i]->name;
    }
    const char *near = h5r_nearest(word, names);
    return near != NULL ? cli_usage_error(NULL, "unknown command '%s'; did you mean '%s'?", word, near)
                        : cli_usage_error(NULL, "unknown command '%s'", word);
}

static const cli_command_t *find_command(const char *word)
{
    for (const cli_command_t *const *c = cli_commands; *c != NULL; c++) {
        if (strcmp((*c)->name, word) == 0) {
            return *c;
        }
    }
    return NULL;
}

/* argv[0] is the command's name. */
static int run_command(const cli_command_t *command, int argc, char **argv, int all_argc, char **all_argv)
{
    static cli_args_t args; /* too large for a frame */
    int code = H5R_OK;
    if (command->script != NULL) {
        if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
            cli_print_help(command, cli_out());
            return cli_finish(H5R_OK);
        }
        return script_become(command, argv);
    }
    args.argc = all_argc;
    args.argv = all_argv;
    return cli_parse(command, argc, argv, &args, &code) ? command->run(&args) : code;
}

/* `help` alone, or of a command. */
static int help(int argc, char **argv)
{
    const cli_command_t *command = argc > 2 ? find_command(argv[2]) : NULL;
    if (argc > 2 && command == NULL) {
        return unknown_command(argv[2]);
    }
    if (command != NULL) {
        cli_print_help(command, cli_out());
    } else {
        print_usage(cli_out());
    }
    return cli_finish(H5R_OK);
}

int main(int argc, char **argv)
{
    if (!cli_streams_open()) {
        return H5R_ENV;
    }
    if (argc < 2) {
        print_usage(cli_err());
        return H5R_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        return help(argc, argv);
    }
    if (strcmp(argv[1], "--version") == 0) {
        return print_version();
    }
    const cli_command_t *command = find_command(argv[1]);
    return command != NULL ? run_command(command, argc - 1, argv + 1, argc, argv) : unknown_command(argv[1]);
}
