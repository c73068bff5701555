/*
 * Bootstrap confidence interval of the ratio of two medians. Deterministic for a seed. Local.
 *
 * The percentile interval (Efron & Tibshirani, An Introduction to the Bootstrap, chapter 13), not BCa: BCa
 * takes its acceleration from the jackknife, which is inconsistent for the median (ibid., section 11.6). Both
 * samples are resampled independently. With R resamples the ends are the ordered ratios number (R + 1) a and
 * (R + 1) (1 - a) (Davison & Hinkley, Bootstrap Methods and their Application, section 5.2), so that R + 1
 * should be a multiple of 40.
 */
#ifndef H5ROOF_BOOTSTRAP_H
#define H5ROOF_BOOTSTRAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define H5R_RESAMPLES 9999

typedef struct {
    double ratio; /* median of numerator / median of denominator */
    double low, high;
} h5r_ratio_t;

/* 95 %. All values must be > 0, both sizes > 0. False: out of memory. */
bool h5r_median_ratio(const double *numerator, size_t n1, const double *denominator, size_t n2,
                      size_t resamples, uint64_t seed, h5r_ratio_t *result);

#endif
