/*
 * The monotonic clock. The value of an instant means nothing, only the span between two of the same process
 * does: stamps of two ranks are never subtracted.
 */
#ifndef H5ROOF_CLOCK_H
#define H5ROOF_CLOCK_H

#include <time.h>

typedef struct {
    struct timespec opaque;
} h5r_instant_t;

static inline h5r_instant_t h5r_now(void)
{
    h5r_instant_t t;
    /* CLOCK_MONOTONIC with a valid pointer cannot fail (POSIX.1-2008) */
    (void)clock_gettime(CLOCK_MONOTONIC, &t.opaque);
    return t;
}

static inline double h5r_seconds_between(h5r_instant_t from, h5r_instant_t to)
{
    return (double)(to.opaque.tv_sec - from.opaque.tv_sec) +
           1e-9 * (double)(to.opaque.tv_nsec - from.opaque.tv_nsec);
}

#endif
