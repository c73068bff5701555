/*
 * update: what is in the file is changed in place: every negative element becomes 0. Piece by piece (read,
 * clip, write back), or all is read and only the negative elements are written, through a selection of them.
 */
#include "bench/update/clip.h"
#include "h5roof/buffer.h"
#include "h5roof/count.h"
#include "h5roof/driver.h"
#include "h5roof/hdf5_file.h"
#include "h5roof/steps.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WRITE, UPDATE }; /* its operations */

typedef struct {
    h5r_ops_t pieces;      /* of the update */
    h5r_ops_t whole;       /* of the first writing and the last reading */
    bool bounded;          /* max_ops left something out */
    uint64_t all_writes;   /* then: calls that write, without it */
    uint64_t reads;        /* calls that were made */
    uint64_t writes;       /* likewise */
    uint64_t written_back; /* elements */
    uint64_t negatives;    /* of this rank */
    uint64_t *at;          /* their places in the share; room for all, since what is read may be wrong */
    hsize_t *coord;        /* [negatives][ndims]: and in the file */
    char *zeros;           /* [negatives] elements */
    h5r_touched_t written; /* where filters run, and not all is written back: chunks that are */
    hid_t memory_space;    /* of the selection; -1: none */
    hid_t file_space;
} update_t;

/* ---- what is timed */

/* A piece without negatives stays as it is; where writing is collective all ranks write all of theirs. */
static h5r_status_t update_pieces(h5r_rep_t *rep, h5r_error_t *err)
{
    update_t *u = rep->own;
    h5r_store_t *store = rep->part->store;
    const bool always = h5r_store_collective(store);
    const h5r_dtype_t dtype = rep->factors->dtype;
    h5r_status_t status = H5R_OK;
    h5r_op_iter_t it;
    for (bool more = h5r_op_first(&it, &rep->part->calls); more && status == H5R_OK;
         more = h5r_op_next(&it)) {
        char *piece = rep->read_buffer + it.op.offset * rep->element_bytes;
        status = h5r_store_read(store, &it.op, piece, err);
        if (status == H5R_OK && (h5r_clip_negatives(dtype, piece, it.op.elements) > 0 || always)) {
            u->writes++;
            u->written_back += it.op.elements;
            status = h5r_store_write(store, &it.op, piece, err);
        }
    }
    u->reads = rep->part->calls.calls;
    return status;
}

static h5r_status_t read_all(h5r_rep_t *rep, h5r_error_t *err)
{
    update_t *u = rep->own;
    u->reads = rep->part->calls.calls;
    return h5r_step_read(rep, err);
}

static h5r_status_t clip_all(h5r_rep_t *rep, h5r_error_t *err)
{
    (void)err;
    h5r_clip_negatives(rep->factors->dtype, rep->read_buffer, rep->part->calls.elements);
    return H5R_OK;
}

static h5r_status_t write_all(h5r_rep_t *rep, h5r_error_t *err)
{
    update_t *u = rep->own;
    u->writes = rep->part->calls.calls;
    u->written_back = rep->part->calls.elements;
    return h5r_write_calls(rep, rep->read_buffer, rep->element_bytes, err);
}

/* Finding the negatives and building their selection is what it costs not to write the others. */
static h5r_status_t select_negatives(h5r_rep_t *rep, h5r_error_t *err)
{
    update_t *u = rep->own;
    const h5r_hdf5_t *h = h5r_store_hdf5(rep->part->store);
    const h5r_region_t *region = &rep->part->calls.region;
    if (h == NULL) {
        return H5R_OK;
    }
    uint64_t n = h5r_clip_list(rep->factors->dtype, rep->read_buffer, rep->part->calls.elements, u->at);
    n = n < u->negatives ? n : u->negatives;
    hsize_t *coord = u->coord;
    for (uint64_t i = 0; i < n; i++, coord += region->ndims) {
        uint64_t place[H5R_MAX_NDIMS];
        h5r_region_coord(region, u->at[i], place);
        for (int d = 0; d < region->ndims; d++) {
            coord[d] = place[d];
        }
    }
    const hsize_t length = n > 0 ? n : 1;
    u->memory_space = H5Screate_simple(1, &length, NULL);
    u->file_space = H5Dget_space(h->dataset);
    bool selected = n > 0 ? H5Sselect_elements(u->file_space, H5S_SELECT_SET, (size_t)n, u->coord) >= 0
                          : H5Sselect_none(u->file_space) >= 0 && H5Sselect_none(u->memory_space) >= 0;
    return selected ? H5R_OK : h5r_fail_hdf5(err, "H5Sselect_elements", h->path);
}

static h5r_status_t write_negatives(h5r_rep_t *rep, h5r_error_t *err)
{
    update_t *u = rep->own;
    const h5r_hdf5_t *h = h5r_store_hdf5(rep->part->store);
    u->writes = h != NULL ? 1 : 0;
    u->written_back = u->negatives;
    return h == NULL || H5Dwrite(h->dataset, h->memory_type, u->memory_space, u->file_space, h->transfer,
                                 u->zeros) >= 0
               ? H5R_OK
               : h5r_fail_hdf5(err, "H5Dwrite", h->path);
}

/* ---- what is not */

static h5r_status_t turn_to_pieces(h5r_rep_t *rep, h5r_error_t *err)
{
    const update_t *u = rep->own;
    (void)err;
    h5r_rep_use_calls(rep, &u->pieces);
    return H5R_OK;
}

static h5r_status_t turn_to_whole(h5r_rep_t *rep, h5r_error_t *err)
{
    const update_t *u = rep->own;
    (void)err;
    h5r_rep_use_calls(rep, &u->whole);
    return H5R_OK;
}

/* What must be there now, into the write buffer, and its complement where it will be read to. What the update
 * read and clipped must be the same: what it does not write back is in no file to be looked at. */
static h5r_status_t expect(h5r_rep_t *rep, h5r_error_t *err)
{
    const update_t *u = rep->own;
    (void)err;
    h5r_clip_negatives(rep->factors->dtype, rep->write_buffer, u->pieces.elements);
    h5r_rep_compare(rep, UPDATE, &rep->part->region, u->pieces.elements, rep->write_buffer, rep->read_buffer);
    for (uint64_t i = 0; i < u->whole.elements * rep->element_bytes; i++) {
        rep->read_buffer[i] = (char)~rep->write_buffer[i];
    }
    return H5R_OK;
}

static h5r_status_t verify(h5r_rep_t *rep, h5r_error_t *err)
{
    (void)err;
    h5r_rep_compare(rep, UPDATE, &rep->part->region, rep->part->calls.elements, rep->write_buffer,
                    rep->read_buffer);
    return H5R_OK;
}

/* ---- the order of steps */

enum { PIECES, WHOLE, NEGATIVE }; /* its cases */

static unsigned which(const h5r_factors_t *f)
{
    return f->update == H5R_UPDATE_NEGATIVE     ? H5R_CASE(NEGATIVE)
           : f->access.kind == H5R_ACCESS_WHOLE ? H5R_CASE(WHOLE)
                                                : H5R_CASE(PIECES);
}

/* What vanishes at close is closed once, and that belongs to its creation, as for the workload slab. */
static const h5r_timed_step_t steps[] = {
    {WRITE, H5R_PHASE_CREATE, h5r_step_create, H5R_ALWAYS},
    {WRITE, H5R_PHASE_SELECT, h5r_step_select, H5R_ALWAYS},
    {WRITE, H5R_PHASE_WRITE, h5r_step_write, H5R_ALWAYS},
    {WRITE, H5R_PHASE_FLUSH, h5r_step_flush, H5R_ALWAYS},
    {WRITE, H5R_PHASE_CLOSE, h5r_step_close, H5R_LASTING},
    {UPDATE, H5R_UNTIMED, h5r_step_settle_cache, H5R_LASTING},
    {UPDATE, H5R_PHASE_OPEN, h5r_step_open_rw, H5R_LASTING},
    {UPDATE, H5R_UNTIMED, turn_to_pieces, H5R_ALWAYS},
    {UPDATE, H5R_PHASE_SELECT, h5r_step_select, H5R_ALWAYS},
    {UPDATE, H5R_PHASE_READ, read_all, H5R_CASE(WHOLE) | H5R_CASE(NEGATIVE)},
    {UPDATE, H5R_PHASE_COMPUTE, clip_all, H5R_CASE(WHOLE)},
    {UPDATE, H5R_PHASE_COMPUTE, select_negatives, H5R_CASE(NEGATIVE)},
    {UPDATE, H5R_PHASE_WRITE, update_pieces, H5R_CASE(PIECES)},
    {UPDATE, H5R_PHASE_WRITE, write_all, H5R_CASE(WHOLE)},
    {UPDATE, H5R_PHASE_WRITE, write_negatives, H5R_CASE(NEGATIVE)},
    {UPDATE, H5R_PHASE_FLUSH, h5r_step_flush, H5R_ALWAYS},
    {UPDATE, H5R_PHASE_CLOSE, h5r_step_close, H5R_LASTING},
    {UPDATE, H5R_UNTIMED, h5r_step_open, H5R_LASTING},
    {UPDATE, H5R_UNTIMED, turn_to_whole, H5R_VERIFYING},
    {UPDATE, H5R_UNTIMED, expect, H5R_VERIFYING},
    {UPDATE, H5R_UNTIMED, h5r_step_select, H5R_VERIFYING},
    {UPDATE, H5R_UNTIMED, h5r_step_read, H5R_VERIFYING},
    {UPDATE, H5R_UNTIMED, verify, H5R_VERIFYING},
    {WRITE, H5R_PHASE_CLOSE, h5r_step_close, H5R_VOLATILE},
    {UPDATE, H5R_UNTIMED, h5r_step_close, H5R_LASTING},
};

/* ---- before and after */

static h5r_status_t reserve_places(const h5r_rep_t *rep, update_t *u, h5r_error_t *err)
{
    const h5r_factors_t *f = rep->factors;
    u->negatives = h5r_count_negatives(f->dtype, rep->write_buffer, u->pieces.elements);
    size_t n = (size_t)u->negatives + 1;
    const size_t all = (size_t)u->pieces.elements + 1;
    u->at = malloc(all * sizeof *u->at);
    u->coord = malloc(n * (size_t)f->shape.n * sizeof *u->coord);
    u->zeros = h5r_buffer_new(n * rep->element_bytes, f->buffer_offset);
    if (u->at == NULL || u->coord == NULL || u->zeros == NULL) {
        return h5r_no_memory(err, "the places of %" PRIu64 " negative elements", u->negatives);
    }
    memset(u->at, 1, all * sizeof *u->at); /* touched before the clock */
    memset(u->coord, 1, n * (size_t)f->shape.n * sizeof *u->coord);
    memset(u->zeros, 0, n * rep->element_bytes);
    return H5R_OK;
}

/* All is written back, so that every chunk is filtered both ways. */
static bool writes_all(const h5r_rep_t *rep)
{
    const h5r_factors_t *f = rep->factors;
    return f->update != H5R_UPDATE_NEGATIVE &&
           (h5r_store_collective(rep->part->store) || f->access.kind == H5R_ACCESS_WHOLE);
}

static void mark_pieces(const h5r_rep_t *rep, update_t *u)
{
    h5r_op_iter_t it;
    for (bool more = h5r_op_first(&it, &u->pieces); more; more = h5r_op_next(&it)) {
        const char *piece = rep->write_buffer + it.op.offset * rep->element_bytes;
        if (h5r_count_negatives(rep->factors->dtype, piece, it.op.elements) > 0) {
            h5r_region_t region = u->pieces.region;
            memcpy(region.start, it.op.start, sizeof region.start);
            memcpy(region.count, it.op.count, sizeof region.count);
            h5r_touched_mark_region(&u->written, &region);
        }
    }
}

static void mark_negatives(const h5r_rep_t *rep, update_t *u)
{
    for (uint64_t i = 0; i < u->pieces.elements; i++) {
        const char *element = rep->write_buffer + i * rep->element_bytes;
        uint64_t coord[H5R_MAX_NDIMS];
        if (h5r_count_negatives(rep->factors->dtype, element, 1) > 0) {
            h5r_region_coord(&u->pieces.region, i, coord);
            h5r_touched_mark(&u->written, coord);
        }
    }
}

/* Before the update, which changes the buffer, too. */
static void mark_written(const h5r_rep_t *rep, update_t *u)
{
    if (rep->factors->filter.n == 0 || writes_all(rep)) {
        return;
    }
    h5r_touched_init(&u->written, h5r_store_shape(rep->part->store), &rep->factors->chunk);
    if (rep->factors->update == H5R_UPDATE_NEGATIVE) {
        mark_negatives(rep, u);
    } else {
        mark_pieces(rep, u);
    }
}

/* For the roof. */
static void clip(h5r_dtype_t dtype, void *elements, uint64_t n)
{
    h5r_clip_negatives(dtype, elements, n);
}

/* How often the whole update would write, without the bound on calls. */
static uint64_t writes_of_all(const h5r_rep_t *rep, const update_t *u)
{
    const h5r_factors_t *f = rep->factors;
    h5r_ops_t all;
    uint64_t writes = 0;
    h5r_op_iter_t it;
    if (f->update == H5R_UPDATE_NEGATIVE) {
        return 0; /* a bounded update still writes once, which is no piece */
    }
    h5r_ops_init(&all, &u->whole.region, f->access, rep->element_bytes, 0);
    if (h5r_store_collective(rep->part->store)) {
        return all.calls;
    }
    for (bool more = h5r_op_first(&it, &all); more; more = h5r_op_next(&it)) {
        const char *piece = rep->write_buffer + it.op.offset * rep->element_bytes;
        writes += h5r_count_negatives(f->dtype, piece, it.op.elements) > 0 ? 1 : 0;
    }
    return writes;
}

static h5r_status_t prepare(h5r_rep_t *rep, h5r_error_t *err)
{
    const h5r_factors_t *f = rep->factors;
    update_t *u = rep->own;
    *u = (update_t){.memory_space = -1, .file_space = -1};
    u->whole = u->pieces = rep->part->calls;
    if (f->access.kind != H5R_ACCESS_WHOLE) {
        h5r_ops_init(&u->pieces, &u->whole.region, f->access, rep->element_bytes, f->max_ops);
    }
    if (f->update == H5R_UPDATE_NEGATIVE && reserve_places(rep, u, err) != H5R_OK) {
        return err->code;
    }
    u->bounded = u->pieces.elements < u->whole.elements;
    u->all_writes = u->bounded ? writes_of_all(rep, u) : 0;
    mark_written(rep, u);
    return H5R_OK;
}

static void check(h5r_rep_t *rep)
{
    const update_t *u = rep->own;
    const size_t size = rep->element_bytes;
    h5r_rep_moved(rep, WRITE, u->whole.elements * size, u->whole.calls);
    h5r_rep_moved(rep, UPDATE, u->pieces.elements * size, u->reads + u->writes);
    h5r_rep_wrote(rep, UPDATE, u->written_back * size);
    if (u->bounded) {
        h5r_rep_unbounded(rep, UPDATE, u->whole.elements * size, u->pieces.pieces + u->all_writes);
    }
    if (rep->factors->filter.n > 0 && !writes_all(rep)) {
        h5r_rep_touched(rep, UPDATE, &u->written, H5R_FILTERS_OUT | H5R_FILTERS_IN_ALL);
    }
}

static void release(h5r_rep_t *rep)
{
    update_t *u = rep->own;
    free(u->at);
    free(u->coord);
    h5r_buffer_free(u->zeros);
    h5r_touched_free(&u->written);
    if (u->memory_space >= 0) {
        H5Sclose(u->memory_space);
    }
    if (u->file_space >= 0) {
        H5Sclose(u->file_space);
    }
}

/* The pieces that have a negative element; all of them if they are too many to look. */
static uint64_t count_written(const h5r_doer_t *w, const h5r_ops_t *pieces, bool *estimated)
{
    const uint64_t bytes = pieces->elements * w->element_bytes;
    const bool look = bytes <= H5R_WORK_LOOK / (uint64_t)w->nranks && w->data.kind != H5R_DATA_SAMPLE;
    char *share = look ? malloc(bytes + 1) : NULL;
    uint64_t written = 0;
    h5r_op_iter_t it;
    *estimated = share == NULL;
    if (share == NULL) {
        return pieces->calls;
    }
    h5r_data_fill_region(&w->data, &w->factors->shape, &w->region, pieces->elements, share);
    for (bool more = h5r_op_first(&it, pieces); more; more = h5r_op_next(&it)) {
        const char *piece = share + it.op.offset * w->element_bytes;
        written += h5r_count_negatives(w->data.dtype, piece, it.op.elements) > 0 ? 1 : 0;
    }
    free(share);
    return written;
}

static h5r_work_t work(const h5r_doer_t *w, h5r_operation_t operation)
{
    const h5r_factors_t *f = w->factors;
    const bool negative = f->update == H5R_UPDATE_NEGATIVE, whole = f->access.kind == H5R_ACCESS_WHOLE;
    h5r_work_t work = h5r_work_share(w);
    if (operation == WRITE) {
        return work;
    }
    h5r_ops_t pieces = w->calls;
    if (!whole) {
        h5r_ops_init(&pieces, &w->calls.region, f->access, w->element_bytes, f->max_ops);
    }
    work.payload_bytes = pieces.elements * w->element_bytes;
    work.all_calls = pieces.pieces + (negative ? 1 : pieces.pieces);
    work.calls = pieces.calls;
    if (negative) {
        work.calls += w->absent ? 0 : 1;
    } else {
        work.calls += whole || w->collective ? pieces.calls : count_written(w, &pieces, &work.estimated);
    }
    return work;
}

static bool allows(const h5r_factors_t *f, int nranks, char *reason, size_t size)
{
    (void)nranks;
    if (f->update == H5R_UPDATE_NEGATIVE && h5r_driver_of(f)->store != H5R_STORE_HDF5) {
        snprintf(reason, size, "stores without HDF5 have no selection of single elements");
        return false;
    }
    return true;
}

const h5r_workload_t h5r_workload_update = {
    .name = "update",
    .summary = "negative elements of a dataset are made 0 in place, piece by piece or through a selection",
    .lesson =
        "What a program that loops over elements does is three calls' worth of work for each of them: read, "
        "look, write back. The same by rows or as a whole is hundreds of times faster (factor access), and "
        "all variants leave the same bytes. A piece without negatives is not written back, unless writing "
        "is collective, when all ranks have to write. Reading, clipping and writing alternate, so that the "
        "whole loop is the phase write; with access whole they are phases of their own. With update: "
        "negative all is read, and only the negative elements are written, through a selection of points: "
        "fewer bytes, but each of them costs its place in the selection, which the phase compute shows.",
    .roof =
        "Reading all of the payload, and writing what is written back, by raw POSIX in large pieces: the "
        "time "
        "of writing all of it, times the part that was written. Filters run backward over every chunk, and "
        "forward over those that are written back, with the negative elements at 0.",
    .operations =
        {[WRITE] = {.name = "write", .direction = H5R_MOVES_OUT, .help = "the data as they are at first"},
         [UPDATE] = {.name = "update",
                     .direction = H5R_MOVES_BOTH,
                     .help = "negative elements become 0; piece by piece the whole loop of reading, clipping "
                             "and writing is the phase write",
                     .changes = clip}},
    .steps = steps,
    .step_count = H5R_COUNT_OF(steps),
    .cases = {[PIECES] = "access in pieces", [WHOLE] = "access whole", [NEGATIVE] = "update negative"},
    .which = which,
    .own_bytes = sizeof(update_t),
    .prepare = prepare,
    .check = check,
    .release = release,
    .own_calls = true,
    .allows = allows,
    .work = work,
};
