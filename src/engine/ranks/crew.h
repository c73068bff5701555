/*
 * The ranks of a run and its parts: the first n ranks with a communicator of their own, for scaling within
 * one job. A part is made when it is first asked for and kept.
 */
#ifndef H5ROOF_CREW_H
#define H5ROOF_CREW_H

#include "engine/ranks/context.h"

typedef struct {
    const h5r_context_t *all;
    h5r_context_t *part[64]; /* one per distinct number of ranks; NULL where this rank is in none */
    int ranks[64];
    int parts;
} h5r_crew_t;

/* Collective over all ranks of the crew, with the same number of ranks (1 to all). *ctx: of the first `ranks`
 * ranks, NULL on the others; it lives as long as the crew. Errors are agreed. H5R_ENV: no memory, or too many
 * different numbers. */
h5r_status_t h5r_crew_part(h5r_crew_t *crew, int ranks, const h5r_context_t **ctx, h5r_error_t *err);

/* Collective. */
void h5r_crew_free(h5r_crew_t *crew);

#endif
