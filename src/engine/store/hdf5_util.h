/* HDF5 helpers: errors, datatypes, property lists of a case, capabilities. */
#ifndef H5ROOF_HDF5_UTIL_H
#define H5ROOF_HDF5_UTIL_H

#include "core/suite/rules.h"
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

/* Property lists of a case, to be closed; -1 and err on failure. access: collective over comm (mpio
 * duplicates it). */
hid_t h5r_hdf5_access_list(const h5r_factors_t *f, MPI_Comm comm, h5r_error_t *err);
hid_t h5r_hdf5_creation_list(const h5r_factors_t *f, h5r_error_t *err);
hid_t h5r_hdf5_transfer_list(const h5r_factors_t *f, bool collective, h5r_error_t *err);

/* Local. What the last transfer with this list really did: I/O mode, chunk optimisation, no-collective
 * causes. */
void h5r_hdf5_transfer_facts(hid_t transfer, h5r_store_facts_t *facts);

/* Local. Append the stages of a pipeline to a dataset creation list. */
herr_t h5r_hdf5_add_filters(hid_t dcpl, const h5r_pipeline_t *filter);

/*
 * Local, needs no MPI. threads: MPI_THREAD_MULTIPLE is provided (or would be). tried: filters (bits of
 * h5r_filter_kind_t) that are not only asked for but proven, by data that are written and read in memory:
 * some plugins say that they are there and then fail.
 */
void h5r_caps_query(h5r_caps_t *caps, bool threads, unsigned tried);

#endif
