#include "core/table/rows.h"
#include "h5roof/count.h"

#include <inttypes.h>
#include <stdlib.h>

/* Column of the file -> column of the table; NULL: a newer program's, which is left out. */
static h5r_status_t map_columns(const char *path, const h5r_csv_t *csv, const h5r_column_t **map,
                                h5r_error_t *err)
{
    for (size_t i = 0; i < csv->columns; i++) {
        map[i] = h5r_column_find(csv->header[i]);
    }
    static const char *const needed[] = {"schema", "case_id", "case", "operation", "status", "durable_mibps"};
    for (size_t i = 0; i < H5R_COUNT_OF(needed); i++) {
        if (h5r_csv_column(csv, needed[i]) < 0) {
            return h5r_fail(err, H5R_RESULTS, "%s is not a table of h5roof: it has no column '%s'", path,
                            needed[i]);
        }
    }
    return H5R_OK;
}

static h5r_status_t read_row(const char *path, const h5r_csv_t *csv, const h5r_column_t *const *map,
                             size_t line, h5r_row_t *row, h5r_error_t *err)
{
    h5r_row_clear(row);
    for (size_t i = 0; i < csv->columns; i++) {
        const char *text = csv->cell[line * csv->columns + i];
        if (map[i] != NULL && !h5r_row_parse_cell(row, map[i], text)) {
            return h5r_fail(err, H5R_RESULTS, "%s, row %zu: '%s' is no value of column %s", path, line + 1,
                            text, csv->header[i]);
        }
    }
    row->direction = h5r_row_direction(row);
    return row->schema <= H5R_SCHEMA_VERSION
               ? H5R_OK
               : h5r_fail(err, H5R_RESULTS,
                          "%s was written with schema %" PRIu64 "; this program knows up to %d: use a newer "
                          "h5roof",
                          path, row->schema, H5R_SCHEMA_VERSION);
}

h5r_status_t h5r_rows_each(const char *path, const h5r_csv_t *csv, h5r_row_visit_t *visit, void *self,
                           h5r_error_t *err)
{
    const h5r_column_t **map = calloc(csv->columns + 1, sizeof *map);
    h5r_row_t *row = malloc(sizeof *row);
    h5r_status_t status =
        map != NULL && row != NULL ? map_columns(path, csv, map, err) : h5r_no_memory(err, "%s", path);
    for (size_t i = 0; i < csv->rows && status == H5R_OK; i++) {
        status = read_row(path, csv, map, i, row, err);
        if (status == H5R_OK) {
            status = visit(self, row, i, err);
        }
    }
    free(map);
    free(row);
    return status;
}
