/* pread and pwrite that move everything or say why not. Local. */
#ifndef H5ROOF_POSIX_IO_H
#define H5ROOF_POSIX_IO_H

#include "h5roof/error.h"

#include <stdint.h>

/* Short transfers are continued; the end of the file while reading is an error. path is for the message. */
h5r_status_t h5r_pwrite_all(int fd, const char *path, const void *buffer, uint64_t bytes, uint64_t offset,
                            h5r_error_t *err);
h5r_status_t h5r_pread_all(int fd, const char *path, void *buffer, uint64_t bytes, uint64_t offset,
                           h5r_error_t *err);

/* H5R_IO: "cannot VERB PATH: errno text (errno N)". */
h5r_status_t h5r_fail_errno(h5r_error_t *err, const char *verb, const char *path);

#endif
