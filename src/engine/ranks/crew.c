#include "engine/ranks/crew.h"

#include <stdlib.h>
#include <string.h>

#define MOST_PARTS ((int)(sizeof((h5r_crew_t *)0)->ranks / sizeof(int)))

static int find(const h5r_crew_t *crew, int ranks)
{
    for (int i = 0; i < crew->parts; i++) {
        if (crew->ranks[i] == ranks) {
            return i;
        }
    }
    return -1;
}

/* On the ranks of the part. */
static h5r_status_t make_part(const h5r_context_t *all, MPI_Comm comm, h5r_context_t *part, h5r_error_t *err)
{
    if (h5r_context_init(part, comm, err) != H5R_OK) {
        return err->code;
    }
    memcpy(part->scratch_dir, all->scratch_dir, sizeof part->scratch_dir);
    part->keep = all->keep;
    part->tells_hints = all->tells_hints;
    part->place = all->place;
    return H5R_OK;
}

h5r_status_t h5r_crew_part(h5r_crew_t *crew, int ranks, const h5r_context_t **ctx, h5r_error_t *err)
{
    int i = find(crew, ranks);
    if (ranks == crew->all->size || i >= 0) {
        *ctx = i >= 0 ? crew->part[i] : crew->all;
        return H5R_OK;
    }
    *ctx = NULL;
    bool member = crew->all->rank < ranks;
    h5r_context_t *part = member ? calloc(1, sizeof *part) : NULL;
    if (crew->parts == MOST_PARTS) {
        h5r_fail(err, H5R_ENV, "more than %d different numbers of ranks in one run", MOST_PARTS);
    } else if (member && part == NULL) {
        h5r_no_memory(err, "a context of %d ranks", ranks);
    }
    if (h5r_agree(crew->all, err) != H5R_OK) {
        free(part);
        return err->code;
    }
    MPI_Comm comm;
    MPI_Comm_split(crew->all->comm, member ? 0 : MPI_UNDEFINED, crew->all->rank, &comm);
    if (member) {
        make_part(crew->all, comm, part, err);
    }
    crew->ranks[crew->parts] = ranks;
    crew->part[crew->parts++] = part;
    *ctx = part;
    return h5r_agree(crew->all, err);
}

void h5r_crew_free(h5r_crew_t *crew)
{
    for (int i = 0; i < crew->parts; i++) {
        if (crew->part[i] != NULL) {
            MPI_Comm_free(&crew->part[i]->comm);
            free(crew->part[i]);
        }
    }
    crew->parts = 0;
}
