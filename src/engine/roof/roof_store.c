#include "engine/roof/roof_store.h"

#include "engine/ranks/clock.h"
#include "engine/store/cache.h"
#include "engine/store/posix_io.h"
#include "h5roof/rng.h"
#include "h5roof/share.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    char path[PATH_MAX];
    uint64_t offset, bytes; /* of this rank */
    char *buffer;           /* memory is touched as widely as by the case: */
    uint64_t memory;        /* so many bytes, which all calls share, or as large as the part */
    uint64_t stamp, owner;  /* of the turn; the rank: they say what the memory holds */
    bool shared;            /* with the parts of the other ranks, in a file that is there before the clock */
} part_t;

/* Bytes before the part of a rank: parts are whole blocks, which direct I/O needs, but for the end of the
 * last; where there is no block for every rank, they are even all the same. */
static uint64_t begin_of(uint64_t bytes, uint64_t n, uint64_t rank)
{
    const uint64_t block = bytes / n >= H5R_STORE_ALIGNMENT ? H5R_STORE_ALIGNMENT : 1;
    uint64_t blocks = bytes / block + (bytes % block > 0 ? 1 : 0);
    uint64_t rest = blocks % n;
    uint64_t begin = (blocks / n * rank + (rank < rest ? rank : rest)) * block;
    return begin < bytes ? begin : bytes;
}

uint64_t h5r_roof_store_part(const h5r_roof_spec_t *spec, int ranks)
{
    return begin_of(spec->bytes, (uint64_t)h5r_share_ranks(&spec->factors, ranks), 1);
}

/* The ranks that move something are the first ones; the others have no bytes. */
static part_t part_of(const h5r_bench_t *b, const h5r_roof_spec_t *spec, bool shared, int owner)
{
    part_t p = {.shared = shared};
    const uint64_t n = (uint64_t)h5r_share_ranks(&spec->factors, b->ctx->size), rank = (uint64_t)owner;
    const uint64_t begin = begin_of(spec->bytes, n, rank);
    p.bytes = begin_of(spec->bytes, n, rank + 1) - begin;
    p.offset = shared ? begin : 0;
    const int most = (int)sizeof p.path - 64;
    int at = snprintf(p.path, sizeof p.path, "%.*s/roof.%06" PRIu64, most, b->ctx->scratch_dir, b->turn);
    snprintf(p.path + at, sizeof p.path - (size_t)at, shared ? ".bin" : ".%06d.bin", owner);
    p.stamp = h5r_mix64(b->seed + b->turn);
    p.owner = (uint64_t)owner;
    return p;
}

/* Where the calls share memory, each of them begins at its begin. */
static char *memory_of(const part_t *p, uint64_t at)
{
    return p->memory < p->bytes ? p->buffer : p->buffer + at;
}

/* A word of every block of the part says whose it is, of which turn and where: enough to see that what is
 * read is not what lay there before, at no cost. Where calls share memory it has no place of its own. */
static uint64_t stamp_of(const part_t *p, uint64_t at)
{
    return h5r_mix64(p->stamp + (p->owner << 40) + at);
}

static uint64_t stamped_bytes(const part_t *p)
{
    return p->memory < p->bytes ? 0 : p->bytes - p->bytes % H5R_STORE_ALIGNMENT;
}

static void put_stamps(const part_t *p, bool right)
{
    for (uint64_t at = 0; at < stamped_bytes(p); at += H5R_STORE_ALIGNMENT) {
        const uint64_t word = right ? stamp_of(p, at) : ~stamp_of(p, at);
        memcpy(p->buffer + at, &word, sizeof word);
    }
}

static h5r_status_t check_stamps(const part_t *p, h5r_error_t *err)
{
    for (uint64_t at = 0; at < stamped_bytes(p); at += H5R_STORE_ALIGNMENT) {
        const uint64_t word = stamp_of(p, at);
        if (memcmp(p->buffer + at, &word, sizeof word) != 0) {
            return h5r_fail(err, H5R_IO, "at byte %" PRIu64 " of %s was read what was not written there",
                            p->offset + at, p->path);
        }
    }
    return H5R_OK;
}

typedef h5r_status_t transfer_t(int fd, const part_t *p, uint64_t at, uint64_t bytes, h5r_error_t *err);

static h5r_status_t put(int fd, const part_t *p, uint64_t at, uint64_t bytes, h5r_error_t *err)
{
    return h5r_pwrite_all(fd, p->path, memory_of(p, at), bytes, p->offset + at, err);
}

static h5r_status_t get(int fd, const part_t *p, uint64_t at, uint64_t bytes, h5r_error_t *err)
{
    return h5r_pread_all(fd, p->path, memory_of(p, at), bytes, p->offset + at, err);
}

/* What is left after the last whole block cannot be moved directly. */
static h5r_status_t leave_direct(int fd, const part_t *p, h5r_error_t *err)
{
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, flags & ~O_DIRECT) < 0) {
        return h5r_fail_errno(err, "end direct I/O of", p->path);
    }
    return H5R_OK;
}

static h5r_status_t move_part(int fd, const part_t *p, const h5r_store_way_t *way, transfer_t *transfer,
                              h5r_error_t *err)
{
    const uint64_t blocks = way->direct ? p->bytes - p->bytes % H5R_STORE_ALIGNMENT : p->bytes;
    uint64_t piece = way->piece > 0 && way->piece < p->memory ? way->piece : p->memory;
    piece -= way->direct && piece < p->bytes ? piece % H5R_STORE_ALIGNMENT : 0;
    for (uint64_t at = 0; at < blocks; at += piece) {
        if (transfer(fd, p, at, blocks - at < piece ? blocks - at : piece, err) != H5R_OK) {
            return err->code;
        }
    }
    if (blocks < p->bytes && leave_direct(fd, p, err) == H5R_OK) {
        transfer(fd, p, blocks, p->bytes - blocks, err);
    }
    return err->code;
}

typedef h5r_status_t part_function_t(const part_t *p, const h5r_store_way_t *way, h5r_error_t *err);

/* errno stays that of what failed first. */
static h5r_status_t close_part(int fd, const part_t *p, h5r_status_t status, h5r_error_t *err)
{
    const int number = errno;
    if (close(fd) != 0 && status == H5R_OK) {
        return h5r_fail_errno(err, "close", p->path);
    }
    errno = number;
    return status;
}

static h5r_status_t write_part(const part_t *p, const h5r_store_way_t *way, h5r_error_t *err)
{
    const int flags = O_RDWR | O_CLOEXEC | (p->shared ? 0 : O_CREAT) | (way->direct ? O_DIRECT : 0);
    int fd = open(p->path, flags, 0644);
    if (fd < 0) {
        return h5r_fail_errno(err, p->shared ? "open" : "create", p->path);
    }
    if (way->preallocated && p->bytes > 0 && fallocate(fd, 0, (off_t)p->offset, (off_t)p->bytes) != 0) {
        h5r_fail_errno(err, "allocate", p->path);
    }
    h5r_status_t status = err->code == H5R_OK ? move_part(fd, p, way, put, err) : err->code;
    if (status == H5R_OK && fsync(fd) != 0) {
        status = h5r_fail_errno(err, "sync", p->path);
    }
    return close_part(fd, p, status, err);
}

static h5r_status_t read_part(const part_t *p, const h5r_store_way_t *way, h5r_error_t *err)
{
    int fd = open(p->path, O_RDONLY | O_CLOEXEC | (way->direct ? O_DIRECT : 0));
    if (fd < 0) {
        return h5r_fail_errno(err, "open", p->path);
    }
    return close_part(fd, p, move_part(fd, p, way, get, err), err);
}

/* Everything that the measurement of one roof has in common. */
typedef struct {
    const h5r_bench_t *b;
    h5r_cache_t cache;
    bool shared, rewrites;
    part_t written, read;
    bool through_cache;  /* the file is whole, and was not written directly */
    h5r_instant_t begun; /* the list of ways that is being tried */
    double spent_s;      /* since then, with all that is not timed, of the rank that took longest */
} store_t;

/* What a way needs beyond the plain one may be missing; any other failure is one. */
static bool is_missing(const h5r_store_way_t *way)
{
    return (way->direct || way->preallocated) && (errno == EINVAL || errno == EOPNOTSUPP || errno == ENOSYS);
}

static h5r_status_t agree(const store_t *st, h5r_error_t *err)
{
    if (err->code != H5R_OK) {
        h5r_context(err, "roof store");
    }
    return h5r_agree(st->b->ctx, err);
}

/* No rank waits inside the clock, so a failing one can agree with the others. Returns the seconds of the
 * slowest rank, the same on all; INFINITY: the way does not exist on one; NAN: it failed on one, agreed. */
static double time_part(store_t *st, part_function_t *function, const part_t *p, size_t way, h5r_error_t *err)
{
    MPI_Barrier(st->b->ctx->comm);
    h5r_instant_t t0 = h5r_now();
    h5r_status_t status = function(p, &h5r_store_way_table[way], err);
    double s = status == H5R_OK ? h5r_seconds_between(t0, h5r_now()) : (double)INFINITY;
    const bool failed = status != H5R_OK && !is_missing(&h5r_store_way_table[way]);
    double slowest[] = {s, h5r_seconds_between(st->begun, h5r_now()), failed ? 1.0 : 0.0};
    MPI_Allreduce(MPI_IN_PLACE, slowest, 3, MPI_DOUBLE, MPI_MAX, st->b->ctx->comm);
    st->spent_s = slowest[1];
    return slowest[2] > 0.0 && agree(st, err) != H5R_OK ? (double)NAN : slowest[0];
}

/* Every way to write begins without a file, or with an empty one for all: some file systems refuse it where several
 * ranks create it at once. */
static h5r_status_t begin_file(const store_t *st, h5r_error_t *err)
{
    const char *path = st->written.path;
    if (st->shared && st->b->ctx->rank > 0) {
        return agree(st, err);
    }
    unlink(path); /* not there only if it is the first, or writing failed */
    if (!st->shared) {
        return H5R_OK;
    }
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0) {
        h5r_fail_errno(err, "create", path);
    } else if (close(fd) != 0) {
        h5r_fail_errno(err, "close", path);
    }
    return agree(st, err);
}

/* What is to be written over was written through the page cache, as by an earlier operation of a case. */
static double write_way(store_t *st, size_t way, h5r_error_t *err)
{
    double s = 0.0;
    if (begin_file(st, err) != H5R_OK) {
        return NAN;
    }
    if (st->rewrites) {
        s = time_part(st, write_part, &st->written, H5R_STORE_PLAIN, err);
    }
    s = isfinite(s) ? time_part(st, write_part, &st->written, way, err) : s;
    st->through_cache = isfinite(s) && !h5r_store_way_table[way].direct;
    return s;
}

/* The page cache in the state in which the cases find it. */
static h5r_status_t settle(const store_t *st, h5r_error_t *err)
{
    h5r_residency_t ignored = {0};
    const h5r_context_t *ctx = st->b->ctx;
    if (!st->shared || ctx->node_rank == 0) {
        h5r_cache_settle_file(st->read.path, st->cache, &ignored, err);
    }
    return agree(st, err) == H5R_OK ? h5r_cache_drop(ctx, st->cache, err) : err->code;
}

static double read_way(store_t *st, size_t way, h5r_error_t *err)
{
    if (st->cache != H5R_CACHE_AS_IS && settle(st, err) != H5R_OK) {
        return NAN;
    }
    put_stamps(&st->read, false);
    const double s = time_part(st, read_part, &st->read, way, err);
    if (isfinite(s)) {
        check_stamps(&st->read, err);
    }
    return isfinite(s) && agree(st, err) != H5R_OK ? (double)NAN : s;
}

/* One way. What does not exist is noted; what fails is an error, agreed. */
static h5r_status_t try_way(store_t *st, bool writes, size_t way, double s[H5R_STORE_WAYS], h5r_error_t *err)
{
    h5r_error_t failed = {0};
    s[way] = writes ? write_way(st, way, &failed) : read_way(st, way, &failed);
    if (isfinite(s[way]) || (way != H5R_STORE_PLAIN && isinf(s[way]))) {
        return H5R_OK;
    }
    *err = failed;
    return err->code;
}

/* All times are the same on all ranks, and so is what is decided by them. */
static h5r_status_t try_ways(store_t *st, bool writes, const h5r_way_list_t *list, double trial_s,
                             double s[H5R_STORE_WAYS], double *extra_s, h5r_error_t *err)
{
    double fastest = INFINITY;
    size_t n = 0;
    st->begun = h5r_now();
    for (size_t i = 0;
         i < list->n && (i < list->must || st->spent_s * (double)(n + 1) <= trial_s * (double)n); i++, n++) {
        if (try_way(st, writes, list->way[i], s, err) != H5R_OK) {
            return err->code;
        }
        fastest = fmin(fastest, s[list->way[i]]);
    }
    if (isinf(fastest) && isnan(s[H5R_STORE_PLAIN]) &&
        try_way(st, writes, H5R_STORE_PLAIN, s, err) != H5R_OK) {
        return err->code;
    }
    *extra_s += st->spent_s * (double)(n - 1) / (double)n;
    return H5R_OK;
}

/* Reads find the page cache as the writes of a case leave it, whatever way of writing came last. */
static h5r_status_t write_through_cache(store_t *st, h5r_error_t *err)
{
    double untimed[H5R_STORE_WAYS];
    return st->through_cache ? H5R_OK : try_way(st, true, H5R_STORE_PLAIN, untimed, err);
}

h5r_status_t h5r_roof_store(h5r_bench_t *b, const h5r_roof_spec_t *spec, const h5r_store_order_t *order,
                            bool shared, h5r_store_tried_t *tried, h5r_error_t *err)
{
    store_t st = {.b = b, .cache = spec->factors.cache, .shared = shared, .rewrites = spec->rewrites};
    const uint64_t largest = h5r_roof_store_part(spec, b->ctx->size);
    const uint64_t memory = h5r_bench_memory(b->ctx, &spec->factors, largest);
    h5r_bench_reserve(b, memory, err);
    if (h5r_agree(b->ctx, err) != H5R_OK) {
        return err->code;
    }
    st.written = part_of(b, spec, shared, b->ctx->rank);
    st.read = part_of(b, spec, shared, h5r_bench_shift(b->ctx, &spec->factors).owner);
    st.written.memory = st.read.memory = memory;
    st.written.buffer = b->write_buffer;
    st.read.buffer = b->read_buffer;
    put_stamps(&st.written, true);
    const h5r_way_list_t *list = order->list[shared];
    double(*s)[H5R_STORE_WAYS] = tried->s[shared];
    if (try_ways(&st, true, &list[H5R_WAY_OUT], order->trial_s, s[H5R_WAY_OUT], &tried->extra_s, err) ==
            H5R_OK &&
        write_through_cache(&st, err) == H5R_OK) {
        try_ways(&st, false, &list[H5R_WAY_IN], order->trial_s, s[H5R_WAY_IN], &tried->extra_s, err);
    }
    if (!shared || b->ctx->rank == 0) {
        unlink(st.written.path);
    }
    return err->code;
}
