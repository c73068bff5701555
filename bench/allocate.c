/*
 * allocate: when does storage appear, and what does it cost? A dataset is created and left empty, one element
 * is written, all is read, all is written, all is read: each in a file that is opened anew and closed again,
 * so that the bytes in the file can be told after each.
 */
#include "h5roof/count.h"
#include "h5roof/fill.h"
#include "h5roof/hdf5_file.h"
#include "h5roof/steps.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { CREATE, TOUCH, SCAN, WRITE, READ }; /* its operations */

typedef struct {
    uint64_t global[H5R_MAX_NDIMS]; /* coordinate of the touched element in the dataset of all */
    hsize_t at[H5R_MAX_NDIMS];      /* in the file's */
    bool touches;                   /* this rank writes it */
    char element[8];                /* what it becomes */
    hid_t memory_space, file_space;
} touch_t;

/* In the file's dataset; a rank whose share is smaller takes its nearest element. */
static void find_touched(const h5r_rep_t *rep, touch_t *t)
{
    const h5r_part_t *part = rep->part;
    const h5r_dims_t *asked = &rep->factors->touch, *shape = h5r_store_shape(part->store);
    bool shared = h5r_store_shared(part->store);
    uint64_t index = 0;
    for (int d = 0; d < shape->n; d++) {
        uint64_t at = asked->n == 0 ? 0 : asked->d[d] < shape->d[d] ? asked->d[d] : shape->d[d] - 1;
        t->at[d] = at;
        t->global[d] = shared ? at : part->region.start[d] + part->region.stride[d] * at;
        index = index * rep->factors->shape.d[d] + t->global[d];
    }
    h5r_data_fill(&rep->data, index, 1, t->element);
    /* all ranks keep a compact dataset in memory, so all must change it alike */
    t->touches = !shared || rep->rank == 0 || rep->factors->layout == H5R_LAYOUT_COMPACT;
}

static h5r_status_t select_touched(h5r_rep_t *rep, h5r_error_t *err)
{
    const hsize_t one[H5R_MAX_NDIMS] = {1, 1, 1, 1, 1, 1};
    touch_t *t = rep->own;
    h5r_hdf5_t *h = h5r_store_hdf5(rep->part->store);
    if (h == NULL) {
        return H5R_OK;
    }
    t->memory_space = H5Screate_simple(1, one, NULL);
    t->file_space = H5Dget_space(h->dataset);
    herr_t code = t->touches ? H5Sselect_hyperslab(t->file_space, H5S_SELECT_SET, t->at, NULL, one, NULL)
                             : H5Sselect_none(t->file_space);
    if (code >= 0 && !t->touches) {
        code = H5Sselect_none(t->memory_space);
    }
    return t->memory_space < 0 || code < 0 ? h5r_fail_hdf5(err, "selecting an element", h->path) : H5R_OK;
}

static h5r_status_t write_touched(h5r_rep_t *rep, h5r_error_t *err)
{
    const touch_t *t = rep->own;
    h5r_hdf5_t *h = h5r_store_hdf5(rep->part->store);
    if (h != NULL &&
        H5Dwrite(h->dataset, h->memory_type, t->memory_space, t->file_space, h->transfer, t->element) < 0) {
        return h5r_fail_hdf5(err, "H5Dwrite", h->path);
    }
    return H5R_OK;
}

static h5r_status_t close_touched(h5r_rep_t *rep, h5r_error_t *err)
{
    const touch_t *t = rep->own;
    const h5r_hdf5_t *h = h5r_store_hdf5(rep->part->store);
    if (h != NULL && (H5Sclose(t->memory_space) < 0 || H5Sclose(t->file_space) < 0)) {
        return h5r_fail_hdf5(err, "H5Sclose", h->path);
    }
    return h5r_store_close(rep->part->store, err);
}

static h5r_status_t poison_fill(h5r_rep_t *rep, h5r_error_t *err)
{
    (void)err;
    h5r_fill_poison(rep->factors, rep->part->calls.elements, rep->read_buffer);
    return H5R_OK;
}

/* All but the touched element must be the fill value. */
static void check_rest(h5r_rep_t *rep, uint64_t n)
{
    char found[64], fill[8], expected[64];
    uint64_t coord[H5R_MAX_NDIMS], bad = h5r_fill_check(rep->factors, n, rep->read_buffer);
    if (bad == n) {
        return;
    }
    char where[H5R_COORD_SIZE];
    h5r_region_coord(&rep->part->region, bad, coord);
    h5r_fill_element(rep->factors, fill);
    h5r_rep_wrong(
        rep, SCAN, "element [%s], never written: expected the fill value %s, found %s",
        h5r_coord_text(coord, rep->factors->shape.n, where),
        h5r_data_format(rep->data.dtype, fill, expected, sizeof expected),
        h5r_data_format(rep->data.dtype, rep->read_buffer + bad * rep->element_bytes, found, sizeof found));
}

static h5r_status_t check_scan(h5r_rep_t *rep, h5r_error_t *err)
{
    const touch_t *t = rep->own;
    const uint64_t n = rep->part->calls.elements;
    uint64_t local;
    (void)err;
    if (h5r_region_find(&rep->part->region, t->global, &local) && local < n) {
        char *at = rep->read_buffer + local * rep->element_bytes, expected[64], found[64];
        if (memcmp(at, t->element, rep->element_bytes) != 0) {
            h5r_rep_wrong(rep, SCAN, "the one element that was written: expected %s, found %s",
                          h5r_data_format(rep->data.dtype, t->element, expected, sizeof expected),
                          h5r_data_format(rep->data.dtype, at, found, sizeof found));
        }
        h5r_fill_element(rep->factors, at);
    }
    if (h5r_fill_promised(rep->factors)) {
        check_rest(rep, n);
    }
    return H5R_OK;
}

static h5r_status_t poison(h5r_rep_t *rep, h5r_error_t *err)
{
    (void)err;
    h5r_data_poison_region(&rep->data, &rep->factors->shape, &rep->part->region, rep->part->calls.elements,
                           rep->read_buffer);
    return H5R_OK;
}

static const h5r_timed_step_t steps[] = {
    {CREATE, H5R_PHASE_CREATE, h5r_step_create, H5R_ALWAYS},
    {CREATE, H5R_PHASE_FLUSH, h5r_step_flush, H5R_ALWAYS},
    {CREATE, H5R_PHASE_CLOSE, h5r_step_close, H5R_MEASURED},
    {TOUCH, H5R_PHASE_OPEN, h5r_step_open_rw, H5R_ALWAYS},
    {TOUCH, H5R_PHASE_SELECT, select_touched, H5R_ALWAYS},
    {TOUCH, H5R_PHASE_WRITE, write_touched, H5R_ALWAYS},
    {TOUCH, H5R_PHASE_FLUSH, h5r_step_flush, H5R_ALWAYS},
    {TOUCH, H5R_PHASE_CLOSE, close_touched, H5R_MEASURED},
    {SCAN, H5R_UNTIMED, poison_fill, H5R_ALWAYS},
    {SCAN, H5R_PHASE_OPEN, h5r_step_open, H5R_ALWAYS},
    {SCAN, H5R_PHASE_SELECT, h5r_step_select, H5R_ALWAYS},
    {SCAN, H5R_PHASE_READ, h5r_step_read, H5R_ALWAYS},
    {SCAN, H5R_PHASE_CLOSE, h5r_step_close, H5R_MEASURED},
    {SCAN, H5R_UNTIMED, check_scan, H5R_VERIFYING},
    {WRITE, H5R_PHASE_OPEN, h5r_step_open_rw, H5R_ALWAYS},
    {WRITE, H5R_PHASE_SELECT, h5r_step_select, H5R_ALWAYS},
    {WRITE, H5R_PHASE_WRITE, h5r_step_write, H5R_ALWAYS},
    {WRITE, H5R_PHASE_FLUSH, h5r_step_flush, H5R_ALWAYS},
    {WRITE, H5R_PHASE_CLOSE, h5r_step_close, H5R_MEASURED},
    {READ, H5R_UNTIMED, h5r_step_turn_to_reads, H5R_ALWAYS},
    {READ, H5R_UNTIMED, poison, H5R_ALWAYS},
    {READ, H5R_UNTIMED, h5r_step_settle_cache, H5R_ALWAYS},
    {READ, H5R_PHASE_OPEN, h5r_step_open, H5R_ALWAYS},
    {READ, H5R_PHASE_SELECT, h5r_step_select, H5R_ALWAYS},
    {READ, H5R_PHASE_READ, h5r_step_read, H5R_ALWAYS},
    {READ, H5R_PHASE_CLOSE, h5r_step_close, H5R_ALWAYS},
};

static h5r_status_t prepare(h5r_rep_t *rep, h5r_error_t *err)
{
    touch_t *touch = rep->own;
    const h5r_part_t *writes = &rep->parts[H5R_WAY_OUT];
    const bool absent = h5r_store_absent(writes->store);
    (void)err;
    if (!absent) {
        find_touched(rep, touch);
    }
    h5r_rep_handled(rep, CREATE, h5r_store_shared(writes->store) ? rep->rank == 0 : !absent);
    h5r_rep_moved(rep, TOUCH, !absent && touch->touches ? rep->element_bytes : 0, absent ? 0 : 1);
    h5r_rep_moved_share(rep, SCAN);
    h5r_rep_moved_share(rep, WRITE);
    h5r_rep_moved_share(rep, READ);
    return H5R_OK;
}

static void check(h5r_rep_t *rep)
{
    h5r_rep_check(rep, READ);
}

static bool allows(const h5r_factors_t *f, int nranks, char *reason, size_t size)
{
    (void)nranks;
    if (f->touch.n != 0 && f->touch.n != f->shape.n) {
        snprintf(reason, size, "touch has %d coordinates, shape %d dimensions", f->touch.n, f->shape.n);
        return false;
    }
    for (int d = 0; d < f->touch.n; d++) {
        if (f->touch.d[d] >= f->shape.d[d]) {
            snprintf(reason, size,
                     "touch lies outside of the dataset: %" PRIu64 " of %" PRIu64 " in dimension %d",
                     f->touch.d[d], f->shape.d[d], d);
            return false;
        }
    }
    return h5r_fill_fits(f, reason, size);
}

static h5r_work_t work(const h5r_doer_t *w, h5r_operation_t operation)
{
    /* as find_touched has it */
    const bool touches =
        !w->absent && (!w->shared || w->rank == 0 || w->factors->layout == H5R_LAYOUT_COMPACT);
    if (operation == CREATE) {
        return (h5r_work_t){.objects = w->counts ? 1 : 0};
    }
    if (operation == TOUCH) {
        return (h5r_work_t){.payload_bytes = touches ? w->element_bytes : 0,
                            .calls = w->absent ? 0 : 1,
                            .all_calls = w->absent ? 0 : 1};
    }
    return h5r_work_share(w);
}

const h5r_workload_t h5r_workload_allocate = {
    .name = "allocate",
    .summary = "a dataset that is created empty, touched in one element, and written in full",
    .lesson =
        "An empty dataset costs a kilobyte, and one element can cost the whole dataset: contiguous storage "
        "is allocated at once by the first write, chunks one by one (alloc_time incr). fill_time and "
        "fill_value say what is written into storage that is new, and what untouched elements read as; "
        "fill_time never leaves them undefined, and nobody looks at them. On a shared file HDF5 allocates "
        "early, and up to 1.12 it writes all filtered chunks when the dataset is created. Compare file_bytes "
        "and stored_bytes after each operation.",
    .roof =
        "The bytes that an operation moves by the shortest way, raw POSIX (store): for touch one element, "
        "for scan, write and read all of them. What allocation and fill values cost beyond that is the "
        "efficiency. Filters run over all chunks for write and read; how many they run over for touch, and "
        "what scan reads, filters and converts of what was never written, is not known: these have no "
        "efficiency. create moves no datum and has no roof: the file that it leaves may be one hole.",
    .operations = {[CREATE] = {.name = "create",
                               .direction = H5R_MOVES_NOTHING,
                               .help = "the file holds no datum"},
                   [TOUCH] = {.name = "touch", .direction = H5R_MOVES_OUT, .help = "one element is written"},
                   [SCAN] = {.name = "scan",
                             .direction = H5R_MOVES_IN,
                             .help = "all is read: fill values but for one element",
                             .unwritten = true},
                   [WRITE] = {.name = "write", .direction = H5R_MOVES_OUT, .help = "all is written"},
                   [READ] = {.name = "read", .direction = H5R_MOVES_IN, .help = "all is read"}},
    .steps = steps,
    .step_count = H5R_COUNT_OF(steps),
    .own_bytes = sizeof(touch_t),
    .prepare = prepare,
    .check = check,
    .needs_hdf5 = true,
    .needs_file = true,
    .allows = allows,
    .work = work,
};
