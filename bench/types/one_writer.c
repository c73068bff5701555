#include "bench/types/one_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static h5r_hdf5_t *store_of(const h5r_rep_t *rep)
{
    return h5r_store_hdf5(rep->parts[H5R_WAY_OUT].store);
}

h5r_status_t h5r_one_writer_prepare(h5r_one_writer_t *w, const h5r_rep_t *rep, h5r_error_t *err)
{
    const h5r_hdf5_t *h = store_of(rep);
    H5F_libver_t low, high;
    w->access = H5Pcreate(H5P_FILE_ACCESS);
    return H5Pset_fapl_sec2(w->access) < 0 || H5Pget_libver_bounds(h->access, &low, &high) < 0 ||
                   H5Pset_libver_bounds(w->access, low, high) < 0
               ? h5r_fail_hdf5(err, "setting the file access list", h->path)
               : H5R_OK;
}

void h5r_one_writer_release(const h5r_one_writer_t *w)
{
    if (w->access >= 0) {
        H5Pclose(w->access);
    }
}

h5r_status_t h5r_one_writer_create(h5r_one_writer_t *w, const h5r_rep_t *rep, h5r_error_t *err)
{
    const h5r_hdf5_t *h = store_of(rep);
    hsize_t shape[H5R_MAX_NDIMS];
    if (rep->rank != 0) {
        return H5R_OK;
    }
    for (int d = 0; d < h->ndims; d++) {
        shape[d] = rep->factors->shape.d[d];
    }
    w->file = H5Fcreate(h->path, H5F_ACC_TRUNC, h->file_creation, w->access);
    if (w->file < 0) {
        return h5r_fail_hdf5(err, "H5Fcreate", h->path);
    }
    w->space = H5Screate_simple(h->ndims, shape, NULL);
    w->dataset = H5Dcreate2(w->file, "data", h->file_type, w->space, H5P_DEFAULT, h->creation, H5P_DEFAULT);
    return w->dataset < 0 ? h5r_fail_hdf5(err, "H5Dcreate2", h->path) : H5R_OK;
}

h5r_status_t h5r_one_writer_write(const h5r_one_writer_t *w, const h5r_rep_t *rep, const void *from,
                                  h5r_error_t *err)
{
    const h5r_hdf5_t *h = store_of(rep);
    return rep->rank == 0 && H5Dwrite(w->dataset, h->memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, from) < 0
               ? h5r_fail_hdf5(err, "H5Dwrite", h->path)
               : H5R_OK;
}

/* As the store flushes a file of a driver without MPI. */
h5r_status_t h5r_one_writer_flush(const h5r_one_writer_t *w, const h5r_rep_t *rep, h5r_error_t *err)
{
    const char *path = store_of(rep)->path;
    if (rep->rank != 0) {
        return H5R_OK;
    }
    if (H5Fflush(w->file, H5F_SCOPE_LOCAL) < 0) {
        return h5r_fail_hdf5(err, "H5Fflush", path);
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0) {
        h5r_fail(err, H5R_IO, "cannot sync %s: %s", path, strerror(errno));
    }
    if (fd >= 0) {
        close(fd);
    }
    return err->code;
}

h5r_status_t h5r_one_writer_close(const h5r_one_writer_t *w, const h5r_rep_t *rep, h5r_error_t *err)
{
    if (rep->rank == 0 && (H5Dclose(w->dataset) < 0 || H5Sclose(w->space) < 0 || H5Fclose(w->file) < 0)) {
        return h5r_fail_hdf5(err, "H5Fclose", store_of(rep)->path);
    }
    return H5R_OK;
}
