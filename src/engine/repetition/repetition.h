/* One repetition of a case: make everything ready, run the workload, verify, clean up, fill the rows. */
#ifndef H5ROOF_REPETITION_H
#define H5ROOF_REPETITION_H

#include "core/table/column.h"
#include "engine/repetition/bench.h"
#include "engine/repetition/roof_work.h"
#include "h5roof/workload.h"

typedef struct {
    h5r_row_t row[H5R_OPERATIONS];        /* complete on rank 0 but for identity and roofs */
    h5r_roof_work_t work[H5R_OPERATIONS]; /* likewise */
    int rows;                             /* the workload's operations */
    bool right;                           /* on every rank: the data read were the data written */
    bool fatal; /* on this rank: the error arose inside the workload, peers may sit in MPI */
} h5r_outcome_t;

/*
 * Collective. Errors before the workload runs are agreed and returned on all ranks. A rank whose workload
 * fails returns its error with fatal set; its peers do not return, so the caller must report and abort.
 * err->message then says operation, phase and what failed. keep_files leaves the data files in the scratch
 * directory.
 */
h5r_status_t h5r_repetition_run(h5r_bench_t *b, const h5r_factors_t *f, bool keep_files,
                                h5r_outcome_t *outcome, h5r_error_t *err);

#endif
