/*
 * pieces: every rank owns thousands of short runs of rows, irregularly between those of the others, after
 * E3SM. They are moved one by one, as one union of selections, or packed: side by side, with their index.
 */
#include "bench/pieces/moves.h"
#include "h5roof/buffer.h"
#include "h5roof/count.h"
#include "h5roof/driver.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WRITE, READ }; /* its operations */

/* ---- the order of steps */

static h5r_status_t use_calls(h5r_rep_t *rep, h5r_error_t *err)
{
    (void)err;
    h5r_rep_use_calls(rep, &h5r_pieces_way(rep)->calls);
    return H5R_OK;
}

enum { SINGLE, UNION, PACKED }; /* its cases */

static unsigned which(const h5r_factors_t *f)
{
    static const int cases[] = {
        [H5R_PIECES_SINGLE] = SINGLE, [H5R_PIECES_UNION] = UNION, [H5R_PIECES_PACKED] = PACKED};
    return H5R_CASE(cases[f->pieces_as]);
}

#define AS_SINGLE H5R_CASE(SINGLE)
#define AS_UNION  H5R_CASE(UNION)
#define AS_PACKED H5R_CASE(PACKED)

static const h5r_timed_step_t steps[] = {
    {WRITE, H5R_UNTIMED, use_calls, H5R_ALWAYS},
    {WRITE, H5R_PHASE_CREATE, h5r_step_create, AS_SINGLE | AS_UNION},
    {WRITE, H5R_PHASE_CREATE, h5r_pieces_create_packed, AS_PACKED},
    {WRITE, H5R_PHASE_SELECT, h5r_step_select, AS_SINGLE},
    {WRITE, H5R_PHASE_SELECT, h5r_pieces_select_union, AS_UNION},
    {WRITE, H5R_PHASE_SELECT, h5r_pieces_select_packed, AS_PACKED},
    {WRITE, H5R_PHASE_WRITE, h5r_pieces_write_single, AS_SINGLE},
    {WRITE, H5R_PHASE_WRITE, h5r_pieces_write_union, AS_UNION},
    {WRITE, H5R_PHASE_WRITE, h5r_pieces_write_packed, AS_PACKED},
    {WRITE, H5R_PHASE_FLUSH, h5r_step_flush, H5R_ALWAYS},
    {WRITE, H5R_PHASE_CLOSE, h5r_step_close, AS_SINGLE},
    {WRITE, H5R_PHASE_CLOSE, h5r_pieces_close_union, AS_UNION},
    {WRITE, H5R_PHASE_CLOSE, h5r_pieces_close_packed, AS_PACKED},
    {READ, H5R_UNTIMED, h5r_step_turn_to_reads, H5R_ALWAYS},
    {READ, H5R_UNTIMED, use_calls, H5R_ALWAYS},
    {READ, H5R_UNTIMED, h5r_step_settle_cache, H5R_ALWAYS},
    {READ, H5R_PHASE_OPEN, h5r_step_open, AS_SINGLE | AS_UNION},
    {READ, H5R_PHASE_OPEN, h5r_pieces_open_packed, AS_PACKED},
    {READ, H5R_PHASE_SELECT, h5r_step_select, AS_SINGLE},
    {READ, H5R_PHASE_SELECT, h5r_pieces_select_union, AS_UNION},
    {READ, H5R_PHASE_SELECT, h5r_pieces_select_packed, AS_PACKED},
    {READ, H5R_PHASE_READ, h5r_pieces_read_single, AS_SINGLE},
    {READ, H5R_PHASE_READ, h5r_pieces_read_union, AS_UNION},
    {READ, H5R_PHASE_READ, h5r_pieces_read_packed, AS_PACKED},
    {READ, H5R_PHASE_CLOSE, h5r_step_close, AS_SINGLE},
    {READ, H5R_PHASE_CLOSE, h5r_pieces_close_union, AS_UNION},
    {READ, H5R_PHASE_CLOSE, h5r_pieces_close_packed, AS_PACKED},
};

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
static void cut_calls(const h5r_rep_t *rep, const h5r_pieces_t *s, h5r_pieces_way_t *way)
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

static h5r_status_t prepare_way(const h5r_rep_t *rep, h5r_pieces_t *s, h5r_way_t direction, h5r_error_t *err)
{
    h5r_pieces_way_t *way = &s->way[direction];
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

typedef void on_piece_t(h5r_rep_t *rep, const h5r_region_t *region, uint64_t elements, char *at);

static void fill(h5r_rep_t *rep, const h5r_region_t *region, uint64_t elements, char *at)
{
    h5r_data_fill_region(&rep->data, &rep->factors->shape, region, elements, at);
}

static void poison(h5r_rep_t *rep, const h5r_region_t *region, uint64_t elements, char *at)
{
    h5r_data_poison_region(&rep->data, &rep->factors->shape, region, elements, at);
}

static void check_piece(h5r_rep_t *rep, const h5r_region_t *region, uint64_t elements, char *at)
{
    h5r_rep_check_region(rep, READ, region, elements, at);
}

static void for_pieces(h5r_rep_t *rep, h5r_way_t way, on_piece_t *function, char *buffer)
{
    const h5r_pieces_t *s = rep->own;
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
    const h5r_pieces_t *s = rep->own;
    const h5r_run_t *expected = h5r_pieces_way(rep)->run;
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
static void count(h5r_rep_t *rep, h5r_operation_t operation)
{
    const h5r_pieces_t *s = rep->own;
    const h5r_pieces_way_t *way = &s->way[H5R_WAY_OUT];
    const bool single = s->as == H5R_PIECES_SINGLE;
    const uint64_t row_bytes = s->row_elements * rep->element_bytes;
    const uint64_t moved = h5r_division_rows(&s->division, (uint64_t)rep->rank, s->made);
    const uint64_t calls = s->as == H5R_PIECES_PACKED ? 1 + rep->parts[H5R_WAY_OUT].calls.calls : 1;
    h5r_rep_moved(rep, operation, moved * row_bytes, single ? s->made : calls);
    h5r_rep_unbounded(rep, operation, way->rows * row_bytes, single ? s->division.pieces : calls);
}

static h5r_status_t prepare(h5r_rep_t *rep, h5r_error_t *err)
{
    h5r_pieces_t *s = rep->own;
    const h5r_factors_t *f = rep->factors;
    const bool bounded = f->pieces_as == H5R_PIECES_SINGLE && f->max_ops > 0 && f->max_ops < f->pieces;
    *s = (h5r_pieces_t){.division = {f->shape.d[0], f->pieces, (uint64_t)rep->nranks, rep->data.seed},
                        .as = f->pieces_as,
                        .row_elements = h5r_dims_elements(&f->shape) / f->shape.d[0],
                        .made = bounded ? f->max_ops : f->pieces,
                        .memory = -1,
                        .file = -1,
                        .index_memory = -1,
                        .index_file = -1,
                        .index_dataset = -1};
    s->index = h5r_buffer_new((size_t)f->pieces * sizeof *s->index, f->buffer_offset);
    if (s->index == NULL) {
        return h5r_no_memory(err, "an index of %" PRIu64 " pieces", f->pieces);
    }
    memset(s->index, 0xff, (size_t)f->pieces * sizeof *s->index);
    if (prepare_way(rep, s, H5R_WAY_OUT, err) != H5R_OK || prepare_way(rep, s, H5R_WAY_IN, err) != H5R_OK) {
        return err->code;
    }
    for_pieces(rep, H5R_WAY_OUT, fill, rep->write_buffer);
    for_pieces(rep, H5R_WAY_IN, poison, rep->read_buffer);
    return H5R_OK;
}

static void check(h5r_rep_t *rep)
{
    const h5r_pieces_t *s = rep->own;
    count(rep, WRITE);
    count(rep, READ);
    for_pieces(rep, H5R_WAY_IN, check_piece, rep->read_buffer);
    if (s->as == H5R_PIECES_PACKED) {
        check_index(rep);
    }
}

static void release(h5r_rep_t *rep)
{
    const h5r_pieces_t *s = rep->own;
    free(s->way[H5R_WAY_OUT].run);
    free(s->way[H5R_WAY_IN].run);
    h5r_buffer_free(s->index);
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
    .operations = {[WRITE] = {.name = "write",
                              .direction = H5R_MOVES_OUT,
                              .help = "every rank's pieces; with the index if packed"},
                   [READ] = {.name = "read", .direction = H5R_MOVES_IN, .help = "likewise, each verified"}},
    .steps = steps,
    .step_count = H5R_COUNT_OF(steps),
    .cases = {[SINGLE] = "pieces_as single", [UNION] = "pieces_as union", [PACKED] = "pieces_as packed"},
    .which = which,
    .own_bytes = sizeof(h5r_pieces_t),
    .prepare = prepare,
    .check = check,
    .release = release,
    .own_calls = true,
    .elements = elements,
    .allows = allows,
    .work = work,
};
