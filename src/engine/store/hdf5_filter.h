/* Filters in HDF5: into a creation list, and whether they work; with what else a build can or cannot do. */
#ifndef H5ROOF_HDF5_FILTER_H
#define H5ROOF_HDF5_FILTER_H

#include "core/suite/rules.h"

#include <hdf5.h>

/* Local. Append the stages of a pipeline to a dataset creation list. */
herr_t h5r_hdf5_add_filters(hid_t dcpl, const h5r_pipeline_t *filter);

/*
 * Local, needs no MPI. threads: MPI_THREAD_MULTIPLE is provided (or would be). tried: filters (bits of
 * h5r_filter_kind_t) that are not only asked for but proven, by data that are written and read in memory:
 * some plugins say that they are there and then fail.
 */
void h5r_caps_query(h5r_caps_t *caps, bool threads, unsigned tried);

#endif
