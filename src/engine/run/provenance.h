/*
 * What a run must be able to say about where and how it was made: env.json, and the same document for people.
 * Not for the results themselves.
 */
#ifndef H5ROOF_PROVENANCE_H
#define H5ROOF_PROVENANCE_H

#include "engine/ranks/context.h"

#include <stdio.h>

#define H5R_ENV_SCHEMA 1

/* Only rank 0's values count. */
typedef struct {
    int argc; /* the command line */
    char *const *argv;
    char *const *environment;       /* environ, or another list of "NAME=value" */
    const char *run_id;             /* NULL: no run */
    const char *suite;              /* NULL: no suite */
    const char *scratch;            /* directory under test; NULL: none given */
    const char *out;                /* directory of the results; NULL: none */
    const char *hints;              /* MPI-IO hints to try, "key=value;key=value"; NULL: none */
    double as_is_least, as_is_most; /* of h5r_as_is_query(); 0: nothing is read as it is */
    const char *counters_note;      /* what the self-test of the MPI-IO counters found; NULL: not made */
} h5r_provenance_in_t;

typedef struct h5r_provenance h5r_provenance_t;

/*
 * Collective. Gathers everything; *out is NULL on other ranks than 0. Memory in rank 0: 64 bytes per rank up
 * to H5R_RANKS_LISTED ranks and about 1 KiB per node, beyond that only summaries; in the others: constant.
 * Creates, opens and removes one empty file in scratch. A directory that is not there is recorded and becomes
 * a warning, not an error. Recorded are, of the environment, only variables that concern the measurement, and
 * of those whose names look secret only that they are set. Free with h5r_provenance_free.
 */
h5r_status_t h5r_provenance_gather(const h5r_context_t *ctx, const h5r_provenance_in_t *in,
                                   h5r_provenance_t **out, h5r_error_t *err);

/* Collective. Rank 0 writes the JSON document to a new or existing file, whole or not at all; all return its
 * status. */
h5r_status_t h5r_provenance_write(const h5r_context_t *ctx, const h5r_provenance_t *p, const char *path,
                                  h5r_error_t *err);

/* The rest is local to rank 0. */

/* The document as YAML for people. */
h5r_status_t h5r_provenance_print(const h5r_provenance_t *p, FILE *out, h5r_error_t *err);

/* What looks wrong, one sentence each; the texts belong to p. */
size_t h5r_provenance_warnings(const h5r_provenance_t *p, char *const **text);

void h5r_provenance_free(h5r_provenance_t *p); /* NULL is fine */

#endif
