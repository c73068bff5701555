#include "cli/cli.h"
#include "cli/doc/doc.h"
#include "core/factors/factor.h"
#include "core/suite/plan.h"

#include "h5roof/count.h"
#include "h5roof_build.h"

#include <string.h>

/* Text in which nothing is a request or an escape. A line must not begin with '.' or '\''. */
static void put(FILE *out, const char *text)
{
    for (const char *s = text; *s != '\0'; s++) {
        bool first = s == text || s[-1] == '\n';
        if (first && (*s == '.' || *s == '\'')) {
            fputs("\\&", out);
        }
        switch (*s) {
        case '\\':
            fputs("\\e", out);
            break;
        case '-':
            fputs("\\-", out);
            break;
        case '\'':
            fputs("\\(aq", out);
            break;
        case '`':
            fputs("\\(ga", out);
            break;
        case '^':
            fputs("\\(ha", out);
            break;
        case '~':
            fputs("\\(ti", out);
            break;
        default:
            fputc(*s, out);
        }
    }
}

static void put_item(FILE *out, const char *term, const char *argument, const char *text)
{
    fputs(".TP\n\\fB", out);
    put(out, term);
    fputs("\\fR", out);
    if (argument != NULL) {
        fputs(" \\fI", out);
        put(out, argument);
        fputs("\\fR", out);
    }
    fputc('\n', out);
    put(out, text);
    fputc('\n', out);
}

/* The end of a help as it stands: paragraphs, and examples. */
static void put_literally(FILE *out, const char *text)
{
    fputs(".PP\n.nf\n", out);
    size_t length = strlen(text);
    while (length > 0 && text[length - 1] == '\n') {
        length--;
    }
    char line[256];
    for (const char *s = text; s < text + length;) {
        size_t n = strcspn(s, "\n");
        snprintf(line, sizeof line, "%.*s", (int)n, s);
        if (n == 0) {
            fputs(".sp", out);
        }
        put(out, line);
        fputc('\n', out);
        s += n + 1;
    }
    fputs(".fi\n", out);
}

static void put_command(FILE *out, const cli_command_t *c)
{
    fputs(".SS \"h5roof ", out);
    put(out, c->name);
    if (c->operands[0] != '\0') {
        fputc(' ', out);
        put(out, c->operands);
    }
    fputs("\"\n", out);
    put(out, c->summary);
    fputc('\n', out);
    for (const cli_option_t *o = c->options; o->name != NULL; o++) {
        char name[64];
        snprintf(name, sizeof name, "--%s", o->name);
        put_item(out, name, o->argument, o->help);
    }
    put_literally(out, c->text);
}

/* Names joined by ',', with blanks between them where a line may break. */
static void put_list(FILE *out, const char *names)
{
    for (; *names != '\0'; names++) {
        fputc(*names, out);
        if (*names == ',') {
            fputc(' ', out);
        }
    }
}

static void put_factor(FILE *out, const h5r_factor_t *f)
{
    fputs(".TP\n\\fB", out);
    put(out, f->name);
    fprintf(out, "\\fR (default: ");
    put(out, f->default_text[0] != '\0' ? f->default_text : "not given");
    fputs(")\n", out);
    put(out, f->help);
    if (f->choices != NULL) {
        fputs(f->type == H5R_TYPE_COUNT ? "\nA whole number, or one of:" : "\nOne of:", out);
        for (const char *const *c = f->choices; *c != NULL; c++) {
            fputs(c == f->choices ? " " : ", ", out);
            put(out, *c);
        }
        fputc('.', out);
    }
    if (f->only != NULL) {
        fputs("\nOf the workload ", out);
        put_list(out, f->only);
        fputs(" only.", out);
    }
    fputc('\n', out);
}

static void put_factors(FILE *out)
{
    fputs(".SH FACTORS\nWhat identifies a case, and what a sweep in a suite can vary.\n", out);
    for (size_t i = 0; i < H5R_FACTORS; i++) {
        put_factor(out, &h5r_factor_table[i]);
    }
    fputs(".SH SETTINGS\nWhat a suite sets besides, and \\fB\\-\\-set\\fR too.\n", out);
    for (size_t i = 0; i < h5r_setting_count; i++) {
        const h5r_setting_t *s = &h5r_setting_table[i];
        put_item(out, s->name, NULL, s->help);
        if (s->default_text[0] != '\0') {
            fputs("Default: ", out);
            put(out, s->default_text);
            fputs(".\n", out);
        }
    }
}

static void put_tables(FILE *out)
{
    fputs(".SH EXIT STATUS\n", out);
#define X(symbol, code, meaning) put_item(out, #code, NULL, meaning);
    H5R_STATUS_TABLE(X)
#undef X
    fputs(".SH ENVIRONMENT\n", out);
#define X(symbol, name, help) put_item(out, name, NULL, help);
    CLI_VARIABLE_TABLE(X)
#undef X
}

static void put_files(FILE *out)
{
    static const struct {
        const char *name, *text;
    } files[] = {
        {"results.csv", "One row per case, repetition and operation; \\fBh5roof list columns\\fR."},
        {"env.json", "The machine, the libraries and the command."},
        {"plan.yaml", "The effective suite, which can be run again."},
    };
    fputs(".SH FILES\nA run makes a directory with:\n", out);
    for (size_t i = 0; i < H5R_COUNT_OF(files); i++) {
        fprintf(out, ".TP\n\\fB%s\\fR\n%s\n", files[i].name, files[i].text);
    }
}

void doc_man(FILE *out)
{
    fputs(".\\\" Made by h5roof doc man; do not edit.\n.TH H5ROOF 1 \"\" \"h5roof ", out);
    put(out, H5R_VERSION);
    fputs("\" \"User Commands\"\n.SH NAME\nh5roof \\- MPI parallel I/O benchmark suite for HDF5\n"
          ".SH SYNOPSIS\n\\fBh5roof\\fR \\fICOMMAND\\fR [\\fIarguments\\fR]\n.br\n"
          "\\fBmpirun \\-n\\fR \\fIN\\fR \\fBh5roof run\\fR \\fISUITE.yaml\\fR [\\fIoptions\\fR]\n.br\n"
          "\\fBh5roof\\fR [\\fICOMMAND\\fR] \\fB\\-\\-help\\fR\n.br\n\\fBh5roof \\-\\-version\\fR\n"
          ".SH DESCRIPTION\nh5roof measures parallel HDF5 I/O and puts every number beside the ceiling that "
          "the "
          "same bytes could\nreach on the same machine without HDF5.\n"
          ".SH COMMANDS\n",
          out);
    for (const cli_command_t *const *c = cli_commands; *c != NULL; c++) {
        put_command(out, *c);
    }
    put_factors(out);
    put_tables(out);
    put_files(out);
    fputs(".SH SEE ALSO\n\\fBmpirun\\fR(1), \\fBh5dump\\fR(1)\n", out);
}
