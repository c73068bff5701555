/*
 * The ranks of a job and what every part of the engine needs to know of them. Made once after MPI_Init,
 * passed to all, changed by nobody.
 */
#ifndef H5ROOF_CONTEXT_H
#define H5ROOF_CONTEXT_H

#include "engine/ranks/place.h"
#include "engine/ranks/shift.h"
#include "h5roof/error.h"

#include <limits.h>
#include <mpi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    MPI_Comm comm;
    int rank, size;
    int node_rank;     /* among the ranks of its node */
    int ranks_on_node; /* of this rank's node */
    int node;          /* the lowest rank of its node: tells nodes apart */
    h5r_shift_t away;  /* readers such that no node reads what it wrote */
    char node_name[MPI_MAX_PROCESSOR_NAME];
    double barrier_s;           /* median cost of a barrier as seen by rank 0; same value on all ranks */
    char scratch_dir[PATH_MAX]; /* of this run, inside the directory under test; "" until it is made */
    bool keep;                  /* leave the data files */
    bool tells_hints;           /* MPI_File_get_info tells which hints are in effect (engine/store/hints.h) */
    h5r_place_t *place;         /* for the watchdog, or NULL */
} h5r_context_t;

/* Collective. Also installs an error handler on the communicator, so that an error of any MPI communication
 * call ends the job with exit code 3 and MPI's own message: that is how these calls are checked. */
h5r_status_t h5r_context_init(h5r_context_t *ctx, MPI_Comm comm, h5r_error_t *err);

/*
 * Collective: the ranks agree on an error. Every rank passes its own (code H5R_OK: none); afterwards all have
 * the code and message of the lowest failing rank, with "rank N on NODE: " in front where it is not all
 * ranks' own. Returns the code.
 */
h5r_status_t h5r_agree(const h5r_context_t *ctx, h5r_error_t *err);

/* Collective: rank 0 gets the sums over the ranks of a struct that has nothing but uint64_t; size: its bytes. */
void h5r_sum_counts(const h5r_context_t *ctx, const void *own, void *sum, size_t size);

#endif
