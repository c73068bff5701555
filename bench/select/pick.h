/*
 * Which elements of a share the workload select picks: columns (indices of the last dimension, the same in
 * every row) or single elements. About one in `one_in` is picked, whatever the kind, so that kinds can be
 * compared. Pure arithmetic; local; allocates nothing.
 */
#ifndef H5ROOF_PICK_H
#define H5ROOF_PICK_H

#include "h5roof/factors.h"

#include <stddef.h>

#define H5R_PICK_BLOCK 4 /* columns of a block; all of them where a row is shorter */

typedef struct {
    h5r_selection_t kind;
    uint64_t one_in;
    uint64_t seed, stream; /* of what is random */
} h5r_pick_t;

/* A regular choice of columns, as H5Sselect_hyperslab takes it. */
typedef struct {
    uint64_t start, stride, count, block;
} h5r_comb_t;

/*
 * range   the middle ceil(width / one_in) columns
 * stride  every one_in-th column from the first on
 * block   blocks of H5R_PICK_BLOCK columns, one in one_in of those that fit whole
 * Returns false for the kinds that are not regular.
 */
bool h5r_pick_comb(const h5r_pick_t *pick, uint64_t width, h5r_comb_t *comb);

/* The columns of the kinds above and of
 *   list    ceil(width / one_in) columns by chance
 * strictly increasing, into `column` (room for width). Returns how many. */
uint64_t h5r_pick_columns(const h5r_pick_t *pick, uint64_t width, uint64_t *column);

/*
 * Single elements of `elements`:
 *   points  ceil(elements / one_in) of them by chance
 *   mask    each of them by itself with the probability 1 / one_in
 * strictly increasing, into `at` (room for all). Returns how many.
 */
uint64_t h5r_pick_elements(const h5r_pick_t *pick, uint64_t elements, uint64_t *at);

/* How many elements are picked of a share of so many, in rows of this width. */
uint64_t h5r_pick_count(const h5r_pick_t *pick, uint64_t width, uint64_t elements);

/* The kind picks columns, not single elements. */
bool h5r_pick_is_columns(h5r_selection_t kind);

/* Strictly increasing numbers as runs of neighbours, which do not go beyond a multiple of `width`. Into
 * `first` and `length` (room for n). Returns how many. */
uint64_t h5r_pick_runs(const uint64_t *number, uint64_t n, uint64_t width, uint64_t *first, uint64_t *length);

/* Between a dense share and a buffer that holds only what was picked, `step` places apart. Elements have 1,
 * 2, 4 or 8 bytes. */
void h5r_pick_gather(const void *share, const uint64_t *at, uint64_t n, size_t element_bytes, uint64_t step,
                     void *picked);
void h5r_pick_scatter(void *share, const uint64_t *at, uint64_t n, size_t element_bytes, uint64_t step,
                      const void *picked);

#endif
