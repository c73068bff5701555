/* HDF5 helpers: errors, datatypes, property lists of a case, capabilities. */
#ifndef H5ROOF_HDF5_UTIL_H
#define H5ROOF_HDF5_UTIL_H

#include "engine/store/store.h"
#include "h5roof/error.h"
#include "h5roof/hdf5_file.h"

#include <hdf5.h>
#include <mpi.h>

#if !defined(H5_HAVE_PARALLEL)
#error "this HDF5 was built without MPI: point CMake at a parallel one"
#endif

/* Local. HDF5's own printing of errors is switched off: they are reported through h5r_error_t. */
void h5r_hdf5_silence(void);

/* Local. Predefined types, not to be closed. */
hid_t h5r_hdf5_memory_type(h5r_dtype_t t);
hid_t h5r_hdf5_file_type(h5r_dtype_t t, h5r_byte_order_t order);

/* A new type of a file for f16, which no HDF5 before 1.14.4 has ready; -1: HDF5 failed. */
hid_t h5r_hdf5_half(h5r_byte_order_t order);

/* Local. The library was built without this driver. */
bool h5r_hdf5_lacks(h5r_driver_t driver);

/* Local. What a parallel library may refuse, tried: eviction of metadata at close, and a buffer for pages. */
bool h5r_hdf5_evicts(void);
bool h5r_hdf5_buffers_pages(void);

/* Property lists of a case, to be closed; -1 and err on failure. access: collective over comm (mpio
 * duplicates it). */
hid_t h5r_hdf5_access_list(const h5r_factors_t *f, MPI_Comm comm, h5r_error_t *err);
hid_t h5r_hdf5_file_creation_list(const h5r_factors_t *f, h5r_error_t *err);
hid_t h5r_hdf5_creation_list(const h5r_factors_t *f, h5r_error_t *err);
hid_t h5r_hdf5_transfer_list(const h5r_factors_t *f, bool collective, h5r_error_t *err);

#endif
