/* A result of which there is nothing to say, and what makes it another one. Include after cmocka.h. */
#ifndef H5ROOF_TESTS_NOTE_RESULTS_H
#define H5ROOF_TESTS_NOTE_RESULTS_H

#include "core/notes/note.h"
#include "h5roof/chunks.h"

#define MIB 1048576u

static h5r_summary_t exactly(double value, size_t n)
{
    return (h5r_summary_t){.n = n,
                           .median = value,
                           .has_ci = n >= 6,
                           .ci_low = value,
                           .ci_high = value,
                           .min = value,
                           .max = value};
}

/* 8 repetitions of 2 ranks that write 8 MiB collectively, of which nothing is to be said. */
static h5r_result_t quiet(void)
{
    h5r_result_t r = {
        .repetitions = 8, .durable_s = exactly(1.0, 8), .slowest_rank_count = 4, .slowest_node_count = 8};
    h5r_row_clear(&r.last);
    h5r_row_t *row = &r.last;
    row->factors.shape = (h5r_dims_t){2, {1024, 1024}};
    row->ranks = 2;
    row->nodes = 1;
    snprintf(row->operation, sizeof row->operation, "write");
    row->status = H5R_ROW_OK;
    row->direction = H5R_MOVES_OUT;
    row->payload_bytes = row->stored_bytes = 8 * MIB;
    row->calls = row->total_calls = 2;
    row->counters =
        (h5r_counters_t){.write_indep = 4, .write_coll = 2, .write_bytes = 8 * MIB, .seconds = 0.5};
    row->os = (h5r_os_counts_t){.write_bytes = 8 * MIB, .write_count = 12};
    row->block_bytes = 4096;
    row->data_offset_bytes = 2048;
    snprintf(row->slowest_node, sizeof row->slowest_node, "n0");
    snprintf(r.slowest_node, sizeof r.slowest_node, "n0");
    r.efficiency = exactly(0.7, 8);
    r.waited_frac = exactly(0.05, 8);
    row->roof_bound = H5R_BOUND_STORE;
    for (int p = 0; p < H5R_PHASE_COUNT; p++) {
        r.phase_s[p] = exactly(0.1, 8);
    }
    return r;
}

static void reads(h5r_result_t *r)
{
    h5r_row_t *row = &r->last;
    snprintf(row->operation, sizeof row->operation, "read");
    row->direction = H5R_MOVES_IN;
    row->counters = (h5r_counters_t){.read_coll = 2, .read_bytes = 8 * MIB, .seconds = 0.5};
    row->os = (h5r_os_counts_t){.read_bytes = 8 * MIB, .read_count = 12};
}

/* Both of 2 ranks get all 8 MiB of a dataset. */
static void read_by_all(h5r_result_t *r, double times)
{
    reads(r);
    r->last.factors.read_decomposition = H5R_READ_REPLICATED;
    r->last.payload_bytes = 16 * MIB;
    r->last.os.read_bytes = r->last.counters.read_bytes = (uint64_t)(times * 8 * MIB);
}

static void read_and_sent(h5r_result_t *r, double all)
{
    read_by_all(r, 2.0);
    r->last.factors.replicated_reads = all > 0.0 ? H5R_REPLICATED_EACH : H5R_REPLICATED_BCAST;
}

static void row_ratio(h5r_result_t *r, double times)
{
    r->row_ratio = times;
}

static void slower_in_memory(h5r_result_t *r, double times)
{
    r->last.factors.memory = H5R_LIES_OTHER_RANK;
    r->memory_ratio = times;
}

static void asked_for_more(h5r_result_t *r, double times)
{
    r->last.factors.memory = H5R_LIES_FIELD;
    r->memory_requests = times;
}

static void slower_and_more(h5r_result_t *r, double times)
{
    r->last.factors.memory = H5R_LIES_STRIDED;
    r->memory_ratio = r->memory_requests = times;
}

static void chunks(h5r_result_t *r, uint64_t rows, uint64_t columns)
{
    r->last.factors.layout = H5R_LAYOUT_CHUNKED;
    r->last.factors.chunk = (h5r_dims_t){2, {rows, columns}};
    r->last.data_offset_bytes = H5R_NO_COUNT;
}

static void filters(h5r_result_t *r)
{
    chunks(r, 64, 64);
    r->last.factors.filter.n = 1;
    r->last.factors.filter.stage[0].kind = H5R_FILTER_DEFLATE;
    r->last.ratio_frac = 2.0;
    r->last.stored_bytes = 4 * MIB;
    r->last.os.write_bytes = 4 * MIB;
}

#endif
