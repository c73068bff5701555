/*
 * The steps that most workloads share, and what they are made of. A workload adds its own and finds its state
 * in rep->own.
 */
#ifndef H5ROOF_STEPS_H
#define H5ROOF_STEPS_H

#include "h5roof/workload.h"

/* The calls of the store of rep->part: write and read move all of its calls, out of the write buffer and into
 * the read buffer, with factor buffers `call` all of them through its begin; open is for reading, open_rw for
 * changing too. */
h5r_step_t h5r_step_create, h5r_step_open, h5r_step_open_rw, h5r_step_select, h5r_step_write, h5r_step_read,
    h5r_step_flush, h5r_step_close;

/* The same loops over the calls of rep->part, for a step that moves another buffer, dense, of elements of
 * this size; 0: all calls move its begin. */
h5r_status_t h5r_write_calls(const h5r_rep_t *rep, const char *from, size_t element_bytes, h5r_error_t *err);
h5r_status_t h5r_read_calls(const h5r_rep_t *rep, char *to, size_t element_bytes, h5r_error_t *err);

/* Collective: what rank 0 has read all ranks get (replicated_reads bcast). */
h5r_step_t h5r_step_broadcast;

/* h5r_rep_turn_to_reads and h5r_rep_settle_cache: never timed. */
h5r_step_t h5r_step_turn_to_reads, h5r_step_settle_cache;

#endif
