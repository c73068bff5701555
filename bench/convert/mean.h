/* The mean of an array, as a program computes it from data in a foreign byte order. Local. */
#ifndef H5ROOF_MEAN_H
#define H5ROOF_MEAN_H

#include "h5roof/dtype.h"

#include <stdbool.h>
#include <stddef.h>

/* The mean of n elements, 0 if there are none, whose bytes are reversed if `swapped`; each is then turned
 * round as it is added, as a program must that computes with data as they were stored. In the order of
 * addition the two do not differ, so neither do the results. */
double h5r_mean(h5r_dtype_t t, bool swapped, const void *in, size_t n);

#endif
