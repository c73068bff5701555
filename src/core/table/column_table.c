#include "core/table/column_table.h"
#include "h5roof/count.h"

#define AT(member)   offsetof(h5r_row_t, member)
#define TEXT(member) .type = H5R_CELL_TEXT, .offset = AT(member), .size = sizeof((h5r_row_t *)0)->member
#define U64(member)  .type = H5R_CELL_U64, .offset = AT(member)
#define F64(member)  .type = H5R_CELL_F64, .offset = AT(member)
#define WORD(member, names)                                                                                  \
    .type = H5R_CELL_WORD, .offset = AT(member), .words = (names), .size = H5R_COUNT_OF(names)
#define BOOLEAN(member) .type = H5R_CELL_BOOL, .offset = AT(member)

/* A factor that came after the others' columns, and before these: it has its column here. */
#define FACTOR_COLUMN(factor_name)                                                                           \
    {                                                                                                        \
        .name = factor_name, .group = "factors", .type = H5R_CELL_FACTOR                                     \
    }

/* Of a phase that came after the others' columns. */
#define PHASE_COLUMNS(phase_name, which)                                                                     \
    {.name = phase_name "_max_s",                                                                            \
     .group = "phases",                                                                                      \
     F64(phase[which].max_s),                                                                                \
     .help = "phase " phase_name ": slowest rank"},                                                          \
        {.name = phase_name "_med_s",                                                                        \
         .group = "phases",                                                                                  \
         F64(phase[which].med_s),                                                                            \
         .help = "phase " phase_name ": median over the ranks, to 1/512 of the spread between min and max"}, \
        {.name = phase_name "_min_s",                                                                        \
         .group = "phases",                                                                                  \
         F64(phase[which].min_s),                                                                            \
         .help = "phase " phase_name ": fastest rank"},                                                      \
        {.name = phase_name "_slowest_rank",                                                                 \
         .group = "phases",                                                                                  \
         U64(phase[which].slowest_rank),                                                                     \
         .help = "phase " phase_name ": which rank was slowest"},                                            \
    {                                                                                                        \
        .name = phase_name "_wall_s", .group = "phases", F64(phase[which].wall_s),                           \
        .help = "phase " phase_name ": on rank 0, from barrier to barrier"                                   \
    }

const h5r_column_t h5r_columns_before[] = {
    {.name = "schema",
     .group = "identity",
     U64(schema),
     .help = "version of this table; columns are only appended"},
    {.name = "run_id",
     .group = "identity",
     TEXT(run_id),
     .help = "the run: UTC start and a random word, as in env.json"},
    {.name = "suite", .group = "identity", TEXT(suite), .help = "name of the suite"},
    {.name = "case_id",
     .group = "identity",
     TEXT(case_id),
     .help = "hash of all factors that differ from their default: the same case in any run and any suite"},
    {.name = "case", .group = "identity", TEXT(case_name), .help = "name of the case in its suite"},
    {.name = "case_number",
     .group = "identity",
     U64(case_number),
     .help = "place of the case in the suite, from 0"},
    {.name = "block",
     .group = "identity",
     U64(block),
     .help = "round in which every case ran once in shuffled order; warm-up rounds come first"},
    {.name = "repetition",
     .group = "identity",
     U64(repetition),
     .help = "counted from 0, warm-up and measured apart"},
    {.name = "warmup",
     .group = "identity",
     BOOLEAN(warmup),
     .help = "true: recorded, but not part of any statistic"},
    {.name = "operation",
     .group = "identity",
     TEXT(operation),
     .help = "what was timed, as the workload names it (explain WORKLOAD): write, read, ..."},
    {.name = "status",
     .group = "identity",
     WORD(status, h5r_row_words),
     .help = "ok; mismatch (data read differ from data written); rows without numbers: skipped (a rule "
             "forbids the case), interrupted (the run ended while it ran), stopped (no time for more "
             "repetitions)"},
    {.name = "quality",
     .group = "identity",
     .type = H5R_CELL_MARKS,
     .offset = AT(marks),
     .words = h5r_mark_words,
     .size = H5R_COUNT_OF(h5r_mark_words),
     .help =
         "marks joined by ';': short (below 10 ms or 100 barriers), skewed (wall time and slowest ranks "
         "differ by more than 10 %), above_roof (efficiency over 1.05), bounded (max_ops cut the "
         "operation), cached (cold was asked, more than 1 % was resident), unverified, suspended (the job "
         "stood still meanwhile; the repetition does not count)"},
    {.name = "reason",
     .group = "identity",
     TEXT(reason),
     .help = "why it was skipped, interrupted or stopped, or the first wrong element: rank, coordinate, "
             "expected, found"},
    {.name = "stop",
     .group = "identity",
     WORD(stop, h5r_stop_words),
     .help = "on a case's last row, why it is the last: ci (narrow enough), max, time; budget (--max-time), "
             "interrupted (--skip-crashed)"},
    {.name = "ranks", .group = "identity", U64(ranks), .help = "MPI ranks that took part"},
    {.name = "store",
     .group = "identity",
     TEXT(store),
     .help = "what the driver belongs to: hdf5, mpiio, posix, memory"},
};

const h5r_column_t h5r_columns_after[] = {
    {.name = "durable_s",
     .group = "bandwidth",
     F64(durable_s),
     .help = "sum over the phases of this operation of the slowest rank's time"},
    {.name = "durable_mibps",
     .group = "bandwidth",
     F64(durable_mibps),
     .help = "payload_bytes / durable_s: the headline"},
    {.name = "transfer_mibps",
     .group = "bandwidth",
     F64(transfer_mibps),
     .help = "payload_bytes / the slowest rank's phase write (or read) alone; not durable"},
    {.name = "payload_bytes",
     .group = "sizes",
     U64(payload_bytes),
     .help = "moved to or from memory, all ranks"},
    {.name = "calls_count",
     .group = "sizes",
     U64(calls),
     .help = "transfer calls made, all ranks; collective ones are the same number on every rank"},
    {.name = "total_calls_count",
     .group = "sizes",
     U64(total_calls),
     .help = "pieces that the access cuts the ranks' shares into, all ranks: the calls needed without the "
             "bound max_ops"},
    {.name = "stored_bytes",
     .group = "sizes",
     U64(stored_bytes),
     .help = "storage of the dataset (H5Dget_storage_size), or bytes of the file without HDF5, all files"},
    {.name = "file_bytes", .group = "sizes", U64(file_bytes), .help = "size of all files after close"},
    {.name = "ratio_frac",
     .group = "sizes",
     F64(ratio_frac),
     .help = "size of the dataset in the file's type, in all files / stored_bytes: the compression ratio; "
             "empty unless all of it was written, and where an operation moves nothing"},
    {.name = "cache_resident_frac",
     .group = "cache",
     F64(cache_resident_frac),
     .help =
         "pages of the files that were in memory before reading (mincore), of the rank or node with most"},
    {.name = "actual_io_mode",
     .group = "mode",
     TEXT(actual_io_mode),
     .help =
         "H5Pget_mpio_actual_io_mode of the last transfer on rank 0; wrong in known cases, see the counters"},
    {.name = "actual_chunk_opt",
     .group = "mode",
     TEXT(actual_chunk_opt),
     .help = "H5Pget_mpio_actual_chunk_opt_mode of the last transfer on rank 0"},
    {.name = "no_collective_local",
     .group = "mode",
     TEXT(no_collective_local),
     .help = "why rank 0 did not transfer collectively (H5Pget_mpio_no_collective_cause), joined by '+'"},
    {.name = "no_collective_global",
     .group = "mode",
     TEXT(no_collective_global),
     .help = "the same over all ranks"},
    {.name = "mpiio_write_indep_count",
     .group = "counters",
     U64(counters.write_indep),
     .help = "independent MPI_File_write* calls, all ranks"},
    {.name = "mpiio_write_coll_count",
     .group = "counters",
     U64(counters.write_coll),
     .help = "collective MPI_File_write*_all calls, all ranks"},
    {.name = "mpiio_read_indep_count",
     .group = "counters",
     U64(counters.read_indep),
     .help = "independent MPI_File_read* calls, all ranks"},
    {.name = "mpiio_read_coll_count",
     .group = "counters",
     U64(counters.read_coll),
     .help = "collective MPI_File_read*_all calls, all ranks"},
    {.name = "mpiio_write_bytes",
     .group = "counters",
     U64(counters.write_bytes),
     .help = "bytes given to MPI_File_write*, metadata and fill values included, all ranks"},
    {.name = "mpiio_read_bytes",
     .group = "counters",
     U64(counters.read_bytes),
     .help = "bytes asked of MPI_File_read*, metadata included, all ranks"},
    {.name = "mpiio_sync_count",
     .group = "counters",
     U64(counters.sync),
     .help = "MPI_File_sync calls, all ranks"},
    {.name = "mpiio_set_view_count",
     .group = "counters",
     U64(counters.set_view),
     .help = "MPI_File_set_view calls, all ranks"},
    {.name = "mpiio_s",
     .group = "counters",
     F64(counters.seconds),
     .help = "time inside MPI_File_* of the rank that spent most"},
    {.name = "roof_copy_s",
     .group = "roof",
     F64(roof_copy_s),
     .help = "memcpy of the payload, all ranks at once"},
    {.name = "roof_convert_s",
     .group = "roof",
     F64(roof_convert_s),
     .help = "byte swap or type conversion of the payload in memory; empty: the case converts nothing"},
    {.name = "roof_compress_s",
     .group = "roof",
     F64(roof_compress_s),
     .help =
         "the filter pipeline with zlib on the chunks that the operation has to filter, no I/O, all ranks at "
         "once; empty: no filter, or roof_missing says why"},
    {.name = "roof_store_own_s",
     .group = "roof",
     F64(roof_store_own_s),
     .help =
         "the stored bytes by pwrite or pread in the best way found (roof_store_own_way), a file per rank, "
         "open to close, with fsync when writing"},
    {.name = "roof_store_shared_s",
     .group = "roof",
     F64(roof_store_shared_s),
     .help = "the same into one shared file"},
    {.name = "roof_pattern_s",
     .group = "roof",
     F64(roof_pattern_s),
     .help = "raw MPI-IO with the case's own decomposition, access and mode, create to close"},
    {.name = "roof_bound",
     .group = "roof",
     WORD(roof_bound, h5r_bound_words),
     .help = "which work binds: copy, convert, compress, convert+compress, store"},
    {.name = "roof_s",
     .group = "roof",
     F64(roof_s),
     .help = "max(CPU work, storage work): the time of a perfect overlap"},
    {.name = "efficiency_frac",
     .group = "roof",
     F64(efficiency_frac),
     .help = "roof_s / durable_s; empty: nothing was moved, or roof_missing says why"},
    {.name = "time_utc", .group = "origin", TEXT(time_utc), .help = "end of the repetition, ISO 8601"},
    {.name = "seed", .group = "origin", U64(seed), .help = "seed of the suite: data and order of the blocks"},
    {.name = "read_shift_count",
     .group = "readers",
     U64(read_shift),
     .help = "places by which the readers were shifted: a rank read what the rank so many places after it "
             "wrote (auto: in the order of the nodes); 0: what it wrote itself"},
    {.name = "read_own_node_frac",
     .group = "readers",
     F64(read_own_node_frac),
     .help = "ranks that read what a rank of their own node wrote / all ranks; 1 on one node"},
    {.name = "os_read_bytes",
     .group = "system",
     U64(os.read_bytes),
     .help = "asked of the kernel by read and its variants (/proc/self/io), whoever called them, all ranks"},
    {.name = "os_write_bytes",
     .group = "system",
     U64(os.write_bytes),
     .help = "given to the kernel by write and its variants, all ranks"},
    {.name = "os_read_count",
     .group = "system",
     U64(os.read_count),
     .help = "calls of read and its variants, all ranks"},
    {.name = "os_write_count",
     .group = "system",
     U64(os.write_count),
     .help = "calls of write and its variants, all ranks"},
    {.name = "os_create_bytes",
     .group = "system",
     U64(os.create_bytes),
     .help = "of os_write_bytes, in the phase create: fill values, mostly"},
    {.name = "os_close_bytes",
     .group = "system",
     U64(os.close_bytes),
     .help = "of os_write_bytes, in the phase close"},
    {.name = "ranks_max_s",
     .group = "ranks",
     F64(ranks_max_s),
     .help = "a rank's own time in all phases of the operation, without waiting at barriers: slowest rank"},
    {.name = "ranks_med_s", .group = "ranks", F64(ranks_med_s), .help = "the same: median over the ranks"},
    {.name = "slowest_rank", .group = "ranks", U64(slowest_rank), .help = "which rank that slowest one is"},
    {.name = "slowest_node", .group = "ranks", TEXT(slowest_node), .help = "the node it is on"},
    {.name = "nodes_count", .group = "ranks", U64(nodes), .help = "nodes on which the ranks run"},
    {.name = "data_offset_bytes",
     .group = "system",
     U64(data_offset_bytes),
     .help = "where a contiguous dataset begins in its file (H5Dget_offset); empty: it is not contiguous"},
    {.name = "block_bytes",
     .group = "system",
     U64(block_bytes),
     .help = "block size that the file system prefers (st_blksize)"},
    {.name = "operations_count",
     .group = "identity",
     U64(operations),
     .help = "operations of the workload: so many rows belong to one repetition"},
    {.name = "objects_count",
     .group = "sizes",
     U64(objects),
     .help = "objects that the operation handled, all ranks; which ones, the workload says (explain)"},
    {.name = "objects_per_s", .group = "bandwidth", F64(objects_per_s), .help = "objects_count / durable_s"},
    {.name = "object_bytes",
     .group = "sizes",
     U64(object_bytes),
     .help = "file_bytes / objects_count, rounded, of what makes objects without data: metadata of each"},
    {.name = "damaged_count",
     .group = "damage",
     U64(damaged),
     .help = "stored chunks of which a byte was changed, to read them again (workload filter); the byte is "
             "restored"},
    {.name = "refused_count",
     .group = "damage",
     U64(refused),
     .help = "of the damaged chunks, those that HDF5 refused to read, as a checksum makes it do"},
    {.name = "wrong_count",
     .group = "damage",
     U64(wrong),
     .help = "elements of the other damaged chunks that came back wrong and without an error"},
    {.name = "direction",
     .group = "identity",
     WORD(direction, h5r_direction_names),
     .help =
         "what the operation does with its payload: writes, reads, both, neither; where a table lacks the "
         "column, the phases write and read tell"},
    {.name = "os_open_bytes",
     .group = "system",
     U64(os.open_bytes),
     .help = "of os_read_bytes, in the phase open: metadata of the file and of its datasets"},
    {.name = "refusals_count",
     .group = "sizes",
     U64(refusals),
     .help = "openings that had to be refused and were, all files (workload open)"},
    {.name = "hints_ignored",
     .group = "mode",
     TEXT(hints_ignored),
     .help = "keys of `hints` that are not in effect in the opened file, joined by ';' (MPI_File_get_info); "
             "empty "
             "too where MPI only gives back what was set"},
    FACTOR_COLUMN("buffer_offset"),
    FACTOR_COLUMN("buffers"),
    {.name = "roof_store_own_way",
     .group = "roof",
     TEXT(roof_store_own_way),
     .help =
         "how roof_store_own_s was reached, the fastest way that the block measured: whole (a rank's part in "
         "one call) or pieces of 8MiB, 1MiB or 64KiB; preallocated (fallocate, within the time); direct "
         "(O_DIRECT). "
         "Of an operation that writes and reads, WRITING + READING where they differ"},
    {.name = "roof_store_shared_way",
     .group = "roof",
     TEXT(roof_store_shared_way),
     .help = "the same of roof_store_shared_s"},
    {.name = "roof_files",
     .group = "roof",
     TEXT(roof_files),
     .help = "the faster store roof, which roof_s is made of: own (a file per rank) or shared (one file)"},
    {.name = "filtered_chunks_count",
     .group = "roof",
     U64(filtered_chunks),
     .help =
         "chunks that the operation had to filter at least: each once, and once for each way (out, in); of "
         "all ranks; empty: no filter, or not known (roof_missing)"},
    {.name = "roof_filtered_bytes",
     .group = "roof",
     U64(roof_filtered_bytes),
     .help =
         "what the pipeline of the roof compress made of all chunks of the dataset: stored_bytes, if HDF5 "
         "filtered the same"},
    {.name = "roof_missing",
     .group = "roof",
     WORD(roof_missing, h5r_missing_words),
     .help =
         "why roof_s, roof_bound and efficiency_frac are empty although bytes were moved: bounded, filter, "
         "chunks, unwritten, unmeasured (explain efficiency_frac)"},
    {.name = "copy_cost_frac",
     .group = "system",
     F64(copy_cost_frac),
     .help =
         "time of the kernel's copy between memory and page cache where they lie in a page as in this case "
         "(buffer_offset, data_offset_bytes), over that when both begin on a page; measured once per run on "
         "rank 0; empty unless a contiguous share is moved as it lies in memory"},
    FACTOR_COLUMN("file_space"),
    FACTOR_COLUMN("file_space_persist"),
    FACTOR_COLUMN("page_size"),
    FACTOR_COLUMN("page_buffer"),
    FACTOR_COLUMN("meta_block"),
    FACTOR_COLUMN("sieve_buffer"),
    FACTOR_COLUMN("alignment_threshold"),
    FACTOR_COLUMN("evict_on_close"),
    FACTOR_COLUMN("metadata_cache"),
    FACTOR_COLUMN("grid"),
    PHASE_COLUMNS("exchange", H5R_PHASE_EXCHANGE),
};

const size_t h5r_columns_before_count = H5R_COUNT_OF(h5r_columns_before);
const size_t h5r_columns_after_count = H5R_COUNT_OF(h5r_columns_after);
