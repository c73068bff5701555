#include "engine/roof/copy_cost.h"

#include "core/factors/factor.h"
#include "engine/ranks/clock.h"
#include "engine/ranks/registry.h"
#include "h5roof/buffer.h"
#include "h5roof/count.h"
#include "h5roof/driver.h"

#include <math.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#define ROUNDS 5 /* of which the median counts */

/* Around those that were seen to matter on one CPU or another: small, half a page, and just before a page. */
static const uint64_t selected[H5R_COPY_SELECTED] = {8, 16, 32, 64, 2048, 4080};

void h5r_copy_cost_selected(h5r_copy_cost_t cost[H5R_COPY_SELECTED])
{
    for (size_t i = 0; i < H5R_COPY_SELECTED; i++) {
        cost[i] = (h5r_copy_cost_t){.past = selected[i], .frac = {NAN, NAN}};
    }
}

/* A longer file would end the process with a signal. */
static bool may_write(void)
{
    struct rlimit limit;
    return getrlimit(RLIMIT_FSIZE, &limit) == 0 &&
           (limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur >= H5R_COPY_BYTES);
}

/* Seconds of one copy; NaN: it failed. */
static double time_copy(int fd, char *memory, h5r_way_t way)
{
    h5r_instant_t t0 = h5r_now();
    ssize_t moved =
        way == H5R_WAY_OUT ? pwrite(fd, memory, H5R_COPY_BYTES, 0) : pread(fd, memory, H5R_COPY_BYTES, 0);
    double s = h5r_seconds_between(t0, h5r_now());
    return moved == (ssize_t)H5R_COPY_BYTES ? s : (double)NAN;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static double median(double s[ROUNDS])
{
    qsort(s, ROUNDS, sizeof *s, by_value);
    return s[ROUNDS / 2];
}

/* The copy between begins of pages stands in every round beside the others. */
static void measure_way(int fd, char *memory, h5r_way_t way, h5r_copy_cost_t *cost)
{
    double even[ROUNDS], past[ROUNDS];
    time_copy(fd, memory, way); /* warm up */
    for (int i = 0; i < ROUNDS; i++) {
        even[i] = time_copy(fd, memory, way);
        past[i] = time_copy(fd, memory + cost->past, way);
        if (isnan(even[i]) || isnan(past[i])) {
            return;
        }
    }
    double base = median(even);
    cost->frac[way] = base > 0.0 ? median(past) / base : (double)NAN;
}

bool h5r_copy_cost_measure(h5r_copy_cost_t *cost, size_t n)
{
    bool known = true;
    char *memory = h5r_buffer_new(H5R_COPY_BYTES + H5R_COPY_PAGE, 0);
    int fd = may_write() ? memfd_create("h5roof-copy", MFD_CLOEXEC) : -1;
    for (size_t i = 0; i < n; i++) {
        cost[i].frac[H5R_WAY_OUT] = cost[i].frac[H5R_WAY_IN] = NAN;
        for (int way = 0; way < H5R_WAYS && memory != NULL && fd >= 0; way++) {
            measure_way(fd, memory, (h5r_way_t)way, &cost[i]);
        }
        known = known && !isnan(cost[i].frac[H5R_WAY_OUT]) && !isnan(cost[i].frac[H5R_WAY_IN]);
    }
    if (fd >= 0) {
        close(fd);
    }
    h5r_buffer_free(memory);
    return known;
}

/* Where the dataset begins in its file; drivers that keep it elsewhere, or copy it themselves, are left out,
 * and split, whose addresses of raw data are those of a space of their own. */
static bool begin_in_file(const h5r_row_t *row, uint64_t *begin)
{
    const h5r_driver_info_t *driver = h5r_driver_of(&row->factors);
    *begin = driver->store == H5R_STORE_HDF5 ? row->data_offset_bytes : 0;
    return driver->plain && !driver->copies && *begin != H5R_NO_COUNT;
}

/* The pieces of the share lie in the file as they do in memory, or all in the same memory and a multiple of
 * pages apart; and the shares of all ranks begin alike. */
static bool keeps_distance(const h5r_row_t *row)
{
    const h5r_factors_t *f = &row->factors;
    bool alike = h5r_factors_files(f) == H5R_FILES_PER_RANK ||
                 row->payload_bytes % (row->ranks * (uint64_t)H5R_COPY_PAGE) == 0;
    return alike &&
           (f->buffers == H5R_BUFFERS_PAYLOAD || row->payload_bytes / row->calls % H5R_COPY_PAGE == 0);
}

bool h5r_copy_past(const h5r_row_t *row, uint64_t *past)
{
    const h5r_factors_t *f = &row->factors;
    uint64_t begin;
    const bool plain = h5r_workloads[f->workload]->moves_share && f->layout == H5R_LAYOUT_CONTIGUOUS &&
                       f->decomposition == H5R_DECOMP_SLAB && f->halo == 0 && f->memory == H5R_LIES_DENSE &&
                       !h5r_factors_hdf5_converts(f) &&
                       !h5r_factors_collective(f); /* a collective call may move an aggregator's memory */
    if (!plain || row->calls == 0 || row->calls == H5R_NO_COUNT || !begin_in_file(row, &begin) ||
        row->ranks == 0 || row->ranks == H5R_NO_COUNT || !keeps_distance(row)) {
        return false;
    }
    *past = (f->buffer_offset + H5R_COPY_PAGE - begin % H5R_COPY_PAGE) % H5R_COPY_PAGE;
    return true;
}

/* NULL: no room for another one. */
static const h5r_copy_cost_t *find(h5r_copy_costs_t *costs, uint64_t past)
{
    for (size_t i = 0; i < costs->n; i++) {
        if (costs->known[i].past == past) {
            return &costs->known[i];
        }
    }
    if (costs->n == H5R_COUNT_OF(costs->known)) {
        return NULL;
    }
    h5r_copy_cost_t *cost = &costs->known[costs->n++];
    cost->past = past;
    if (past == 0) {
        cost->frac[H5R_WAY_OUT] = cost->frac[H5R_WAY_IN] = 1.0;
    } else {
        h5r_copy_cost_measure(cost, 1);
    }
    return cost;
}

void h5r_copy_cost_fill_row(h5r_copy_costs_t *costs, h5r_direction_t direction, h5r_row_t *row)
{
    uint64_t past;
    const h5r_copy_cost_t *cost = h5r_copy_past(row, &past) ? find(costs, past) : NULL;
    if (cost == NULL || direction == H5R_MOVES_NOTHING) {
        return;
    }
    row->copy_cost_frac = direction == H5R_MOVES_OUT  ? cost->frac[H5R_WAY_OUT]
                          : direction == H5R_MOVES_IN ? cost->frac[H5R_WAY_IN]
                                                      : fmax(cost->frac[H5R_WAY_OUT], cost->frac[H5R_WAY_IN]);
}
