/*
 * A row of results.csv: what a repetition measured, with its identity, its roofs and why it was the last; or an
 * event without numbers. Rank 0; local.
 */
#ifndef H5ROOF_ROW_H
#define H5ROOF_ROW_H

#include "core/suite/plan.h"
#include "core/table/column.h"
#include "engine/roof/copy_cost.h"
#include "engine/roof/roof.h"

/* Whose row it is. */
typedef struct {
    const char *run_id;
    const h5r_plan_t *plan;
    const h5r_case_t *c;          /* of the plan */
    const h5r_factors_t *factors; /* as the ranks got them */
    int ranks;                    /* that took part */
    uint64_t block;
    uint64_t repetition;
    bool warmup;
    h5r_stop_t stop;
} h5r_row_of_t;

/* All that a repetition does not know of itself; its numbers are left alone. */
void h5r_row_identify(const h5r_row_of_t *of, h5r_row_t *row);

/* A row that has no numbers. */
void h5r_row_event(const h5r_row_of_t *of, h5r_row_status_t status, const char *reason, h5r_row_t *row);

/* What the run adds to the numbers of a row that is identified: roofs and efficiency, the price of the copy
 * (which is measured at the first row of its kind), and no counters where nobody can see or make those calls. */
void h5r_row_complete(const h5r_roof_time_t times[H5R_ROOF_KINDS], const h5r_operation_info_t *info,
                      const h5r_roof_work_t *work, bool counters_work, h5r_copy_costs_t *costs,
                      h5r_row_t *row);

#endif
