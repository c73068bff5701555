#include "h5roof/element_rows.h"

#include "h5roof/share.h"

#include <stdio.h>

uint64_t h5r_rows_length(const h5r_factors_t *f)
{
    return f->shape.d[f->shape.n - 1];
}

bool h5r_rows_allowed(const h5r_factors_t *f, int nranks, const char *what, char *reason, size_t size)
{
    const int last = f->shape.n - 1;
    int grid[H5R_MAX_NDIMS];
    if (last == 0) {
        snprintf(reason, size, "the last dimension of shape is that within %s, so that it needs two or more",
                 what);
        return false;
    }
    h5r_share_grid(f, nranks, grid);
    if (f->decomposition == H5R_DECOMP_BLOCK && grid[last] > 1) {
        snprintf(reason, size, "the last dimension of shape is within %s, and decomposition block cuts it",
                 what);
        return false;
    }
    const size_t row = (size_t)h5r_rows_length(f) * h5r_dtype_size(f->dtype);
    if (f->access.kind == H5R_ACCESS_ELEMENT ||
        (f->access.kind == H5R_ACCESS_BYTES && f->access.bytes < row)) {
        snprintf(reason, size, "a call moves %s of %zu bytes at least: access row or more", what, row);
        return false;
    }
    if (f->layout == H5R_LAYOUT_CHUNKED && f->chunk.d[last] != h5r_rows_length(f)) {
        snprintf(reason, size, "a chunk holds %s as a whole: its last dimension is that of shape", what);
        return false;
    }
    return true;
}

static h5r_status_t drop_dimension(h5r_hdf5_t *h, const h5r_factors_t *f, h5r_error_t *err)
{
    hsize_t chunk[H5R_MAX_NDIMS];
    h->ndims = f->shape.n - 1;
    for (int d = 0; d < f->chunk.n; d++) {
        chunk[d] = f->chunk.d[d];
    }
    return f->layout == H5R_LAYOUT_CHUNKED && H5Pset_chunk(h->creation, h->ndims, chunk) < 0
               ? h5r_fail_hdf5(err, "H5Pset_chunk", h->path)
               : H5R_OK;
}

const h5r_hdf5_t *h5r_rows_hdf5(const h5r_rep_t *rep)
{
    const h5r_hdf5_t *writes = h5r_store_hdf5(rep->parts[H5R_WAY_OUT].store);
    return writes != NULL ? writes : h5r_store_hdf5(rep->parts[H5R_WAY_IN].store);
}

h5r_status_t h5r_rows_use(const h5r_rep_t *rep, hid_t file_type, hid_t memory_type, bool rows,
                          h5r_error_t *err)
{
    for (int way = 0; way < H5R_WAYS; way++) {
        h5r_hdf5_t *h = h5r_store_hdf5(rep->parts[way].store);
        if (h == NULL || h->file_type == file_type) {
            continue; /* both parts are of one store */
        }
        h->file_type = file_type;
        h->memory_type = memory_type;
        if (rows && drop_dimension(h, rep->factors, err) != H5R_OK) {
            return err->code;
        }
    }
    return H5R_OK;
}

h5r_status_t h5r_rows_write(const h5r_rep_t *rep, const char *from, size_t row_bytes, h5r_error_t *err)
{
    const uint64_t row = h5r_rows_length(rep->factors);
    h5r_status_t status = H5R_OK;
    h5r_op_iter_t it;
    for (bool more = h5r_op_first(&it, &rep->part->calls); more && status == H5R_OK;
         more = h5r_op_next(&it)) {
        status = h5r_store_write(rep->part->store, &it.op, from + it.op.offset / row * row_bytes, err);
    }
    return status;
}

h5r_status_t h5r_rows_read(const h5r_rep_t *rep, char *to, size_t row_bytes, h5r_error_t *err)
{
    const uint64_t row = h5r_rows_length(rep->factors);
    h5r_status_t status = H5R_OK;
    h5r_op_iter_t it;
    for (bool more = h5r_op_first(&it, &rep->part->calls); more && status == H5R_OK;
         more = h5r_op_next(&it)) {
        status = h5r_store_read(rep->part->store, &it.op, to + it.op.offset / row * row_bytes, err);
    }
    return status;
}
