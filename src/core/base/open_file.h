/*
 * Files that a user names, for reading: never waits. A directory, device, socket, or (but for suites) a pipe
 * is refused, since its end may never come. Local.
 */
#ifndef H5ROOF_OPEN_FILE_H
#define H5ROOF_OPEN_FILE_H

#include "h5roof/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* A descriptor for close(), or -1 with errno as open() sets it and, where it is not a file, a text in *what:
 * "a directory". flags as of open(), O_RDONLY or O_RDWR. A pipe, where allowed, is read until its writers are
 * gone; one without writers is empty. */
int h5r_open_file(const char *path, int flags, bool pipes, const char **what);

/* The file as a stream; NULL: *why says why not, "a directory, not a file" or what errno means. */
FILE *h5r_fopen_file(const char *path, bool pipes, const char **why);

#define H5R_WHY_SIZE 128

/* All of it, with a '\0' behind it that is not counted and no room beyond that. H5R_ENV: no memory; H5R_IO: it
 * cannot be read, or has more than `most` bytes, as `why` says. The caller frees *text, also on error. */
h5r_status_t h5r_read_file(const char *path, bool pipes, size_t most, char **text, size_t *length,
                           char why[H5R_WHY_SIZE]);

#endif
