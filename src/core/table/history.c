#include "core/table/history.h"

#include "core/table/rows.h"
#include "h5roof/count.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    h5r_history_t *history;
    const h5r_csv_t *csv;
    const char *path;
    size_t room;
    h5r_past_t pending; /* the repetition whose rows are being read */
    size_t rows;        /* of it, so far */
    size_t kept;        /* rows of the file that are complete */
    uint64_t repetition;
    uint64_t operations; /* rows that it should have */
} reading_t;

static const h5r_past_kind_t kinds[H5R_ROWS] = {[H5R_ROW_OK] = H5R_PAST_REPETITION,
                                                [H5R_ROW_MISMATCH] = H5R_PAST_REPETITION,
                                                [H5R_ROW_SKIPPED] = H5R_PAST_SKIPPED,
                                                [H5R_ROW_INTERRUPTED] = H5R_PAST_INTERRUPTED,
                                                [H5R_ROW_STOPPED] = H5R_PAST_STOPPED};

static h5r_status_t keep(reading_t *r, size_t index, h5r_error_t *err)
{
    h5r_history_t *h = r->history;
    if (h->n == r->room) {
        size_t room = 2 * r->room + 64;
        h5r_past_t *more = realloc(h->past, room * sizeof *more);
        if (more == NULL) {
            return h5r_no_memory(err, "the rows of %s", r->path);
        }
        h->past = more;
        r->room = room;
    }
    h->past[h->n++] = r->pending;
    h->bytes = r->csv->end[index + 1];
    r->kept = index + 1;
    r->rows = 0;
    return H5R_OK;
}

/* The rows of a repetition are written together, one per operation. */
static bool continues(const reading_t *r, const h5r_row_t *row, uint64_t case_id)
{
    return r->pending.kind == H5R_PAST_REPETITION && r->pending.case_id == case_id &&
           r->pending.block == row->block && r->pending.warmup == row->warmup &&
           r->repetition == row->repetition;
}

static h5r_status_t take_row(void *self, const h5r_row_t *row, size_t index, h5r_error_t *err)
{
    reading_t *r = self;
    const h5r_past_kind_t kind = kinds[row->status];
    char *end;
    const uint64_t case_id = strtoull(row->case_id, &end, 16);
    if (row->status == H5R_ROW_NONE || end == row->case_id || *end != '\0') {
        return h5r_fail(err, H5R_RESULTS, "%s, row %zu: status '%s' of case_id '%s' is not known", r->path,
                        index + 1, h5r_row_words[row->status], row->case_id);
    }
    if (index == 0) {
        memcpy(r->history->run_id, row->run_id, sizeof r->history->run_id);
    }
    if (r->rows > 0 && !continues(r, row, case_id)) {
        return h5r_fail(err, H5R_RESULTS, "%s, row %zu: the row before lacks its other operation", r->path,
                        index + 1);
    }
    if (r->rows == 0) {
        r->pending =
            (h5r_past_t){.kind = kind, .case_id = case_id, .block = row->block, .warmup = row->warmup};
        for (int o = 0; o < H5R_OPERATIONS; o++) {
            r->pending.durable_s[o] = NAN;
        }
        r->repetition = row->repetition;
        r->operations = row->operations != H5R_NO_COUNT ? row->operations : 2; /* as before there were more */
    }
    r->pending.stop = row->stop;
    if (kind != H5R_PAST_REPETITION) {
        return keep(r, index, err);
    }
    r->pending.suspended = r->pending.suspended || h5r_row_is_marked(row, H5R_MARK_SUSPENDED);
    r->pending.mismatch = r->pending.mismatch || row->status == H5R_ROW_MISMATCH;
    if (r->operations == 0 || r->operations > H5R_OPERATIONS) {
        return h5r_fail(err, H5R_RESULTS, "%s, row %zu: no or more operations than this program knows",
                        r->path, index + 1);
    }
    r->pending.durable_s[r->rows++] = row->durable_s;
    return r->rows == r->operations ? keep(r, index, err) : H5R_OK;
}

h5r_status_t h5r_history_read(const char *path, h5r_history_t *history, h5r_error_t *err)
{
    h5r_csv_t csv = {0};
    *history = (h5r_history_t){0};
    reading_t r = {.history = history, .csv = &csv, .path = path};
    h5r_status_t status = h5r_csv_read(path, &csv, err);
    if (status == H5R_OK) {
        history->bytes = csv.end[0];
        status = h5r_rows_each(path, &csv, take_row, &r, err);
        history->dropped = csv.rows - r.kept + (csv.torn ? 1 : 0);
    }
    h5r_csv_free(&csv);
    return status;
}

void h5r_history_free(h5r_history_t *history)
{
    free(history->past);
    *history = (h5r_history_t){0};
}
