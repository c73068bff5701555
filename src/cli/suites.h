/* The suites that come with the program, by name: `run smoke` finds them where it was built or installed.
 * Local. */
#ifndef H5ROOF_SUITES_H
#define H5ROOF_SUITES_H

#include "h5roof/error.h"

#include <limits.h>
#include <stddef.h>

/* In alphabetical order; none where no directory of suites is found. The texts stay. */
size_t suites_count(void);
const char *suites_name(size_t i);
const char *suites_question(size_t i); /* the first line of the suite */

/* A suite on the command line: a file, or the name of a suite that comes with the program, and then stderr is
 * told where it lies. H5R_USAGE if a bare name is neither. */
h5r_status_t suites_find(const char *operand, char path[PATH_MAX], h5r_error_t *err);

#endif
