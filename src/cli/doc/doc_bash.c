#include "cli/cli.h"
#include "cli/doc/doc.h"
#include "cli/doc/topic.h"
#include "core/factors/factor.h"
#include "core/suite/plan.h"

#include <string.h>

/* bash cuts words at '=', so that KEY=VALUE comes as three; the head puts that right. */
static const char head[] =
    "# bash completion for h5roof. Made by `h5roof doc bash`; do not edit.\n"
    "# shellcheck shell=bash\n"
    "_h5roof()\n"
    "{\n"
    "    local at=$COMP_CWORD cur=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]:-}\n"
    "    local key='' option='' words='' kind=''\n"
    "    COMPREPLY=()\n"
    "    if [ \"$cur\" = = ]; then\n"
    "        cur=''\n"
    "        at=$((at + 1))\n"
    "    fi\n"
    "    if [ \"${COMP_WORDS[at - 1]}\" = = ]; then\n"
    "        key=${COMP_WORDS[at - 2]}\n"
    "    fi\n"
    "    case $key in\n"
    "    --*)\n"
    "        option=$key\n"
    "        key=''\n"
    "        ;;\n"
    "    '') option=${COMP_WORDS[at - 1]} ;;\n"
    "    esac\n"
    "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
    "        command=''\n"
    "        option=''\n"
    "    fi\n";

static const char tail[] = "    case $kind in\n"
                           "    directory) mapfile -t COMPREPLY < <(compgen -d -- \"$cur\") ;;\n"
                           "    file) mapfile -t COMPREPLY < <(compgen -f -- \"$cur\") ;;\n"
                           "    suite)\n"
                           "        words=$({ \"${COMP_WORDS[0]}\" list suites; \"${COMP_WORDS[0]}\" list "
                           "symptoms; } 2>/dev/null | awk '{print $1}')\n"
                           "        mapfile -t COMPREPLY < <(\n"
                           "            compgen -W \"$words\" -- \"$cur\"\n"
                           "            compgen -f -X '!*.yaml' -- \"$cur\"\n"
                           "            compgen -d -- \"$cur\"\n"
                           "        )\n"
                           "        ;;\n"
                           "    setting)\n"
                           "        compopt -o nospace 2>/dev/null\n"
                           "        mapfile -t COMPREPLY < <(compgen -S = -W \"$words\" -- \"$cur\")\n"
                           "        return\n"
                           "        ;;\n"
                           "    *)\n"
                           "        mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
                           "        return\n"
                           "        ;;\n"
                           "    esac\n"
                           "    compopt -o filenames 2>/dev/null\n"
                           "}\n"
                           "complete -F _h5roof h5roof\n";

static void put_words(FILE *out, const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++) {
        fprintf(out, "%s%s", i > 0 ? " " : "", words[i]);
    }
}

static void put_topic_names(FILE *out, const topic_t *topic)
{
    topic_item_t item;
    for (size_t i = 0; topic->at(i, &item); i++) {
        if (strchr(item.name, ' ') == NULL) { /* else it would be offered in pieces */
            fprintf(out, " %s", item.name);
        }
    }
}

static void put_setting_names(FILE *out)
{
    for (size_t i = 0; i < H5R_FACTORS; i++) {
        fprintf(out, "%s ", h5r_factor_table[i].name);
    }
    for (size_t i = 0; i < h5r_setting_count; i++) {
        fprintf(out, "%s ", h5r_setting_table[i].name);
    }
}

/* What follows a pattern of the command and the option. */
static void put_completion(FILE *out, const char *placeholder, const char *const *choices)
{
    static const char *const kinds[] = {
        [DOC_DIRECTORY] = "directory", [DOC_FILE] = "file", [DOC_SUITE] = "suite"};
    doc_kind_t kind = doc_kind_of(placeholder);
    if (choices != NULL) {
        fputs("words='", out);
        put_words(out, choices);
        fputs("'", out);
        return;
    }
    switch (kind) {
    case DOC_DIRECTORY:
    case DOC_FILE:
    case DOC_SUITE:
        fprintf(out, "kind='%s'", kinds[kind]);
        break;
    case DOC_TOPIC:
        fputs("words='", out);
        for (size_t t = 0; t < topic_count; t++) {
            fprintf(out, "%s ", topics[t].name);
        }
        fputs("'", out);
        break;
    case DOC_NAME:
        fputs("words='", out);
        for (size_t t = 0; t < topic_count; t++) {
            put_topic_names(out, &topics[t]);
        }
        fputs("'", out);
        break;
    case DOC_SETTING:
        fputs("kind=setting words='", out);
        put_setting_names(out);
        fputs("'", out);
        break;
    case DOC_NOTHING:
        fputs(":", out);
        break;
    }
}

static void put_command(FILE *out, const cli_command_t *c)
{
    for (const cli_option_t *o = c->options; o->name != NULL; o++) {
        if (o->argument != NULL) {
            fprintf(out, "    %s:--%s) ", c->name, o->name);
            put_completion(out, o->argument, cli_choices(c, o->name));
            fputs(" ;;\n", out);
        }
    }
    fprintf(out, "    %s:*)\n        case $cur in\n        -*) words='", c->name);
    for (const cli_option_t *o = c->options; o->name != NULL; o++) {
        fprintf(out, "--%s ", o->name);
    }
    fputs("--help' ;;\n        *) ", out);
    put_completion(out, c->operands, cli_choices(c, ""));
    fputs(" ;;\n        esac\n        ;;\n", out);
}

void doc_bash(FILE *out)
{
    fputs(head, out);
    fputs("    case $key in\n", out);
    for (size_t i = 0; i < H5R_FACTORS; i++) {
        const h5r_factor_t *f = &h5r_factor_table[i];
        if (f->choices != NULL) {
            fprintf(out, "    %s) words='", f->name);
            put_words(out, f->choices);
            fputs("' ;;\n", out);
        }
    }
    fputs("    '')\n    case $command:$option in\n", out);
    for (const cli_command_t *const *c = cli_commands; *c != NULL; c++) {
        put_command(out, *c);
    }
    fputs("    :*) words='", out);
    for (const cli_command_t *const *c = cli_commands; *c != NULL; c++) {
        fprintf(out, "%s ", (*c)->name);
    }
    fputs("--help --version' ;;\n    esac\n    ;;\n    esac\n", out);
    fputs(tail, out);
}
