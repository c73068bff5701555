/*
 * tile: a stack of images is written and read in tiles, or in whole images, in the order in which they lie or
 * at random. What a tile costs is decided by the chunks it touches and by the cache that may hold them.
 */
#include "bench/tile/order.h"
#include "h5roof/count.h"
#include "h5roof/driver.h"
#include "h5roof/steps.h"

#include <stdio.h>
#include <stdlib.h>

#define IMAGE_DIMENSIONS 2

enum { WRITE, READ }; /* its operations */

/* The calls of the part, in the order in which they are made. */
typedef struct {
    h5r_op_t *call;
    uint64_t n;
} list_t;

/* ---- what is timed */

static h5r_status_t write_tiles(h5r_rep_t *rep, h5r_error_t *err)
{
    const list_t *list = rep->own;
    h5r_status_t status = H5R_OK;
    for (uint64_t i = 0; i < list->n && status == H5R_OK; i++) {
        const h5r_op_t *call = &list->call[i];
        status = h5r_store_write(rep->part->store, call,
                                 rep->write_buffer + call->offset * rep->element_bytes, err);
    }
    return status;
}

static h5r_status_t read_tiles(h5r_rep_t *rep, h5r_error_t *err)
{
    const list_t *list = rep->own;
    h5r_status_t status = H5R_OK;
    for (uint64_t i = 0; i < list->n && status == H5R_OK; i++) {
        const h5r_op_t *call = &list->call[i];
        status =
            h5r_store_read(rep->part->store, call, rep->read_buffer + call->offset * rep->element_bytes, err);
    }
    return status;
}

/* ---- what is not */

static h5r_ops_t cut(const h5r_factors_t *f, const h5r_region_t *region, uint64_t max_ops)
{
    const int whole = f->tile.n > 0 ? f->tile.n : IMAGE_DIMENSIONS;
    uint64_t piece[H5R_MAX_NDIMS];
    for (int d = 0; d < region->ndims; d++) {
        int of_tile = d - (region->ndims - whole);
        piece[d] = of_tile < 0 ? 1 : f->tile.n > 0 ? f->tile.d[of_tile] : region->count[d];
    }
    h5r_ops_t ops;
    h5r_ops_cut(&ops, region, piece, max_ops);
    return ops;
}

/* The calls of the part: the same ones in any order. Paddings stay behind them. */
static h5r_status_t list_calls(h5r_rep_t *rep, h5r_error_t *err)
{
    list_t *list = rep->own;
    const h5r_ops_t ops = cut(rep->factors, &rep->part->calls.region, rep->factors->max_ops);
    h5r_rep_use_calls(rep, &ops);
    list->n = rep->part->calls.calls;
    size_t n = (size_t)list->n;
    size_t *order = malloc((n + 1) * sizeof *order);
    free(list->call);
    list->call = malloc((n + 1) * sizeof *list->call);
    if (order == NULL || list->call == NULL) {
        free(order);
        return h5r_no_memory(err, "a list of %zu calls", n);
    }
    for (size_t i = 0; i < n; i++) {
        order[i] = i;
    }
    if (rep->factors->order == H5R_RANDOM) {
        h5r_order_shuffle(order, (size_t)ops.calls, rep->data.seed, (uint64_t)rep->part->owner);
    }
    for (size_t i = 0; i < n; i++) {
        h5r_op_at(&rep->part->calls, order[i], &list->call[i]);
    }
    free(order);
    return H5R_OK;
}

/* Tiles lie one after the other in memory, each of them dense. */
static h5r_status_t list_writes(h5r_rep_t *rep, h5r_error_t *err)
{
    const list_t *list = rep->own;
    h5r_status_t status = list_calls(rep, err);
    for (uint64_t i = 0; i < list->n && status == H5R_OK; i++) {
        const h5r_op_t *call = &list->call[i];
        h5r_region_t where = h5r_op_region(&rep->part->calls, &rep->part->region, call);
        h5r_data_fill_region(&rep->data, &rep->factors->shape, &where, call->elements,
                             rep->write_buffer + call->offset * rep->element_bytes);
    }
    return status;
}

static h5r_status_t list_reads(h5r_rep_t *rep, h5r_error_t *err)
{
    const list_t *list = rep->own;
    h5r_status_t status = list_calls(rep, err);
    for (uint64_t i = 0; i < list->n && status == H5R_OK; i++) {
        const h5r_op_t *call = &list->call[i];
        h5r_region_t where = h5r_op_region(&rep->part->calls, &rep->part->region, call);
        h5r_data_poison_region(&rep->data, &rep->factors->shape, &where, call->elements,
                               rep->read_buffer + call->offset * rep->element_bytes);
    }
    return status;
}

static void check_tiles(h5r_rep_t *rep)
{
    const list_t *list = rep->own;
    for (uint64_t i = 0; i < list->n; i++) {
        const h5r_op_t *call = &list->call[i];
        h5r_region_t where = h5r_op_region(&rep->part->calls, &rep->part->region, call);
        h5r_rep_check_region(rep, READ, &where, call->elements,
                             rep->read_buffer + call->offset * rep->element_bytes);
    }
}

/* ---- the order of steps */

static const h5r_timed_step_t steps[] = {
    {WRITE, H5R_UNTIMED, list_writes, H5R_ALWAYS},
    {WRITE, H5R_PHASE_CREATE, h5r_step_create, H5R_ALWAYS},
    {WRITE, H5R_PHASE_SELECT, h5r_step_select, H5R_ALWAYS},
    {WRITE, H5R_PHASE_WRITE, write_tiles, H5R_ALWAYS},
    {WRITE, H5R_PHASE_FLUSH, h5r_step_flush, H5R_ALWAYS},
    {WRITE, H5R_PHASE_CLOSE, h5r_step_close, H5R_LASTING},
    {READ, H5R_UNTIMED, h5r_step_turn_to_reads, H5R_LASTING},
    {READ, H5R_UNTIMED, list_reads, H5R_ALWAYS},
    {READ, H5R_UNTIMED, h5r_step_settle_cache, H5R_LASTING},
    {READ, H5R_PHASE_OPEN, h5r_step_open, H5R_LASTING},
    {READ, H5R_PHASE_SELECT, h5r_step_select, H5R_ALWAYS},
    {READ, H5R_PHASE_READ, read_tiles, H5R_ALWAYS},
    {READ, H5R_PHASE_CLOSE, h5r_step_close, H5R_LASTING},
    {WRITE, H5R_PHASE_CLOSE, h5r_step_close, H5R_VOLATILE},
};

static void tell_moved(h5r_rep_t *rep, h5r_operation_t operation)
{
    const h5r_ops_t *made = &rep->part->calls, all = cut(rep->factors, &made->region, 0);
    h5r_rep_moved(rep, operation, made->elements * rep->element_bytes, made->calls);
    if (made->elements < all.elements) {
        h5r_rep_unbounded(rep, operation, all.elements * rep->element_bytes, all.pieces);
    }
}

static h5r_work_t work(const h5r_doer_t *w, h5r_operation_t operation)
{
    const h5r_ops_t ops = cut(w->factors, &w->calls.region, w->factors->max_ops);
    (void)operation;
    return (h5r_work_t){.payload_bytes = ops.elements * w->element_bytes,
                        .calls = ops.calls,
                        .all_calls = ops.pieces,
                        .padded = true};
}

static void check(h5r_rep_t *rep)
{
    check_tiles(rep);
    tell_moved(rep, WRITE); /* the share that is read counts the same over all ranks */
    tell_moved(rep, READ);
}

static void release(h5r_rep_t *rep)
{
    const list_t *list = rep->own;
    free(list->call);
}

static bool allows(const h5r_factors_t *f, int nranks, char *reason, size_t size)
{
    (void)nranks;
    if (h5r_driver_of(f)->store == H5R_STORE_MPIIO && f->tile.n > 0) {
        snprintf(reason, size, "store mpiio moves runs of a rank's share, not tiles");
        return false;
    }
    return true;
}

const h5r_workload_t h5r_workload_tile = {
    .name = "tile",
    .summary = "a stack of images, written and read in tiles or in whole images, in order or at random",
    .lesson =
        "A tile is a few bytes of many rows. In a contiguous dataset each row of it is a request of its "
        "own. In chunks it is one, if the chunk is the tile; where the chunk is larger, HDF5 reads all of "
        "it, and again for the next tile unless the chunk cache (chunk_cache) still holds it, for which the "
        "order decides. Without filters a chunk that is larger than the cache is not read whole, but row by "
        "row of the tile. os_read_bytes and os_write_bytes against payload_bytes are the bytes really moved "
        "for each one asked for; the notes amplified and reread say the factor.",
    .roof =
        "The same bytes by raw POSIX in large pieces: what the tiles would cost if they lay one after the "
        "other; their conversion; and the filters over every chunk once.",
    .operations = {[WRITE] = {.name = "write", .direction = H5R_MOVES_OUT, .help = "every rank's tiles"},
                   [READ] = {.name = "read", .direction = H5R_MOVES_IN, .help = "likewise, each verified"}},
    .steps = steps,
    .step_count = H5R_COUNT_OF(steps),
    .own_bytes = sizeof(list_t),
    .check = check,
    .release = release,
    .own_calls = true,
    .allows = allows,
    .work = work,
};
