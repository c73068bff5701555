/*
 * pieces: every rank owns thousands of short runs of rows, irregularly between those of the others, after
 * E3SM. They are moved one by one, as one union of selections, or packed: side by side, with their index.
 */
#include "bench/pieces/division.h"
#include "h5roof/buffer.h"
#include "h5roof/count.h"
#include "h5roof/driver.h"
#include "h5roof/hdf5_file.h"
#include "h5roof/steps.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WRITE, READ }; /* its operations */

/* What a rank moves in an operation. */
typedef struct {
    h5r_run_t *run;        /* [all]: in the file's order; as it is, a rank's part of the index */
    uint64_t rows, before; /* of this rank; of the ranks before it */
    h5r_ops_t calls;
} way_t;

typedef struct {
    h5r_division_t division;
    h5r_pieces_as_t as;
    uint64_t row_elements;
    uint64_t made;       /* pieces that are moved: all, unless they are bounded */
    way_t way[H5R_WAYS]; /* by h5r_way_t */
    h5r_run_t *index;    /* as it was read */
    hid_t memory, file;  /* of the union */
    hid_t index_memory, index_file, index_dataset;
} state_t;

static way_t *way_of(const h5r_rep_t *rep)
{
    state_t *s = rep->own;
    return &s->way[rep->part - rep->parts];
}

static bool has_index(const h5r_rep_t *rep)
{
    const state_t *s = rep->own;
    return s->as == H5R_PIECES_PACKED;
}

/* ---- what is timed: a call for each piece */

typedef h5r_status_t move_t(h5r_store_t *store, const h5r_op_t *call, char *at, h5r_error_t *err);

static h5r_status_t write_piece(h5r_store_t *store, const h5r_op_t *call, char *at, h5r_error_t *err)
{
    return h5r_store_write(store, call, at, err);
}

static h5r_status_t read_piece(h5r_store_t *store, const h5r_op_t *call, char *at, h5r_error_t *err)
{
    return h5r_store_read(store, call, at, err);
}

static h5r_status_t move_pieces(h5r_rep_t *rep, move_t *move, char *buffer, h5r_error_t *err)
{
    const state_t *s = rep->own;
    const way_t *way = way_of(rep);
    h5r_op_t call = {.offset = 0};
    h5r_status_t status = H5R_OK;
    memcpy(call.count, rep->factors->shape.d, sizeof call.count);
    for (uint64_t i = 0; i < s->made && status == H5R_OK; i++) {
        call.start[0] = way->run[i].start;
        call.count[0] = way->run[i].count;
        call.elements = way->run[i].count * s->row_elements;
        status = move(rep->part->store, &call, buffer + call.offset * rep->element_bytes, err);
        call.offset += call.elements;
    }
    return status;
}

static h5r_status_t write_single(h5r_rep_t *rep, h5r_error_t *err)
{
    return move_pieces(rep, write_piece, rep->write_buffer, err);
}

static h5r_status_t read_single(h5r_rep_t *rep, h5r_error_t *err)
{
    return move_pieces(rep, read_piece, rep->read_buffer, err);
}

/* ---- one call for their union */

typedef struct {
    const h5r_run_t *run;
    const h5r_dims_t *shape;
} runs_t;

static herr_t select_run(const void *self, uint64_t i, hid_t space)
{
    const runs_t *runs = self;
    hsize_t start[H5R_MAX_NDIMS] = {runs->run[i].start}, count[H5R_MAX_NDIMS] = {runs->run[i].count};
    for (int d = 1; d < runs->shape->n; d++) {
        count[d] = runs->shape->d[d];
    }
    return H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, count, NULL);
}

/* Where there are fewer rows than runs, the empty ones are the last. */
static h5r_status_t select_union(h5r_rep_t *rep, h5r_error_t *err)
{
    state_t *s = rep->own;
    const way_t *way = way_of(rep);
    const h5r_hdf5_t *h = h5r_store_hdf5(rep->part->store);
    const h5r_dims_t *shape = &rep->factors->shape;
    hsize_t dims[H5R_MAX_NDIMS] = {way->rows > 0 ? way->rows : 1};
    uint64_t n = 0;
    while (n < s->division.pieces && way->run[n].count > 0) {
        n++;
    }
    for (int d = 1; d < shape->n; d++) {
        dims[d] = shape->d[d];
    }
    hid_t extent = H5Dget_space(h->dataset);
    s->memory = H5Screate_simple(shape->n, dims, NULL);
    s->file = n > 0 ? h5r_hdf5_unite(extent, select_run, &(runs_t){way->run, shape}, n) : H5Scopy(extent);
    if (s->file < 0 || s->memory < 0 || H5Sclose(extent) < 0) {
        return h5r_fail_hdf5(err, "H5Scombine_select", h->path);
    }
    if (n == 0 && (H5Sselect_none(s->file) < 0 || H5Sselect_none(s->memory) < 0)) {
        return h5r_fail_hdf5(err, "H5Sselect_none", h->path);
    }
    return H5R_OK;
}

static h5r_status_t write_union(h5r_rep_t *rep, h5r_error_t *err)
{
    const state_t *s = rep->own;
    const h5r_hdf5_t *h = h5r_store_hdf5(rep->part->store);
    return H5Dwrite(h->dataset, h->memory_type, s->memory, s->file, h->transfer, rep->write_buffer) < 0
               ? h5r_fail_hdf5(err, "H5Dwrite", h->path)
               : H5R_OK;
}

static h5r_status_t read_union(h5r_rep_t *rep, h5r_error_t *err)
{
    const state_t *s = rep->own;
    const h5r_hdf5_t *h = h5r_store_hdf5(rep->part->store);
    return H5Dread(h->dataset, h->memory_type, s->memory, s->file, h->transfer, rep->read_buffer) < 0
               ? h5r_fail_hdf5(err, "H5Dread", h->path)
               : H5R_OK;
}

static h5r_status_t close_union(h5r_rep_t *rep, h5r_error_t *err)
{
    const state_t *s = rep->own;
    if (H5Sclose(s->memory) < 0 || H5Sclose(s->file) < 0) {
        return h5r_fail_hdf5(err, "H5Sclose", h5r_store_hdf5(rep->part->store)->path);
    }
    return h5r_store_close(rep->part->store, err);
}

/* ---- one block of each rank, and an index: start and count of every piece, a rank's one after the other */

static h5r_status_t create_packed(h5r_rep_t *rep, h5r_error_t *err)
{
    state_t *s = rep->own;
    const hsize_t shape[] = {s->division.pieces * s->division.nranks, 2};
    if (h5r_store_create(rep->part->store, err) != H5R_OK) {
        return err->code;
    }
    const h5r_hdf5_t *h = h5r_store_hdf5(rep->part->store);
    hid_t space = H5Screate_simple(2, shape, NULL);
    s->index_dataset =
        H5Dcreate2(h->file, "index", H5T_NATIVE_UINT64, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    if (s->index_dataset < 0) {
        return h5r_fail_hdf5(err, "H5Dcreate2", "index");
    }
    return H5Sclose(space) < 0 ? h5r_fail_hdf5(err, "H5Sclose", "index") : H5R_OK;
}

static h5r_status_t open_packed(h5r_rep_t *rep, h5r_error_t *err)
{
    state_t *s = rep->own;
    if (h5r_store_open(rep->part->store, err) != H5R_OK) {
        return err->code;
    }
    s->index_dataset = H5Dopen2(h5r_store_hdf5(rep->part->store)->file, "index", H5P_DEFAULT);
    return s->index_dataset < 0 ? h5r_fail_hdf5(err, "H5Dopen2", "index") : H5R_OK;
}

static h5r_status_t select_packed(h5r_rep_t *rep, h5r_error_t *err)
{
    state_t *s = rep->own;
    const hsize_t start[] = {s->division.pieces * (uint64_t)rep->part->owner, 0},
                  count[] = {s->division.pieces, 2};
    s->index_memory = H5Screate_simple(2, count, NULL);
    s->index_file = H5Dget_space(s->index_dataset);
    if (s->index_memory < 0 ||
        H5Sselect_hyperslab(s->index_file, H5S_SELECT_SET, start, NULL, count, NULL) < 0) {
        return h5r_fail_hdf5(err, "H5Sselect_hyperslab", "index");
    }
    return h5r_store_select(rep->part->store, err);
}

/* The index goes first, so that what HDF5 says of the last transfer is of the data. */
static h5r_status_t write_packed(h5r_rep_t *rep, h5r_error_t *err)
{
    const state_t *s = rep->own;
    const hid_t transfer = h5r_store_hdf5(rep->part->store)->transfer;
    if (H5Dwrite(s->index_dataset, H5T_NATIVE_UINT64, s->index_memory, s->index_file, transfer,
                 way_of(rep)->run) < 0) {
        return h5r_fail_hdf5(err, "H5Dwrite", "index");
    }
    return h5r_step_write(rep, err);
}

static h5r_status_t read_packed(h5r_rep_t *rep, h5r_error_t *err)
{
    const state_t *s = rep->own;
    const hid_t transfer = h5r_store_hdf5(rep->part->store)->transfer;
    if (H5Dread(s->index_dataset, H5T_NATIVE_UINT64, s->index_memory, s->index_file, transfer, s->index) <
        0) {
        return h5r_fail_hdf5(err, "H5Dread", "index");
    }
    return h5r_step_read(rep, err);
}

static h5r_status_t close_packed(h5r_rep_t *rep, h5r_error_t *err)
{
    const state_t *s = rep->own;
    if (H5Sclose(s->index_memory) < 0 || H5Sclose(s->index_file) < 0) {
        return h5r_fail_hdf5(err, "H5Sclose", "index");
    }
    return H5Dclose(s->index_dataset) < 0 ? h5r_fail_hdf5(err, "H5Dclose", "index")
                                          : h5r_store_close(rep->part->store, err);
}

/* ---- the order of steps */

static h5r_status_t use_calls(h5r_rep_t *rep, h5r_error_t *err)
{
    (void)err;
    h5r_rep_use_calls(rep, &way_of(rep)->calls);
    return H5R_OK;
}

typedef struct {
    h5r_step_t *create, *open, *select, *write, *read, *close;
} steps_t;

static const steps_t steps_as[] = {
    [H5R_PIECES_SINGLE] = {h5r_step_create, h5r_step_open, h5r_step_select, write_single, read_single,
                           h5r_step_close},
    [H5R_PIECES_UNION] = {h5r_step_create, h5r_step_open, select_union, write_union, read_union, close_union},
    [H5R_PIECES_PACKED] = {create_packed, open_packed, select_packed, write_packed, read_packed,
                           close_packed},
};

static h5r_status_t run_steps(h5r_rep_t *rep, const steps_t *by, h5r_error_t *err)
{
    const h5r_timed_step_t steps[] = {
        {WRITE, H5R_UNTIMED, use_calls},
        {WRITE, H5R_PHASE_CREATE, by->create},
        {WRITE, H5R_PHASE_SELECT, by->select},
        {WRITE, H5R_PHASE_WRITE, by->write},
        {WRITE, H5R_PHASE_FLUSH, h5r_step_flush},
        {WRITE, H5R_PHASE_CLOSE, by->close},
        {READ, H5R_UNTIMED, h5r_step_turn_to_reads},
        {READ, H5R_UNTIMED, use_calls},
        {READ, H5R_UNTIMED, h5r_step_settle_cache},
        {READ, H5R_PHASE_OPEN, by->open},
        {READ, H5R_PHASE_SELECT, by->select},
        {READ, H5R_PHASE_READ, by->read},
        {READ, H5R_PHASE_CLOSE, by->close},
    };
    return h5r_steps_run(rep, steps, H5R_COUNT_OF(steps), err);
}

/* ---- before and after */

static h5r_region_t rows_of(const h5r_dims_t *shape, h5r_run_t run)
{
    h5r_region_t region = {.ndims = shape->n};
    for (int d = 0; d < H5R_MAX_NDIMS; d++) {
        region.stride[d] = 1;
        region.count[d] = d < shape->n ? shape->d[d] : 1;
    }
    region.start[0] = run.start;
    region.count[0] = run.count;
    return region;
}

/* Which part of the file the store is told of: the rank's block; or the piece, if there is only one; else
 * all, of which the pieces are told call by call. */
static void cut_calls(const h5r_rep_t *rep, const state_t *s, way_t *way)
{
    const h5r_dims_t *shape = &rep->factors->shape;
    const bool packed = s->as == H5R_PIECES_PACKED, one = packed || s->made == 1;
    const h5r_run_t block = {way->before, way->rows}, all = {0, shape->d[0]};
    h5r_region_t region = rows_of(shape, packed ? block : one ? way->run[0] : all);
    h5r_access_t access = {.kind = one ? H5R_ACCESS_WHOLE : H5R_ACCESS_ROW};
    h5r_ops_init(&way->calls, &region, access, rep->element_bytes, 0);
    if (!one) {
        way->calls.calls = s->made;
        way->calls.elements =
            h5r_division_rows(&s->division, (uint64_t)rep->parts[way - s->way].owner, s->made) *
            s->row_elements;
    }
}

static h5r_status_t prepare_way(const h5r_rep_t *rep, state_t *s, h5r_way_t direction, h5r_error_t *err)
{
    way_t *way = &s->way[direction];
    const uint64_t owner = (uint64_t)rep->parts[direction].owner, pieces = s->division.pieces;
    way->run = malloc((size_t)pieces * sizeof *way->run);
    if (way->run == NULL) {
        return h5r_no_memory(err, "%" PRIu64 " pieces", pieces);
    }
    for (uint64_t i = 0; i < pieces; i++) {
        way->run[i] = h5r_division_run(&s->division, owner, i);
        way->rows += way->run[i].count;
    }
    for (uint64_t rank = 0; s->as == H5R_PIECES_PACKED && rank < owner; rank++) {
        way->before += h5r_division_rows(&s->division, rank, pieces);
    }
    cut_calls(rep, s, way);
    return H5R_OK;
}

static h5r_status_t prepare(const h5r_rep_t *rep, state_t *s, h5r_error_t *err)
{
    const h5r_factors_t *f = rep->factors;
    s->division = (h5r_division_t){f->shape.d[0], f->pieces, (uint64_t)rep->nranks, rep->data.seed};
    s->as = f->pieces_as;
    s->row_elements = h5r_dims_elements(&f->shape) / f->shape.d[0];
    bool bounded = s->as == H5R_PIECES_SINGLE && f->max_ops > 0 && f->max_ops < f->pieces;
    s->made = bounded ? f->max_ops : f->pieces;
    s->index = h5r_buffer_new((size_t)f->pieces * sizeof *s->index, f->buffer_offset);
    if (s->index == NULL) {
        return h5r_no_memory(err, "an index of %" PRIu64 " pieces", f->pieces);
    }
    memset(s->index, 0xff, (size_t)f->pieces * sizeof *s->index);
    return prepare_way(rep, s, H5R_WAY_OUT, err) == H5R_OK ? prepare_way(rep, s, H5R_WAY_IN, err) : err->code;
}

typedef void on_piece_t(h5r_rep_t *rep, const h5r_region_t *region, uint64_t elements, char *at);

static void fill(h5r_rep_t *rep, const h5r_region_t *region, uint64_t elements, char *at)
{
    h5r_data_fill_region(&rep->data, &rep->factors->shape, region, elements, at);
}

static void poison(h5r_rep_t *rep, const h5r_region_t *region, uint64_t elements, char *at)
{
    h5r_data_poison_region(&rep->data, &rep->factors->shape, region, elements, at);
}

static void check(h5r_rep_t *rep, const h5r_region_t *region, uint64_t elements, char *at)
{
    h5r_rep_check_region(rep, READ, region, elements, at);
}

static void for_pieces(h5r_rep_t *rep, h5r_way_t way, on_piece_t *function, char *buffer)
{
    const state_t *s = rep->own;
    for (uint64_t i = 0; i < s->made; i++) {
        const h5r_run_t run = s->way[way].run[i];
        const h5r_region_t region = rows_of(&rep->factors->shape, run);
        const uint64_t elements = run.count * s->row_elements;
        if (elements > 0) {
            function(rep, &region, elements, buffer);
        }
        buffer += elements * rep->element_bytes;
    }
}

static void check_index(h5r_rep_t *rep)
{
    const state_t *s = rep->own;
    const h5r_run_t *expected = way_of(rep)->run;
    for (uint64_t i = 0; rep->verify && i < s->division.pieces; i++) {
        if (s->index[i].start != expected[i].start || s->index[i].count != expected[i].count) {
            h5r_rep_wrong(rep, READ,
                          "index, piece %" PRIu64 ": expected %" PRIu64 " rows from %" PRIu64
                          " on, found %" PRIu64 " from %" PRIu64 " on",
                          i, expected[i].count, expected[i].start, s->index[i].count, s->index[i].start);
        }
    }
}

/* What this rank does, which is what all ranks read, too. */
static void count(h5r_rep_t *rep)
{
    const state_t *s = rep->own;
    const way_t *way = &s->way[H5R_WAY_OUT];
    const bool single = s->as == H5R_PIECES_SINGLE;
    const uint64_t row_bytes = s->row_elements * rep->element_bytes;
    const uint64_t moved = h5r_division_rows(&s->division, (uint64_t)rep->rank, s->made);
    const uint64_t calls = s->as == H5R_PIECES_PACKED ? 1 + rep->parts[H5R_WAY_OUT].calls.calls : 1;
    for (int o = WRITE; o <= READ; o++) {
        h5r_rep_moved(rep, o, moved * row_bytes, single ? s->made : calls);
        h5r_rep_unbounded(rep, o, way->rows * row_bytes, single ? s->division.pieces : calls);
    }
}

static h5r_status_t run(h5r_rep_t *rep, h5r_error_t *err)
{
    state_t s = {.memory = -1, .file = -1, .index_memory = -1, .index_file = -1, .index_dataset = -1};
    rep->own = &s;
    h5r_status_t status = prepare(rep, &s, err);
    if (status == H5R_OK) {
        for_pieces(rep, H5R_WAY_OUT, fill, rep->write_buffer);
        for_pieces(rep, H5R_WAY_IN, poison, rep->read_buffer);
        status = run_steps(rep, &steps_as[s.as], err);
    }
    if (status == H5R_OK) {
        count(rep);
        for_pieces(rep, H5R_WAY_IN, check, rep->read_buffer);
        if (has_index(rep)) {
            check_index(rep);
        }
    }
    free(s.way[H5R_WAY_OUT].run);
    free(s.way[H5R_WAY_IN].run);
    h5r_buffer_free(s.index);
    rep->own = NULL;
    return status;
}

static uint64_t elements(const h5r_factors_t *f, uint64_t share, int nranks)
{
    const h5r_division_t division = {f->shape.d[0], f->pieces, (uint64_t)nranks, 0};
    (void)share;
    return h5r_division_most(&division) * (h5r_dims_elements(&f->shape) / f->shape.d[0]);
}

static h5r_work_t work(const h5r_doer_t *w, h5r_operation_t operation)
{
    const h5r_factors_t *f = w->factors;
    const h5r_division_t division = {f->shape.d[0], f->pieces, (uint64_t)w->nranks, w->data.seed};
    const bool single = f->pieces_as == H5R_PIECES_SINGLE;
    const uint64_t made = single && f->max_ops > 0 && f->max_ops < f->pieces ? f->max_ops : f->pieces;
    const uint64_t row_bytes = h5r_dims_elements(&f->shape) / f->shape.d[0] * w->element_bytes;
    const bool estimated = made > H5R_WORK_LOOK / sizeof(h5r_run_t) / (uint64_t)w->nranks;
    const uint64_t rows = estimated ? f->shape.d[0] / (uint64_t)w->nranks * made / f->pieces
                                    : h5r_division_rows(&division, (uint64_t)w->rank, made);
    const uint64_t calls = f->pieces_as == H5R_PIECES_PACKED && rows > 0 ? 2 : 1; /* the index is one */
    (void)operation;
    return (h5r_work_t){.payload_bytes = rows * row_bytes,
                        .calls = single ? made : calls,
                        .all_calls = single ? f->pieces : calls,
                        .padded = true,
                        .estimated = estimated};
}

static bool allows(const h5r_factors_t *f, int nranks, char *reason, size_t size)
{
    const h5r_driver_info_t *driver = h5r_driver_of(f);
    const char *why = NULL;
    (void)nranks;
    if (!driver->shared || f->files == H5R_FILES_PER_RANK) {
        why = "pieces of several ranks lie between each other only in a file that all ranks share";
    } else if (driver->store != H5R_STORE_HDF5 && f->pieces_as != H5R_PIECES_SINGLE) {
        why = "stores without HDF5 have no union of selections, and no second dataset for an index";
    } else if (f->decomposition != H5R_DECOMP_SLAB) {
        why = "pieces are dealt out by the seed, and decomposition must be slab, the default";
    }
    if (why != NULL) {
        snprintf(reason, size, "%s", why);
    }
    return why == NULL;
}

const h5r_workload_t h5r_workload_pieces = {
    .name = "pieces",
    .summary = "thousands of short runs per rank, irregularly between those of the others; after E3SM",
    .lesson =
        "A mesh in the order of a space-filling curve gives every rank thousands of short runs of rows. A "
        "call for each (pieces_as: single) costs its overhead that often. Their union in one call lets the "
        "library see all of them, if it can make something of it: the phase select shows what the union "
        "costs to build, the phase write what it costs to use. Packed, every rank writes one block, and an "
        "index beside it says which rows it holds: the fastest to write, but whoever reads the file must "
        "put it together again. Lengths are random up to twice their mean; the shares of the ranks differ a "
        "little.",
    .roof =
        "The same bytes by raw POSIX in large pieces, dealt out evenly: what the pieces would cost if they "
        "were none; their conversion; and the filters over every chunk once (packed too, where a chunk holds "
        "other rows).",
    .operations = {{.name = "write",
                    .direction = H5R_MOVES_OUT,
                    .help = "create, select, write, flush, close; with the index if packed"},
                   {.name = "read",
                    .direction = H5R_MOVES_IN,
                    .help = "open, select, read, close; with the index if packed"}},
    .own_calls = true,
    .elements = elements,
    .allows = allows,
    .work = work,
    .run = run,
};
