#include "engine/repetition/repetition.h"

#include "core/factors/factor.h"
#include "engine/ranks/registry.h"
#include "engine/repetition/measure.h"
#include "engine/repetition/perform.h"
#include "engine/store/store.h"
#include "h5roof/driver.h"
#include "h5roof/reading.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define SHORT_S        0.010 /* a duration below this, or below so many barriers, is too short to trust */
#define SHORT_BARRIERS 100.0

/* The slowest ranks' phases and rank 0's walls from barrier to barrier should tell of the same time. They
 * differ by more than this fraction where a rank was late to leave a barrier: its own clock then began late.
 */
#define SKEWED 0.10

#define STILL_CACHED 0.01 /* a cold read of which more than this fraction is in memory is not cold */

/* What an operation did: counts of a rank, to be summed over all. */
typedef struct {
    uint64_t bytes, owned_bytes, calls, pieces, objects, file_bytes;
    uint64_t stored_bytes; /* of the dataset when it was last flushed */
    uint64_t damaged, refused, wrong;
    uint64_t refusals;
    uint64_t elements; /* of a dataset, in all files that have it */
} totals_t;

/* A fact of the store as this operation found it, or else the last one before it that did. */
static uint64_t latest(const h5r_rep_t *rep, int operation, size_t offset)
{
    uint64_t count = H5R_NO_COUNT;
    for (int o = operation; o >= 0 && count == H5R_NO_COUNT; o--) {
        memcpy(&count, (const char *)&rep->measure->operation[o].facts + offset, sizeof count);
    }
    return count;
}

/* Of this rank's file, 0 where another one counts it. */
static uint64_t stored_after(const h5r_rep_t *rep, int operation)
{
    const uint64_t bytes = latest(rep, operation, offsetof(h5r_store_facts_t, stored_bytes));
    return rep->parts[H5R_WAY_OUT].store->first && bytes != H5R_NO_COUNT ? bytes : 0;
}

/* Of the dataset in this rank's file, 0 where another one counts it. */
static uint64_t file_elements(const h5r_store_t *store)
{
    return store->first && !store->absent ? h5r_dims_elements(&store->file_shape) : 0;
}

static totals_t sum_totals(const h5r_rep_t *rep, int operation)
{
    const h5r_done_t *done = &rep->measure->operation[operation].done;
    totals_t sum = {0};
    const totals_t own = {.bytes = done->payload_bytes,
                          .owned_bytes = done->owned_bytes,
                          .calls = done->calls,
                          .pieces = done->pieces,
                          .objects = done->objects,
                          .file_bytes = done->file_bytes,
                          .stored_bytes = stored_after(rep, operation),
                          .damaged = done->damaged,
                          .refused = done->refused,
                          .wrong = done->wrong,
                          .refusals = done->refusals,
                          .elements = file_elements(rep->parts[H5R_WAY_OUT].store)};
    h5r_sum_counts(rep->measure->ctx, &own, &sum, sizeof sum);
    return sum;
}

static bool is_bounded(const totals_t *totals)
{
    return totals->bytes < totals->owned_bytes;
}

static bool writes_whole(const h5r_rep_t *rep, const h5r_operation_info_t *info, const totals_t *totals)
{
    return h5r_direction_writes(info->direction) && !is_bounded(totals) &&
           totals->bytes / rep->element_bytes >= totals->elements;
}

static bool is_skewed(const h5r_row_t *row, double barrier_s)
{
    double wall = 0.0, barriers = 0.0;
    for (int p = 0; p < H5R_PHASE_COUNT; p++) {
        bool happened = !isnan(row->phase[p].wall_s);
        wall += happened ? row->phase[p].wall_s : 0.0;
        barriers += happened ? barrier_s : 0.0;
    }
    double low = (1.0 - SKEWED) * row->durable_s, high = (1.0 + SKEWED) * row->durable_s + barriers;
    return wall < low || wall > high;
}

static void fill_marks(const h5r_rep_t *rep, const totals_t *totals, h5r_row_t *row)
{
    if (row->durable_s < SHORT_S || row->durable_s < SHORT_BARRIERS * rep->measure->ctx->barrier_s) {
        h5r_row_mark(row, H5R_MARK_SHORT);
    }
    /* of many files one rank may be last in one and another in the next: the sums need not agree */
    if (rep->factors->file_count == 1 && is_skewed(row, rep->measure->ctx->barrier_s)) {
        h5r_row_mark(row, H5R_MARK_SKEWED);
    }
    if (is_bounded(totals)) {
        h5r_row_mark(row, H5R_MARK_BOUNDED);
    }
    bool cold = rep->factors->cache == H5R_CACHE_COLD || rep->factors->cache == H5R_CACHE_DROPPED;
    if (cold && row->cache_resident_frac > STILL_CACHED) {
        h5r_row_mark(row, H5R_MARK_CACHED);
    }
    if (!rep->verify) {
        h5r_row_mark(row, H5R_MARK_UNVERIFIED);
    }
}

/* The phases that move the payload. */
static double transfer_time(const h5r_row_t *row, h5r_direction_t direction)
{
    double write_s = row->phase[H5R_PHASE_WRITE].max_s, read_s = row->phase[H5R_PHASE_READ].max_s;
    bool writes = direction != H5R_MOVES_IN && !isnan(write_s),
         reads = direction != H5R_MOVES_OUT && !isnan(read_s);
    return (writes ? write_s : 0.0) + (reads ? read_s : 0.0);
}

static double rate(double amount, double seconds)
{
    return amount > 0.0 && seconds > 0.0 ? amount / seconds : (double)NAN;
}

static void fill_mode(const h5r_store_facts_t *facts, h5r_row_t *row)
{
    snprintf(row->actual_io_mode, sizeof row->actual_io_mode, "%s", facts->actual_io_mode);
    snprintf(row->actual_chunk_opt, sizeof row->actual_chunk_opt, "%s", facts->actual_chunk_opt);
    snprintf(row->no_collective_local, sizeof row->no_collective_local, "%s", facts->no_collective_local);
    snprintf(row->no_collective_global, sizeof row->no_collective_global, "%s", facts->no_collective_global);
}

/* whole: all of the dataset has been written, by this operation or an earlier one. */
static void fill_row(const h5r_rep_t *rep, h5r_operation_t operation, const totals_t *totals, bool whole,
                     h5r_row_t *row)
{
    const h5r_factors_t *f = rep->factors;
    const h5r_store_facts_t *facts = &rep->measure->operation[operation].facts;
    const h5r_operation_info_t *info = &h5r_workloads[f->workload]->operations[operation];
    const double mib = 1024.0 * 1024.0;

    snprintf(row->operation, sizeof row->operation, "%s", info->name);
    snprintf(row->store, sizeof row->store, "%s", h5r_store_names[h5r_driver_of(f)->store]);
    row->payload_bytes = totals->bytes;
    row->calls = totals->calls;
    row->total_calls = totals->pieces;
    row->durable_mibps = rate((double)totals->bytes / mib, row->durable_s);
    row->transfer_mibps = rate((double)totals->bytes / mib, transfer_time(row, info->direction));
    if (totals->objects > 0) {
        row->objects = totals->objects;
        row->objects_per_s = rate((double)totals->objects, row->durable_s);
    }
    if (totals->refusals > 0) {
        row->refusals = totals->refusals;
    }
    if (totals->damaged > 0) {
        row->damaged = totals->damaged;
        row->refused = totals->refused;
        row->wrong = totals->wrong;
    }
    snprintf(row->hints_ignored, sizeof row->hints_ignored, "%s", facts->hints_ignored);
    row->stored_bytes = totals->stored_bytes;
    row->file_bytes = totals->file_bytes;
    if (totals->objects > 0 && totals->bytes == 0 && info->direction == H5R_MOVES_OUT) {
        row->object_bytes = (totals->file_bytes + totals->objects / 2) / totals->objects;
    }
    row->data_offset_bytes = latest(rep, operation, offsetof(h5r_store_facts_t, data_offset));
    row->block_bytes = h5r_store_block_bytes(rep->parts[H5R_WAY_OUT].store);
    if (totals->stored_bytes > 0 && whole && info->direction != H5R_MOVES_NOTHING) {
        double dataset = (double)totals->elements * (double)h5r_dtype_size(h5r_factors_file_dtype(f));
        row->ratio_frac = dataset * (double)h5r_workload_datasets(f) / (double)totals->stored_bytes;
    }
    if (!isnan(row->phase[H5R_PHASE_WRITE].max_s) || !isnan(row->phase[H5R_PHASE_READ].max_s)) {
        fill_mode(facts, row);
    }
    fill_marks(rep, totals, row);
}

/* Of what was dealt out anew a rank reads what ranks of several nodes wrote, if there are several. */
static void fill_shift(const h5r_rep_t *rep, const h5r_shift_t *shift, h5r_row_t *row)
{
    row->read_shift = (uint64_t)shift->shift;
    if (!h5r_reads_anew(rep->factors) || row->nodes == 1) {
        row->read_own_node_frac = (double)shift->own_node / (double)rep->nranks;
    }
}

static void collect(const h5r_rep_t *rep, const h5r_shift_t *shift, h5r_outcome_t *outcome)
{
    const h5r_workload_t *workload = h5r_workloads[rep->factors->workload];
    bool whole = false;
    uint64_t written = 0; /* to the files, by the operations so far */
    outcome->right = true;
    outcome->rows = h5r_workload_operations(workload);
    for (int o = 0; o < outcome->rows; o++) {
        h5r_row_t *row = &outcome->row[o];
        const totals_t totals = sum_totals(rep, o);
        whole = whole || writes_whole(rep, &workload->operations[o], &totals);
        h5r_row_clear(row);
        row->operations = (uint64_t)outcome->rows;
        row->status = H5R_ROW_OK;
        outcome->right = h5r_measure_reduce(rep->measure, o, row) && outcome->right;
        if (rep->rank == 0) {
            fill_row(rep, o, &totals, whole, row);
        }
        outcome->work[o] = h5r_roof_work_reduce(
            rep, o, &(h5r_roof_moved_t){totals.bytes, totals.owned_bytes, totals.elements});
        outcome->work[o].rewrites = h5r_direction_writes(workload->operations[o].direction) &&
                                    totals.bytes > 0 &&
                                    (rep->factors->existing == H5R_EXISTING_OVERWRITE ||
                                     (written > 0 && written >= totals.stored_bytes));
        written += row->os.write_bytes == H5R_NO_COUNT ? 0 : row->os.write_bytes;
        row->direction = workload->operations[o].direction;
        /* what vanishes at close is read by the rank that wrote it, without turning */
        bool turned = rep->measure->operation[o].turned || rep->reads_before_close;
        if (turned && row->direction == H5R_MOVES_IN) {
            fill_shift(rep, shift, row);
        }
    }
}

/* What a repetition uses on this rank. Where readers are shifted, or read otherwise than was written, they read
 * from a store of its own; else both parts are the same. */
typedef struct {
    h5r_rep_t rep;
    h5r_factors_t reading; /* of the reads */
    h5r_measure_t measure;
    h5r_store_t store[H5R_WAYS]; /* H5R_WAY_OUT, H5R_WAY_IN */
    h5r_shift_t shift;
} bundle_t;

/* The share of a rank as this one moves it. */
static h5r_share_t make_part(const h5r_context_t *ctx, const h5r_factors_t *f, int owner, h5r_part_t *part)
{
    h5r_share_t share = h5r_bench_share_of(ctx, f, owner);
    *part = (h5r_part_t){.factors = f,
                         .owner = owner,
                         .region = share.region,
                         .elements = share.calls.elements,
                         .calls = share.calls};
    if (h5r_factors_collective(f)) {
        MPI_Allreduce(MPI_IN_PLACE, &part->calls.calls, 1, MPI_UINT64_T, MPI_MAX, ctx->comm);
    }
    return share;
}

/* What this rank reads, or gets of what another one read. */
static h5r_share_t make_read_part(const h5r_context_t *ctx, const h5r_factors_t *f, bundle_t *u)
{
    h5r_part_t *part = &u->rep.parts[H5R_WAY_IN];
    u->reading = h5r_factors_as_read(f);
    h5r_share_t share = make_part(ctx, &u->reading, u->shift.owner, part);
    if (h5r_reads_for_all(f)) {
        const h5r_factors_t got = h5r_factors_as_got(f);
        share = h5r_bench_share(ctx, &got);
        part->region = share.region;
        part->elements = share.calls.elements;
    }
    part->owner = h5r_reads_anew(f) ? -1 : part->owner;
    return share;
}

static void make_buffers(h5r_bench_t *b, h5r_rep_t *rep, const h5r_share_t *writes, const h5r_share_t *reads)
{
    const h5r_dims_t *shape = &rep->factors->shape;
    rep->write_buffer = b->write_buffer + rep->factors->buffer_offset;
    rep->read_buffer = b->read_buffer + rep->factors->buffer_offset;
    if (h5r_workloads[rep->factors->workload]->elements != NULL) {
        return;
    }
    h5r_data_fill_region(&rep->data, shape, &writes->held, writes->held_elements, rep->write_buffer);
    h5r_data_poison_region(&rep->data, shape, &reads->held, reads->held_elements, rep->read_buffer);
}

/* Collective. Errors are this rank's own. */
static void prepare_stores(const h5r_bench_t *b, bundle_t *u, bool keep_files, h5r_error_t *err)
{
    h5r_part_t *parts = u->rep.parts;
    const h5r_factors_t *f = u->rep.factors;
    parts[H5R_WAY_OUT].store = parts[H5R_WAY_IN].store = &u->store[H5R_WAY_OUT];
    h5r_store_prepare(&u->store[H5R_WAY_OUT], b->ctx, f, b->turn, &parts[H5R_WAY_OUT], keep_files, err);
    if (u->shift.shift != 0 || h5r_reads_otherwise(f)) {
        h5r_error_t second = {.code = H5R_OK};
        parts[H5R_WAY_IN].store = &u->store[H5R_WAY_IN];
        h5r_store_prepare(&u->store[H5R_WAY_IN], b->ctx, f, b->turn, &parts[H5R_WAY_IN], keep_files, &second);
        *err = err->code == H5R_OK ? second : *err;
    }
}

static h5r_status_t make_ready(h5r_bench_t *b, const h5r_factors_t *f, bundle_t *u, bool keep_files,
                               h5r_error_t *err)
{
    h5r_rep_t *rep = &u->rep;
    rep->factors = f;
    rep->rank = b->ctx->rank;
    rep->nranks = b->ctx->size;
    rep->element_bytes = h5r_dtype_size(f->dtype);
    rep->file_dtype = h5r_factors_file_dtype(f);
    rep->turn = b->turn;
    rep->verify = b->verify;
    rep->reads_before_close = h5r_factors_volatile(f);
    rep->measure = &u->measure;
    rep->part = &rep->parts[H5R_WAY_OUT];
    u->shift = h5r_bench_shift(b->ctx, f);
    const h5r_workload_t *workload = h5r_workloads[f->workload];
    const h5r_share_t written = make_part(b->ctx, f, rep->rank, &rep->parts[H5R_WAY_OUT]);
    const h5r_share_t read = make_read_part(b->ctx, f, u);
    for (int o = 0; workload->moves_share && o < h5r_workload_operations(workload); o++) {
        if (workload->operations[o].direction != H5R_MOVES_NOTHING) {
            h5r_rep_moved_share(rep, o);
        }
    }
    if (h5r_bench_data(b, f, &rep->data, err) != H5R_OK) {
        return err->code;
    }
    if (!workload->no_data) {
        h5r_bench_reserve(b, read.bytes > written.bytes ? read.bytes : written.bytes, err);
    }
    if (h5r_agree(b->ctx, err) != H5R_OK) {
        return err->code;
    }
    if (!workload->no_data) {
        make_buffers(b, rep, &written, &read);
    }
    prepare_stores(b, u, keep_files, err);
    return h5r_agree(b->ctx, err);
}

h5r_status_t h5r_repetition_run(h5r_bench_t *b, const h5r_factors_t *f, bool keep_files,
                                h5r_outcome_t *outcome, h5r_error_t *err)
{
    bundle_t u = {.shift = {0}};
    h5r_measure_init(&u.measure, b->ctx);
    *outcome = (h5r_outcome_t){0};
    h5r_status_t status = make_ready(b, f, &u, keep_files, err);
    if (status != H5R_OK) {
        goto release;
    }
    status = h5r_perform(&u.rep, err);
    if (status != H5R_OK) {
        h5r_context(err, "%s, phase %s",
                    h5r_workloads[f->workload]->operations[u.measure.current_operation].name,
                    h5r_phase_names[u.measure.current_phase]);
        outcome->fatal = true;
        return status; /* nothing is released: closing files may be collective, and the job ends here */
    }
    h5r_measure_finish(&u.rep);
    collect(&u.rep, &u.shift, outcome);
release:
    h5r_measure_free(&u.measure);
    h5r_store_release(&u.store[H5R_WAY_IN]);
    h5r_store_release(&u.store[H5R_WAY_OUT]);
    return status;
}
