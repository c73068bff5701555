#include "engine/store/posix_io.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

/* Linux moves at most 0x7ffff000 bytes a call. */
#define MOST ((uint64_t)1 << 30)

h5r_status_t h5r_fail_errno(h5r_error_t *err, const char *verb, const char *path)
{
    int code = errno;
    h5r_fail(err, H5R_IO, "cannot %s %s: %s (errno %d)", verb, path, strerror(code), code);
    errno = code;
    return err->code;
}

h5r_status_t h5r_pwrite_all(int fd, const char *path, const void *buffer, uint64_t bytes, uint64_t offset,
                            h5r_error_t *err)
{
    const char *from = buffer;
    while (bytes > 0) {
        ssize_t n = pwrite(fd, from, bytes < MOST ? bytes : MOST, (off_t)offset);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return h5r_fail_errno(err, "write", path);
        }
        if (n == 0) { /* would go on for ever */
            return h5r_fail(err, H5R_IO, "cannot write %s: the system takes none of %" PRIu64 " bytes", path,
                            bytes);
        }
        from += n;
        offset += (uint64_t)n;
        bytes -= (uint64_t)n;
    }
    return H5R_OK;
}

h5r_status_t h5r_pread_all(int fd, const char *path, void *buffer, uint64_t bytes, uint64_t offset,
                           h5r_error_t *err)
{
    char *to = buffer;
    while (bytes > 0) {
        ssize_t n = pread(fd, to, bytes < MOST ? bytes : MOST, (off_t)offset);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return h5r_fail_errno(err, "read", path);
        }
        if (n == 0) {
            return h5r_fail(err, H5R_IO, "cannot read %s: it ends %" PRIu64 " bytes early", path, bytes);
        }
        to += n;
        offset += (uint64_t)n;
        bytes -= (uint64_t)n;
    }
    return H5R_OK;
}
