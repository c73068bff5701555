/* The work of an operation that roofs of the CPU must do as well: how much, whoever does it. */
#ifndef H5ROOF_ROOF_WORK_H
#define H5ROOF_ROOF_WORK_H

#include "h5roof/workload.h"

/* Complete on rank 0. */
typedef struct {
    uint64_t elements; /* in memory, of all ranks: copied, and converted where the case converts */
    double written;    /* of them, what an operation that reads and writes wrote back; else 1 */
    bool bounded;      /* max_ops left something out */
    bool rewrites;     /* what it wrote lay in the files already, by an earlier operation */
    bool known;        /* what follows: chunks that go through the filters at least */
    uint64_t chunks;   /* of all ranks, each way counted */
    double out, in;    /* of the rank that has most, over those of a rank if all are filtered once */
} h5r_roof_work_t;

/* Totals of an operation, on rank 0. */
typedef struct {
    uint64_t bytes, owned_bytes; /* of memory, moved; without the bound max_ops */
    uint64_t elements;           /* of a dataset, in all files that have it */
} h5r_roof_moved_t;

/* Collective, after a repetition. `moved` is looked at on rank 0 only. */
h5r_roof_work_t h5r_roof_work_reduce(const h5r_rep_t *rep, h5r_operation_t operation,
                                     const h5r_roof_moved_t *moved);

#endif
