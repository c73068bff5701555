/*
 * What ends a run from outside its work: signals, and the watchdog. Signals are blocked in every thread and
 * taken by one that waits for them, so that what is to be done need not be done inside a signal handler.
 * Those that end a process do so with 128 + signal: rank 0 removes the scratch directory, and a row that is
 * being written is finished. Those by which batch systems warn, SIGUSR1 and SIGUSR2, are noted for the thread
 * that measures. The same thread looks once a second whether a piece of work has taken longer than its limit,
 * and whether the process stood still since the last look.
 */
#ifndef H5ROOF_GUARD_H
#define H5ROOF_GUARD_H

#include "engine/ranks/clock.h"
#include "engine/ranks/place.h"
#include "h5roof/error.h"

#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>

typedef struct {
    pthread_t thread;
    bool running;
    sigset_t signals;              /* that it takes */
    pthread_mutex_t busy;          /* held while a row is written or the scratch directory is made */
    pthread_mutex_t lock;          /* of what is below */
    char scratch_dir[PATH_MAX];    /* "": nothing to remove */
    int rank;                      /* -1: not known yet */
    bool dismissed;                /* all has been said and removed */
    int code;                      /* and this is the exit code */
    void (*say)(const char *text); /* must not take locks of the main thread */
    int main_thread;               /* its Linux thread id */
    const volatile int *main_errno;
    h5r_place_t place; /* where the main thread is; for h5r_context_t */
    char node[256];
    char work[320];                 /* what it does; "": nothing that is limited */
    const h5r_workload_t *workload; /* whose operations it goes through */
    double limit_s;
    h5r_instant_t since;
    unsigned long works; /* counts, so that the next piece of work is not taken for this one */
    double due_s;        /* when the next look is due, on a clock that goes on while the machine sleeps */
    double stood_s;      /* how long the process stood still during this work */
    _Atomic int asked;   /* the signal that asked for an end; 0: none */
} h5r_guard_t;

/* Local. Before MPI_Init, so that the threads of MPI inherit the blocked signals. guard must live as long as
 * the process. */
h5r_status_t h5r_guard_start(h5r_guard_t *guard, void (*say)(const char *text), h5r_error_t *err);

/* Local: what is to be removed, and by which rank; "" when it is gone or to be kept. */
void h5r_guard_watch(h5r_guard_t *guard, const char *scratch_dir, int rank);

/*
 * Local: a piece of work of this workload (NULL: of none) begins, and may take so long (0: any time). What is not over by
 * then hangs: the rank that sits in a call speaks, the scratch directory is removed, and the process ends
 * with H5R_IO, upon which the launcher ends the others. Ranks that wait for another one speak only if nobody
 * else does.
 */
void h5r_guard_begin_work(h5r_guard_t *guard, const char *work, const h5r_workload_t *workload,
                          double limit_s);

/*
 * Local: it is over. True: the process stood still meanwhile for two seconds or more, because the job was
 * suspended (SIGSTOP, scontrol suspend, a frozen control group) or the machine slept. That time does not count
 * towards the limit.
 */
bool h5r_guard_end_work(h5r_guard_t *guard);

/* Local: the run is over. A signal that comes now, as from a launcher that saw another rank end with an
 * error, ends the process with this code and without a word. */
void h5r_guard_dismiss(h5r_guard_t *guard, int code);

#endif
