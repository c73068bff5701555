#include "engine/roof_store.h"

#include "engine/cache.h"
#include "engine/clock.h"
#include "engine/posix_io.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

typedef struct {
    char path[PATH_MAX];
    uint64_t offset, bytes; /* of this rank */
    char *buffer;           /* memory is touched as widely as by the case: */
    uint64_t memory;        /* so many bytes, which all calls share, or as large as the part */
} part_t;

static part_t part_of(const h5r_bench_t *b, uint64_t bytes, bool shared, int owner)
{
    part_t p = {.buffer = NULL};
    uint64_t n = (uint64_t)b->ctx->size, rank = (uint64_t)owner;
    uint64_t rest = bytes % n;
    p.bytes = bytes / n + (rank < rest ? 1 : 0);
    p.offset = shared ? bytes / n * rank + (rank < rest ? rank : rest) : 0;
    snprintf(p.path, sizeof p.path, shared ? "%.*s/roof.bin" : "%.*s/roof.%06d.bin", (int)sizeof p.path - 32,
             b->ctx->scratch_dir, owner);
    return p;
}

typedef h5r_status_t transfer_t(int fd, const part_t *p, uint64_t at, uint64_t bytes, h5r_error_t *err);

static h5r_status_t put(int fd, const part_t *p, uint64_t at, uint64_t bytes, h5r_error_t *err)
{
    return h5r_pwrite_all(fd, p->path, p->buffer, bytes, p->offset + at, err);
}

static h5r_status_t get(int fd, const part_t *p, uint64_t at, uint64_t bytes, h5r_error_t *err)
{
    return h5r_pread_all(fd, p->path, p->buffer, bytes, p->offset + at, err);
}

static h5r_status_t move_part(int fd, const part_t *p, transfer_t *transfer, h5r_error_t *err)
{
    h5r_status_t status = H5R_OK;
    for (uint64_t at = 0; at < p->bytes && status == H5R_OK; at += p->memory) {
        status = transfer(fd, p, at, p->bytes - at < p->memory ? p->bytes - at : p->memory, err);
    }
    return status;
}

static h5r_status_t write_part(const part_t *p, h5r_error_t *err)
{
    int fd = open(p->path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0) {
        return h5r_fail_errno(err, "create", p->path);
    }
    h5r_status_t status = move_part(fd, p, put, err);
    if (status == H5R_OK && fsync(fd) != 0) {
        status = h5r_fail_errno(err, "sync", p->path);
    }
    if (close(fd) != 0 && status == H5R_OK) {
        status = h5r_fail_errno(err, "close", p->path);
    }
    return status;
}

static h5r_status_t read_part(const part_t *p, h5r_error_t *err)
{
    int fd = open(p->path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return h5r_fail_errno(err, "open", p->path);
    }
    /* In one call: in pieces of 8 MiB a cold read of 128 MiB took up to 10 % longer on ext4, so that cases
     * which read in one call came out above their roof. */
    h5r_status_t status = move_part(fd, p, get, err);
    close(fd);
    return status;
}

typedef h5r_status_t part_function_t(const part_t *p, h5r_error_t *err);

/* No rank waits inside the clock, so a failing one can agree with the others. */
static h5r_status_t time_part(const h5r_bench_t *b, part_function_t *function, const part_t *p, double *s,
                              h5r_error_t *err)
{
    MPI_Barrier(b->ctx->comm);
    h5r_instant_t t0 = h5r_now();
    h5r_status_t status = function(p, err);
    double own = h5r_seconds_between(t0, h5r_now());
    *s = own;
    MPI_Reduce(&own, s, 1, MPI_DOUBLE, MPI_MAX, 0, b->ctx->comm);
    if (status != H5R_OK) {
        h5r_context(err, "roof store");
    }
    return h5r_agree(b->ctx, err);
}

/* The page cache in the state in which the cases find it. */
static h5r_status_t settle(const h5r_bench_t *b, const part_t *p, h5r_cache_t cache, bool shared,
                           h5r_error_t *err)
{
    h5r_residency_t ignored = {0};
    if (!shared || b->ctx->node_rank == 0) {
        h5r_cache_settle_file(p->path, cache, &ignored, err);
    }
    return h5r_agree(b->ctx, err) == H5R_OK ? h5r_cache_drop(b->ctx, cache, err) : err->code;
}

h5r_status_t h5r_roof_store(h5r_bench_t *b, const h5r_roof_spec_t *spec, bool shared, double s[H5R_WAYS],
                            h5r_error_t *err)
{
    const h5r_cache_t cache = (h5r_cache_t)spec->factors.cache;
    const uint64_t largest = spec->bytes / (uint64_t)b->ctx->size + 1;
    const uint64_t memory = h5r_bench_memory(b->ctx, &spec->factors, largest);
    h5r_bench_reserve(b, memory, err);
    if (h5r_agree(b->ctx, err) != H5R_OK) {
        return err->code;
    }
    part_t written = part_of(b, spec->bytes, shared, b->ctx->rank);
    part_t read = part_of(b, spec->bytes, shared, h5r_bench_shift(b->ctx, &spec->factors).owner);
    written.memory = read.memory = memory;
    written.buffer = b->write_buffer;
    read.buffer = b->read_buffer;
    h5r_status_t status = time_part(b, write_part, &written, &s[H5R_WRITES], err);
    if (status == H5R_OK && cache != H5R_CACHE_AS_IS) {
        status = settle(b, &read, cache, shared, err);
    }
    if (status == H5R_OK) {
        status = time_part(b, read_part, &read, &s[H5R_READS], err);
    }
    if (!shared || b->ctx->rank == 0) {
        unlink(written.path); /* not there only if writing failed */
    }
    return status;
}
