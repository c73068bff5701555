/* The directory of a run's results, on rank 0. Local. */
#ifndef H5ROOF_OUTPUT_H
#define H5ROOF_OUTPUT_H

#include "core/column.h"
#include "core/plan.h"

#include <limits.h>

typedef struct {
    char dir[PATH_MAX];
    size_t made; /* length of the first directory of dir that was not there before; 0: all were */
    FILE *csv;
} h5r_output_t;

/* Whether results may go to dir: it does not exist, or is an empty directory. H5R_USAGE otherwise. */
h5r_status_t h5r_output_check(const char *dir, h5r_error_t *err);

/* Make the directory (with its parents) and begin results.csv and plan.yaml in it. dir NULL:
 * results/SUITE-UTCTIME below the current directory, with a number behind it if that is taken. H5R_USAGE: a
 * given dir that exists and is not empty; H5R_ENV: cannot be made or written, and then nothing is left. */
h5r_status_t h5r_output_open(h5r_output_t *out, const char *dir, const h5r_plan_t *plan, h5r_error_t *err);

/* Append a row and hand it to the kernel. H5R_IO: the rows so far are intact but for the last line. */
h5r_status_t h5r_output_row(h5r_output_t *out, const h5r_row_t *row, h5r_error_t *err);

/* Close it and remove all that was made: for a run that ended before its first repetition. */
void h5r_output_discard(h5r_output_t *out);

h5r_status_t h5r_output_close(h5r_output_t *out, h5r_error_t *err);

/* "20261122T101112Z-1a2b" for file names and run_id; and ISO 8601 for rows. */
void h5r_run_id(char *buf, size_t size);
void h5r_utc_now(char *buf, size_t size);

#endif
