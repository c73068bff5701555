/*
 * Which file system holds a path, from /proc/self/mountinfo, since statfs calls every FUSE mount the same;
 * and how full it is. Local.
 */
#ifndef H5ROOF_MOUNTS_H
#define H5ROOF_MOUNTS_H

#include "h5roof/error.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef struct {
    int id;
    char type[64];              /* ext4, tmpfs, lustre, nfs4, fuse.sshfs, ... */
    char source[PATH_MAX];      /* /dev/sda1, server:/export */
    char mount_point[PATH_MAX]; /* unescaped */
    char options[PATH_MAX]; /* of the mount, then of the file system: "rw,relatime,rw,size=64m"; cut if longer
                             */
} h5r_mount_t;

/* The mount with this id. H5R_IO: not in the list. */
h5r_status_t h5r_mounts_by_id(FILE *mountinfo, int id, h5r_mount_t *mount, h5r_error_t *err);

/* The mount with the longest mount point that leads to a path; of several on one mount point the last, which
 * covers the others. path: absolute, without symbolic links, "." and "..". H5R_IO: none. */
h5r_status_t h5r_mounts_by_path(FILE *mountinfo, const char *path, h5r_mount_t *mount, h5r_error_t *err);

typedef struct {
    char path[PATH_MAX]; /* absolute, symbolic links resolved */
    h5r_mount_t mount;
    uint64_t total_bytes;
    uint64_t free_bytes; /* for those who are not root */
    bool striped;        /* the stripe is known: Lustre, where the directory has one of its own */
    uint64_t stripe_bytes;
    int stripe_count; /* -1: over all targets */
} h5r_filesystem_t;

/* The file system that holds an existing path. H5R_ENV: the path does not exist or cannot be reached. */
h5r_status_t h5r_filesystem_of(const char *path, h5r_filesystem_t *fs, h5r_error_t *err);

/* tmpfs and the like: bytes in memory, whatever is written. */
bool h5r_mount_is_memory(const h5r_mount_t *mount);

#endif
