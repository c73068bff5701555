/*
 * Cases that were given as words on a command line, as the text of a suite, so that there is one reader of cases.
 * Local.
 */
#ifndef H5ROOF_CASES_TEXT_H
#define H5ROOF_CASES_TEXT_H

#include "h5roof/error.h"

#include <stddef.h>

/* What messages call the text. */
#define H5R_CASES_PATH "--case"

/* The name of the case that a chunked one is compared with. */
#define H5R_CASES_BASE "contiguous"

/*
 * Each of the `ncases` cases has the words FACTOR=VALUE (or name=NAME) from word[begin[i]] up to word[begin[i + 1]].
 *   a value with commas, outside of brackets, is swept; texts and hints are not
 *   a chunk or a filter means layout chunked, and chunks without a shape are guessed, unless the words say otherwise
 *   a single chunked case gets a twin before it that is contiguous (H5R_CASES_BASE), if it leaves the workload alone
 *   a case without a name is called by the words that not all cases have
 * *text is malloc'd. H5R_USAGE: a word that is no KEY=VALUE, a case without words.
 */
h5r_status_t h5r_cases_text(const char *const *word, const size_t *begin, size_t ncases, char **text,
                            h5r_error_t *err);

#endif
