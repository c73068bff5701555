/* The table of `show`: for the eye. */
#ifndef H5ROOF_SHOW_TABLE_H
#define H5ROOF_SHOW_TABLE_H

#include "cli/show/show_format.h"

/* To stdout. directory: for what it says of an empty one. */
void show_table(const h5r_results_t *results, const char *directory, show_wish_t wish);

#endif
