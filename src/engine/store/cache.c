#include "engine/store/cache.h"

#include "engine/store/posix_io.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define WINDOW ((uint64_t)1 << 28) /* bytes mapped at a time; a multiple of all page sizes */
#define PIECE  ((uint64_t)1 << 20)

#define DROP_FILE "/proc/sys/vm/drop_caches"

static h5r_status_t evict(int fd, const char *path, h5r_error_t *err)
{
    /* pages that are not yet written cannot be dropped */
    if (fsync(fd) != 0) {
        return h5r_fail_errno(err, "sync", path);
    }
    /* a refusal shows in what is still resident */
    (void)posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    return H5R_OK;
}

static h5r_status_t read_once(int fd, const char *path, uint64_t bytes, h5r_error_t *err)
{
    char *buffer = malloc(PIECE);
    if (buffer == NULL) {
        return h5r_no_memory(err, "reading %s", path);
    }
    for (uint64_t done = 0; done < bytes && err->code == H5R_OK; done += PIECE) {
        h5r_pread_all(fd, path, buffer, bytes - done < PIECE ? bytes - done : PIECE, done, err);
    }
    free(buffer);
    return err->code;
}

/* One window: a mapping brings nothing into memory by itself. */
static h5r_status_t count_window(int fd, const char *path, uint64_t offset, uint64_t bytes,
                                 h5r_residency_t *sum, h5r_error_t *err)
{
    const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
    const uint64_t pages = (bytes + page - 1) / page;
    unsigned char *in_memory = malloc(pages);
    if (in_memory == NULL) {
        return h5r_no_memory(err, "looking at %s", path);
    }
    void *map = mmap(NULL, bytes, PROT_READ, MAP_SHARED, fd, (off_t)offset);
    if (map == MAP_FAILED && (errno == ENODEV || errno == EOPNOTSUPP || errno == EINVAL)) {
        sum->unknown = true; /* this file system has no mmap, and nothing else needs it */
    } else if (map == MAP_FAILED) {
        h5r_fail_errno(err, "map", path);
    } else if (mincore(map, bytes, in_memory) != 0) {
        h5r_fail_errno(err, "look at the pages of", path);
    } else {
        sum->pages += pages;
        for (uint64_t i = 0; i < pages; i++) {
            sum->resident += in_memory[i] & 1u;
        }
    }
    if (map != MAP_FAILED) {
        munmap(map, bytes);
    }
    free(in_memory);
    return err->code;
}

static h5r_status_t settle(int fd, const char *path, h5r_cache_t state, h5r_residency_t *sum,
                           h5r_error_t *err)
{
    struct stat st;
    if (fstat(fd, &st) != 0) {
        return h5r_fail_errno(err, "look at", path);
    }
    uint64_t bytes = (uint64_t)st.st_size;
    if ((state == H5R_CACHE_COLD || state == H5R_CACHE_DROPPED) && evict(fd, path, err) != H5R_OK) {
        return err->code;
    }
    if (state == H5R_CACHE_WARM && read_once(fd, path, bytes, err) != H5R_OK) {
        return err->code;
    }
    for (uint64_t offset = 0; offset < bytes && err->code == H5R_OK; offset += WINDOW) {
        count_window(fd, path, offset, bytes - offset < WINDOW ? bytes - offset : WINDOW, sum, err);
    }
    return err->code;
}

h5r_status_t h5r_cache_settle_file(const char *path, h5r_cache_t state, h5r_residency_t *sum,
                                   h5r_error_t *err)
{
    int fd = open(path, O_RDWR | O_CLOEXEC); /* mincore tells only those who may write (Linux 5.2) */
    if (fd < 0) {
        return h5r_fail_errno(err, "open", path);
    }
    h5r_status_t status = settle(fd, path, state, sum, err);
    close(fd);
    return status;
}

h5r_status_t h5r_cache_may_drop(h5r_error_t *err)
{
    int fd = open(DROP_FILE, O_WRONLY | O_CLOEXEC);
    if (fd < 0) {
        return h5r_fail(err, H5R_ENV,
                        "cache: dropped needs the right to write to " DROP_FILE
                        ", which this process does not have (%s): run as root, or choose cache: cold",
                        strerror(errno));
    }
    close(fd);
    return H5R_OK;
}

static h5r_status_t drop(h5r_error_t *err)
{
    sync(); /* what is dirty cannot be dropped */
    int fd = open(DROP_FILE, O_WRONLY | O_CLOEXEC);
    if (fd < 0 || write(fd, "3\n", 2) != 2) { /* 1: pages, 2: dentries and inodes */
        h5r_fail_errno(err, "write to", DROP_FILE);
    }
    if (fd >= 0) {
        close(fd);
    }
    return err->code;
}

h5r_status_t h5r_cache_drop(const h5r_context_t *ctx, h5r_cache_t state, h5r_error_t *err)
{
    if (state != H5R_CACHE_DROPPED) {
        return err->code;
    }
    h5r_status_t settled = h5r_agree(ctx, err); /* nobody looks at a file any more */
    if (settled == H5R_OK && ctx->node_rank == 0) {
        drop(err);
    }
    return settled != H5R_OK ? settled : h5r_agree(ctx, err);
}

double h5r_residency_fraction(const h5r_residency_t *r)
{
    return r->pages == 0 || r->unknown ? (double)NAN : (double)r->resident / (double)r->pages;
}
