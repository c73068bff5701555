/*
 * Two runs of a suite, case by case: times through contrasts, and what must be exactly the same. Cases are
 * joined on case_id and operation, so that their names and places may differ. Local.
 */
#ifndef H5ROOF_COMPARE_H
#define H5ROOF_COMPARE_H

#include "core/stats/contrast.h"
#include "core/table/result.h"

#define H5R_THRESHOLD 0.05

typedef struct {
    double threshold;   /* see h5r_verdict_t */
    bool counters_only; /* no times */
    bool any_ranks;     /* compare times of different numbers of ranks, too */
    bool counts_differ; /* facts may differ, since the libraries do: it is said, and is no failure */
} h5r_compare_options_t;

typedef struct {
    const h5r_result_t *old, *new;
    const char *not_timed;   /* why times are not compared; NULL: they are, see the contrast */
    const char *not_counted; /* why facts, or those that depend on data, are not compared; NULL: all are */
    const h5r_contrast_t *contrast;
    h5r_exact_t differs;   /* facts that are not the same */
    h5r_exact_t varied;    /* facts left out since they vary within a run */
    bool has_phase;        /* the phases of both runs say where the change is */
    h5r_phase_t phase;     /* that changed most in the direction of the whole */
    double phase_change_s; /* of the medians, new - old */
    double phase_ratio;    /* new / old; NaN if old is 0 */
} h5r_pair_t;

typedef enum {
    H5R_LONE_OLD,  /* NEW does not know the case */
    H5R_LONE_NEW,  /* OLD does not know it, or did not measure it */
    H5R_LONE_LOST, /* OLD measured it; NEW knows it and did not */
} h5r_lone_kind_t;

typedef struct {
    h5r_lone_kind_t kind;
    const h5r_row_t *row; /* of the run that measured it */
    const char *reason;   /* that the other run gives; NULL: none */
} h5r_lone_t;

typedef struct {
    h5r_pair_t *pair; /* in the order of OLD */
    size_t pairs;
    h5r_contrast_t *contrast; /* of the pairs whose times are compared */
    size_t contrasts;
    h5r_lone_t *lone;
    size_t lones;
    h5r_exact_t has; /* facts that both tables have columns for */
    double *times;   /* owns the contrasts' samples */
    size_t verdicts[H5R_VERDICTS];
    size_t differing;   /* pairs with facts that differ */
    bool counts_differ; /* as in the options */
    size_t lost;        /* lone cases of kind H5R_LONE_LOST */
    size_t mismatches;  /* repetitions of NEW with wrong data, pairs and lone ones */
} h5r_comparison_t;

/* Both results must outlive it. No pair at all is not an error here. H5R_ENV: no memory. Free
 * also on error. */
h5r_status_t h5r_compare(const h5r_results_t *old, const h5r_results_t *new,
                         const h5r_compare_options_t *options, h5r_comparison_t *comparison,
                         h5r_error_t *err);
void h5r_comparison_free(h5r_comparison_t *comparison);

/* Something became worse: slower, other counts, cases lost, wrong data. */
bool h5r_comparison_failed(const h5r_comparison_t *comparison);

#endif
