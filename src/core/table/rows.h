/* The rows of a results.csv one after the other, as structs. Local. */
#ifndef H5ROOF_ROWS_H
#define H5ROOF_ROWS_H

#include "core/base/csv.h"
#include "core/table/column.h"

/* Told every row; index counts from 0. What it returns ends the walk unless it is H5R_OK. */
typedef h5r_status_t h5r_row_visit_t(void *self, const h5r_row_t *row, size_t index, h5r_error_t *err);

/* Walk the rows of a table that h5r_csv_read read from path (for messages). Columns that this program does
 * not know are left out. H5R_RESULTS: no table of h5roof, a schema that is newer than this program, a cell
 * that is no value of its column. */
h5r_status_t h5r_rows_each(const char *path, const h5r_csv_t *csv, h5r_row_visit_t *visit, void *self,
                           h5r_error_t *err);

#endif
