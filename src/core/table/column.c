#include "core/table/column.h"

#include "core/base/csv.h"
#include "core/table/column_table.h"
#include "h5roof/count.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const h5r_phase_names[H5R_PHASE_COUNT] = {
#define X(SYMBOL, name, help) name,
    H5R_PHASE_TABLE(X)
#undef X
};

const char *const h5r_direction_names[H5R_DIRECTIONS + 1] = {[H5R_MOVES_OUT] = "writes",
                                                             [H5R_MOVES_IN] = "reads",
                                                             [H5R_MOVES_BOTH] = "both",
                                                             [H5R_MOVES_NOTHING] = "neither",
                                                             [H5R_DIRECTIONS] = ""};

static const char *const phase_help[H5R_PHASE_COUNT] = {
#define X(SYMBOL, name, help) help,
    H5R_PHASE_TABLE(X)
#undef X
};

#define AT(member) offsetof(h5r_row_t, member)

/* What is kept of every phase. The name gets the phase's name in front. */
static const struct {
    const char *suffix;
    h5r_cell_type_t type;
    size_t offset; /* in h5r_phase_time_t */
    const char *help;
} phase_parts[] = {
    {"max_s", H5R_CELL_F64, offsetof(h5r_phase_time_t, max_s), "slowest rank"},
    {"med_s", H5R_CELL_F64, offsetof(h5r_phase_time_t, med_s),
     "median over the ranks, to 1/512 of the spread between min and max"},
    {"min_s", H5R_CELL_F64, offsetof(h5r_phase_time_t, min_s), "fastest rank"},
    {"slowest_rank", H5R_CELL_U64, offsetof(h5r_phase_time_t, slowest_rank), "which rank was slowest"},
    {"wall_s", H5R_CELL_F64, offsetof(h5r_phase_time_t, wall_s), "on rank 0, from barrier to barrier"},
};

/* Of the factors whose columns lie together, in the order of the table of factors. Later ones are the last
 * columns, or lie where h5r_columns_after has a line for them. */
#define LAST_OF_FACTORS "opens"

#define MAX_COLUMNS 320
#define CELL_SIZE   1024 /* above every text of a row and of a factor */

/* Written once by h5r_columns(), constant from then on. */
static h5r_column_t table[MAX_COLUMNS];
static size_t table_count, f64_count;

static void append(const h5r_column_t *columns, size_t n)
{
    for (size_t i = 0; i < n && table_count < MAX_COLUMNS; i++) {
        table[table_count++] = columns[i];
    }
}

/* Quantities become plain numbers with their unit in the column's name. */
static const char *quantity_suffix(const h5r_factor_t *factor)
{
    if (factor->choices != NULL) {
        return NULL; /* may be a word */
    }
    return factor->type == H5R_TYPE_BYTES ? "_bytes" : factor->type == H5R_TYPE_COUNT ? "_count" : NULL;
}

static bool is_taken(const char *name)
{
    bool taken = false;
    for (size_t i = 0; i < h5r_columns_before_count; i++) {
        taken = taken || strcmp(h5r_columns_before[i].name, name) == 0;
    }
    for (size_t i = 0; i < h5r_columns_after_count; i++) {
        const h5r_column_t *c = &h5r_columns_after[i];
        taken = taken || (c->type != H5R_CELL_FACTOR && strcmp(c->name, name) == 0);
    }
    return taken;
}

static bool ends_in(const char *name, const char *suffix)
{
    const size_t n = strlen(name), end = strlen(suffix);
    return n >= end && strcmp(name + n - end, suffix) == 0;
}

/* What was asked for, where another column has what came of it: ranks, objects. */
static const char *name_suffix(const h5r_factor_t *factor)
{
    const char *suffix = quantity_suffix(factor) != NULL && !ends_in(factor->name, quantity_suffix(factor))
                             ? quantity_suffix(factor)
                             : "";
    char name[sizeof((h5r_column_t *)NULL)->name];
    snprintf(name, sizeof name, "%s%s", factor->name, suffix);
    return is_taken(name) ? "_asked" : suffix;
}

static void append_factor(const h5r_factor_t *factor)
{
    h5r_column_t c = {.group = "factors", .type = H5R_CELL_FACTOR, .factor = factor};
    snprintf(c.name, sizeof c.name, "%s%s", factor->name, name_suffix(factor));
    snprintf(c.help, sizeof c.help, "%s", factor->help);
    append(&c, 1);
}

static bool has_line(const h5r_factor_t *factor)
{
    bool has = false;
    for (size_t i = 0; i < h5r_columns_after_count; i++) {
        const h5r_column_t *c = &h5r_columns_after[i];
        has = has || (c->type == H5R_CELL_FACTOR && strcmp(c->name, factor->name) == 0);
    }
    return has;
}

/* Those that were there when the order of the columns was laid down, or those that came later. */
static void append_factors(bool later)
{
    bool is_later = false;
    for (size_t i = 0; i < H5R_FACTORS; i++) {
        const h5r_factor_t *factor = &h5r_factor_table[i];
        if (is_later == later && !has_line(factor)) {
            append_factor(factor);
        }
        is_later = is_later || strcmp(factor->name, LAST_OF_FACTORS) == 0;
    }
}

static void append_phase(size_t p)
{
    for (size_t k = 0; k < H5R_COUNT_OF(phase_parts); k++) {
        h5r_column_t c = {.group = "phases",
                          .type = phase_parts[k].type,
                          .offset = AT(phase) + p * sizeof(h5r_phase_time_t) + phase_parts[k].offset};
        snprintf(c.name, sizeof c.name, "%s_%s", h5r_phase_names[p], phase_parts[k].suffix);
        snprintf(c.help, sizeof c.help, "%s: %s", phase_parts[k].help, phase_help[p]);
        append(&c, 1);
    }
}

static void append_phases(void)
{
    for (size_t p = 0; p < H5R_PHASE_LATER; p++) {
        append_phase(p);
    }
}

static size_t phase_called(const char *name)
{
    size_t p = 0;
    while (p < H5R_PHASE_COUNT && strcmp(h5r_phase_names[p], name) != 0) {
        p++;
    }
    return p;
}

static void append_after(void)
{
    for (size_t i = 0; i < h5r_columns_after_count; i++) {
        const h5r_column_t *c = &h5r_columns_after[i];
        if (c->type == H5R_CELL_FACTOR) {
            append_factor(h5r_factor_find(c->name));
        } else if (phase_called(c->name) < H5R_PHASE_COUNT) {
            append_phase(phase_called(c->name));
        } else {
            append(c, 1);
        }
    }
}

const h5r_column_t *h5r_columns(size_t *count)
{
    if (table_count == 0) {
        append(h5r_columns_before, h5r_columns_before_count);
        append_factors(false);
        append_phases();
        append_after();
        append_factors(true);
        for (size_t i = 0; i < table_count; i++) {
            f64_count += table[i].type == H5R_CELL_F64 ? 1 : 0;
        }
    }
    *count = table_count;
    return table;
}

size_t h5r_f64_count(void)
{
    size_t n;
    h5r_columns(&n);
    return f64_count;
}

const h5r_column_t *h5r_column_find(const char *name)
{
    size_t n;
    const h5r_column_t *columns = h5r_columns(&n);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(columns[i].name, name) == 0) {
            return &columns[i];
        }
    }
    return NULL;
}

h5r_counters_t h5r_counters_none(void)
{
    return (h5r_counters_t){H5R_NO_COUNT, H5R_NO_COUNT, H5R_NO_COUNT, H5R_NO_COUNT, H5R_NO_COUNT,
                            H5R_NO_COUNT, H5R_NO_COUNT, H5R_NO_COUNT, NAN};
}

void h5r_row_clear(h5r_row_t *row)
{
    memset(row, 0, sizeof *row);
    size_t n;
    const h5r_column_t *columns = h5r_columns(&n);
    for (size_t i = 0; i < n; i++) {
        if (columns[i].type != H5R_CELL_FACTOR) {
            h5r_row_parse_cell(row, &columns[i], "");
        }
    }
    row->schema = H5R_SCHEMA_VERSION;
    h5r_factors_default(&row->factors);
}

static bool parse_u64(const char *text, uint64_t *value)
{
    char *end;
    *value = text[0] == '\0' ? H5R_NO_COUNT : strtoull(text, &end, 10);
    return text[0] == '\0' || (*end == '\0' && text[0] != '-');
}

static bool parse_f64(const char *text, double *value)
{
    char *end;
    *value = text[0] == '\0' ? (double)NAN : strtod(text, &end);
    return text[0] == '\0' || (*end == '\0' && isfinite(*value));
}

/* The number of a word of this length; the number of all: there is none such. */
static size_t find_word(const h5r_column_t *column, const char *text, size_t length)
{
    size_t i = 0;
    while (i < column->size &&
           (strncmp(column->words[i], text, length) != 0 || column->words[i][length] != '\0')) {
        i++;
    }
    return i;
}

/* The word of a newer program is none. */
static bool parse_word(const h5r_column_t *column, const char *text, char *cell)
{
    const size_t found = find_word(column, text, strlen(text));
    const unsigned word = (unsigned)(found < column->size ? found : find_word(column, "", 0));
    memcpy(cell, &word, sizeof word);
    return true;
}

/* Its marks are left out. */
static bool parse_marks(const h5r_column_t *column, const char *text, char *cell)
{
    unsigned marks = 0;
    while (text[0] != '\0') {
        const size_t length = strcspn(text, ";"), word = find_word(column, text, length);
        marks |= word < column->size ? 1u << word : 0u;
        text += length + (text[length] == ';' ? 1 : 0);
    }
    memcpy(cell, &marks, sizeof marks);
    return true;
}

h5r_direction_t h5r_row_direction(const h5r_row_t *row)
{
    bool writes = !isnan(row->phase[H5R_PHASE_WRITE].max_s), reads = !isnan(row->phase[H5R_PHASE_READ].max_s);
    if (row->direction != H5R_DIRECTIONS || row->operation[0] == '\0') {
        return row->direction;
    }
    return writes && reads ? H5R_MOVES_BOTH
           : writes        ? H5R_MOVES_OUT
           : reads         ? H5R_MOVES_IN
                           : H5R_MOVES_NOTHING;
}

bool h5r_row_parse_cell(h5r_row_t *row, const h5r_column_t *column, const char *text)
{
    char *cell = (char *)row + column->offset;
    h5r_error_t ignored;
    switch (column->type) {
    case H5R_CELL_TEXT:
        return snprintf(cell, column->size, "%s", text) < (int)column->size;
    case H5R_CELL_U64:
        return parse_u64(text, (uint64_t *)(void *)cell);
    case H5R_CELL_F64:
        return parse_f64(text, (double *)(void *)cell);
    case H5R_CELL_BOOL:
        *(bool *)cell = strcmp(text, "true") == 0;
        return *(bool *)cell || text[0] == '\0' || strcmp(text, "false") == 0;
    case H5R_CELL_WORD:
        return parse_word(column, text, cell);
    case H5R_CELL_MARKS:
        return parse_marks(column, text, cell);
    case H5R_CELL_FACTOR:
        /* an empty cell is a value that is not given, which is the default of every factor that can be empty
         */
        return text[0] == '\0' || h5r_factor_parse(column->factor, text, &row->factors, &ignored) == H5R_OK;
    }
    return false;
}

static char *factor_text(const h5r_row_t *row, const h5r_factor_t *factor, char *buf, size_t size)
{
    if (quantity_suffix(factor) == NULL) {
        return h5r_factor_format(factor, &row->factors, buf, size);
    }
    uint64_t value;
    memcpy(&value, (const char *)&row->factors + factor->offset, sizeof value);
    snprintf(buf, size, "%" PRIu64, value);
    return buf;
}

static void marks_text(const h5r_column_t *column, unsigned marks, char *buf, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; i < column->size && used < size; i++) {
        if ((marks & 1u << i) != 0) {
            used += (size_t)snprintf(buf + used, size - used, "%s%s", used > 0 ? ";" : "", column->words[i]);
        }
    }
}

char *h5r_row_cell_text(const h5r_row_t *row, const h5r_column_t *column, char *buf, size_t size)
{
    _Static_assert(sizeof(h5r_row_status_t) == sizeof(unsigned),
                   "an enumeration is as large as its words' number");
    const char *cell = (const char *)row + column->offset;
    uint64_t u;
    double d;
    unsigned word;
    buf[0] = '\0';
    switch (column->type) {
    case H5R_CELL_TEXT:
        snprintf(buf, size, "%s", cell);
        break;
    case H5R_CELL_U64:
        memcpy(&u, cell, sizeof u);
        if (u != H5R_NO_COUNT) {
            snprintf(buf, size, "%" PRIu64, u);
        }
        break;
    case H5R_CELL_F64:
        memcpy(&d, cell, sizeof d);
        if (isfinite(d)) {
            snprintf(buf, size, "%.9g", d);
        }
        break;
    case H5R_CELL_BOOL:
        snprintf(buf, size, "%s", *(const bool *)cell ? "true" : "false");
        break;
    case H5R_CELL_WORD:
        memcpy(&word, cell, sizeof word);
        snprintf(buf, size, "%s", word < column->size ? column->words[word] : "");
        break;
    case H5R_CELL_MARKS:
        memcpy(&word, cell, sizeof word);
        marks_text(column, word, buf, size);
        break;
    case H5R_CELL_FACTOR:
        return factor_text(row, column->factor, buf, size);
    }
    return buf;
}

void h5r_row_write_header(FILE *out)
{
    size_t n;
    const h5r_column_t *columns = h5r_columns(&n);
    for (size_t i = 0; i < n; i++) {
        fprintf(out, "%s%s", i == 0 ? "" : ",", columns[i].name);
    }
    fputc('\n', out);
}

void h5r_row_write(const h5r_row_t *row, FILE *out)
{
    size_t n;
    const h5r_column_t *columns = h5r_columns(&n);
    for (size_t i = 0; i < n; i++) {
        if (i > 0) {
            fputc(',', out);
        }
        char text[CELL_SIZE];
        h5r_csv_field(out, h5r_row_cell_text(row, &columns[i], text, sizeof text));
    }
    fputc('\n', out);
}
