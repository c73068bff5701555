#include "cli/cli.h"
#include "core/factors/factor.h"
#include "h5roof/count.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ANSWER_SIZE 256

/* What is asked, in this order; each is a factor and an option. */
static const struct {
    const char *factor, *question, *by_default;
    bool several; /* a list joined by ',' makes a case of each */
} asked[] = {
    {"shape", "Shape of the whole dataset, slowest dimension first", "2048x2048", false},
    {"dtype", "Type of an element", "f64", false},
    {"decomposition", "How do the ranks share it: slab, block or interleaved", "slab", false},
    {"access", "What does one call move: element, row, plane, whole, or so many bytes", "whole", true},
    {"mode", "Calls of all ranks together or of each alone: collective, independent", "collective", true},
    {"chunk", "Chunks to try beside contiguous storage: none, guess, or shapes", "guess", true},
    {"filter", "Filters to try on the chunks: none, or as shuffle+deflate:1", "none", true},
    {"driver", "File drivers to try", "mpio", true},
};

enum { CHUNK = 5, FILTER = 6 }; /* places of those that only chunked cases have */

static const cli_option_t options[] = {
    {"shape", "DIMS", "of the whole dataset, as 2048x2048"},
    {"dtype", "TYPE", "of an element, as f64"},
    {"decomposition", "HOW", "slab, block or interleaved"},
    {"access", "LIST", "what one call moves: element, row, plane, whole, 1MiB"},
    {"mode", "LIST", "collective, independent"},
    {"chunk", "LIST", "none, guess, or shapes as 64x64,512x512"},
    {"filter", "LIST", "as none,shuffle+deflate:1"},
    {"driver", "LIST", "as mpio,sec2"},
    {NULL, NULL, NULL},
};

static const char text[] = "On a terminal it asks what no option answers; Enter takes what is in brackets.\n"
                           "Without FILE.yaml the suite goes to stdout; a file that is there is kept.\n\n"
                           "examples:\n"
                           "  h5roof init mine.yaml\n"
                           "  h5roof init --shape 100x512x512 --chunk 1x512x512,10x64x64 > mine.yaml\n";

typedef struct {
    char answer[H5R_COUNT_OF(asked)][ANSWER_SIZE];
} answers_t;

static bool is_none(const char *answer)
{
    return answer[0] == '\0' || strcmp(answer, "none") == 0;
}

static bool has_list(size_t i, const char *answer)
{
    return asked[i].several && strchr(answer, ',') != NULL;
}

/* Every item of an answer is a value of its factor. */
static h5r_status_t check(size_t i, const char *answer, h5r_error_t *err)
{
    const h5r_factor_t *factor = h5r_factor_find(asked[i].factor);
    char item[ANSWER_SIZE];
    h5r_factors_t ignored;
    if (i == CHUNK && is_none(answer)) {
        return H5R_OK;
    }
    for (const char *at = answer;;) {
        const size_t length = asked[i].several ? strcspn(at, ",") : strlen(at);
        snprintf(item, sizeof item, "%.*s", (int)length, at);
        if (h5r_factor_parse(factor, item, &ignored, err) != H5R_OK) {
            return h5r_context(err, "%s", asked[i].factor);
        }
        if (at[length] == '\0') {
            return H5R_OK;
        }
        at += length + 1;
    }
}

/* Until an answer is one. False: stdin has ended. */
static bool ask(size_t i, char answer[ANSWER_SIZE])
{
    for (;;) {
        h5r_error_t err = {.code = H5R_OK};
        cli_say(cli_err(), "%s [%s]: ", asked[i].question, asked[i].by_default);
        if (fgets(answer, ANSWER_SIZE, stdin) == NULL) {
            return false;
        }
        answer[strcspn(answer, "\n")] = '\0';
        if (answer[0] == '\0') {
            snprintf(answer, ANSWER_SIZE, "%s", asked[i].by_default);
        }
        if (check(i, answer, &err) == H5R_OK) {
            return true;
        }
        cli_say(cli_err(), "%s\n", err.message);
    }
}

static h5r_status_t find_answers(const cli_args_t *args, answers_t *answers, h5r_error_t *err)
{
    const bool terminal = isatty(STDIN_FILENO) == 1;
    for (size_t i = 0; i < H5R_COUNT_OF(asked); i++) {
        const char *given = cli_value(args, asked[i].factor);
        snprintf(answers->answer[i], ANSWER_SIZE, "%s", given != NULL ? given : asked[i].by_default);
        if (given != NULL && strlen(given) >= ANSWER_SIZE) {
            return h5r_fail(err, H5R_USAGE, "--%s is too long", asked[i].factor);
        }
        if (given == NULL && terminal && !ask(i, answers->answer[i])) {
            return h5r_fail(err, H5R_USAGE, "the questions were not answered");
        }
        if (check(i, answers->answer[i], err) != H5R_OK) {
            return err->code;
        }
    }
    return H5R_OK;
}

/* ---- the suite */

static void write_list(const char *answer, FILE *out)
{
    fputc('[', out);
    for (const char *at = answer;; at += strcspn(at, ",") + 1) {
        cli_say(out, "\"%.*s\"", (int)strcspn(at, ","), at);
        if (at[strcspn(at, ",")] == '\0') {
            break;
        }
        fputs(", ", out);
    }
    fputs("]\n", out);
}

/* A factor's own help as comments above it. */
static void write_help(const char *name, const char *indent, FILE *out)
{
    const char *help = h5r_factor_find(name)->help;
    for (size_t room = 100; *help != '\0';) {
        size_t length = strlen(help);
        if (length > room) {
            for (length = room; length > 0 && help[length] != ' '; length--) {
            }
        }
        cli_say(out, "%s# %.*s\n", indent, (int)length, help);
        help += length + (help[length] == ' ' ? 1 : 0);
    }
}

static bool of_chunks(size_t i)
{
    return i == CHUNK || i == FILTER;
}

static void write_fixed(const answers_t *answers, bool chunks, const char *indent, FILE *out)
{
    for (size_t i = 0; i < H5R_COUNT_OF(asked); i++) {
        const char *answer = answers->answer[i];
        if (of_chunks(i) != chunks || has_list(i, answer) || (i == FILTER && is_none(answer))) {
            continue;
        }
        write_help(asked[i].factor, indent, out);
        cli_say(out, "%s%s: \"%s\"\n", indent, asked[i].factor, answer);
    }
}

static void write_sweep(const answers_t *answers, bool chunked, FILE *out)
{
    bool any = false;
    for (size_t i = 0; i < H5R_COUNT_OF(asked); i++) {
        if (!has_list(i, answers->answer[i]) || (of_chunks(i) && !chunked)) {
            continue;
        }
        fputs(any ? "" : "    sweep: # a case for each combination\n", out);
        any = true;
        cli_say(out, "      %s: ", asked[i].factor);
        write_list(answers->answer[i], out);
    }
}

static void write_suite(const answers_t *answers, FILE *out)
{
    fputs("# Which of these layouts is fastest, and how close does it come to what this machine can do?\n"
          "suite: mine\n"
          "seed: 1\n"
          "# Warm-up, then at least 6 and at most 30 repetitions: until the 95 % interval of the median is\n"
          "# within 5 %, or 10 seconds were spent in a case.\n"
          "repeat: {warmup: 1, min: 6, max: 30, ci: 5%, time: 10s}\n"
          "defaults: # of all cases; h5roof list factors shows what else there is\n",
          out);
    write_fixed(answers, false, "  ", out);
    fputs("cases:\n  - name: contiguous\n", out);
    write_sweep(answers, false, out);
    if (is_none(answers->answer[CHUNK])) {
        return;
    }
    fputs("  - name: chunked\n    layout: chunked\n", out);
    write_fixed(answers, true, "    ", out);
    write_sweep(answers, true, out);
}

/* Never over a file that is there. */
static FILE *create(const char *path, h5r_error_t *err)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    FILE *out = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (out == NULL) {
        h5r_fail(err, errno == EEXIST ? H5R_USAGE : H5R_IO, "cannot write %s: %s", path, strerror(errno));
        if (fd >= 0) {
            close(fd);
        }
    }
    return out;
}

static int run(const cli_args_t *args)
{
    static answers_t answers; /* too large for a frame */
    h5r_error_t err = {.code = H5R_OK};
    if (find_answers(args, &answers, &err) != H5R_OK) {
        return cli_error(&err);
    }
    if (args->operands == 0) {
        write_suite(&answers, cli_out());
        return cli_finish(H5R_OK);
    }
    const char *path = args->operand[0];
    FILE *out = create(path, &err);
    if (out == NULL) {
        return cli_error(&err);
    }
    write_suite(&answers, out);
    const bool failed = ferror(out) != 0;
    if (fclose(out) != 0 || failed) {
        h5r_fail(&err, H5R_IO, "cannot write %s: %s", path, strerror(errno));
        return cli_error(&err);
    }
    cli_say(cli_err(), "wrote %s\n  h5roof plan %s\n  mpirun -n 2 h5roof run %s\n", path, path, path);
    return cli_finish(H5R_OK);
}

const cli_command_t cli_init = {
    .name = "init",
    .summary = "write a commented suite from a few answers",
    .operands = "[FILE.yaml]",
    .min_operands = 0,
    .max_operands = 1,
    .options = options,
    .text = text,
    .run = run,
};
