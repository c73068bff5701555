#include "cli/plan_time.h"

#include "core/base/hash.h"
#include "core/factors/factor.h"
#include "engine/ranks/registry.h"
#include "h5roof/driver.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MIB (1024.0 * 1024.0)

/* Seconds of a step, by the kind of file. Orders of magnitude, from runs on a local disk with two ranks. */
typedef struct {
    double read_file;  /* opening and closing it */
    double write_file; /* making or opening, flushing, syncing and closing it */
    double call;
    double object; /* a dataset, a group, an attribute, an append */
    double chunk;  /* that a call touches */
    double point;  /* a single element of a selection, or a piece of one */
} costs_t;

static const costs_t own_costs = {
    .read_file = 0.3e-3, .write_file = 2e-3, .call = 1e-6, .object = 10e-6, .chunk = 8e-6, .point = 0.1e-6};
static const costs_t shared_costs = {
    .read_file = 1e-3, .write_file = 7e-3, .call = 4e-6, .object = 40e-6, .chunk = 40e-6, .point = 2e-6};
static const costs_t raw_costs = {.read_file = 0.3e-3, .write_file = 3e-3, .call = 2e-6};
static const costs_t no_costs = {.call = 0.1e-6};

#define COLLECTIVE_CALL 20e-6          /* instead of `call` */
#define DISK            (1000.0 * MIB) /* a second, of all ranks together: synced, or read cold */
#define MEMORY          (4000.0 * MIB) /* a second and rank */
#define CONVERTED       (1500.0 * MIB) /* likewise */
#define MADE            (1000.0 * MIB) /* likewise: filled in before, and verified */
#define BETWEEN         5e-3           /* two jobs: barriers, removing files, a synced line of results */
#define STORE_WAYS      2.0            /* of the store roof, in every block */
#define STORE_TRIALS    8.0            /* and ways that are tried, once */
#define LIKELY          0.6            /* of the repetitions between the least and the most */

/* ---- filters */

/* Bytes a second and rank that a filter takes in; reading is faster. */
static double filter_rate(const h5r_factors_t *f, int i, bool writing)
{
    static const double rates[H5R_FILTER_KINDS] = {
        [H5R_FILTER_SHUFFLE] = 1500.0, [H5R_FILTER_FLETCHER32] = 1000.0, [H5R_FILTER_SZIP] = 150.0,
        [H5R_FILTER_NBIT] = 100.0,     [H5R_FILTER_SCALEOFFSET] = 100.0, [H5R_FILTER_LZ4] = 500.0,
        [H5R_FILTER_BZIP2] = 15.0,     [H5R_FILTER_LZF] = 300.0,         [H5R_FILTER_ZSTD] = 200.0,
        [H5R_FILTER_BLOSC] = 500.0,
    };
    const h5r_filter_kind_t kind = f->filter.stage[i].kind;
    if (kind != H5R_FILTER_DEFLATE) {
        return rates[kind] * MIB;
    }
    const double level = (double)f->filter.stage[i].level;
    const double out = (f->data == H5R_DATA_RANDOM ? 100.0 : 300.0) / (1.0 + 0.4 * level);
    return (writing ? out : fmax(out, 250.0)) * MIB;
}

static double filter_seconds(const h5r_factors_t *f, double bytes, bool writing)
{
    double s = 0.0;
    for (int i = 0; i < f->filter.n; i++) {
        s += bytes / filter_rate(f, i, writing);
    }
    return s;
}

/* ---- one operation */

static const costs_t *costs_of(const h5r_factors_t *f)
{
    if (!h5r_factors_on_disk(f)) {
        return &no_costs;
    }
    if (h5r_driver_of(f)->store != H5R_STORE_HDF5) {
        return &raw_costs;
    }
    return h5r_factors_files(f) == H5R_FILES_SHARED ? &shared_costs : &own_costs;
}

/* What lies in pieces: single elements of a selection, or the rows of a tile. */
static double points_of(const h5r_factors_t *f, double elements)
{
    const bool chosen = f->selection >= H5R_SELECT_POINTS && f->mask_as != H5R_MASK_RMW;
    if (chosen) {
        return elements;
    }
    if (f->update == H5R_UPDATE_NEGATIVE) {
        return elements / 2.0;
    }
    return f->tile.n > 1 ? elements / (double)f->tile.d[f->tile.n - 1] : 0.0;
}

static double chunks_of(const h5r_factors_t *f, const h5r_case_work_t *work, double elements)
{
    const double of_chunk = (double)h5r_dims_elements(&f->chunk);
    if (f->layout != H5R_LAYOUT_CHUNKED || work->most_bytes == 0) {
        return 0.0;
    }
    return fmax(elements / of_chunk, (double)work->most_calls);
}

double plan_operation_seconds(const h5r_factors_t *f, h5r_direction_t direction, const h5r_case_work_t *work,
                              int ranks)
{
    const costs_t *costs = costs_of(f);
    const bool shared = h5r_factors_files(f) == H5R_FILES_SHARED, writes = direction != H5R_MOVES_IN;
    const double bytes = (double)work->most_bytes, elements = bytes / (double)h5r_dtype_size(f->dtype);
    const bool cold = f->cache == H5R_CACHE_COLD || f->cache == H5R_CACHE_DROPPED;
    const bool to_disk = h5r_factors_on_disk(f) && (writes || cold) && direction != H5R_MOVES_NOTHING;
    if (direction == H5R_MOVES_NOTHING && work->all.payload_bytes > 0) {
        return bytes / MEMORY; /* it only computes */
    }
    double s = (double)f->file_count * (writes ? costs->write_file : costs->read_file);
    s += (double)work->most_calls * (h5r_factors_collective(f) ? COLLECTIVE_CALL : costs->call);
    s += (double)work->all.objects / (shared ? 1 : ranks) * costs->object;
    s += chunks_of(f, work, elements) * costs->chunk + points_of(f, elements) * costs->point;
    s += bytes / MEMORY + (to_disk ? (double)work->all.payload_bytes / DISK : 0.0);
    s += h5r_factors_converts(f) ? bytes / CONVERTED : 0.0;
    s += filter_seconds(f, bytes, writes);
    return s;
}

/* ---- a whole run */

struct plan_clock {
    const h5r_plan_t *plan;
    plan_time_t time;
    uint64_t *roofs; /* keys of those that are counted, sorted by nothing */
    size_t nroofs, room;
};

plan_clock_t *plan_clock_start(const h5r_plan_t *plan)
{
    plan_clock_t *clock = calloc(1, sizeof *clock);
    size_t room = 1;
    while (room < 2 * (plan->ncases * H5R_OPERATIONS + 1)) {
        room *= 2;
    }
    if (clock != NULL) {
        clock->plan = plan;
        clock->room = room;
        clock->roofs = calloc(room, sizeof *clock->roofs);
    }
    if (clock != NULL && clock->roofs == NULL) {
        free(clock);
        clock = NULL;
    }
    return clock;
}

/* Cases that share a roof measure it once a block. */
static bool is_new(plan_clock_t *clock, uint64_t key)
{
    key = key == 0 ? 1 : key;
    size_t at = (size_t)(key * UINT64_C(0x9e3779b97f4a7c15)) & (clock->room - 1);
    while (clock->roofs[at] != 0 && clock->roofs[at] != key) {
        at = (at + 1) & (clock->room - 1);
    }
    bool fresh = clock->roofs[at] == 0;
    clock->roofs[at] = key;
    return fresh;
}

static uint64_t store_key(const h5r_factors_t *f, const h5r_work_t *work, int ranks)
{
    char text[128];
    snprintf(text, sizeof text, "%" PRIu64 " %d %d %d %d", work->payload_bytes, ranks, f->cache, f->filter.n,
             f->filter.n > 0 ? f->filter.stage[f->filter.n - 1].kind : 0);
    return h5r_hash_text(H5R_HASH_EMPTY, text);
}

/* One way of writing and reading again what an operation moves. */
static double store_seconds(const h5r_work_t *work, int ranks)
{
    const double bytes = (double)work->payload_bytes;
    return raw_costs.write_file + raw_costs.read_file + bytes / DISK + 2.0 * bytes / MEMORY / ranks;
}

/* The operations of a repetition, what is not measured around them, and the roofs that this case brings in:
 * once, and in every block. */
static void seconds_of_case(plan_clock_t *clock, const h5r_factors_t *f, const h5r_case_work_t *work,
                            int ranks, double *measured, double *each, double *once)
{
    const h5r_workload_t *workload = h5r_workloads[f->workload];
    *measured = 0.0;
    *each = 2.0 * BETWEEN;
    *once = 0.0;
    for (int o = 0; o < h5r_workload_operations(workload); o++) {
        const h5r_direction_t direction = workload->operations[o].direction;
        const double s = plan_operation_seconds(f, direction, &work[o], ranks);
        *measured += s;
        *each += (double)work[o].most_bytes / MADE;
        if (direction == H5R_MOVES_NOTHING || !h5r_factors_on_disk(f) ||
            !is_new(clock, store_key(f, &work[o].all, ranks))) {
            continue;
        }
        *each += STORE_WAYS * store_seconds(&work[o].all, ranks) + BETWEEN;
        *once += STORE_TRIALS * store_seconds(&work[o].all, ranks);
        *each +=
            workload->moves_share ? s : 0.0; /* the pattern and the work in memory, about as much again */
    }
}

void plan_clock_add(plan_clock_t *clock, const h5r_factors_t *f, const h5r_case_work_t *work, int ranks)
{
    const h5r_repeat_t *repeat = &clock->plan->repeat;
    double measured, each, once;
    seconds_of_case(clock, f, work, ranks, &measured, &each, &once);
    const double least = (double)repeat->min;
    const double most = fmax(least, fmin((double)repeat->max, ceil(repeat->time_s / measured)));
    const double likely = least + LIKELY * (most - least);
    const double one = measured + each, warmup = (double)repeat->warmup;
    clock->time.least_s += once + one * (warmup + least);
    clock->time.likely_s += once + one * (warmup + likely);
    clock->time.most_s += once + one * (warmup + most);
    double bytes = (double)h5r_dims_elements(&f->shape) * h5r_factors_copies(f, ranks) *
                   (double)h5r_dtype_size(h5r_factors_file_dtype(f)) * (double)h5r_workload_datasets(f);
    bool holds = h5r_factors_on_disk(f) && !h5r_workloads[f->workload]->no_data;
    clock->time.disk_bytes = holds && bytes > clock->time.disk_bytes ? bytes : clock->time.disk_bytes;
}

plan_time_t plan_clock_stop(plan_clock_t *clock)
{
    plan_time_t time = clock->time;
    free(clock->roofs);
    free(clock);
    return time;
}
