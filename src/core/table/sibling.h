/* Results that differ in one factor only. Local. */
#ifndef H5ROOF_SIBLING_H
#define H5ROOF_SIBLING_H

#include "core/table/result.h"

/* Give every result of a call per element (access element) its ratio to the one that is the same but for
 * access row; how many times the time and
 * the requests of the same with dense memory it takes (factor memory); and say of every one with collective metadata whether it made the same calls of MPI-IO as the
 * one without. */
void h5r_results_relate(h5r_results_t *results);

#endif
