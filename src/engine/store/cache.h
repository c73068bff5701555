/*
 * The page cache before a read: put into the asked state, then looked at. Nothing is guessed: what the kernel
 * says is resident (mincore) is recorded, whatever was asked.
 */
#ifndef H5ROOF_CACHE_H
#define H5ROOF_CACHE_H

#include "engine/ranks/context.h"
#include "h5roof/factors.h"

#include <stdint.h>

typedef struct {
    uint64_t pages;    /* of the files looked at */
    uint64_t resident; /* of them, in memory */
    bool unknown; /* a file cannot be mapped, so that the kernel does not say: nothing is known of the sum */
} h5r_residency_t;

/*
 * Local, for one file of this node. cold: dirty pages are written and the kernel is asked to drop the file
 * (posix_fadvise, DONTNEED), which file systems that live in memory cannot follow; warm: the file is read
 * once; as-is: nothing; dropped: as cold, and h5r_cache_drop() afterwards. Adds what is resident afterwards
 * to *sum; a file system without mmap (FUSE with direct I/O) says nothing. H5R_IO: the file cannot be opened, synced or
 * read.
 */
h5r_status_t h5r_cache_settle_file(const char *path, h5r_cache_t state, h5r_residency_t *sum,
                                   h5r_error_t *err);

/*
 * Collective, after the files were settled: for the state dropped, the first rank of every node syncs all its
 * file systems and drops their caches: pages, and the dentries and inodes that settling has just looked at.
 * Errors, also those of settling, are agreed. For other states nothing, and err stays this rank's own.
 */
h5r_status_t h5r_cache_drop(const h5r_context_t *ctx, h5r_cache_t state, h5r_error_t *err);

/* Local: H5R_ENV if this process is not allowed to drop caches, with what to do. */
h5r_status_t h5r_cache_may_drop(h5r_error_t *err);

/* resident / pages; NaN for no pages, or if it is not known. */
double h5r_residency_fraction(const h5r_residency_t *r);

#endif
