/*
 * What the results.csv of an unfinished run says happened: the repetitions that are complete, and how many
 * bytes of the file they are. A run that was killed may have left a torn line, or one operation of a
 * repetition without the other; both are behind `bytes`. Local.
 */
#ifndef H5ROOF_HISTORY_H
#define H5ROOF_HISTORY_H

#include "core/table/column.h"
#include "h5roof/workload.h"

typedef enum {
    H5R_PAST_REPETITION,
    H5R_PAST_SKIPPED,     /* a rule forbids the case */
    H5R_PAST_INTERRUPTED, /* the run ended while the case ran */
    H5R_PAST_STOPPED      /* the case got no more repetitions, for lack of time */
} h5r_past_kind_t;

typedef struct {
    h5r_past_kind_t kind;
    uint64_t case_id;
    uint64_t block;
    bool warmup;
    bool mismatch;
    bool suspended;
    double durable_s[H5R_OPERATIONS]; /* NaN: the operation has no time */
    h5r_stop_t stop;
} h5r_past_t;

typedef struct {
    h5r_past_t *past; /* in the order of the file */
    size_t n;
    uint64_t bytes;  /* of the file up to the last complete repetition */
    char run_id[40]; /* of its first row; "": there is none */
    size_t dropped;  /* rows behind `bytes`, a torn one included */
} h5r_history_t;

/* H5R_RESULTS: the file cannot be read, or is no table of h5roof. Free with h5r_history_free also on error.
 */
h5r_status_t h5r_history_read(const char *path, h5r_history_t *history, h5r_error_t *err);
void h5r_history_free(h5r_history_t *history);

#endif
