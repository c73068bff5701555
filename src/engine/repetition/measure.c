#include "engine/repetition/measure.h"

#include "engine/ranks/counters.h"
#include "engine/ranks/registry.h"
#include "h5roof/reading.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void h5r_measure_init(h5r_measure_t *m, const h5r_context_t *ctx)
{
    memset(m, 0, sizeof *m);
    m->ctx = ctx;
    for (int o = 0; o < H5R_OPERATIONS; o++) {
        for (int p = 0; p < H5R_PHASE_COUNT; p++) {
            m->operation[o].own_s[p] = NAN;
            m->operation[o].wall_s[p] = NAN;
        }
        m->operation[o].done.file_bytes = H5R_NO_COUNT;
        m->operation[o].facts.stored_bytes = m->operation[o].facts.data_offset = H5R_NO_COUNT;
    }
    m->os_fd = h5r_os_io_open();
    m->os_known = m->os_fd >= 0;
}

void h5r_measure_free(h5r_measure_t *m)
{
    if (m->os_fd >= 0) {
        close(m->os_fd);
    }
}

void h5r_phase_begin(h5r_rep_t *rep, h5r_operation_t operation, h5r_phase_t phase)
{
    h5r_measure_t *m = rep->measure;
    if (operation != m->current_operation) {
        h5r_store_forget_transfers(rep->part->store);
    }
    m->current_operation = operation;
    m->current_phase = phase;
    m->operation[operation].residency.pages += m->settled.pages;
    m->operation[operation].residency.resident += m->settled.resident;
    m->operation[operation].residency.unknown |= m->settled.unknown;
    m->settled = (h5r_residency_t){0};
    m->operation[operation].turned = rep->part == &rep->parts[H5R_WAY_IN];
    m->before = h5r_counters_now();
    m->os_known = m->os_known && h5r_os_io_now(m->os_fd, &m->os_before);
    h5r_place_set(m->ctx->place, operation, phase, H5R_WAITING);
    MPI_Barrier(m->ctx->comm);
    h5r_place_set(m->ctx->place, operation, phase, H5R_INSIDE);
    errno = 0; /* what an error message quotes is of this phase */
    m->start = h5r_now();
}

static void count_os(h5r_measure_t *m, h5r_os_counts_t *sum)
{
    h5r_os_io_t after;
    m->os_known = m->os_known && h5r_os_io_now(m->os_fd, &after);
    if (!m->os_known) {
        return;
    }
    h5r_os_io_t moved = h5r_os_io_between(&m->os_before, &after);
    sum->read_bytes += moved.read_bytes;
    sum->write_bytes += moved.write_bytes;
    sum->read_count += moved.read_count;
    sum->write_count += moved.write_count;
    sum->create_bytes += m->current_phase == H5R_PHASE_CREATE ? moved.write_bytes : 0;
    sum->close_bytes += m->current_phase == H5R_PHASE_CLOSE ? moved.write_bytes : 0;
    sum->open_bytes += m->current_phase == H5R_PHASE_OPEN ? moved.read_bytes : 0;
}

/* Of one file after the other. */
static void add_seconds(double *sum, double s)
{
    *sum = isnan(*sum) ? s : *sum + s;
}

void h5r_phase_end(h5r_rep_t *rep)
{
    h5r_measure_t *m = rep->measure;
    h5r_instant_t own_end = h5r_now();
    h5r_place_set(m->ctx->place, m->current_operation, m->current_phase, H5R_WAITING);
    MPI_Barrier(m->ctx->comm);
    h5r_instant_t wall_end = h5r_now();
    h5r_place_set(m->ctx->place, m->current_operation, m->current_phase, H5R_AWAY);
    h5r_operation_measure_t *o = &m->operation[m->current_operation];
    add_seconds(&o->own_s[m->current_phase], h5r_seconds_between(m->start, own_end));
    add_seconds(&o->wall_s[m->current_phase], h5r_seconds_between(m->start, wall_end));
    h5r_counters_t after = h5r_counters_now();
    h5r_counters_t moved = h5r_counters_between(&m->before, &after);
    h5r_counters_add(&o->counters, &moved);
    count_os(m, &o->os);
    h5r_store_observe(rep->part->store, m->current_phase);
    if (m->current_phase !=
        H5R_PHASE_CLOSE) { /* the last step of a volatile store, when the facts are of the read */
        o->facts = rep->part->store->facts;
    }
}

void h5r_rep_moved(h5r_rep_t *rep, h5r_operation_t operation, uint64_t payload_bytes, uint64_t calls)
{
    h5r_done_t *done = &rep->measure->operation[operation].done;
    done->payload_bytes = done->owned_bytes = payload_bytes;
    done->calls = done->pieces = calls;
}

void h5r_rep_wrote(h5r_rep_t *rep, h5r_operation_t operation, uint64_t payload_bytes)
{
    h5r_done_t *done = &rep->measure->operation[operation].done;
    done->wrote_said = true;
    done->wrote_bytes = payload_bytes;
}

void h5r_rep_unbounded(h5r_rep_t *rep, h5r_operation_t operation, uint64_t payload_bytes, uint64_t calls)
{
    h5r_done_t *done = &rep->measure->operation[operation].done;
    done->owned_bytes = payload_bytes;
    done->pieces = calls;
}

void h5r_rep_moved_share(h5r_rep_t *rep, h5r_operation_t operation)
{
    const h5r_direction_t direction = h5r_workloads[rep->factors->workload]->operations[operation].direction;
    const bool otherwise = direction == H5R_MOVES_IN && h5r_reads_otherwise(rep->factors);
    const h5r_part_t *part = &rep->parts[otherwise ? H5R_WAY_IN : H5R_WAY_OUT]; /* else the same in all */
    h5r_done_t *done = &rep->measure->operation[operation].done;
    const uint64_t files = rep->factors->file_count;
    done->payload_bytes = files * part->elements * rep->element_bytes;
    done->owned_bytes = files * h5r_region_elements(&part->region) * rep->element_bytes;
    done->calls = files * part->calls.calls;
    done->pieces = files * part->calls.pieces;
}

void h5r_rep_handled(h5r_rep_t *rep, h5r_operation_t operation, uint64_t objects)
{
    rep->measure->operation[operation].done.objects = objects;
}

void h5r_rep_refused(h5r_rep_t *rep, h5r_operation_t operation, uint64_t refusals)
{
    rep->measure->operation[operation].done.refusals = refusals;
}

void h5r_rep_damaged(h5r_rep_t *rep, h5r_operation_t operation, bool refused, uint64_t wrong)
{
    h5r_done_t *done = &rep->measure->operation[operation].done;
    done->damaged++;
    done->refused += refused ? 1u : 0u;
    done->wrong += wrong;
}

void h5r_measure_files(h5r_rep_t *rep, h5r_operation_t operation)
{
    rep->measure->operation[operation].done.file_bytes = h5r_store_file_bytes(rep->parts[H5R_WAY_OUT].store);
}

void h5r_measure_finish(h5r_rep_t *rep)
{
    const int operations = h5r_workload_operations(h5r_workloads[rep->factors->workload]);
    const uint64_t bytes = h5r_store_file_bytes(rep->parts[H5R_WAY_OUT].store);
    for (int o = 0; o < operations; o++) {
        h5r_done_t *done = &rep->measure->operation[o].done;
        done->file_bytes = done->file_bytes == H5R_NO_COUNT ? bytes : done->file_bytes;
    }
}

void h5r_rep_wrong(h5r_rep_t *rep, h5r_operation_t operation, const char *fmt, ...)
{
    h5r_operation_measure_t *o = &rep->measure->operation[operation];
    if (o->bad) {
        return;
    }
    o->bad = true;
    int n = snprintf(o->bad_text, sizeof o->bad_text, "rank %d: ", rep->rank);
    va_list args;
    va_start(args, fmt);
    vsnprintf(o->bad_text + n, sizeof o->bad_text - (size_t)n, fmt, args);
    va_end(args);
}

void h5r_rep_turn_to_reads(h5r_rep_t *rep)
{
    rep->part = &rep->parts[H5R_WAY_IN];
}

void h5r_rep_stored(h5r_rep_t *rep, uint64_t stored_bytes)
{
    rep->part->store->facts.stored_bytes = stored_bytes;
    rep->measure->operation[rep->measure->current_operation].facts.stored_bytes = stored_bytes;
}

void h5r_rep_use_calls(h5r_rep_t *rep, const h5r_ops_t *calls)
{
    h5r_part_t *part = &rep->parts[rep->part - rep->parts];
    h5r_ops_t *own = &part->calls;
    *own = *calls;
    part->elements = calls->elements;
    if (h5r_store_collective(rep->part->store)) {
        MPI_Allreduce(MPI_IN_PLACE, &own->calls, 1, MPI_UINT64_T, MPI_MAX, rep->measure->ctx->comm);
    }
}

h5r_status_t h5r_rep_settle_cache(h5r_rep_t *rep, h5r_error_t *err)
{
    const h5r_context_t *ctx = rep->measure->ctx;
    h5r_residency_t *sum = &rep->measure->settled;
    const h5r_store_t *files =
        h5r_reads_through(rep->factors) ? rep->parts[H5R_WAY_OUT].store : rep->part->store;
    MPI_Barrier(ctx->comm); /* all have closed */
    h5r_store_settle_cache(files, ctx->node_rank == 0, sum, err);
    h5r_status_t status = h5r_cache_drop(ctx, rep->factors->cache, err);
    return status == H5R_OK ? H5R_OK
                            : h5r_context(err, "after it, settling the page cache"); /* no phase of its own */
}

/* Says which element of a region is wrong. The first one counts. */
static void tell_wrong(h5r_rep_t *rep, h5r_operation_t operation, const h5r_region_t *region, uint64_t local,
                       const void *expected, const void *found)
{
    h5r_operation_measure_t *o = &rep->measure->operation[operation];
    uint64_t coord[H5R_MAX_NDIMS];
    char where[H5R_COORD_SIZE], owner[32] = "", reader[32] = "", wanted[64], got[64];
    if (o->bad) {
        return;
    }
    o->bad = true;
    h5r_region_coord(region, local, coord);
    if (rep->part->owner >= 0) {
        snprintf(owner, sizeof owner, " of rank %d", rep->part->owner);
    }
    if (rep->part->owner != rep->rank) {
        snprintf(reader, sizeof reader, ", read by rank %d", rep->rank);
    }
    snprintf(o->bad_text, sizeof o->bad_text, "element [%s]%s%s: expected %s, found %s",
             h5r_coord_text(coord, region->ndims, where), owner, reader,
             h5r_data_format(rep->data.dtype, expected, wanted, sizeof wanted),
             h5r_data_format(rep->data.dtype, found, got, sizeof got));
}

void h5r_rep_check_region(h5r_rep_t *rep, h5r_operation_t operation, const h5r_region_t *region,
                          uint64_t elements, const void *got)
{
    const h5r_dims_t *shape = &rep->factors->shape;
    if (!rep->verify) {
        return;
    }
    uint64_t bad = h5r_data_check_region(&rep->data, shape, region, elements, got);
    if (bad < elements) {
        char expected[8];
        h5r_data_fill(&rep->data, h5r_region_global(region, shape, bad), 1, expected);
        tell_wrong(rep, operation, region, bad, expected, (const char *)got + bad * rep->element_bytes);
    }
}

void h5r_rep_check(h5r_rep_t *rep, h5r_operation_t operation)
{
    h5r_rep_check_region(rep, operation, &rep->part->region, rep->part->elements, rep->read_buffer);
}

void h5r_rep_compare(h5r_rep_t *rep, h5r_operation_t operation, const h5r_region_t *region, uint64_t elements,
                     const void *expected, const void *got)
{
    const char *want = expected, *have = got;
    const size_t size = rep->element_bytes;
    if (!rep->verify || memcmp(want, have, elements * size) == 0) {
        return;
    }
    uint64_t bad = 0;
    while (memcmp(want + bad * size, have + bad * size, size) == 0) {
        bad++;
    }
    tell_wrong(rep, operation, region, bad, want + bad * size, have + bad * size);
}

/* A duration and the rank it belongs to, as MPI_MAXLOC wants it. */
typedef struct {
    double seconds;
    int rank;
} timed_rank_t;

#define BUCKETS 513 /* the median over the ranks is found to 1/512 of the spread between min and max */

/* Value of the k-th smallest (0-based) of all ranks' times, from the histogram. */
static double from_histogram(const int *histogram, uint64_t k, double min, double max)
{
    uint64_t seen = 0;
    for (int b = 0; b < BUCKETS; b++) {
        seen += (uint64_t)histogram[b];
        if (seen > k) {
            return min + (max - min) * b / (BUCKETS - 1);
        }
    }
    return max;
}

static double median_time(const int *histogram, int ranks, double min, double max)
{
    uint64_t n = (uint64_t)ranks;
    return 0.5 *
           (from_histogram(histogram, (n - 1) / 2, min, max) + from_histogram(histogram, n / 2, min, max));
}

static void name_slowest(const h5r_context_t *ctx, int rank, h5r_row_t *row)
{
    char node[MPI_MAX_PROCESSOR_NAME];
    memcpy(node, ctx->node_name, sizeof node);
    MPI_Bcast(node, (int)sizeof node, MPI_BYTE, rank, ctx->comm);
    row->slowest_rank = (uint64_t)rank;
    snprintf(row->slowest_node, sizeof row->slowest_node, "%.63s", node);
}

/* The phases, and after them their sum. */
enum { TIMES = H5R_PHASE_COUNT + 1, ALL_PHASES = H5R_PHASE_COUNT };

static void reduce_phases(const h5r_measure_t *m, const h5r_operation_measure_t *o, h5r_row_t *row)
{
    const h5r_context_t *ctx = m->ctx;
    timed_rank_t own[2 * TIMES], all[2 * TIMES];
    double total = 0.0;
    for (int p = 0; p < TIMES; p++) {
        double t = p == ALL_PHASES ? total : isnan(o->own_s[p]) ? 0.0 : o->own_s[p];
        own[p] = (timed_rank_t){t, ctx->rank};
        own[TIMES + p] = (timed_rank_t){-t, ctx->rank};
        total += t;
    }
    MPI_Allreduce(own, all, 2 * TIMES, MPI_DOUBLE_INT, MPI_MAXLOC, ctx->comm);

    int histogram[TIMES][BUCKETS], sum[TIMES][BUCKETS];
    memset(histogram, 0, sizeof histogram);
    for (int p = 0; p < TIMES; p++) {
        double max = all[p].seconds, min = -all[TIMES + p].seconds;
        double place = max > min ? (own[p].seconds - min) / (max - min) : 0.0;
        histogram[p][lrint(place * (BUCKETS - 1))] = 1;
    }
    MPI_Reduce(histogram, sum, TIMES * BUCKETS, MPI_INT, MPI_SUM, 0, ctx->comm);
    name_slowest(ctx, all[ALL_PHASES].rank, row);
    if (ctx->rank != 0) {
        return;
    }
    row->ranks_max_s = all[ALL_PHASES].seconds;
    row->ranks_med_s =
        median_time(sum[ALL_PHASES], ctx->size, -all[TIMES + ALL_PHASES].seconds, row->ranks_max_s);
    row->durable_s = 0.0;
    for (int p = 0; p < H5R_PHASE_COUNT; p++) {
        h5r_phase_time_t *t = &row->phase[p];
        if (isnan(o->own_s[p])) {
            continue;
        }
        t->max_s = all[p].seconds;
        t->min_s = -all[TIMES + p].seconds;
        t->slowest_rank = (uint64_t)all[p].rank;
        t->wall_s = o->wall_s[p];
        t->med_s = median_time(sum[p], ctx->size, t->min_s, t->max_s);
        row->durable_s += t->max_s;
    }
}

static void reduce_counters(const h5r_measure_t *m, const h5r_operation_measure_t *o, h5r_row_t *row)
{
    const h5r_counters_t *own = &o->counters;
    h5r_counters_t sum = {0};
    h5r_sum_counts(m->ctx, own, &sum, offsetof(h5r_counters_t, seconds));
    MPI_Reduce(&own->seconds, &sum.seconds, 1, MPI_DOUBLE, MPI_MAX, 0, m->ctx->comm);
    if (m->ctx->rank == 0) {
        row->counters = sum;
    }
}

static void reduce_os(const h5r_measure_t *m, const h5r_operation_measure_t *o, h5r_row_t *row)
{
    struct {
        h5r_os_counts_t counts;
        uint64_t known, nodes;
    } own = {o->os, m->os_known ? 1 : 0, m->ctx->node_rank == 0 ? 1 : 0}, sum;
    h5r_sum_counts(m->ctx, &own, &sum, sizeof sum);
    if (m->ctx->rank == 0) {
        row->nodes = sum.nodes;
    }
    if (m->ctx->rank == 0 && sum.known == (uint64_t)m->ctx->size) {
        row->os = sum.counts;
    }
}

static void reduce_residency(const h5r_measure_t *m, const h5r_operation_measure_t *o, h5r_row_t *row)
{
    const h5r_residency_t *r = &o->residency;
    double own = r->unknown ? (double)INFINITY : r->pages > 0 ? h5r_residency_fraction(r) : -1.0, most = -1.0;
    MPI_Reduce(&own, &most, 1, MPI_DOUBLE, MPI_MAX, 0, m->ctx->comm);
    if (m->ctx->rank == 0 && most >= 0.0 && isfinite(most)) {
        row->cache_resident_frac = most;
    }
}

static bool reduce_check(const h5r_measure_t *m, const h5r_operation_measure_t *o, h5r_row_t *row)
{
    const h5r_context_t *ctx = m->ctx;
    int own = o->bad ? ctx->rank : ctx->size, first;
    MPI_Allreduce(&own, &first, 1, MPI_INT, MPI_MIN, ctx->comm);
    if (first == ctx->size) {
        return true;
    }
    char text[sizeof o->bad_text];
    memcpy(text, o->bad_text, sizeof text);
    MPI_Bcast(text, (int)sizeof text, MPI_BYTE, first, ctx->comm);
    row->status = H5R_ROW_MISMATCH;
    snprintf(row->reason, sizeof row->reason, "%s", text);
    return false;
}

bool h5r_measure_reduce(const h5r_measure_t *m, h5r_operation_t operation, h5r_row_t *row)
{
    const h5r_operation_measure_t *o = &m->operation[operation];
    reduce_phases(m, o, row);
    reduce_counters(m, o, row);
    reduce_os(m, o, row);
    reduce_residency(m, o, row);
    return reduce_check(m, o, row);
}
