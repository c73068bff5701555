#include "engine/run/same_build.h"

#include "h5roof_build.h"

#include <hdf5.h>
#include <stdio.h>
#include <string.h>

#define TEXT_SIZE 384

/* Fixed in size: what two versions of the program exchange must not depend on either. */
typedef struct {
    char what[TEXT_SIZE];
    char node[MPI_MAX_PROCESSOR_NAME];
} build_t;

static build_t build_of_this(void)
{
    build_t own = {.what = ""};
    unsigned v[3] = {0};
    char mpi[MPI_MAX_LIBRARY_VERSION_STRING] = "";
    int length = 0;
    H5get_libversion(&v[0], &v[1], &v[2]);
    MPI_Get_library_version(mpi, &length);
    MPI_Get_processor_name(own.node, &length);
    snprintf(own.what, sizeof own.what, "h5roof %s (%s, %s), HDF5 %u.%u.%u, %.*s", H5R_VERSION, H5R_GIT_HASH,
             H5R_BUILD_TYPE, v[0], v[1], v[2], (int)strcspn(mpi, "\n,"), mpi);
    return own;
}

h5r_status_t h5r_same_build(MPI_Comm comm, h5r_error_t *err)
{
    int rank, size, first;
    const build_t own = build_of_this();
    build_t root = own, other = own;
    MPI_Comm_rank(comm, &rank);
    MPI_Comm_size(comm, &size);
    MPI_Bcast(&root, (int)sizeof root, MPI_BYTE, 0, comm);
    const int mine = strcmp(root.what, own.what) != 0 ? rank : size;
    MPI_Allreduce(&mine, &first, 1, MPI_INT, MPI_MIN, comm);
    if (first == size) {
        return H5R_OK;
    }
    MPI_Bcast(&other, (int)sizeof other, MPI_BYTE, first, comm);
    return h5r_fail(err, H5R_ENV,
                    "the ranks do not run the same program: rank %d on %s has %s; rank 0 on %s has %s", first,
                    other.node, other.what, root.node, root.what);
}
