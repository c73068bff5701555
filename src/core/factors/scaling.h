/*
 * From the factors as a suite asks for them to those of the ranks that run: how many ranks take part, and the
 * shape they share. Local.
 *
 * Strong scaling divides a fixed shape by more and more ranks; weak scaling gives every rank the same share:
 * the shape is that of one rank's part and its first dimension grows with the ranks (Gustafson,
 * "Reevaluating Amdahl's law", CACM 31(5), 1988).
 */
#ifndef H5ROOF_SCALING_H
#define H5ROOF_SCALING_H

#include "h5roof/factors.h"

/* Of a job with so many ranks, how many take part; more than job_ranks if the job has too few. */
int h5r_factors_ranks(const h5r_factors_t *f, int job_ranks);

/* The factors with the shape of the whole dataset. A product above 2^64 - 1 stays at that. */
h5r_factors_t h5r_factors_resolved(const h5r_factors_t *f, int ranks);

/* Back: the factors as they were asked for, from which the identity of the case is made. */
h5r_factors_t h5r_factors_asked(const h5r_factors_t *resolved, int ranks);

#endif
