/*
 * Errors: one record, filled where the error arises, owned by the caller and only propagated after that.
 * Nothing here prints and nothing here exits. All functions are local.
 */
#ifndef H5ROOF_ERROR_H
#define H5ROOF_ERROR_H

#include <stddef.h>

/* The exit codes of the program double as the codes of all errors. X(symbol, code, meaning) */
#define H5R_STATUS_TABLE(X)                                                                                  \
    X(H5R_OK, 0, "fine")                                                                                     \
    X(H5R_GATE, 1, "a gate failed: wrong data read back, or compare found a regression")                     \
    X(H5R_USAGE, 2, "wrong usage or a wrong suite; nothing was opened")                                      \
    X(H5R_IO, 3, "an I/O or MPI error at run time; finished results are kept")                               \
    X(H5R_RESULTS, 4, "results that cannot be read")                                                         \
    X(H5R_ENV, 5, "the environment is unfit, memory ran out or two runs differ too much")

typedef enum {
#define X(symbol, code, meaning) symbol = code,
    H5R_STATUS_TABLE(X)
#undef X
} h5r_status_t;

#define H5R_MESSAGE_SIZE 2048

typedef struct {
    h5r_status_t code;
    char message[H5R_MESSAGE_SIZE]; /* one sentence or several lines, no newline at the end */
} h5r_error_t;

#if defined(__GNUC__)
#define H5R_PRINTF(format_index, first_arg) __attribute__((format(printf, format_index, first_arg)))
#else
#define H5R_PRINTF(format_index, first_arg)
#endif

/* Record an error at its origin. Returns code, so that `return h5r_fail(err, H5R_IO, ...)` reads well. */
h5r_status_t h5r_fail(h5r_error_t *err, h5r_status_t code, const char *fmt, ...) H5R_PRINTF(3, 4);

/* The same where memory could not be had, for what is named: one wording and H5R_ENV everywhere. */
h5r_status_t h5r_no_memory(h5r_error_t *err, const char *what, ...) H5R_PRINTF(2, 3);

/* Put "context: " in front of a message that is already there. Returns the code that is already there. */
h5r_status_t h5r_context(h5r_error_t *err, const char *fmt, ...) H5R_PRINTF(2, 3);

/* What an exit code means, from the table above. */
const char *h5r_status_meaning(h5r_status_t code);

#endif
