#include "cli/cli.h"
#include "cli/doc/operations.h"
#include "cli/doc/symptoms.h"
#include "cli/doc/topic.h"
#include "core/base/nearest.h"
#include "core/factors/factor.h"
#include "core/table/column.h"
#include "core/table/schema.h"

#include <string.h>

static const cli_option_t options[] = {
    {"markdown", NULL, "columns only: print results/SCHEMA.md"},
    {"format", "FORM", "table (default); json: operations with phases; symptoms"},
    {NULL, NULL, NULL},
};

static const char *const formats[] = {"table", "json", NULL};
static const cli_choice_t choices[] = {{"format", formats}, {NULL, NULL}};

static const char text[] = "Without a TOPIC the topics are listed, with how many names each has.\n\n"
                           "examples:\n"
                           "  h5roof list\n"
                           "  h5roof list factors\n"
                           "  h5roof list drivers\n"
                           "  h5roof list columns --markdown > results/SCHEMA.md\n"
                           "  h5roof list operations --format json\n"
                           "  h5roof list symptoms\n";

#define LINE 79

static void print_line(const char *name, int width, const char *summary)
{
    int room = LINE - width - 2;
    int length = (int)strcspn(summary, "\n");
    bool cut = length > room;
    if (cut) { /* at a word's end, if there is one */
        length = room - 3;
        while (length > room / 2 && summary[length] != ' ') {
            length--;
        }
    }
    cli_say(cli_out(), "%-*s  %.*s%s\n", width, name, length, summary, cut ? "..." : "");
}

static int unknown_topic(const cli_args_t *args)
{
    const char *names[16] = {0};
    char list[256] = "";
    for (size_t i = 0, length = 0; i < topic_count && i < 15; i++) {
        names[i] = topics[i].name;
        length += (size_t)snprintf(list + length, sizeof list - length, "%s%s", i > 0 ? ", " : "", names[i]);
    }
    const char *near = h5r_nearest(args->operand[0], names);
    return near != NULL ? cli_usage_error(args->command, "nothing to list under '%s'; did you mean '%s'?",
                                          args->operand[0], near)
                        : cli_usage_error(args->command, "nothing to list under '%s': one of %s",
                                          args->operand[0], list);
}

static int list_topics(void)
{
    for (size_t i = 0; i < topic_count; i++) {
        cli_say(cli_out(), "%-10s  %4zu  h5roof list %s\n", topics[i].name, topic_size(&topics[i]),
                topics[i].name);
    }
    return cli_finish(H5R_OK);
}

/* What some topics are printed as instead; -1: the topic is a table. */
static int print_otherwise(const cli_args_t *args, const char *topic)
{
    const bool markdown = cli_value(args, "markdown") != NULL;
    const char *format = cli_value(args, "format");
    const bool json = format != NULL && strcmp(format, "json") == 0;
    if (markdown && strcmp(topic, "columns") != 0) {
        return cli_usage_error(args->command, "--markdown is for columns only");
    }
    bool (*print_json)(void) = strcmp(topic, "operations") == 0 ? operations_print_json
                               : strcmp(topic, "symptoms") == 0 ? symptoms_print_json
                                                                : NULL;
    if (json && print_json == NULL) {
        return cli_usage_error(args->command, "--format json is for operations and symptoms only");
    }
    if (markdown) {
        h5r_schema_write(cli_out());
        return cli_finish(H5R_OK);
    }
    if (json) {
        h5r_error_t err = {.code = H5R_OK};
        if (!print_json()) {
            h5r_no_memory(&err, "the list");
            return cli_error(&err);
        }
        return cli_finish(H5R_OK);
    }
    return -1;
}

static int run(const cli_args_t *args)
{
    const topic_t *topic = NULL;
    if (args->operands == 0) {
        const int said = print_otherwise(args, "");
        return said >= 0 ? said : list_topics();
    }
    for (size_t i = 0; i < topic_count; i++) {
        topic = strcmp(topics[i].name, args->operand[0]) == 0 ? &topics[i] : topic;
    }
    if (topic == NULL) {
        return unknown_topic(args);
    }
    const int said = print_otherwise(args, topic->name);
    if (said >= 0) {
        return said;
    }
    int width = 0;
    topic_item_t item;
    for (size_t i = 0; topic->at(i, &item); i++) {
        int length = (int)strlen(item.name);
        width = length > width ? length : width;
    }
    for (size_t i = 0; topic->at(i, &item); i++) {
        print_line(item.name, width, item.summary);
    }
    return cli_finish(H5R_OK);
}

const cli_command_t cli_list = {
    .name = "list",
    .summary = "what there is: suites, symptoms, workloads, factors, columns, words",
    .operands = "[TOPIC]",
    .min_operands = 0,
    .max_operands = 1,
    .options = options,
    .choices = choices,
    .text = text,
    .run = run,
};
