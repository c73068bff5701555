/*
 * Who reads what. A node that reads what it wrote itself reads its own page cache, so readers are shifted: a
 * rank reads the share of another one, which needs no message since data are a function of the global index.
 */
#ifndef H5ROOF_SHIFT_H
#define H5ROOF_SHIFT_H

#include <mpi.h>
#include <stdint.h>

typedef struct {
    int owner;    /* the rank whose share this rank reads; every share is read by exactly one rank */
    int shift;    /* by how many places: 0: its own share */
    int own_node; /* ranks of the communicator that read what a rank of their own node wrote */
} h5r_shift_t;

/* Collective. By n places in the order of the ranks. node: any number that is the same on the ranks of a node
 * and on no other. */
h5r_shift_t h5r_shift_by(MPI_Comm comm, int node, uint64_t n);

/*
 * Collective. Such that no rank reads what its own node wrote: by the ranks of the largest node, in the order
 * of the nodes and, within them, of the ranks. On one node nobody is shifted. If one node has more than half
 * of the ranks there is no such order, and as many as possible read what another node wrote.
 */
h5r_shift_t h5r_shift_away(MPI_Comm comm, int node, int ranks_on_node);

#endif
