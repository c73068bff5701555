#include "engine/ranks/shift.h"

#include <stdbool.h>

typedef struct {
    int rank, node;
} place_t;

/* Collective over `ordered`: everybody learns who is `shift` places behind it there. */
static h5r_shift_t shift_in(MPI_Comm ordered, place_t mine, int shift)
{
    int position, size;
    place_t owner;
    MPI_Comm_rank(ordered, &position);
    MPI_Comm_size(ordered, &size);
    MPI_Sendrecv(&mine, 2, MPI_INT, (position - shift + size) % size, 0, &owner, 2, MPI_INT,
                 (position + shift) % size, 0, ordered, MPI_STATUS_IGNORE);
    h5r_shift_t s = {.owner = owner.rank, .shift = shift};
    int stays = owner.node == mine.node;
    MPI_Allreduce(&stays, &s.own_node, 1, MPI_INT, MPI_SUM, ordered);
    return s;
}

h5r_shift_t h5r_shift_by(MPI_Comm comm, int node, uint64_t n)
{
    place_t mine = {.node = node};
    int size;
    MPI_Comm_rank(comm, &mine.rank);
    MPI_Comm_size(comm, &size);
    return shift_in(comm, mine, (int)(n % (uint64_t)size));
}

/*
 * Where ranks of a node stand next to each other, those of the largest one (m ranks) are passed over by m
 * places, and those of all others too; behind the end of the order m ranks of other nodes follow as long as
 * 2 m <= n.
 */
h5r_shift_t h5r_shift_away(MPI_Comm comm, int node, int ranks_on_node)
{
    place_t mine = {.node = node};
    int size, largest;
    MPI_Comm_rank(comm, &mine.rank);
    MPI_Comm_size(comm, &size);
    MPI_Allreduce(&ranks_on_node, &largest, 1, MPI_INT, MPI_MAX, comm);
    MPI_Comm by_node;
    MPI_Comm_split(comm, 0, node, &by_node); /* those with the same key stay in their order */
    h5r_shift_t s = shift_in(by_node, mine, largest % size);
    MPI_Comm_free(&by_node);
    return s;
}
