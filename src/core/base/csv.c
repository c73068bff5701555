#include "core/base/csv.h"

#include "core/base/open_file.h"
#include "core/base/visible.h"

#include <stdlib.h>
#include <string.h>

#define MOST_BYTES ((size_t)8 << 30) /* ten million rows */

void h5r_csv_field(FILE *out, const char *text)
{
    size_t length = strlen(text);
    bool spaces = length > 0 && (text[0] == ' ' || text[length - 1] == ' ');
    if (!spaces && !strpbrk(text, ",\"\r\n")) {
        (void)fputs(text, out);
        return;
    }
    (void)fputc('"', out);
    for (const char *p = text; *p; p++) {
        if (*p == '"') {
            (void)fputc('"', out);
        }
        (void)fputc(*p, out);
    }
    (void)fputc('"', out);
}

/* A number that a spreadsheet takes for one. */
static bool is_number(const char *text)
{
    char *end;
    (void)strtod(text, &end);
    return end != text && *end == '\0' && strspn(text, "+-.0123456789eE") == strlen(text);
}

void h5r_csv_shown(FILE *out, const char *text, bool spreadsheet)
{
    const bool formula = text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL && !is_number(text);
    char *shown = h5r_visible(text), *cell = NULL;
    if (shown != NULL && asprintf(&cell, "%s%s", spreadsheet && formula ? "'" : "", shown) >= 0) {
        h5r_csv_field(out, cell);
        free(cell);
    }
    free(shown);
}

/* Fields are unquoted in place: what is written never overtakes what is read. */
typedef struct {
    const char *path;
    const char *begin;
    char *at;
    char *end;
    size_t line;  /* of `at` */
    char **field; /* of the header first, then of all rows */
    size_t nfields;
    size_t capacity;
    h5r_error_t *err;
} reader_t;

typedef enum { FIELD_COMMA, FIELD_NEWLINE, FIELD_END, FIELD_BROKEN } field_end_t;

static h5r_status_t load_text(const char *path, char **text, size_t *length, h5r_error_t *err)
{
    char why[H5R_WHY_SIZE];
    h5r_status_t status = h5r_read_file(path, false, MOST_BYTES, text, length, why);
    if (status == H5R_ENV) {
        return h5r_no_memory(err, "%s", path);
    }
    return status == H5R_OK ? H5R_OK : h5r_fail(err, H5R_RESULTS, "%s: cannot open: %s", path, why);
}

static bool at_newline(const reader_t *r)
{
    return *r->at == '\n' || (*r->at == '\r' && r->at[1] == '\n');
}

/* Copies a quoted field from behind its opening quote to `to`. False: the text ends inside of it. */
static bool unquote(reader_t *r, char **to)
{
    for (; r->at < r->end; r->at++) {
        if (*r->at == '"') {
            if (r->at[1] != '"') {
                r->at++;
                return true;
            }
            r->at++;
        }
        if (*r->at == '\n') {
            r->line++;
        }
        *(*to)++ = *r->at;
    }
    return false;
}

static field_end_t read_field(reader_t *r, char **field)
{
    char *to = r->at;
    *field = to;
    if (*r->at == '"') {
        r->at++;
        if (!unquote(r, &to)) {
            return FIELD_END;
        }
    } else {
        while (r->at < r->end && *r->at != ',' && !at_newline(r)) {
            *to++ = *r->at++;
        }
    }
    field_end_t end = FIELD_BROKEN;
    if (r->at == r->end) {
        end = FIELD_END;
    } else if (*r->at == ',') {
        end = FIELD_COMMA;
        r->at++;
    } else if (at_newline(r)) {
        end = FIELD_NEWLINE;
        r->at += *r->at == '\r' ? 2 : 1;
        r->line++;
    }
    if (end != FIELD_BROKEN) {
        *to = '\0';
    }
    return end;
}

static h5r_status_t keep_field(reader_t *r, char *field)
{
    if (r->nfields == r->capacity) {
        size_t capacity = r->capacity ? 2 * r->capacity : 256;
        char **grown = realloc(r->field, capacity * sizeof *grown);
        if (!grown) {
            return h5r_no_memory(r->err, "%s at line %zu", r->path, r->line);
        }
        r->field = grown;
        r->capacity = capacity;
    }
    r->field[r->nfields++] = field;
    return H5R_OK;
}

/* One line (of several, if a quoted field has line ends). *complete: it ended in a line end. */
static h5r_status_t read_record(reader_t *r, size_t *nfields, bool *complete)
{
    size_t before = r->nfields;
    field_end_t end;
    do {
        char *field;
        end = read_field(r, &field);
        if (end == FIELD_BROKEN) {
            return h5r_fail(r->err, H5R_RESULTS, "%s:%zu: text after a closing quote", r->path, r->line);
        }
        h5r_status_t status = keep_field(r, field);
        if (status != H5R_OK) {
            return status;
        }
    } while (end == FIELD_COMMA);
    *nfields = r->nfields - before;
    *complete = end == FIELD_NEWLINE;
    return H5R_OK;
}

/* Room for `rows` + 1 offsets, doubled as they fill. */
static h5r_status_t keep_end(reader_t *r, h5r_csv_t *csv)
{
    size_t n = csv->rows;
    if ((n & (n + 1)) == 0) { /* 0, 1, 3, 7, ... are full */
        size_t *grown = realloc(csv->end, (2 * n + 2) * sizeof *grown);
        if (!grown) {
            return h5r_no_memory(r->err, "%s at line %zu", r->path, r->line);
        }
        csv->end = grown;
    }
    csv->end[n] = (size_t)(r->at - r->begin);
    return H5R_OK;
}

static h5r_status_t read_rows(reader_t *r, h5r_csv_t *csv)
{
    while (r->at < r->end) {
        size_t line = r->line, nfields;
        bool complete;
        h5r_status_t status = read_record(r, &nfields, &complete);
        if (status != H5R_OK) {
            return status;
        }
        bool last = r->at == r->end;
        if (!complete || (last && nfields < csv->columns)) {
            csv->torn = true;
            r->nfields -= nfields;
            return H5R_OK;
        }
        if (nfields != csv->columns) {
            return h5r_fail(r->err, H5R_RESULTS, "%s:%zu: %zu fields where the header has %zu", r->path, line,
                            nfields, csv->columns);
        }
        csv->rows++;
        if (keep_end(r, csv) != H5R_OK) {
            return r->err->code;
        }
    }
    return H5R_OK;
}

static h5r_status_t read_table(reader_t *r, h5r_csv_t *csv)
{
    bool complete = false;
    if (r->at == r->end) {
        return h5r_fail(r->err, H5R_RESULTS, "%s:1: no header: the file is empty", r->path);
    }
    h5r_status_t status = read_record(r, &csv->columns, &complete);
    if (status == H5R_OK && !complete) {
        status = h5r_fail(r->err, H5R_RESULTS, "%s:1: no header: its line is not complete", r->path);
    }
    if (status == H5R_OK) {
        status = keep_end(r, csv);
    }
    if (status == H5R_OK) {
        status = read_rows(r, csv);
    }
    return status;
}

h5r_status_t h5r_csv_parse(const char *path, char *text, size_t length, h5r_csv_t *csv, h5r_error_t *err)
{
    *csv = (h5r_csv_t){.text = text};
    if (memchr(text, '\0', length)) {
        return h5r_fail(err, H5R_RESULTS, "%s: not a CSV file: it holds a zero byte", path);
    }
    reader_t r = {.path = path, .begin = text, .at = text, .end = text + length, .line = 1, .err = err};
    if (strncmp(r.at, "\xef\xbb\xbf", 3) == 0) {
        r.at += 3; /* the byte order mark that spreadsheets write */
    }
    h5r_status_t status = read_table(&r, csv);
    csv->header = r.field;
    csv->cell = r.field ? r.field + csv->columns : NULL;
    return status;
}

h5r_status_t h5r_csv_read(const char *path, h5r_csv_t *csv, h5r_error_t *err)
{
    size_t length = 0;
    *csv = (h5r_csv_t){0};
    h5r_status_t status = load_text(path, &csv->text, &length, err);
    return status == H5R_OK ? h5r_csv_parse(path, csv->text, length, csv, err) : status;
}

void h5r_csv_free(h5r_csv_t *csv)
{
    free(csv->header);
    free(csv->end);
    free(csv->text);
    *csv = (h5r_csv_t){0};
}

int h5r_csv_column(const h5r_csv_t *csv, const char *name)
{
    for (size_t i = 0; i < csv->columns; i++) {
        if (strcmp(csv->header[i], name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

const char *h5r_csv_cell(const h5r_csv_t *csv, size_t row, int column)
{
    return column < 0 ? "" : csv->cell[row * csv->columns + (size_t)column];
}
