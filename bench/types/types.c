/*
 * types: elements that are no plain numbers: enumerations, bools, strings, sequences; written and read as slab does it.
 * What has no fixed length HDF5 does not write through MPI-IO: one rank writes a shared file, and all read it.
 */
#include "bench/types/elements.h"
#include "bench/types/one_writer.h"
#include "h5roof/buffer.h"
#include "h5roof/count.h"
#include "h5roof/driver.h"
#include "h5roof/element_rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WRITE, READ }; /* its operations */

typedef struct {
    uint64_t length;      /* numbers of an element, at most */
    size_t unit;          /* bytes that memory has of an element of variable length: a reference */
    hid_t file, memory;   /* the types */
    char *out, *in;       /* references: to what is written, to what HDF5 has read */
    uint64_t rows, ins;   /* how many */
    h5r_one_writer_t one; /* of a shared file */
    char *all;            /* the rank that writes it has all rows */
} types_t;

/* ---- what is timed */

static h5r_status_t write_variable(h5r_rep_t *rep, h5r_error_t *err)
{
    const types_t *s = rep->own;
    return h5r_rows_write(rep, s->out, s->unit, err);
}

static h5r_status_t read_variable(h5r_rep_t *rep, h5r_error_t *err)
{
    const types_t *s = rep->own;
    return h5r_rows_read(rep, s->in, s->unit, err);
}

/* ---- what one rank does alone, in the file that all will read */

static h5r_status_t one_create(h5r_rep_t *rep, h5r_error_t *err)
{
    types_t *s = rep->own;
    return h5r_one_writer_create(&s->one, rep, err);
}

/* All is one selection already. */
static h5r_status_t one_select(h5r_rep_t *rep, h5r_error_t *err)
{
    (void)rep, (void)err;
    return H5R_OK;
}

static h5r_status_t one_write(h5r_rep_t *rep, h5r_error_t *err)
{
    const types_t *s = rep->own;
    return h5r_one_writer_write(&s->one, rep, s->out, err);
}

static h5r_status_t one_flush(h5r_rep_t *rep, h5r_error_t *err)
{
    const types_t *s = rep->own;
    return h5r_one_writer_flush(&s->one, rep, err);
}

static h5r_status_t one_close(h5r_rep_t *rep, h5r_error_t *err)
{
    const types_t *s = rep->own;
    return h5r_one_writer_close(&s->one, rep, err);
}

/* ---- what is not timed */

/* The dataset itself has references only; the heap that they lead to belongs to the file. */
static h5r_status_t measure_stored(h5r_rep_t *rep, h5r_error_t *err)
{
    const types_t *s = rep->own;
    const h5r_hdf5_t *h = h5r_store_hdf5(rep->part->store);
    const hid_t file = s->one.file >= 0 ? s->one.file : h != NULL ? h->file : -1;
    hsize_t bytes = 0;
    if (file >= 0 && H5Fget_filesize(file, &bytes) < 0) {
        return h5r_fail_hdf5(err, "H5Fget_filesize", h->path);
    }
    h5r_rep_stored(rep, bytes);
    return H5R_OK;
}

static uint64_t length_of(const h5r_rep_t *rep, const h5r_region_t *region, uint64_t row)
{
    const types_t *s = rep->own;
    const uint64_t at = h5r_region_global(region, &rep->factors->shape, row * s->length) / s->length;
    return h5r_element_length(rep->data.seed, at, s->length);
}

/* The rows of a region as they are to be, in the type of the numbers; the strings of them end in a 0. */
static void fill_rows(const h5r_rep_t *rep, const h5r_region_t *region, uint64_t numbers, char *to)
{
    const types_t *s = rep->own;
    const h5r_factors_t *f = rep->factors;
    h5r_data_fill_region(&rep->data, &f->shape, region, numbers, to);
    h5r_element_dress(f->element, f->dtype, to, numbers);
    for (uint64_t i = 0; f->element == H5R_ELEMENT_VLEN_STRING && i < numbers / s->length; i++) {
        to[i * s->length + length_of(rep, region, i)] = '\0';
    }
}

/* References to rows of a region, as HDF5 wants them. */
static void refer(const h5r_rep_t *rep, const h5r_region_t *region, char *data)
{
    const types_t *s = rep->own;
    const size_t row = (size_t)s->length * rep->element_bytes;
    for (uint64_t i = 0; i < s->rows; i++) {
        char *text = data + i * row;
        const hvl_t sequence = {.len = (size_t)length_of(rep, region, i), .p = text};
        memcpy(s->out + i * s->unit,
               rep->factors->element == H5R_ELEMENT_VLEN ? (const void *)&sequence : (const void *)&text,
               s->unit);
    }
}

/* What HDF5 has read of an element; returns its length. */
static uint64_t found_at(const h5r_rep_t *rep, uint64_t row, const char **numbers)
{
    const types_t *s = rep->own;
    if (rep->factors->element == H5R_ELEMENT_VLEN) {
        hvl_t sequence;
        memcpy(&sequence, s->in + row * s->unit, sizeof sequence);
        *numbers = sequence.p;
        return sequence.len;
    }
    memcpy(numbers, s->in + row * s->unit, sizeof *numbers);
    return *numbers != NULL ? strlen(*numbers) : 0;
}

/* Into the read buffer, where `expected` is behind the end of each; a wrong length is said here. */
static void unpack(h5r_rep_t *rep, const char *expected)
{
    const types_t *s = rep->own;
    const size_t size = rep->element_bytes, row = (size_t)s->length * size;
    for (uint64_t i = 0; i < s->ins; i++) {
        const char *numbers;
        const uint64_t right = length_of(rep, &rep->part->region, i), found = found_at(rep, i, &numbers);
        memcpy(rep->read_buffer + i * row, expected + i * row, row);
        if (found != right) {
            h5r_rep_wrong(rep, READ, "row %" PRIu64 " of rank %d has %" PRIu64 " elements, found %" PRIu64, i,
                          rep->part->owner, right, found);
        } else if (found > 0) {
            memcpy(rep->read_buffer + i * row, numbers, found * size);
        }
    }
}

/* What HDF5 allocated while it read. */
static h5r_status_t give_back(const h5r_rep_t *rep, h5r_error_t *err)
{
    const types_t *s = rep->own;
    if (s->ins == 0) {
        return H5R_OK;
    }
    const hsize_t rows = s->ins;
    hid_t space = H5Screate_simple(1, &rows, NULL);
#if H5_VERSION_GE(1, 12, 0)
    herr_t code = H5Treclaim(s->memory, space, H5P_DEFAULT, s->in);
#else
    herr_t code = H5Dvlen_reclaim(s->memory, space, H5P_DEFAULT, s->in);
#endif
    return code < 0 || H5Sclose(space) < 0 ? h5r_fail_hdf5(err, "H5Dvlen_reclaim", "what was read") : H5R_OK;
}

static h5r_status_t check_read(h5r_rep_t *rep, h5r_error_t *err)
{
    const types_t *s = rep->own;
    const h5r_part_t *part = rep->part;
    if (rep->verify) {
        fill_rows(rep, &part->region, part->calls.elements, rep->write_buffer);
        if (s->unit > 0) {
            unpack(rep, rep->write_buffer);
        }
        h5r_rep_compare(rep, READ, &part->region, part->calls.elements, rep->write_buffer, rep->read_buffer);
    }
    return give_back(rep, err);
}

/* ---- around the steps */

static bool by_one(const h5r_factors_t *f)
{
    return h5r_element_is_variable(f->element) && h5r_factors_files(f) == H5R_FILES_SHARED;
}

/* What nobody reads cannot look right by chance: the complement of what is right. */
static void poison(const h5r_rep_t *rep)
{
    const h5r_part_t *reads = &rep->parts[H5R_WAY_IN];
    const size_t bytes = (size_t)reads->calls.elements * rep->element_bytes;
    fill_rows(rep, &reads->region, reads->calls.elements, rep->read_buffer);
    for (size_t i = 0; i < bytes; i++) {
        rep->read_buffer[i] = (char)~rep->read_buffer[i];
    }
}

static h5r_status_t prepare_variable(h5r_rep_t *rep, types_t *s, h5r_error_t *err)
{
    const h5r_factors_t *f = rep->factors;
    h5r_region_t region = rep->parts[H5R_WAY_OUT].region;
    char *data = rep->write_buffer;
    s->unit = f->element == H5R_ELEMENT_VLEN ? sizeof(hvl_t) : sizeof(char *);
    s->ins = rep->parts[H5R_WAY_IN].calls.elements / s->length;
    s->rows = by_one(f) ? 0 : rep->parts[H5R_WAY_OUT].calls.elements / s->length;
    if (by_one(f) && rep->rank == 0) {
        const uint64_t numbers = h5r_dims_elements(&f->shape);
        region = h5r_region_of_rank(&f->shape, H5R_DECOMP_SLAB, 1, 0, NULL);
        s->rows = numbers / s->length;
        s->all = data = h5r_buffer_new((size_t)numbers * rep->element_bytes, 0);
        if (data == NULL) {
            return h5r_no_memory(err, "all of %" PRIu64 " elements", s->rows);
        }
        if (h5r_one_writer_prepare(&s->one, rep, err) != H5R_OK) {
            return err->code;
        }
    }
    s->out = h5r_buffer_new((size_t)s->rows * s->unit, f->buffer_offset);
    s->in = h5r_buffer_new((size_t)s->ins * s->unit, f->buffer_offset);
    if (s->out == NULL || s->in == NULL) {
        return h5r_no_memory(err, "references to %" PRIu64 " elements", s->rows + s->ins);
    }
    memset(s->in, 0, (size_t)s->ins * s->unit); /* nothing to be given back */
    fill_rows(rep, &region, s->rows * s->length, data);
    refer(rep, &region, data);
    return H5R_OK;
}

static h5r_status_t prepare(h5r_rep_t *rep, h5r_error_t *err)
{
    const h5r_factors_t *f = rep->factors;
    const h5r_part_t *writes = &rep->parts[H5R_WAY_OUT];
    types_t *s = rep->own;
    const bool rows = h5r_element_is_row(f->element);
    *s = (types_t){
        .length = rows ? h5r_rows_length(f) : 1, .file = -1, .memory = -1, .one = H5R_ONE_WRITER_NONE};
    poison(rep);
    if (!h5r_element_is_variable(f->element)) {
        fill_rows(rep, &writes->region, writes->calls.elements, rep->write_buffer);
    } else if (prepare_variable(rep, s, err) != H5R_OK) {
        return err->code;
    }
    const h5r_hdf5_t *h = h5r_rows_hdf5(rep);
    if (h == NULL) {
        return H5R_OK;
    }
    s->file = h5r_element_type(f, h->file_type);
    s->memory = h5r_element_type(f, h->memory_type);
    return s->file < 0 || s->memory < 0 ? h5r_fail_hdf5(err, "making the type of an element", h->path)
                                        : h5r_rows_use(rep, s->file, s->memory, rows, err);
}

static void count_variable(h5r_rep_t *rep)
{
    const h5r_part_t *part = &rep->parts[H5R_WAY_OUT];
    const types_t *s = rep->own;
    const h5r_dims_t *shape = &rep->factors->shape;
    const uint64_t seed = rep->data.seed, size = rep->element_bytes;
    const uint64_t all = h5r_element_lengths(seed, shape, &part->region,
                                             h5r_region_elements(&part->region) / s->length),
                   own = h5r_element_lengths(seed, shape, &part->region, part->calls.elements / s->length);
    const bool alone = by_one(rep->factors);
    for (h5r_operation_t o = WRITE; o <= READ; o++) {
        h5r_rep_moved(rep, o, own * size, part->calls.calls);
        h5r_rep_unbounded(rep, o, all * size, part->calls.pieces);
    }
    if (alone) {
        const h5r_region_t whole = h5r_region_of_rank(shape, H5R_DECOMP_SLAB, 1, 0, NULL);
        h5r_rep_moved(rep, WRITE, h5r_element_lengths(seed, shape, &whole, s->rows) * size,
                      rep->rank == 0 ? 1 : 0);
    }
}

static void check(h5r_rep_t *rep)
{
    const h5r_factors_t *f = rep->factors;
    for (h5r_operation_t o = WRITE; o <= READ; o++) {
        h5r_rep_moved_share(rep, o);
        if (f->filter.n > 0 && f->element != H5R_ELEMENT_NUMBER) {
            /* its roof has numbers, and the filter gets letters, members or references */
            h5r_rep_touched(rep, o, &(h5r_touched_t){.elements = NULL}, 0);
        }
    }
    if (h5r_element_is_variable(f->element)) {
        count_variable(rep);
    }
}

static void release(h5r_rep_t *rep)
{
    const types_t *s = rep->own;
    if (s->file >= 0) {
        H5Tclose(s->file);
    }
    if (s->memory >= 0) {
        H5Tclose(s->memory);
    }
    h5r_one_writer_release(&s->one);
    h5r_buffer_free(s->all);
    h5r_buffer_free(s->out);
    h5r_buffer_free(s->in);
}

/* ---- the order of steps */

enum { FIXED, VARIABLE, BY_ONE }; /* its cases */

static unsigned which(const h5r_factors_t *f)
{
    return H5R_CASE(by_one(f) ? BY_ONE : h5r_element_is_variable(f->element) ? VARIABLE : FIXED);
}

#define ALL (H5R_CASE(FIXED) | H5R_CASE(VARIABLE))
#define ONE H5R_CASE(BY_ONE)

/* What vanishes at close is read back before. */
static const h5r_timed_step_t steps[] = {
    {WRITE, H5R_PHASE_CREATE, h5r_step_create, ALL},
    {WRITE, H5R_PHASE_CREATE, one_create, ONE},
    {WRITE, H5R_PHASE_SELECT, h5r_step_select, ALL},
    {WRITE, H5R_PHASE_SELECT, one_select, ONE},
    {WRITE, H5R_PHASE_WRITE, h5r_step_write, H5R_CASE(FIXED)},
    {WRITE, H5R_PHASE_WRITE, write_variable, H5R_CASE(VARIABLE)},
    {WRITE, H5R_PHASE_WRITE, one_write, ONE},
    {WRITE, H5R_PHASE_FLUSH, h5r_step_flush, ALL},
    {WRITE, H5R_PHASE_FLUSH, one_flush, ONE},
    {WRITE, H5R_UNTIMED, measure_stored, H5R_CASE(VARIABLE) | ONE},
    {WRITE, H5R_PHASE_CLOSE, h5r_step_close, H5R_LASTING | ALL},
    {WRITE, H5R_PHASE_CLOSE, one_close, H5R_LASTING | ONE},
    {READ, H5R_UNTIMED, h5r_step_turn_to_reads, H5R_LASTING},
    {READ, H5R_UNTIMED, h5r_step_settle_cache, H5R_LASTING},
    {READ, H5R_PHASE_OPEN, h5r_step_open, H5R_LASTING},
    {READ, H5R_PHASE_SELECT, h5r_step_select, H5R_LASTING},
    {READ, H5R_PHASE_READ, h5r_step_read, H5R_CASE(FIXED)},
    {READ, H5R_PHASE_READ, read_variable, H5R_CASE(VARIABLE) | ONE},
    {READ, H5R_PHASE_CLOSE, h5r_step_close, H5R_LASTING},
    {READ, H5R_UNTIMED, check_read, H5R_ALWAYS},
    {WRITE, H5R_PHASE_CLOSE, h5r_step_close, H5R_VOLATILE | ALL},
};

static h5r_work_t work(const h5r_doer_t *w, h5r_operation_t operation)
{
    const h5r_factors_t *f = w->factors;
    h5r_work_t work = h5r_work_share(w);
    if (!h5r_element_is_variable(f->element)) {
        return work;
    }
    const uint64_t length = h5r_rows_length(f);
    h5r_region_t region = w->region;
    uint64_t rows = w->calls.elements / length;
    if (by_one(f) && operation == WRITE) {
        region = h5r_region_of_rank(&f->shape, H5R_DECOMP_SLAB, 1, 0, NULL);
        rows = w->rank == 0 ? h5r_region_elements(&region) / length : 0;
        work = (h5r_work_t){.calls = rows > 0 ? 1 : 0, .all_calls = rows > 0 ? 1 : 0};
    }
    work.estimated = rows > H5R_WORK_LOOK / sizeof(uint64_t) / (uint64_t)w->nranks;
    work.payload_bytes =
        w->element_bytes * (work.estimated ? rows * (length - 1) / 2
                                           : h5r_element_lengths(w->data.seed, &f->shape, &region, rows));
    return work;
}

static bool converts(const h5r_factors_t *f)
{
    return (f->file_dtype != H5R_DTYPE_COUNT && f->file_dtype != f->dtype) ||
           h5r_order_swaps(f->byte_order, f->dtype);
}

/* These look into an element. */
static bool knows_numbers_only(h5r_filter_kind_t kind)
{
    return kind == H5R_FILTER_SZIP || kind == H5R_FILTER_NBIT || kind == H5R_FILTER_SCALEOFFSET;
}

static bool allows(const h5r_factors_t *f, int nranks, char *reason, size_t size)
{
    const bool variable = h5r_element_is_variable(f->element);
    const char *why = NULL;
    if (!h5r_element_fits(f, reason, size) ||
        (h5r_element_is_row(f->element) &&
         !h5r_rows_allowed(f, nranks, f->element == H5R_ELEMENT_VLEN ? "a sequence" : "a string", reason,
                           size))) {
        return false;
    }
    if (f->element != H5R_ELEMENT_NUMBER && converts(f)) {
        why = "only element number has another type or byte order in the file here; workload convert has "
              "more of it";
    } else if (f->element != H5R_ELEMENT_NUMBER && f->filter.n > 0 &&
               knows_numbers_only(f->filter.stage[0].kind)) {
        why = "szip, nbit and scaleoffset are for numbers, and an element is none";
    } else if (variable && f->fill_time == H5R_FILL_NEVER) {
        why = "HDF5 refuses data of variable length without a fill value: nobody could follow an undefined "
              "reference";
    } else if (variable && h5r_rows_length(f) < 2) {
        why = "the longest element is one shorter than the last dimension of shape, and nothing is left";
    } else if (variable && h5r_factors_files(f) == H5R_FILES_SHARED && !h5r_factors_mpi_file(f)) {
        why = "what has no fixed length is written by one rank as a plain file, which this driver does not "
              "read";
    }
    if (why != NULL) {
        snprintf(reason, size, "%s", why);
    }
    return why == NULL;
}

const h5r_workload_t h5r_workload_types = {
    .name = "types",
    .summary = "elements that are no plain numbers: enumerations, bools, strings of fixed and of variable "
               "length, sequences",
    .lesson = "Enumerations, bools and strings of fixed length lie in a dataset as their bytes do, and cost "
              "what numbers of "
              "these bytes cost. What has no fixed length does not: the dataset has a reference of 16 bytes "
              "for each element, "
              "and each element is an object of its own in a heap of the file, found, copied and allocated "
              "one by one; no "
              "filter sees it, for a filter is given the references. And several ranks cannot write it: HDF5 "
              "refuses it "
              "through MPI-IO. A shared file is therefore written by rank 0 alone, through the driver sec2, "
              "and read by all; "
              "with a file per rank each writes its own. If the longest string is known, a fixed length is "
              "the cure, and a "
              "filter makes the blanks behind the others small. Lengths of variable ones are random, the "
              "same in every run.",
    .roof = "The payload by raw POSIX in large pieces (store), dealt out evenly, also where one rank wrote "
            "it: the "
            "letters and numbers themselves, without references. What a filter makes of other elements than "
            "numbers is not measured: no efficiency then.",
    .operations =
        {[WRITE] = {.name = "write",
                    .direction = H5R_MOVES_OUT,
                    .help = "every rank's share; of variable length in a shared file all, by rank 0"},
         [READ] = {.name = "read", .direction = H5R_MOVES_IN, .help = "every rank's share, verified"}},
    .steps = steps,
    .step_count = H5R_COUNT_OF(steps),
    .cases = {[FIXED] = "element of fixed length",
              [VARIABLE] = "element of variable length, files per_rank",
              [BY_ONE] = "element of variable length, files shared"},
    .which = which,
    .own_bytes = sizeof(types_t),
    .prepare = prepare,
    .check = check,
    .release = release,
    .needs_hdf5 = true,
    .own_buffers = 1,
    .allows = allows,
    .work = work,
};
