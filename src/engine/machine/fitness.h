/*
 * What looks wrong with an environment, as sentences: a table of (predicate and sentence) over facts that
 * were gathered elsewhere. Warnings only: what makes a run impossible is refused where it is found. Local.
 */
#ifndef H5ROOF_FITNESS_H
#define H5ROOF_FITNESS_H

#include "engine/machine/mounts.h"
#include "engine/machine/nodes.h"

#include <stddef.h>

typedef struct {
    const h5r_nodes_t *nodes;        /* or NULL */
    const h5r_filesystem_t *scratch; /* or NULL */
    const char *build_type;          /* of CMake */
    const char *sanitizers;          /* "": none */
    char *const *environment;        /* "NAME=value", NULL-terminated */
    const char *hdf5_settings;       /* of h5r_hdf5_settings() */
    double as_is_least, as_is_most;  /* bytes that a node reads again, of h5r_as_is_query() */
} h5r_facts_t;

typedef struct {
    char **text;
    size_t n;
} h5r_warnings_t;

/* False: out of memory. Free with h5r_warnings_free also then. */
bool h5r_fitness_check(const h5r_facts_t *facts, h5r_warnings_t *warnings);
bool h5r_warnings_add(h5r_warnings_t *warnings, const char *text);
void h5r_warnings_free(h5r_warnings_t *warnings);

/* Value of a variable in such a list, or NULL. */
const char *h5r_environment_get(char *const *environment, const char *name);

#endif
