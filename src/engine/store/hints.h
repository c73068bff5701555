/* Hints that MPI-IO was given and those that are in effect. */
#ifndef H5ROOF_HINTS_H
#define H5ROOF_HINTS_H

#include "engine/ranks/context.h"

/* Collective, with a file in a directory that is removed again: whether MPI_File_get_info tells which hints
 * are in effect. An MPI that gives a made-up key back, as Open MPI 4.1 does, only repeats what was set; then,
 * and where it cannot be found out, false. dir: only rank 0's counts. The same on all ranks. */
bool h5r_hints_are_told(const h5r_context_t *ctx, const char *dir);

/* Local: of hints ("key=value;key=value"), the keys that an open file does not have, or with another value,
 * joined by ';'. For an MPI that tells. Returns keys. */
char *h5r_hints_ignored(MPI_File file, const char *hints, char *keys, size_t size);

#endif
