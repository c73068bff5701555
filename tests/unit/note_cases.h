/* Summaries of results that call for a note, each with one that just does not. Include after cmocka.h. */
#ifndef H5ROOF_TESTS_NOTE_CASES_H
#define H5ROOF_TESTS_NOTE_CASES_H

#include "note_results.h"

static void interleaves(h5r_result_t *r)
{
    r->last.factors.decomposition = H5R_DECOMP_INTERLEAVED;
    r->last.os.write_count = 1030;
}

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
SET(suspended)
{
    r->suspended = (size_t)arg;
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
/* Beyond the 4 MiB that are stored, and an index of them. */
SET(grown)
{
    filters(r);
    r->last.file_bytes = (uint64_t)((4 + arg) * MIB) +
                         128 * h5r_chunks_of(&r->last.factors.shape, &r->last.factors.chunk).chunks;
}
SET(evicted)
{
    chunks(r, 64, 64);
    r->last.factors.driver = H5R_DRIVER_SEC2;
    r->last.os.write_bytes = (uint64_t)(arg * 8 * MIB);
    r->last.os.read_bytes = (uint64_t)((arg - 1.0) * 8 * MIB);
}
SET(fields_written)
{
    r->last.factors.workload = H5R_WORKLOAD_records;
    r->last.factors.record = H5R_RECORD_FIELD;
    r->last.os.write_bytes = (uint64_t)(arg * 8 * MIB);
    r->last.os.read_bytes = (uint64_t)((arg - 1.0) * 8 * MIB);
}
SET(heaped)
{
    r->last.factors.workload = H5R_WORKLOAD_types;
    r->last.factors.element = H5R_ELEMENT_VLEN;
    r->last.os.write_bytes = (uint64_t)(arg * 8 * MIB);
}
SET(heap_read)
{
    heaped(r, arg);
    reads(r);
    r->last.os.read_bytes = (uint64_t)(arg * 8 * MIB);
}
SET(one_field)
{
    reads(r);
    r->last.factors.workload = H5R_WORKLOAD_records;
    r->last.payload_bytes = MIB;
    r->last.os.read_bytes = (uint64_t)(arg * MIB);
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

static void strided_request_bytes(h5r_result_t *r, double arg)
{
    request_bytes(r, arg);
    r->last.factors.memory = H5R_LIES_STRIDED;
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
    chunks(r, 128, 8);
    r->last.factors.fill_time = H5R_FILL_NEVER;
    r->last.os.write_count = (uint64_t)(8 * MIB / arg);
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
    r->last.factors.alloc_time = (h5r_alloc_time_t)arg;
}
SET(converts)
{
    r->last.factors.byte_order = H5R_ORDER_BIG;
    r->conversion_frac = exactly(arg, 8);
}
SET(compresses)
{
    r->last.roof_bound = H5R_BOUND_COMPRESS;
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

#endif
