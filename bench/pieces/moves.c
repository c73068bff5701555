#include "bench/pieces/moves.h"

#include <string.h>

h5r_pieces_way_t *h5r_pieces_way(const h5r_rep_t *rep)
{
    h5r_pieces_t *s = rep->own;
    return &s->way[rep->part - rep->parts];
}

/* ---- what is timed: a call for each piece */

typedef h5r_status_t move_t(h5r_store_t *store, const h5r_op_t *call, char *at, h5r_error_t *err);

static h5r_status_t write_piece(h5r_store_t *store, const h5r_op_t *call, char *at, h5r_error_t *err)
{
    return h5r_store_write(store, call, at, err);
}

static h5r_status_t read_piece(h5r_store_t *store, const h5r_op_t *call, char *at, h5r_error_t *err)
{
    return h5r_store_read(store, call, at, err);
}

static h5r_status_t move_pieces(h5r_rep_t *rep, move_t *move, char *buffer, h5r_error_t *err)
{
    const h5r_pieces_t *s = rep->own;
    const h5r_pieces_way_t *way = h5r_pieces_way(rep);
    h5r_op_t call = {.offset = 0};
    h5r_status_t status = H5R_OK;
    memcpy(call.count, rep->factors->shape.d, sizeof call.count);
    for (uint64_t i = 0; i < s->made && status == H5R_OK; i++) {
        call.start[0] = way->run[i].start;
        call.count[0] = way->run[i].count;
        call.elements = way->run[i].count * s->row_elements;
        status = move(rep->part->store, &call, buffer + call.offset * rep->element_bytes, err);
        call.offset += call.elements;
    }
    return status;
}

h5r_status_t h5r_pieces_write_single(h5r_rep_t *rep, h5r_error_t *err)
{
    return move_pieces(rep, write_piece, rep->write_buffer, err);
}

h5r_status_t h5r_pieces_read_single(h5r_rep_t *rep, h5r_error_t *err)
{
    return move_pieces(rep, read_piece, rep->read_buffer, err);
}

/* ---- one call for their union */

typedef struct {
    const h5r_run_t *run;
    const h5r_dims_t *shape;
} runs_t;

static herr_t select_run(const void *self, uint64_t i, hid_t space)
{
    const runs_t *runs = self;
    hsize_t start[H5R_MAX_NDIMS] = {runs->run[i].start}, count[H5R_MAX_NDIMS] = {runs->run[i].count};
    for (int d = 1; d < runs->shape->n; d++) {
        count[d] = runs->shape->d[d];
    }
    return H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, count, NULL);
}

/* Where there are fewer rows than runs, the empty ones are the last. */
h5r_status_t h5r_pieces_select_union(h5r_rep_t *rep, h5r_error_t *err)
{
    h5r_pieces_t *s = rep->own;
    const h5r_pieces_way_t *way = h5r_pieces_way(rep);
    const h5r_hdf5_t *h = h5r_store_hdf5(rep->part->store);
    const h5r_dims_t *shape = &rep->factors->shape;
    hsize_t dims[H5R_MAX_NDIMS] = {way->rows > 0 ? way->rows : 1};
    uint64_t n = 0;
    while (n < s->division.pieces && way->run[n].count > 0) {
        n++;
    }
    for (int d = 1; d < shape->n; d++) {
        dims[d] = shape->d[d];
    }
    hid_t extent = H5Dget_space(h->dataset);
    s->memory = H5Screate_simple(shape->n, dims, NULL);
    s->file = n > 0 ? h5r_hdf5_unite(extent, select_run, &(runs_t){way->run, shape}, n) : H5Scopy(extent);
    if (s->file < 0 || s->memory < 0 || H5Sclose(extent) < 0) {
        return h5r_fail_hdf5(err, "H5Scombine_select", h->path);
    }
    if (n == 0 && (H5Sselect_none(s->file) < 0 || H5Sselect_none(s->memory) < 0)) {
        return h5r_fail_hdf5(err, "H5Sselect_none", h->path);
    }
    return H5R_OK;
}

h5r_status_t h5r_pieces_write_union(h5r_rep_t *rep, h5r_error_t *err)
{
    const h5r_pieces_t *s = rep->own;
    const h5r_hdf5_t *h = h5r_store_hdf5(rep->part->store);
    return H5Dwrite(h->dataset, h->memory_type, s->memory, s->file, h->transfer, rep->write_buffer) < 0
               ? h5r_fail_hdf5(err, "H5Dwrite", h->path)
               : H5R_OK;
}

h5r_status_t h5r_pieces_read_union(h5r_rep_t *rep, h5r_error_t *err)
{
    const h5r_pieces_t *s = rep->own;
    const h5r_hdf5_t *h = h5r_store_hdf5(rep->part->store);
    return H5Dread(h->dataset, h->memory_type, s->memory, s->file, h->transfer, rep->read_buffer) < 0
               ? h5r_fail_hdf5(err, "H5Dread", h->path)
               : H5R_OK;
}

h5r_status_t h5r_pieces_close_union(h5r_rep_t *rep, h5r_error_t *err)
{
    const h5r_pieces_t *s = rep->own;
    if (H5Sclose(s->memory) < 0 || H5Sclose(s->file) < 0) {
        return h5r_fail_hdf5(err, "H5Sclose", h5r_store_hdf5(rep->part->store)->path);
    }
    return h5r_store_close(rep->part->store, err);
}

/* ---- one block of each rank, and an index: start and count of every piece, a rank's one after the other */

h5r_status_t h5r_pieces_create_packed(h5r_rep_t *rep, h5r_error_t *err)
{
    h5r_pieces_t *s = rep->own;
    const hsize_t shape[] = {s->division.pieces * s->division.nranks, 2};
    if (h5r_store_create(rep->part->store, err) != H5R_OK) {
        return err->code;
    }
    const h5r_hdf5_t *h = h5r_store_hdf5(rep->part->store);
    hid_t space = H5Screate_simple(2, shape, NULL);
    s->index_dataset =
        H5Dcreate2(h->file, "index", H5T_NATIVE_UINT64, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    if (s->index_dataset < 0) {
        return h5r_fail_hdf5(err, "H5Dcreate2", "index");
    }
    return H5Sclose(space) < 0 ? h5r_fail_hdf5(err, "H5Sclose", "index") : H5R_OK;
}

h5r_status_t h5r_pieces_open_packed(h5r_rep_t *rep, h5r_error_t *err)
{
    h5r_pieces_t *s = rep->own;
    if (h5r_store_open(rep->part->store, err) != H5R_OK) {
        return err->code;
    }
    s->index_dataset = H5Dopen2(h5r_store_hdf5(rep->part->store)->file, "index", H5P_DEFAULT);
    return s->index_dataset < 0 ? h5r_fail_hdf5(err, "H5Dopen2", "index") : H5R_OK;
}

h5r_status_t h5r_pieces_select_packed(h5r_rep_t *rep, h5r_error_t *err)
{
    h5r_pieces_t *s = rep->own;
    const hsize_t start[] = {s->division.pieces * (uint64_t)rep->part->owner, 0},
                  count[] = {s->division.pieces, 2};
    s->index_memory = H5Screate_simple(2, count, NULL);
    s->index_file = H5Dget_space(s->index_dataset);
    if (s->index_memory < 0 ||
        H5Sselect_hyperslab(s->index_file, H5S_SELECT_SET, start, NULL, count, NULL) < 0) {
        return h5r_fail_hdf5(err, "H5Sselect_hyperslab", "index");
    }
    return h5r_store_select(rep->part->store, err);
}

/* The index goes first, so that what HDF5 says of the last transfer is of the data. */
h5r_status_t h5r_pieces_write_packed(h5r_rep_t *rep, h5r_error_t *err)
{
    const h5r_pieces_t *s = rep->own;
    const hid_t transfer = h5r_store_hdf5(rep->part->store)->transfer;
    if (H5Dwrite(s->index_dataset, H5T_NATIVE_UINT64, s->index_memory, s->index_file, transfer,
                 h5r_pieces_way(rep)->run) < 0) {
        return h5r_fail_hdf5(err, "H5Dwrite", "index");
    }
    return h5r_step_write(rep, err);
}

h5r_status_t h5r_pieces_read_packed(h5r_rep_t *rep, h5r_error_t *err)
{
    const h5r_pieces_t *s = rep->own;
    const hid_t transfer = h5r_store_hdf5(rep->part->store)->transfer;
    if (H5Dread(s->index_dataset, H5T_NATIVE_UINT64, s->index_memory, s->index_file, transfer, s->index) <
        0) {
        return h5r_fail_hdf5(err, "H5Dread", "index");
    }
    return h5r_step_read(rep, err);
}

h5r_status_t h5r_pieces_close_packed(h5r_rep_t *rep, h5r_error_t *err)
{
    const h5r_pieces_t *s = rep->own;
    if (H5Sclose(s->index_memory) < 0 || H5Sclose(s->index_file) < 0) {
        return h5r_fail_hdf5(err, "H5Sclose", "index");
    }
    return H5Dclose(s->index_dataset) < 0 ? h5r_fail_hdf5(err, "H5Dclose", "index")
                                          : h5r_store_close(rep->part->store, err);
}
