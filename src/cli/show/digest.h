/* What a run says in a few lines, before anybody reads its table. */
#ifndef H5ROOF_DIGEST_H
#define H5ROOF_DIGEST_H

#include "core/table/result.h"

/*
 * How close HDF5 comes to its roof, writing and reading; the result that stays furthest from it, and why; what was
 * skipped; how many numbers are not to be trusted. Of cases with a file on storage and times that can be trusted.
 */
void digest_write(const h5r_results_t *results, FILE *out);

/* Every case against the first one, by the times of the operation that both have in this direction. */
void digest_compare(const h5r_results_t *results, FILE *out);

/* Without what has no efficiency: "85%", or "-". Returns text. */
const char *digest_percent(const h5r_summary_t *efficiency, char *text, size_t size);

#endif
