#include "core/notes/note.h"

#include "core/notes/note_say.h"
#include "h5roof/count.h"

#include <stdlib.h>

const h5r_note_t h5r_note_table[] = {
    /* ---- trust: src/core/notes/note_trust.c */
    {"mismatch", h5r_say_mismatch,
     "The data read back differ from the data written. The first wrong element of the lowest rank that "
     "found one is given with its coordinate, what it must be and what it was. The run exits with 1.",
     "Inferred from: every element is compared with what its index and the seed make of it, outside "
     "the clock.",
     "Try: other drivers and MPI-IO components (Open MPI 4.1: --mca io romio321; 5: romio341) to see "
     "which layer is to blame."},
    {"short", h5r_say_short,
     "The operation is so short that the clock, the barriers and the scheduler are a visible part of it.",
     "Inferred from: durable_s is below 10 ms or below 100 barriers in most repetitions (mark `short`).",
     "Try: a larger shape."},
    {"above_roof", h5r_say_above_roof,
     "The case was faster than its roof by more than noise explains, which cannot be if both do the same "
     "work in the same state: caches differ, the operation is too short, or the machine was disturbed. "
     "Distrust the number.",
     "Inferred from: efficiency_frac is over 1.05 in most repetitions (mark `above_roof`).",
     "Try: a larger shape, more repetitions, cache: cold."},
    {"few", h5r_say_few, "There is no interval: too few repetitions.",
     "Inferred from: a 95 % interval of the median needs six values at least, whatever the distribution.",
     "Try: repeat.min: 6 or more."},
    {"noisy", h5r_say_noisy, "The median is uncertain: the machine is noisy or the case has several modes.",
     "Inferred from: the 95 % interval of the median of durable_s reaches more than 10 % away from it.",
     "Try: more repetitions (repeat.max, repeat.time), a quieter machine; look at the repetitions in "
     "their order."},
    {"outliers", h5r_say_outliers,
     "Some repetitions are far from all others. They are counted and kept: the median does not mind "
     "them, and on a shared machine they are part of the truth.",
     "Inferred from: durable_s is beyond Tukey's outer fences, three times the spread between the "
     "fourths away from the nearer one (from 6 repetitions on).",
     "Try: look at time_utc and at the phases of these rows; another tenant of the file system, a first "
     "touch of fresh memory or a filled write cache are usual."},
    {"skewed", h5r_say_skewed,
     "Two ways of measuring the same time disagree: the slowest ranks' phases, which make the headline, "
     "and rank 0's wall time from barrier to barrier. A rank that is late to leave a barrier starts its "
     "own clock late, so the headline misses what all others waited.",
     "Inferred from: the sums differ by more than 10 % (and the price of the barriers) in most "
     "repetitions (mark `skewed`).",
     "Try: no more ranks than cores, binding (mpirun --bind-to core), a larger shape; compare "
     "PHASE_wall_s with PHASE_max_s."},
    {"bounded", h5r_say_bounded,
     "Only a part of the calls was made, and bandwidth is that of the bytes which these calls moved. "
     "Creating and flushing still concern the whole dataset.",
     "Inferred from: max_ops is smaller than the number of pieces of a rank (mark `bounded`).",
     "Try: a larger max_ops, or a smaller shape for the same cost per call."},
    {"unverified", h5r_say_unverified, "Nobody looked at the data that were read.",
     "Inferred from: the suite says verify: false (mark `unverified`).", "Try: verify: true, the default."},
    {"cached", h5r_say_cached,
     "A cold read was not cold: the number is, in part, that of a read from memory.",
     "Inferred from: after eviction more than 1 % of the file's pages were still resident (mincore, "
     "cache_resident_frac) in most repetitions (mark `cached`). File systems that live in memory (tmpfs) "
     "cannot evict, and a file that another process has mapped stays.",
     "Try: another scratch directory."},
    {"volatile", h5r_say_volatile,
     "The store keeps the data in memory only, so durable bandwidth is durable in name only: it shows "
     "what is left when no bytes leave the process.",
     "Inferred from: driver memory, or core without core_backing.",
     "Try: core_backing: true, or another driver."},
    /* ---- mode and pattern: src/core/notes/note_mode.c */
    {"independent", h5r_say_independent, "Collective transfers were asked for, and HDF5 went independent.",
     "Inferred from: H5Pget_mpio_no_collective_cause (no_collective_global) gives a cause.",
     "Try: for a type or byte order conversion (HDF5 before 1.14.2) the native type in the file, or "
     "converting in the program; for the layout, contiguous or chunked."},
    {"claimed_collective", h5r_say_claimed, "HDF5 says that it transferred collectively and did not.",
     "Inferred from: actual_io_mode says collective, but the counters saw only independent MPI-IO calls. "
     "Known of filtered reads in HDF5 1.10.8 and of the individual-IO option.",
     "Try: a newer HDF5, or no filter; believe the counters (mpiio_*_coll_count)."},
    {"inert", h5r_say_inert,
     "Collective metadata was asked for and changed no call. For reads, HDF5 1.10.5 to 1.10.8 ignore "
     "it.",
     "Inferred from: the same case with collective_metadata none is in the run, and its operation made "
     "the same calls of MPI-IO with the same bytes (mpiio_*).",
     "Try: HDF5 1.10.9 or later; fewer and larger datasets."},
    {"hint_ignored", h5r_say_hint_ignored,
     "The opened file does not have the hints that were given: this MPI does not know the key, or "
     "changed its value.",
     "Inferred from: MPI_File_get_info of the opened file (hints_ignored), where this MPI can say: one "
     "that gives a made-up key back, as Open MPI does, only repeats what was set, and nothing is said.",
     "Try: hints that h5roof env lists under reported: this MPI tells which are in effect. Open MPI "
     "does not; for its OMPIO there are MCA parameters (--mca io_ompio_...)."},
    {"unaggregated", h5r_say_unaggregated,
     "The pieces of different ranks alternate in the file, and nobody put them together: many small "
     "requests reach the file system.",
     "Inferred from: decomposition and shape, and a mean request of the kernel (os_*_bytes / "
     "os_*_count) below 1.5 pieces of one rank. Contiguous layout only.",
     "Try: mode: collective with access: whole; hints (romio_cb_write: enable); another MPI-IO "
     "component (Open MPI 4.1: --mca io romio321; 5: romio341; or --mca fcoll vulcan: OMPIO of 4.1 did "
     "not aggregate with two ranks); decomposition: slab; or chunks that are the ranks' pieces."},
    {"unaligned", h5r_say_unaligned,
     "Ranks write parts of the same blocks, which costs locks and read-modify-write on parallel file "
     "systems.",
     "Inferred from: data_offset_bytes, the length of the ranks' pieces and block_bytes (exact), where "
     "requests are not aggregated. Contiguous layout only.",
     "Try: alignment: as large as block_bytes, pieces that are its multiples, mode: collective."},
    {"shared_chunks", h5r_say_shared_chunks,
     "Chunks hold elements of several ranks. Filtered ones are collected by one of them, others are "
     "written in parts.",
     "Inferred from: shape, decomposition, chunk and number of ranks (exact), from 10 % of the chunks on.",
     "Try: a chunk that divides a rank's share, or decomposition: block for square chunks."},
    /* ---- bytes: src/core/notes/note_bytes.c */
    {"amplified", h5r_say_amplified,
     "More was written than the dataset needs. Causes: fill values (chunks are filled when they are "
     "allocated), edge chunks that reach beyond the dataset, chunks that are read, changed and written "
     "again (filtered ones always are, others when the chunk cache holds some of them but not all that a "
     "call touches), read-modify-write of MPI-IO (data sieving) or of HDF5's sieve buffer, the core driver's "
     "image, metadata.",
     "Inferred from: os_write_bytes, or mpiio_write_bytes where the system does not tell, against the "
     "payload in the file's type, or stored_bytes with filters: 1.25 times and 64 KiB more. The cause "
     "from what was written in create (os_create_bytes), what was read while writing (os_read_bytes), "
     "and stored_bytes beyond the dataset.",
     "Try: fill_time: never; a chunk that divides shape; access: whole or a chunk per call; a "
     "chunk_cache that holds all chunks which a call touches; for data sieving hints: "
     "romio_ds_write=disable."},
    {"modified", h5r_say_modified,
     "In order to write, data were read first: MPI-IO fills the holes between pieces (data sieving), "
     "HDF5 reads chunks of which only a part is new.",
     "Inferred from: os_read_bytes of the write is 25 % or more of the payload in the file's type (of "
     "stored_bytes with filters) and 64 KiB.",
     "Try: hints: romio_ds_write=disable; access: whole or a chunk per call; a larger chunk_cache."},
    {"reread", h5r_say_reread,
     "More was read than asked for. A chunk that the cache can hold is always read whole; if the cache "
     "cannot keep it until the next call needs it, it is read again. In contiguous layouts it is data "
     "sieving, of MPI-IO or of HDF5's sieve buffer (serial drivers). Chunks that several ranks read, "
     "and metadata, have notes of their own.",
     "Inferred from: os_read_bytes, or mpiio_read_bytes, against the payload in the file's type, or "
     "the part of stored_bytes with filters: 1.25 times and 64 KiB more. The cache is said to be the "
     "cause only if more was read than every rank reading each of its chunks once.",
     "Try: a chunk_cache that holds all chunks which a call touches, an access that fits the chunk, or "
     "a chunk that fits the access. Without filters, a cache smaller than a chunk ends it too, but "
     "makes every row of a chunk a request (note small_requests)."},
    {"shared_chunk_reads", h5r_say_shared_chunk_reads,
     "Chunks hold elements of several ranks, and each of those ranks reads the whole chunk (and undoes "
     "its filters) for its part of it. A larger cache does not help: ranks share none.",
     "Inferred from: shape, decomposition, chunk and number of ranks (exact), from 10 % of the chunks "
     "on; and 1.25 times what had to be read was read (os_read_bytes), but not more than every rank "
     "reading each of its chunks once.",
     "Try: a chunk that divides a rank's share: long where the dataset is divided, as chunk: [512, "
     "128] in place of [1024, 64] for two slabs of 512 rows."},
    {"metadata_reads", h5r_say_metadata_reads,
     "What was read beside the payload is metadata: headers of the file and of its datasets, which "
     "every rank reads for itself when it opens them.",
     "Inferred from: 1.25 times the payload was read, and half of the excess or more in the phase open "
     "(os_open_bytes).",
     "Try: fewer and larger datasets: one with a dimension more in place of 1000 made 22 requests to "
     "read of 4 496."},
    {"small_requests", h5r_say_small_requests,
     "Many small requests reach the file system. Each request costs a system call, and a message on a "
     "parallel file system. The calls are small; or HDF5 moves a chunk row by row, as it does without "
     "filters when the chunk exceeds the cache or the file is shared and open for writing; or what a "
     "call moves is scattered over the file.",
     "Inferred from: more than 1 000 requests (os_*_count) of less than 4 KiB on average (os_*_bytes). "
     "The cause from calls_count, layout, chunk and chunk_cache.",
     "Try: a chunk_cache that holds a chunk (in one run with chunks of 5 MB, 320 009 requests became "
     "13); in a shared file a chunk as wide as the dataset, or a filter, with which chunks are moved "
     "whole; larger chunks; access: whole, one selection in place of many calls; put last the "
     "dimension along which a call is long; for pieces that lie apart collective mode with ROMIO (Open "
     "MPI 4.1: --mca io romio321; 5: romio341), or mask_as: rmw."},

    {"ratio", h5r_say_ratio, "How much smaller the filters made the data.",
     "Inferred from: size of the dataset in the type of the file, divided by the storage it takes there "
     "(H5Dget_storage_size).",
     "Try: shuffle before deflate for numbers; no filter where the ratio is about 1."},
    /* ---- allocation: src/core/notes/note_alloc.c */
    {"allocated_early", h5r_say_allocated_early,
     "Storage that was to be allocated when it is written was allocated when the dataset was created: "
     "on a shared file HDF5 does so whatever is asked for (from 1.14 on, only without filters), since "
     "ranks that write independently cannot allocate.",
     "Inferred from: alloc_time late or incr, and stored_bytes (H5Dget_storage_size) after operation "
     "create.",
     "Try: a file per rank; fill_time: never, so that at least nothing is written into it."},
    {"grows_in_parallel", h5r_say_grows_in_parallel,
     "Storage that nobody wrote to was allocated, and nobody asked for it: in a shared file HDF5 "
     "allocates all of a dataset when it is created (before 1.14, with filters too), since ranks that "
     "write independently cannot allocate later. The file is larger than with a file per rank, where "
     "chunks appear when they are written.",
     "Inferred from: driver mpio, alloc_time default, and stored_bytes (H5Dget_storage_size) of a "
     "dataset that nothing was written into, or beyond the chunks that calls can have touched.",
     "Try: a file per rank (driver: sec2), where storage appears with the first write or, in chunks, "
     "as it is written; from HDF5 1.14 on a filter, whose chunks are allocated when written; "
     "fill_time: never, so that at least nothing is written into it. alloc_time: late changes nothing "
     "here (note allocated_early)."},
    {"damage", h5r_say_damage,
     "What HDF5 does with a stored chunk of which one byte was changed on the disk: a checksum, or a filter "
     "that finds its own input impossible, makes it an error; else wrong elements are read as if they were "
     "right.",
     "Inferred from: the workload filter changes a byte of the first chunk of every file after reading, "
     "reads it again and restores it (damaged_count, refused_count, wrong_count).",
     "Try: fletcher32 at the end of the filters; 4 bytes a chunk and little time."},
    /* ---- memory: src/core/notes/note_memory.c */
    {"misaligned", h5r_say_misaligned,
     "The kernel copies between the program's memory and the page cache, and some CPUs do so several "
     "times slower where the two begin a few bytes apart in their pages, as they do with large blocks "
     "from glibc's malloc, 16 bytes past a page, and data that begin on one. How much of it shows "
     "depends on the copy's share of the time.",
     "Inferred from: copy_cost_frac, which was measured in the same run on the same machine, is 1.5 or "
     "more (buffer_offset and data_offset_bytes say where memory and file begin), and calls move 64 "
     "KiB or more on average. Contiguous layout in slabs only.",
     "Try: in a program, memory that begins at the same place within a page as the data "
     "(posix_memalign for data on a page); here buffer_offset: 0."},
    /* ---- time: src/core/notes/note_time.c */
    {"slow_rank", h5r_say_slow_rank,
     "One rank, or one node, is slower than the others, again and again, and all wait for it: a slow "
     "core, disk or link, or simply a larger share of the data.",
     "Inferred from: the median rank needs 25 % less time than the slowest (ranks_med_s, ranks_max_s), "
     "and the same rank (slowest_rank) or node (slowest_node) is slowest 2.4 standard deviations more "
     "often than chance. Collective calls hide it, since there all wait inside the call.",
     "Try: mode: independent to see it undisguised, other nodes, a shape that the ranks divide."},
    {"filling", h5r_say_filling,
     "Most of the time goes into creating the dataset, which is written with fill values.",
     "Inferred from: the phase create is half of durable_s or more, and half of stored_bytes or more was "
     "written in it (os_create_bytes).",
     "Try: fill_time: never; alloc_time: incr (serial drivers)."},
    {"closing", h5r_say_closing,
     "Most of the time goes into closing, after the data were flushed: metadata (index of the chunks, "
     "end of file), or the image of the core driver.",
     "Inferred from: the phase close is half of durable_s or more. os_close_bytes says how much was "
     "written in it.",
     "Try: larger chunks, libver: latest (other chunk indexes), collective_metadata: writes."},
    {"conversion", h5r_say_conversion,
     "Converting types or byte order is a large part of the time. With HDF5 before 1.14.2 it also makes "
     "collective transfers independent.",
     "Inferred from: 20 % of durable_s or more (median). For mpio it is the time of the transfers "
     "outside MPI-IO (durable_s - mpiio_s, at most the phase write or read; calls of 64 KiB or more), "
     "else roof_convert_s, the least that it can cost; the phase compute where the program converts.",
     "Try: file_dtype as in memory, byte_order: native."},
    {"element_wise", h5r_say_element_wise,
     "The price of a loop over elements: each call has a cost of its own, whatever it moves.",
     "Inferred from: the same case with access row is in the run, and the ratio of the median transfer rates "
     "(transfer_mibps, which is for each byte, so that a bound on calls does not matter) is 2 or more.",
     "Try: access: row or whole; in a program, arrays instead of loops."},
    {"binds", h5r_say_binds,
     "The roof that binds, where it explains the time: CPU work (compression, conversion) from half of "
     "the time on, storage from 90 % on. Nothing but less work or faster hardware helps then.",
     "Inferred from: efficiency_frac and roof_bound, the larger of CPU and storage work.",
     "Try: for compression a lower level or more ranks; for storage fewer bytes (filter, file_dtype) or "
     "more storage servers; reads that are not cold have the page cache as their storage."},
    {"shared_roof", h5r_say_shared_roof,
     "All ranks use one file, and the roof is that of a file per rank, since plain calls were faster "
     "that way: the efficiency includes what sharing a file costs on this file system, with or without "
     "HDF5. The second figure leaves that out.",
     "Inferred from: roof_store_shared_s is 1.1 times roof_store_own_s or more (medians), storage "
     "binds, and the case has a shared file.",
     "Try: to raise the second figure, what the other notes say; to raise the first, a file per rank "
     "(driver sec2 or family, subfiling), or a wider stripe."},
};

const size_t h5r_note_count = H5R_COUNT_OF(h5r_note_table);

int h5r_notes_each(const h5r_result_t *r, void (*visit)(const h5r_note_t *, const char *, void *),
                   void *context)
{
    int notes = 0;
    for (size_t i = 0; i < h5r_note_count; i++) {
        char *text = NULL; /* a note decides and speaks at once: into memory */
        size_t size = 0;
        FILE *memory = open_memstream(&text, &size);
        if (memory == NULL) {
            break;
        }
        bool applies = h5r_note_table[i].say(r, memory);
        if (fclose(memory) == 0 && applies) {
            visit(&h5r_note_table[i], text, context);
            notes++;
        }
        free(text);
    }
    return notes;
}

typedef struct {
    FILE *out;
    bool again;
} joined_t;

static void join(const h5r_note_t *note, const char *text, void *context)
{
    joined_t *joined = context;
    (void)note;
    fprintf(joined->out, "%s%s", joined->again ? "; " : "", text);
    joined->again = true;
}

int h5r_notes_write(const h5r_result_t *r, FILE *out)
{
    return h5r_notes_each(r, join, &(joined_t){out, false});
}
