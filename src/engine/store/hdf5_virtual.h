/* A virtual dataset over the files of the ranks, in a file of its own, which has the name of a shared one. Local. */
#ifndef H5ROOF_HDF5_VIRTUAL_H
#define H5ROOF_HDF5_VIRTUAL_H

#include "engine/store/store.h"
#include "h5roof/hdf5_file.h"

void h5r_hdf5_virtual_name(const h5r_store_t *s, char *path, size_t size);

/* Makes it and closes it; the files need not be there yet. h: of a file of a rank, whose type and lists it has. */
h5r_status_t h5r_hdf5_create_virtual(const h5r_store_t *s, const h5r_hdf5_t *h, h5r_error_t *err);

#endif
