#include "engine/store/store.h"

#include "core/factors/factor.h"
#include "core/factors/scaling.h"
#include "engine/survive/scratch.h"
#include "h5roof/driver.h"
#include "h5roof/hdf5_file.h"
#include "h5roof/reading.h"
#include "h5roof/rng.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const h5r_store_kind_ops_t *const kinds[] = {[H5R_STORE_HDF5] = &h5r_store_hdf5_ops,
                                                    [H5R_STORE_MPIIO] = &h5r_store_mpiio_ops,
                                                    [H5R_STORE_POSIX] = &h5r_store_posix_ops,
                                                    [H5R_STORE_MEMORY] = &h5r_store_memory_ops};

static void name_second(const h5r_store_t *s, char *path, size_t size)
{
    snprintf(path, size, "%.*s-second.h5", (int)size - 16, s->base);
}

void h5r_store_second_file(h5r_store_t *s, char *path, size_t size)
{
    s->second_file = true;
    name_second(s, path, size);
}

static void number_base(h5r_store_t *s, uint64_t file)
{
    if (s->factors->file_count > 1) {
        snprintf(s->base + s->stem, sizeof s->base - (size_t)s->stem, "-%06" PRIu64, file);
    }
}

/* Name number `index` of the files that the store makes of one of the case's files. */
static bool name_of(const h5r_store_t *s, uint64_t file, int index, char *path, size_t size)
{
    h5r_store_t at = *s;
    number_base(&at, file);
    return !s->absent && s->ops->file_name(&at, index, path, size);
}

void h5r_store_use_file(h5r_store_t *s, uint64_t file)
{
    if (s->absent || s->factors->file_count == 1) {
        return;
    }
    number_base(s, file);
    if (s->ops->rename != NULL) {
        s->ops->rename(s);
    }
    s->stored_before = file > 0 && s->facts.stored_bytes != H5R_NO_COUNT ? s->facts.stored_bytes : 0;
}

static void remove_files(const h5r_store_t *s)
{
    char path[PATH_MAX];
    if (s->second_file && s->first) {
        name_second(s, path, sizeof path);
        unlink(path);
    }
    for (uint64_t file = 0; s->first && file < s->factors->file_count; file++) {
        for (int i = 0; name_of(s, file, i, path, sizeof path); i++) {
            if (unlink(path) != 0) {
                break; /* not there; for a family that is behind its last member */
            }
        }
    }
}

static bool name_base(h5r_store_t *s, const h5r_context_t *ctx, const h5r_factors_t *factors, uint64_t turn,
                      int owner)
{
    const h5r_factors_t asked = h5r_factors_asked(factors, ctx->size);
    uint64_t id = h5r_factors_hash(&asked);
    id = s->keep_files || turn == 0 ? id : h5r_mix64(id + turn);
    int n = s->keep_files ? snprintf(s->base, sizeof s->base, "%s/%016" PRIx64, ctx->scratch_dir, id)
                          : snprintf(s->base, sizeof s->base, "%s/%s-%016" PRIx64, ctx->scratch_dir,
                                     h5r_scratch_tag(ctx->scratch_dir), id);
    s->root = n;
    if (!s->shared && n > 0 && n < (int)sizeof s->base) {
        n += snprintf(s->base + n, sizeof s->base - (size_t)n, ".%06d", owner);
    }
    s->stem = n;
    if (n <= 0 || n >= (int)sizeof s->base - 32) { /* room for a number, and suffixes */
        return false;
    }
    number_base(s, 0);
    return true;
}

h5r_status_t h5r_store_prepare(h5r_store_t *s, const h5r_context_t *ctx, const h5r_factors_t *factors,
                               uint64_t turn, const h5r_part_t *part, bool keep_files, h5r_error_t *err)
{
    memset(s, 0, sizeof *s);
    s->ops = kinds[h5r_driver_of(factors)->store];
    s->factors = part->factors;
    s->shared = h5r_factors_files(s->factors) == H5R_FILES_SHARED;
    s->collective = h5r_factors_collective(s->factors);
    s->comm = s->shared ? ctx->comm : MPI_COMM_SELF;
    s->first = part->owner == ctx->rank && (!s->shared || ctx->rank == 0);
    s->links = s->first && !s->shared && h5r_reads_through(factors) && ctx->rank == 0;
    s->ranks = ctx->size;
    s->keep_files = keep_files;
    s->asks_hints = ctx->tells_hints && factors->hints[0] != '\0';
    s->file_shape = factors->shape;
    if (!s->shared) {
        memcpy(s->file_shape.d, part->region.count, sizeof s->file_shape.d);
        s->absent = h5r_region_elements(&part->region) == 0;
    }
    s->calls = &part->calls;
    s->element_bytes = h5r_dtype_size(h5r_factors_moved_dtype(factors));
    s->file_element_bytes = h5r_dtype_size(h5r_factors_file_dtype(factors));
    s->facts.stored_bytes = s->absent ? 0 : H5R_NO_COUNT;
    s->facts.data_offset = H5R_NO_COUNT;
    if (!name_base(s, ctx, factors, turn, part->owner)) {
        return h5r_fail(err, H5R_ENV, "the path of the scratch directory is too long: %s", ctx->scratch_dir);
    }
    s->own = calloc(1, s->ops->private_bytes);
    if (s->own == NULL) {
        return h5r_no_memory(err, "the state of a store");
    }
    if (s->absent) {
        return H5R_OK;
    }
    h5r_status_t status = s->ops->prepare(s, err);
    remove_files(s);
    return status;
}

h5r_status_t h5r_store_create(h5r_store_t *s, h5r_error_t *err)
{
    return s->absent ? H5R_OK : s->ops->create(s, err);
}

h5r_status_t h5r_store_open(h5r_store_t *s, h5r_error_t *err)
{
    return s->absent ? H5R_OK : s->ops->open(s, false, err);
}

h5r_status_t h5r_store_open_rw(h5r_store_t *s, h5r_error_t *err)
{
    return s->absent ? H5R_OK : s->ops->open(s, true, err);
}

h5r_status_t h5r_store_select(h5r_store_t *s, h5r_error_t *err)
{
    return s->absent ? H5R_OK : s->ops->select(s, err);
}

/* An absent rank has no calls, so these two need not ask. */
h5r_status_t h5r_store_write(h5r_store_t *s, const h5r_op_t *call, const void *buffer, h5r_error_t *err)
{
    return s->ops->write(s, call, buffer, err);
}

h5r_status_t h5r_store_read(h5r_store_t *s, const h5r_op_t *call, void *buffer, h5r_error_t *err)
{
    return s->ops->read(s, call, buffer, err);
}

h5r_status_t h5r_store_flush(h5r_store_t *s, h5r_error_t *err)
{
    return s->absent ? H5R_OK : s->ops->flush(s, err);
}

h5r_status_t h5r_store_close(h5r_store_t *s, h5r_error_t *err)
{
    return s->absent ? H5R_OK : s->ops->close(s, err);
}

h5r_hdf5_t *h5r_store_hdf5(h5r_store_t *store)
{
    return store->ops == &h5r_store_hdf5_ops && !store->absent ? store->own : NULL;
}

bool h5r_store_absent(const h5r_store_t *store)
{
    return store->absent;
}

bool h5r_store_shared(const h5r_store_t *store)
{
    return store->shared;
}

bool h5r_store_collective(const h5r_store_t *store)
{
    return store->collective;
}

const h5r_dims_t *h5r_store_shape(const h5r_store_t *store)
{
    return &store->file_shape;
}

void h5r_store_observe(h5r_store_t *s, h5r_phase_t phase)
{
    if (!s->absent && s->ops->observe != NULL) {
        s->ops->observe(s, phase);
        if (phase == H5R_PHASE_FLUSH && s->facts.stored_bytes != H5R_NO_COUNT) {
            s->facts.stored_bytes += s->stored_before;
        }
    }
}

void h5r_store_forget_transfers(h5r_store_t *s)
{
    s->facts.actual_io_mode[0] = s->facts.actual_chunk_opt[0] = '\0';
    s->facts.no_collective_local[0] = s->facts.no_collective_global[0] = '\0';
}

uint64_t h5r_store_file_bytes(const h5r_store_t *s)
{
    uint64_t sum = 0;
    char path[PATH_MAX];
    struct stat st;
    for (uint64_t file = 0; s->first && file < s->factors->file_count; file++) {
        for (int i = 0; name_of(s, file, i, path, sizeof path) && stat(path, &st) == 0; i++) {
            sum += (uint64_t)st.st_size;
        }
    }
    return sum;
}

uint64_t h5r_store_block_bytes(const h5r_store_t *s)
{
    char path[PATH_MAX];
    struct stat st;
    bool there = !s->absent && s->ops->file_name(s, 0, path, sizeof path) && stat(path, &st) == 0;
    return there && st.st_blksize > 0 ? (uint64_t)st.st_blksize : H5R_NO_COUNT;
}

static h5r_status_t settle_file(const h5r_store_t *s, uint64_t file, h5r_residency_t *sum, h5r_error_t *err)
{
    char path[PATH_MAX];
    for (int i = 0; name_of(s, file, i, path, sizeof path); i++) {
        if (i > 0 && access(path, F_OK) != 0) {
            break; /* behind the last member of a family */
        }
        if (h5r_cache_settle_file(path, s->factors->cache, sum, err) != H5R_OK) {
            return err->code;
        }
    }
    return H5R_OK;
}

h5r_status_t h5r_store_settle_cache(const h5r_store_t *s, bool first_of_node, h5r_residency_t *sum,
                                    h5r_error_t *err)
{
    const bool mine = !s->absent && (!s->shared || first_of_node);
    h5r_status_t status = H5R_OK;
    for (uint64_t file = 0; mine && file < s->factors->file_count && status == H5R_OK; file++) {
        status = settle_file(s, file, sum, err);
    }
    return status;
}

void h5r_store_release(h5r_store_t *s)
{
    if (s->own == NULL) {
        return;
    }
    if (!s->absent) {
        s->ops->release(s);
    }
    if (!s->keep_files) {
        remove_files(s);
    }
    free(s->own);
    s->own = NULL;
}

/* Runs: the last dimension if its stride is 1, else single elements; merged over dimensions that are covered
 * whole. */
static int run_dimensions(const h5r_store_t *s, const h5r_op_t *call)
{
    const h5r_region_t *region = &s->calls->region;
    int d = s->file_shape.n;
    while (d > 0 && region->stride[d - 1] == 1) {
        d--;
        if (call->count[d] != s->file_shape.d[d]) {
            break;
        }
    }
    return d; /* dimensions d ... n-1 lie in one run */
}

static uint64_t linear(const h5r_store_t *s, const uint64_t *coord)
{
    uint64_t index = 0;
    for (int d = 0; d < s->file_shape.n; d++) {
        index = index * s->file_shape.d[d] + coord[d];
    }
    return index;
}

bool h5r_run_first(h5r_run_iter_t *it, const h5r_store_t *s, const h5r_op_t *call)
{
    if (call->elements == 0) {
        return false;
    }
    int whole = run_dimensions(s, call);
    it->run = 0;
    it->runs = 1;
    it->elements = 1;
    for (int d = 0; d < s->file_shape.n; d++) {
        it->coord[d] = call->start[d];
        *(d < whole ? &it->runs : &it->elements) *= call->count[d];
    }
    it->offset = linear(s, it->coord);
    return true;
}

bool h5r_run_next(h5r_run_iter_t *it, const h5r_store_t *s, const h5r_op_t *call)
{
    if (++it->run == it->runs) {
        return false;
    }
    const h5r_region_t *region = &s->calls->region;
    for (int d = run_dimensions(s, call) - 1; d >= 0; d--) {
        it->coord[d] += region->stride[d];
        if (it->coord[d] < call->start[d] + call->count[d] * region->stride[d]) {
            break;
        }
        it->coord[d] = call->start[d];
    }
    it->offset = linear(s, it->coord);
    return true;
}
