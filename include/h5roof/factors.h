/*
 * The factors of a case: everything a suite can choose. A plain struct without pointers, so that a case can
 * be broadcast as bytes. Its fields and enumerations are made from factors.def; to add a factor: a line there.
 */
#ifndef H5ROOF_FACTORS_H
#define H5ROOF_FACTORS_H

#include "h5roof/drivers.h"
#include "h5roof/dtype.h"
#include "h5roof/workloads.h"

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
        h5r_filter_kind_t kind; /* in the order of the pipeline when writing */
        int32_t level;          /* the number behind the name; 0 where there is none */
    } stage[H5R_MAX_FILTERS];
} h5r_pipeline_t;

/* How much one call moves: one of these, or H5R_ACCESS_BYTES: at most so many bytes in memory. Reads may do as the
 * writes did. */
#define H5R_ACCESS_WORDS                                                                                     \
    H5R_VALUE(H5R_ACCESS_ELEMENT, "element", "one element a call: what a loop over elements does")           \
    H5R_VALUE(H5R_ACCESS_ROW, "row", "the last dimension of the rank's share")                               \
    H5R_VALUE(H5R_ACCESS_PLANE, "plane", "the last two dimensions of the rank's share")                      \
    H5R_VALUE(H5R_ACCESS_WHOLE, "whole", "the rank's whole share in one call")
#define H5R_READ_ACCESS_WORDS                                                                                \
    H5R_ACCESS_WORDS                                                                                         \
    H5R_VALUE(H5R_ACCESS_SAME, "same", "as much as a call that writes (factor access)")

#define H5R_VALUE(symbol, name, meaning) symbol,
typedef enum { H5R_READ_ACCESS_WORDS H5R_ACCESS_BYTES } h5r_access_kind_t;
#undef H5R_VALUE

typedef struct {
    h5r_access_kind_t kind;
    uint64_t bytes; /* H5R_ACCESS_BYTES only */
} h5r_access_t;

typedef char h5r_text_t[H5R_TEXT_SIZE];

#define H5R_RANKS_MAX  UINT64_C(100000000)
#define H5R_RANKS_ALL  (H5R_RANKS_MAX + 1)
#define H5R_SHIFT_MAX  UINT64_C(1000000000)
#define H5R_SHIFT_AUTO (H5R_SHIFT_MAX + 1) /* such that no node reads what it wrote */

/* The enumerations of the choices, in the order of their names. */
#define H5R_VALUE(symbol, name, meaning)                     symbol,
#define H5R_CHOICE(field, type, by_default, only, help, ...) typedef enum { __VA_ARGS__ } type;
#include "h5roof/factors.def"

/* What a field of each type of factor is. */
#define H5R_HOLDS_DIMS     h5r_dims_t
#define H5R_HOLDS_BYTES    uint64_t
#define H5R_HOLDS_COUNT    uint64_t
#define H5R_HOLDS_BOOL     bool
#define H5R_HOLDS_PIPELINE h5r_pipeline_t
#define H5R_HOLDS_ACCESS   h5r_access_t
#define H5R_HOLDS_TEXT     h5r_text_t
#define H5R_HOLDS_HINTS    h5r_text_t

typedef struct h5r_factors {
/* All choices are read and compared as if they were an int32_t. */
#define H5R_CHOICE(field, type, by_default, only, help, ...)                                                 \
    type field;                                                                                              \
    _Static_assert(sizeof(type) == sizeof(int32_t), "an enumeration of another size");
#define H5R_LISTED                                                        H5R_CHOICE
#define H5R_NAMES                                                         H5R_CHOICE
#define H5R_NUMBER(type, field, by_default, least, most, only, help)      H5R_HOLDS_##type field;
#define H5R_WORDED(type, field, by_default, least, most, only, help, ...) H5R_HOLDS_##type field;
#define H5R_FACTOR(type, field, by_default, only, help)                   H5R_HOLDS_##type field;
#include "h5roof/factors.def"
} h5r_factors_t;

#endif
