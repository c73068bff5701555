/*
 * Signals. SIGTERM, SIGINT and SIGHUP are blocked in every thread and taken by one that waits for them, so
 * that what is to be done need not be done inside a signal handler: rank 0 removes the scratch directory, a
 * row that is being written is finished, and the process ends with 128 + signal.
 */
#ifndef H5ROOF_GUARD_H
#define H5ROOF_GUARD_H

#include "h5roof/error.h"

#include <limits.h>
#include <pthread.h>
#include <stdbool.h>

typedef struct {
    pthread_t thread;
    bool running;
    pthread_mutex_t busy;          /* held while a row is written */
    pthread_mutex_t lock;          /* of what is below */
    char scratch_dir[PATH_MAX];    /* "": nothing to remove */
    int rank;                      /* -1: not known yet */
    bool dismissed;                /* all has been said and removed */
    int code;                      /* and this is the exit code */
    void (*say)(const char *text); /* rank 0's message; must not take locks of the main thread */
} h5r_guard_t;

/* Local. Before MPI_Init, so that the threads of MPI inherit the blocked signals. guard must live as long as
 * the process. */
h5r_status_t h5r_guard_start(h5r_guard_t *guard, void (*say)(const char *text), h5r_error_t *err);

/* Local: what is to be removed, and by which rank; "" when it is gone or to be kept. */
void h5r_guard_watch(h5r_guard_t *guard, const char *scratch_dir, int rank);

/* Local: the run is over. A signal that comes now, as from a launcher that saw another rank end with an
 * error, ends the process with this code and without a word. */
void h5r_guard_dismiss(h5r_guard_t *guard, int code);

#endif
