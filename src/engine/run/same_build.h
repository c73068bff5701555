/* Do all ranks run the same program? */
#ifndef H5ROOF_SAME_BUILD_H
#define H5ROOF_SAME_BUILD_H

#include "h5roof/error.h"

#include <mpi.h>

/*
 * Collective, before ranks exchange anything else: h5roof, HDF5 and MPI are those of rank 0 everywhere. H5R_ENV on all
 * ranks, which names the first node where they are not, and both versions.
 */
h5r_status_t h5r_same_build(MPI_Comm comm, h5r_error_t *err);

#endif
