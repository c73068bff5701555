/*
 * The factors of a case: everything a suite can choose. A plain struct without pointers, so that a case can
 * be broadcast as bytes. The table in src/core/factors/factor.c describes every field once; parser, help, --set, CSV
 * columns, case names, plan.yaml and `explain` are made from that table. To add a factor: a field here, a
 * line there.
 */
#ifndef H5ROOF_FACTORS_H
#define H5ROOF_FACTORS_H

#include "h5roof/dtype.h"

#include <stdbool.h>
#include <stdint.h>

#define H5R_MAX_NDIMS   6
#define H5R_MAX_FILTERS 4
#define H5R_TEXT_SIZE   256 /* longest text factor, with its terminator */

#define H5R_DIMS_GUESS (-1)

typedef struct {
    int n; /* 0: not given; H5R_DIMS_GUESS: to be chosen when the suite is read, never seen in a case */
    uint64_t d[H5R_MAX_NDIMS];
} h5r_dims_t;

/*
 * Filters of HDF5, by their registered ids; those of 256 and more are plugins, which HDF5 looks for
 * in HDF5_PLUGIN_PATH. Some take a number, as in deflate:6, within limits; H5R_FILTER_MUST: which has no
 * default. X(symbol, name, id, least, most, default, what the number is, help)
 */
#define H5R_FILTER_MUST (-1)
#define H5R_FILTER_TABLE(X)                                                                                  \
    X(DEFLATE, "deflate", 1, 0, 9, 6, "level", "zlib compression; level 9 is smallest and slowest")          \
    X(SHUFFLE, "shuffle", 2, 0, 0, 0, NULL,                                                                  \
      "byte planes of the elements are gathered, so that deflate finds more; costs little")                  \
    X(FLETCHER32, "fletcher32", 3, 0, 0, 0, NULL, "a checksum of every chunk, checked when it is read")      \
    X(SZIP, "szip", 4, 2, 32, 16, "number of pixels in a block",                                             \
      "Rice coding of neighbouring elements, which must be alike")                                           \
    X(NBIT, "nbit", 5, 2, 63, H5R_FILTER_MUST, "number of bits",                                             \
      "integers of so many bits without the unused ones; the data are then of that many bits")               \
    X(SCALEOFFSET, "scaleoffset", 6, 0, 0, 0, NULL,                                                          \
      "integers as the bits of their distance to the smallest in the chunk; nothing is lost")                \
    X(LZ4, "lz4", 32004, 0, 0, 0, NULL, "plugin: fast compression with little effort")                       \
    X(BZIP2, "bzip2", 307, 1, 9, 9, "block size", "plugin: smaller and much slower than deflate")            \
    X(LZF, "lzf", 32000, 0, 0, 0, NULL, "plugin: the fast compression of h5py")                              \
    X(ZSTD, "zstd", 32015, 1, 22, 3, "level", "plugin: smaller than lz4, faster than deflate")               \
    X(BLOSC, "blosc", 32001, 0, 9, 5, "level", "plugin: shuffle and blosclz in blocks that stay in caches")

typedef enum {
#define X(symbol, name, id, least, most, by_default, number, help) H5R_FILTER_##symbol,
    H5R_FILTER_TABLE(X)
#undef X
        H5R_FILTER_KINDS
} h5r_filter_kind_t;

/* HDF5 loads it from HDF5_PLUGIN_PATH, and it decodes with code that is not HDF5's own. */
bool h5r_filter_is_plugin(h5r_filter_kind_t kind);

typedef struct {
    int n; /* 0: no filter */
    struct {
        int32_t kind;  /* h5r_filter_kind_t, in the order of the pipeline when writing */
        int32_t level; /* the number behind the name; 0 where there is none */
    } stage[H5R_MAX_FILTERS];
} h5r_pipeline_t;

typedef enum {
    H5R_ACCESS_ELEMENT, /* one element per call */
    H5R_ACCESS_ROW,     /* the last dimension of the rank's share */
    H5R_ACCESS_PLANE,   /* the last two dimensions */
    H5R_ACCESS_WHOLE,   /* the rank's whole share in one call */
    H5R_ACCESS_BYTES    /* at most this many bytes in memory per call */
} h5r_access_kind_t;

typedef struct {
    int32_t kind;   /* h5r_access_kind_t */
    uint64_t bytes; /* H5R_ACCESS_BYTES only */
} h5r_access_t;

/* Where bytes go. The table of drivers is in src/core/factors/driver.h. */
typedef enum {
    H5R_DRIVER_MPIO,
    H5R_DRIVER_SEC2,
    H5R_DRIVER_STDIO,
    H5R_DRIVER_CORE,
    H5R_DRIVER_FAMILY,
    H5R_DRIVER_SPLIT,
    H5R_DRIVER_DIRECT,
    H5R_DRIVER_SUBFILING,
    H5R_DRIVER_MPIIO,  /* MPI-IO without HDF5 */
    H5R_DRIVER_POSIX,  /* pread and pwrite without HDF5 */
    H5R_DRIVER_MEMORY, /* memcpy, no file at all */
    H5R_DRIVER_COUNT
} h5r_driver_t;

typedef enum { H5R_FILES_AUTO, H5R_FILES_SHARED, H5R_FILES_PER_RANK } h5r_files_t;
typedef enum { H5R_MODE_COLLECTIVE, H5R_MODE_INDEPENDENT } h5r_mode_t;
typedef enum {
    H5R_DECOMP_SLAB,
    H5R_DECOMP_BLOCK,
    H5R_DECOMP_INTERLEAVED,
    H5R_DECOMP_REPLICATED
} h5r_decomp_t;
typedef enum { H5R_LAYOUT_CONTIGUOUS, H5R_LAYOUT_CHUNKED, H5R_LAYOUT_COMPACT } h5r_layout_t;
typedef enum {
    H5R_DATA_ZEROS,
    H5R_DATA_RAMP,
    H5R_DATA_SMOOTH,
    H5R_DATA_RANDOM,
    H5R_DATA_SAMPLE
} h5r_data_kind_t;
typedef enum { H5R_FILL_IFSET, H5R_FILL_ALLOC, H5R_FILL_NEVER } h5r_fill_time_t;
typedef enum { H5R_FILL_DEFAULT, H5R_FILL_ZERO, H5R_FILL_MINUS_ONE, H5R_FILL_NAN } h5r_fill_value_t;
typedef enum { H5R_GROW_ROWS, H5R_GROW_BOTH } h5r_grow_t;
typedef enum {
    H5R_KIND_GROUP,
    H5R_KIND_DATASET,
    H5R_KIND_ATTRIBUTE,
    H5R_KIND_SOFT,
    H5R_KIND_HARD,
    H5R_KIND_EXTERNAL
} h5r_object_kind_t;
typedef enum { H5R_OPENING_R, H5R_OPENING_RW, H5R_OPENING_W, H5R_OPENING_X, H5R_OPENING_A } h5r_opening_t;
typedef enum { H5R_TREE_WIDE, H5R_TREE_DEEP, H5R_TREE_STATIONS } h5r_tree_t;
typedef enum { H5R_ALLOC_DEFAULT, H5R_ALLOC_EARLY, H5R_ALLOC_LATE, H5R_ALLOC_INCR } h5r_alloc_time_t;
typedef enum { H5R_LIBVER_EARLIEST, H5R_LIBVER_V18, H5R_LIBVER_V110, H5R_LIBVER_LATEST } h5r_libver_t;
typedef enum { H5R_CACHE_AS_IS, H5R_CACHE_COLD, H5R_CACHE_WARM, H5R_CACHE_DROPPED } h5r_cache_t;
typedef enum { H5R_CONVERT_BY_HDF5, H5R_CONVERT_BY_PROGRAM } h5r_convert_by_t;
typedef enum { H5R_VALUES_EXACT, H5R_VALUES_ROUNDED, H5R_VALUES_OVERFLOW } h5r_values_t;
typedef enum { H5R_WRITE_BY_PIPELINE, H5R_WRITE_DIRECT } h5r_write_by_t;
typedef enum { H5R_SCALING_STRONG, H5R_SCALING_WEAK } h5r_scaling_t;
typedef enum { H5R_BUFFERS_PAYLOAD, H5R_BUFFERS_CALL } h5r_buffers_t;

#define H5R_RANKS_MAX UINT64_C(100000000)
#define H5R_RANKS_ALL (H5R_RANKS_MAX + 1)

typedef enum { H5R_COLLMETA_NONE, H5R_COLLMETA_WRITES, H5R_COLLMETA_READS, H5R_COLLMETA_ALL } h5r_collmeta_t;

typedef enum { H5R_SEQUENTIAL, H5R_RANDOM } h5r_order_t;
typedef enum {
    H5R_SELECT_RANGE,
    H5R_SELECT_STRIDE,
    H5R_SELECT_BLOCK,
    H5R_SELECT_LIST,
    H5R_SELECT_POINTS,
    H5R_SELECT_MASK
} h5r_selection_t;
typedef enum { H5R_MASK_POINTS, H5R_MASK_UNION, H5R_MASK_CHAIN, H5R_MASK_RMW } h5r_mask_t;
typedef enum { H5R_MEMORY_DENSE, H5R_MEMORY_STRIDED } h5r_memory_t;
typedef enum { H5R_EMPTY_NONE, H5R_EMPTY_ODD } h5r_empty_t;
typedef enum { H5R_PIECES_SINGLE, H5R_PIECES_UNION, H5R_PIECES_PACKED } h5r_pieces_as_t;
typedef enum { H5R_UPDATE_ALL, H5R_UPDATE_NEGATIVE } h5r_update_t;

#define H5R_SHIFT_MAX  UINT64_C(1000000000)
#define H5R_SHIFT_AUTO (H5R_SHIFT_MAX + 1) /* such that no node reads what it wrote */

/* Choices are stored as int32_t holding one of the enumerations above, in the order of the factor's choices.
 */
typedef struct h5r_factors {
    int32_t workload; /* index into bench/workloads.def */
    int32_t driver;   /* h5r_driver_t */
    int32_t files;    /* h5r_files_t; AUTO is resolved by h5r_factors_files() in src/core/factors/driver.h */
    int32_t mode;     /* h5r_mode_t, of the transfers */
    h5r_dims_t shape; /* of the whole dataset, elements */
    int32_t dtype;    /* h5r_dtype_t in memory */
    int32_t file_dtype; /* h5r_dtype_t in the file, or H5R_DTYPE_COUNT: the same as in memory */
    int32_t byte_order; /* h5r_byte_order_t in the file */
    int32_t decomposition;
    h5r_access_t access;
    int32_t layout;
    h5r_dims_t chunk; /* elements; n == 0 unless chunked */
    h5r_pipeline_t filter;
    int32_t data;                  /* h5r_data_kind_t */
    char data_file[H5R_TEXT_SIZE]; /* H5R_DATA_SAMPLE: "FILE.h5:/DATASET" whose elements are repeated */
    int32_t fill_time;             /* h5r_fill_time_t */
    int32_t alloc_time;            /* h5r_alloc_time_t */
    uint64_t chunk_cache;          /* bytes; rdcc_nbytes of the file access list */
    uint64_t chunk_slots;          /* rdcc_nslots */
    uint64_t alignment;            /* bytes; objects of at least this size start at its multiples; 1: off */
    int32_t libver;                /* h5r_libver_t, the low bound; the high bound is the library's latest */
    int32_t collective_metadata;   /* h5r_collmeta_t */
    bool core_backing;             /* core driver: write the image to a file when it is closed */
    uint64_t core_increment;       /* core driver: bytes by which the image grows */
    uint64_t family_member;        /* family driver: bytes of one member file */
    int32_t cache;                 /* h5r_cache_t, of the page cache before reading */
    uint64_t read_shift;           /* whose share a rank reads: that of rank + N, or H5R_SHIFT_AUTO */
    uint64_t max_ops;              /* bound of transfers per rank and operation */
    char hints[H5R_TEXT_SIZE];     /* MPI-IO hints, "key=value;key=value"; empty: none */
    uint64_t ranks;                /* the first so many of the job take part, or H5R_RANKS_ALL */
    int32_t scaling;               /* h5r_scaling_t: whether shape is the whole's or one rank's */
    int32_t update;                /* h5r_update_t: what is written back */
    int32_t fill_value;            /* h5r_fill_value_t */
    h5r_dims_t touch;              /* coordinate of the element that is touched first; n == 0: the first */
    uint64_t conversion_buffer;    /* bytes; of the transfer list */
    int32_t convert_by;            /* h5r_convert_by_t */
    int32_t values;                /* h5r_values_t */
    int32_t write_by;              /* h5r_write_by_t */
    h5r_dims_t tile;               /* the last dimensions of a call; n == 0: whole images */
    int32_t order;                 /* h5r_order_t, of the calls */
    uint64_t halo;                 /* ghost cells around a rank's share in memory */
    uint64_t append;               /* rows by which a dataset grows at a time */
    int32_t grow;                  /* h5r_grow_t, dimensions that grow */
    int32_t selection;             /* h5r_selection_t */
    uint64_t one_in;               /* inverse of the density of a selection */
    int32_t mask_as;               /* h5r_mask_t: how a mask becomes a selection */
    int32_t memory_selection;      /* h5r_memory_t */
    int32_t empty_ranks;           /* h5r_empty_t: which ranks select nothing */
    uint64_t variables;            /* datasets of a step */
    uint64_t steps;                /* of the program, each of which writes all variables */
    int32_t kind;                  /* h5r_object_kind_t */
    uint64_t objects;              /* of this kind, in all files together */
    int32_t tree;                  /* h5r_tree_t */
    uint64_t attributes;           /* of every object */
    uint64_t opens;                /* of the file that is there, one after the other */
    uint64_t pieces;               /* runs of rows that a rank owns */
    int32_t pieces_as;             /* h5r_pieces_as_t */
    int32_t opening;               /* h5r_opening_t */
    uint64_t buffer_offset;        /* bytes past a page at which the case's buffers begin */
    int32_t buffers;               /* h5r_buffers_t */
} h5r_factors_t;

#endif
