#include "core/factors/factor.h"

#include "core/base/hash.h"
#include "core/factors/driver.h"
#include "h5roof/buffer.h"
#include "h5roof/count.h"
#include "h5roof/workloads.h"

#include <stdlib.h>
#include <string.h>

#define NAMES(...)                                                                                           \
    (const char *const[])                                                                                    \
    {                                                                                                        \
        __VA_ARGS__, NULL                                                                                    \
    }

static const char *const workload_names[] = {
#define NAME(name) #name,
    H5R_WORKLOAD_TABLE(NAME)
#undef NAME
        NULL};

static const char *const driver_names[] = {
#define X(symbol, name, store, shared, per_rank, collective, is_volatile, help) [symbol] = name,
    H5R_DRIVER_TABLE(X)
#undef X
        [H5R_DRIVER_COUNT] = NULL};

#define DTYPE_NAME(symbol, name, size, is_float, is_signed) [symbol] = name,
static const char *const dtype_names[] = {H5R_DTYPE_TABLE(DTYPE_NAME)[H5R_DTYPE_COUNT] = NULL};
static const char *const file_dtype_names[] = {H5R_DTYPE_TABLE(DTYPE_NAME)[H5R_DTYPE_COUNT] = "same", NULL};
#undef DTYPE_NAME

static const char *const driver_meanings[] = {
#define X(symbol, name, store, shared, per_rank, collective, is_volatile, help) [symbol] = help,
    H5R_DRIVER_TABLE(X)
#undef X
        [H5R_DRIVER_COUNT] = NULL};

static const char *const dtype_meanings[] = {
    [H5R_I8] = "a signed integer of 1 byte",
    [H5R_I16] = "a signed integer of 2 bytes",
    [H5R_I32] = "a signed integer of 4 bytes",
    [H5R_I64] = "a signed integer of 8 bytes",
    [H5R_U8] = "an unsigned integer of 1 byte",
    [H5R_U16] = "an unsigned integer of 2 bytes",
    [H5R_U32] = "an unsigned integer of 4 bytes",
    [H5R_U64] = "an unsigned integer of 8 bytes",
    [H5R_F32] = "floating point of 4 bytes: float, 24 bits of mantissa",
    [H5R_F64] = "floating point of 8 bytes: double, 53 bits of mantissa",
    [H5R_DTYPE_COUNT] = "the type in memory, so that nothing is converted",
    NULL};

#define FACTOR(field, type_, default_)                                                                       \
    .name = #field, .type = type_, .offset = offsetof(h5r_factors_t, field), .default_text = default_
#define CHOICE(field, default_, names) FACTOR(field, H5R_TYPE_CHOICE, default_), .choices = names
#define RANGE(min_, max_)              .min = min_, .max = max_

#define KIB (UINT64_C(1) << 10)
#define TIB (UINT64_C(1) << 40)

const h5r_factor_t h5r_factor_table[] = {
    {CHOICE(workload, "slab", workload_names), .help = "What the ranks do; one file in bench/ each."},
    {CHOICE(driver, "mpio", driver_names), .meanings = driver_meanings,
     .help = "Where the bytes go: a file driver of HDF5, or a store without HDF5 (mpiio, posix, memory)."},
    {CHOICE(files, "auto", NAMES("auto", "shared", "per_rank")),
     .meanings =
         NAMES("one for all ranks where the driver can share it, else one for each", "one file for all ranks",
               "a file for every rank, with its share as a dataset of its own"),
     .help = "One file for all ranks or one for each; auto shares it where the driver can."},
    {CHOICE(mode, "collective", NAMES("collective", "independent")),
     .meanings = NAMES(
         "all ranks make every transfer together, so that the MPI library can put their pieces together",
         "each rank transfers by itself, without waiting for the others"),
     .help = "Transfers of all ranks together or of each alone. Does not apply to drivers without collective "
             "transfers."},
    {FACTOR(shape, H5R_TYPE_DIMS, "1024x1024"), RANGE(1, TIB),
     .help = "Of the whole dataset, in elements, the last dimension varying fastest; 1 to 6 dimensions."},
    {CHOICE(dtype, "f64", dtype_names), .meanings = dtype_meanings, .help = "Type of an element in memory."},
    {CHOICE(file_dtype, "same", file_dtype_names), .meanings = dtype_meanings,
     .help = "Type of an element in the file; another one than in memory makes HDF5 convert."},
    {CHOICE(byte_order, "native", NAMES("native", "little", "big")),
     .meanings = NAMES("that of this machine, so that nothing is swapped",
                       "the least significant byte first, as x86 and most ARM have it",
                       "the most significant byte first, as networks and older HPC machines have it"),
     .help = "Byte order in the file; another one than this machine's makes HDF5 convert."},
    {CHOICE(decomposition, "slab", NAMES("slab", "block", "interleaved", "replicated")),
     .meanings = NAMES("consecutive rows of the first dimension, as many for each rank",
                       "a block of a grid of ranks, cut in every dimension",
                       "every n-th row, with n ranks: between the rows of the others",
                       "everything, by every rank; several of them write it only into a compact dataset or "
                       "files of their own"),
     .help = "Which elements a rank owns: consecutive rows, a block of a grid of ranks, every n-th row, or "
             "everything."},
    {FACTOR(access, H5R_TYPE_ACCESS, "whole"), RANGE(1, TIB),
     .choices = NAMES("element", "row", "plane", "whole"),
     .meanings =
         NAMES("one element a call: what a loop over elements does", "the last dimension of the rank's share",
               "the last two dimensions of the rank's share", "the rank's whole share in one call"),
     .help =
         "How much one call moves: element, row, plane, whole (the rank's share), or at most so many bytes."},
    {CHOICE(layout, "contiguous", NAMES("contiguous", "chunked", "compact")),
     .meanings =
         NAMES("in one piece, allocated as a whole: no filters, no growing",
               "in pieces of a fixed shape, each found through an index: filters, growing, and a cache",
               "inside the object header, at most 64 KiB, written with the metadata"),
     .help = "How HDF5 stores the dataset: in one piece, in chunks, or inside its object header."},
    {FACTOR(chunk, H5R_TYPE_DIMS, ""), RANGE(1, TIB), .choices = NAMES("guess"),
     .meanings = NAMES(
         "what h5py chooses for chunks=True: near a target that grows with the dataset, 8 KiB to 1 MiB"),
     .help = "Shape of a chunk in elements, as many dimensions as the dataset; with layout chunked only. "
             "guess: what h5py would choose for the shape at creation (results and plan.yaml have it). Along "
             "an unlimited dimension a chunk may be longer than the dataset."},
    {FACTOR(filter, H5R_TYPE_PIPELINE, "none"),
     .help =
         "Stages joined by '+', in the order of writing, as in shuffle+deflate:6; see h5roof list filters."},
    {CHOICE(data, "smooth", NAMES("zeros", "ramp", "smooth", "random", "sample")),
     .meanings =
         NAMES("all zeros: what compresses best", "the index of each element, as far as the type counts",
               "slow waves of limited precision, as simulations leave them: compress by some factor",
               "random bits: does not compress", "the elements of data_file, over and over"),
     .help = "How compressible the values are; sample repeats those of data_file."},
    {FACTOR(data_file, H5R_TYPE_TEXT, ""),
     .help = "With data sample: the dataset to repeat, as FILE.h5:/DATASET."},
    {CHOICE(fill_time, "ifset", NAMES("ifset", "alloc", "never")),
     .meanings =
         NAMES("when storage is allocated, if a fill value was set; for chunks the default counts as set",
               "when storage is allocated, whatever was set", "not at all: what nobody wrote is undefined"),
     .help = "When HDF5 writes fill values: where one is set (for chunks the default counts), always at "
             "allocation, or never."},
    {CHOICE(alloc_time, "default", NAMES("default", "early", "late", "incr")),
     .meanings = NAMES("HDF5's own choice: early for compact, late for contiguous, incr for chunked; early "
                       "where ranks share the file",
                       "all storage when the dataset is created", "all storage with the first write",
                       "chunk by chunk, as they are written"),
     .help =
         "When HDF5 allocates storage. In a shared file HDF5 allocates early, whatever is asked (from 1.14 "
         "on, not with filters)."},
    {FACTOR(chunk_cache, H5R_TYPE_BYTES, "1MiB"), RANGE(0, TIB),
     .help = "Raw data chunk cache of a dataset. Without effect on unfiltered shared files open for "
             "writing."},
    {FACTOR(chunk_slots, H5R_TYPE_COUNT, "521"), RANGE(1, UINT64_C(1000000000)),
     .help = "Hash slots of the chunk cache, best a prime."},
    {FACTOR(alignment, H5R_TYPE_BYTES, "1"), RANGE(1, TIB),
     .help = "Objects of at least this size start at its multiples in the file; 1B: anywhere."},
    {CHOICE(libver, "earliest", NAMES("earliest", "v18", "v110", "latest")),
     .meanings =
         NAMES("any HDF5 1.0 or later, as far as the features allow: the B-tree of version 1 as chunk index",
               "HDF5 1.8", "HDF5 1.10: new chunk indices", "the newest format that this library writes"),
     .help = "Oldest HDF5 that must be able to read the file; decides the chunk index."},
    {CHOICE(collective_metadata, "none", NAMES("none", "writes", "reads", "all")),
     .meanings = NAMES(
         "each rank reads metadata by itself, and writes of them are not collective",
         "metadata are written by all ranks together (H5Pset_coll_metadata_write)",
         "they are to be read by one rank and sent to the others (H5Pset_all_coll_metadata_ops)", "both"),
     .help = "Metadata operations that all ranks make together on a shared file."},
    {FACTOR(core_backing, H5R_TYPE_BOOL, "false"),
     .help = "core driver: write the image to a file at close."},
    {FACTOR(core_increment, H5R_TYPE_BYTES, "1MiB"), RANGE(KIB, TIB),
     .help = "core driver: bytes by which the image grows."},
    {FACTOR(family_member, H5R_TYPE_BYTES, "64MiB"), RANGE(KIB, 1024 * TIB),
     .help = "family driver: bytes of one member file."},
    {CHOICE(cache, "as-is", NAMES("as-is", "cold", "warm", "dropped")),
     .meanings = NAMES("whatever writing left in it: mostly all that was written",
                       "nothing: the files are evicted, and what stays resident is recorded",
                       "all: the files are read once before the clock",
                       "nothing of anything: the caches of the nodes are dropped, which needs root"),
     .help =
         "State of the page cache before reading; cold: the files are evicted, and what stays resident is "
         "recorded; dropped: all caches of the nodes are, inodes too, for which one must be root."},
    {FACTOR(read_shift, H5R_TYPE_COUNT, "auto"), .choices = NAMES("auto"),
     .meanings = NAMES("such that no node reads what it wrote; 0 on one node"), RANGE(0, H5R_SHIFT_MAX),
     .help = "A rank reads what the rank so many places after it wrote; 0: what it wrote itself; auto: such "
             "that no node reads what it wrote, which is 0 on one node."},
    {FACTOR(max_ops, H5R_TYPE_COUNT, "100k"), RANGE(0, UINT64_C(1000000000000000)),
     .help = "Bound of transfers per rank and operation, so that element access ends; 0: no bound."},
    {FACTOR(hints, H5R_TYPE_HINTS, ""), .help = "MPI-IO hints: a mapping, or key=value;key=value."},
    {FACTOR(ranks, H5R_TYPE_COUNT, "all"), RANGE(1, H5R_RANKS_MAX), .choices = NAMES("all"),
     .meanings = NAMES("every rank of the job"),
     .help = "How many ranks of the job take part, the first ones; the others sleep meanwhile. Sweep it: "
             "[1, 2, all]."},
    {CHOICE(scaling, "strong", NAMES("strong", "weak")),
     .meanings = NAMES("the whole dataset has this shape, whatever the ranks",
                       "every rank has this shape, so that more ranks have more to do"),
     .help = "strong: shape is the whole dataset's; weak: one rank's, and its first dimension grows with "
             "the ranks."},
    {CHOICE(update, "all", NAMES("all", "negative")),
     .meanings = NAMES("all that was read, in the same pieces; independently only those that changed",
                       "only the elements that were negative, in one call through a selection of points"),
     .help = "What is written back: all that was read, in pieces of access, or only the elements that were "
             "negative, through a selection of them.",
     .only = "update"},
    {CHOICE(fill_value, "default", NAMES("default", "0", "-1", "nan")),
     .meanings = NAMES("none is set, which HDF5 takes for 0", "0 is set", "-1 is set; for signed types",
                       "a NaN is set; for floating point"),
     .only = "allocate,resize",
     .help = "What elements read as that nobody wrote; default: none is set, which HDF5 takes for 0."},
    {FACTOR(touch, H5R_TYPE_DIMS, ""), RANGE(0, TIB), .only = "allocate",
     .help = "Coordinate of the one element that is written first, in each file; not given: the first one."},
    {FACTOR(conversion_buffer, H5R_TYPE_BYTES, "1MiB"), RANGE(KIB, KIB *KIB *KIB),
     .help = "Where HDF5 converts types or byte order, piece by piece; matters only if it does."},
    {CHOICE(convert_by, "hdf5", NAMES("hdf5", "program")),
     .meanings = NAMES("HDF5, piece by piece during the transfer",
                       "the program, in memory, before it writes and after it reads"),
     .only = "convert",
     .help = "Who converts between the types of memory and file: HDF5 during the transfer, or the program in "
             "memory, before writing and after reading."},
    {CHOICE(values, "exact", NAMES("exact", "rounded", "overflow")),
     .meanings = NAMES("values that both types represent, which must come back to the bit",
                       "values that lie between two of the file's type; data random",
                       "half of the values are beyond the limits of the file's type; data random"),
     .only = "convert",
     .help = "exact: such that both types represent; rounded: that the file's type must round; overflow: "
             "half of them are beyond its limits. The latter two need data random."},
    {FACTOR(tile, H5R_TYPE_DIMS, ""), RANGE(1, TIB),
     .help = "Shape of what one call moves, in the last dimensions, with one of each dimension before; none: "
             "whole images, the last two dimensions.",
     .only = "tile"},
    {CHOICE(order, "sequential", NAMES("sequential", "random")),
     .meanings = NAMES("as they lie in the dataset", "shuffled by the seed"),
     .help = "Order of the calls of a rank: as they lie in the dataset, or shuffled by the seed.",
     .only = "tile"},
    {FACTOR(halo, H5R_TYPE_COUNT, "0"), RANGE(0, 1024),
     .help = "Ghost cells in memory on each side of every dimension of the rank's share; they are neither "
             "written nor read, so that HDF5 needs a selection in memory too.",
     .only = "slab"},
    {FACTOR(append, H5R_TYPE_COUNT, "64"), RANGE(1, TIB), .only = "resize",
     .help = "Rows by which the dataset grows at a time, all ranks together where they share it."},
    {CHOICE(grow, "rows", NAMES("rows", "both")),
     .meanings = NAMES("the first dimension only", "the first dimension, and the second in proportion"),
     .only = "resize", .help = "Which dimensions grow: the first, or the second in proportion, too."},
    {CHOICE(selection, "range", NAMES("range", "stride", "block", "list", "points", "mask")),
     .meanings = NAMES("one run of columns, in the middle of every row", "every so many-th column",
                       "blocks of 4 neighbouring columns, evenly spaced",
                       "columns by chance, the same in every row, as a list",
                       "single elements by chance, exactly one in so many",
                       "the elements for which a random boolean mask is true"),
     .help =
         "What is selected of every row: a range of columns, every so many-th, blocks of 4, a list of them; "
         "or of all elements: points by chance, or what a random boolean mask is true for.",
     .only = "select"},
    {FACTOR(one_in, H5R_TYPE_COUNT, "10"), RANGE(1, UINT64_C(1000000000)),
     .help = "Density of a selection: one element in so many.", .only = "select"},
    {CHOICE(mask_as, "points", NAMES("points", "union", "chain", "rmw")),
     .meanings = NAMES("one selection of points (H5Sselect_elements)",
                       "hyperslabs of runs, joined by halves: n log n",
                       "hyperslabs joined one after the other: n squared",
                       "not at all: the whole share is read, the program changes its elements, and all of it "
                       "is written back"),
     .help =
         "How a mask is handed to HDF5: as points; as a union of runs, joined by halves, or chained one by "
         "one; or not at all: rmw transfers the whole share and the program picks.",
     .only = "select"},
    {CHOICE(memory_selection, "dense", NAMES("dense", "strided")),
     .meanings = NAMES("one after the other: no selection of memory",
                       "at every second place, so that memory needs a selection too"),
     .help = "Where the selected elements lie in memory: one after the other, or at every second place, "
             "through a selection of memory.",
     .only = "select"},
    {CHOICE(empty_ranks, "none", NAMES("none", "odd")),
     .meanings = NAMES("every rank selects something", "the odd ranks select nothing"),
     .help = "Ranks that select nothing; in collective mode they take part with empty selections.",
     .only = "select"},
    {FACTOR(variables, H5R_TYPE_COUNT, "8"), RANGE(1, 1000), .only = "particles",
     .help = "Datasets that every step writes, each of this shape and type."},
    {FACTOR(steps, H5R_TYPE_COUNT, "4"), RANGE(1, 10000), .only = "particles",
     .help = "Steps of the program, each with a group of datasets of its own in the same file."},
    {CHOICE(kind, "group", NAMES("group", "dataset", "attribute", "soft", "hard", "external")),
     .meanings = NAMES("groups, in groups", "datasets of one element",
                       "attributes of the root group, or of the groups of the tree",
                       "symbolic links to a group of the file", "further names of one group",
                       "links to a group of another file"),
     .only = "metadata",
     .help = "Objects that are made: groups, datasets of one element, attributes, or links of a kind."},
    {FACTOR(objects, H5R_TYPE_COUNT, "1000"), RANGE(1, 1000000), .only = "metadata",
     .help = "How many of them; where every rank has a file, they are dealt out."},
    {CHOICE(tree, "wide", NAMES("wide", "deep", "stations")),
     .meanings = NAMES("all in the root group", "chains of 16 nested groups, an object in each of them",
                       "groups with 8 of them each, as the quantities that a weather station measures"),
     .only = "metadata",
     .help = "Where they lie: all in one group, in chains of 16 nested groups, or 8 in each of many groups."},
    {FACTOR(attributes, H5R_TYPE_COUNT, "0"), RANGE(0, 1000), .only = "metadata",
     .help = "Attributes of every group or dataset, one number each."},
    {FACTOR(pieces, H5R_TYPE_COUNT, "1000"), RANGE(1, UINT64_C(100000000)), .only = "pieces",
     .help = "Runs of rows that a rank owns, of irregular length, between those of the other ranks."},
    {CHOICE(pieces_as, "single", NAMES("single", "union", "packed")),
     .meanings = NAMES(
         "a call for each piece", "one call, with the union of all pieces as its selection",
         "one call, the rank's pieces side by side in the file, with an index that says which they are"),
     .only = "pieces",
     .help = "A call for each piece, one call with the union of all as its selection, or one call that puts "
             "the rank's pieces side by side in the file, with an index beside the data."},
    {CHOICE(opening, "r", NAMES("r", "r+", "w", "w-", "a")),
     .meanings = NAMES("to read; there must be a file", "to read and write; there must be a file",
                       "anew; what was there is lost", "anew; there must be none",
                       "to read and write what is there, or anew"),
     .only = "open",
     .help = "How a file is opened, in h5py's words: to read, to change, anew, anew if there is none, or to "
             "change or anew."},
    {CHOICE(write_by, "pipeline", NAMES("pipeline", "direct")),
     .meanings =
         NAMES("HDF5, on the rank that owns the chunk, one after the other",
               "the program: it filters its chunks and hands them over as they are stored (H5Dwrite_chunk)"),
     .only = "filter",
     .help = "Who filters the chunks when writing: HDF5's pipeline, or the program, with all ranks at once, "
             "which hands them over as they are to be stored (H5Dwrite_chunk)."},
    {FACTOR(opens, H5R_TYPE_COUNT, "1"), RANGE(1, 1000000), .only = "open",
     .help = "How many times in a row the file that is there is opened and closed."},
    {FACTOR(buffer_offset, H5R_TYPE_BYTES, "0"), RANGE(0, H5R_PAST_PAGE_MAX),
     .help = "Bytes past the beginning of a page at which the buffers of the case begin, a multiple of an "
             "element; roofs keep theirs on a page, so that their efficiency shows what it costs."},
    {CHOICE(buffers, "payload", NAMES("payload", "call")),
     .meanings =
         NAMES("the calls walk over memory of the rank's whole share, as those of an application do",
               "all calls use the same memory, as large as one of them, as IOR does; each then writes "
               "the data of the rank's first one"),
     .help = "Which memory the calls use: that of the whole payload, or the same for all of them. Workload "
             "slab only."},
};

const size_t h5r_factor_count = H5R_COUNT_OF(h5r_factor_table);

const h5r_factor_t *h5r_factor_find(const char *name)
{
    for (size_t i = 0; i < h5r_factor_count; i++) {
        if (strcmp(h5r_factor_table[i].name, name) == 0) {
            return &h5r_factor_table[i];
        }
    }
    return NULL;
}

bool h5r_factor_concerns(const h5r_factor_t *factor, const char *workload)
{
    const size_t length = strlen(workload);
    const char *at = factor->only;
    while (at && *at) {
        size_t n = strcspn(at, ",");
        if (n == length && memcmp(at, workload, n) == 0) {
            return true;
        }
        at += n + (at[n] == ',');
    }
    return !factor->only;
}

void h5r_factors_default(h5r_factors_t *f)
{
    h5r_error_t err;
    memset(f, 0, sizeof *f);
    for (size_t i = 0; i < h5r_factor_count; i++) {
        (void)h5r_factor_parse(&h5r_factor_table[i], h5r_factor_table[i].default_text, f, &err);
    }
}

uint64_t h5r_factors_hash_against(const h5r_factors_t *f, const h5r_factors_t *defaults)
{
    uint64_t hash = H5R_HASH_EMPTY;
    char text[H5R_TEXT_SIZE];
    for (size_t i = 0; i < h5r_factor_count; i++) {
        const h5r_factor_t *factor = &h5r_factor_table[i];
        if (h5r_factor_equal(factor, f, defaults)) {
            continue;
        }
        hash = h5r_hash_text(h5r_hash_text(hash, factor->name), "=");
        hash = h5r_hash_text(h5r_hash_text(hash, h5r_factor_format(factor, f, text, sizeof text)), "\n");
    }
    return hash;
}

uint64_t h5r_factors_hash(const h5r_factors_t *f)
{
    h5r_factors_t defaults;
    h5r_factors_default(&defaults);
    return h5r_factors_hash_against(f, &defaults);
}

h5r_dtype_t h5r_factors_file_dtype(const h5r_factors_t *f)
{
    return (h5r_dtype_t)(f->file_dtype == H5R_DTYPE_COUNT ? f->dtype : f->file_dtype);
}

bool h5r_factors_converts(const h5r_factors_t *f)
{
    h5r_dtype_t file_dtype = h5r_factors_file_dtype(f);
    return (int32_t)file_dtype != f->dtype || h5r_factors_bits(f) > 0 ||
           h5r_order_swaps((h5r_byte_order_t)f->byte_order, file_dtype);
}

bool h5r_factors_hdf5_converts(const h5r_factors_t *f)
{
    return f->convert_by == H5R_CONVERT_BY_HDF5 && h5r_factors_converts(f);
}

h5r_dtype_t h5r_factors_moved_dtype(const h5r_factors_t *f)
{
    bool by_program = f->convert_by == H5R_CONVERT_BY_PROGRAM;
    return by_program ? h5r_factors_file_dtype(f) : (h5r_dtype_t)f->dtype;
}
