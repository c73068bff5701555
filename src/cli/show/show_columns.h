/* A table of columns of one's choice. */
#ifndef H5ROOF_SHOW_COLUMNS_H
#define H5ROOF_SHOW_COLUMNS_H

#include "core/table/result.h"
#include "h5roof/error.h"

#include <stdio.h>

/* `names`: columns of results.csv, joined by ','. Of real numbers the median of the repetitions, of others what the
 * last one has. H5R_USAGE: an unknown column, or too many. */
h5r_status_t show_columns(const h5r_results_t *results, const char *names, FILE *out, h5r_error_t *err);

#endif
