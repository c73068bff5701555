#include "cli/doc/glossary.h"
#include "h5roof/count.h"

/* In the order of the alphabet. */
const glossary_t glossary[] = {
    {"95 % interval",
     "Between its ends lies the true median with a nominal confidence of 95 % or more, whatever the "
     "distribution of the repetitions. Overlapping intervals do not show a difference. A dash: too few "
     "repetitions.",
     "noisy, repetition, docs/method.md"},
    {"95%",
     "The nominal confidence of the intervals is 95 % or more, and six repetitions are needed for one. "
     "An interval is about the median: single repetitions lie outside more often.",
     "95 % interval, ci, docs/method.md"},
    {"aggregation",
     "Collective transfers let the MPI library put the pieces of many ranks together into few large "
     "requests (two phases: exchange, then file). It pays where pieces are small and lie between each "
     "other, and costs an exchange where they do not.",
     "aggregator, mode, hints, docs/method.md"},
    {"aggregator",
     "A rank that writes for others in a collective transfer. Their number is the hint cb_nodes; by "
     "default one a node or what the MPI library thinks fit. Its buffers are why one rank needs more "
     "memory.",
     "hints, collective buffering, docs/cluster.md"},
    {"alignment",
     "Where objects begin in the file: at multiples of the factor alignment, best a block or stripe of "
     "the file system, at the price of gaps. Of memory: a buffer that does not begin on a page can "
     "make the kernel's copies slower on some CPUs.",
     "stripe, block_bytes, misaligned, unaligned"},
    {"array of structures",
     "Memory in which the fields of an element lie side by side, so that one field of all elements does not "
     "lie in one piece.",
     "memory, memory_fields, arranged"},
    {"as-is",
     "Reads find the page cache as writing left it, so that they measure memory rather than the disk.",
     "cache, page cache, cold"},
    {"bandwidth",
     "Payload by time. Durable: over all phases with syncing; transfer: over the call alone. MiB is "
     "2^20 bytes.",
     "durable_mibps, transfer_mibps, mib/s"},
    {"barrier",
     "All ranks wait for the last. Every phase begins and ends with one, so that the slowest rank "
     "counts.",
     "skewed, docs/method.md"},
    {"beegfs",
     "A parallel file system: files are striped over targets in chunks (beegfs-ctl --getentryinfo). "
     "The scratch directory's own setting counts.",
     "stripe, docs/cluster.md"},
    {"binding",
     "Which cores a rank may run on (mpirun --bind-to core). Ranks that wander or share a core make "
     "times vary; env.json has the binding of every rank, and `env` warns of more ranks than cores.",
     "rank, numa, skewed, docs/cluster.md"},
    {"block",
     "Of a run: every case that still needs repetitions once, in a shuffled order, with its roofs, so "
     "that what drifts hits all alike. Of a file system: its unit of allocation. Of a decomposition: a "
     "part of a grid.",
     "decomposition, block_bytes, docs/method.md"},
    {"broadcast",
     "One rank has something and MPI_Bcast gives it to all: replicated_reads bcast, for a table that every "
     "rank needs; the phase exchange is its time.",
     "read_by_all, replicated_reads, restart"},
    {"buffering",
     "What lies between a call and the disk: HDF5's chunk cache, conversion and sieve buffers, the MPI "
     "library's collective buffers, the page cache. What each asked of the next is counted.",
     "chunk_cache, conversion_buffer, page cache, os_write_bytes"},
    {"burst buffer",
     "Fast storage between the nodes and the file system. Name it with --scratch to measure it; "
     "durable then means that the data are there, not that they are on the file system behind.",
     "durable, docs/cluster.md"},
    {"cache as-is",
     "In the heading of reads: they found the page cache as writing left it, so mostly in memory.",
     "cache, as-is, page cache"},
    {"cache cold",
     "In the heading of reads: the files were evicted from the page cache first, so that reads came "
     "from the storage, but for what stayed.",
     "cache, cold, cached"},
    {"cache dropped", "In the heading of reads: all caches of the nodes were dropped first, inodes too.",
     "cache, page cache"},
    {"cache warm",
     "In the heading of reads: the files were read once before the clock, so that all was in memory.",
     "cache, page cache"},
    {"called",
     "In the table of noise: comparisons of equal things that were called slower or faster all the "
     "same, each case alone or corrected for all cases of the suite. Each is a false alarm.",
     "noise, can tell, verdict, docs/method.md"},
    {"calls",
     "Transfers that an operation makes, of all ranks together: H5Dwrite, MPI_File_write_at or pwrite, "
     "by the driver.",
     "calls_count, access, max_ops"},
    {"can tell",
     "In the table of noise: comparisons that were called, or whose interval is so narrow that a "
     "change of about twice the threshold would be. What cannot tell says nothing about the machine.",
     "noise, called, docs/method.md"},
    {"case",
     "One choice of all factors: a line of the table, named after its entry of the suite and the swept "
     "values. Its case_id is a hash of what is not the default.",
     "case_id, docs/suites.md"},
    {"ceiling", "What the same bytes could reach without HDF5 on this machine: here it is called roof.",
     "roof"},
    {"checksum", "The filter fletcher32 stores one with every chunk and refuses a chunk that was damaged.",
     "fletcher32, filter, damage"},
    {"chunk",
     "The piece in which a chunked dataset is stored, filtered and cached as a whole. If it is filtered, "
     "whoever reads a part of it reads all of it, and whoever changes a part reads and writes all of it.",
     "chunking, chunk_cache, amplified, docs/lessons.md"},
    {"chunk cache",
     "HDF5 keeps decoded chunks of a dataset in memory (1 MiB by default). One that does not fit is "
     "read again for every call. Unfiltered chunks of a file that ranks share for writing bypass it.",
     "chunk_cache, chunk_slots, reread, tile"},
    {"chunking",
     "To store a dataset in chunks (layout: chunked). Filters and growing need it. Chunks should fit "
     "the access and divide the ranks' shares: others are read or written in parts, or several times.",
     "layout, chunk, chunk_cache, shared_chunks, chunks, docs/lessons.md"},
    {"ci",
     "Confidence interval; and repeat.ci, the half width relative to the median at which a case has "
     "enough.",
     "repeat.ci, 95 % interval"},
    {"cold", "Before the clock the files are evicted from the page cache; what stays is recorded and marked.",
     "cache, cached, cache_resident_frac"},
    {"collective buffering",
     "The MPI library's buffer and exchange for collective transfers: the hints romio_cb_write, "
     "romio_cb_read, cb_buffer_size and cb_nodes of ROMIO; OMPIO has io_ompio_bytes_per_agg.",
     "hints, aggregation, docs/cluster.md"},
    {"compression",
     "Filters make chunks smaller: deflate, szip, zstd... They cost CPU time and pay where the ratio "
     "is good and the storage slow. The compress roof is their work without any I/O.",
     "filter, gzip, compress, ratio_frac, docs/lessons.md"},
    {"contention",
     "Ranks that want the same thing at once: a lock of the file system, a stripe, a node's link, a "
     "core. It shows as a slowest rank far above the median one.",
     "ranks_med_s, ranks_max_s, slowest_rank, stripe"},
    {"cpu",
     "Work in memory has roofs of its own: copy, convert, compress. Cores and binding are in env.json.",
     "copy, convert, compress, docs/cluster.md"},
    {"data sieving",
     "The MPI library reads a whole range, changes pieces of it in memory and writes it back, instead "
     "of many small requests (hints romio_ds_write, romio_ds_read).",
     "hints, os_read_bytes, amplified"},
    {"durable",
     "Create, select, write, flush and close together, with the data synced to the file system "
     "(fsync). Of a read: open, select, read, close. The headline; write_max_s alone is the call.",
     "durable_s, durable_mibps, fsync, docs/method.md"},
    {"durable write", "The heading of writing: payload by the durable time.", "durable, mib/s"},
    {"eff",
     "Efficiency: the time of the roof divided by the measured time. 100 % is the roof; a dash: no "
     "roof.",
     "efficiency_frac, roof, docs/reading.md"},
    {"efficiency",
     "Against a roof: roof time by measured time. In the table of scaling: speedup by the growth in "
     "ranks (strong), or the time of the fewest ranks by this one (weak).",
     "efficiency_frac, scaling, speedup"},
    {"elsewhere",
     "In the list of `clean`: what a run left whose first process was not one of this boot of this node, "
     "or of another container, so that from here nobody knows whether it is alive.",
     "marker, docs/cluster.md"},
    {"false",
     "No, as the value of core_backing or verify. With core_backing: false the core driver writes no "
     "file; with verify: false nobody looks at the data that were read.",
     "core_backing, verify, unverified"},
    {"faster", "A verdict: NEW is faster than OLD, by more than the threshold and than chance explains.",
     "verdict, docs/method.md"},
    {"file",
     "With show --sizes: bytes of all files of the case after closing, metadata, holes and gaps "
     "included.",
     "file_bytes, stored, shared file"},
    {"fill value",
     "What elements read as that nobody wrote. HDF5 may write them into new storage, which doubles "
     "what is written.",
     "fill_value, fill_time, filling, allocate"},
    {"fio",
     "A program that makes plain reads and writes. scripts/witness.sh runs it beside the store roof, "
     "in alternation, with the same sizes and syncing, and prints roof / fio.",
     "roof, store, docs/method.md"},
    {"flush", "A phase: H5Fflush, then fsync of the files by their ranks, so that the data are durable.",
     "durable, fsync"},
    {"fsync",
     "The system call that returns when a file's data are on storage. Every write is followed by one, "
     "in the phase flush; without it one measures the page cache.",
     "durable, flush, page cache, docs/method.md"},
    {"fortran order",
     "The first dimension varies fastest in memory; in files of HDF5 the last one does. Programs transpose "
     "their arrays in memory before they write them.",
     "memory, compute, arranged, docs/method.md"},
    {"ghost cells", "Cells around a rank's share that belong to its neighbours, as stencil codes keep them.",
     "halo"},
    {"gpfs",
     "A parallel file system (Storage Scale): blocks are spread over servers, with locks by byte "
     "range, so that ranks within one block wait for each other. Its block size is in block_bytes.",
     "alignment, block_bytes, docs/cluster.md"},
    {"gzip",
     "h5py's name for the filter deflate; levels 0 to 9. It costs CPU time, and pays where the ratio "
     "is good and the storage slow.",
     "deflate, shuffle, compression, docs/lessons.md"},
    {"h5py",
     "HDF5 for Python. Its automatic chunks are `chunk: guess` here, its modes of opening the factor "
     "opening, and its gzip the filter deflate.",
     "guess, opening, element_wise, docs/lessons.md"},
    {"hdf5", "The library that is measured; its version and what it was built with are in env.json.",
     "driver, docs/method.md"},
    {"hyperslab",
     "A regular selection of a dataset: start, stride, count and block in every dimension. Unions of "
     "them are irregular and cost time to build.",
     "select, selection, mask_as"},
    {"inconclusive",
     "A verdict: the interval of the ratio is too wide for any other. More repetitions make it "
     "narrower.",
     "verdict, same, docs/method.md"},
    {"independent",
     "Each rank transfers by itself; also the note that a collective transfer was carried out so.",
     "mode, actual_io_mode, collective buffering"},
    {"interval",
     "See 95 % interval. In the table of compare it is that of NEW / OLD, by bootstrap; it decides the "
     "verdict together with the threshold and a test.",
     "95 % interval, ci, docs/method.md"},
    {"ior",
     "A benchmark of MPI-IO, POSIX and HDF5. It makes all its calls from one buffer, as `buffers: "
     "call` does here, and syncs with -e only. Its bandwidth with -e belongs beside durable_mibps.",
     "buffers, durable, docs/faq.md"},
    {"kernel",
     "The bytes and calls of read and write that all libraries together made are counted. What stays "
     "in a library's buffer never gets there.",
     "os_read_bytes, os_write_bytes, os_read_count, os_write_count"},
    {"latency",
     "What a call or an object costs however small it is. Calls of one element show it: divide the "
     "time by calls_count.",
     "calls_count, objects_per_s, access, docs/lessons.md"},
    {"locking",
     "HDF5 locks the files that it opens, except through mpio. On file systems without locks opening "
     "fails (unable to lock file); HDF5_USE_FILE_LOCKING=FALSE switches it off, which is recorded. "
     "Parallel file systems also lock blocks or stripes that ranks write to.",
     "open, contention, unaligned, docs/cluster.md"},
    {"lustre",
     "A parallel file system: files are striped over storage targets (lfs setstripe), with locks per "
     "stripe. New files take the striping of the scratch directory, which env.json records. HDF5 "
     "objects should be aligned with stripes.",
     "stripe, alignment, hints, docs/cluster.md"},
    {"malloc",
     "Large blocks from glibc's malloc begin 16 bytes past a page, which makes the kernel's copies "
     "slower on some CPUs. h5roof's buffers begin on a page; buffer_offset: 16 does what malloc does.",
     "buffer_offset, misaligned, copy_cost_frac, docs/method.md"},
    {"marker",
     "The file h5roof.run in the directory that a run makes under the scratch directory: its id, node and "
     "process. Without it, or with that of another run, nothing of the directory is ever removed.",
     "elsewhere, docs/cluster.md"},
    {"metadata",
     "Of HDF5: object headers, indices, names, attributes. Of the file system: names and inodes. Many "
     "small objects cost more than their bytes.",
     "collective_metadata, metadata_reads, objects_per_s, docs/lessons.md"},
    {"mib/s", "2^20 bytes of payload a second: the median over the repetitions, of all ranks together.",
     "durable_mibps, transfer_mibps, durable"},
    {"mpi-io",
     "The part of MPI that reads and writes files, in Open MPI as OMPIO or ROMIO. What HDF5 asked of "
     "it is counted.",
     "mpio, mpiio, ompio, hints"},
    {"mpich",
     "An MPI whose MPI-IO is ROMIO; Intel MPI and Cray MPICH come from it. Program and launcher must "
     "be of the same MPI.",
     "romio, mpi-io, docs/cluster.md"},
    {"n",
     "Measured repetitions behind the medians; warm-up is not among them. An interval needs six at "
     "least. In compare it is those of both runs, OLD+NEW.",
     "repetition, repeat.min"},
    {"nfs",
     "A network file system: what a client caches, fsync sends to the server. Its reads may come from "
     "the server's memory, which nobody here can see.",
     "cache, docs/cluster.md"},
    {"noise",
     "What differs between equal runs. `h5roof noise DIR...` says how much, and which threshold is "
     "fit.",
     "noisy, docs/method.md"},
    {"none", "As the value of chunk, tile, touch, hints, filter or data_file: not given.",
     "filter, chunk, hints"},
    {"numa", "Memory that belongs to another socket is slower. Where ranks are bound is in env.json.",
     "copy, docs/cluster.md"},
    {"object",
     "A group, dataset, attribute, append, or opening of a file: what a workload counts beside bytes.",
     "objects_count, objects_per_s"},
    {"objects/s", "Objects by the durable time of the operation; a dash where it handles none.",
     "objects_per_s, objects_count"},
    {"ompio", "Open MPI's own MPI-IO. Which one a run had is in env.json; --mca io selects it.",
     "hints, docs/cluster.md"},
    {"operation",
     "A step of a workload with times, counts and a roof of its own: write, read, append, touch...",
     "phase, docs/reading.md"},
    {"out of memory",
     "What the program cannot get memory for ends with exit code 5. A rank that the kernel kills is "
     "gone without a word; each rank needs its share twice, and collective transfers need buffers "
     "beside.",
     "5, aggregator, shape, docs/suites.md"},
    {"page cache",
     "The kernel's copy of files in memory. Writing fills it, so that a read just after it measures "
     "memory; the factor cache puts it into a state before reading.",
     "cache, cold, cache_resident_frac, docs/method.md"},
    {"payload", "The bytes of the program's elements that an operation moves, in the type of memory.",
     "payload_bytes, stored_bytes"},
    {"phase", "A timed step of an operation between two barriers: create, select, write, flush, close, ...",
     "docs/method.md"},
    {"precreate",
     "To make groups and datasets before the clock of the transfers; create is a phase of its own.",
     "particles, alloc_time"},
    {"rank", "A process of the MPI job. A case may use the first few of them only.", "ranks"},
    {"ratio",
     "Bytes of the dataset by the bytes that are stored: how far filters made it smaller. 1 is no "
     "gain, below 1 they made it larger. In compare: NEW / OLD of the medians.",
     "ratio_frac, stored_bytes, compression"},
    {"read (cache as-is)",
     "The heading of reading, with the state of the page cache that the reads found, if it is the same "
     "for all: payload by the time of open, select, read and close.",
     "durable, cache, mib/s, docs/reading.md"},
    {"refused",
     "In place of objects/s: the opening had to be refused in this mode, and was; the time is that of "
     "the refusal. In column refused_count: damaged chunks that HDF5 did not read. Of compare: runs "
     "that must not be compared, exit code 5.",
     "refusals_count, refused_count, opening, docs/method.md"},
    {"repetition",
     "A whole case once, with fresh files. There are at least repeat.min and at most repeat.max, until "
     "the interval is narrow enough.",
     "repeat.min, repeat.max, repeat.ci, docs/suites.md"},
    {"restart",
     "A program reads what another number of ranks wrote, or another cut: write_ranks, read_ranks, "
     "read_decomposition. `plan` shows what rank 0 reads.",
     "read_ranks, read_decomposition, broadcast, docs/suites.md"},
    {"romio", "The MPI-IO of MPICH, also in Open MPI (--mca io romio341 or similar). It knows most hints.",
     "hints, collective buffering, docs/cluster.md"},
    {"roof",
     "The time that the same bytes take when only the hardware limits them, measured in the same run: "
     "the larger of CPU work (convert, compress) and storage work (store, or copy without files).",
     "store, copy, compress, roof_s, roof_bound, docs/method.md"},
    {"same", "A verdict: the whole interval of the ratio lies within the threshold.",
     "verdict, docs/method.md"},
    {"selection", "What of a dataset a call moves: a hyperslab, a union of them, or points.",
     "select, hyperslab, mask_as"},
    {"shared file", "One file for all ranks, as mpio makes it; the alternative is a file per rank.",
     "files, mpio"},
    {"skipped",
     "A case that HDF5, MPI or the machine cannot do; the reason stands behind it, and in column "
     "reason.",
     "status, reason, docs/suites.md"},
    {"slower",
     "A verdict: NEW is slower than OLD, by more than the threshold and than chance explains; compare "
     "ends with exit code 1.",
     "verdict, docs/method.md"},
    {"slowest rank", "The one that all wait for: a phase's time is its time.", "slowest_rank, slowest_node"},
    {"small requests",
     "Many short reads or writes cost their overhead each: rows that are shorter than the access, "
     "chunks that do not fit into the cache, strided memory. Compare os_read_bytes with os_read_count.",
     "os_read_count, os_write_count, chunk, chunk_cache, docs/faq.md"},
    {"speedup", "In the table of scaling: the time of the fewest ranks by this one.", "scaling, efficiency"},
    {"stored",
     "With show --sizes: bytes that the datasets take in the file, after filters and with what was "
     "allocated and never written.",
     "stored_bytes, file, ratio"},
    {"stripe",
     "The piece of a file that lies on one storage target of a parallel file system; count and size "
     "are set on the directory (lfs setstripe) or by hints (striping_factor, striping_unit).",
     "lustre, alignment, hints, docs/cluster.md"},
    {"striping",
     "To spread a file over storage targets of a parallel file system; lfs setstripe on the directory, "
     "or the hints striping_factor and striping_unit. New files take it over.",
     "stripe, lustre, hints, docs/cluster.md"},
    {"subfiling", "One logical HDF5 file over several files with I/O concentrators; HDF5 1.14 and later.",
     "driver, aggregator"},
    {"sweep", "In a suite: factors with lists of values, of which every combination becomes a case.",
     "docs/suites.md"},
    {"sync",
     "See fsync: data that are not synced are in memory only. mpiio_sync_count is how often "
     "MPI_File_sync was called.",
     "fsync, mpiio_sync_count, durable"},
    {"threads", "h5roof measures processes: one thread a rank, as HDF5 serialises its calls.", "ranks"},
    {"throughput", "See bandwidth: payload by time, in MiB/s of 2^20 bytes. Objects have objects/s.",
     "bandwidth, mib/s, objects/s"},
    {"time",
     "The median over the repetitions of the operation's phases together, of the slowest rank in each.",
     "durable_s, phase"},
    {"true",
     "Yes, as the value of core_backing or verify. With core_backing: true the core driver writes its "
     "image to a file; with verify: true every element that was read is compared.",
     "core_backing, verify, mismatch"},
    {"unlimited",
     "A dimension without a limit (H5S_UNLIMITED) can grow; the dataset must be chunked, and a chunk "
     "may be longer than it.",
     "resize, append, grow, chunk"},
    {"verdict",
     "What compare says of two runs: slower, faster, same or inconclusive, by a test corrected for all "
     "comparisons and the interval of the ratio against the threshold. With too few repetitions there "
     "is none.",
     "slower, same, inconclusive, noise, docs/method.md"},
    {"vfd", "Virtual file driver: where HDF5 puts its bytes. The factor is driver.", "driver"},
    {"virtual dataset",
     "A dataset whose elements lie in other files (layout virtual): a file per rank, read as one. HDF5 reads it "
     "with serial drivers only.",
     "layout, read_ranks, docs/faq.md"},
    {"vol",
     "Virtual object layer: connectors in place of HDF5's own file format. h5roof does not choose one; "
     "HDF5_VOL_CONNECTOR can; h5roof then warns and records it in env.json.",
     "driver, docs/method.md"},
    {"warm-up",
     "The first repetitions of a case (repeat.warmup), recorded and marked, and not in the medians.",
     "repeat.warmup, warmup, repetition"},
};

const size_t glossary_count = H5R_COUNT_OF(glossary);
