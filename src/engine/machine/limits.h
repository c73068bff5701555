/* Limits of the process (ulimit) that are too small for its MPI, which would end in a crash or a hang. Local. */
#ifndef H5ROOF_LIMITS_H
#define H5ROOF_LIMITS_H

#include "h5roof/error.h"

/* Before MPI_Init. mpi_library: what MPI_Get_library_version says. H5R_ENV: which limit, and what to set. */
h5r_status_t h5r_limits_check(const char *mpi_library, h5r_error_t *err);

#endif
