/* What commands share that take a suite: a file, a name, or cases on the command line. */
#ifndef H5ROOF_SUITE_ARGS_H
#define H5ROOF_SUITE_ARGS_H

#include "cli/cli.h"
#include "core/suite/plan.h"

/* Their options. */
#define CLI_SUITE_OPTIONS                                                                                    \
    {"case", NULL, "in place of a suite: a case of the FACTOR=VALUE that follow"},                           \
        {"set", "KEY=VALUE", "a factor, repeat.KEY, seed, verify for all cases; repeatable"},                \
    {                                                                                                        \
        "only", "PATTERN", "cases whose name matches or contains PATTERN; repeatable: any"                   \
    }

#define CLI_SUITE_HELP                                                                                       \
    "SUITE.yaml is a file, or a name that h5roof list suites shows. A value of\n"                            \
    "--case such as 8x8,64x64 makes a case of each; chunk and filter imply chunks.\n"

/* The plan that the command line asks for; one more `set` ("KEY=VALUE", NULL: none) counts last. On an error
 * err->message is empty if stderr was told already. Rules are not applied. Free the plan in any case. */
h5r_status_t cli_load_plan(const cli_args_t *args, const char *set, h5r_plan_t *plan, h5r_error_t *err);

/* Before anything else: there is one suite, or cases. False: a message was printed, *code is the exit code. */
bool cli_suite_given(const cli_args_t *args, int *code);

/* Whether the cases stand on the command line. */
bool cli_has_cases(const cli_args_t *args);

#endif
