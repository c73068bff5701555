#include "cli/cli.h"
#include "cli/doc/topic.h"
#include "core/base/nearest.h"
#include "core/factors/factor.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MOST_WORDS 6
#define NAME_SIZE  128

static const cli_option_t options[] = {{NULL, NULL, NULL}};

static const char text[] = "NAME is anything that `h5roof list` shows, a value of a factor, a word of a\n"
                           "table, or one that others use.\n\n"
                           "examples:\n"
                           "  h5roof explain slab\n"
                           "  h5roof explain decomposition\n"
                           "  h5roof explain efficiency_frac\n"
                           "  h5roof explain amplified\n"
                           "  h5roof explain interleaved\n"
                           "  h5roof explain chunk cache\n"
                           "  h5roof explain 3\n";

static void explain(const topic_t *topic, size_t i, const topic_item_t *item)
{
    cli_say(cli_out(), "%s (%s)\n", item->name, topic->one);
    cli_print_wrapped(cli_out(), 0, item->summary);
    if (topic->explain != NULL) {
        topic->explain(i, cli_out());
    }
}

static int unknown(const cli_args_t *args, const char *name)
{
    size_t n = 0;
    for (size_t t = 0; t < topic_count; t++) {
        n += topic_size(&topics[t]);
    }
    const char **names = calloc(n + 1, sizeof *names);
    const char *near = NULL;
    if (names != NULL) {
        n = 0;
        for (size_t t = 0; t < topic_count; t++) {
            topic_item_t item;
            for (size_t i = 0; topics[t].at(i, &item); i++) {
                names[n++] = item.name;
            }
        }
        near = h5r_nearest(name, names);
    }
    int code =
        near != NULL
            ? cli_usage_error(args->command, "nothing is called '%s'; did you mean '%s'?", name, near)
            : cli_usage_error(args->command,
                              "nothing is called '%s'; 'h5roof list factors' and its like show names", name);
    free(names);
    return code;
}

/* Everything of this name, whatever the case of its letters. Returns how much that is. */
static int explain_all(const char *name)
{
    int found = 0;
    for (size_t t = 0; t < topic_count; t++) {
        topic_item_t item;
        for (size_t i = 0; topics[t].at(i, &item); i++) {
            if (strcasecmp(item.name, name) == 0) {
                if (found++ > 0) {
                    fputc('\n', cli_out());
                }
                explain(&topics[t], i, &item);
            }
        }
    }
    return found;
}

/* The words of the command line are one name: chunk cache. */
static int run(const cli_args_t *args)
{
    char name[NAME_SIZE] = "";
    for (int i = 0, used = 0; i < args->operands && used < NAME_SIZE; i++) {
        used += snprintf(name + used, (size_t)(NAME_SIZE - used), "%s%s", i > 0 ? " " : "", args->operand[i]);
    }
    return explain_all(name) > 0 ? cli_finish(H5R_OK) : unknown(args, name);
}

const cli_command_t cli_explain = {
    .name = "explain",
    .summary = "what a workload, factor, value, column, note or word means",
    .operands = "NAME",
    .min_operands = 1,
    .max_operands = MOST_WORDS,
    .options = options,
    .text = text,
    .run = run,
};
