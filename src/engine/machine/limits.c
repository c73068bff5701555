#include "engine/machine/limits.h"

#include "h5roof/count.h"

#include <inttypes.h>
#include <string.h>
#include <sys/resource.h>

/*
 * What MPI_Init of Open MPI 4.1.4 needs where it starts a single rank, tried: with 24 files it cannot start
 * its daemon, nor with a stack of 128 KiB; 200 MB of address space end in a segmentation fault, and the
 * segment of PMIx is a file of 4 MiB, without which mpirun hangs.
 */
static const struct {
    int resource;
    rlim_t least, unit;
    const char *what, *set;
} limits[] = {
    {.resource = RLIMIT_NOFILE, .least = 32, .unit = 1, .what = "open files", .set = "ulimit -n"},
    {.resource = RLIMIT_STACK, .least = 256 << 10, .unit = 1024, .what = "KiB of stack", .set = "ulimit -s"},
    {.resource = RLIMIT_AS,
     .least = 256 << 20,
     .unit = 1024,
     .what = "KiB of address space",
     .set = "ulimit -v"},
    {.resource = RLIMIT_FSIZE, .least = 4 << 20, .unit = 1024, .what = "KiB in a file", .set = "ulimit -f"},
};

h5r_status_t h5r_limits_check(const char *mpi_library, h5r_error_t *err)
{
    if (strstr(mpi_library, "Open MPI") == NULL) {
        return H5R_OK; /* not tried */
    }
    for (size_t i = 0; i < H5R_COUNT_OF(limits); i++) {
        struct rlimit now;
        const rlim_t unit = limits[i].unit;
        if (getrlimit((__rlimit_resource_t)limits[i].resource, &now) == 0 && now.rlim_cur != RLIM_INFINITY &&
            now.rlim_cur < limits[i].least) {
            return h5r_fail(err, H5R_ENV,
                            "at most %" PRIuMAX " %s are allowed here, and Open MPI needs %" PRIuMAX
                            " or more to begin; set a larger limit (%s) before the launcher is started",
                            (uintmax_t)(now.rlim_cur / unit), limits[i].what,
                            (uintmax_t)(limits[i].least / unit), limits[i].set);
        }
    }
    return H5R_OK;
}
