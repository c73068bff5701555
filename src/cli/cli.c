#include "cli/cli.h"

#include "core/base/nearest.h"
#include "core/base/visible.h"
#include "core/factors/factor.h"
#include "engine/machine/launch.h"
#include "engine/survive/grace.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_OPTIONS 32
#define WIDTH       79
#define LEFT        15 /* of --help: "--set KEY=VALUE" */

static int speaking(void)
{
    return h5r_launch_query().rank <= 0;
}

/* The silent ranks must not end first: a launcher that sees one of them fail would end the one that speaks.
 */
int cli_error(const h5r_error_t *err)
{
    if (speaking()) {
        fprintf(cli_err(), "h5roof: error: %s\n", err->message); /* may have several lines */
    } else {
        usleep(h5r_grace_us());
    }
    return (int)err->code;
}

int cli_usage_error(const cli_command_t *command, const char *fmt, ...)
{
    if (!speaking()) {
        usleep(h5r_grace_us());
        return H5R_USAGE;
    }
    va_list arguments;
    va_start(arguments, fmt);
    fputs("h5roof: error: ", cli_err());
    cli_vsay(cli_err(), fmt, arguments);
    va_end(arguments);
    if (command != NULL) {
        cli_say(cli_err(), "\nTry 'h5roof %s --help'.\n", command->name);
    } else {
        fputs("\nTry 'h5roof --help'.\n", cli_err());
    }
    return H5R_USAGE;
}

/* Characters among n bytes. */
static int characters(const char *text, size_t n)
{
    int count = 0;
    for (size_t i = 0; i < n; i++) {
        count += ((unsigned char)text[i] & 0xc0) != 0x80 ? 1 : 0;
    }
    return count;
}

void cli_print_wrapped(FILE *out, int indent, const char *text)
{
    int column = 0;
    while (*text != '\0') {
        size_t word = strcspn(text, " \n");
        if (column > 0 && column + 1 + characters(text, word) > WIDTH) {
            fputc('\n', out);
            column = 0;
        }
        column += column == 0 ? cli_say(out, "%*s%.*s", indent, "", (int)word, text)
                              : cli_say(out, " %.*s", (int)word, text);
        text += word;
        while (*text == ' ') {
            text++;
        }
        if (*text == '\n') {
            fputc('\n', out);
            column = 0;
            text++;
        }
    }
    if (column > 0) {
        fputc('\n', out);
    }
}

void cli_print_remark(FILE *out, int indent, const char *text)
{
    char *shown = h5r_visible(text);
    cli_print_wrapped(out, indent, shown != NULL ? shown : "");
    free(shown);
}

void cli_print_help(const cli_command_t *command, FILE *out)
{
    cli_say(out, "usage: h5roof %s%s%s [options]\n\n", command->name, command->operands[0] != '\0' ? " " : "",
            command->operands);
    cli_print_wrapped(out, 0, command->summary);
    fputs("\noptions:\n", out);
    for (const cli_option_t *o = command->options; o->name != NULL; o++) {
        char left[64];
        snprintf(left, sizeof left, "--%s%s%s", o->name, o->argument != NULL ? " " : "",
                 o->argument != NULL ? o->argument : "");
        cli_say(out, "  %-*s %s\n", LEFT, left, o->help);
    }
    cli_say(out, "  %-*s %s\n\n", LEFT, "--help", "show this text");
    fputs(command->text, out);
}

const char *cli_variable(cli_variable_t variable)
{
    static const char *const names[] = {
#define X(symbol, name, help) [symbol] = name,
        CLI_VARIABLE_TABLE(X)
#undef X
    };
    const char *value = getenv(names[variable]);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

const char *const *cli_choices(const cli_command_t *command, const char *option)
{
    for (const cli_choice_t *c = command->choices; c != NULL && c->option != NULL; c++) {
        if (strcmp(c->option, option) == 0) {
            return c->values;
        }
    }
    return NULL;
}

const char *cli_value(const cli_args_t *args, const char *name)
{
    const char *value = NULL;
    for (int i = 0; i < args->ngiven; i++) {
        if (strcmp(args->given[i].option->name, name) == 0) {
            value = args->given[i].value;
        }
    }
    return value;
}

size_t cli_values(const cli_args_t *args, const char *name, const char **values, size_t room)
{
    size_t n = 0;
    for (int i = 0; i < args->ngiven; i++) {
        if (strcmp(args->given[i].option->name, name) == 0 && n < room) {
            values[n++] = args->given[i].value;
        }
    }
    return n;
}

void cli_results_operands(const cli_args_t *args)
{
    static const char file[] = "results.csv";
    for (int i = 0; i < args->operands; i++) {
        char *slash = strrchr(args->operand[i], '/');
        char *name = slash != NULL ? slash + 1 : args->operand[i];
        if (strcmp(name, file) == 0) {
            name[0] = slash != NULL ? '\0' : '.';
            name[1] = '\0';
        }
    }
}

static int unknown_option(const cli_command_t *command, const char *given)
{
    const char *names[MAX_OPTIONS + 1] = {0};
    size_t n = 0;
    for (const cli_option_t *o = command->options; o->name != NULL && n < MAX_OPTIONS; o++) {
        names[n++] = o->name;
    }
    char word[64];
    snprintf(word, sizeof word, "%.*s", (int)strcspn(given + strspn(given, "-"), "="),
             given + strspn(given, "-"));
    const char *near = h5r_nearest(word, names);
    return near != NULL ? cli_usage_error(command, "unknown option '%s'; did you mean '--%s'?", given, near)
                        : cli_usage_error(command, "unknown option '%s'", given);
}

/* Is a value among the known ones? Where none are known, any is. */
static bool check_choice(const cli_command_t *command, const char *option, const char *value, int *code)
{
    const char *const *known = cli_choices(command, option);
    char list[256] = "";
    for (size_t i = 0, length = 0; known != NULL && known[i] != NULL; i++) {
        if (strcmp(known[i], value) == 0) {
            return true;
        }
        if (length < sizeof list) {
            length +=
                (size_t)snprintf(list + length, sizeof list - length, "%s%s", i > 0 ? ", " : "", known[i]);
        }
    }
    if (known == NULL) {
        return true;
    }
    const char *near = h5r_nearest(value, known);
    const char *dashes = option[0] != '\0' ? "--" : "",
               *name = option[0] != '\0' ? option : command->operands;
    *code = near != NULL ? cli_usage_error(command, "%s%s: '%s' is none of %s; did you mean '%s'?", dashes,
                                           name, value, list, near)
                         : cli_usage_error(command, "%s%s: '%s' is none of %s", dashes, name, value, list);
    return false;
}

static bool parse_options(const cli_command_t *command, int argc, char **argv, cli_args_t *args, int *code)
{
    struct option longs[MAX_OPTIONS + 2] = {0};
    int n = 0;
    for (; command->options[n].name != NULL && n < MAX_OPTIONS; n++) {
        longs[n] =
            (struct option){command->options[n].name,
                            command->options[n].argument != NULL ? required_argument : no_argument, NULL, 0};
    }
    longs[n] = (struct option){"help", no_argument, NULL, 'h'};
    opterr = 0;
    optind = 1;
    for (int index = -1, c; (c = getopt_long(argc, argv, "-:h", longs, &index)) != -1; index = -1) {
        if (c == 1) { /* "-" above: operands come in their order among the options */
            args->operand[args->operands++] = optarg;
            continue;
        }
        if (c == 'h') {
            if (speaking()) {
                cli_print_help(command, cli_out());
            }
            *code = cli_finish(H5R_OK);
            return false;
        }
        if (c == ':') {
            *code = cli_usage_error(command, "option '%s' needs a value", argv[optind - 1]);
            return false;
        }
        if (c == '?' || index < 0) {
            *code = unknown_option(command, argv[optind - 1]);
            return false;
        }
        if (args->ngiven == CLI_MAX_GIVEN) {
            *code = cli_usage_error(command, "more than %d options", CLI_MAX_GIVEN);
            return false;
        }
        if (!check_choice(command, command->options[index].name, optarg != NULL ? optarg : "", code)) {
            return false;
        }
        args->given[args->ngiven].option = &command->options[index];
        args->given[args->ngiven].value = optarg != NULL ? optarg : "";
        args->given[args->ngiven].operands = args->operands;
        args->ngiven++;
    }
    while (optind < argc) { /* after "--" */
        args->operand[args->operands++] = argv[optind++];
    }
    return true;
}

bool cli_parse(const cli_command_t *command, int argc, char **argv, cli_args_t *args, int *code)
{
    args->command = command;
    args->ngiven = args->operands = 0;
    if (argc > CLI_MAX_WORDS) {
        *code = cli_usage_error(command, "more than %d arguments", CLI_MAX_WORDS);
        return false;
    }
    if (!parse_options(command, argc, argv, args, code)) {
        return false;
    }
    if (args->operands < command->min_operands) {
        *code = cli_usage_error(command, "'h5roof %s' needs %s", command->name, command->operands);
        return false;
    }
    if (args->operands > command->max_operands) {
        *code = cli_usage_error(command, "unexpected argument '%s'", args->operand[command->max_operands]);
        return false;
    }
    for (int i = 0; i < args->operands; i++) {
        if (!check_choice(command, "", args->operand[i], code)) {
            return false;
        }
    }
    return true;
}
