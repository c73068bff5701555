/*
 * For workloads that call HDF5 themselves: the file of the case as its store has prepared it. The store still
 * creates and opens (h5r_store_create, h5r_store_open) where a workload wants the case's one dataset; a
 * workload that makes other objects, or other files, calls HDF5 with these lists. What it opens it closes.
 */
#ifndef H5ROOF_HDF5_FILE_H
#define H5ROOF_HDF5_FILE_H

#include "h5roof/workload.h"

#include <hdf5.h>

/* H5Ovisit1 has kept its meaning, the type of its argument has changed its name. */
#if H5_VERSION_GE(1, 12, 0)
typedef H5O_info1_t h5r_object_info_t;
#else
typedef H5O_info_t h5r_object_info_t;
#endif

typedef struct {
    hid_t file_creation; /* file creation list: space in the file; not to be closed */
    hid_t access;   /* file access list: driver, alignment, library versions, metadata; not to be closed */
    hid_t creation; /* dataset creation list: layout, chunk, filters, times of fill and allocation */
    hid_t transfer; /* dataset transfer list: collective or independent */
    hid_t
        memory_type; /* of an element that is handed over; not to be closed. A workload may put its own here */
    hid_t file_type; /* of an element in the file; likewise */
    hid_t file;      /* -1 unless it is open */
    hid_t dataset;   /* "data"; -1 unless it is open */
    int ndims;       /* of the dataset: the shape's, or fewer where its last dimension is within an element */
    char path[4096]; /* what H5Fcreate and H5Fopen take */
} h5r_hdf5_t;

/* Local. NULL: the store is without HDF5, or this rank has no file (h5r_store_absent). */
h5r_hdf5_t *h5r_store_hdf5(h5r_store_t *store);

/* Local. A file per rank, and this rank owns nothing: every call of the store does nothing. */
bool h5r_store_absent(const h5r_store_t *store);

/* Local. All ranks have this file, so that what changes its metadata is collective. */
bool h5r_store_shared(const h5r_store_t *store);

/* Local. Its shape in this file: the whole, or this rank's share where every rank has its own. */
const h5r_dims_t *h5r_store_shape(const h5r_store_t *store);

/* Collective over the file: the file of the case without its dataset, new in place of what is there, or with
 * flags as of H5Fopen. The store's flush works on it. They do nothing on a rank that has none. */
h5r_status_t h5r_hdf5_create_file(h5r_store_t *store, h5r_error_t *err);
h5r_status_t h5r_hdf5_open_file(h5r_store_t *store, unsigned flags, h5r_error_t *err);
h5r_status_t h5r_hdf5_close_file(h5r_store_t *store, h5r_error_t *err);

/* Local. The name of a second file beside that of the store, which is removed together with it. */
void h5r_store_second_file(h5r_store_t *store, char *path, size_t size);

/*
 * Local. A copy of `extent` in which the union of n > 0 selections is selected; select makes the i-th one in
 * a space that it is given. By halves the work grows as n log n; adding one after the other to a growing
 * selection takes time with the square of n. -1: HDF5 failed.
 */
typedef herr_t h5r_select_one_t(const void *self, uint64_t i, hid_t space);
hid_t h5r_hdf5_unite(hid_t extent, h5r_select_one_t *select, const void *self, uint64_t n);

/* Local. H5R_IO: "CALL failed on OBJECT: HDF5's innermost message". */
h5r_status_t h5r_fail_hdf5(h5r_error_t *err, const char *call, const char *object);

#endif
