#include "cli/cli.h"
#include "cli/doc/doc.h"
#include "cli/doc/glossary.h"
#include "cli/doc/operations.h"
#include "cli/doc/symptoms.h"
#include "cli/doc/topic.h"
#include "core/factors/factor.h"
#include "core/suite/plan.h"
#include "core/table/column.h"
#include "engine/ranks/registry.h"
#include "h5roof/count.h"

#include <stdlib.h>
#include <string.h>

/* Text of a cell or paragraph. */
static void put(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (strchr("|*<>", *text) != NULL) {
            fputc('\\', out);
        }
        fputc(*text == '\n' ? ' ' : *text, out);
    }
}

static void put_command(FILE *out, const cli_command_t *c)
{
    fprintf(out, "\n### h5roof %s %s\n\n", c->name, c->operands);
    put(out, c->summary);
    fputs("\n\n", out);
    if (c->options[0].name != NULL) {
        fputs("| option | meaning |\n|---|---|\n", out);
    }
    for (const cli_option_t *o = c->options; o->name != NULL; o++) {
        fprintf(out, "| `--%s%s%s` | ", o->name, o->argument != NULL ? " " : "",
                o->argument != NULL ? o->argument : "");
        put(out, o->help);
        fputs(" |\n", out);
    }
    fprintf(out, "%s```text\n%s```\n", c->options[0].name != NULL ? "\n" : "", c->text);
}

static const char *kind_of(const h5r_factor_t *f)
{
    static const char *const names[] = {
        [H5R_TYPE_CHOICE] = "",
        [H5R_TYPE_DIMS] = "numbers of elements: `[64, 64]`, `64x64`",
        [H5R_TYPE_BYTES] = "bytes: `4096`, `64KiB`",
        [H5R_TYPE_COUNT] = "a whole number",
        [H5R_TYPE_BOOL] = "`true`, `false`",
        [H5R_TYPE_PIPELINE] = "`none`, or stages: `shuffle+deflate:6`",
        [H5R_TYPE_ACCESS] = "bytes: `64KiB`",
        [H5R_TYPE_TEXT] = "text",
        [H5R_TYPE_HINTS] = "a mapping, or `key=value;key=value`",
    };
    return names[f->type];
}

static void put_factors(FILE *out)
{
    fputs("\n## Factors\n\nWhat identifies a case; a key of `defaults` and `cases`, an axis of a `sweep`, a "
          "`KEY` of "
          "`--set`.\n\n| factor | values | default | meaning |\n|---|---|---|---|\n",
          out);
    for (size_t i = 0; i < H5R_FACTORS; i++) {
        const h5r_factor_t *f = &h5r_factor_table[i];
        fprintf(out, "| `%s` | %s", f->name, kind_of(f));
        for (size_t k = 0; f->choices != NULL && f->choices[k] != NULL; k++) {
            fprintf(out, "%s`%s`", k > 0 || kind_of(f)[0] != '\0' ? ", " : "", f->choices[k]);
        }
        fprintf(out, f->default_text[0] != '\0' ? " | `%s` | " : " | %s | ", f->default_text);
        put(out, f->help);
        if (f->only != NULL) {
            fprintf(out, " Of the workload %s only.", f->only);
        }
        fputs(" |\n", out);
    }
}

static void put_settings(FILE *out)
{
    fputs("\n## Settings\n\nWhat a suite sets that is not a factor; `repeat.KEY` is `KEY` of its mapping "
          "`repeat`.\n\n| setting | default | meaning |\n|---|---|---|\n",
          out);
    for (size_t i = 0; i < h5r_setting_count; i++) {
        const h5r_setting_t *s = &h5r_setting_table[i];
        fprintf(out, s->default_text[0] != '\0' ? "| `%s` | `%s` | " : "| `%s` | %s | ", s->name,
                s->default_text);
        put(out, s->help);
        fputs(" |\n", out);
    }
}

/* What a topic says about one of its names; malloc'd. */
static char *explained(const topic_t *topic, size_t i)
{
    char *text = NULL;
    size_t size = 0;
    FILE *memory = topic->explain != NULL ? open_memstream(&text, &size) : NULL;
    if (memory != NULL) {
        topic->explain(i, memory);
        fclose(memory);
    }
    return text;
}

/* Whether it says the same about all. */
static bool says_one_thing(const topic_t *topic, const char *first)
{
    bool same = true;
    const size_t n = topic_size(topic);
    for (size_t i = 1; first != NULL && same && i < n; i++) {
        char *text = explained(topic, i);
        same = text != NULL && strcmp(text, first) == 0;
        free(text);
    }
    return same;
}

static void put_table(FILE *out, const topic_t *topic, const char *about_all)
{
    fprintf(out, "| %s | meaning |\n|---|---|\n", topic->one);
    topic_item_t item;
    for (size_t i = 0; topic->at(i, &item); i++) {
        fprintf(out, "| `%s` | ", item.name);
        put(out, item.summary);
        fputs(" |\n", out);
    }
    if (about_all != NULL) {
        fprintf(out, "\n%s", about_all);
    }
}

static void put_topic(FILE *out, const topic_t *topic)
{
    char *first = explained(topic, 0);
    fprintf(out, "\n## %c%s\n\n", topic->name[0] - 'a' + 'A', topic->name + 1);
    if (says_one_thing(topic, first)) {
        put_table(out, topic, first);
        free(first);
        return;
    }
    free(first);
    topic_item_t item;
    for (size_t i = 0; topic->at(i, &item); i++) {
        char *text = explained(topic, i);
        fprintf(out, "%s### `%s`\n\n", i > 0 ? "\n" : "", item.name);
        put(out, item.summary);
        fprintf(out, "\n\n```text\n%s```\n", text != NULL ? text : "");
        free(text);
    }
}

static void put_symptoms(FILE *out)
{
    const symptom_t *symptom;
    fputs("\n## Symptoms\n\nSuites that show what people complain about; with causes and cures in "
          "[symptoms.md](symptoms.md).\n\n| suite | symptom |\n|---|---|\n",
          out);
    for (size_t i = 0; (symptom = symptoms_at(i)) != NULL; i++) {
        fprintf(out, "| `%s` | ", symptom->name);
        put(out, symptom->title);
        fputs(" |\n", out);
    }
}

static void put_columns(FILE *out)
{
    size_t n;
    const h5r_column_t *columns = h5r_columns(&n);
    fputs("\n## Columns\n\nOf results.csv, in its order; with their types in "
          "[SCHEMA.md](../results/SCHEMA.md).\n\n| column | group | meaning |\n|---|---|---|\n",
          out);
    for (size_t i = 0; i < n; i++) {
        fprintf(out, "| `%s` | %s | ", columns[i].name, columns[i].group);
        put(out, columns[i].help);
        fputs(" |\n", out);
    }
}

static void put_values(FILE *out)
{
    fputs("\n## Values\n\nThose of the factors that have names.\n\n| factor | value | meaning "
          "|\n|---|---|---|\n",
          out);
    for (size_t i = 0; i < H5R_FACTORS; i++) {
        const h5r_factor_t *f = &h5r_factor_table[i];
        for (size_t k = 0; f->meanings != NULL && f->choices[k] != NULL; k++) {
            fprintf(out, "| `%s` | `%s` | ", f->name, f->choices[k]);
            put(out, f->meanings[k]);
            fputs(" |\n", out);
        }
    }
}

static void put_operations(FILE *out)
{
    fputs("\n## Operations\n\nOf the workloads, in their order, with their phases.\n\n"
          "| workload | operation | phases | what it does |\n|---|---|---|---|\n",
          out);
    for (size_t w = 0; w < h5r_workload_count; w++) {
        for (int o = 0; o < h5r_workload_operations(h5r_workloads[w]); o++) {
            const h5r_operation_info_t *operation = &h5r_workloads[w]->operations[o];
            fprintf(out, "| `%s` | `%s` | ", h5r_workloads[w]->name, operation->name);
            operations_put_phases(out, h5r_workloads[w], o);
            fputs(" | ", out);
            put(out, operation->help);
            fputs(" |\n", out);
        }
    }
}

static void put_glossary(FILE *out)
{
    fputs("\n## Words\n\nOf the tables, and those that others use.\n\n| word | meaning | see "
          "|\n|---|---|---|\n",
          out);
    for (size_t i = 0; i < glossary_count; i++) {
        fprintf(out, "| %s | ", glossary[i].word);
        put(out, glossary[i].meaning);
        fprintf(out, " | %s |\n", glossary[i].see);
    }
}

/* Topics that have a table of their own here. */
static const struct {
    const char *topic;
    void (*write)(FILE *out);
} special[] = {{"symptoms", put_symptoms},    {"factors", put_factors}, {"settings", put_settings},
               {"values", put_values},        {"words", put_glossary},  {"columns", put_columns},
               {"operations", put_operations}};

void doc_reference(FILE *out)
{
    fputs("# Reference\n\nMade by `h5roof doc reference`; do not edit. `h5roof list TOPIC` and `h5roof "
          "explain NAME` "
          "say the same.\n\n## Commands\n",
          out);
    for (const cli_command_t *const *c = cli_commands; *c != NULL; c++) {
        put_command(out, *c);
    }
    fputs("\n## Environment\n\n| variable | meaning |\n|---|---|\n", out);
#define X(symbol, name, help) fprintf(out, "| `%s` | %s |\n", name, help);
    CLI_VARIABLE_TABLE(X)
#undef X
    for (size_t t = 0; t < topic_count; t++) {
        void (*write)(FILE *) = NULL;
        for (size_t k = 0; k < H5R_COUNT_OF(special); k++) {
            write = strcmp(special[k].topic, topics[t].name) == 0 ? special[k].write : write;
        }
        if (write != NULL) {
            write(out);
        } else {
            put_topic(out, &topics[t]);
        }
    }
}
