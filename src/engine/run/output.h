/* The directory of a run's results, on rank 0. Local. */
#ifndef H5ROOF_OUTPUT_H
#define H5ROOF_OUTPUT_H

#include "core/suite/plan.h"
#include "core/table/column.h"
#include "core/table/history.h"

#include <limits.h>

#define H5R_IN_FLIGHT_SIZE 512 /* of the first line of in_flight, the job, padded with blanks */

typedef struct {
    char dir[PATH_MAX];
    size_t made;    /* length of the first directory of dir that was not there before; 0: all were */
    bool open;      /* the descriptors are valid */
    int csv;        /* results.csv, locked as long as it is open */
    int mark;       /* in_flight: the job that runs, and the scratch directory */
    uint64_t bytes; /* of results.csv: complete rows */
    bool new_mark;  /* in_flight was not there before */
    bool mark_lost; /* in_flight could not be written, which was told */
    void (*warn)(const char *text); /* is told so; or NULL */
    char *unsaved; /* rows that are nowhere, behind the header, to be shown and freed; or NULL */
} h5r_output_t;

/* Whether results may go to dir: it does not exist, or is an empty directory. H5R_USAGE otherwise. */
h5r_status_t h5r_output_check(const char *dir, h5r_error_t *err);

/* Make the directory (with its parents) and begin results.csv and plan.yaml in it. dir NULL:
 * results/SUITE-UTCTIME below the current directory, with a number behind it if that is taken. H5R_USAGE: a
 * given dir that exists and is not empty; H5R_ENV: cannot be made or written, and then nothing is left. */
h5r_status_t h5r_output_open(h5r_output_t *out, const char *dir, const h5r_plan_t *plan, h5r_error_t *err);

typedef struct {
    char job[H5R_IN_FLIGHT_SIZE]; /* that ran, or "" */
    char scratch[PATH_MAX];       /* the scratch directory, or "" */
} h5r_in_flight_t;

/* Whether there is a run to go on with in dir: it has a plan.yaml and a results.csv. What a run left that died
 * before it had written env.json, and so any row, is removed, so that a new one can begin; in_flight: what
 * there was of it then, else nothing. */
bool h5r_output_resumable(const char *dir, h5r_in_flight_t *in_flight);

/*
 * Open the results of a run that has ended, to go on: the plan must be the same, and nobody else may be
 * writing. history: what it did, and run_id even if it has no row; free it. in_flight: what there was when it
 * ended. H5R_USAGE: another plan, in use, no env.json or that of another run; H5R_RESULTS: not readable. Then, and until h5r_output_go_on, results.csv is as it was.
 */
h5r_status_t h5r_output_resume(h5r_output_t *out, const char *dir, const h5r_plan_t *plan,
                               h5r_history_t *history, h5r_in_flight_t *in_flight, h5r_error_t *err);

/* Whether this process may go on: env_path describes where it runs, DIR/env.json where the results come from.
 * H5R_USAGE: they cannot be compared, with every difference that spoils it. */
h5r_status_t h5r_output_same_machine(const h5r_output_t *out, const char *env_path, h5r_error_t *err);

/* Cut off what stands behind the last complete repetition. */
h5r_status_t h5r_output_go_on(h5r_output_t *out, h5r_error_t *err);

/* Instead: leave the directory as h5r_output_resume found it, and close it. */
void h5r_output_leave(h5r_output_t *out, const h5r_in_flight_t *in_flight);

/*
 * Append rows, all or none, and see them on the disk (fdatasync), in the file that has its name. H5R_IO: the
 * rows before are intact, and these are in `unsaved`; or the directory was removed or replaced, and the message
 * says where all rows are now.
 */
h5r_status_t h5r_output_rows(h5r_output_t *out, const h5r_row_t *row, size_t n, h5r_error_t *err);

/* Write down what runs now, for h5r_output_resume; one write of a short line, without a sync. That it cannot be
 * written is told once. */
void h5r_output_mark(h5r_output_t *out, const char *line);

/* Write down the scratch directory, so that what is in it can be removed after a crash. */
void h5r_output_mark_scratch(h5r_output_t *out, const char *path);

/* Close it and remove all that was made: for a run that ended before its first repetition. */
void h5r_output_discard(h5r_output_t *out);

/* finished: nothing is in flight any more. H5R_IO also if it is not where it was, as h5r_output_rows. */
h5r_status_t h5r_output_close(h5r_output_t *out, bool finished, h5r_error_t *err);

/* "20261122T101112Z-1a2b" for file names and run_id; and ISO 8601 for rows. */
void h5r_run_id(char *buf, size_t size);
void h5r_utc_now(char *buf, size_t size);

#endif
