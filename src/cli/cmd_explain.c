#include "cli/cli.h"
#include "cli/topic.h"
#include "core/factor.h"

#include <stdlib.h>
#include <string.h>

static const cli_option_t options[] = {{NULL, NULL, NULL}};

static const char text[] = "NAME is anything that `h5roof list` shows.\n\n"
                           "examples:\n"
                           "  h5roof explain slab\n"
                           "  h5roof explain decomposition\n"
                           "  h5roof explain efficiency_frac\n"
                           "  h5roof explain amplified\n"
                           "  h5roof explain 3\n";

static void explain(const topic_t *topic, size_t i)
{
    printf("%s (%s)\n", topic->name_of(i), topic->one);
    cli_print_wrapped(stdout, 0, topic->summary(i));
    if (topic->explain != NULL) {
        topic->explain(i, stdout);
    }
}

static int unknown(const cli_args_t *args)
{
    size_t n = 0;
    for (size_t t = 0; t < topic_count; t++) {
        n += topics[t].count();
    }
    const char **names = calloc(n + 1, sizeof *names);
    const char *near = NULL;
    if (names != NULL) {
        n = 0;
        for (size_t t = 0; t < topic_count; t++) {
            for (size_t i = 0; i < topics[t].count(); i++) {
                names[n++] = topics[t].name_of(i);
            }
        }
        near = h5r_nearest(args->operand[0], names);
    }
    int code = near != NULL
                   ? cli_usage_error(args->command, "nothing is called '%s'; did you mean '%s'?",
                                     args->operand[0], near)
                   : cli_usage_error(args->command,
                                     "nothing is called '%s'; 'h5roof list factors' and its like show names",
                                     args->operand[0]);
    free(names);
    return code;
}

static int run(const cli_args_t *args)
{
    int found = 0;
    for (size_t t = 0; t < topic_count; t++) {
        for (size_t i = 0; i < topics[t].count(); i++) {
            if (strcmp(topics[t].name_of(i), args->operand[0]) == 0) {
                if (found++ > 0) {
                    putchar('\n');
                }
                explain(&topics[t], i);
            }
        }
    }
    return found > 0 ? cli_finish(H5R_OK) : unknown(args);
}

const cli_command_t cli_explain = {
    .name = "explain",
    .summary = "what a workload, factor, driver, column, note or exit code means",
    .operands = "NAME",
    .min_operands = 1,
    .max_operands = 1,
    .options = options,
    .text = text,
    .run = run,
};
