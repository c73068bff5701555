/*
 * What the launcher (mpirun, srun, ...) says of this process through its environment, beside what MPI says.
 * Not for starting anything. All functions are local; none needs MPI.
 */
#ifndef H5ROOF_LAUNCH_H
#define H5ROOF_LAUNCH_H

#include "h5roof/error.h"

#include <stdbool.h>

typedef struct {
    const char *name;     /* "mpirun of Open MPI"; NULL: no launcher */
    const char *variable; /* that gave the size */
    int size;             /* processes it started; 0 without a launcher */
    int rank;             /* its number for this process; -1: unknown */
} h5r_launch_t;

h5r_launch_t h5r_launch_query(void);

/*
 * A binary linked with one MPI under the launcher of another runs as N independent programs of one rank each.
 * H5R_ENV if MPI sees one rank where the launcher started several; the message says which launcher to use.
 * mpi_library: the text of MPI_Get_library_version, or NULL.
 *
 * SLURM_NTASKS is not looked at: without srun a batch script is one rank legitimately.
 */
h5r_status_t h5r_launch_check(int mpi_size, const char *mpi_library, h5r_error_t *err);

/* May this process print? Rank 0 of MPI that the launcher does not number otherwise: one of the N singletons.
 */
bool h5r_launch_speaks(int mpi_rank);

/*
 * Does stderr end on a terminal? Under Open MPI's mpirun fd 1 is a pty even when mpirun's output is
 * redirected and fd 2 is a pipe even when it is not, so the fd 2 of the mpirun process itself is looked at;
 * without one isatty(2).
 */
bool h5r_launch_stderr_is_terminal(void);

#endif
