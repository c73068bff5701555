/* The suites that come with the program, by name: `run smoke` finds them where it was built or installed; those
 * that show a symptom lie in a folder of their own: `run symptoms/column`. Local. */
#ifndef H5ROOF_SUITES_H
#define H5ROOF_SUITES_H

#include "h5roof/error.h"

#include <limits.h>
#include <stddef.h>

typedef enum { SUITES_QUESTIONS, SUITES_SYMPTOMS, SUITES_KINDS } suites_kind_t;

/* In alphabetical order; none where no directory of suites is found. The texts stay. */
size_t suites_count(suites_kind_t kind);
const char *suites_name(suites_kind_t kind, size_t i);     /* as `run` takes it, with its folder */
const char *suites_question(suites_kind_t kind, size_t i); /* the first line of the suite */

/* Where a suite of that name lies. H5R_USAGE: the path is too long. */
h5r_status_t suites_path(const char *name, char path[PATH_MAX], h5r_error_t *err);

/* A suite on the command line: a file, or the name of a suite that comes with the program, and then stderr is
 * told where it lies. H5R_USAGE if a name is neither. */
h5r_status_t suites_find(const char *operand, char path[PATH_MAX], h5r_error_t *err);

#endif
