/* Where to look further: the last line of what explain says. */
#ifndef H5ROOF_TOPIC_SEE_H
#define H5ROOF_TOPIC_SEE_H

#include "core/factors/factor.h"
#include "core/table/column.h"

#include <stdio.h>

/* A line "see: explain A, docs/b.md". `see`: names that explain knows and pages, joined by ", "; `name` is
 * what is being explained, and left out. Nothing is written if nothing is left. */
void topic_see(FILE *out, const char *name, const char *see);

void topic_see_factor(const h5r_factor_t *factor, FILE *out);
void topic_see_column(const h5r_column_t *column, FILE *out);

#endif
