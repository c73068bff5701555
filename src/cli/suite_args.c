#include "cli/suite_args.h"

#include "cli/suites.h"
#include "core/suite/cases_text.h"

#include <stdlib.h>
#include <string.h>

bool cli_has_cases(const cli_args_t *args)
{
    return cli_value(args, "case") != NULL;
}

/* The text of a suite made from --case, malloc'd. */
static h5r_status_t read_cases(const cli_args_t *args, char **text, h5r_error_t *err)
{
    size_t begin[CLI_MAX_GIVEN + 1], n = 0;
    for (int i = 0; i < args->ngiven; i++) {
        if (strcmp(args->given[i].option->name, "case") == 0) {
            begin[n++] = (size_t)args->given[i].operands;
        }
    }
    begin[n] = (size_t)args->operands;
    if (begin[0] > 0) {
        return h5r_fail(err, H5R_USAGE, "'%s' stands before --case: a suite or cases, not both",
                        args->operand[0]);
    }
    return h5r_cases_text((const char *const *)args->operand, begin, n, text, err);
}

bool cli_suite_given(const cli_args_t *args, int *code)
{
    const cli_command_t *command = args->command;
    if (cli_has_cases(args)) {
        return true;
    }
    if (args->operands == 0) {
        *code = cli_usage_error(command, "'h5roof %s' needs %s, or --case FACTOR=VALUE...", command->name,
                                command->operands);
    } else if (args->operands > 1) {
        *code = cli_usage_error(command, "unexpected argument '%s'", args->operand[1]);
    }
    return args->operands == 1;
}

h5r_status_t cli_load_plan(const cli_args_t *args, const char *set, h5r_plan_t *plan, h5r_error_t *err)
{
    const char *sets[CLI_MAX_GIVEN + 1], *only[CLI_MAX_GIVEN];
    char path[PATH_MAX] = H5R_CASES_PATH, *text = NULL, *diagnostics = NULL;
    h5r_plan_in_t in = {.path = path, .sets = sets, .only = only};
    *plan = (h5r_plan_t){0};
    in.nsets = cli_values(args, "set", sets, CLI_MAX_GIVEN);
    in.nonly = cli_values(args, "only", only, CLI_MAX_GIVEN);
    if (set != NULL) {
        sets[in.nsets++] = set;
    }
    if ((cli_has_cases(args) ? read_cases(args, &text, err) : suites_find(args->operand[0], path, err)) !=
        H5R_OK) {
        return err->code;
    }
    const bool text_given = text != NULL;
    in.text = text;
    const h5r_status_t status = h5r_plan_load_from(&in, plan, &diagnostics, err);
    free(text);
    if (diagnostics != NULL) {
        fputs(diagnostics, cli_err());
        free(diagnostics);
        err->message[0] = '\0';
    }
    if (status == H5R_OK && plan->unmatched != NULL) {
        return h5r_fail(err, H5R_USAGE, "--only '%s' matches no case; 'h5roof plan%s%s' lists them",
                        plan->unmatched, text_given ? "" : " ", text_given ? "" : args->operand[0]);
    }
    return status;
}
