/*
 * convert: the file's type or byte order is not that of memory. HDF5 converts during the transfer, through a
 * buffer, or the program does it in memory before the call; and what it costs to compute with data that were
 * left as they are stored.
 */
#include "bench/convert/lossy.h"
#include "bench/convert/mean.h"
#include "h5roof/buffer.h"
#include "h5roof/conversion.h"
#include "h5roof/count.h"
#include "h5roof/steps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WRITE, READ, COMPUTES }; /* its operations */

typedef struct {
    h5r_dtype_t memory, file;
    size_t file_bytes; /* of an element */
    bool swaps;
    char *stored; /* the share in the file's type and byte order */
    double mean;  /* of what `stored` holds */
} own_t;

/* The program's conversion, block by block so that swapping finds what converting left in the cache. */
static void convert_out(const own_t *own, const char *from, size_t size, uint64_t n)
{
    for (uint64_t i = 0; i < n; i += H5R_CONVERT_AT_ONCE) {
        size_t now = n - i < H5R_CONVERT_AT_ONCE ? (size_t)(n - i) : H5R_CONVERT_AT_ONCE;
        char *to = own->stored + i * own->file_bytes;
        h5r_convert_clamped(own->memory, own->file, from + i * size, to, now);
        if (own->swaps) {
            h5r_swap_bytes(own->file_bytes, to, to, now);
        }
    }
}

static void convert_in(const own_t *own, char *to, size_t size, uint64_t n)
{
    for (uint64_t i = 0; i < n; i += H5R_CONVERT_AT_ONCE) {
        size_t now = n - i < H5R_CONVERT_AT_ONCE ? (size_t)(n - i) : H5R_CONVERT_AT_ONCE;
        char *from = own->stored + i * own->file_bytes;
        if (own->swaps) {
            h5r_swap_bytes(own->file_bytes, from, from, now);
        }
        h5r_convert_clamped(own->file, own->memory, from, to + i * size, now);
    }
}

static h5r_status_t write_out(h5r_rep_t *rep, h5r_error_t *err)
{
    const own_t *own = rep->own;
    (void)err;
    convert_out(own, rep->write_buffer, rep->element_bytes, rep->part->calls.elements);
    return H5R_OK;
}

static h5r_status_t read_in(h5r_rep_t *rep, h5r_error_t *err)
{
    const own_t *own = rep->own;
    (void)err;
    convert_in(own, rep->read_buffer, rep->element_bytes, rep->part->calls.elements);
    return H5R_OK;
}

static h5r_status_t write_stored(h5r_rep_t *rep, h5r_error_t *err)
{
    const own_t *own = rep->own;
    return h5r_write_calls(rep, own->stored, own->file_bytes, err);
}

static h5r_status_t read_stored(h5r_rep_t *rep, h5r_error_t *err)
{
    const own_t *own = rep->own;
    return h5r_read_calls(rep, own->stored, own->file_bytes, err);
}

/* What was written must not be found where something should have been read. */
static h5r_status_t spoil_stored(h5r_rep_t *rep, h5r_error_t *err)
{
    const own_t *own = rep->own;
    const size_t bytes = (size_t)rep->parts[H5R_WAY_IN].calls.elements * own->file_bytes;
    (void)err;
    for (size_t i = 0; i < bytes; i++) {
        own->stored[i] = (char)~own->stored[i];
    }
    return H5R_OK;
}

static h5r_status_t compute_mean(h5r_rep_t *rep, h5r_error_t *err)
{
    own_t *own = rep->own;
    (void)err;
    own->mean = h5r_mean(own->file, own->swaps, own->stored, (size_t)rep->part->calls.elements);
    return H5R_OK;
}

/* ---- checks */

/* Every element against what the conversion there and back makes of it. Overwrites the write buffer, with
 * what the owner of the share that was read wrote, and `stored`. */
static h5r_status_t check_reads(h5r_rep_t *rep, h5r_error_t *err)
{
    const own_t *own = rep->own;
    const h5r_part_t *part = rep->part;
    const h5r_values_t values = rep->factors->values;
    const size_t n = (size_t)part->calls.elements, size = rep->element_bytes;
    char *original = rep->write_buffer, *expected = own->stored;
    (void)err;
    h5r_data_fill_region(&rep->data, &rep->factors->shape, &part->region, n, original);
    h5r_lossy_stretch(values, own->memory, own->file, original, n);
    memcpy(expected, original, n * size);
    if (values != H5R_VALUES_EXACT) {
        h5r_lossy_return(own->memory, own->file, expected, n);
    }
    for (size_t i = 0; i < n * size && values != H5R_VALUES_EXACT; i += size) {
        const char *found = rep->read_buffer + i;
        if (memcmp(expected + i, found, size) != 0 &&
            h5r_lossy_is_tie(own->memory, own->file, original + i, found)) {
            memcpy(expected + i, found, size);
        }
    }
    h5r_rep_compare(rep, READ, &part->region, n, expected, rep->read_buffer);
    return H5R_OK;
}

/* The same elements in this machine's byte order have the same mean to the bit. */
static h5r_status_t check_mean(h5r_rep_t *rep, h5r_error_t *err)
{
    const own_t *own = rep->own;
    const size_t n = (size_t)rep->part->calls.elements;
    (void)err;
    if (own->swaps) {
        h5r_swap_bytes(own->file_bytes, own->stored, own->stored, n);
    }
    double mean = h5r_mean(own->file, false, own->stored, n);
    if (memcmp(&mean, &own->mean, sizeof mean) != 0) {
        h5r_rep_wrong(rep, COMPUTES, "the mean is %.17g in the file's byte order and %.17g in this machine's",
                      own->mean, mean);
    }
    return H5R_OK;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static h5r_status_t store_again(h5r_rep_t *rep, h5r_error_t *err)
{
    const own_t *own = rep->own;
    const uint64_t n = rep->part->calls.elements;
    (void)err;
    convert_out(own, rep->write_buffer, rep->element_bytes, n);
    h5r_rep_moved(rep, COMPUTES, n * own->file_bytes, 0);
    return H5R_OK;
}

static h5r_status_t prepare(h5r_rep_t *rep, h5r_error_t *err)
{
    const h5r_factors_t *f = rep->factors;
    const uint64_t writes = rep->parts[H5R_WAY_OUT].calls.elements,
                   reads = rep->parts[H5R_WAY_IN].calls.elements;
    own_t *own = rep->own;
    *own =
        (own_t){.memory = f->dtype, .file = rep->file_dtype, .file_bytes = h5r_dtype_size(rep->file_dtype)};
    own->swaps = h5r_order_swaps(f->byte_order, own->file);
    const size_t bytes = larger(writes, reads) * larger(own->file_bytes, rep->element_bytes);
    own->stored = h5r_buffer_new(bytes, f->buffer_offset);
    if (own->stored == NULL) {
        return h5r_no_memory(err, "a buffer of %zu bytes", bytes);
    }
    h5r_lossy_stretch(f->values, own->memory, own->file, rep->write_buffer, writes);
    return H5R_OK;
}

static void release(h5r_rep_t *rep)
{
    const own_t *own = rep->own;
    h5r_buffer_free(own->stored);
}

/* ---- the order of steps */

enum { IN_HDF5, IN_PROGRAM }; /* its cases */

static unsigned which(const h5r_factors_t *f)
{
    return f->convert_by == H5R_CONVERT_BY_PROGRAM ? H5R_CASE(IN_PROGRAM) : H5R_CASE(IN_HDF5);
}

/* What vanishes at close is read back before. */
static const h5r_timed_step_t steps[] = {
    {WRITE, H5R_PHASE_COMPUTE, write_out, H5R_CASE(IN_PROGRAM)},
    {WRITE, H5R_PHASE_CREATE, h5r_step_create, H5R_ALWAYS},
    {WRITE, H5R_PHASE_SELECT, h5r_step_select, H5R_ALWAYS},
    {WRITE, H5R_PHASE_WRITE, h5r_step_write, H5R_CASE(IN_HDF5)},
    {WRITE, H5R_PHASE_WRITE, write_stored, H5R_CASE(IN_PROGRAM)},
    {WRITE, H5R_PHASE_FLUSH, h5r_step_flush, H5R_ALWAYS},
    {WRITE, H5R_PHASE_CLOSE, h5r_step_close, H5R_LASTING},
    {READ, H5R_UNTIMED, h5r_step_turn_to_reads, H5R_LASTING},
    {READ, H5R_UNTIMED, h5r_step_settle_cache, H5R_LASTING},
    {READ, H5R_UNTIMED, spoil_stored, H5R_CASE(IN_PROGRAM)},
    {READ, H5R_PHASE_OPEN, h5r_step_open, H5R_LASTING},
    {READ, H5R_PHASE_SELECT, h5r_step_select, H5R_LASTING},
    {READ, H5R_PHASE_READ, h5r_step_read, H5R_CASE(IN_HDF5)},
    {READ, H5R_PHASE_READ, read_stored, H5R_CASE(IN_PROGRAM)},
    {READ, H5R_PHASE_COMPUTE, read_in, H5R_CASE(IN_PROGRAM)},
    {READ, H5R_PHASE_CLOSE, h5r_step_close, H5R_LASTING},
    {WRITE, H5R_PHASE_CLOSE, h5r_step_close, H5R_VOLATILE},
    {READ, H5R_UNTIMED, check_reads, H5R_VERIFYING},
    {COMPUTES, H5R_UNTIMED, store_again, H5R_ALWAYS},
    {COMPUTES, H5R_PHASE_COMPUTE, compute_mean, H5R_ALWAYS},
    {COMPUTES, H5R_UNTIMED, check_mean, H5R_VERIFYING},
};

/* HDF5 only turns the bytes round where types differ in nothing but sign and order (H5T__conv_order,
 * in 1.10.8 as in later ones), so that -1 as u32 is 4294967295 and not 0. */
static bool sign_is_lost(const h5r_factors_t *f, h5r_dtype_t memory, h5r_dtype_t file)
{
    return f->convert_by == H5R_CONVERT_BY_HDF5 && f->values == H5R_VALUES_OVERFLOW &&
           !h5r_dtype_is_float(memory) && !h5r_dtype_is_float(file) &&
           h5r_dtype_size(memory) == h5r_dtype_size(file) && h5r_order_swaps(f->byte_order, file);
}

static bool allows(const h5r_factors_t *f, int nranks, char *reason, size_t size)
{
    const h5r_dtype_t memory = f->dtype, file = (f->file_dtype == H5R_DTYPE_COUNT ? f->dtype : f->file_dtype);
    const char *from = h5r_dtype_name(memory), *to = h5r_dtype_name(file);
    (void)nranks;
    if (f->values != H5R_VALUES_EXACT && f->data != H5R_DATA_RANDOM) {
        snprintf(reason, size, "values that a conversion changes are made of data random only");
        return false;
    }
    if (f->values == H5R_VALUES_ROUNDED && !h5r_lossy_rounds(memory, file)) {
        snprintf(reason, size, "nothing is rounded: no value of %s lies between two of %s", from, to);
        return false;
    }
    if (f->values == H5R_VALUES_OVERFLOW && !h5r_lossy_overflows(memory, file)) {
        snprintf(reason, size, "nothing overflows: every value of %s is within the limits of %s", from, to);
        return false;
    }
    if (sign_is_lost(f, memory, file)) {
        snprintf(reason, size,
                 "between %s and %s HDF5 only swaps the bytes and does not look at the sign, so that what is "
                 "beyond the limits wraps around",
                 from, to);
        return false;
    }
    return true;
}

static h5r_work_t work(const h5r_doer_t *w, h5r_operation_t operation)
{
    const h5r_dtype_t file =
        (w->factors->file_dtype == H5R_DTYPE_COUNT ? w->factors->dtype : w->factors->file_dtype);
    return operation == COMPUTES ? (h5r_work_t){.payload_bytes = w->calls.elements * h5r_dtype_size(file)}
                                 : h5r_work_share(w);
}

const h5r_workload_t h5r_workload_convert = {
    .name = "convert",
    .summary = "types and byte orders other than memory's, converted by HDF5 or by the program; a mean over "
               "swapped data",
    .lesson =
        "What is stored in another type or byte order than the program computes with is converted whenever "
        "it moves. HDF5 does it in pieces of conversion_buffer, and then transfers of several ranks are not "
        "collective (before 1.14.2; see the note independent); a program that converts in memory before the "
        "call (convert_by) pays in its phase compute and keeps them collective. The operation compute is "
        "the mean of data left in the file's type and byte order, each element turned round as it is added. "
        "Every element is verified: f64 comes back from f32 rounded to the nearest, integers beyond the "
        "limits are clamped to them (values).",
    .roof = "The same bytes by the shortest way (store), and the conversion in memory without any file "
            "(convert); copy where no file is under it. compute moves nothing and has no roof: compare it "
            "with byte_order native.",
    .operations = {[WRITE] = {.name = "write", .direction = H5R_MOVES_OUT, .help = "into the file's type"},
                   [READ] = {.name = "read", .direction = H5R_MOVES_IN, .help = "back into memory's"},
                   [COMPUTES] = {.name = "compute",
                                 .direction = H5R_MOVES_NOTHING,
                                 .help = "the mean of each rank's share, left as it is stored"}},
    .steps = steps,
    .step_count = H5R_COUNT_OF(steps),
    .cases = {[IN_HDF5] = "convert_by hdf5", [IN_PROGRAM] = "convert_by program"},
    .which = which,
    .own_bytes = sizeof(own_t),
    .prepare = prepare,
    .release = release,
    .moves_share = true,
    .own_buffers = 1,
    .allows = allows,
    .work = work,
};
