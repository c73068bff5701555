/* How long a plan may take: a guess from what its cases do, step by step. Local. */
#ifndef H5ROOF_PLAN_TIME_H
#define H5ROOF_PLAN_TIME_H

#include "core/suite/plan.h"
#include "engine/repetition/case_work.h"

/* What an operation takes by guess, as a run would measure it. f: resolved. */
double plan_operation_seconds(const h5r_factors_t *f, h5r_direction_t direction, const h5r_case_work_t *work,
                              int ranks);

/* Of a whole run: with roofs, warm-up, and what is not measured. */
typedef struct {
    double least_s; /* every case ends after its least repetitions */
    double likely_s;
    double most_s;     /* every case takes its most repetitions, or its time */
    double disk_bytes; /* of the largest case */
} plan_time_t;

/* Adds a case to the time of the plan; its work is that of its operations. */
typedef struct plan_clock plan_clock_t;

/* NULL: no memory. */
plan_clock_t *plan_clock_start(const h5r_plan_t *plan);
void plan_clock_add(plan_clock_t *clock, const h5r_factors_t *f, const h5r_case_work_t *work, int ranks);
plan_time_t plan_clock_stop(plan_clock_t *clock); /* frees it */

/* What the guesses are made of, for --help. */
#define PLAN_TIME_HELP                                                                                       \
    "The time is a guess, within a factor of 3 on a local disk: 1 GiB/s synced,\n"                           \
    "4 GiB/s and rank in memory, 2 ms a file (shared: 7), 1 us a call (independent:\n"                       \
    "4, collective: 20), 10 us an object or chunk (shared: 40), 50 to 300 MiB/s and\n"                       \
    "rank for filters; with roofs and warm-up.\n"

#endif
