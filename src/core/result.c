#include "core/result.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* The values of one case and operation while the file is read. */
typedef struct {
    h5r_result_t result;
    double *value; /* [capacity][SERIES] */
    size_t n, capacity;
} group_t;

/* What is summarised over the repetitions, as offsets of doubles in h5r_row_t. Phases follow. */
enum {
    DURABLE_MIBPS,
    TRANSFER_MIBPS,
    DURABLE_S,
    ROOF_S,
    EFFICIENCY,
    PHASES,
    SERIES = PHASES + H5R_PHASE_COUNT
};

static void series_of(const h5r_row_t *row, double value[SERIES])
{
    value[DURABLE_MIBPS] = row->durable_mibps;
    value[TRANSFER_MIBPS] = row->transfer_mibps;
    value[DURABLE_S] = row->durable_s;
    value[ROOF_S] = row->roof_s;
    value[EFFICIENCY] = row->efficiency_frac;
    for (int p = 0; p < H5R_PHASE_COUNT; p++) {
        value[PHASES + p] = row->phase[p].max_s;
    }
}

static h5r_summary_t summarise(const group_t *g, int series, double *room)
{
    size_t n = 0;
    for (size_t i = 0; i < g->n; i++) {
        double v = g->value[i * SERIES + (size_t)series];
        if (v == v) { /* not NaN */
            room[n++] = v;
        }
    }
    return h5r_summarise(room, n);
}

static bool has_mark(const char *quality, const char *mark)
{
    size_t length = strlen(mark);
    for (const char *at = strstr(quality, mark); at != NULL; at = strstr(at + 1, mark)) {
        bool begins = at == quality || at[-1] == ';';
        bool ends = at[length] == '\0' || at[length] == ';';
        if (begins && ends) {
            return true;
        }
    }
    return false;
}

static bool add_row(group_t *g, const h5r_row_t *row)
{
    if (row->warmup && g->n > 0) {
        return true;
    }
    bool wrong = strcmp(row->status, "mismatch") == 0;
    g->result.mismatches += wrong ? 1 : 0;
    if (row->warmup || strcmp(row->status, "ok") != 0) {
        bool keep = g->result.mismatches > 0 && strcmp(g->result.last.status, "mismatch") == 0;
        g->result.last = keep ? g->result.last : *row;
        return true;
    }
    if (g->n == g->capacity) {
        size_t capacity = 2 * g->capacity + 8;
        double *more = realloc(g->value, capacity * SERIES * sizeof *more);
        if (more == NULL) {
            return false;
        }
        g->value = more;
        g->capacity = capacity;
    }
    series_of(row, g->value + g->n * SERIES);
    g->n++;
    g->result.shorts += has_mark(row->quality, "short") ? 1 : 0;
    g->result.above_roof += has_mark(row->quality, "above_roof") ? 1 : 0;
    g->result.cached += has_mark(row->quality, "cached") ? 1 : 0;
    g->result.bounded = g->result.bounded || has_mark(row->quality, "bounded");
    g->result.unverified = g->result.unverified || has_mark(row->quality, "unverified");
    if (g->result.mismatches == 0) { /* a row that tells what differs stays */
        g->result.last = *row;
    }
    return true;
}

static bool finish(group_t *g)
{
    double *room = malloc((g->n + 1) * sizeof *room);
    if (room == NULL) {
        return false;
    }
    h5r_result_t *r = &g->result;
    r->repetitions = g->n;
    r->durable_mibps = summarise(g, DURABLE_MIBPS, room);
    r->transfer_mibps = summarise(g, TRANSFER_MIBPS, room);
    r->durable_s = summarise(g, DURABLE_S, room);
    r->roof_s = summarise(g, ROOF_S, room);
    r->efficiency = summarise(g, EFFICIENCY, room);
    for (int p = 0; p < H5R_PHASE_COUNT; p++) {
        r->phase_s[p] = summarise(g, PHASES + p, room);
    }
    free(room);
    return true;
}

/* Groups by (case, operation), found through a table of open addressing. */
typedef struct {
    group_t *group;
    size_t n, capacity;
    size_t *slot; /* index + 1; 0: free */
    size_t slots; /* power of two, at least twice the number of rows */
} groups_t;

static uint64_t hash_text(uint64_t h, const char *text)
{
    for (; *text != '\0'; text++) {
        h = (h ^ (unsigned char)*text) * 0x100000001b3u;
    }
    return h;
}

static group_t *find_group(groups_t *groups, const h5r_row_t *row)
{
    uint64_t h =
        hash_text(hash_text(hash_text(0xcbf29ce484222325u, row->case_id), row->case_name), row->operation);
    size_t mask = groups->slots - 1, i = (size_t)h & mask;
    for (; groups->slot[i] != 0; i = (i + 1) & mask) {
        group_t *g = &groups->group[groups->slot[i] - 1];
        if (strcmp(g->result.last.case_name, row->case_name) == 0 &&
            strcmp(g->result.last.case_id, row->case_id) == 0 &&
            strcmp(g->result.last.operation, row->operation) == 0) {
            return g;
        }
    }
    if (groups->n == groups->capacity) {
        size_t capacity = 2 * groups->capacity + 16;
        group_t *more = realloc(groups->group, capacity * sizeof *more);
        if (more == NULL) {
            return NULL;
        }
        groups->group = more;
        groups->capacity = capacity;
    }
    groups->slot[i] = groups->n + 1;
    group_t *g = &groups->group[groups->n++];
    memset(g, 0, sizeof *g);
    g->result.last = *row;
    return g;
}

/* Column of the file -> column of the table; NULL: a newer program's, which is left out. */
static h5r_status_t map_columns(const char *path, const h5r_csv_t *csv, const h5r_column_t **map,
                                h5r_error_t *err)
{
    for (size_t i = 0; i < csv->columns; i++) {
        map[i] = h5r_column_find(csv->header[i]);
    }
    static const char *const needed[] = {"schema", "case_id", "case", "operation", "status", "durable_mibps"};
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
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
    return row->schema <= H5R_SCHEMA_VERSION
               ? H5R_OK
               : h5r_fail(err, H5R_RESULTS,
                          "%s was written with schema %llu; this program knows up to %d: use a newer "
                          "h5roof",
                          path, (unsigned long long)row->schema, H5R_SCHEMA_VERSION);
}

static h5r_status_t gather(const char *path, const h5r_csv_t *csv, groups_t *groups, h5r_error_t *err)
{
    const h5r_column_t **map = calloc(csv->columns + 1, sizeof *map);
    h5r_row_t *row = malloc(sizeof *row);
    for (groups->slots = 16; groups->slots < 2 * csv->rows; groups->slots *= 2) {
    }
    groups->slot = calloc(groups->slots, sizeof *groups->slot);
    h5r_status_t status = H5R_OK;
    if (map == NULL || row == NULL || groups->slot == NULL) {
        status = h5r_fail(err, H5R_RESULTS, "no memory for %zu rows of %s", csv->rows, path);
    } else {
        status = map_columns(path, csv, map, err);
    }
    for (size_t i = 0; i < csv->rows && status == H5R_OK; i++) {
        status = read_row(path, csv, map, i, row, err);
        group_t *g = status == H5R_OK ? find_group(groups, row) : NULL;
        if (status == H5R_OK && (g == NULL || !add_row(g, row))) {
            status = h5r_fail(err, H5R_RESULTS, "no memory for %zu rows of %s", csv->rows, path);
        }
    }
    free(map);
    free(row);
    return status;
}

/* Order of the suite; within a case, that of the operations in the file. */
typedef struct {
    uint64_t case_number;
    size_t index;
} place_t;

static int by_place(const void *a, const void *b)
{
    const place_t *x = a, *y = b;
    if (x->case_number != y->case_number) {
        return x->case_number < y->case_number ? -1 : 1;
    }
    return x->index < y->index ? -1 : x->index > y->index;
}

static h5r_status_t finish_all(const char *path, groups_t *groups, h5r_results_t *results, h5r_error_t *err)
{
    results->result = calloc(groups->n + 1, sizeof *results->result);
    place_t *place = calloc(groups->n + 1, sizeof *place);
    bool good = results->result != NULL && place != NULL;
    for (size_t i = 0; i < groups->n && good; i++) {
        good = finish(&groups->group[i]);
        place[i] = (place_t){groups->group[i].result.last.case_number, i};
    }
    if (good) {
        qsort(place, groups->n, sizeof *place, by_place);
    }
    for (size_t i = 0; i < groups->n && good; i++) {
        results->result[results->n++] = groups->group[place[i].index].result;
    }
    free(place);
    return good ? H5R_OK : h5r_fail(err, H5R_RESULTS, "no memory for the results of %s", path);
}

h5r_status_t h5r_results_load(const char *dir, h5r_results_t *results, h5r_error_t *err)
{
    char path[PATH_MAX];
    h5r_csv_t csv = {0};
    groups_t groups = {0};
    *results = (h5r_results_t){0};
    if (snprintf(path, sizeof path, "%s/results.csv", dir) >= (int)sizeof path) {
        return h5r_fail(err, H5R_RESULTS, "the path is too long: %s", dir);
    }
    h5r_status_t status = h5r_csv_read(path, &csv, err);
    if (status == H5R_OK) {
        status = gather(path, &csv, &groups, err);
    }
    if (status == H5R_OK) {
        status = finish_all(path, &groups, results, err);
    }
    results->torn = csv.torn;
    for (size_t i = 0; i < groups.n; i++) {
        free(groups.group[i].value);
    }
    free(groups.group);
    free(groups.slot);
    h5r_csv_free(&csv);
    return status;
}

void h5r_results_free(h5r_results_t *results)
{
    free(results->result);
    *results = (h5r_results_t){0};
}
