/*
 * What differs between the machines, libraries and builds of two runs: two env.json files as flat lists of
 * paths, and one table that says what a difference of a path spoils. Knows nothing of results. Local.
 */
#ifndef H5ROOF_ENV_DIFF_H
#define H5ROOF_ENV_DIFF_H

#include "h5roof/error.h"

#include <stddef.h>

/* Each level spoils what those before it do, and more. */
typedef enum {
    H5R_ENV_IGNORED,   /* differs in any two runs: time, paths, free memory; not listed */
    H5R_ENV_DIFFERENT, /* worth knowing, the runs can be compared: kernel, flags, h5roof's version */
    H5R_ENV_TIMES,     /* times must not be compared: CPU, file system, MPI */
    H5R_ENV_COUNTS,    /* nothing must be compared, not even counts and sizes: ranks, HDF5, zlib */
} h5r_env_severity_t;

typedef struct {
    char *path;      /* "hdf5.version", "nodes[0].cpu_model" */
    char *old, *new; /* the value as text; NULL: not there, or null */
    h5r_env_severity_t severity;
} h5r_env_difference_t;

typedef struct {
    h5r_env_difference_t *difference; /* the most severe first, then in the order of the files */
    size_t n;
} h5r_env_diff_t;

/* Compare two files. H5R_RESULTS: one cannot be read or is no env.json. Free with h5r_env_diff_free also on
 * error. */
h5r_status_t h5r_env_diff(const char *old_path, const char *new_path, h5r_env_diff_t *diff, h5r_error_t *err);
void h5r_env_diff_free(h5r_env_diff_t *diff);

/* How many differences are at least this severe. */
size_t h5r_env_diff_count(const h5r_env_diff_t *diff, h5r_env_severity_t least);

/* What a comparison can be allowed to differ in: hdf5, cpu, ...; NULL: there are not so many. */
const char *h5r_env_subject(size_t i);

/* From here on differences in this subject spoil nothing. Returns the most that one of them spoiled; IGNORED: there was
 * none. */
h5r_env_severity_t h5r_env_allow(h5r_env_diff_t *diff, const char *subject);

/* What the table says of a path; H5R_ENV_DIFFERENT of one it does not know. */
h5r_env_severity_t h5r_env_severity(const char *path);

#endif
