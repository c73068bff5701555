#include "cli/show/show_columns.h"

#include "cli/say.h"
#include "cli/show/show_format.h"
#include "core/base/nearest.h"
#include "core/base/visible.h"

#include <stdlib.h>
#include <string.h>

#define MOST      24
#define CELL_SIZE 640
#define FIXED     2 /* case and operation come first */

typedef struct {
    const h5r_column_t *column[MOST];
    size_t n;
    int width[MOST + FIXED];
} layout_t;

static h5r_status_t unknown(const char *name, h5r_error_t *err)
{
    size_t n;
    const h5r_column_t *columns = h5r_columns(&n);
    const char **names = calloc(n + 1, sizeof *names);
    for (size_t i = 0; i < n && names != NULL; i++) {
        names[i] = columns[i].name;
    }
    const char *near = names != NULL ? h5r_nearest(name, names) : NULL;
    free(names);
    return h5r_fail(err, H5R_USAGE, "--columns: there is no column '%s'%s%s%s", name,
                    near != NULL ? "; did you mean '" : "; 'h5roof list columns' shows them",
                    near != NULL ? near : "", near != NULL ? "'?" : "");
}

static h5r_status_t read_names(const char *names, layout_t *layout, h5r_error_t *err)
{
    char name[sizeof layout->column[0]->name];
    for (size_t length;; names += length + 1) {
        length = strcspn(names, ",");
        snprintf(name, sizeof name, "%.*s", (int)length, names);
        const h5r_column_t *column = length < sizeof name ? h5r_column_find(name) : NULL;
        if (column == NULL) {
            return unknown(name, err);
        }
        if (layout->n == MOST) {
            return h5r_fail(err, H5R_USAGE, "--columns: more than %d columns", MOST);
        }
        layout->column[layout->n++] = column;
        if (names[length] == '\0') {
            return H5R_OK;
        }
    }
}

static const char *cell(const h5r_result_t *r, const h5r_column_t *column, char *text, size_t size)
{
    if (column->type != H5R_CELL_F64) {
        h5r_row_cell_text(&r->last, column, text, size);
        return text[0] != '\0' ? text : "-";
    }
    const h5r_summary_t s = h5r_result_summary(r, column->name);
    if (s.n == 0) {
        return "-";
    }
    snprintf(text, size, "%.5g", s.median);
    return text;
}

static void widen(int *width, const char *text)
{
    const int columns = (int)h5r_visible_width(text);
    *width = columns > *width ? columns : *width;
}

static void find_widths(const h5r_results_t *results, layout_t *layout)
{
    char text[CELL_SIZE];
    widen(&layout->width[0], "case");
    widen(&layout->width[1], "operation");
    for (size_t c = 0; c < layout->n; c++) {
        widen(&layout->width[FIXED + c], layout->column[c]->name);
    }
    for (size_t i = 0; i < results->n; i++) {
        const h5r_result_t *r = &results->result[i];
        if (show_is_listed(r)) {
            continue;
        }
        widen(&layout->width[0], r->last.case_name);
        widen(&layout->width[1], r->last.operation);
        for (size_t c = 0; c < layout->n; c++) {
            widen(&layout->width[FIXED + c], cell(r, layout->column[c], text, sizeof text));
        }
    }
}

h5r_status_t show_columns(const h5r_results_t *results, const char *names, FILE *out, h5r_error_t *err)
{
    char text[CELL_SIZE];
    layout_t layout = {.n = 0};
    if (read_names(names, &layout, err) != H5R_OK) {
        return err->code;
    }
    find_widths(results, &layout);
    cli_say(out, "%-*s  %-*s", layout.width[0], "case", layout.width[1], "operation");
    for (size_t c = 0; c < layout.n; c++) {
        cli_say(out, "  %*s", layout.width[FIXED + c], layout.column[c]->name);
    }
    for (size_t i = 0; i < results->n; i++) {
        const h5r_result_t *r = &results->result[i];
        if (show_is_listed(r)) {
            continue;
        }
        cli_say(out, "\n%-*s  %-*s", layout.width[0], r->last.case_name, layout.width[1], r->last.operation);
        for (size_t c = 0; c < layout.n; c++) {
            cli_say(out, "  %*s", layout.width[FIXED + c], cell(r, layout.column[c], text, sizeof text));
        }
    }
    fputc('\n', out);
    return H5R_OK;
}
