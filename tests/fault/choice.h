/* What shim_fault.c is told by its environment: which calls go wrong, and how. */
#ifndef H5ROOF_TEST_CHOICE_H
#define H5ROOF_TEST_CHOICE_H

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>

#pragma GCC visibility push(hidden) /* the program that is shimmed has names of its own */

typedef enum { ACTION_NONE, FAIL, SHORT, ZERO, LOSE, FLIP, COPY, DELAY, HANG, KILL } action_t;

typedef struct {
    bool on;
    regex_t path;
    const char *call, *trace, *rank;
    size_t least;
    long nth, times;
    action_t action;
    int number; /* of FAIL */
    long offset;
    size_t copy;
    double delay_s, delay_frac;
} choice_t;

extern choice_t shim;

_Noreturn void die(const char *why);

/* Whether this call is among those that are chosen; it is counted and traced then. call: what SHIM_CALL says.
 * errno is left alone. */
bool is_due(const char *call, const char *function, size_t bytes, const char *path);
bool is_due_on(const char *call, const char *function, size_t bytes, int fd);

#pragma GCC visibility pop

#endif
