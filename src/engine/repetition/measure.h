/*
 * Measuring one repetition: phases, counters and the first wrong element, on this rank; and the reduction of
 * all that to the rows of rank 0.
 */
#ifndef H5ROOF_MEASURE_H
#define H5ROOF_MEASURE_H

#include "core/table/column.h"
#include "engine/ranks/clock.h"
#include "engine/ranks/context.h"
#include "engine/ranks/os_io.h"
#include "engine/store/store.h"
#include "h5roof/workload.h"

/* What this rank did in an operation. */
typedef struct {
    uint64_t payload_bytes, owned_bytes; /* moved; without the bound max_ops */
    uint64_t calls, pieces;              /* likewise */
    uint64_t objects, refusals;
    bool wrote_said;                  /* of payload_bytes, of what reads and writes: */
    uint64_t wrote_bytes;             /* so much was written back */
    uint64_t file_bytes;              /* H5R_NO_COUNT: not measured yet */
    uint64_t damaged, refused, wrong; /* chunks, of them refused; elements read wrong from the others */
    bool chunks_said, chunks_known;   /* what follows, of this rank's file: chunks to be filtered */
    uint64_t chunks_out, chunks_in;
} h5r_done_t;

typedef struct {
    h5r_done_t done;
    double own_s[H5R_PHASE_COUNT];  /* this rank's time; NaN: did not happen */
    double wall_s[H5R_PHASE_COUNT]; /* with the barrier */
    h5r_counters_t counters;
    h5r_os_counts_t os;
    h5r_store_facts_t facts; /* of this rank's file */
    bool bad;                /* the check found a wrong element */
    char bad_text[400];
    h5r_residency_t residency; /* before reading */
    bool turned;               /* it worked on the part that is read (h5r_rep_turn_to_reads) */
} h5r_operation_measure_t;

struct h5r_measure {
    const h5r_context_t *ctx;
    h5r_operation_measure_t operation[H5R_OPERATIONS];
    h5r_operation_t current_operation; /* of the phase that is open */
    h5r_phase_t current_phase;         /* or the last one: for messages */
    h5r_counters_t before;
    int os_fd; /* -1: the system does not say */
    bool os_known;
    h5r_os_io_t os_before;
    h5r_instant_t start;
    h5r_residency_t settled; /* found after the last phase: of the operation of the next one */
};

void h5r_measure_init(h5r_measure_t *m, const h5r_context_t *ctx);
void h5r_measure_free(h5r_measure_t *m);

/* Collective. begin: barrier, then the clock; end: the clock, then a barrier, and what the store has to say.
 * A step that failed does not end its phase. */
void h5r_phase_begin(h5r_rep_t *rep, h5r_operation_t operation, h5r_phase_t phase);
void h5r_phase_end(h5r_rep_t *rep);

/* Local, outside any phase: the size of the files is now that of this operation's row. */
void h5r_measure_files(h5r_rep_t *rep, h5r_operation_t operation);

/* Local, at the end of a repetition: operations whose files were not measured have those that are there now.
 */
void h5r_measure_finish(h5r_rep_t *rep);

/*
 * Collective: reduce one operation to `row` of rank 0: phases (min, median, max, slowest rank, wall),
 * durable_s, counters (sums; seconds: maximum), status mismatch with the text of the first rank that found
 * one. The row is complete only on rank 0. A few reductions, whatever the number of ranks. Returns, on every
 * rank, whether all ranks found the data right.
 */
bool h5r_measure_reduce(const h5r_measure_t *m, h5r_operation_t operation, h5r_row_t *row);

#endif
