/*
 * The command line: one table per command, from which parsing, help and "did you mean" are made. This folder
 * is the only one that prints, and only main exits.
 */
#ifndef H5ROOF_CLI_H
#define H5ROOF_CLI_H

#include "cli/say.h"
#include "engine/survive/grace.h"
#include "h5roof/error.h"

#include <stdbool.h>
#include <stdio.h>

#define CLI_MAX_GIVEN 256
#define CLI_MAX_WORDS 1024

typedef struct {
    const char *name;     /* without the dashes */
    const char *argument; /* what --help calls its value; NULL: a flag */
    const char *help;
} cli_option_t;

/* Of every command that has a form csv. */
#define CLI_FOR_SPREADSHEETS                                                                                 \
    {                                                                                                        \
        "for-spreadsheets", NULL, "csv: an apostrophe before what would be a formula"                        \
    }

/* An option of which few values are known; the option "" stands for the operand. */
typedef struct {
    const char *option;
    const char *const *values; /* ends with NULL */
} cli_choice_t;

typedef struct cli_args cli_args_t;

typedef struct {
    const char *name;
    const char *summary;  /* one line for `h5roof --help` */
    const char *operands; /* "SUITE.yaml" */
    int min_operands, max_operands;
    const cli_option_t *options; /* ends with a NULL name; --help is added */
    const cli_choice_t *choices; /* ends with a NULL option; NULL: none; the parser refuses other values */
    bool hidden;                 /* from `h5roof --help`, which is one page: for those who make packages */
    const char
        *script;      /* of scripts/, which takes all arguments but --help as they are; NULL: there is none */
    const char *text; /* paragraphs and examples, the end of --help */
    int (*run)(const cli_args_t *args);
} cli_command_t;

struct cli_args {
    const cli_command_t *command;
    int argc; /* the whole command line, for the record */
    char **argv;
    int operands;
    char *operand[CLI_MAX_WORDS];
    struct {
        const cli_option_t *option;
        const char *value;
        int operands; /* how many came before it */
    } given[CLI_MAX_GIVEN];
    int ngiven;
};

extern const cli_command_t cli_run, cli_init, cli_plan, cli_list, cli_explain, cli_show, cli_env, cli_compare,
    cli_noise, cli_plot, cli_report, cli_clean, cli_doc;
extern const cli_command_t *const cli_commands[]; /* ends with NULL */

/* What the program itself takes from the environment; X(symbol, name, help). */
#define CLI_VARIABLE_TABLE(X)                                                                                \
    X(CLI_SCRATCH, "H5ROOF_SCRATCH", "directory under test, if neither --scratch nor the suite names one")   \
    X(CLI_GRACE, H5R_GRACE_VARIABLE,                                                                         \
      "how long ranks that know less let another one speak when something ends the job: 2s; more on slow "   \
      "nodes")

typedef enum {
#define X(symbol, name, help) symbol,
    CLI_VARIABLE_TABLE(X)
#undef X
} cli_variable_t;

/* Its value; NULL: not set, or empty. */
const char *cli_variable(cli_variable_t variable);

/* What is known of the values of an option ("": of the operand), ends with NULL; NULL: nothing. */
const char *const *cli_choices(const cli_command_t *command, const char *option);

/* Value of an option, the last one given; NULL: not given. A flag that is given has the value "". */
const char *cli_value(const cli_args_t *args, const char *name);

/* All values of an option that may be repeated, in order; returns how many. */
size_t cli_values(const cli_args_t *args, const char *name, const char **values, size_t room);

/* Operands are directories of runs: one that is given by its results.csv becomes that directory, in place. */
void cli_results_operands(const cli_args_t *args);

/* Parse a command's own arguments; argv[0] is the command's name. False: a message was printed (or the help),
 * *code is the exit code. */
bool cli_parse(const cli_command_t *command, int argc, char **argv, cli_args_t *args, int *code);

void cli_print_help(const cli_command_t *command, FILE *out);

/* "h5roof: error: ..." on stderr; returns the code as exit code. Under a launcher only its rank 0 speaks. */
int cli_error(const h5r_error_t *err);
int cli_usage_error(const cli_command_t *command, const char *fmt, ...) H5R_PRINTF(2, 3);

/* Print text wrapped to 79 columns behind an indent. */
void cli_print_wrapped(FILE *out, int indent, const char *text);

/* The same with a text of others, whose ends of lines are shown. */
void cli_print_remark(FILE *out, int indent, const char *text);

#endif
