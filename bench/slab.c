/*
 * slab: an N-D dataset, decomposed over the ranks, is written and read back in pieces of a chosen size. The
 * plain case of array I/O, and the one in which element-wise loops are seen to cost hundreds of times more
 * than whole slabs.
 */
#include "h5roof/workload.h"

typedef h5r_status_t step_t(h5r_rep_t *rep, h5r_error_t *err);

static h5r_status_t create(h5r_rep_t *rep, h5r_error_t *err)
{
    return h5r_store_create(rep->part->store, err);
}

static h5r_status_t turn_to_reads(h5r_rep_t *rep, h5r_error_t *err)
{
    (void)err;
    h5r_rep_turn_to_reads(rep);
    return H5R_OK;
}

static h5r_status_t settle_cache(h5r_rep_t *rep, h5r_error_t *err)
{
    return h5r_rep_settle_cache(rep, err);
}

static h5r_status_t open_again(h5r_rep_t *rep, h5r_error_t *err)
{
    return h5r_store_open(rep->part->store, err);
}

static h5r_status_t select_calls(h5r_rep_t *rep, h5r_error_t *err)
{
    return h5r_store_select(rep->part->store, err);
}

static h5r_status_t write_calls(h5r_rep_t *rep, h5r_error_t *err)
{
    h5r_status_t status = H5R_OK;
    h5r_op_iter_t it;
    for (bool more = h5r_op_first(&it, &rep->part->calls); more && status == H5R_OK;
         more = h5r_op_next(&it)) {
        status = h5r_store_write(rep->part->store, &it.op,
                                 rep->write_buffer + it.op.offset * rep->element_bytes, err);
    }
    return status;
}

static h5r_status_t read_calls(h5r_rep_t *rep, h5r_error_t *err)
{
    h5r_status_t status = H5R_OK;
    h5r_op_iter_t it;
    for (bool more = h5r_op_first(&it, &rep->part->calls); more && status == H5R_OK;
         more = h5r_op_next(&it)) {
        status = h5r_store_read(rep->part->store, &it.op,
                                rep->read_buffer + it.op.offset * rep->element_bytes, err);
    }
    return status;
}

static h5r_status_t flush(h5r_rep_t *rep, h5r_error_t *err)
{
    return h5r_store_flush(rep->part->store, err);
}

static h5r_status_t close_all(h5r_rep_t *rep, h5r_error_t *err)
{
    return h5r_store_close(rep->part->store, err);
}

#define UNTIMED H5R_PHASE_COUNT

typedef struct {
    h5r_operation_t operation;
    h5r_phase_t phase; /* or UNTIMED */
    step_t *step;
} timed_step_t;

static const timed_step_t durable_steps[] = {
    {H5R_WRITES, H5R_PHASE_CREATE, create},      {H5R_WRITES, H5R_PHASE_SELECT, select_calls},
    {H5R_WRITES, H5R_PHASE_WRITE, write_calls},  {H5R_WRITES, H5R_PHASE_FLUSH, flush},
    {H5R_WRITES, H5R_PHASE_CLOSE, close_all},    {H5R_READS, UNTIMED, turn_to_reads},
    {H5R_READS, UNTIMED, settle_cache},          {H5R_READS, H5R_PHASE_OPEN, open_again},
    {H5R_READS, H5R_PHASE_SELECT, select_calls}, {H5R_READS, H5R_PHASE_READ, read_calls},
    {H5R_READS, H5R_PHASE_CLOSE, close_all},
};

/* What vanishes at close is read back before; the close then belongs to the write, as it does above. */
static const timed_step_t volatile_steps[] = {
    {H5R_WRITES, H5R_PHASE_CREATE, create},     {H5R_WRITES, H5R_PHASE_SELECT, select_calls},
    {H5R_WRITES, H5R_PHASE_WRITE, write_calls}, {H5R_WRITES, H5R_PHASE_FLUSH, flush},
    {H5R_READS, H5R_PHASE_READ, read_calls},    {H5R_WRITES, H5R_PHASE_CLOSE, close_all},
};

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

static h5r_status_t run(h5r_rep_t *rep, h5r_error_t *err)
{
    const timed_step_t *steps = rep->reads_before_close ? volatile_steps : durable_steps;
    size_t n = rep->reads_before_close ? COUNT_OF(volatile_steps) : COUNT_OF(durable_steps);
    for (size_t i = 0; i < n; i++) {
        bool timed = steps[i].phase != UNTIMED;
        if (timed) {
            h5r_phase_begin(rep, steps[i].operation, steps[i].phase);
        }
        h5r_status_t status = steps[i].step(rep, err);
        if (status != H5R_OK) {
            return status;
        }
        if (timed) {
            h5r_phase_end(rep);
        }
    }
    h5r_rep_check(rep, H5R_READS);
    return H5R_OK;
}

const h5r_workload_t h5r_workload_slab = {
    .name = "slab",
    .summary = "an N-D dataset decomposed over the ranks, written and read back in pieces of a chosen size",
    .lesson = "Each rank owns a share of the dataset (factor decomposition) and moves it in calls of a "
              "chosen size (factor "
              "access): one element, a row, a plane, a number of bytes, or everything at once. Few large "
              "calls are fast, a "
              "call per element costs its overhead per element: compare the accesses in "
              "configs/vectorize.yaml. Layout, "
              "chunk, filter, byte order and types of the file are factors of their own.",
    .roof =
        "The same bytes by the shortest way: raw POSIX in large pieces (store), and whatever conversion or "
        "compression the factors ask for, in memory (convert, compress); copy where no file is under it. "
        "Raw MPI-IO with the same pattern shows what is the pattern's fault.",
    .operations = {{"write", H5R_MOVES_OUT, "create, select, write, flush, close"},
                   {"read", H5R_MOVES_IN, "open, select, read, close"}},
    .moves_share = true,
    .run = run,
};
