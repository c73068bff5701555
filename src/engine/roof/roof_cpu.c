#include "engine/roof/roof_cpu.h"

#include "core/factors/factor.h"
#include "engine/ranks/clock.h"
#include "engine/ranks/registry.h"
#include "h5roof/buffer.h"
#include "h5roof/chunks.h"
#include "h5roof/conversion.h"
#include "h5roof/driver.h"
#include "h5roof/fill.h"
#include "h5roof/pipeline.h"

#include <math.h>
#include <string.h>

#define COPY_PASSES 3    /* at least; the fastest counts: a roof is what can be reached */
#define COPY_S      0.05 /* and as many as fit */
#define COPY_MOST   20

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
    const uint64_t payload = share->calls.elements * h5r_dtype_size(f->dtype);
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
    const size_t bytes = share.calls.elements * h5r_dtype_size(f->dtype);
    const size_t shared = h5r_bench_memory(b->ctx, f, bytes);
    for (int o = 0; o < H5R_WAYS; o++) {
        const char *from = o == H5R_WAY_OUT ? b->write_buffer : b->read_buffer;
        char *to = o == H5R_WAY_OUT ? b->read_buffer : b->write_buffer;
        double spent_s = 0.0; /* the same on all ranks */
        for (int pass = 0; pass < COPY_PASSES || (spent_s < COPY_S && pass < COPY_MOST); pass++) {
            MPI_Barrier(b->ctx->comm);
            h5r_instant_t t0 = h5r_now();
            copy_calls(to, from, o == H5R_WAY_OUT ? to : from, bytes, shared);
            double now_s = h5r_seconds_between(t0, h5r_now());
            MPI_Allreduce(MPI_IN_PLACE, &now_s, 1, MPI_DOUBLE, MPI_MAX, b->ctx->comm);
            s[o] = pass == 0 ? now_s : fmin(s[o], now_s);
            spent_s += now_s;
        }
    }
    return H5R_OK;
}

static double time_conversion(const h5r_bench_t *b, const h5r_factors_t *f, const h5r_share_t *share,
                              h5r_way_t way, char *block)
{
    const uint64_t elements = share->calls.elements;
    h5r_dtype_t memory = f->dtype, file = h5r_factors_file_dtype(f);
    size_t size = h5r_dtype_size(memory);
    bool swap = h5r_order_swaps(f->byte_order, file);
    h5r_instant_t t0 = h5r_now();
    for (uint64_t i = 0, n; i < elements; i += n) {
        const uint64_t at = i % share->held_elements, held = share->held_elements - at;
        n = held < H5R_CONVERT_AT_ONCE ? held : H5R_CONVERT_AT_ONCE;
        n = elements - i < n ? elements - i : n;
        if (way == H5R_WAY_OUT) {
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
    char *block = h5r_buffer_new(H5R_CONVERT_AT_ONCE * sizeof(double), 0);
    if (block == NULL) {
        h5r_no_memory(err, "a block of conversion");
    }
    if (h5r_agree(b->ctx, err) == H5R_OK && share_ready(b, f, &share, err) == H5R_OK) {
        for (int o = 0; o < H5R_WAYS; o++) {
            MPI_Barrier(b->ctx->comm);
            double own = time_conversion(b, f, &share, (h5r_way_t)o, block);
            memset(block, 0,
                   H5R_CONVERT_AT_ONCE * sizeof(double)); /* zeros are valid in every type and order */
            slowest(b, own, &s[o]);
        }
    }
    h5r_buffer_free(block);
    return err->code;
}

/* The chunks of all datasets, of which a rank has every step-th, beginning with the first-th. */
typedef struct {
    const h5r_factors_t *factors;
    h5r_data_t data;
    h5r_changes_t *changes; /* NULL: the data are written as they are */
    h5r_region_t within;    /* where the dataset that is chunked lies in the whole one */
    h5r_chunks_t chunks;    /* of one dataset */
    uint64_t all, first, step;
    bool several; /* datasets */
} chunking_t;

static void chunking_of(const h5r_bench_t *b, const h5r_roof_spec_t *spec, chunking_t *c)
{
    const h5r_factors_t *f = c->factors = &spec->factors;
    h5r_dims_t shape = f->shape;
    c->changes = h5r_workloads[f->workload]->operations[spec->operation].changes;
    c->first = 0;
    c->step = 1;
    if (h5r_factors_files(f) == H5R_FILES_SHARED) {
        int grid[H5R_MAX_NDIMS] = {1, 1, 1, 1, 1, 1};
        c->within = h5r_region_of_rank(&f->shape, H5R_DECOMP_SLAB, 1, 0, grid);
        c->first = (uint64_t)b->ctx->rank;
        c->step = (uint64_t)b->ctx->size;
    } else {
        h5r_share_t share = h5r_bench_share(b->ctx, f);
        c->within = share.region;
        memcpy(shape.d, share.region.count, sizeof shape.d);
    }
    c->chunks = h5r_chunks_of(&shape, &f->chunk);
    c->several = spec->datasets > 1;
    c->all = c->chunks.chunks * spec->datasets;
}

/* Elements of a chunk in the whole dataset, clipped at the end. */
static h5r_region_t chunk_region(const chunking_t *c, uint64_t index)
{
    h5r_region_t r = h5r_chunk_box(&c->chunks, index);
    for (int d = 0; d < r.ndims; d++) {
        r.start[d] = c->within.start[d] + r.start[d] * c->within.stride[d];
        r.stride[d] = c->within.stride[d];
    }
    return r;
}

typedef struct {
    h5r_block_t a, b;   /* the pipeline's two buffers */
    char *box, *memory; /* what a chunk has of the dataset, and the chunk, in the memory type */
} chunk_buffers_t;

static h5r_status_t reserve_chunk(chunk_buffers_t *c, const h5r_factors_t *f, h5r_error_t *err)
{
    const size_t elements = (size_t)h5r_dims_elements(&f->chunk);
    const size_t bytes = elements * h5r_dtype_size(h5r_factors_file_dtype(f));
    c->box = h5r_buffer_new(elements * h5r_dtype_size(f->dtype), 0);
    c->memory = h5r_buffer_new(elements * h5r_dtype_size(f->dtype), 0);
    if (c->box == NULL || c->memory == NULL) {
        return h5r_no_memory(err, "a chunk of %zu elements", elements);
    }
    return h5r_block_reserve(&c->a, bytes, err) != H5R_OK ? err->code : h5r_block_reserve(&c->b, bytes, err);
}

/* A chunk as the pipeline gets it, in a: with the fill value where it reaches beyond the dataset, as HDF5 has
 * it. The data of a dataset lie behind those of the one before. */
static void fill_chunk(const chunking_t *c, uint64_t index, bool changed, chunk_buffers_t *buffers)
{
    const h5r_factors_t *f = c->factors;
    const h5r_dtype_t dtype = f->dtype, file = h5r_factors_file_dtype(f);
    const size_t size = h5r_dtype_size(dtype), elements = (size_t)c->chunks.elements;
    const uint64_t dataset = index / c->chunks.chunks;
    h5r_region_t box = chunk_region(c, index % c->chunks.chunks);
    const uint64_t n = h5r_region_elements(&box);
    char fill[8];
    h5r_fill_element(f, fill);
    for (size_t i = 0; i < elements && n < elements; i++) {
        memcpy(buffers->memory + i * size, fill, size);
    }
    if (c->several) {
        const h5r_dims_t all = h5r_dims_stacked(&f->shape, dataset + 1);
        const h5r_region_t stacked = h5r_region_stacked(&box, dataset);
        h5r_data_fill_region(&c->data, &all, &stacked, n, buffers->box);
    } else {
        h5r_data_fill_region(&c->data, &f->shape, &box, n, buffers->box);
    }
    if (changed) {
        c->changes(dtype, buffers->box, n);
    }
    h5r_chunk_place(&f->chunk, box.count, size, buffers->box, buffers->memory);
    bool swap = h5r_order_swaps(f->byte_order, file);
    h5r_convert(dtype, file, swap, buffers->memory, buffers->a.bytes, elements);
    buffers->a.size = elements * h5r_dtype_size(file);
}

/* One chunk forward and backward; the clock runs over the pipeline only. *bytes gets what it is stored as. */
static h5r_status_t time_chunk(const h5r_factors_t *f, chunk_buffers_t *c, double own[H5R_WAYS],
                               uint64_t *bytes, h5r_error_t *err)
{
    const size_t file_size = h5r_dtype_size(h5r_factors_file_dtype(f)), whole = c->a.size;
    unsigned skipped;
    h5r_instant_t t0 = h5r_now();
    h5r_status_t status = h5r_pipeline_forward(&f->filter, file_size, &c->a, &c->b, &skipped, err);
    h5r_instant_t t1 = h5r_now();
    *bytes = c->a.size;
    if (status == H5R_OK) {
        status = h5r_pipeline_backward(&f->filter, file_size, whole, &c->a, &c->b, skipped, err);
    }
    own[H5R_WAY_OUT] = h5r_seconds_between(t0, t1);
    own[H5R_WAY_IN] = h5r_seconds_between(t1, h5r_now());
    return status;
}

/* The chunks of this rank: what it writes goes out, and what was there before comes in. */
static h5r_status_t time_chunks(const chunking_t *c, chunk_buffers_t *buffers, double own[H5R_WAYS],
                                uint64_t *filtered, h5r_error_t *err)
{
    h5r_status_t status = H5R_OK;
    for (uint64_t i = c->first; i < c->all && status == H5R_OK; i += c->step) {
        double data[H5R_WAYS] = {0}, changed[H5R_WAYS] = {0};
        uint64_t bytes;
        fill_chunk(c, i, false, buffers);
        status = time_chunk(c->factors, buffers, data, &bytes, err);
        if (c->changes != NULL && status == H5R_OK) {
            fill_chunk(c, i, true, buffers);
            status = time_chunk(c->factors, buffers, changed, &bytes, err);
        }
        own[H5R_WAY_OUT] += c->changes != NULL ? changed[H5R_WAY_OUT] : data[H5R_WAY_OUT];
        own[H5R_WAY_IN] += data[H5R_WAY_IN];
        *filtered += bytes;
    }
    return status;
}

h5r_status_t h5r_roof_compress(h5r_bench_t *b, const h5r_roof_spec_t *spec, h5r_roof_time_t *time,
                               h5r_error_t *err)
{
    chunking_t chunking;
    chunk_buffers_t buffers = {.box = NULL};
    double own[H5R_WAYS] = {0.0, 0.0};
    uint64_t filtered = 0;
    if (h5r_bench_data(b, &spec->factors, &chunking.data, err) != H5R_OK) {
        return err->code;
    }
    chunking_of(b, spec, &chunking);
    reserve_chunk(&buffers, &spec->factors, err);
    if (h5r_agree(b->ctx, err) != H5R_OK) {
        goto free_buffers;
    }
    MPI_Barrier(b->ctx->comm); /* all ranks at once; the time is the sum over a rank's chunks */
    time_chunks(&chunking, &buffers, own, &filtered, err);
    if (h5r_agree(b->ctx, err) == H5R_OK) {
        slowest(b, own[H5R_WAY_OUT], &time->s[H5R_WAY_OUT]);
        slowest(b, own[H5R_WAY_IN], &time->s[H5R_WAY_IN]);
        MPI_Reduce(&filtered, &time->filtered_bytes, 1, MPI_UINT64_T, MPI_SUM, 0, b->ctx->comm);
    }
free_buffers:
    h5r_block_free(&buffers.a);
    h5r_block_free(&buffers.b);
    h5r_buffer_free(buffers.box);
    h5r_buffer_free(buffers.memory);
    return err->code;
}
