/* The columns that are members of h5r_row_t, before and after those made from the factors and the phases. A
 * new one is one line at the end of the second. Only for src/core/table/column.c. */
#ifndef H5ROOF_COLUMN_TABLE_H
#define H5ROOF_COLUMN_TABLE_H

#include "core/table/column.h"

extern const h5r_column_t h5r_columns_before[];
extern const size_t h5r_columns_before_count;
extern const h5r_column_t h5r_columns_after[];
extern const size_t h5r_columns_after_count;

#endif
