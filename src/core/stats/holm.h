/* Holm's step-down correction of p-values for many comparisons (Holm, Scand. J. Statist. 6, 1979): whatever
 * their dependence, the chance of one or more false alarms stays below the level. Local. */
#ifndef H5ROOF_HOLM_H
#define H5ROOF_HOLM_H

#include <stdbool.h>
#include <stddef.h>

/* adjusted[i] = max over the j smallest p up to p[i] of min(1, (n - j + 1) p_(j)); may be p itself. False:
 * out of memory. */
bool h5r_holm_adjust(const double *p, size_t n, double *adjusted);

#endif
