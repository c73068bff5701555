#include "cli/cli.h"
#include "cli/doc/symptoms.h"
#include "cli/doc/topic.h"
#include "core/base/nearest.h"
#include "core/factors/factor.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MOST_WORDS 16
#define NAME_SIZE  256

static const cli_option_t options[] = {{NULL, NULL, NULL}};

static const char text[] = "NAME is anything that `h5roof list` shows, a value of a factor, a word of a\n"
                           "table, or one that others use; or words that say what is wrong.\n\n"
                           "examples:\n"
                           "  h5roof explain slab\n"
                           "  h5roof explain decomposition\n"
                           "  h5roof explain efficiency_frac\n"
                           "  h5roof explain amplified\n"
                           "  h5roof explain interleaved\n"
                           "  h5roof explain chunk cache\n"
                           "  h5roof explain reading a column is slow\n"
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

/* The symptoms that have most words of a question: as many of them all have. */
typedef struct {
    size_t n, found, words;
    const symptom_t *first;
} matches_t;

static matches_t symptoms_of(const char *question)
{
    const symptom_t *symptom;
    matches_t best = {0};
    for (size_t i = 0; (symptom = symptoms_at(i)) != NULL; i++) {
        const size_t found = symptoms_match(symptom, question, &best.words);
        if (found > best.found) {
            best.n = 0;
            best.found = found;
            best.first = symptom;
        }
        best.n += found > 0 && found == best.found;
    }
    return best;
}

static void list_symptoms(const char *question, size_t least)
{
    const symptom_t *symptom;
    size_t words;
    for (size_t i = 0; (symptom = symptoms_at(i)) != NULL; i++) {
        if (symptoms_match(symptom, question, &words) == least) {
            cli_say(cli_out(), "  %s: %s\n", symptom->name, symptom->title);
        }
    }
}

/* Of words that are no name, or are one that symptoms have too. Returns how many symptoms that is. */
static size_t explain_symptoms(const char *question, bool has_name)
{
    const matches_t best = symptoms_of(question);
    if (best.n == 0 || (has_name ? best.found < best.words : 2 * best.found <= best.words)) {
        return 0;
    }
    if (best.n == 1 && !has_name) {
        return (size_t)explain_all(best.first->name);
    }
    fprintf(cli_out(), "%ssymptoms with %s:\n", has_name ? "\n" : "",
            best.found == best.words ? "these words" : "most of these words");
    list_symptoms(question, best.found);
    return best.n;
}

/* The words of the command line are one name: chunk cache. */
static int run(const cli_args_t *args)
{
    char name[NAME_SIZE] = "";
    for (int i = 0, used = 0; i < args->operands && used < NAME_SIZE; i++) {
        used += snprintf(name + used, (size_t)(NAME_SIZE - used), "%s%s", i > 0 ? " " : "", args->operand[i]);
    }
    const bool has_name = explain_all(name) > 0;
    const bool has_symptoms = explain_symptoms(name, has_name) > 0;
    return has_name || has_symptoms ? cli_finish(H5R_OK) : unknown(args, name);
}

const cli_command_t cli_explain = {
    .name = "explain",
    .summary = "what a workload, factor, value, column, note, word or symptom means",
    .operands = "NAME",
    .min_operands = 1,
    .max_operands = MOST_WORDS,
    .options = options,
    .text = text,
    .run = run,
};
