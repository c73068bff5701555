/*
 * select: a part of a dataset is read and written through selections of every kind. Building the selection
 * and transferring through it are phases of their own.
 */
#include "bench/select/selected.h"
#include "h5roof/buffer.h"
#include "h5roof/count.h"
#include "h5roof/share.h"
#include "h5roof/steps.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { WRITE, READ, CHANGE }; /* its operations */

#define GAP        0xA5 /* what lies between the selected elements in memory */
#define CHAIN_MOST 20000

typedef struct {
    h5r_selected_t selected;
    char *packed; /* what is transferred, h5r_selected_step() places apart */
    char *fresh;  /* [n] elements: what is written through the selection */
    bool whole;   /* the whole share is transferred, and the program picks: case WHOLE */
} select_t;

/* ---- what is timed */

static h5r_status_t build(h5r_rep_t *rep, h5r_error_t *err)
{
    select_t *own = rep->own;
    const h5r_hdf5_t *h = h5r_store_hdf5(rep->part->store);
    return h == NULL ? H5R_OK : h5r_selected_build(&own->selected, h, err);
}

static h5r_status_t read_selected(h5r_rep_t *rep, h5r_error_t *err)
{
    const select_t *own = rep->own;
    const h5r_hdf5_t *h = h5r_store_hdf5(rep->part->store);
    void *buffer = own->whole ? rep->read_buffer : own->packed;
    return h == NULL || H5Dread(h->dataset, h->memory_type, own->selected.memory_space,
                                own->selected.file_space, h->transfer, buffer) >= 0
               ? H5R_OK
               : h5r_fail_hdf5(err, "H5Dread", h->path);
}

static h5r_status_t write_selected(h5r_rep_t *rep, h5r_error_t *err)
{
    const select_t *own = rep->own;
    const h5r_hdf5_t *h = h5r_store_hdf5(rep->part->store);
    const void *buffer = own->whole ? rep->read_buffer : own->packed;
    return h == NULL || H5Dwrite(h->dataset, h->memory_type, own->selected.memory_space,
                                 own->selected.file_space, h->transfer, buffer) >= 0
               ? H5R_OK
               : h5r_fail_hdf5(err, "H5Dwrite", h->path);
}

static h5r_status_t gather(h5r_rep_t *rep, h5r_error_t *err)
{
    const select_t *own = rep->own;
    (void)err;
    h5r_pick_gather(rep->read_buffer, own->selected.at, own->selected.n, rep->element_bytes, 1, own->packed);
    return H5R_OK;
}

static h5r_status_t scatter(h5r_rep_t *rep, h5r_error_t *err)
{
    const select_t *own = rep->own;
    (void)err;
    h5r_pick_scatter(rep->read_buffer, own->selected.at, own->selected.n, rep->element_bytes, 1, own->fresh);
    return H5R_OK;
}

static h5r_status_t close_spaces(h5r_rep_t *rep, h5r_error_t *err)
{
    select_t *own = rep->own;
    return h5r_selected_close(&own->selected, err);
}

static h5r_status_t close_all(h5r_rep_t *rep, h5r_error_t *err)
{
    return close_spaces(rep, err) == H5R_OK ? h5r_step_close(rep, err) : err->code;
}

/* ---- what is not */

static void invert(char *bytes, uint64_t n)
{
    for (uint64_t i = 0; i < n; i++) {
        bytes[i] = (char)~bytes[i];
    }
}

static uint64_t packed_bytes(const h5r_rep_t *rep)
{
    const select_t *own = rep->own;
    return own->selected.n * h5r_selected_step(rep->factors) * rep->element_bytes;
}

/* The complement of what must be read, and a pattern between. */
static h5r_status_t poison(h5r_rep_t *rep, h5r_error_t *err)
{
    select_t *own = rep->own;
    (void)err;
    memset(own->packed, (char)~GAP, packed_bytes(rep));
    h5r_pick_gather(rep->write_buffer, own->selected.at, own->selected.n, rep->element_bytes,
                    h5r_selected_step(rep->factors), own->packed);
    invert(own->packed, packed_bytes(rep));
    return H5R_OK;
}

static void check_gaps(h5r_rep_t *rep)
{
    const select_t *own = rep->own;
    const uint64_t size = rep->element_bytes, bytes = packed_bytes(rep);
    for (uint64_t i = 0; i < bytes && h5r_selected_step(rep->factors) > 1; i++) {
        if (i / size % 2 == 1 && (unsigned char)own->packed[i] != GAP) {
            h5r_rep_wrong(rep, READ, "memory behind selected element %" PRIu64 " was changed", i / size / 2);
            return;
        }
    }
}

/* What was read, in its place among what must be there. */
static h5r_status_t check_read(h5r_rep_t *rep, h5r_error_t *err)
{
    const select_t *own = rep->own;
    const uint64_t elements = rep->part->calls.elements, step = h5r_selected_step(rep->factors);
    (void)err;
    if (own->whole) { /* what nobody picks was read as well */
        h5r_rep_compare(rep, READ, &rep->part->region, elements, rep->write_buffer, rep->read_buffer);
    }
    memcpy(rep->read_buffer, rep->write_buffer, elements * rep->element_bytes);
    h5r_pick_scatter(rep->read_buffer, own->selected.at, own->selected.n, rep->element_bytes, step,
                     own->packed);
    h5r_rep_compare(rep, READ, &rep->part->region, elements, rep->write_buffer, rep->read_buffer);
    if (rep->verify) {
        check_gaps(rep);
    }
    return H5R_OK;
}

/* New values for what is selected: those of another seed, one element further. */
static h5r_status_t renew(h5r_rep_t *rep, h5r_error_t *err)
{
    select_t *own = rep->own;
    const h5r_selected_t *s = &own->selected;
    const uint64_t size = rep->element_bytes, step = h5r_selected_step(rep->factors);
    h5r_data_t other = rep->data;
    (void)err;
    if (own->whole) { /* is read again, and must not be right already */
        invert(rep->read_buffer, rep->part->calls.elements * size);
    }
    other.seed++;
    memset(own->packed, GAP, packed_bytes(rep));
    for (uint64_t i = 0; i < s->n; i++) {
        uint64_t global = h5r_region_global(&rep->part->region, &rep->factors->shape, s->at[i]);
        h5r_data_fill(&other, global + 1, 1, own->fresh + i * size);
        memcpy(own->packed + i * step * size, own->fresh + i * size, size);
    }
    return H5R_OK;
}

/* What must be there after it, into the write buffer, and its complement where it will be read to. */
static h5r_status_t expect(h5r_rep_t *rep, h5r_error_t *err)
{
    const select_t *own = rep->own;
    const uint64_t bytes = rep->part->calls.elements * rep->element_bytes;
    (void)err;
    h5r_pick_scatter(rep->write_buffer, own->selected.at, own->selected.n, rep->element_bytes, 1, own->fresh);
    memcpy(rep->read_buffer, rep->write_buffer, bytes);
    invert(rep->read_buffer, bytes);
    return H5R_OK;
}

static h5r_status_t check_all(h5r_rep_t *rep, h5r_error_t *err)
{
    (void)err;
    h5r_rep_compare(rep, CHANGE, &rep->part->region, rep->part->calls.elements, rep->write_buffer,
                    rep->read_buffer);
    return H5R_OK;
}

/* ---- the order of steps */

enum { PICKED, WHOLE }; /* its cases */

static unsigned which(const h5r_factors_t *f)
{
    return f->mask_as == H5R_MASK_RMW ? H5R_CASE(WHOLE) : H5R_CASE(PICKED);
}

static const h5r_timed_step_t steps[] = {
    {WRITE, H5R_PHASE_CREATE, h5r_step_create, H5R_ALWAYS},
    {WRITE, H5R_PHASE_SELECT, h5r_step_select, H5R_ALWAYS},
    {WRITE, H5R_PHASE_WRITE, h5r_step_write, H5R_ALWAYS},
    {WRITE, H5R_PHASE_FLUSH, h5r_step_flush, H5R_ALWAYS},
    {WRITE, H5R_PHASE_CLOSE, h5r_step_close, H5R_LASTING},
    {READ, H5R_UNTIMED, poison, H5R_ALWAYS},
    {READ, H5R_UNTIMED, h5r_step_settle_cache, H5R_LASTING},
    {READ, H5R_PHASE_OPEN, h5r_step_open, H5R_LASTING},
    {READ, H5R_PHASE_SELECT, build, H5R_ALWAYS},
    {READ, H5R_PHASE_READ, read_selected, H5R_ALWAYS},
    {READ, H5R_PHASE_COMPUTE, gather, H5R_CASE(WHOLE)},
    {READ, H5R_PHASE_CLOSE, close_all, H5R_LASTING},
    {READ, H5R_UNTIMED, close_spaces, H5R_VOLATILE},
    {READ, H5R_UNTIMED, check_read, H5R_ALWAYS},
    {CHANGE, H5R_UNTIMED, renew, H5R_ALWAYS},
    {CHANGE, H5R_PHASE_OPEN, h5r_step_open_rw, H5R_LASTING},
    {CHANGE, H5R_PHASE_SELECT, build, H5R_ALWAYS},
    {CHANGE, H5R_PHASE_READ, read_selected, H5R_CASE(WHOLE)},
    {CHANGE, H5R_PHASE_COMPUTE, scatter, H5R_CASE(WHOLE)},
    {CHANGE, H5R_PHASE_WRITE, write_selected, H5R_ALWAYS},
    {CHANGE, H5R_PHASE_FLUSH, h5r_step_flush, H5R_ALWAYS},
    {CHANGE, H5R_PHASE_CLOSE, close_all, H5R_LASTING},
    {CHANGE, H5R_UNTIMED, expect, H5R_ALWAYS},
    {CHANGE, H5R_UNTIMED, h5r_step_open, H5R_LASTING},
    {CHANGE, H5R_UNTIMED, h5r_step_select, H5R_ALWAYS},
    {CHANGE, H5R_UNTIMED, h5r_step_read, H5R_ALWAYS},
    {CHANGE, H5R_UNTIMED, check_all, H5R_ALWAYS},
    {CHANGE, H5R_UNTIMED, h5r_step_close, H5R_LASTING},
    {WRITE, H5R_PHASE_CLOSE, close_all, H5R_VOLATILE}, /* once, as for the workload slab */
};

/* ---- before and after */

static h5r_status_t prepare(h5r_rep_t *rep, h5r_error_t *err)
{
    select_t *own = rep->own;
    const h5r_factors_t *f = rep->factors;
    bool nothing = h5r_rank_is_empty(f, rep->nranks, rep->rank);
    own->whole = f->mask_as == H5R_MASK_RMW;
    if (h5r_selected_init(&own->selected, f, &rep->part->calls.region, rep->data.seed, (uint64_t)rep->rank,
                          nothing, err) != H5R_OK) {
        return err->code;
    }
    own->packed = h5r_buffer_new(packed_bytes(rep), f->buffer_offset);
    own->fresh = h5r_buffer_new(own->selected.n * rep->element_bytes, f->buffer_offset);
    return own->packed != NULL && own->fresh != NULL ? H5R_OK : h5r_no_memory(err, "what is selected");
}

/* What is selected, whatever the way (rmw moves everything). Chunks that are written in part are read first.
 */
static void tell_chunks(h5r_rep_t *rep)
{
    const select_t *own = rep->own;
    const h5r_selected_t *s = &own->selected;
    h5r_touched_t touched;
    if (rep->factors->filter.n == 0) {
        return;
    }
    h5r_touched_init(&touched, h5r_store_shape(rep->part->store), &rep->factors->chunk);
    for (uint64_t i = 0; i < s->n; i++) {
        uint64_t coord[H5R_MAX_NDIMS];
        h5r_region_coord(&s->region, s->at[i], coord);
        h5r_touched_mark(&touched, coord);
    }
    h5r_rep_touched(rep, READ, &touched, H5R_FILTERS_IN);
    h5r_rep_touched(rep, CHANGE, &touched, H5R_FILTERS_OUT | H5R_FILTERS_IN_PART);
    h5r_touched_free(&touched);
}

static void check(h5r_rep_t *rep)
{
    const select_t *own = rep->own;
    const uint64_t calls = h5r_store_absent(rep->part->store) ? 0 : 1;
    const uint64_t selected = own->selected.n * rep->element_bytes;
    h5r_rep_moved(rep, WRITE, rep->part->calls.elements * rep->element_bytes, rep->part->calls.calls);
    h5r_rep_moved(rep, READ, selected, calls);
    h5r_rep_moved(rep, CHANGE, selected, own->whole ? 2 * calls : calls);
    tell_chunks(rep);
}

static void release(h5r_rep_t *rep)
{
    select_t *own = rep->own;
    h5r_selected_free(&own->selected);
    h5r_buffer_free(own->packed);
    h5r_buffer_free(own->fresh);
}

static bool allows(const h5r_factors_t *f, int nranks, char *reason, size_t size)
{
    const uint64_t runs = h5r_dims_elements(&f->shape) / (uint64_t)nranks / f->one_in;
    if (f->decomposition == H5R_DECOMP_INTERLEAVED && f->shape.n == 1) {
        snprintf(reason, size,
                 "interleaved ranks own single elements of one dimension, which have no columns to select");
        return false;
    }
    if (f->mask_as == H5R_MASK_CHAIN && runs > CHAIN_MOST) {
        snprintf(reason, size,
                 "chaining about %" PRIu64 " hyperslabs a rank takes quadratic time; at most %d are", runs,
                 CHAIN_MOST);
        return false;
    }
    if (f->mask_as == H5R_MASK_RMW && f->memory_selection != H5R_MEMORY_DENSE) {
        snprintf(reason, size,
                 "with mask_as rmw whole shares are transferred, without a selection of memory");
        return false;
    }
    return true;
}

/* A mask is looked at; one that is too large has about one element in so many. */
static uint64_t count_selected(const h5r_doer_t *w, bool *estimated)
{
    const h5r_factors_t *f = w->factors;
    const h5r_region_t *region = &w->calls.region;
    const uint64_t elements = h5r_region_elements(region);
    const h5r_pick_t pick = {
        .kind = f->selection, .one_in = f->one_in, .seed = w->data.seed, .stream = (uint64_t)w->rank};
    if (elements == 0 || h5r_rank_is_empty(f, w->nranks, w->rank)) {
        return 0;
    }
    *estimated = pick.kind == H5R_SELECT_MASK && elements > H5R_WORK_LOOK / (uint64_t)w->nranks;
    return *estimated ? elements / pick.one_in
                      : h5r_pick_count(&pick, region->count[region->ndims - 1], elements);
}

static h5r_work_t work(const h5r_doer_t *w, h5r_operation_t operation)
{
    h5r_work_t work = h5r_work_share(w);
    if (operation == WRITE) {
        return work;
    }
    const bool twice = operation == CHANGE && w->factors->mask_as == H5R_MASK_RMW;
    work.payload_bytes = count_selected(w, &work.estimated) * w->element_bytes;
    work.calls = work.all_calls = w->absent ? 0 : twice ? 2 : 1;
    return work;
}

const h5r_workload_t h5r_workload_select = {
    .name = "select",
    .summary = "ranges, strides, blocks, lists, points and masks are read and written through selections",
    .lesson = "The same number of elements (factor one_in) costs very different times, by the shape of the "
              "selection and by the way it is said to HDF5. Ranges and blocks are runs, strides and points "
              "are single elements. A list or a mask has to be put together first, which the phase select "
              "shows apart from the transfer: as points; as a union of runs by halves, n log n; or run by "
              "run, which is quadratic (mask_as). Above some density it is cheaper to read whole rows, pick "
              "in memory, and write them back (rmw).",
    .roof =
        "The selected bytes only, by raw POSIX in large pieces: what they would cost if they lay one after "
        "the other; their conversion; and the filters over the chunks in which something is selected, each "
        "once: forward for write_selected, backward for read, and for write_selected too where only a part "
        "of "
        "a chunk is selected.",
    .operations = {[WRITE] = {.name = "write", .direction = H5R_MOVES_OUT, .help = "the whole dataset"},
                   [READ] = {.name = "read",
                             .direction = H5R_MOVES_IN,
                             .help = "what is selected; select builds the selection, compute picks (rmw)"},
                   [CHANGE] = {.name = "write_selected",
                               .direction = H5R_MOVES_OUT,
                               .help = "new values there; rmw reads first and computes where they go"}},
    .steps = steps,
    .step_count = H5R_COUNT_OF(steps),
    .cases = {[PICKED] = "a selection", [WHOLE] = "mask_as rmw"},
    .which = which,
    .own_bytes = sizeof(select_t),
    .prepare = prepare,
    .check = check,
    .release = release,
    .needs_hdf5 = true,
    .own_calls = true,
    .allows = allows,
    .work = work,
};
