/* Small MPI helpers: error texts and hints. Local. */
#ifndef H5ROOF_MPI_UTIL_H
#define H5ROOF_MPI_UTIL_H

#include "h5roof/error.h"

#include <mpi.h>

/* H5R_IO: "CALL failed on OBJECT: text of MPI". */
h5r_status_t h5r_fail_mpi(h5r_error_t *err, int code, const char *call, const char *object);

/* "key=value;key=value" as an info object to be freed; MPI_INFO_NULL for "". */
h5r_status_t h5r_hints_to_info(const char *hints, MPI_Info *info, h5r_error_t *err);

#endif
