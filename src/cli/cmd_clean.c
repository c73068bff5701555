#include "cli/cli.h"
#include "core/base/units.h"
#include "engine/survive/scratch.h"

#include <stdlib.h>
#include <string.h>

static const cli_option_t options[] = {
    {"yes", NULL, "remove what dead runs left; without it nothing changes"},
    {"also", "STATE", "with --yes: what is `elsewhere` or `kept`, too; repeatable"},
    {NULL, NULL, NULL},
};

static const char *const states[] = {"elsewhere", "kept", NULL};
static const cli_choice_t choices[] = {{"also", states}, {NULL, NULL}};

static const char text[] = "A run that is killed with all its processes at once leaves DIR/h5roof-RUN:\n"
#define X(symbol, name, meaning) "  " name ": " meaning "\n"
    H5R_LEFT_STATE_TABLE(X)
#undef X
        "Of a directory only the files that a run makes are removed: all else stays, and\n"
        "is named.\n\n"
        "examples:\n"
        "  h5roof clean /lustre/me\n"
        "  h5roof clean /lustre/me --yes\n";

static bool asked_also(const cli_args_t *args, const char *state)
{
    const char *values[CLI_MAX_GIVEN];
    size_t n = cli_values(args, "also", values, CLI_MAX_GIVEN);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(values[i], state) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_chosen(const cli_args_t *args, const h5r_left_t *left)
{
    return left->state == H5R_LEFT_DEAD || asked_also(args, h5r_left_state_names[left->state]);
}

static void print_one(const h5r_left_t *left)
{
    char size[32] = "", unchanged[32] = "";
    if (left->unchanged_s > 0.0 || left->state != H5R_LEFT_UNKNOWN) {
        h5r_format_size((double)left->bytes, size, sizeof size);
        h5r_format_seconds(left->unchanged_s, unchanged, sizeof unchanged);
    }
    cli_say(cli_out(), "%-9s  %-21s  %12s  %10s  %s\n", h5r_left_state_names[left->state], left->run_id,
            unchanged, size, left->path);
    if (left->why[0] != '\0' && left->state != H5R_LEFT_ALIVE && left->state != H5R_LEFT_DEAD) {
        cli_say(cli_out(), "           %s\n", left->why);
    }
}

static void say(const char *reason)
{
    cli_say(cli_err(), "h5roof: %s\n", reason);
}

/* Returns how many of the chosen stay. */
static size_t remove_chosen(const cli_args_t *args, const h5r_left_t *left, size_t n)
{
    size_t stay = 0;
    for (size_t i = 0; i < n; i++) {
        if (!is_chosen(args, &left[i])) {
            continue;
        }
        if (h5r_scratch_remove_left(left[i].path, say)) {
            cli_say(cli_out(), "removed %s\n", left[i].path);
        } else {
            stay++;
        }
    }
    return stay;
}

static void print_list(const cli_args_t *args, const h5r_left_t *left, size_t n)
{
    char size[32];
    double bytes = 0.0;
    size_t chosen = 0;
    if (n == 0) {
        cli_say(cli_out(), "no run left anything in %s\n", args->operand[0]);
        return;
    }
    cli_say(cli_out(), "%-9s  %-21s  %12s  %10s  %s\n", "state", "run", "unchanged", "size", "directory");
    for (size_t i = 0; i < n; i++) {
        print_one(&left[i]);
        chosen += is_chosen(args, &left[i]) ? 1 : 0;
        bytes += is_chosen(args, &left[i]) ? (double)left[i].bytes : 0.0;
    }
    if (chosen > 0 && cli_value(args, "yes") == NULL) {
        cli_say(cli_out(), "\n--yes removes %zu of them, %s\n", chosen,
                h5r_format_size(bytes, size, sizeof size));
    }
}

static int run(const cli_args_t *args)
{
    h5r_left_t *left;
    size_t n;
    h5r_error_t err = {.code = H5R_OK};
    if (h5r_scratch_list(args->operand[0], &left, &n, &err) == H5R_OK) {
        print_list(args, left, n);
        const size_t stay = cli_value(args, "yes") != NULL ? remove_chosen(args, left, n) : 0;
        if (stay > 0) {
            h5r_fail(&err, H5R_IO, "%zu director%s could not be removed whole", stay,
                     stay == 1 ? "y" : "ies");
        }
    }
    free(left);
    return err.code != H5R_OK ? cli_error(&err) : cli_finish(H5R_OK);
}

const cli_command_t cli_clean = {
    .name = "clean",
    .summary = "what killed runs left in a scratch directory, and its removal",
    .operands = "DIR",
    .min_operands = 1,
    .max_operands = 1,
    .options = options,
    .choices = choices,
    .text = text,
    .run = run,
};
