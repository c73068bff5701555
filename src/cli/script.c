#include "cli/script.h"

#include "h5roof/count.h"
#include "h5roof_build.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* From the directory of the executable: where it is installed, and where it was built (configs is a link into the
 * sources). */
static const char *const places[] = {H5R_DATA_FROM_BIN "/scripts", "configs/../scripts"};

/* False: there is no such script beside the program. */
static bool find(const char *program, const char *script, char path[PATH_MAX])
{
    char copy[PATH_MAX], place[PATH_MAX];
    snprintf(copy, sizeof copy, "%s", program);
    const char *at = dirname(copy);
    for (size_t i = 0; i < H5R_COUNT_OF(places); i++) {
        const int length = snprintf(place, sizeof place, "%s/%s/%s", at, places[i], script);
        if (length > 0 && length < PATH_MAX && realpath(place, path) != NULL && access(path, X_OK) == 0) {
            return true;
        }
    }
    return false;
}

int script_become(const cli_command_t *command, char **argv)
{
    char program[PATH_MAX], path[PATH_MAX], name[64];
    h5r_error_t err = {.code = H5R_OK};
    const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    program[length > 0 ? length : 0] = '\0';
    if (!find(program, command->script, path)) {
        h5r_fail(&err, H5R_ENV, "no %s beside this program", command->script);
        return cli_error(&err);
    }
    snprintf(name, sizeof name, "h5roof %s", command->name);
    if (setenv("H5ROOF", program, 1) != 0 || setenv("H5ROOF_COMMAND", name, 1) != 0) {
        h5r_no_memory(&err, "the environment of %s", path);
        return cli_error(&err);
    }
    argv[0] = path;
    execv(path, argv);
    h5r_fail(&err, H5R_ENV, "cannot run %s: %s; it needs python3", path, strerror(errno));
    return cli_error(&err);
}

static const cli_option_t plot_options[] = {
    {"out", "DIR", "where the pictures go (default: the last results directory)"},
    {"formats", "LIST", "of png, svg, pdf (default: png,svg)"},
    {"operation", "NAME", "only this operation"},
    {"only", "PATTERN", "cases whose name matches or contains PATTERN"},
    {"h5roof", "PATH", "another program than this one"},
    {NULL, NULL, NULL},
};

const cli_command_t cli_plot = {
    .name = "plot",
    .summary = "draw pictures of runs (needs Python with pandas and matplotlib)",
    .operands = "[KIND...] DIR...",
    .options = plot_options,
    .script = "plot.py",
    .text = "Without arguments the kinds of pictures are listed, with what each needs.\n\n"
            "examples:\n"
            "  h5roof plot results/chunks-20260101T120000Z\n"
            "  h5roof plot ladder heatmap results/chunks-20260101T120000Z --formats svg\n",
};

static const cli_option_t report_options[] = {
    {"out", "FILE", "default: DIR/report.html; of several runs DIR/change.html"},
    {"allow", "LIST", "of several runs: what may differ, as in h5roof compare"},
    {"h5roof", "PATH", "another program than this one"},
    {NULL, NULL, NULL},
};

const cli_command_t cli_report = {
    .name = "report",
    .summary = "write a run, or what changed in others, as a page in HTML",
    .operands = "[NAME=]DIR...",
    .options = report_options,
    .script = "report.py",
    .text = "The page has everything in it and needs no network; making it takes Python with\n"
            "pandas, matplotlib and jinja2. The first of several runs is what the others are\n"
            "compared with.\n\n"
            "examples:\n"
            "  h5roof report results/chunks-20260101T120000Z --out chunks.html\n"
            "  h5roof report ext4=results/one lustre=results/two --allow filesystem\n",
};
