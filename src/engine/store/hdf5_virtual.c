#include "engine/store/hdf5_virtual.h"

#include "engine/store/hdf5_util.h"
#include "h5roof/driver.h"
#include "h5roof/share.h"

#include <stdio.h>
#include <string.h>

void h5r_hdf5_virtual_name(const h5r_store_t *s, char *path, size_t size)
{
    snprintf(path, size, "%.*s%s", s->root, s->base, h5r_driver_of(s->factors)->suffix);
}

/* Beside the virtual file, so that they can be moved together. */
static void source_name(const h5r_store_t *s, int rank, char *name, size_t size)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%.*s.%06d%s", s->root, s->base, rank, h5r_driver_of(s->factors)->suffix);
    const char *slash = strrchr(path, '/');
    snprintf(name, size, "%s", slash != NULL ? slash + 1 : path);
}

/* The share of a rank, which is all of the dataset in its file. */
static herr_t map_share(const h5r_store_t *s, int rank, hid_t list, hid_t space)
{
    char name[PATH_MAX];
    hsize_t start[H5R_MAX_NDIMS], stride[H5R_MAX_NDIMS], count[H5R_MAX_NDIMS];
    const h5r_region_t share = h5r_share_of_rank(s->factors, s->ranks, rank);
    if (h5r_region_elements(&share) == 0) {
        return 0; /* and has no file */
    }
    for (int d = 0; d < share.ndims; d++) {
        start[d] = share.start[d];
        stride[d] = share.stride[d];
        count[d] = share.count[d];
    }
    source_name(s, rank, name, sizeof name);
    hid_t source = H5Screate_simple(share.ndims, count, NULL);
    if (source < 0) {
        return -1;
    }
    herr_t code = H5Sselect_hyperslab(space, H5S_SELECT_SET, start, stride, count, NULL);
    code = code < 0 ? code : H5Pset_virtual(list, space, name, "data", source);
    return H5Sclose(source) < 0 ? -1 : code;
}

static herr_t make_dataset(const h5r_store_t *s, const h5r_hdf5_t *h, hid_t file, hid_t list, hid_t space)
{
    herr_t code = 0;
    for (int rank = 0; rank < s->ranks && code >= 0; rank++) {
        code = map_share(s, rank, list, space);
    }
    if (code < 0 || H5Sselect_all(space) < 0) {
        return -1;
    }
    hid_t dataset = H5Dcreate2(file, "data", h->file_type, space, H5P_DEFAULT, list, H5P_DEFAULT);
    return dataset < 0 ? -1 : H5Dclose(dataset);
}

h5r_status_t h5r_hdf5_create_virtual(const h5r_store_t *s, const h5r_hdf5_t *h, h5r_error_t *err)
{
    char path[PATH_MAX];
    hsize_t shape[H5R_MAX_NDIMS];
    h5r_hdf5_virtual_name(s, path, sizeof path);
    for (int d = 0; d < s->factors->shape.n; d++) {
        shape[d] = s->factors->shape.d[d];
    }
    hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, h->file_creation, h->access);
    if (file < 0) {
        return h5r_fail_hdf5(err, "H5Fcreate", path);
    }
    hid_t list = H5Pcreate(H5P_DATASET_CREATE), space = H5Screate_simple(s->factors->shape.n, shape, NULL);
    if (list < 0 || space < 0 || make_dataset(s, h, file, list, space) < 0) {
        h5r_fail_hdf5(err, "making a virtual dataset", path);
    }
    const bool freed = (space < 0 || H5Sclose(space) >= 0) && (list < 0 || H5Pclose(list) >= 0);
    const bool closed = H5Fclose(file) >= 0 && freed;
    return err->code == H5R_OK && !closed ? h5r_fail_hdf5(err, "closing a virtual dataset", path) : err->code;
}
