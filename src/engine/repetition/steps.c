#include "h5roof/steps.h"

#include "engine/repetition/measure.h"

#define BROADCAST (UINT64_C(1) << 30) /* bytes at a time, which an int counts */

h5r_status_t h5r_step_create(h5r_rep_t *rep, h5r_error_t *err)
{
    return h5r_store_create(rep->part->store, err);
}

h5r_status_t h5r_step_open(h5r_rep_t *rep, h5r_error_t *err)
{
    return h5r_store_open(rep->part->store, err);
}

h5r_status_t h5r_step_open_rw(h5r_rep_t *rep, h5r_error_t *err)
{
    return h5r_store_open_rw(rep->part->store, err);
}

h5r_status_t h5r_step_select(h5r_rep_t *rep, h5r_error_t *err)
{
    return h5r_store_select(rep->part->store, err);
}

h5r_status_t h5r_write_calls(const h5r_rep_t *rep, const char *from, size_t element_bytes, h5r_error_t *err)
{
    h5r_status_t status = H5R_OK;
    h5r_op_iter_t it;
    for (bool more = h5r_op_first(&it, &rep->part->calls); more && status == H5R_OK;
         more = h5r_op_next(&it)) {
        status = h5r_store_write(rep->part->store, &it.op, from + it.op.offset * element_bytes, err);
    }
    return status;
}

h5r_status_t h5r_read_calls(const h5r_rep_t *rep, char *to, size_t element_bytes, h5r_error_t *err)
{
    h5r_status_t status = H5R_OK;
    h5r_op_iter_t it;
    for (bool more = h5r_op_first(&it, &rep->part->calls); more && status == H5R_OK;
         more = h5r_op_next(&it)) {
        status = h5r_store_read(rep->part->store, &it.op, to + it.op.offset * element_bytes, err);
    }
    return status;
}

/* How far the memory of a call lies from that of the one before, for each element of that one. */
static size_t walk(const h5r_rep_t *rep)
{
    return rep->factors->buffers == H5R_BUFFERS_CALL ? 0 : rep->element_bytes;
}

h5r_status_t h5r_step_write(h5r_rep_t *rep, h5r_error_t *err)
{
    return h5r_write_calls(rep, rep->write_buffer, walk(rep), err);
}

h5r_status_t h5r_step_read(h5r_rep_t *rep, h5r_error_t *err)
{
    return h5r_read_calls(rep, rep->read_buffer, walk(rep), err);
}

h5r_status_t h5r_step_broadcast(h5r_rep_t *rep, h5r_error_t *err)
{
    const uint64_t bytes = rep->part->elements * rep->element_bytes;
    (void)err; /* one of communication ends the job */
    for (uint64_t at = 0; at < bytes; at += BROADCAST) {
        const uint64_t left = bytes - at;
        MPI_Bcast(rep->read_buffer + at, (int)(left < BROADCAST ? left : BROADCAST), MPI_BYTE, 0,
                  rep->measure->ctx->comm);
    }
    return H5R_OK;
}

h5r_status_t h5r_step_flush(h5r_rep_t *rep, h5r_error_t *err)
{
    return h5r_store_flush(rep->part->store, err);
}

h5r_status_t h5r_step_close(h5r_rep_t *rep, h5r_error_t *err)
{
    return h5r_store_close(rep->part->store, err);
}

h5r_status_t h5r_step_turn_to_reads(h5r_rep_t *rep, h5r_error_t *err)
{
    (void)err;
    h5r_rep_turn_to_reads(rep);
    return H5R_OK;
}

h5r_status_t h5r_step_settle_cache(h5r_rep_t *rep, h5r_error_t *err)
{
    return h5r_rep_settle_cache(rep, err);
}
