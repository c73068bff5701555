/*
 * filter: chunks through HDF5's filter pipeline, or filtered by the program and handed over as they are to be
 * stored; and what a damaged byte of a stored chunk does.
 */
#include "h5roof/buffer.h"
#include "h5roof/chunks.h"
#include "h5roof/count.h"
#include "h5roof/driver.h"
#include "h5roof/hdf5_file.h"
#include "h5roof/pipeline.h"
#include "h5roof/steps.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WRITE, READ }; /* its operations */

/* The chunks of this rank's file as they are to be stored, for H5Dwrite_chunk. */
typedef struct {
    h5r_chunks_t chunks;
    size_t chunk_bytes, room; /* of a chunk; for one in `stored` */
    h5r_block_t a, b;
    unsigned char *stored;
    size_t *stored_bytes;
    uint32_t *skipped;
    hsize_t (*at)[H5R_MAX_NDIMS]; /* their first elements */
} own_t;

static void release(h5r_rep_t *rep)
{
    own_t *own = rep->own;
    h5r_block_free(&own->a);
    h5r_block_free(&own->b);
    h5r_buffer_free(own->stored);
    free(own->stored_bytes);
    free(own->skipped);
    free(own->at);
}

/* Everything that the phases need, touched. */
static h5r_status_t prepare(h5r_rep_t *rep, h5r_error_t *err)
{
    own_t *own = rep->own;
    const h5r_factors_t *f = rep->factors;
    if (f->write_by == H5R_WRITE_BY_PIPELINE) {
        return H5R_OK;
    }
    own->chunks = h5r_chunks_of(h5r_store_shape(rep->part->store), &f->chunk);
    own->chunk_bytes = (size_t)own->chunks.elements * rep->element_bytes;
    if (h5r_store_absent(rep->part->store)) {
        own->chunks.chunks = 0;
    }
    if (h5r_block_reserve(&own->a, own->chunk_bytes, err) != H5R_OK ||
        h5r_block_reserve(&own->b, own->chunk_bytes, err) != H5R_OK) {
        return err->code;
    }
    const size_t n = (size_t)own->chunks.chunks;
    own->room = own->a.capacity;
    own->stored = h5r_buffer_new(n * own->room, f->buffer_offset);
    own->stored_bytes = calloc(n + 1, sizeof *own->stored_bytes);
    own->skipped = calloc(n + 1, sizeof *own->skipped);
    own->at = calloc(n + 1, sizeof *own->at);
    if (own->stored == NULL || own->stored_bytes == NULL || own->skipped == NULL || own->at == NULL) {
        return h5r_no_memory(err, "%zu filtered chunks", n);
    }
    for (size_t i = 0; i < n; i++) {
        uint64_t origin[H5R_MAX_NDIMS];
        h5r_chunk_origin(&own->chunks, i, origin);
        for (int d = 0; d < own->chunks.shape.n; d++) {
            own->at[i][d] = origin[d];
        }
    }
    return H5R_OK;
}

static h5r_status_t filter_chunks(h5r_rep_t *rep, h5r_error_t *err)
{
    own_t *own = rep->own;
    h5r_status_t status = H5R_OK;
    for (uint64_t i = 0; i < own->chunks.chunks && status == H5R_OK; i++) {
        h5r_chunk_gather(&own->chunks, i, rep->element_bytes, rep->write_buffer, own->a.bytes);
        own->a.size = own->chunk_bytes;
        status = h5r_pipeline_forward(&rep->factors->filter, rep->element_bytes, &own->a, &own->b,
                                      &own->skipped[i], err);
        own->stored_bytes[i] = own->a.size;
        memcpy(own->stored + i * own->room, own->a.bytes, own->a.size);
    }
    return status;
}

static h5r_status_t write_chunks(h5r_rep_t *rep, h5r_error_t *err)
{
    const own_t *own = rep->own;
    const h5r_hdf5_t *h = h5r_store_hdf5(rep->part->store);
    for (uint64_t i = 0; i < own->chunks.chunks; i++) {
        if (H5Dwrite_chunk(h->dataset, h->transfer, own->skipped[i], own->at[i], own->stored_bytes[i],
                           own->stored + i * own->room) < 0) {
            return h5r_fail_hdf5(err, "H5Dwrite_chunk", h->path);
        }
    }
    return H5R_OK;
}

/* ---- a damaged byte */

/* Where a chunk lies in its file, which is opened as a serial program would. */
typedef struct {
    const char *path;
    hid_t file, dataset;
    haddr_t address;
    hsize_t bytes;
} stored_t;

static h5r_status_t open_stored(stored_t *s, h5r_error_t *err)
{
    s->file = H5Fopen(s->path, H5F_ACC_RDONLY, H5P_DEFAULT);
    s->dataset = s->file < 0 ? -1 : H5Dopen2(s->file, "data", H5P_DEFAULT);
    return s->dataset < 0 ? h5r_fail_hdf5(err, "opening it to look at a chunk", s->path) : H5R_OK;
}

static void close_stored(const stored_t *s)
{
    if (s->dataset >= 0) {
        H5Dclose(s->dataset);
    }
    if (s->file >= 0) {
        H5Fclose(s->file);
    }
}

static h5r_status_t find_stored(stored_t *s, h5r_error_t *err)
{
    hsize_t origin[H5R_MAX_NDIMS] = {0};
    unsigned skipped;
    h5r_status_t status = open_stored(s, err);
    if (status == H5R_OK &&
        H5Dget_chunk_info_by_coord(s->dataset, origin, &skipped, &s->address, &s->bytes) < 0) {
        status = h5r_fail_hdf5(err, "H5Dget_chunk_info_by_coord", s->path);
    }
    close_stored(s);
    return status;
}

/* Turn all bits of a byte of the stored chunk: behind three quarters of it, where it is an element or was
 * made of elements, and no header of a filter (those of scaleoffset has 21 bytes). Done twice it is undone.
 */
static h5r_status_t turn_byte(const stored_t *s, h5r_error_t *err)
{
    const off_t at = (off_t)(s->address + s->bytes / 4 * 3);
    unsigned char byte;
    int fd = open(s->path, O_RDWR | O_CLOEXEC);
    bool done = fd >= 0 && pread(fd, &byte, 1, at) == 1;
    byte = done ? (unsigned char)~byte : 0;
    done = done && pwrite(fd, &byte, 1, at) == 1;
    if (!done) {
        h5r_fail(err, H5R_IO, "changing a byte of %s failed: %s", s->path, strerror(errno));
    }
    if (fd >= 0) {
        close(fd);
    }
    return err->code;
}

/* The elements of the first chunk, in memory and in the whole dataset. */
static h5r_region_t first_chunk(const h5r_rep_t *rep)
{
    const h5r_region_t *share = &rep->parts[H5R_WAY_OUT].region;
    const bool shared = h5r_store_shared(rep->parts[H5R_WAY_OUT].store);
    h5r_region_t region = {.ndims = rep->factors->shape.n};
    for (int d = 0; d < region.ndims; d++) {
        region.start[d] = shared ? 0 : share->start[d];
        region.stride[d] = shared ? 1 : share->stride[d];
        region.count[d] = rep->factors->chunk.d[d];
    }
    return region;
}

/* Read it; false: HDF5 refused. */
static bool read_chunk(const h5r_rep_t *rep, const stored_t *s, const h5r_region_t *chunk, void *to)
{
    hsize_t start[H5R_MAX_NDIMS] = {0}, count[H5R_MAX_NDIMS];
    for (int d = 0; d < chunk->ndims; d++) {
        count[d] = chunk->count[d];
    }
    hid_t memory = H5Screate_simple(chunk->ndims, count, NULL), file = H5Dget_space(s->dataset);
    const h5r_hdf5_t *h = h5r_store_hdf5(rep->parts[H5R_WAY_OUT].store);
    bool done = H5Sselect_hyperslab(file, H5S_SELECT_SET, start, NULL, count, NULL) >= 0 &&
                H5Dread(s->dataset, h->memory_type, memory, file, H5P_DEFAULT, to) >= 0;
    H5Sclose(file);
    H5Sclose(memory);
    return done;
}

static uint64_t count_wrong(const char *expected, const char *found, uint64_t n, size_t size)
{
    uint64_t wrong = 0;
    for (uint64_t i = 0; i < n; i++) {
        wrong += memcmp(expected + i * size, found + i * size, size) != 0 ? 1u : 0u;
    }
    return wrong;
}

static bool has_checksum(const h5r_pipeline_t *p)
{
    bool found = false;
    for (int i = 0; i < p->n; i++) {
        found = found || p->stage[i].kind == H5R_FILTER_FLETCHER32;
    }
    return found;
}

static h5r_status_t read_damaged(h5r_rep_t *rep, stored_t *s, char *expected, char *found, h5r_error_t *err)
{
    const h5r_region_t chunk = first_chunk(rep);
    const uint64_t n = h5r_region_elements(&chunk);
    if (open_stored(s, err) != H5R_OK) {
        close_stored(s);
        return err->code;
    }
    h5r_data_fill_region(&rep->data, &rep->factors->shape, &chunk, n, expected);
    h5r_data_poison_region(&rep->data, &rep->factors->shape, &chunk, n, found);
    bool refused = !read_chunk(rep, s, &chunk, found);
    close_stored(s);
    h5r_rep_damaged(rep, READ, refused, refused ? 0 : count_wrong(expected, found, n, rep->element_bytes));
    if (!refused && has_checksum(&rep->factors->filter)) {
        h5r_rep_wrong(rep, READ, "a chunk with a changed byte was read in spite of its checksum");
    }
    return H5R_OK;
}

/*
 * No plugin decodes the damaged bytes: either there is none, or a checksum refuses them before. Decoders
 * trust what they read, and one that reads beyond its buffer ends the run: that of lz4 (LZ4_decompress_fast)
 * does.
 */
static bool survives_damage(const h5r_pipeline_t *p)
{
    for (int i = p->n; i > 0; i--) {
        const h5r_filter_kind_t kind = p->stage[i - 1].kind;
        if (kind == H5R_FILTER_FLETCHER32) {
            return true;
        }
        if (h5r_filter_is_plugin(kind)) {
            return false;
        }
    }
    return true;
}

/* Outside the timers, after the last close: once per file, in files that are one plain file. */
static h5r_status_t damage(h5r_rep_t *rep, h5r_error_t *err)
{
    const h5r_store_t *store = rep->parts[H5R_WAY_OUT].store;
    const h5r_hdf5_t *h = h5r_store_hdf5(rep->parts[H5R_WAY_OUT].store);
    if (!h5r_driver_of(rep->factors)->plain || h == NULL || !survives_damage(&rep->factors->filter) ||
        (h5r_store_shared(store) && rep->rank != 0)) {
        return H5R_OK;
    }
    const h5r_region_t chunk = first_chunk(rep);
    const size_t bytes = (size_t)h5r_region_elements(&chunk) * rep->element_bytes;
    stored_t s = {.path = h->path, .file = -1, .dataset = -1};
    char *buffers = malloc(2 * bytes);
    if (buffers == NULL) {
        return h5r_no_memory(err, "two chunks of %zu bytes", bytes);
    }
    if (find_stored(&s, err) == H5R_OK && turn_byte(&s, err) == H5R_OK) {
        h5r_error_t undo = {.code = H5R_OK};
        read_damaged(rep, &s, buffers, buffers + bytes, err);
        if (turn_byte(&s, &undo) != H5R_OK && err->code == H5R_OK) {
            *err = undo;
        }
    }
    free(buffers);
    return err->code;
}

static h5r_status_t check(h5r_rep_t *rep, h5r_error_t *err)
{
    const own_t *own = rep->own;
    (void)err;
    if (rep->factors->write_by == H5R_WRITE_DIRECT) {
        const uint64_t bytes = rep->parts[H5R_WAY_OUT].calls.elements * rep->element_bytes;
        h5r_rep_moved(rep, WRITE, bytes, own->chunks.chunks);
    }
    h5r_rep_check(rep, READ);
    return H5R_OK;
}

/* ---- the order of steps */

enum { PIPELINE, DIRECT }; /* its cases */

static unsigned which(const h5r_factors_t *f)
{
    return f->write_by == H5R_WRITE_DIRECT ? H5R_CASE(DIRECT) : H5R_CASE(PIPELINE);
}

/* What vanishes at close is read back before. */
static const h5r_timed_step_t steps[] = {
    {WRITE, H5R_PHASE_COMPUTE, filter_chunks, H5R_CASE(DIRECT)},
    {WRITE, H5R_PHASE_CREATE, h5r_step_create, H5R_ALWAYS},
    {WRITE, H5R_PHASE_SELECT, h5r_step_select, H5R_ALWAYS},
    {WRITE, H5R_PHASE_WRITE, h5r_step_write, H5R_CASE(PIPELINE)},
    {WRITE, H5R_PHASE_WRITE, write_chunks, H5R_CASE(DIRECT)},
    {WRITE, H5R_PHASE_FLUSH, h5r_step_flush, H5R_ALWAYS},
    {WRITE, H5R_PHASE_CLOSE, h5r_step_close, H5R_LASTING},
    {READ, H5R_UNTIMED, h5r_step_turn_to_reads, H5R_LASTING},
    {READ, H5R_UNTIMED, h5r_step_settle_cache, H5R_LASTING},
    {READ, H5R_PHASE_OPEN, h5r_step_open, H5R_LASTING},
    {READ, H5R_PHASE_SELECT, h5r_step_select, H5R_LASTING},
    {READ, H5R_PHASE_READ, h5r_step_read, H5R_ALWAYS},
    {READ, H5R_PHASE_CLOSE, h5r_step_close, H5R_LASTING},
    {WRITE, H5R_PHASE_CLOSE, h5r_step_close, H5R_VOLATILE},
    {READ, H5R_UNTIMED, check, H5R_ALWAYS},
    {READ, H5R_UNTIMED, damage, H5R_LASTING},
};

static bool is_shared(const h5r_factors_t *f)
{
    return f->files != H5R_FILES_PER_RANK && h5r_driver_of(f)->shared;
}

static bool allows(const h5r_factors_t *f, int nranks, char *reason, size_t size)
{
    (void)nranks;
    const char *why = NULL;
    if (f->layout != H5R_LAYOUT_CHUNKED) {
        why = "workload filter is about chunks: it needs layout chunked";
    } else if (f->write_by == H5R_WRITE_BY_PIPELINE) {
        why = NULL;
    } else if (is_shared(f)) {
        why =
            "H5Dwrite_chunk into a filtered dataset that several ranks share hangs: it needs a file per rank";
    } else if (!h5r_pipeline_known(&f->filter)) {
        why = "the program filters chunks with deflate, shuffle and fletcher32 only";
    } else if ((f->file_dtype != H5R_DTYPE_COUNT && f->file_dtype != f->dtype) ||
               h5r_order_swaps(f->byte_order, f->dtype)) {
        why = "chunks that are written directly are not converted";
    } else if (f->access.kind != H5R_ACCESS_WHOLE) {
        why = "chunks that are written directly are whole: access must be whole";
    }
    if (why != NULL) {
        snprintf(reason, size, "%s", why);
    }
    return why == NULL;
}

static h5r_work_t work(const h5r_doer_t *w, h5r_operation_t operation)
{
    h5r_work_t work = h5r_work_share(w);
    if (operation == WRITE && w->factors->write_by == H5R_WRITE_DIRECT) {
        const h5r_dims_t shape = h5r_doer_shape(w);
        work.calls = work.all_calls = w->absent ? 0 : h5r_chunks_of(&shape, &w->factors->chunk).chunks;
    }
    return work;
}

const h5r_workload_t h5r_workload_filter = {
    .name = "filter",
    .summary =
        "chunks through HDF5's filters, or filtered by the program and written directly; and a damaged "
        "byte",
    .lesson =
        "Every filter of the pipeline runs over every chunk when it is written and backward when it is "
        "read; it pays if the bytes it saves cost more than its work. What it saves depends on the data "
        "(smooth, random, zeros; dtype), what it costs on the level: columns ratio_frac and "
        "efficiency_frac. HDF5 filters on the rank that owns the chunk, one after the other; a program can "
        "compress all its chunks first (phase compute) and hand them over ready (write_by direct). After "
        "reading, a byte of the first chunk of every file is changed and the chunk is read again, untimed, "
        "and then the byte is restored: fletcher32 must refuse it (refused_count), without a checksum wrong "
        "elements pass (wrong_count). Chunks that a plugin would have to decode without a checksum before "
        "it are left alone: its decoder may crash.",
    .roof =
        "The same bytes by the shortest way (store), and deflate, shuffle and fletcher32 in memory without "
        "any file (compress); copy where no file is under it. For other filters there is no compress roof, "
        "and "
        "so no efficiency: the store alone need not be what binds.",
    .operations = {[WRITE] = {.name = "write",
                              .direction = H5R_MOVES_OUT,
                              .help = "through filters, or filtered before"},
                   [READ] = {.name = "read", .direction = H5R_MOVES_IN, .help = "back through the filters"}},
    .steps = steps,
    .step_count = H5R_COUNT_OF(steps),
    .cases = {[PIPELINE] = "write_by pipeline", [DIRECT] = "write_by direct"},
    .which = which,
    .own_bytes = sizeof(own_t),
    .prepare = prepare,
    .release = release,
    .moves_share = true,
    .needs_hdf5 = true,
    .own_buffers = 1,
    .allows = allows,
    .work = work,
};
