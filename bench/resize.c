/*
 * resize: a dataset that grows by appending, is cut to its half and grows again. What was cut off reads as
 * the fill value, and what was left as it was written.
 */
#include "h5roof/buffer.h"
#include "h5roof/count.h"
#include "h5roof/fill.h"
#include "h5roof/growth.h"
#include "h5roof/hdf5_file.h"
#include "h5roof/steps.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { APPEND, READ, SHRINK, GROW, REREAD }; /* its operations */

/* What this rank writes in one call. */
typedef struct {
    hsize_t start[H5R_MAX_NDIMS], stride[H5R_MAX_NDIMS], count[H5R_MAX_NDIMS];
    uint64_t elements; /* 0: nothing is selected, and count is that of one */
} piece_t;

typedef struct {
    hsize_t extent[H5R_MAX_NDIMS];
    piece_t piece[H5R_GROWTH_PIECES];
} append_t;

typedef struct {
    h5r_growth_t growth; /* of the dataset in this rank's file */
    int parts, part;     /* among whom a step is dealt out */
    uint64_t steps;      /* 0: this rank has no file */
    bool collective;     /* all ranks make all calls */
    bool settles;        /* between appends it is flushed, or closed and opened again */
    bool strided;        /* between what a rank writes there is what others do */
    append_t *append;    /* [steps] */
    char *data;          /* what this rank appends, in the order of its calls */
    uint64_t bytes, calls;
} resize_t;

static void to_hsize(const h5r_dims_t *dims, hsize_t *out)
{
    for (int d = 0; d < dims->n; d++) {
        out[d] = dims->d[d];
    }
}

static int pieces_of(const resize_t *r)
{
    return r->growth.both ? H5R_GROWTH_PIECES : 1;
}

/* ---- what is timed */

static h5r_status_t create(h5r_rep_t *rep, h5r_error_t *err)
{
    const resize_t *r = rep->own;
    h5r_hdf5_t *h = h5r_store_hdf5(rep->part->store);
    if (h5r_hdf5_create_file(rep->part->store, err) != H5R_OK || h == NULL) {
        return err->code;
    }
    hsize_t extent[H5R_MAX_NDIMS], limit[H5R_MAX_NDIMS];
    const h5r_dims_t empty = h5r_growth_extent(&r->growth, 0);
    to_hsize(&empty, extent);
    to_hsize(&empty, limit);
    for (int d = 0; d < empty.n; d++) {
        limit[d] = h5r_factors_unlimited(rep->factors, d) ? H5S_UNLIMITED : limit[d];
    }
    hid_t space = H5Screate_simple(empty.n, extent, limit);
    h->dataset = H5Dcreate2(h->file, "data", h->file_type, space, H5P_DEFAULT, h->creation, H5P_DEFAULT);
    if (h->dataset < 0) {
        return h5r_fail_hdf5(err, "H5Dcreate2", h->path);
    }
    return H5Sclose(space) < 0 ? h5r_fail_hdf5(err, "H5Sclose", h->path) : H5R_OK;
}

static herr_t write_piece(const resize_t *r, const h5r_hdf5_t *h, const piece_t *piece, const char *data)
{
    hid_t file_space = H5Dget_space(h->dataset);
    hid_t memory_space = H5Screate_simple(r->growth.shape.n, piece->count, NULL);
    herr_t code = piece->elements == 0
                      ? H5Sselect_none(file_space) + H5Sselect_none(memory_space)
                      : H5Sselect_hyperslab(file_space, H5S_SELECT_SET, piece->start,
                                            r->strided ? piece->stride : NULL, piece->count, NULL);
    if (code >= 0) {
        code = H5Dwrite(h->dataset, h->memory_type, memory_space, file_space, h->transfer, data);
    }
    const bool closed = H5Sclose(memory_space) >= 0 && H5Sclose(file_space) >= 0;
    return closed ? code : -1;
}

/* Not after the last one: flushing and closing follow. */
static bool is_due(uint64_t every, uint64_t appends, uint64_t all)
{
    return every > 0 && appends < all && appends % every == 0;
}

static h5r_status_t settle(h5r_rep_t *rep, uint64_t appends, h5r_error_t *err)
{
    const resize_t *r = rep->own;
    h5r_store_t *store = rep->part->store;
    const h5r_hdf5_t *h = h5r_store_hdf5(store);
    if (is_due(rep->factors->flush_every, appends, r->steps) && H5Fflush(h->file, H5F_SCOPE_LOCAL) < 0) {
        return h5r_fail_hdf5(err, "H5Fflush", h->path);
    }
    if (is_due(rep->factors->reopen_every, appends, r->steps) && h5r_store_close(store, err) == H5R_OK) {
        h5r_store_open_rw(store, err);
    }
    return err->code;
}

static h5r_status_t append_all(h5r_rep_t *rep, h5r_error_t *err)
{
    const resize_t *r = rep->own;
    const h5r_hdf5_t *h = h5r_store_hdf5(rep->part->store);
    const char *at = r->data;
    const int pieces = pieces_of(r);
    for (uint64_t s = 0; s < r->steps; s++) {
        const append_t *append = &r->append[s];
        if (H5Dset_extent(h->dataset, append->extent) < 0) {
            return h5r_fail_hdf5(err, "H5Dset_extent", h->path);
        }
        for (int p = 0; p < pieces; p++) {
            const piece_t *piece = &append->piece[p];
            if ((piece->elements > 0 || r->collective) && write_piece(r, h, piece, at) < 0) {
                return h5r_fail_hdf5(err, "H5Dwrite", h->path);
            }
            at += piece->elements * rep->element_bytes;
        }
        if (r->settles && settle(rep, s + 1, err) != H5R_OK) {
            return err->code;
        }
    }
    return H5R_OK;
}

static h5r_status_t set_extent(h5r_rep_t *rep, const h5r_dims_t *to, h5r_error_t *err)
{
    const h5r_hdf5_t *h = h5r_store_hdf5(rep->part->store);
    hsize_t extent[H5R_MAX_NDIMS];
    to_hsize(to, extent);
    if (h != NULL && H5Dset_extent(h->dataset, extent) < 0) {
        return h5r_fail_hdf5(err, "H5Dset_extent", h->path);
    }
    return H5R_OK;
}

static h5r_status_t shrink(h5r_rep_t *rep, h5r_error_t *err)
{
    const resize_t *r = rep->own;
    const h5r_dims_t cut = h5r_growth_cut(&r->growth);
    return set_extent(rep, &cut, err);
}

static h5r_status_t grow(h5r_rep_t *rep, h5r_error_t *err)
{
    const resize_t *r = rep->own;
    return set_extent(rep, &r->growth.shape, err);
}

/* ---- what is not */

static h5r_status_t turn_to_changes(h5r_rep_t *rep, h5r_error_t *err)
{
    (void)err;
    h5r_rep_check(rep, READ);
    rep->part = &rep->parts[H5R_WAY_OUT];
    return H5R_OK;
}

/* The cut as it was closed, which the fill values alone would not tell where none are promised. */
static h5r_status_t check_cut(h5r_rep_t *rep, h5r_error_t *err)
{
    const resize_t *r = rep->own;
    const h5r_hdf5_t *h = h5r_store_hdf5(rep->part->store);
    const h5r_dims_t cut = h5r_growth_cut(&r->growth);
    hsize_t extent[H5R_MAX_NDIMS];
    if (h == NULL) {
        return H5R_OK;
    }
    hid_t space = H5Dget_space(h->dataset);
    const bool known = space >= 0 && H5Sget_simple_extent_dims(space, extent, NULL) == cut.n;
    if (space < 0 || H5Sclose(space) < 0 || !known) {
        return h5r_fail_hdf5(err, "H5Sget_simple_extent_dims", h->path);
    }
    for (int d = 0; d < cut.n; d++) {
        if (extent[d] != cut.d[d]) {
            h5r_rep_wrong(rep, SHRINK, "dimension %d: expected %" PRIu64 " elements, found %" PRIu64, d,
                          cut.d[d], (uint64_t)extent[d]);
        }
    }
    return H5R_OK;
}

/* Neither what was read before nor what is expected now. */
static h5r_status_t poison(h5r_rep_t *rep, h5r_error_t *err)
{
    (void)err;
    h5r_fill_poison(rep->factors, rep->part->calls.elements, rep->read_buffer);
    return H5R_OK;
}

static void say_wrong(h5r_rep_t *rep, const uint64_t *coord, const void *expected, const void *found,
                      const char *what)
{
    char where[H5R_COORD_SIZE], right[64], wrong[64];
    h5r_rep_wrong(rep, REREAD, "element [%s], %s: expected %s, found %s",
                  h5r_coord_text(coord, rep->factors->shape.n, where), what,
                  h5r_data_format(rep->data.dtype, expected, right, sizeof right),
                  h5r_data_format(rep->data.dtype, found, wrong, sizeof wrong));
}

/* What was left is the data, what was cut off the fill value; in the coordinates of the file that was cut. */
static void check_regrown(h5r_rep_t *rep)
{
    const h5r_part_t *part = rep->part;
    const bool shared = h5r_store_shared(part->store);
    const resize_t *r = rep->own;
    h5r_growth_t growth = r->growth;
    growth.shape = *h5r_store_shape(part->store); /* where readers are shifted another rank's file */
    const h5r_dims_t left = h5r_growth_cut(&growth);
    const h5r_region_t dense = h5r_region_dense(&part->region);
    const uint64_t n = h5r_store_absent(part->store) ? 0 : part->calls.elements;
    for (uint64_t l = 0; l < n && rep->verify; l++) {
        uint64_t in_file[H5R_MAX_NDIMS], coord[H5R_MAX_NDIMS];
        const char *found = rep->read_buffer + l * rep->element_bytes;
        char expected[8];
        h5r_region_coord(&part->region, l, coord);
        h5r_region_coord(shared ? &part->region : &dense, l, in_file);
        if (h5r_growth_within(&left, in_file)) {
            h5r_data_fill(&rep->data, h5r_region_global(&part->region, &rep->factors->shape, l), 1, expected);
            if (memcmp(found, expected, rep->element_bytes) != 0) {
                say_wrong(rep, coord, expected, found, "never cut off");
                return;
            }
        } else if (h5r_fill_promised(rep->factors) && h5r_fill_check(rep->factors, 1, found) != 1) {
            h5r_fill_element(rep->factors, expected);
            say_wrong(rep, coord, expected, found, "cut off and fill since");
            return;
        }
    }
}

static const h5r_timed_step_t steps[] = {
    {APPEND, H5R_PHASE_CREATE, create, H5R_ALWAYS},
    {APPEND, H5R_PHASE_WRITE, append_all, H5R_ALWAYS},
    {APPEND, H5R_PHASE_FLUSH, h5r_step_flush, H5R_ALWAYS},
    {APPEND, H5R_PHASE_CLOSE, h5r_step_close, H5R_MEASURED},
    {READ, H5R_UNTIMED, h5r_step_turn_to_reads, H5R_ALWAYS},
    {READ, H5R_UNTIMED, h5r_step_settle_cache, H5R_ALWAYS},
    {READ, H5R_PHASE_OPEN, h5r_step_open, H5R_ALWAYS},
    {READ, H5R_PHASE_SELECT, h5r_step_select, H5R_ALWAYS},
    {READ, H5R_PHASE_READ, h5r_step_read, H5R_ALWAYS},
    {READ, H5R_PHASE_CLOSE, h5r_step_close, H5R_MEASURED},
    {SHRINK, H5R_UNTIMED, turn_to_changes, H5R_ALWAYS},
    {SHRINK, H5R_PHASE_OPEN, h5r_step_open_rw, H5R_ALWAYS},
    {SHRINK, H5R_PHASE_CHANGE, shrink, H5R_ALWAYS},
    {SHRINK, H5R_PHASE_FLUSH, h5r_step_flush, H5R_ALWAYS},
    {SHRINK, H5R_PHASE_CLOSE, h5r_step_close, H5R_MEASURED},
    {GROW, H5R_PHASE_OPEN, h5r_step_open_rw, H5R_ALWAYS},
    {GROW, H5R_UNTIMED, check_cut, H5R_VERIFYING},
    {GROW, H5R_PHASE_CHANGE, grow, H5R_ALWAYS},
    {GROW, H5R_PHASE_FLUSH, h5r_step_flush, H5R_ALWAYS},
    {GROW, H5R_PHASE_CLOSE, h5r_step_close, H5R_MEASURED},
    {REREAD, H5R_UNTIMED, h5r_step_turn_to_reads, H5R_ALWAYS},
    {REREAD, H5R_UNTIMED, poison, H5R_ALWAYS},
    {REREAD, H5R_PHASE_OPEN, h5r_step_open, H5R_ALWAYS},
    {REREAD, H5R_PHASE_SELECT, h5r_step_select, H5R_ALWAYS},
    {REREAD, H5R_PHASE_READ, h5r_step_read, H5R_ALWAYS},
    {REREAD, H5R_PHASE_CLOSE, h5r_step_close, H5R_ALWAYS},
};

/* Walks the calls of this rank: how many elements and calls, and with `data` what is in them. */
static void walk_pieces(h5r_rep_t *rep, resize_t *r, char *data)
{
    const h5r_region_t *share = &rep->part->region;
    const bool shared = h5r_store_shared(rep->part->store);
    const int pieces = pieces_of(r);
    r->bytes = r->calls = 0;
    for (uint64_t s = 0; s < r->steps; s++) {
        for (int p = 0; p < pieces; p++) {
            h5r_region_t piece = h5r_growth_piece(&r->growth, s, p, r->parts, r->part);
            const uint64_t elements = h5r_region_elements(&piece);
            for (int d = 0; d < piece.ndims && !shared; d++) {
                piece.start[d] = share->start[d] + piece.start[d] * share->stride[d];
                piece.stride[d] *= share->stride[d];
            }
            if (data != NULL) {
                h5r_data_fill_region(&rep->data, &rep->factors->shape, &piece, elements, data + r->bytes);
            }
            r->bytes += elements * rep->element_bytes;
            r->calls += elements > 0 || r->collective;
        }
    }
}

static void list_appends(resize_t *r)
{
    for (uint64_t s = 0; s < r->steps; s++) {
        append_t *append = &r->append[s];
        const h5r_dims_t after = h5r_growth_extent(&r->growth, s + 1);
        to_hsize(&after, append->extent);
        for (int p = 0; p < pieces_of(r); p++) {
            const h5r_region_t region = h5r_growth_piece(&r->growth, s, p, r->parts, r->part);
            piece_t *piece = &append->piece[p];
            piece->elements = h5r_region_elements(&region);
            for (int d = 0; d < region.ndims; d++) {
                piece->start[d] = region.start[d];
                piece->stride[d] = region.stride[d];
                r->strided = r->strided || region.stride[d] != 1;
                piece->count[d] = piece->elements == 0 ? 1 : region.count[d];
            }
        }
    }
}

/* What is flushed must have been filtered, and what is begun when the file is opened must be read again. */
static void tell_chunks(h5r_rep_t *rep, const resize_t *r)
{
    const h5r_factors_t *f = rep->factors;
    const bool says = r->parts == 1 || rep->rank == 0;
    uint64_t out = 0, in = 0, from = 0;
    bool opened = false;
    for (uint64_t s = 1; s <= r->steps; s++) {
        const bool reopens = is_due(f->reopen_every, s, r->steps);
        uint64_t written, begun;
        if (s < r->steps && !reopens && !is_due(f->flush_every, s, r->steps)) {
            continue;
        }
        h5r_growth_chunks(&r->growth, &f->chunk, from, s, &written, &begun);
        out += written;
        in += opened ? begun : 0;
        opened = reopens;
        from = s;
    }
    h5r_rep_filtered(rep, APPEND, says ? out : 0, says ? in : 0);
}

static void tell_work(h5r_rep_t *rep, const resize_t *r)
{
    const bool counts = r->steps > 0 && (r->parts == 1 || rep->rank == 0);
    h5r_rep_moved(rep, APPEND, r->bytes, r->calls);
    h5r_rep_handled(rep, APPEND, counts ? r->steps : 0);
    if (r->settles && rep->factors->filter.n > 0) {
        tell_chunks(rep, r);
    }
    h5r_rep_moved_share(rep, READ);
    h5r_rep_handled(rep, SHRINK, counts ? 1 : 0);
    h5r_rep_handled(rep, GROW, counts ? 1 : 0);
    h5r_rep_moved_share(rep, REREAD);
}

static h5r_status_t prepare(h5r_rep_t *rep, h5r_error_t *err)
{
    resize_t *r = rep->own;
    h5r_store_t *store = rep->part->store;
    const bool shared = h5r_store_shared(store);
    *r = (resize_t){.growth = h5r_growth_of(rep->factors, h5r_store_shape(store), shared, rep->nranks),
                    .parts = shared ? rep->nranks : 1,
                    .part = shared ? rep->rank : 0,
                    .settles = rep->factors->flush_every > 0 || rep->factors->reopen_every > 0,
                    .collective = h5r_store_collective(store)};
    r->steps = h5r_store_absent(store) ? 0 : h5r_growth_steps(&r->growth);
    walk_pieces(rep, r, NULL);
    r->data = h5r_buffer_new(r->bytes, rep->factors->buffer_offset);
    r->append = calloc(r->steps + 1, sizeof *r->append);
    if (r->data == NULL || r->append == NULL) {
        return h5r_no_memory(err, "%" PRIu64 " bytes to append", r->bytes);
    }
    walk_pieces(rep, r, r->data);
    list_appends(r);
    tell_work(rep, r);
    return H5R_OK;
}

static void release(h5r_rep_t *rep)
{
    const resize_t *r = rep->own;
    h5r_buffer_free(r->data);
    free(r->append);
}

static h5r_work_t work_of_appends(const h5r_doer_t *w)
{
    const h5r_dims_t shape = h5r_doer_shape(w);
    const resize_t r = {.growth = h5r_growth_of(w->factors, &shape, w->shared, w->nranks)};
    const int parts = w->shared ? w->nranks : 1, part = w->shared ? w->rank : 0;
    const uint64_t appends = w->absent ? 0 : h5r_growth_steps(&r.growth);
    h5r_work_t work = {.objects = w->counts ? appends : 0};
    for (uint64_t s = 0; s < appends; s++) {
        for (int p = 0; p < pieces_of(&r); p++) {
            const h5r_region_t piece = h5r_growth_piece(&r.growth, s, p, parts, part);
            const uint64_t elements = h5r_region_elements(&piece);
            work.payload_bytes += elements * w->element_bytes;
            work.calls += elements > 0 || w->collective;
        }
    }
    work.all_calls = work.calls;
    return work;
}

static h5r_work_t work(const h5r_doer_t *w, h5r_operation_t operation)
{
    if (operation == APPEND) {
        return work_of_appends(w);
    }
    const bool changes = operation == SHRINK || operation == GROW;
    return changes ? (h5r_work_t){.objects = w->counts ? 1 : 0} : h5r_work_share(w);
}

static bool allows(const h5r_factors_t *f, int nranks, char *reason, size_t size)
{
    (void)nranks;
    if (f->layout != H5R_LAYOUT_CHUNKED) {
        snprintf(reason, size, "only a chunked dataset can be resized, and layout is %s",
                 f->layout == H5R_LAYOUT_COMPACT ? "compact" : "contiguous");
        return false;
    }
    if (f->grow_dim >= (uint64_t)f->shape.n) {
        snprintf(reason, size, "grow_dim %" PRIu64 " is none of the shape's %d dimensions, counted from 0",
                 f->grow_dim, f->shape.n);
        return false;
    }
    if (f->grow == H5R_GROW_BOTH && f->shape.n < 2) {
        snprintf(reason, size, "grow both needs two dimensions, shape has %d", f->shape.n);
        return false;
    }
    uint64_t appends = (f->shape.d[f->grow_dim] - 1) / f->append + 1;
    if (f->max_ops > 0 && appends > f->max_ops) {
        snprintf(reason, size, "%" PRIu64 " appends are more than max_ops, %" PRIu64, appends, f->max_ops);
        return false;
    }
    return h5r_fill_fits(f, reason, size);
}

const h5r_workload_t h5r_workload_resize = {
    .name = "resize",
    .summary = "a dataset that grows by appending, is cut to its half and grows again",
    .lesson =
        "A dataset that may grow must be chunked; a contiguous one has its size for life. Each append sets "
        "the extent and writes what is new, dealt out to the ranks by decomposition: rows, or one step of a "
        "time series whose other dimensions are cut over them (configs/timeseries4d.yaml); any dimension can "
        "grow (grow_dim). The price of an append that is "
        "smaller than a chunk is that of the chunk, which may be longer than the dataset will ever be; on a "
        "shared file all ranks set the extent together "
        "and new chunks are filled before they are written. Cutting gives whole chunks back and fills the "
        "rest, so that what was cut off reads as the fill value when the dataset grows again: nothing is "
        "shuffled, and nothing comes back.",
    .roof =
        "The bytes of the final dataset by the shortest way, raw POSIX in large pieces (store), for append, "
        "read and reread; their conversion; and the filters over the final dataset's chunks, each once, "
        "however small the appends are; where the file is flushed or opened again between them, those that "
        "are begun then once more. Of what was cut off it is not known whether reread reads, "
        "converts or filters it, so that it has no efficiency. shrink and grow move no datum and have no "
        "roof.",
    .operations = {[APPEND] = {.name = "append",
                               .direction = H5R_MOVES_OUT,
                               .help = "write is extent and rows of every append, with what flush_every and "
                                       "reopen_every ask for; objects are appends"},
                   [READ] = {.name = "read", .direction = H5R_MOVES_IN, .help = "all that was appended"},
                   [SHRINK] = {.name = "shrink",
                               .direction = H5R_MOVES_NOTHING,
                               .help = "to half; where ranks share filtered chunks, to whole ones"},
                   [GROW] = {.name = "grow", .direction = H5R_MOVES_NOTHING, .help = "back again"},
                   [REREAD] = {.name = "reread",
                               .direction = H5R_MOVES_IN,
                               .help = "what was cut off is fill value",
                               .unwritten = true}},
    .steps = steps,
    .step_count = H5R_COUNT_OF(steps),
    .own_bytes = sizeof(resize_t),
    .prepare = prepare,
    .check = check_regrown,
    .release = release,
    .needs_hdf5 = true,
    .needs_file = true,
    .allows = allows,
    .work = work,
};
