/* Small MPI helpers: error texts and hints. Local. */
#ifndef H5ROOF_MPI_UTIL_H
#define H5ROOF_MPI_UTIL_H

#include "h5roof/error.h"

#include <mpi.h>
#include <stddef.h>
#include <stdint.h>

#define H5R_ERRNO_SIZE 128

/* " (last errno 28: No space left on device)", since MPI and HDF5 do not tell; "" for 0. A phase begins with
 * errno 0. Libraries look for files before they make them: ENOENT for an object that is there is left out. */
const char *h5r_errno_text(int number, const char *object, char *buf, size_t size);

/* Whether a transfer moved all that was asked for: OMPIO of Open MPI 4.1 returns success with a count of 0
 * when a disk is full. */
h5r_status_t h5r_check_moved(const MPI_Status *status, uint64_t bytes, const char *call, const char *object,
                             h5r_error_t *err);

#define H5R_MPI_TEXT_SIZE (2 * MPI_MAX_ERROR_STRING + 8)

/* MPI's error class in its words, and the text of the code itself where that says more. */
const char *h5r_mpi_text(int code, char *buf, size_t size);

/* H5R_IO: "CALL failed on OBJECT: text of MPI". */
h5r_status_t h5r_fail_mpi(h5r_error_t *err, int code, const char *call, const char *object);

/* "key=value;key=value" as an info object to be freed; MPI_INFO_NULL for "". */
h5r_status_t h5r_hints_to_info(const char *hints, MPI_Info *info, h5r_error_t *err);

#endif
