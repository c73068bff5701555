#include "engine/roof_cpu.h"

#include "core/driver.h"
#include "core/factor.h"
#include "engine/clock.h"
#include "h5roof/buffer.h"
#include "h5roof/conversion.h"
#include "h5roof/pipeline.h"

#include <string.h>

#define BLOCK_ELEMENTS 16384 /* of a conversion: at most 128 KiB, which stays in a second-level cache */

/* Collective: the slowest rank's seconds, on rank 0. */
static void slowest(const h5r_bench_t *b, double own, double *s)
{
    *s = own;
    MPI_Reduce(&own, s, 1, MPI_DOUBLE, MPI_MAX, 0, b->ctx->comm);
}

/* Buffers for the share of this rank, filled and touched; errors are agreed. */
static h5r_status_t share_ready(h5r_bench_t *b, const h5r_factors_t *f, h5r_share_t *share, h5r_error_t *err)
{
    h5r_data_t data;
    *share = h5r_bench_share(b->ctx, f);
    if (h5r_bench_data(b, f, &data, err) != H5R_OK) {
        return err->code;
    }
    const uint64_t payload = share->calls.elements * h5r_dtype_size((h5r_dtype_t)f->dtype);
    h5r_bench_reserve(b, payload > share->bytes ? payload : share->bytes, err);
    if (h5r_agree(b->ctx, err) != H5R_OK) {
        return err->code;
    }
    h5r_data_fill_region(&data, &f->shape, &share->held, share->held_elements, b->write_buffer);
    h5r_data_poison_region(&data, &f->shape, &share->held, share->held_elements, b->read_buffer);
    return H5R_OK;
}

/* Between memory of the whole payload, at `all`, and memory that its calls share. */
static void copy_calls(char *to, const char *from, const char *all, size_t bytes, size_t shared)
{
    for (size_t at = 0; at < bytes; at += shared) {
        memcpy(to + (to == all ? at : 0), from + (from == all ? at : 0),
               bytes - at < shared ? bytes - at : shared);
    }
}

h5r_status_t h5r_roof_copy(h5r_bench_t *b, const h5r_factors_t *f, double s[H5R_WAYS], h5r_error_t *err)
{
    h5r_share_t share;
    if (share_ready(b, f, &share, err) != H5R_OK) {
        return err->code;
    }
    const size_t bytes = share.calls.elements * h5r_dtype_size((h5r_dtype_t)f->dtype);
    const size_t shared = h5r_bench_memory(b->ctx, f, bytes);
    for (int o = 0; o < H5R_WAYS; o++) {
        const char *from = o == H5R_WRITES ? b->write_buffer : b->read_buffer;
        char *to = o == H5R_WRITES ? b->read_buffer : b->write_buffer;
        MPI_Barrier(b->ctx->comm);
        h5r_instant_t t0 = h5r_now();
        copy_calls(to, from, o == H5R_WRITES ? to : from, bytes, shared);
        slowest(b, h5r_seconds_between(t0, h5r_now()), &s[o]);
    }
    return H5R_OK;
}

static double time_conversion(const h5r_bench_t *b, const h5r_factors_t *f, const h5r_share_t *share,
                              h5r_operation_t operation, char *block)
{
    const uint64_t elements = share->calls.elements;
    h5r_dtype_t memory = (h5r_dtype_t)f->dtype, file = h5r_factors_file_dtype(f);
    size_t size = h5r_dtype_size(memory);
    bool swap = h5r_order_swaps((h5r_byte_order_t)f->byte_order, file);
    h5r_instant_t t0 = h5r_now();
    for (uint64_t i = 0, n; i < elements; i += n) {
        const uint64_t at = i % share->held_elements, held = share->held_elements - at;
        n = held < BLOCK_ELEMENTS ? held : BLOCK_ELEMENTS;
        n = elements - i < n ? elements - i : n;
        if (operation == H5R_WRITES) {
            h5r_convert(memory, file, swap, b->write_buffer + at * size, block, n);
        } else {
            /* the order of swap and conversion does not change the work; the block holds valid values of the
             * file's type */
            h5r_convert(file, memory, swap, block, b->read_buffer + at * size, n);
        }
    }
    return h5r_seconds_between(t0, h5r_now());
}

h5r_status_t h5r_roof_convert(h5r_bench_t *b, const h5r_factors_t *f, double s[H5R_WAYS], h5r_error_t *err)
{
    h5r_share_t share;
    char *block = h5r_buffer_new(BLOCK_ELEMENTS * sizeof(double), 0);
    if (block == NULL) {
        h5r_no_memory(err, "a block of conversion");
    }
    if (h5r_agree(b->ctx, err) == H5R_OK && share_ready(b, f, &share, err) == H5R_OK) {
        for (int o = 0; o < H5R_WAYS; o++) {
            MPI_Barrier(b->ctx->comm);
            double own = time_conversion(b, f, &share, (h5r_operation_t)o, block);
            memset(block, 0, BLOCK_ELEMENTS * sizeof(double)); /* zeros are valid in every type and order */
            slowest(b, own, &s[o]);
        }
    }
    h5r_buffer_free(block);
    return err->code;
}

/* The chunks of a dataset, of which a rank has every step-th, beginning with the first-th. */
typedef struct {
    h5r_dims_t shape;    /* of the dataset that is chunked */
    h5r_region_t within; /* where that dataset lies in the whole one */
    uint64_t grid[H5R_MAX_NDIMS];
    uint64_t chunks, first, step;
} chunking_t;

static chunking_t chunking_of(const h5r_bench_t *b, const h5r_factors_t *f)
{
    chunking_t c = {.shape = f->shape, .chunks = 1, .step = 1};
    h5r_share_t share = h5r_bench_share(b->ctx, f);
    if (h5r_factors_files(f) == H5R_FILES_SHARED) {
        int grid[H5R_MAX_NDIMS] = {1, 1, 1, 1, 1, 1};
        c.within = h5r_region_of_rank(&f->shape, H5R_DECOMP_SLAB, 1, 0, grid);
        c.first = (uint64_t)b->ctx->rank;
        c.step = (uint64_t)b->ctx->size;
    } else {
        c.within = share.region;
        memcpy(c.shape.d, share.region.count, sizeof c.shape.d);
    }
    for (int d = 0; d < f->shape.n; d++) {
        c.grid[d] = (c.shape.d[d] + f->chunk.d[d] - 1) / f->chunk.d[d];
        c.chunks *= c.grid[d];
    }
    return c;
}

/* Elements of chunk number `index` in the whole dataset, clipped at the end. */
static h5r_region_t chunk_region(const chunking_t *c, const h5r_factors_t *f, uint64_t index)
{
    h5r_region_t r = {.ndims = f->shape.n};
    for (int d = f->shape.n - 1; d >= 0; d--) {
        uint64_t first = index % c->grid[d] * f->chunk.d[d];
        uint64_t left = c->shape.d[d] - first;
        index /= c->grid[d];
        r.start[d] = c->within.start[d] + first * c->within.stride[d];
        r.stride[d] = c->within.stride[d];
        r.count[d] = left < f->chunk.d[d] ? left : f->chunk.d[d];
    }
    return r;
}

typedef struct {
    h5r_block_t a, b; /* the pipeline's two buffers */
    char *memory;     /* a chunk in the memory type */
    size_t elements;  /* of a chunk */
} chunk_buffers_t;

static h5r_status_t reserve_chunk(chunk_buffers_t *c, const h5r_factors_t *f, h5r_error_t *err)
{
    c->elements = (size_t)h5r_dims_elements(&f->chunk);
    size_t bytes = c->elements * h5r_dtype_size(h5r_factors_file_dtype(f));
    c->memory = h5r_buffer_new(c->elements * h5r_dtype_size((h5r_dtype_t)f->dtype), 0);
    if (c->memory == NULL) {
        return h5r_no_memory(err, "a chunk of %zu elements", c->elements);
    }
    return h5r_block_reserve(&c->a, bytes, err) != H5R_OK ? err->code : h5r_block_reserve(&c->b, bytes, err);
}

/* One chunk forward and backward; the clock runs over the pipeline only. */
static h5r_status_t time_chunk(const h5r_data_t *data, const h5r_factors_t *f, const h5r_region_t *region,
                               chunk_buffers_t *c, double own[H5R_WAYS], h5r_error_t *err)
{
    h5r_dtype_t file = h5r_factors_file_dtype(f);
    size_t file_size = h5r_dtype_size(file), bytes = c->elements * file_size;
    bool swap = h5r_order_swaps((h5r_byte_order_t)f->byte_order, file);
    h5r_data_fill_region(data, &f->shape, region, h5r_region_elements(region), c->memory);
    h5r_convert(data->dtype, file, swap, c->memory, c->a.bytes, c->elements);
    c->a.size = bytes;

    unsigned skipped;
    h5r_instant_t t0 = h5r_now();
    h5r_status_t status = h5r_pipeline_forward(&f->filter, file_size, &c->a, &c->b, &skipped, err);
    h5r_instant_t t1 = h5r_now();
    if (status == H5R_OK) {
        status = h5r_pipeline_backward(&f->filter, file_size, bytes, &c->a, &c->b, skipped, err);
    }
    own[H5R_WRITES] += h5r_seconds_between(t0, t1);
    own[H5R_READS] += h5r_seconds_between(t1, h5r_now());
    return status;
}

h5r_status_t h5r_roof_compress(h5r_bench_t *b, const h5r_factors_t *f, double s[H5R_WAYS], h5r_error_t *err)
{
    h5r_data_t data;
    chunk_buffers_t buffers = {0};
    double own[H5R_WAYS] = {0.0, 0.0};
    if (h5r_bench_data(b, f, &data, err) != H5R_OK) {
        return err->code;
    }
    reserve_chunk(&buffers, f, err);
    if (h5r_agree(b->ctx, err) != H5R_OK) {
        goto free_buffers;
    }
    chunking_t chunking = chunking_of(b, f);
    MPI_Barrier(b->ctx->comm); /* all ranks at once; the time is the sum over a rank's chunks */
    for (uint64_t i = chunking.first; i < chunking.chunks && err->code == H5R_OK; i += chunking.step) {
        h5r_region_t region = chunk_region(&chunking, f, i);
        time_chunk(&data, f, &region, &buffers, own, err);
    }
    if (h5r_agree(b->ctx, err) == H5R_OK) {
        slowest(b, own[H5R_WRITES], &s[H5R_WRITES]);
        slowest(b, own[H5R_READS], &s[H5R_READS]);
    }
free_buffers:
    h5r_block_free(&buffers.a);
    h5r_block_free(&buffers.b);
    h5r_buffer_free(buffers.memory);
    return err->code;
}
