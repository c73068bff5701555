#include "core/table/schema.h"

#include "core/table/column.h"

#include <string.h>

static const char *cell_type_name(const h5r_column_t *c)
{
    static const char *const names[] = {
        [H5R_CELL_TEXT] = "text",       [H5R_CELL_U64] = "integer", [H5R_CELL_F64] = "number",
        [H5R_CELL_BOOL] = "true/false", [H5R_CELL_WORD] = "text",   [H5R_CELL_MARKS] = "text"};
    if (c->type != H5R_CELL_FACTOR) {
        return names[c->type];
    }
    if (c->factor->choices != NULL) {
        return "text"; /* also where it may be a number */
    }
    switch (c->factor->type) {
    case H5R_TYPE_BYTES:
    case H5R_TYPE_COUNT:
        return "integer";
    case H5R_TYPE_BOOL:
        return "true/false";
    default:
        return "text";
    }
}

void h5r_schema_write(FILE *out)
{
    fprintf(out,
            "# The columns of results.csv, schema %d\n\n"
            "Made by `h5roof list columns --markdown`; do not edit.\n\n"
            "RFC 4180, UTF-8, one header line, one row per case, repetition and operation, in the order of "
            "execution.\n"
            "Units are in the names: `_s` seconds, `_bytes`, `_mibps` MiB/s (2^20 bytes a second), `_frac` a "
            "ratio,\n"
            "`_count` a number. Decimals have a point. An empty cell means: does not apply. Never nan or "
            "inf. The file\n"
            "holds no statistic over repetitions; columns are only ever appended.\n",
            H5R_SCHEMA_VERSION);
    size_t n;
    const h5r_column_t *columns = h5r_columns(&n);
    const char *group = "";
    for (size_t i = 0; i < n; i++) {
        if (strcmp(group, columns[i].group) != 0) {
            group = columns[i].group;
            fprintf(out, "\n## %s\n\n| column | type | meaning |\n|---|---|---|\n", group);
        }
        fprintf(out, "| `%s` | %s | %s |\n", columns[i].name, cell_type_name(&columns[i]), columns[i].help);
    }
}
