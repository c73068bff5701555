/* What all ranks together do in the operations of a case, without running it. Local. */
#ifndef H5ROOF_CASE_WORK_H
#define H5ROOF_CASE_WORK_H

#include "h5roof/workload.h"

typedef struct {
    h5r_work_t all;      /* sums over the ranks, as the columns of a run have them */
    uint64_t most_calls; /* of the rank that makes most */
    uint64_t most_bytes; /* of the rank that moves most */
} h5r_case_work_t;

/* f: resolved for so many ranks. Fills an element for each operation of the workload. With thousands of ranks
 * one of them stands for all, and the work is estimated. */
void h5r_work_of_case(const h5r_factors_t *f, int nranks, uint64_t seed,
                      h5r_case_work_t work[H5R_OPERATIONS]);

#endif
