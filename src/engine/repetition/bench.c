#include "engine/repetition/bench.h"

#include "engine/repetition/turn.h"

#include "core/factors/factor.h"
#include "engine/ranks/registry.h"
#include "engine/store/hdf5_util.h"
#include "h5roof/arrangement.h"
#include "h5roof/buffer.h"
#include "h5roof/driver.h"
#include "h5roof/halo.h"
#include "h5roof/share.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Independent transfers of 2 GiB or more fail in HDF5 1.10.8, and an int counts the elements of an MPI-IO
 * call. */
#define CALL_LIMIT   ((uint64_t)1 << 31)
#define CALL_CUT     ((uint64_t)1 << 30)
#define ROOF_CALL    ((uint64_t)1 << 20)  /* bytes of a call of a roof, at least */
#define SAMPLE_LIMIT (UINT64_C(16) << 20) /* bytes of a sample that are kept */

static uint64_t buffer_elements(const h5r_context_t *ctx, const h5r_factors_t *f, const h5r_share_t *share)
{
    const h5r_workload_t *w = h5r_workloads[f->workload];
    if (f->halo > 0) {
        return h5r_halo_elements(&share->region, f->halo);
    }
    if (f->memory != H5R_LIES_DENSE) {
        return h5r_memory_elements(f, h5r_region_elements(&share->region));
    }
    return w->elements != NULL ? w->elements(f, share->calls.elements, ctx->size) : share->calls.elements;
}

h5r_share_t h5r_bench_share_of(const h5r_context_t *ctx, const h5r_factors_t *f, int rank)
{
    h5r_share_t share;
    share.region = h5r_share_of_rank(f, ctx->size, rank);
    bool shared = h5r_factors_files(f) == H5R_FILES_SHARED;
    h5r_region_t in_file = shared ? share.region : h5r_region_dense(&share.region);

    size_t memory = h5r_dtype_size(f->dtype), file = h5r_dtype_size(h5r_factors_file_dtype(f));
    const h5r_access_t whole = {.kind = H5R_ACCESS_WHOLE};
    const bool own_calls = h5r_workloads[f->workload]->own_calls;
    const uint64_t max_ops = own_calls ? 0 : f->max_ops;
    h5r_ops_init(&share.calls, &in_file, own_calls ? whole : f->access, memory, max_ops);
    uint64_t piece = 1;
    for (int d = 0; d < in_file.ndims; d++) {
        piece *= share.calls.piece[d];
    }
    bool alone = h5r_driver_of(f)->store == H5R_STORE_MPIIO || !h5r_factors_collective(f);
    if (h5r_factors_mpi_file(f) && alone && piece * (file > memory ? file : memory) >= CALL_LIMIT) {
        h5r_access_t cut = {.kind = H5R_ACCESS_BYTES,
                            .bytes = CALL_CUT * memory / (file > memory ? file : memory)};
        h5r_ops_init(&share.calls, &in_file, cut, memory, max_ops);
    }
    share.held = share.region;
    share.held_elements = share.calls.elements;
    share.bytes = buffer_elements(ctx, f, &share) * memory;
    if (f->buffers == H5R_BUFFERS_CALL) {
        h5r_op_t first;
        h5r_op_at(&share.calls, 0, &first);
        share.held = h5r_op_region(&share.calls, &share.region, &first);
        share.held_elements = first.elements;
        share.bytes = first.elements * memory;
    }
    return share;
}

h5r_share_t h5r_bench_share(const h5r_context_t *ctx, const h5r_factors_t *f)
{
    return h5r_bench_share_of(ctx, f, ctx->rank);
}

uint64_t h5r_bench_memory(const h5r_context_t *ctx, const h5r_factors_t *f, uint64_t bytes)
{
    if (f->buffers == H5R_BUFFERS_PAYLOAD) {
        return bytes;
    }
    const h5r_share_t share = h5r_bench_share(ctx, f);
    const uint64_t memory = share.bytes > ROOF_CALL ? share.bytes : ROOF_CALL;
    return memory < bytes ? memory : bytes;
}

h5r_shift_t h5r_bench_shift(const h5r_context_t *ctx, const h5r_factors_t *f)
{
    if (!h5r_factors_can_shift(f) || h5r_reads_anew(f)) {
        return h5r_shift_by(ctx->comm, ctx->node, 0);
    }
    return f->read_shift == H5R_SHIFT_AUTO ? ctx->away : h5r_shift_by(ctx->comm, ctx->node, f->read_shift);
}

h5r_status_t h5r_bench_reserve(h5r_bench_t *b, uint64_t bytes, h5r_error_t *err)
{
    bytes = bytes > 0 ? bytes : 1; /* a rank without a share passes its buffers on, too, and not NULL */
    if (bytes <= b->buffer_bytes) {
        return H5R_OK;
    }
    h5r_buffer_free(b->write_buffer);
    h5r_buffer_free(b->read_buffer);
    b->write_buffer = h5r_buffer_new(bytes + H5R_PAST_PAGE_MAX, 0);
    b->read_buffer = h5r_buffer_new(bytes + H5R_PAST_PAGE_MAX, 0);
    b->buffer_bytes = b->write_buffer != NULL && b->read_buffer != NULL ? (size_t)bytes : 0;
    if (b->buffer_bytes == 0) {
        return h5r_no_memory(err, "two buffers of %" PRIu64 " bytes", bytes);
    }
    return H5R_OK;
}

/* Rank 0: the first elements of FILE:/DATASET in C order, converted to the memory type by HDF5. */
static h5r_status_t read_sample(h5r_bench_t *b, const h5r_factors_t *f, h5r_error_t *err)
{
    char path[H5R_TEXT_SIZE];
    memcpy(path, f->data_file, sizeof path);
    char *dataset_name = strrchr(path, ':');
    if (dataset_name == NULL) {
        return h5r_fail(err, H5R_USAGE, "data_file '%s' is not FILE:/DATASET", f->data_file);
    }
    *dataset_name++ = '\0';
    h5r_status_t status = H5R_OK;
    hid_t file = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    hid_t dataset = file < 0 ? -1 : H5Dopen2(file, dataset_name, H5P_DEFAULT);
    hid_t space = dataset < 0 ? -1 : H5Dget_space(dataset);
    hssize_t n = space < 0 ? -1 : H5Sget_simple_extent_npoints(space);
    size_t size = h5r_dtype_size(f->dtype);
    if (n > 0 && (uint64_t)n * size <= SAMPLE_LIMIT) {
        b->sample = malloc((size_t)n * size);
        b->sample_elements = (uint64_t)n;
        if (b->sample == NULL ||
            H5Dread(dataset, h5r_hdf5_memory_type(f->dtype), H5S_ALL, H5S_ALL, H5P_DEFAULT, b->sample) < 0) {
            status = h5r_fail_hdf5(err, "reading the sample", f->data_file);
        }
    } else if (n > 0) {
        status = h5r_fail(err, H5R_ENV,
                          "the sample %s has %lld elements of %zu bytes; at most %" PRIu64 " bytes are taken",
                          f->data_file, (long long)n, size, SAMPLE_LIMIT);
    } else {
        status = h5r_fail_hdf5(err, "opening the sample", f->data_file);
        err->code = status = H5R_ENV;
    }
    bool closed = space < 0 || H5Sclose(space) >= 0;
    closed = (dataset < 0 || H5Dclose(dataset) >= 0) && closed;
    closed = (file < 0 || H5Fclose(file) >= 0) && closed;
    return closed || status != H5R_OK ? status : h5r_fail_hdf5(err, "closing the sample", f->data_file);
}

static h5r_status_t load_sample(h5r_bench_t *b, const h5r_factors_t *f, h5r_error_t *err)
{
    free(b->sample);
    b->sample = NULL;
    b->sample_elements = 0;
    b->sample_file[0] = '\0';
    if (b->ctx->rank == 0) {
        read_sample(b, f, err);
    }
    if (h5r_agree(b->ctx, err) != H5R_OK) {
        return err->code;
    }
    MPI_Bcast(&b->sample_elements, 1, MPI_UINT64_T, 0, b->ctx->comm);
    size_t bytes = (size_t)b->sample_elements * h5r_dtype_size(f->dtype);
    if (b->ctx->rank != 0 && (b->sample = malloc(bytes)) == NULL) {
        h5r_no_memory(err, "a sample of %zu bytes", bytes);
    }
    if (h5r_agree(b->ctx, err) != H5R_OK) {
        return err->code;
    }
    MPI_Bcast(b->sample, (int)bytes, MPI_BYTE, 0, b->ctx->comm);
    memcpy(b->sample_file, f->data_file, sizeof b->sample_file);
    b->sample_dtype = f->dtype;
    return H5R_OK;
}

h5r_data_t h5r_bench_data_plain(const h5r_factors_t *f, uint64_t seed)
{
    return (h5r_data_t){.kind = (h5r_data_kind_t)f->data,
                        .seed = seed,
                        .dtype = f->dtype,
                        .file_dtype = f->values == H5R_VALUES_EXACT ? h5r_factors_file_dtype(f) : f->dtype,
                        .file_bits = h5r_factors_bits(f)};
}

h5r_status_t h5r_bench_data(h5r_bench_t *b, const h5r_factors_t *f, h5r_data_t *data, h5r_error_t *err)
{
    *data = h5r_bench_data_plain(f, b->seed);
    h5r_turn_data(f, b->turn, data);
    if (data->kind != H5R_DATA_SAMPLE) {
        return H5R_OK;
    }
    int loaded =
        b->sample != NULL && strcmp(b->sample_file, f->data_file) == 0 && b->sample_dtype == data->dtype;
    /* a rank that took no part in an earlier case may lack what the others have */
    MPI_Allreduce(MPI_IN_PLACE, &loaded, 1, MPI_INT, MPI_MIN, b->ctx->comm);
    if (!loaded && load_sample(b, f, err) != H5R_OK) {
        return err->code;
    }
    data->sample = b->sample;
    data->sample_elements = b->sample_elements;
    return H5R_OK;
}

void h5r_bench_free(h5r_bench_t *b)
{
    h5r_buffer_free(b->write_buffer);
    h5r_buffer_free(b->read_buffer);
    free(b->sample);
    *b = (h5r_bench_t){0};
}
