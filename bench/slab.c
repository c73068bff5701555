/*
 * slab: an N-D dataset, decomposed over the ranks, is written and read back in pieces of a chosen size. The
 * plain case of array I/O, and the one in which element-wise loops are seen to cost hundreds of times more
 * than whole slabs.
 */
#include "h5roof/steps.h"

static const h5r_timed_step_t durable_steps[] = {
    {H5R_WRITES, H5R_PHASE_CREATE, h5r_step_create}, {H5R_WRITES, H5R_PHASE_SELECT, h5r_step_select},
    {H5R_WRITES, H5R_PHASE_WRITE, h5r_step_write},   {H5R_WRITES, H5R_PHASE_FLUSH, h5r_step_flush},
    {H5R_WRITES, H5R_PHASE_CLOSE, h5r_step_close},   {H5R_READS, H5R_UNTIMED, h5r_step_turn_to_reads},
    {H5R_READS, H5R_UNTIMED, h5r_step_settle_cache}, {H5R_READS, H5R_PHASE_OPEN, h5r_step_open},
    {H5R_READS, H5R_PHASE_SELECT, h5r_step_select},  {H5R_READS, H5R_PHASE_READ, h5r_step_read},
    {H5R_READS, H5R_PHASE_CLOSE, h5r_step_close},
};

/* What vanishes at close is read back before; the close then belongs to the write, as it does above. */
static const h5r_timed_step_t volatile_steps[] = {
    {H5R_WRITES, H5R_PHASE_CREATE, h5r_step_create}, {H5R_WRITES, H5R_PHASE_SELECT, h5r_step_select},
    {H5R_WRITES, H5R_PHASE_WRITE, h5r_step_write},   {H5R_WRITES, H5R_PHASE_FLUSH, h5r_step_flush},
    {H5R_READS, H5R_PHASE_READ, h5r_step_read},      {H5R_WRITES, H5R_PHASE_CLOSE, h5r_step_close},
};

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

static h5r_status_t run(h5r_rep_t *rep, h5r_error_t *err)
{
    const h5r_timed_step_t *steps = rep->reads_before_close ? volatile_steps : durable_steps;
    size_t n = rep->reads_before_close ? COUNT_OF(volatile_steps) : COUNT_OF(durable_steps);
    h5r_status_t status = h5r_steps_run(rep, steps, n, err);
    if (status != H5R_OK) {
        return status;
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
