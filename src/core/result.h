/* What results.csv says of one case and operation, over its repetitions; what `show` prints and notes are
 * made of. Local. */
#ifndef H5ROOF_RESULT_H
#define H5ROOF_RESULT_H

#include "core/column.h"
#include "core/csv.h"
#include "core/stats.h"

typedef struct {
    h5r_row_t last;     /* the last measured row: identity, factors, modes, counters (equal in all repetitions
                           but for times) */
    size_t repetitions; /* measured, ok */
    h5r_summary_t durable_mibps;
    h5r_summary_t transfer_mibps;
    h5r_summary_t durable_s;
    h5r_summary_t roof_s;     /* n == 0: no roof */
    h5r_summary_t efficiency; /* the same */
    h5r_summary_t phase_s[H5R_PHASE_COUNT];
    size_t shorts; /* repetitions marked short */
    size_t above_roof;
    size_t mismatches;
    size_t cached; /* cold was asked, and the file was resident */
    bool bounded;  /* max_ops cut the operation */
    bool unverified;
} h5r_result_t;

typedef struct {
    h5r_result_t *result; /* one per case and operation, in the order of the suite */
    size_t n;
    bool torn; /* the file ended in a torn line, which was left out */
} h5r_results_t;

/* Read DIR/results.csv. H5R_RESULTS: cannot be read, not a table of h5roof, a schema that is newer than this
 * program. */
h5r_status_t h5r_results_load(const char *dir, h5r_results_t *results, h5r_error_t *err);
void h5r_results_free(h5r_results_t *results);

#endif
