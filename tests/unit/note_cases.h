/* Summaries of results that call for a note, each with one that just does not. Include after cmocka.h. */
#ifndef H5ROOF_TESTS_NOTE_CASES_H
#define H5ROOF_TESTS_NOTE_CASES_H

#include "core/note.h"

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
    snprintf(row->status, sizeof row->status, "ok");
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
    snprintf(row->roof_bound, sizeof row->roof_bound, "store");
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

static void row_ratio(h5r_result_t *r, double times)
{
    r->row_ratio = times;
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

static void interleaves(h5r_result_t *r)
{
    r->last.factors.decomposition = H5R_DECOMP_INTERLEAVED;
    r->last.os.write_count = 1030;
}

/* One line per sentence: what makes it, its words, and (in `not`) what is just not enough. `arg` is the one
 * number in which the two differ. */
typedef struct {
    const char *note, *words;
    void (*set)(h5r_result_t *r, double arg);
    double just, just_not;
} claim_t;

#define SET(name) static void name(h5r_result_t *r, double arg)

SET(mismatched)
{
    r->mismatches = (size_t)arg;
    snprintf(r->last.reason, sizeof r->last.reason, "element [1]");
}
SET(shorts)
{
    r->shorts = (size_t)arg;
}
SET(above)
{
    r->above_roof = (size_t)arg;
}
SET(repeated)
{
    r->repetitions = (size_t)arg;
    r->durable_s = exactly(1.0, r->repetitions);
}
SET(half_width)
{
    r->durable_s.ci_high = 1.0 + arg;
}
SET(copied_slower)
{
    r->last.data_offset_bytes = 4096;
    r->last.factors.buffer_offset = 16;
    r->last.copy_cost_frac = arg;
}
SET(copied_slower_before)
{
    r->last.data_offset_bytes = 16;
    r->last.copy_cost_frac = arg;
}
SET(copied_in_calls)
{
    r->last.copy_cost_frac = 3.0;
    r->last.calls = (uint64_t)arg;
}
SET(far_out)
{
    r->durable_s.far_out = (size_t)arg;
}
SET(skewed)
{
    r->skewed = (size_t)arg;
}
SET(bounded)
{
    r->bounded = arg > 0.0;
    r->last.total_calls = 1024;
}
SET(unverified)
{
    r->unverified = arg > 0.0;
}
SET(cached)
{
    reads(r);
    r->cached = (size_t)arg;
    r->last.cache_resident_frac = 1.0;
}
SET(in_memory)
{
    r->last.factors.driver = arg > 0.0 ? H5R_DRIVER_MEMORY : H5R_DRIVER_SEC2;
}
SET(cause)
{
    if (arg > 0.0) {
        snprintf(r->last.no_collective_global, sizeof r->last.no_collective_global, "datatype_conversion");
    }
}
SET(claimed)
{
    snprintf(r->last.actual_io_mode, sizeof r->last.actual_io_mode, "chunk_collective");
    r->last.counters.write_coll = (uint64_t)arg;
}
/* Operations of any name: what they do decides. */
SET(claimed_otherwise)
{
    claimed(r, arg);
    snprintf(r->last.operation, sizeof r->last.operation, "touch");
}
SET(claimed_reading)
{
    reads(r);
    claimed(r, 7);
    snprintf(r->last.operation, sizeof r->last.operation, "scan");
    r->last.counters.read_coll = (uint64_t)arg;
}
SET(claimed_both)
{
    claimed(r, 0);
    r->last.direction = H5R_MOVES_BOTH;
    r->last.counters.read_coll = (uint64_t)arg;
}
SET(inert)
{
    r->last.factors.collective_metadata = H5R_COLLMETA_READS;
    r->inert_metadata = arg > 0.0;
}
SET(hints_ignored)
{
    snprintf(r->last.hints_ignored, sizeof r->last.hints_ignored, "%s", arg > 0.0 ? "cb_nodes;made_up" : "");
}
SET(request_kib)
{
    interleaves(r);
    r->last.os.write_count = (uint64_t)(8192.0 / arg);
}
SET(independent_request_kib)
{
    request_kib(r, arg);
    r->last.counters.write_coll = 0;
}
SET(offset)
{
    interleaves(r);
    r->last.data_offset_bytes = (uint64_t)arg;
}
SET(few_blocks)
{
    interleaves(r);
    r->last.block_bytes = (uint64_t)arg;
}
SET(chunk_rows)
{
    chunks(r, (uint64_t)arg, 64);
}
SET(created_and_written)
{
    chunks(r, 64, 64);
    r->last.os.create_bytes = 8 * MIB;
    r->last.os.write_bytes = (uint64_t)(arg * 8 * MIB);
}
SET(filled_unseen)
{
    chunks(r, 64, 64);
    r->last.os.write_bytes = r->last.os.create_bytes = r->last.os.read_bytes = H5R_NO_COUNT;
    r->last.counters.write_bytes = (uint64_t)(arg * 8 * MIB);
}
SET(filtered_written)
{
    filters(r);
    r->last.os.write_bytes = (uint64_t)(arg * 4 * MIB);
    r->last.os.read_bytes = (uint64_t)((arg - 1.0) * 4 * MIB);
}
SET(evicted)
{
    chunks(r, 64, 64);
    r->last.factors.driver = H5R_DRIVER_SEC2;
    r->last.os.write_bytes = (uint64_t)(arg * 8 * MIB);
    r->last.os.read_bytes = (uint64_t)((arg - 1.0) * 8 * MIB);
}
SET(edges)
{
    chunks(r, 64, 64);
    r->last.factors.fill_time = H5R_FILL_NEVER;
    r->last.os.write_bytes = r->last.stored_bytes = (uint64_t)(arg * 8 * MIB);
}
SET(sieved_writes)
{
    r->last.os.write_bytes = (uint64_t)(arg * 8 * MIB);
    r->last.os.read_bytes = 8 * MIB;
}
SET(much_metadata)
{
    r->last.os.write_bytes = (uint64_t)(arg * 8 * MIB);
}
SET(little_metadata)
{
    r->last.factors.shape = (h5r_dims_t){2, {64, 64}};
    r->last.payload_bytes = r->last.stored_bytes = 32768;
    r->last.os.write_bytes = 32768 + (uint64_t)arg;
}
SET(read_to_write)
{
    r->last.os.read_bytes = (uint64_t)(arg * 8 * MIB);
}
SET(reread)
{
    reads(r);
    chunks(r, 64, 64);
    r->last.os.read_bytes = r->last.counters.read_bytes = (uint64_t)(arg * 8 * MIB);
}
SET(read_rows) /* by two ranks that have parts of some chunks in common, if they have more than 64 rows */
{
    reads(r);
    chunks(r, (uint64_t)arg, 1024);
    r->last.os.read_bytes = r->last.counters.read_bytes = (uint64_t)arg > 512 ? 16 * MIB : 8 * MIB;
}
SET(read_rows_twice)
{
    read_rows(r, 1024);
    r->last.os.read_bytes = r->last.counters.read_bytes = (uint64_t)(arg * 8 * MIB);
}
SET(parts)
{
    reads(r);
    chunks(r, 64, 64);
    r->last.payload_bytes = 1 * MIB;
    r->last.os.read_bytes = r->last.counters.read_bytes = (uint64_t)(arg * MIB);
}
SET(buffered)
{
    reads(r);
    r->last.factors.driver = H5R_DRIVER_SEC2;
    r->last.counters = h5r_counters_none();
    r->last.os.read_bytes = (uint64_t)(arg * 8 * MIB);
    r->last.os.read_count = r->last.os.read_bytes / 65536;
}
SET(opened_bytes)
{
    reads(r);
    r->last.os.read_bytes = r->last.counters.read_bytes = 12 * MIB;
    r->last.os.open_bytes = (uint64_t)(arg * MIB);
}
SET(small_calls) /* of 1 KiB */
{
    r->last.calls = 8 * 1024;
    r->last.os.write_count = (uint64_t)arg;
    r->last.os.write_bytes = (uint64_t)arg * 1024;
}
SET(request_bytes)
{
    r->last.os.write_count = 2048;
    r->last.os.write_bytes = 2048 * (uint64_t)arg;
    r->last.factors.fill_time = H5R_FILL_NEVER;
}
SET(small_cache)
{
    request_bytes(r, 4095);
    chunks(r, 1024, 256);
    r->last.factors.driver = H5R_DRIVER_SEC2;
    r->last.factors.chunk_cache = (uint64_t)arg;
    r->last.os.write_bytes = arg > 1 * MIB ? 8 * MIB : r->last.os.write_bytes;
    r->last.os.write_count = arg > 1 * MIB ? 8 : r->last.os.write_count;
}
SET(chunk_rows_written)
{
    request_bytes(r, arg);
    chunks(r, 64, 8);
}
SET(small_chunks)
{
    request_bytes(r, arg);
    chunks(r, 8, 8);
}
SET(sieved_reads)
{
    reads(r);
    chunks(r, 64, 64);
    r->last.os.read_bytes = (uint64_t)(arg * 8 * MIB);
}
SET(ratio)
{
    filters(r);
    r->last.factors.filter.stage[0].kind = arg > 0.0 ? H5R_FILTER_DEFLATE : H5R_FILTER_SHUFFLE;
}
SET(larger)
{
    filters(r);
    r->last.factors.filter.stage[0].kind = H5R_FILTER_FLETCHER32;
    r->last.ratio_frac = arg;
}
#define NO_DAMAGE (-1.0)
SET(passed)
{
    reads(r);
    r->last.damaged = arg < 0.0 ? H5R_NO_COUNT : (uint64_t)arg;
    r->last.refused = arg < 0.0 ? H5R_NO_COUNT : 0;
    r->last.wrong = arg < 0.0 ? H5R_NO_COUNT : 36;
}
SET(refused)
{
    passed(r, arg);
    r->last.refused = r->last.damaged;
    r->last.wrong = arg < 0.0 ? H5R_NO_COUNT : 0;
}
SET(slowest)
{
    r->waited_frac = exactly(0.30, 8);
    r->slowest_rank = 1;
    r->slowest_rank_count = (size_t)arg;
}
SET(waited)
{
    slowest(r, 8);
    r->waited_frac = exactly(arg, 8);
}
SET(slow_node)
{
    slowest(r, 2);
    r->last.ranks = 64;
    r->last.nodes = 4;
    r->slowest_node_count = (size_t)arg;
}
SET(create_share)
{
    chunks(r, 64, 64);
    r->last.os.create_bytes = 8 * MIB;
    r->phase_s[H5R_PHASE_CREATE] = exactly(arg, 8);
}
SET(created_bytes)
{
    create_share(r, 0.9);
    r->last.os.create_bytes = (uint64_t)arg;
}
SET(close_share)
{
    r->phase_s[H5R_PHASE_CLOSE] = exactly(arg, 8);
}
SET(close_bytes)
{
    close_share(r, 0.9);
    r->last.os.close_bytes = (uint64_t)arg;
}
SET(created_stored)
{
    snprintf(r->last.operation, sizeof r->last.operation, "create");
    r->last.direction = H5R_MOVES_NOTHING;
    r->last.payload_bytes = 0;
    r->last.factors.alloc_time = H5R_ALLOC_LATE;
    r->last.stored_bytes = (uint64_t)arg;
}
SET(created_unasked)
{
    created_stored(r, arg);
    r->last.factors.alloc_time = H5R_ALLOC_DEFAULT;
}
SET(touched) /* 2 elements, which are in as many chunks at most */
{
    chunks(r, 64, 64);
    r->last.payload_bytes = 16;
    r->last.stored_bytes = (uint64_t)(arg * 64 * 64 * 8);
}
SET(created_alloc_time)
{
    created_stored(r, 8 * MIB);
    r->last.factors.alloc_time = (int32_t)arg;
}
SET(converts)
{
    r->last.factors.byte_order = H5R_ORDER_BIG;
    r->conversion_frac = exactly(arg, 8);
}
SET(compresses)
{
    snprintf(r->last.roof_bound, sizeof r->last.roof_bound, "compress");
    r->cpu_bound = 8;
    r->efficiency = exactly(arg, 8);
}
SET(stores)
{
    r->efficiency = exactly(arg, 8);
}
SET(shared_roof)
{
    r->own_roof_s = exactly(0.4, 8);
    r->shared_roof_s = exactly(0.4 * arg, 8);
}
SET(shared_files)
{
    shared_roof(r, 1.25);
    r->last.factors.driver = arg > 0.0 ? H5R_DRIVER_MPIO : H5R_DRIVER_SEC2;
}
SET(ranks_of_shared)
{
    shared_roof(r, 1.25);
    r->last.ranks = (uint64_t)arg;
}
SET(reads_memory)
{
    reads(r);
    r->efficiency = exactly(arg, 8);
}

static const claim_t claims[] = {
    {"misaligned", "memory begins 16 bytes further past a page than the data in the file", copied_slower, 1.5,
     1.49},
    {"misaligned",
     "memory begins 16 bytes less far past a page than the data in the file, and the kernel's "
     "copy takes 1.5 times as long",
     copied_slower_before, 1.5, 1.49},
    {"misaligned", "takes 3.0 times as long", copied_in_calls, 128, 129},
    {"mismatch", "WRONG DATA: element [1]", mismatched, 1, 0},
    {"short", "too short to trust (1.00 s)", shorts, 5, 4},
    {"above_roof", "above its roof in 5 of 8", above, 5, 4},
    {"few", "no interval: 5 repetitions, 6 are needed", repeated, 5, 6},
    {"noisy", "noisy: the time's interval reaches 11 %", half_width, 0.11, 0.09},
    {"outliers", "2 of 8 repetitions far out (kept)", far_out, 2, 0},
    {"skewed", "skewed: the wall time is not that of the slowest ranks in 5 of 8", skewed, 5, 4},
    {"bounded", "bounded: 2 of 1 024 calls", bounded, 1, 0},
    {"unverified", "not verified", unverified, 1, 0},
    {"cached", "not cold: 100 %", cached, 5, 4},
    {"volatile", "nothing is durable", in_memory, 1, 0},
    {"independent", "collective ran independent because of a type conversion", cause, 1, 0},
    {"claimed_collective", "every MPI-IO call was independent", claimed, 0, 1},
    {"claimed_collective", "every MPI-IO call was independent", claimed_otherwise, 0, 1},
    {"claimed_collective", "every MPI-IO call was independent", claimed_reading, 0, 1},
    {"claimed_collective", "every MPI-IO call was independent", claimed_both, 0, 1},
    {"inert", "collective_metadata: reads changed no call of MPI-IO", inert, 1, 0},
    {"hint_ignored", "hints that are not in effect: cb_nodes;made_up", hints_ignored, 1, 0},
    {"unaggregated", "collective calls were not aggregated: 1 024 requests of 8.00 KiB", request_kib, 8, 16},
    {"unaggregated", "not aggregated: 1 024 requests of 8.00 KiB, alternating", independent_request_kib, 8,
     16},
    {"unaligned", "unaligned: up to 50 % of the 4KiB blocks", offset, 2048, 4096},
    {"unaligned", "unaligned: up to 50 % of the 4KiB blocks", few_blocks, 4096, 1000},
    {"shared_chunks", "16 of 112 chunks are shared by up to 2 ranks", chunk_rows, 150, 64},
    {"amplified", "2.00 times the payload was written because of fill values", created_and_written, 2, 1.2},
    {"amplified", "2.00 times the payload was written because of fill values", filled_unseen, 2, 1.2},
    {"amplified", "3.00 times what is stored was written because filtered chunks are read", filtered_written,
     3, 1.2},
    {"amplified", "3.00 times the payload was written because chunks are read", evicted, 3, 1.2},
    {"amplified", "1.50 times the payload was written because of partial edge chunks", edges, 1.5, 1.2},
    {"amplified", "1.50 times the payload was written because of read-modify-write", sieved_writes, 1.5, 1.2},
    {"amplified", "1.50 times the payload was written because of metadata", much_metadata, 1.5, 1.2},
    {"amplified", "3.00 times the payload was written because of metadata", little_metadata, 65536, 65535},
    {"modified", "0.30 times the payload was read in order to write", read_to_write, 0.3, 0.2},
    {"allocated_early",
     "8MiB are allocated at once although alloc_time is late: a shared file is always allocated early",
     created_stored, 8 * MIB, 0},
    {"allocated_early", "although alloc_time is incr", created_alloc_time, H5R_ALLOC_INCR, H5R_ALLOC_EARLY},
    {"reread", "3.00 times the payload was read because whole chunks are read", reread, 3, 1.2},
    {"reread", "3.00 times the payload was read because MPI-IO reads what lies between", sieved_reads, 3,
     1.2},
    {"reread", "the chunk cache of 1MiB holds 32", reread, 3, 1.2},
    {"reread", "because chunks are read whole, each once, and only parts of them are wanted", parts, 8, 1.2},
    {"reread", "2.00 times the payload was read because HDF5's sieve buffer reads 64KiB", buffered, 2, 1.2},
    {"reread", "the chunk cache of 1MiB holds 0", read_rows_twice, 3, 2},
    {"shared_chunk_reads",
     "1 of 1 chunks are read by several ranks each (up to 2): 2.00 times the payload was read", read_rows,
     1024, 512},
    {"shared_chunk_reads", "2.00 times", read_rows_twice, 2, 3},
    {"metadata_reads", "4.00 MiB of metadata were read in opening, by each rank for itself", opened_bytes, 4,
     1},
    {"small_requests", "1 001 requests of 1.00 KiB each: a call moves 1.00 KiB", small_calls, 1001, 1000},
    {"small_requests", "2 048 requests of 4.00 KiB each: what a call moves lies apart in the file",
     request_bytes, 4095, 4096},
    {"small_requests",
     "a chunk of 2MiB is larger than the chunk cache of 1MiB, so each of its rows is a request", small_cache,
     1 * MIB, 2 * MIB},
    {"small_requests", "a row of a chunk has 64B, and in a shared file each is a request", chunk_rows_written,
     64, 4096},
    {"small_requests", "a chunk has 512B", small_chunks, 600, 4096},
    {"grows_in_parallel", "8.00 MiB are allocated that nobody wrote", created_unasked, 8 * MIB, 0},
    {"grows_in_parallel", "32.0 KiB are allocated that nobody wrote", touched, 3, 2},
    {"ratio", "ratio 2", ratio, 1, 0},
    {"ratio", "ratio 0.98: the filters made the data larger", larger, 0.98, 1.0},
    {"damage", "read without an error (2 of 2): 36 wrong", passed, 2, NO_DAMAGE},
    {"damage", "was refused (2 of 2)", refused, 2, NO_DAMAGE},
    {"slow_rank", "rank 1 on n0 is slowest in 8 of 8 repetitions, others wait 30 %", slowest, 8, 7},
    {"slow_rank", "others wait 26 %", waited, 0.26, 0.24},
    {"slow_rank", "node n0 has the slowest rank in 6 of 8 repetitions", slow_node, 6, 4},
    {"filling", "creating takes 60 % of the time, for fill values", create_share, 0.6, 0.4},
    {"filling", "creating takes 90 %", created_bytes, 8 * MIB, 1 * MIB},
    {"closing", "closing takes 60 % of the time, for metadata", close_share, 0.6, 0.4},
    {"conversion", "swapping bytes costs about 25 % of the time", converts, 0.25, 0.15},
    {"element_wise", "the transfer takes 2.0 times as long as row by row", row_ratio, 2, 1.9},
    {"element_wise", "the transfer takes 513 times as long as row by row", row_ratio, 513, 0},
    {"binds", "compression binds, not storage: 60 % of its roof", compresses, 0.6, 0.4},
    {"binds", "at its roof: storage binds", stores, 0.95, 0.85},
    {"binds", "at its roof: the page cache binds", reads_memory, 0.95, 0.85},
    {"shared_roof",
     "held against a file per rank; one shared file could reach 16 MiB/s, of which this is 50 %", shared_roof,
     1.25, 1.05},
    {"shared_roof", "of which this is 50 %", shared_files, 1, 0},
    {"shared_roof", "of which this is 50 %", ranks_of_shared, 2, 1},
};

#endif
