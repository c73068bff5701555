/* What results.csv says of one case and operation, over its repetitions; what `show` prints and notes are
 * made of. Local. */
#ifndef H5ROOF_RESULT_H
#define H5ROOF_RESULT_H

#include "core/base/csv.h"
#include "core/stats/stats.h"
#include "core/table/column.h"
#include "core/table/exact.h"

/* One measured repetition whose data were right. */
typedef struct {
    double durable_s; /* NaN: not in the file */
    uint64_t block;
} h5r_sample_t;

typedef struct {
    h5r_row_t last;     /* the last measured row: identity, factors, modes, counters (equal in all repetitions
                           but for times) */
    size_t repetitions; /* measured, ok */
    size_t measured;    /* with the wrong ones */
    h5r_sample_t *sample;  /* [repetitions], in the order of the file */
    h5r_summary_t *column; /* [h5r_f64_count()]; h5r_result_summary finds one by name */
    h5r_exact_t varied;    /* facts that were not the same in all measured repetitions */
    h5r_summary_t durable_mibps;
    h5r_summary_t transfer_mibps;
    h5r_summary_t durable_s;
    h5r_summary_t roof_s;                    /* n == 0: no roof */
    h5r_summary_t efficiency;                /* the same */
    h5r_summary_t shared_roof_s, own_roof_s; /* of the store; n == 0: none */
    h5r_summary_t phase_s[H5R_PHASE_COUNT];
    size_t shorts; /* repetitions marked short */
    size_t above_roof;
    size_t suspended; /* repetitions that do not count for that reason */
    size_t mismatches;
    size_t cached; /* cold was asked, and the file was resident */
    bool bounded;  /* max_ops cut the operation */
    bool unverified;
    size_t skewed;                 /* repetitions marked so */
    size_t cpu_bound;              /* repetitions whose roof is CPU work */
    h5r_summary_t waited_frac;     /* (slowest - median rank) / slowest, of own times */
    h5r_summary_t conversion_frac; /* of durable_s; n == 0: nothing is converted */
    uint64_t slowest_rank;         /* the rank that was slowest most often, */
    size_t slowest_rank_count;     /* and in how many repetitions; likewise the node */
    char slowest_node[64];
    size_t slowest_node_count;
    bool inert_metadata; /* collective_metadata was asked for, and the same case without it makes the same
                            calls of MPI-IO */
    double memory_ratio; /* factor memory: times the time of the transfers (medians), with copies before and
                              after, of the same case with dense memory; 0: there is none */
    double memory_requests; /* likewise, times its requests */
    double row_ratio; /* access element: times the transfer rate (median) of the same case with access row; 0:
                         there is none */
} h5r_result_t;

typedef struct {
    /* one per case, operation and number of ranks, in the order of the suite; and one without an operation for a case that was
     * skipped, interrupted or stopped (last.status, last.reason) */
    h5r_result_t *result;
    size_t n;
    h5r_exact_t has; /* facts that the file has columns for */
    bool torn;       /* the file ended in a torn line, which was left out */
} h5r_results_t;

/* The row is of a measured repetition, right or wrong: not warm-up, not skipped. */
bool h5r_row_measured(const h5r_row_t *row);

/* Of a column of real numbers; n == 0: no measured repetition has a value in it, or there is no such column. */
h5r_summary_t h5r_result_summary(const h5r_result_t *r, const char *column);

/* Read DIR/results.csv. H5R_RESULTS: cannot be read, not a table of h5roof, a schema that is newer than this
 * program. */
h5r_status_t h5r_results_load(const char *dir, h5r_results_t *results, h5r_error_t *err);

/* The same of a text in memory, as h5r_csv_parse() takes it. */
h5r_status_t h5r_results_parse(const char *path, char *text, size_t length, h5r_results_t *results,
                               h5r_error_t *err);

void h5r_results_free(h5r_results_t *results);

#endif
