/*
 * What ranks have in common in a shared file: chunks that hold elements of several ranks, and how long the
 * pieces are that belong to one rank. Exact arithmetic on decomposition and chunk shape. Local.
 */
#ifndef H5ROOF_SHARING_H
#define H5ROOF_SHARING_H

#include "h5roof/factors.h"
#include "h5roof/region.h"

typedef struct {
    uint64_t chunks; /* of the dataset */
    uint64_t shared; /* that hold elements of two ranks or more */
    uint64_t most;   /* ranks with elements in one chunk, at most */
    uint64_t visits; /* pairs of a rank and a chunk that holds elements of it */
} h5r_sharing_t;

/* All zero unless the layout is chunked, for pieces of irregular length, and where shape and chunk do not fit
 * together; the others say 0 and false without a shape. */
h5r_sharing_t h5r_chunk_sharing(const h5r_factors_t *f, int nranks);

/* A workload appends the rows, each append dealt out to the ranks by itself: what is written does not lie as
 * the decomposition of the whole says. */
bool h5r_is_appended(const h5r_factors_t *f);

/* Elements that lie one after the other in a contiguous dataset and belong to one rank: of rank 0, which has
 * a longest piece; for pieces of irregular length their mean. */
uint64_t h5r_run_elements(const h5r_factors_t *f, int nranks);

/* Ranks take turns along the file instead of owning one piece each. False for replicated data. */
bool h5r_ranks_alternate(const h5r_factors_t *f, int nranks);

#endif
