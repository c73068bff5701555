#include "cli/cli.h"
#include "cli/doc/doc.h"
#include "cli/doc/topic.h"
#include "core/factors/factor.h"
#include "core/suite/plan.h"

#include <string.h>

static const char head[] =
    "#compdef h5roof\n"
    "# zsh completion for h5roof. Made by `h5roof doc zsh`; do not edit.\n\n"
    "_h5roof_suite()\n"
    "{\n"
    "    local -a names=(${(f)\"$({ $h5roof list suites; $h5roof list symptoms } 2>/dev/null | awk '{print "
    "$1}')\"})\n"
    "    _alternative 'suites:suite:compadd -a names' 'files:file:_files -g \"*.yaml\"'\n"
    "}\n\n";

static const char main_head[] = "_h5roof()\n"
                                "{\n"
                                "    local h5roof=$words[1]\n"
                                "    if (( CURRENT == 2 )); then\n"
                                "        local -a commands=(\n";

static const char main_middle[] = "        )\n"
                                  "        _describe command commands\n"
                                  "        compadd -- --help --version\n"
                                  "        return\n"
                                  "    fi\n"
                                  "    shift words\n"
                                  "    (( CURRENT-- ))\n"
                                  "    case $words[1] in\n";

static const char tail[] = "    esac\n"
                           "}\n\n"
                           "if [ \"$funcstack[1]\" = _h5roof ]; then\n"
                           "    _h5roof \"$@\"\n"
                           "else\n"
                           "    compdef _h5roof h5roof\n"
                           "fi\n";

/* Within single quotes; what else has a meaning there gets a backslash. */
static void put(FILE *out, const char *text, const char *special)
{
    for (; *text != '\0'; text++) {
        if (*text == '\'') {
            fputs("'\\''", out);
        } else {
            if (strchr(special, *text) != NULL) {
                fputc('\\', out);
            }
            fputc(*text == '\n' ? ' ' : *text, out);
        }
    }
}

/* 'NAME:what it is', for _describe. */
static void put_described(FILE *out, const char *indent, const char *name, const char *help)
{
    fprintf(out, "%s'", indent);
    put(out, name, ":\\");
    fputc(':', out);
    put(out, help, "\\");
    fputs("'\n", out);
}

static void put_settings(FILE *out)
{
    fputs("_h5roof_setting()\n{\n    local -a keys=(\n", out);
    for (size_t i = 0; i < H5R_FACTORS; i++) {
        put_described(out, "        ", h5r_factor_table[i].name, h5r_factor_table[i].help);
    }
    for (size_t i = 0; i < h5r_setting_count; i++) {
        put_described(out, "        ", h5r_setting_table[i].name, h5r_setting_table[i].help);
    }
    fputs("    )\n    if ! compset -P 1 '*='; then\n        _describe 'factor or setting' keys -S =\n"
          "        return\n    fi\n    case ${${IPREFIX%=}##*=} in\n",
          out);
    for (size_t i = 0; i < H5R_FACTORS; i++) {
        const h5r_factor_t *f = &h5r_factor_table[i];
        if (f->choices != NULL) {
            fprintf(out, "    %s) compadd --", f->name);
            for (const char *const *c = f->choices; *c != NULL; c++) {
                fprintf(out, " %s", *c);
            }
            fputs(" ;;\n", out);
        }
    }
    fputs("    esac\n}\n\n", out);
}

/* The action of _arguments, within single quotes. */
static void put_action(FILE *out, const char *placeholder, const char *const *choices)
{
    static const char *const actions[] = {[DOC_NOTHING] = "",
                                          [DOC_DIRECTORY] = "_files -/",
                                          [DOC_FILE] = "_files",
                                          [DOC_SUITE] = "_h5roof_suite",
                                          [DOC_TOPIC] = "_h5roof_topic",
                                          [DOC_NAME] = "_h5roof_name",
                                          [DOC_SETTING] = "_h5roof_setting"};
    if (choices == NULL) {
        fputs(actions[doc_kind_of(placeholder)], out);
        return;
    }
    fputc('(', out);
    for (size_t i = 0; choices[i] != NULL; i++) {
        fprintf(out, "%s%s", i > 0 ? " " : "", choices[i]);
    }
    fputc(')', out);
}

static void put_command(FILE *out, const cli_command_t *c)
{
    fprintf(out, "    %s)\n        _arguments '(- *)--help[show a help]'", c->name);
    for (const cli_option_t *o = c->options; o->name != NULL; o++) {
        bool takes = o->argument != NULL;
        fprintf(out, " \\\n            '%s--%s%s[", takes ? "*" : "", o->name, takes ? "=" : "");
        put(out, o->help, "[]:\\");
        fputc(']', out);
        if (takes) {
            fprintf(out, ":%s:", o->argument);
            put_action(out, o->argument, cli_choices(c, o->name));
        }
        fputc('\'', out);
    }
    if (c->max_operands > 0) {
        fprintf(out, " \\\n            '%s:%s:", c->max_operands > 1 ? "*" : "1", c->operands);
        put_action(out, c->operands, cli_choices(c, ""));
        fputc('\'', out);
    }
    fputs("\n        ;;\n", out);
}

static void put_names(FILE *out)
{
    fputs("_h5roof_topic()\n{\n    compadd --", out);
    for (size_t t = 0; t < topic_count; t++) {
        fprintf(out, " %s", topics[t].name);
    }
    fputs("\n}\n\n_h5roof_name()\n{\n    compadd --", out);
    for (size_t t = 0; t < topic_count; t++) {
        topic_item_t item;
        for (size_t i = 0; topics[t].at(i, &item); i++) {
            const bool one_word = strchr(item.name, ' ') == NULL;
            fprintf(out, "%s%s", one_word ? " " : "", one_word ? item.name : "");
        }
    }
    fputs("\n}\n\n", out);
}

void doc_zsh(FILE *out)
{
    fputs(head, out);
    put_names(out);
    put_settings(out);
    fputs(main_head, out);
    for (const cli_command_t *const *c = cli_commands; *c != NULL; c++) {
        put_described(out, "            ", (*c)->name, (*c)->summary);
    }
    fputs(main_middle, out);
    for (const cli_command_t *const *c = cli_commands; *c != NULL; c++) {
        put_command(out, *c);
    }
    fputs(tail, out);
}
