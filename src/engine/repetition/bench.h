/*
 * The bench: what every job of a run uses, on every rank: buffers that grow to the largest case and stay, the
 * seed, the sample of data if there is one.
 */
#ifndef H5ROOF_BENCH_H
#define H5ROOF_BENCH_H

#include "engine/ranks/context.h"
#include "h5roof/data.h"

typedef struct {
    const h5r_context_t *ctx;
    uint64_t seed;
    uint64_t turn; /* of the repetition, as the data have it, and the names of files */
    bool verify;
    char *write_buffer;
    char *read_buffer;
    size_t buffer_bytes; /* of each, and H5R_PAST_PAGE_MAX more for a case that begins past the page */
    char sample_file[H5R_TEXT_SIZE]; /* what `sample` holds */
    h5r_dtype_t sample_dtype;
    char *sample;
    uint64_t sample_elements;
} h5r_bench_t;

/* The share of this rank in a case, ready to be filled or moved. */
typedef struct {
    h5r_region_t region;    /* in the whole dataset */
    h5r_ops_t calls;        /* in the coordinates of the file's dataset; not yet padded */
    uint64_t bytes;         /* in memory, with what lies between */
    h5r_region_t held;      /* in the whole dataset: whose elements, */
    uint64_t held_elements; /* the first so many, the memory holds: the region's, or those of its first call,
                               which is a largest one, where all calls use the same memory */
} h5r_share_t;

/* Local. Transfers that a library below cannot do in one call (2 GiB and more independently) are cut into 1
 * GiB. */
h5r_share_t h5r_bench_share(const h5r_context_t *ctx, const h5r_factors_t *f);
h5r_share_t h5r_bench_share_of(const h5r_context_t *ctx, const h5r_factors_t *f, int rank);

/* Local: the bytes of memory through which a roof of a case moves `bytes` of this rank: all of them, or where
 * the case's calls use the same memory, that of a call (of 1 MiB where it is smaller: many calls are no
 * roof).
 */
uint64_t h5r_bench_memory(const h5r_context_t *ctx, const h5r_factors_t *f, uint64_t bytes);

/* Collective: whose share this rank reads in a case. */
h5r_shift_t h5r_bench_shift(const h5r_context_t *ctx, const h5r_factors_t *f);

/* Local: make both buffers at least this large; they begin on a page. H5R_ENV: no memory. */
h5r_status_t h5r_bench_reserve(h5r_bench_t *b, uint64_t bytes, h5r_error_t *err);

/* Local: the data of a case, without the sample if they are one. */
h5r_data_t h5r_bench_data_plain(const h5r_factors_t *f, uint64_t seed);

/* Collective: the data of a case in this turn; loads the sample on rank 0 and sends it to all if the case asks for another
 * one. Errors are agreed. */
h5r_status_t h5r_bench_data(h5r_bench_t *b, const h5r_factors_t *f, h5r_data_t *data, h5r_error_t *err);

void h5r_bench_free(h5r_bench_t *b);

#endif
