/*
 * What the kernel's copy between memory and page cache costs on this machine where the one begins so many
 * bytes further past a page than the other. Some CPUs copy several times slower then, others do not mind, and
 * no list of CPUs knows. Local.
 */
#ifndef H5ROOF_COPY_COST_H
#define H5ROOF_COPY_COST_H

#include "core/table/column.h"
#include "h5roof/workload.h"

#define H5R_COPY_BYTES    ((size_t)2 << 20) /* that are copied at a time */
#define H5R_COPY_PAGE     4096              /* after so many bytes it is the same again */
#define H5R_COPY_SELECTED 6                 /* offsets that are measured at the begin of a run */

/* Time of a copy over that of one between begins of pages: of pwrite out of memory, and of pread into it. */
typedef struct {
    uint64_t past; /* bytes by which memory begins further past a page than the file's position does */
    double frac[H5R_WAYS];
} h5r_copy_cost_t;

/* Measures cost[0 ... n-1].frac for the offsets `past` that are set there, in about 3 ms for each, with a
 * file in memory that no directory has. False: it cannot be done here, and all are NaN. */
bool h5r_copy_cost_measure(h5r_copy_cost_t *cost, size_t n);

/* Sets .past to those of env.json. */
void h5r_copy_cost_selected(h5r_copy_cost_t cost[H5R_COPY_SELECTED]);

/* By how much memory and file differ in a case that moves its share through the page cache as it lies in
 * memory, from its row (data_offset_bytes). False: it does not, or it is not known. */
bool h5r_copy_past(const h5r_row_t *row, uint64_t *past);

/* What was measured so far in a run. */
typedef struct {
    h5r_copy_cost_t known[64];
    size_t n;
} h5r_copy_costs_t;

/* The row's copy_cost_frac, by the direction of its operation, measured if it is the first such offset. */
void h5r_copy_cost_fill_row(h5r_copy_costs_t *costs, h5r_direction_t direction, h5r_row_t *row);

#endif
