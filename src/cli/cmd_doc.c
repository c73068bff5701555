#include "cli/cli.h"
#include "cli/doc/doc.h"
#include "h5roof/count.h"

#include <string.h>

/* X(name, what `doc` makes): function doc_NAME */
#define FORM_TABLE(X) X(man) X(bash) X(zsh) X(reference) X(symptoms)

#define X(name) #name,
static const char *const forms[] = {FORM_TABLE(X) NULL};
#undef X

static const cli_choice_t choices[] = {{"", forms}, {NULL, NULL}};

static const cli_option_t options[] = {{NULL, NULL, NULL}};

static const char text[] =
    "FORM is man (the manual page), bash or zsh (completion), reference or symptoms\n"
    "(Markdown; scripts/dev/symptoms.py adds the figures of the latter). All are made\n"
    "from the tables of the program; make install puts them in place.\n\n"
    "examples:\n"
    "  h5roof doc man | man -l -\n"
    "  source <(h5roof doc bash)\n"
    "  h5roof doc reference > docs/reference.md\n";

doc_kind_t doc_kind_of(const char *placeholder)
{
    static const struct {
        const char *placeholder;
        doc_kind_t kind;
    } kinds[] = {
        {"DIR", DOC_DIRECTORY},
        {"DIR...", DOC_DIRECTORY},
        {"OLD NEW", DOC_DIRECTORY},
        {"[PATH]", DOC_DIRECTORY},
        {"FILE", DOC_FILE},
        {"SUITE.yaml", DOC_SUITE},
        {"[KIND...] DIR...", DOC_DIRECTORY},
        {"[NAME=]DIR...", DOC_DIRECTORY},
        {"[FILE.yaml]", DOC_FILE},
        {"[TOPIC]", DOC_TOPIC},
        {"NAME", DOC_NAME},
        {"KEY=VALUE", DOC_SETTING},
    };
    for (size_t i = 0; i < H5R_COUNT_OF(kinds); i++) {
        if (strcmp(kinds[i].placeholder, placeholder) == 0) {
            return kinds[i].kind;
        }
    }
    return DOC_NOTHING;
}

static int run(const cli_args_t *args)
{
    static void (*const writers[])(FILE *) = {
#define X(name) doc_##name,
        FORM_TABLE(X)
#undef X
    };
    for (size_t i = 0; forms[i] != NULL; i++) {
        if (strcmp(forms[i], args->operand[0]) == 0) {
            writers[i](cli_out());
        }
    }
    return cli_finish(H5R_OK);
}

const cli_command_t cli_doc = {
    .name = "doc",
    .summary = "this program's manual page, completion or reference",
    .operands = "FORM",
    .min_operands = 1,
    .max_operands = 1,
    .options = options,
    .choices = choices,
    .hidden = true,
    .text = text,
    .run = run,
};
