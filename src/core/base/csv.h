/* RFC 4180: writing fields and reading a table with a header. LF line ends are written, CRLF and LF are read.
 * Local. */
#ifndef H5ROOF_CSV_H
#define H5ROOF_CSV_H

#include "h5roof/error.h"

#include <stdbool.h>
#include <stdio.h>

/* Write one field, quoted only if it must be (comma, quote, CR, LF, or leading/trailing space). No separator.
 * Errors show in ferror(out). */
void h5r_csv_field(FILE *out, const char *text);

/* A field of a table for people and their tools: control characters and what is no UTF-8 are shown
 * (visible.h). For spreadsheets what they would take for a formula gets an apostrophe in front; numbers stay. */
void h5r_csv_shown(FILE *out, const char *text, bool spreadsheet);

typedef struct {
    size_t columns;
    size_t rows;   /* without the header */
    char **header; /* [columns] */
    char **cell;   /* [rows * columns], row-major; a missing value is "" */
    bool
        torn; /* the last line had no line end or too few fields (a run that was killed); it is not in rows */
    size_t *end; /* [rows + 1]: bytes of the file up to the end of the header, of row 0, ... */
    char *text;  /* owns all strings */
} h5r_csv_t;

/* Read a whole file. H5R_RESULTS with file and line on: cannot be read, no header, a row with another number
 * of fields than the header (but the last line, see torn), text after a closing quote. Free with h5r_csv_free
 * also on error. */
h5r_status_t h5r_csv_read(const char *path, h5r_csv_t *csv, h5r_error_t *err);

/* The same of a text that is in memory already, with a '\0' behind it; csv owns it from then on, also on error.
 * path: for messages. */
h5r_status_t h5r_csv_parse(const char *path, char *text, size_t length, h5r_csv_t *csv, h5r_error_t *err);

void h5r_csv_free(h5r_csv_t *csv);

/* Index of a column by name, or -1. */
int h5r_csv_column(const h5r_csv_t *csv, const char *name);
const char *h5r_csv_cell(const h5r_csv_t *csv, size_t row, int column); /* "" for column -1 */

#endif
