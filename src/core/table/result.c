#include "core/table/result.h"

#include "core/base/hash.h"
#include "core/table/rows.h"
#include "core/table/sibling.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    uint64_t rank;
    char node[64];
} slowest_t;

/* The values of one case and operation while the file is read. */
typedef struct {
    h5r_result_t result;
    double *value;      /* [capacity][series_count()] */
    slowest_t *slowest; /* [capacity] */
    size_t n, capacity;
    bool over; /* what it says is no longer true */
} group_t;

/* What is summarised over the repetitions: the columns of real numbers, and what is made of several of them. */
enum { WAITED, CONVERSION, DERIVED };

static size_t series_count(void)
{
    return h5r_f64_count() + DERIVED;
}

/* Bytes of a call of HDF5 from which on most of its requests are timed: chunks and rows cut it into as many as
 * 16, and the counters time those from 4096 bytes on. */
#define TIMED_CALLS (16 * 4096.0)

/* What a conversion costs, of durable_s: the time of the transfers outside MPI-IO where that was counted, or
 * else what it costs at least, which is its roof; the phase compute where the program does it. NaN: nothing
 * is converted. */
static double conversion_frac(const h5r_row_t *row)
{
    bool is_write = row->direction == H5R_MOVES_OUT;
    double transfer = row->phase[is_write ? H5R_PHASE_WRITE : H5R_PHASE_READ].max_s;
    double outside = fmin(transfer, row->durable_s - row->counters.seconds);
    bool counted = isfinite(row->counters.seconds) && isfinite(transfer) &&
                   (double)row->payload_bytes >= TIMED_CALLS * (double)row->calls;
    double by_program = row->phase[H5R_PHASE_COMPUTE].max_s;
    if (!isfinite(row->roof_convert_s) || !(row->durable_s > 0.0)) {
        return NAN;
    }
    if (row->factors.convert_by == H5R_CONVERT_BY_PROGRAM && isfinite(by_program)) {
        return by_program / row->durable_s;
    }
    return fmax(counted ? outside : 0.0, row->roof_convert_s) / row->durable_s;
}

static void series_of(const h5r_row_t *row, double *value)
{
    size_t n, series = DERIVED;
    const h5r_column_t *columns = h5r_columns(&n);
    value[WAITED] = row->ranks_max_s > 0.0 ? 1.0 - row->ranks_med_s / row->ranks_max_s : (double)NAN;
    value[CONVERSION] = conversion_frac(row);
    for (size_t i = 0; i < n; i++) {
        if (columns[i].type == H5R_CELL_F64) {
            memcpy(&value[series++], (const char *)row + columns[i].offset, sizeof *value);
        }
    }
}

static h5r_summary_t summarise(const group_t *g, size_t series, double *room)
{
    size_t n = 0;
    for (size_t i = 0; i < g->n; i++) {
        double v = g->value[i * series_count() + series];
        if (v == v) { /* not NaN */
            room[n++] = v;
        }
    }
    return h5r_summarise(room, n);
}

bool h5r_row_measured(const h5r_row_t *row)
{
    return !row->warmup && !h5r_row_is_marked(row, H5R_MARK_SUSPENDED) &&
           (row->status == H5R_ROW_OK || row->status == H5R_ROW_MISMATCH);
}

/* Which facts are not those of the measured repetitions before. */
static void watch_facts(h5r_result_t *r, const h5r_row_t *row)
{
    if (!h5r_row_measured(row)) {
        return;
    }
    if (r->measured > 0 && h5r_row_measured(&r->last)) {
        r->varied |= h5r_exact_differing(&r->last, row);
    }
    r->measured++;
}

static bool grow(group_t *g)
{
    size_t capacity = 2 * g->capacity + 8;
    double *values = realloc(g->value, capacity * series_count() * sizeof *values);
    g->value = values != NULL ? values : g->value;
    h5r_sample_t *samples = realloc(g->result.sample, capacity * sizeof *samples);
    g->result.sample = samples != NULL ? samples : g->result.sample;
    slowest_t *who = realloc(g->slowest, capacity * sizeof *who);
    g->slowest = who != NULL ? who : g->slowest;
    bool grown = values != NULL && samples != NULL && who != NULL;
    g->capacity = grown ? capacity : g->capacity;
    return grown;
}

static bool add_row(group_t *g, const h5r_row_t *row)
{
    const bool suspended = h5r_row_is_marked(row, H5R_MARK_SUSPENDED);
    g->result.suspended += suspended && !row->warmup ? 1 : 0;
    if ((row->warmup || suspended) && g->result.measured > 0) {
        return true;
    }
    bool wrong = row->status == H5R_ROW_MISMATCH;
    watch_facts(&g->result, row);
    g->result.mismatches += wrong ? 1 : 0;
    if (row->status != H5R_ROW_OK || !h5r_row_measured(row)) {
        bool keep = g->result.mismatches > 0 && g->result.last.status == H5R_ROW_MISMATCH;
        g->result.last = keep ? g->result.last : *row;
        return true;
    }
    if (g->n == g->capacity && !grow(g)) {
        return false;
    }
    series_of(row, g->value + g->n * series_count());
    g->slowest[g->n].rank = row->slowest_rank;
    memcpy(g->slowest[g->n].node, row->slowest_node, sizeof row->slowest_node);
    g->result.sample[g->n] = (h5r_sample_t){.durable_s = row->durable_s, .block = row->block};
    g->n++;
    g->result.shorts += h5r_row_is_marked(row, H5R_MARK_SHORT) ? 1 : 0;
    g->result.above_roof += h5r_row_is_marked(row, H5R_MARK_ABOVE_ROOF) ? 1 : 0;
    g->result.skewed += h5r_row_is_marked(row, H5R_MARK_SKEWED) ? 1 : 0;
    g->result.cpu_bound += h5r_bound_is_cpu(row->roof_bound) ? 1 : 0;
    g->result.cached += h5r_row_is_marked(row, H5R_MARK_CACHED) ? 1 : 0;
    g->result.bounded = g->result.bounded || h5r_row_is_marked(row, H5R_MARK_BOUNDED);
    g->result.unverified = g->result.unverified || h5r_row_is_marked(row, H5R_MARK_UNVERIFIED);
    if (g->result.mismatches == 0) { /* a row that tells what differs stays */
        g->result.last = *row;
    }
    return true;
}

/* Which rank and which node were slowest most often. Case by case there are tens of repetitions: no need for
 * more than two loops. */
static void count_slowest(group_t *g)
{
    h5r_result_t *r = &g->result;
    for (size_t i = 0; i < g->n; i++) {
        size_t rank = 0, node = 0;
        for (size_t k = 0; k < g->n; k++) {
            rank += g->slowest[k].rank == g->slowest[i].rank ? 1 : 0;
            node += strcmp(g->slowest[k].node, g->slowest[i].node) == 0 ? 1 : 0;
        }
        if (g->slowest[i].rank != H5R_NO_COUNT && rank > r->slowest_rank_count) {
            r->slowest_rank_count = rank;
            r->slowest_rank = g->slowest[i].rank;
        }
        if (g->slowest[i].node[0] != '\0' && node > r->slowest_node_count) {
            r->slowest_node_count = node;
            memcpy(r->slowest_node, g->slowest[i].node, sizeof r->slowest_node);
        }
    }
}

h5r_summary_t h5r_result_summary(const h5r_result_t *r, const char *column)
{
    size_t n, series = 0;
    const h5r_column_t *columns = h5r_columns(&n);
    for (size_t i = 0; i < n && r->column != NULL; i++) {
        if (columns[i].type == H5R_CELL_F64) {
            if (strcmp(columns[i].name, column) == 0) {
                return r->column[series];
            }
            series++;
        }
    }
    return (h5r_summary_t){0};
}

static bool finish(group_t *g)
{
    h5r_result_t *r = &g->result;
    double *room = malloc((g->n + 1) * sizeof *room);
    r->column = malloc(h5r_f64_count() * sizeof *r->column);
    if (room == NULL || r->column == NULL) {
        free(room);
        return false;
    }
    for (size_t i = 0; i < h5r_f64_count(); i++) {
        r->column[i] = summarise(g, DERIVED + i, room);
    }
    r->repetitions = g->n;
    r->durable_mibps = h5r_result_summary(r, "durable_mibps");
    r->transfer_mibps = h5r_result_summary(r, "transfer_mibps");
    r->durable_s = h5r_result_summary(r, "durable_s");
    r->roof_s = h5r_result_summary(r, "roof_s");
    r->efficiency = h5r_result_summary(r, "efficiency_frac");
    r->shared_roof_s = h5r_result_summary(r, "roof_store_shared_s");
    r->own_roof_s = h5r_result_summary(r, "roof_store_own_s");
    r->waited_frac = summarise(g, WAITED, room);
    r->conversion_frac = summarise(g, CONVERSION, room);
    count_slowest(g);
    for (int p = 0; p < H5R_PHASE_COUNT; p++) {
        char name[64];
        snprintf(name, sizeof name, "%s_max_s", h5r_phase_names[p]);
        r->phase_s[p] = h5r_result_summary(r, name);
    }
    free(room);
    return true;
}

/* Groups by (case, operation, ranks), found through a table of open addressing. */
typedef struct {
    group_t *group;
    size_t n, capacity;
    size_t *slot; /* index + 1; 0: free */
    size_t slots; /* power of two, at least twice the number of rows */
    size_t stops; /* rows that say so */
} groups_t;

/* What befell a case is told apart by its status: it may have been interrupted and, later, stopped. */
static bool same_group(const h5r_row_t *a, const h5r_row_t *b)
{
    return strcmp(a->case_name, b->case_name) == 0 && strcmp(a->case_id, b->case_id) == 0 &&
           strcmp(a->operation, b->operation) == 0 && a->ranks == b->ranks &&
           (a->operation[0] != '\0' || a->status == b->status);
}

/* NULL: there is none, and *slot is where it belongs. */
static group_t *seek_group(const groups_t *groups, const h5r_row_t *row, size_t *slot)
{
    uint64_t h = h5r_hash_text(H5R_HASH_EMPTY, row->case_id);
    h = h5r_hash_text(h5r_hash_text(h, row->case_name), row->operation);
    size_t mask = groups->slots - 1, i = (size_t)h & mask;
    for (; groups->slot[i] != 0; i = (i + 1) & mask) {
        group_t *g = &groups->group[groups->slot[i] - 1];
        if (same_group(&g->result.last, row)) {
            return g;
        }
    }
    *slot = i;
    return NULL;
}

static group_t *find_group(groups_t *groups, const h5r_row_t *row)
{
    size_t i;
    group_t *found = seek_group(groups, row, &i);
    if (found != NULL) {
        return found;
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

/* A case that was stopped for lack of time goes on when its run is resumed. */
static void forget_stop(groups_t *groups, const h5r_row_t *row)
{
    h5r_row_t *key = malloc(sizeof *key);
    if (key == NULL) {
        return; /* then the table says what once was true */
    }
    *key = *row;
    key->operation[0] = '\0';
    key->status = H5R_ROW_STOPPED;
    size_t slot;
    group_t *g = seek_group(groups, key, &slot);
    if (g != NULL) {
        g->over = true;
    }
    free(key);
}

static bool is_stop(const h5r_row_t *row)
{
    return row->status == H5R_ROW_STOPPED;
}

/* Where the rows of a file go. */
static h5r_status_t take_row(void *self, const h5r_row_t *row, size_t index, h5r_error_t *err)
{
    groups_t *groups = self;
    (void)index;
    groups->stops += is_stop(row) ? 1 : 0;
    if (groups->stops > 0 && !is_stop(row)) {
        forget_stop(groups, row);
    }
    group_t *g = find_group(groups, row);
    if (g != NULL && is_stop(row)) {
        g->over = false;
    }
    return g != NULL && add_row(g, row) ? H5R_OK : h5r_no_memory(err, "the results");
}

static h5r_status_t gather(const char *path, const h5r_csv_t *csv, groups_t *groups, h5r_error_t *err)
{
    for (groups->slots = 16; groups->slots < 2 * csv->rows; groups->slots *= 2) {
    }
    groups->slot = calloc(groups->slots, sizeof *groups->slot);
    if (groups->slot == NULL) {
        return h5r_no_memory(err, "%zu rows of %s", csv->rows, path);
    }
    return h5r_rows_each(path, csv, take_row, groups, err);
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
        h5r_result_t *from = &groups->group[place[i].index].result;
        if (groups->group[place[i].index].over) {
            continue;
        }
        results->result[results->n++] = *from;
        from->sample = NULL; /* they have moved */
        from->column = NULL;
    }
    free(place);
    return good ? H5R_OK : h5r_no_memory(err, "the results of %s", path);
}

/* Takes csv over; status: how reading it went. */
static h5r_status_t load(const char *path, h5r_csv_t *csv, h5r_status_t status, h5r_results_t *results,
                         h5r_error_t *err)
{
    groups_t groups = {0};
    if (status == H5R_OK) {
        status = gather(path, csv, &groups, err);
    }
    if (status == H5R_OK) {
        status = finish_all(path, &groups, results, err);
        h5r_results_relate(results);
    }
    results->torn = csv->torn;
    for (size_t i = 0; i < groups.n; i++) {
        free(groups.group[i].value);
        free(groups.group[i].slowest);
        free(groups.group[i].result.sample);
        free(groups.group[i].result.column);
    }
    free(groups.group);
    free(groups.slot);
    results->has = h5r_exact_columns(csv);
    h5r_csv_free(csv);
    return status;
}

h5r_status_t h5r_results_load(const char *dir, h5r_results_t *results, h5r_error_t *err)
{
    char path[PATH_MAX];
    h5r_csv_t csv = {0};
    *results = (h5r_results_t){0};
    if (snprintf(path, sizeof path, "%s/results.csv", dir) >= (int)sizeof path) {
        return h5r_fail(err, H5R_RESULTS, "the path is too long: %s", dir);
    }
    h5r_status_t status = h5r_csv_read(path, &csv, err);
    return load(path, &csv, status, results, err);
}

h5r_status_t h5r_results_parse(const char *path, char *text, size_t length, h5r_results_t *results,
                               h5r_error_t *err)
{
    h5r_csv_t csv;
    *results = (h5r_results_t){0};
    h5r_status_t status = h5r_csv_parse(path, text, length, &csv, err);
    return load(path, &csv, status, results, err);
}

void h5r_results_free(h5r_results_t *results)
{
    for (size_t i = 0; i < results->n; i++) {
        free(results->result[i].sample);
        free(results->result[i].column);
    }
    free(results->result);
    *results = (h5r_results_t){0};
}
