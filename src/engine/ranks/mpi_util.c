#include "engine/ranks/mpi_util.h"

#include "h5roof/factors.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const char *h5r_errno_text(int number, const char *object, char *buf, size_t size)
{
    bool stale = number == ENOENT && access(object, F_OK) == 0;
    buf[0] = '\0';
    if (number != 0 && !stale) {
        snprintf(buf, size, " (last errno %d: %s)", number, strerror(number));
    }
    return buf;
}

const char *h5r_mpi_text(int code, char *buf, size_t size)
{
    char text[MPI_MAX_ERROR_STRING] = "", class[MPI_MAX_ERROR_STRING] = "";
    int length = 0, number = code;
    if (MPI_Error_class(code, &number) != MPI_SUCCESS ||
        MPI_Error_string(number, class, &length) != MPI_SUCCESS) {
        snprintf(class, sizeof class, "error class %d", number);
    }
    if (MPI_Error_string(code, text, &length) != MPI_SUCCESS) {
        text[0] = '\0';
    }
    const bool more = text[0] != '\0' && strstr(text, class) == NULL;
    snprintf(buf, size, "%s%s%s", class, more ? ": " : "", more ? text : "");
    return buf;
}

h5r_status_t h5r_fail_mpi(h5r_error_t *err, int code, const char *call, const char *object)
{
    int number = errno;
    char text[H5R_MPI_TEXT_SIZE], last[H5R_ERRNO_SIZE];
    return h5r_fail(err, H5R_IO, "%s failed on %s: %s%s", call, object, h5r_mpi_text(code, text, sizeof text),
                    h5r_errno_text(number, object, last, sizeof last));
}

h5r_status_t h5r_check_moved(const MPI_Status *status, uint64_t bytes, const char *call, const char *object,
                             h5r_error_t *err)
{
    int number = errno;
    MPI_Count moved = 0;
    char last[H5R_ERRNO_SIZE];
    if (bytes == 0) {
        return H5R_OK; /* ROMIO leaves the status of a collective call alone on a rank that moves nothing */
    }
    if (MPI_Get_elements_x(status, MPI_BYTE, &moved) == MPI_SUCCESS && (uint64_t)moved == bytes) {
        return H5R_OK;
    }
    return h5r_fail(err, H5R_IO, "%s on %s moved %lld of %" PRIu64 " bytes%s", call, object, (long long)moved,
                    bytes, h5r_errno_text(number, object, last, sizeof last));
}

h5r_status_t h5r_hints_to_info(const char *hints, MPI_Info *info, h5r_error_t *err)
{
    *info = MPI_INFO_NULL;
    if (hints[0] == '\0') {
        return H5R_OK;
    }
    char copy[H5R_TEXT_SIZE];
    snprintf(copy, sizeof copy, "%s", hints);
    int code = MPI_Info_create(info);
    char *rest = copy;
    for (char *pair = strsep(&rest, ";"); pair != NULL && code == MPI_SUCCESS; pair = strsep(&rest, ";")) {
        char *value = strchr(pair, '=');
        if (value != NULL) {
            *value = '\0';
            code = MPI_Info_set(*info, pair, value + 1);
        }
    }
    return code == MPI_SUCCESS ? H5R_OK : h5r_fail_mpi(err, code, "MPI_Info_set", hints);
}
