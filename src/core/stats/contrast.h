/*
 * Is NEW slower than OLD? Two samples of times, the ratio of their medians with its interval, the rank test,
 * Holm's correction over all contrasts, and the verdict. Knows nothing of cases and files. Local.
 */
#ifndef H5ROOF_CONTRAST_H
#define H5ROOF_CONTRAST_H

#include "core/stats/bootstrap.h"
#include "core/stats/rank_test.h"

#define H5R_CONTRAST_LEAST 5    /* repetitions on each side below which nothing is said */
#define H5R_CONTRAST_LEVEL 0.05 /* of significance, over all contrasts together */

/*
 * t is the threshold, the band from 1 / (1 + t) to 1 + t, so that OLD and NEW can change places.
 *   slower, faster   significant after the correction, and the whole interval lies beyond the band
 *   same             the whole interval lies within the band
 *   none             fewer than 5 repetitions on a side
 */
typedef enum {
    H5R_VERDICT_NONE,
    H5R_VERDICT_INCONCLUSIVE,
    H5R_VERDICT_SAME,
    H5R_VERDICT_FASTER,
    H5R_VERDICT_SLOWER,
    H5R_VERDICTS
} h5r_verdict_t;

extern const char *const h5r_verdict_names[H5R_VERDICTS];

typedef struct {
    const double *old, *new; /* seconds, > 0; not owned */
    size_t n_old, n_new;
    uint64_t seed; /* of the bootstrap */
    /* set by h5r_contrast_measure */
    double median_old, median_new; /* NaN: no value */
    h5r_ratio_t ratio;             /* new / old: above 1 is slower; NaN with too few repetitions */
    double p;                      /* NaN with too few repetitions */
    bool exact;
    /* set by h5r_contrasts_judge */
    double p_holm;
    bool weak; /* so few repetitions among so many contrasts that it could not be significant alone */
    h5r_verdict_t verdict;
} h5r_contrast_t;

/* Repetitions are enough for a verdict. */
bool h5r_contrast_enough(const h5r_contrast_t *c);

/* Medians, ratio, p. False: out of memory. */
bool h5r_contrast_measure(h5r_contrast_t *c, size_t resamples);

/* Correct over those that have enough repetitions and give verdicts. False: out of memory. */
bool h5r_contrasts_judge(h5r_contrast_t *c, size_t n, double threshold);

/* The smallest threshold at which a significant ratio is neither slower nor faster: the distance of its
 * interval from 1; 0 if that contains 1. */
double h5r_contrast_distance(const h5r_contrast_t *c);

/* Repetitions on each side with which one contrast among n can be significant. */
size_t h5r_contrast_repetitions(size_t n);

#endif
