/*
 * What the program and the libraries below it really ask of MPI-IO, counted by PMPI wrappers in
 * src/engine/ranks/counters.c.
 *
 * The wrappers work because the executable exports its MPI_File_* and is searched before libmpi when libhdf5
 * resolves them. Whether they see HDF5's calls is found out by a self-test (h5r_counters_selftest), never
 * assumed. The counts belong to the process: an MPI wrapper gets no context, so this is the one global
 * variable of the program.
 */
#ifndef H5ROOF_COUNTERS_H
#define H5ROOF_COUNTERS_H

#include "core/table/column.h"

/* Calls that move less than this are counted but not timed: the clock would cost 2-3 % of a 1.5 us call. */
#define H5R_TIMED_CALL_BYTES 4096

/* Counts of this process since it started; seconds of the calls that are timed. Local. */
h5r_counters_t h5r_counters_now(void);

/* The code of the last transfer of this process that failed, which HDF5 may not pass on; MPI_SUCCESS: none did.
 * Local. */
int h5r_counters_failed(void);

/* later - earlier, field by field. */
h5r_counters_t h5r_counters_between(const h5r_counters_t *earlier, const h5r_counters_t *later);

/* sum += more, field by field. */
void h5r_counters_add(h5r_counters_t *sum, const h5r_counters_t *more);

#endif
