/*
 * The noise floor of a machine: runs of the same suite compared with each other, where nothing changed, so
 * that every `slower` and `faster` is a false alarm. From one run its repetitions of even and odd blocks are
 * compared; they shared processes, placement and cache, so that they show less noise than two runs do. Local.
 */
#ifndef H5ROOF_NOISE_H
#define H5ROOF_NOISE_H

#include "core/table/result.h"

/*
 * Of two equal runs whose intervals are wide nothing is ever called, which says nothing of the machine. So it
 * counts which comparisons can tell at a threshold t: those whose interval, moved so that its ratio is 1,
 * lies within the band from 1 / (1 + t) to 1 + t, so that `same` can be said of equal things and a change of
 * twice the threshold is called; and those that were called. A threshold is recommended only if half of the
 * comparisons can tell at it.
 */

/* A threshold below what the tool itself may cost (README, measured: up to 2 %) would be about the tool. */
#define H5R_NOISE_FLOOR 0.02
#define H5R_NOISE_RATE  0.01 /* of comparisons that may be called slower or faster */
#define H5R_NOISE_STEP  0.005

/* Independent comparisons of which none may be called before a rate of 1 % is shown with 95 % confidence: the
 * least N with 0.99^N <= 0.05 (Hanley & Lippman-Hand, JAMA 249, 1983: the rule of three). */
#define H5R_NOISE_ENOUGH 299

typedef struct {
    const h5r_row_t *row; /* identity */
    size_t runs;          /* that measured it, halves of one run count */
    size_t n;             /* repetitions, of the run with fewest */
    size_t comparisons;   /* with enough repetitions */
    double low_s, high_s; /* smallest and largest median of the runs */
    double needed;        /* threshold at which no comparison is called */
} h5r_noise_case_t;

typedef struct {
    double threshold;
    size_t called;             /* slower or faster, if each case were compared alone */
    size_t called_holm;        /* if the suite is compared as a whole, corrected over its cases */
    size_t same, inconclusive; /* of the suite as a whole */
    size_t can_tell;           /* each case alone */
} h5r_noise_level_t;

#define H5R_NOISE_LEVELS 9

typedef struct {
    h5r_noise_case_t *cases;
    size_t n;
    size_t runs; /* 2 if one was split */
    bool split;
    h5r_noise_level_t level[H5R_NOISE_LEVELS];
    size_t comparisons; /* with at least 5 + 5 repetitions */
    size_t too_few;     /* without */
    /* the rest, up to the bound, is NaN or 0 without comparisons */
    double quiet;         /* smallest threshold at which at most 1 % of those that can tell are called */
    size_t called;        /* at that threshold, each case alone */
    size_t can_tell;      /* at that threshold */
    double recommended;   /* it, or NaN if less than half of the comparisons can tell at it */
    double can_tell_from; /* smallest threshold, not below it, at which half of them can */
    double visible_half;  /* change that is called at `quiet` in half of the comparisons, from the width of
                             their  intervals; and in 9 of 10 */
    double visible;
    double rate_bound; /* upper 95 % bound of the rate if none of so many independent comparisons is called */
} h5r_noise_t;

/* count > 0 runs, which must outlive it. H5R_ENV: no memory. Free also on error. */
h5r_status_t h5r_noise(const h5r_results_t *runs, size_t count, h5r_noise_t *noise, h5r_error_t *err);
void h5r_noise_free(h5r_noise_t *noise);

#endif
