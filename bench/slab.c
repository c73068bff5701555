/*
 * slab: an N-D dataset, decomposed over the ranks, is written and read back in pieces of a chosen size. The
 * plain case of array I/O, and the one in which element-wise loops are seen to cost hundreds of times more
 * than whole slabs.
 */
#include "h5roof/arrangement.h"
#include "h5roof/count.h"
#include "h5roof/driver.h"
#include "h5roof/halo.h"
#include "h5roof/hdf5_file.h"
#include "h5roof/share.h"
#include "h5roof/steps.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { WRITE, READ }; /* its operations */

static bool is_one_of_many(const h5r_factors_t *f)
{
    return f->file_count > 1 || f->existing != H5R_EXISTING_NONE;
}

/* ---- memory that all calls share: each of them wrote what it held, the data of the rank's first one */

static h5r_region_t held_by(const h5r_part_t *part)
{
    h5r_op_t first;
    h5r_op_at(&part->calls, 0, &first);
    return h5r_op_region(&part->calls, &part->region, &first);
}

/* What a call read, or the last of them left. */
static void check_call(h5r_rep_t *rep, const h5r_region_t *held, const h5r_op_t *call, const char *what)
{
    const h5r_part_t *part = rep->part;
    const h5r_dims_t *shape = &rep->factors->shape;
    uint64_t coord[H5R_MAX_NDIMS];
    const uint64_t bad = h5r_data_check_region(&rep->data, shape, held, call->elements, rep->read_buffer);
    if (bad == call->elements) {
        return;
    }
    char where[H5R_COORD_SIZE], right[64], wrong[64], expected[8];
    const h5r_region_t region = h5r_op_region(&part->calls, &part->region, call);
    h5r_region_coord(&region, bad, coord);
    h5r_data_fill(&rep->data, h5r_region_global(held, shape, bad), 1, expected);
    h5r_rep_wrong(
        rep, READ, "element [%s] of rank %d, %s: expected %s, found %s",
        h5r_coord_text(coord, region.ndims, where), part->owner, what,
        h5r_data_format(rep->data.dtype, expected, right, sizeof right),
        h5r_data_format(rep->data.dtype, rep->read_buffer + bad * rep->element_bytes, wrong, sizeof wrong));
}

/* No check stands between timed calls, so only what the last of them read is still there. */
static h5r_status_t check_last(h5r_rep_t *rep, h5r_error_t *err)
{
    const h5r_ops_t *calls = &rep->part->calls;
    const h5r_region_t held = held_by(rep->part);
    const uint64_t own = calls->calls < calls->pieces ? calls->calls : calls->pieces;
    (void)err;
    if (own > 0) {
        h5r_op_t last;
        h5r_op_at(calls, own - 1, &last);
        check_call(rep, &held, &last, "read by the last call");
    }
    return H5R_OK;
}

/* Everything again, each call into memory that is poisoned before and checked after it. */
static h5r_status_t check_calls(h5r_rep_t *rep, h5r_error_t *err)
{
    const h5r_part_t *part = rep->part;
    const h5r_region_t held = held_by(part);
    h5r_op_iter_t it;
    for (bool more = h5r_op_first(&it, &part->calls); more; more = h5r_op_next(&it)) {
        h5r_data_poison_region(&rep->data, &rep->factors->shape, &held, it.op.elements, rep->read_buffer);
        if (h5r_store_read(part->store, &it.op, rep->read_buffer, err) != H5R_OK) {
            return err->code;
        }
        if (it.op.elements > 0) {
            check_call(rep, &held, &it.op, "read again");
        }
    }
    return H5R_OK;
}

/* ---- memory that is not dense: ghost cells, elements apart, another order */

/* The program's own array behind the copy in the file's order. */
static char *fortran_of(const h5r_rep_t *rep, const h5r_part_t *part, char *buffer)
{
    return buffer + h5r_region_elements(&part->region) * rep->element_bytes;
}

static void poison(const h5r_rep_t *rep, const h5r_part_t *part, char *at)
{
    memset(at, 0xa5, h5r_region_elements(&part->region) * rep->element_bytes);
}

static h5r_status_t arrange(h5r_rep_t *rep, h5r_error_t *err)
{
    const h5r_part_t *writes = &rep->parts[H5R_WAY_OUT], *reads = &rep->parts[H5R_WAY_IN];
    const h5r_apart_t apart = h5r_memory_apart(rep->factors);
    (void)err;
    if (rep->factors->halo > 0) {
        h5r_halo_pad(&writes->region, rep->factors->halo, rep->element_bytes, rep->write_buffer);
        h5r_halo_pad(&reads->region, rep->factors->halo, rep->element_bytes, rep->read_buffer);
    } else if (apart.step > 1) {
        h5r_apart_spread(&apart, h5r_region_elements(&writes->region), rep->element_bytes, rep->write_buffer);
        h5r_apart_spread(&apart, h5r_region_elements(&reads->region), rep->element_bytes, rep->read_buffer);
    } else if (rep->factors->memory == H5R_LIES_TRANSPOSED) {
        char *own = fortran_of(rep, writes, rep->write_buffer);
        h5r_to_fortran(&writes->region, rep->element_bytes, rep->write_buffer, own);
        poison(rep, writes, rep->write_buffer);
        poison(rep, reads, fortran_of(rep, reads, rep->read_buffer));
    }
    return H5R_OK;
}

static h5r_status_t transpose_out(h5r_rep_t *rep, h5r_error_t *err)
{
    (void)err;
    h5r_from_fortran(&rep->part->region, rep->element_bytes, fortran_of(rep, rep->part, rep->write_buffer),
                     rep->write_buffer);
    return H5R_OK;
}

static h5r_status_t transpose_in(h5r_rep_t *rep, h5r_error_t *err)
{
    (void)err;
    h5r_to_fortran(&rep->part->region, rep->element_bytes, rep->read_buffer,
                   fortran_of(rep, rep->part, rep->read_buffer));
    return H5R_OK;
}

static void take_ghosts_away(h5r_rep_t *rep)
{
    const h5r_region_t *share = &rep->part->region;
    const uint64_t halo = rep->factors->halo, n = h5r_halo_elements(share, halo);
    uint64_t changed = h5r_halo_unpad(share, halo, rep->element_bytes, rep->read_buffer);
    if (changed < n && rep->verify) {
        h5r_rep_wrong(rep, READ, "ghost cell %" PRIu64 " of %" PRIu64 " cells in memory was overwritten",
                      changed, n);
    }
}

/* ---- many files, each with data of its own, and files that are there */

/* Of the file at hand the data are those of one dataset of a stack. */
static void fill_part(h5r_rep_t *rep, const h5r_part_t *part, bool right, char *buffer)
{
    const h5r_dims_t all = h5r_dims_stacked(&rep->factors->shape, rep->factors->file_count);
    const h5r_region_t region = h5r_region_stacked(&part->region, rep->file);
    if (right) {
        h5r_data_fill_region(&rep->data, &all, &region, part->elements, buffer);
    } else {
        h5r_data_poison_region(&rep->data, &all, &region, part->elements, buffer);
    }
}

static h5r_status_t fill_file(h5r_rep_t *rep, h5r_error_t *err)
{
    (void)err;
    if (is_one_of_many(rep->factors)) {
        fill_part(rep, rep->part, true, rep->write_buffer);
    }
    return H5R_OK;
}

static h5r_status_t poison_file(h5r_rep_t *rep, h5r_error_t *err)
{
    (void)err;
    if (is_one_of_many(rep->factors)) {
        fill_part(rep, rep->part, false, rep->read_buffer);
    }
    return H5R_OK;
}

/* With none of the data that will be written: what is lost then is found. */
static h5r_status_t make_existing(h5r_rep_t *rep, h5r_error_t *err)
{
    static h5r_step_t *const making[] = {h5r_step_create, h5r_step_select, h5r_step_write, h5r_step_flush,
                                         h5r_step_close};
    h5r_status_t status = H5R_OK;
    fill_part(rep, rep->part, false, rep->write_buffer);
    for (size_t i = 0; i < H5R_COUNT_OF(making) && status == H5R_OK; i++) {
        status = making[i](rep, err);
    }
    return status;
}

static h5r_status_t check_file(h5r_rep_t *rep, h5r_error_t *err)
{
    const h5r_part_t *part = rep->part;
    const h5r_dims_t *shape = &rep->factors->shape;
    (void)err;
    if (!rep->verify || !is_one_of_many(rep->factors)) {
        return H5R_OK;
    }
    const h5r_dims_t all = h5r_dims_stacked(shape, rep->factors->file_count);
    const h5r_region_t region = h5r_region_stacked(&part->region, rep->file);
    const uint64_t bad = h5r_data_check_region(&rep->data, &all, &region, part->elements, rep->read_buffer);
    if (bad < part->elements) {
        char where[H5R_COORD_SIZE], right[64], wrong[64], expected[8];
        uint64_t coord[H5R_MAX_NDIMS];
        h5r_region_coord(&part->region, bad, coord);
        h5r_data_fill(&rep->data, h5r_region_global(&region, &all, bad), 1, expected);
        h5r_rep_wrong(rep, READ, "file %" PRIu64 ", element [%s]: expected %s, found %s", rep->file,
                      h5r_coord_text(coord, shape->n, where),
                      h5r_data_format(rep->data.dtype, expected, right, sizeof right),
                      h5r_data_format(rep->data.dtype, rep->read_buffer + bad * rep->element_bytes, wrong,
                                      sizeof wrong));
    }
    return H5R_OK;
}

static void put_together(h5r_rep_t *rep, const h5r_apart_t *apart)
{
    const uint64_t n = h5r_region_elements(&rep->part->region);
    const uint64_t changed = h5r_apart_gather(apart, n, rep->element_bytes, rep->read_buffer);
    if (changed < n * apart->step && rep->verify) {
        h5r_rep_wrong(rep, READ,
                      "element %" PRIu64 " of %" PRIu64
                      " in memory, which lies between those of the share, was overwritten",
                      changed, n * apart->step);
    }
}

static void check(h5r_rep_t *rep)
{
    const h5r_apart_t apart = h5r_memory_apart(rep->factors);
    if (rep->factors->buffers == H5R_BUFFERS_CALL || is_one_of_many(rep->factors)) {
        return; /* call by call, file by file */
    }
    if (rep->factors->halo > 0) {
        take_ghosts_away(rep);
    } else if (apart.step > 1) {
        put_together(rep, &apart);
    } else if (rep->factors->memory == H5R_LIES_TRANSPOSED) {
        poison(rep, rep->part, rep->read_buffer); /* the program's own array is looked at */
        h5r_from_fortran(&rep->part->region, rep->element_bytes, fortran_of(rep, rep->part, rep->read_buffer),
                         rep->read_buffer);
    }
    h5r_rep_check(rep, READ);
}

/* ---- the order of steps */

/* Its cases: memory of the whole share, or of one call for all; one rank reads for all; what is there before, by the
 * values of the factor existing; memory in Fortran's order. */
enum { SEPARATE, SHARING, BROADCAST, NOTHING_THERE, TRUNCATED, OVERWRITTEN, TRANSPOSED };

static unsigned which(const h5r_factors_t *f)
{
    return (f->buffers == H5R_BUFFERS_CALL ? H5R_CASE(SHARING) : H5R_CASE(SEPARATE)) |
           (h5r_reads_for_all(f) ? H5R_CASE(BROADCAST) : 0) |
           (f->memory == H5R_LIES_TRANSPOSED ? H5R_CASE(TRANSPOSED) : 0) |
           H5R_CASE(NOTHING_THERE + (unsigned)f->existing);
}

#define LOOKS (H5R_VERIFYING | H5R_CASE(SHARING))

/* What vanishes at close is read back before; the close then belongs to the write, as it does else. */
static const h5r_timed_step_t steps[] = {
    {WRITE, H5R_UNTIMED, make_existing, H5R_EACH_FILE | H5R_CASE(TRUNCATED) | H5R_CASE(OVERWRITTEN)},
    {WRITE, H5R_UNTIMED, fill_file, H5R_EACH_FILE},
    {WRITE, H5R_PHASE_CREATE, h5r_step_create, H5R_EACH_FILE | H5R_CASE(NOTHING_THERE) | H5R_CASE(TRUNCATED)},
    {WRITE, H5R_PHASE_OPEN, h5r_step_open_rw, H5R_EACH_FILE | H5R_CASE(OVERWRITTEN)},
    {WRITE, H5R_PHASE_SELECT, h5r_step_select, H5R_EACH_FILE},
    {WRITE, H5R_PHASE_COMPUTE, transpose_out, H5R_EACH_FILE | H5R_CASE(TRANSPOSED)},
    {WRITE, H5R_PHASE_WRITE, h5r_step_write, H5R_EACH_FILE},
    {WRITE, H5R_PHASE_FLUSH, h5r_step_flush, H5R_EACH_FILE},
    {WRITE, H5R_PHASE_CLOSE, h5r_step_close, H5R_EACH_FILE | H5R_LASTING},
    {READ, H5R_UNTIMED, h5r_step_turn_to_reads, H5R_LASTING},
    {READ, H5R_UNTIMED, h5r_step_settle_cache, H5R_LASTING},
    {READ, H5R_UNTIMED, poison_file, H5R_EACH_FILE},
    {READ, H5R_PHASE_OPEN, h5r_step_open, H5R_EACH_FILE | H5R_LASTING},
    {READ, H5R_PHASE_SELECT, h5r_step_select, H5R_EACH_FILE | H5R_LASTING},
    {READ, H5R_PHASE_READ, h5r_step_read, H5R_EACH_FILE},
    {READ, H5R_PHASE_COMPUTE, transpose_in, H5R_EACH_FILE | H5R_CASE(TRANSPOSED)},
    {READ, H5R_PHASE_EXCHANGE, h5r_step_broadcast, H5R_EACH_FILE | H5R_LASTING | H5R_CASE(BROADCAST)},
    {READ, H5R_PHASE_CLOSE, h5r_step_close, H5R_EACH_FILE | H5R_LASTING},
    {READ, H5R_UNTIMED, check_file, H5R_EACH_FILE},
    {READ, H5R_UNTIMED, check_last, LOOKS},
    {READ, H5R_UNTIMED, h5r_step_open, LOOKS | H5R_LASTING},
    {READ, H5R_UNTIMED, h5r_step_select, LOOKS | H5R_LASTING},
    {READ, H5R_UNTIMED, check_calls, LOOKS},
    {READ, H5R_UNTIMED, h5r_step_close, LOOKS | H5R_LASTING},
    {WRITE, H5R_PHASE_CLOSE, h5r_step_close, H5R_VOLATILE},
};

/* Reads that are not those of the writes; the reason why they cannot be. */
static const char *refuses_reads(const h5r_factors_t *f)
{
    const bool anew = h5r_reads_anew(f), for_all = h5r_reads_for_all(f);
    if (!h5r_reads_otherwise(f)) {
        return NULL;
    }
    if (f->memory != H5R_LIES_DENSE) {
        return "what is read otherwise than it was written lies densely in memory (factor memory)";
    }
    if (h5r_factors_volatile(f)) {
        return "contents vanish at close, and so each rank reads them before, as it wrote them";
    }
    if (anew && h5r_factors_files(f) == H5R_FILES_PER_RANK && !h5r_reads_through(f)) {
        return "with a file per rank a rank would have to read the files of others (read_decomposition, "
               "read_ranks); "
               "it needs one file";
    }
    if (anew && f->read_shift != H5R_SHIFT_AUTO && f->read_shift > 0) {
        return "read_shift shifts readers among the shares that were written, and these are dealt out anew";
    }
    if (f->buffers == H5R_BUFFERS_CALL) {
        return "calls that share memory (buffers) are read as they were written";
    }
    if (for_all && f->halo > 0) {
        return "what one rank reads for all (replicated_reads bcast) has no ghost cells (halo)";
    }
    if (for_all && (f->read_ranks != H5R_RANKS_ALL || f->empty_ranks != H5R_EMPTY_NONE)) {
        return "replicated_reads bcast hands the data to all ranks: read_ranks and empty_ranks leave some "
               "out";
    }
    return NULL;
}

/* Likewise many files, or files that are there. */
static const char *refuses_files(const h5r_factors_t *f)
{
    if (!is_one_of_many(f)) {
        return NULL;
    }
    if (h5r_factors_volatile(f)) {
        return "there is no file (file_count, existing): contents vanish at close";
    }
    if (f->memory != H5R_LIES_DENSE) {
        return "each file has data of its own (file_count, existing), which lie densely in memory (factor memory)";
    }
    if (f->halo > 0 || f->buffers == H5R_BUFFERS_CALL) {
        return "each file has data of its own (file_count, existing), for which the memory is filled anew: "
               "there are no "
               "ghost cells (halo), and calls do not share memory (buffers)";
    }
    if (h5r_reads_through(f)) {
        return "there is one virtual dataset, over files that are new (file_count, existing)";
    }
    if (f->existing != H5R_EXISTING_NONE && h5r_driver_of(f)->store != H5R_STORE_HDF5) {
        return "stores without HDF5 truncate nothing, so that existing must be none";
    }
    if (f->shape.n == H5R_MAX_NDIMS) {
        return "file_count and existing leave room for one dimension less than there can be";
    }
    return NULL;
}

/* Files that are made, or opened. */
static uint64_t files_of(const h5r_factors_t *f, bool counts)
{
    return counts && f->file_count > 1 ? f->file_count : 0;
}

static uint64_t datasets(const h5r_factors_t *f)
{
    return f->file_count;
}

static h5r_work_t work(const h5r_doer_t *w, h5r_operation_t operation)
{
    h5r_work_t share = h5r_work_share(w);
    (void)operation;
    share.objects = files_of(w->factors, w->counts);
    return share;
}

static h5r_status_t prepare(h5r_rep_t *rep, h5r_error_t *err)
{
    for (int o = WRITE; o <= READ; o++) {
        const h5r_store_t *store = rep->parts[o == READ ? H5R_WAY_IN : H5R_WAY_OUT].store;
        const bool counts = !h5r_store_absent(store) && (rep->rank == 0 || !h5r_store_shared(store));
        h5r_rep_handled(rep, o, files_of(rep->factors, counts));
    }
    return arrange(rep, err);
}

/* Elements that lie apart are no one piece of memory, as the stores without HDF5 take it. */
static bool allows(const h5r_factors_t *f, int nranks, char *reason, size_t size)
{
    const char *refused = refuses_reads(f) != NULL ? refuses_reads(f) : refuses_files(f);
    (void)nranks;
    const bool selects = f->memory != H5R_LIES_DENSE && f->memory != H5R_LIES_TRANSPOSED;
    if (refused != NULL) {
        snprintf(reason, size, "%s", refused);
        return false;
    }
    if ((f->halo > 0 || selects) && h5r_driver_of(f)->store != H5R_STORE_HDF5) {
        snprintf(reason, size, "stores without HDF5 have no selection in memory, which %s",
                 f->halo > 0 ? "leaves ghost cells (halo) out" : "the factor memory asks for");
        return false;
    }
    if (f->halo > 0 && f->memory != H5R_LIES_DENSE) {
        snprintf(reason, size, "halo and memory are two ways in which a share lies in memory");
        return false;
    }
    return true;
}

const h5r_workload_t h5r_workload_slab = {
    .name = "slab",
    .summary = "an N-D dataset decomposed over the ranks, written and read back in pieces of a chosen size",
    .lesson =
        "Each rank owns a share of the dataset (factor decomposition) and moves it in calls of a chosen "
        "size (factor access): one element, a row, a plane, a number of bytes, or everything at once. Few "
        "large calls are fast, a call per element costs its overhead per element: compare the accesses in "
        "configs/vectorize.yaml. Layout, chunk, filter, byte order and types of the file are factors of "
        "their own. The calls walk over memory of the whole share, as an application's do, or all use the "
        "memory of one, which stays in the CPU's caches if it is small enough, as benchmarks do (factor "
        "buffers). Who reads what may differ from who wrote it: a restart on fewer or more ranks "
        "(read_ranks, "
        "write_ranks), another cut (read_decomposition), or all of it by every rank, read by each or sent by "
        "one "
        "(replicated_reads); configs/restart.yaml compares them. Many files one after the other (file_count) "
        "tell what a file costs, "
        "and existing what one that is there (configs/files.yaml). With a halo the "
        "share lies between ghost cells in memory, as stencil codes keep it, and "
        "a selection leaves them out (configs/halo.yaml). Memory can have other ways (factor memory): "
        "another "
        "number of dimensions than the file, every k-th element, one field of structures, or Fortran's "
        "order, for "
        "which the program copies first (configs/memory.yaml). What lies between is checked.",
    .roof =
        "The same bytes by the shortest way: raw POSIX in large pieces (store), and whatever conversion or "
        "compression the factors ask for, in memory (convert, compress); copy where no file is under it. Of "
        "a "
        "filtered dataset that max_ops bounds it is not known which chunks are filtered: no efficiency. "
        "Raw MPI-IO with the same pattern shows what is the pattern's fault. All of them move dense memory: "
        "what "
        "selecting in it or transposing it costs is in the efficiency.",
    .operations = {[WRITE] = {.name = "write",
                              .direction = H5R_MOVES_OUT,
                              .help = "every rank's share, in its calls"},
                   [READ] = {.name = "read", .direction = H5R_MOVES_IN, .help = "likewise, and verified"}},
    .steps = steps,
    .step_count = H5R_COUNT_OF(steps),
    .cases = {[SEPARATE] = "buffers payload",
              [SHARING] = "buffers call",
              [BROADCAST] = "replicated_reads bcast",
              [NOTHING_THERE] = "existing none",
              [TRUNCATED] = "existing truncate",
              [OVERWRITTEN] = "existing overwrite",
              [TRANSPOSED] = "memory transposed"},
    .datasets = datasets,
    .work = work,
    .which = which,
    .prepare = prepare,
    .check = check,
    .moves_share = true,
    .calls_share_memory = true,
    .allows = allows,
};
