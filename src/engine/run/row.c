#include "engine/run/row.h"

#include "engine/run/output.h"
#include "h5roof/driver.h"

#include <inttypes.h>
#include <stdio.h>

void h5r_row_identify(const h5r_row_of_t *of, h5r_row_t *row)
{
    snprintf(row->run_id, sizeof row->run_id, "%s", of->run_id);
    snprintf(row->suite, sizeof row->suite, "%s", of->plan->suite);
    snprintf(row->case_id, sizeof row->case_id, "%016" PRIx64, of->c->id);
    snprintf(row->case_name, sizeof row->case_name, "%s", of->c->name);
    row->case_number = (uint64_t)(of->c - of->plan->cases);
    row->factors = *of->factors;
    row->ranks = (uint64_t)of->ranks;
    row->seed = of->plan->seed;
    row->block = of->block;
    row->repetition = of->repetition;
    row->warmup = of->warmup;
    row->stop = of->stop;
    h5r_utc_now(row->time_utc, sizeof row->time_utc);
}

void h5r_row_event(const h5r_row_of_t *of, h5r_row_status_t status, const char *reason, h5r_row_t *row)
{
    h5r_row_clear(row);
    h5r_row_identify(of, row);
    row->repetition = H5R_NO_COUNT;
    row->status = status;
    snprintf(row->reason, sizeof row->reason, "%s", reason);
}

void h5r_row_complete(const h5r_roof_time_t times[H5R_ROOF_KINDS], const h5r_operation_info_t *info,
                      const h5r_roof_work_t *work, bool counters_work, h5r_copy_costs_t *costs,
                      h5r_row_t *row)
{
    if (!counters_work || !h5r_driver_of(&row->factors)->mpi) {
        row->counters = h5r_counters_none();
    }
    h5r_roof_fill_row(times, info, work, row);
    h5r_copy_cost_fill_row(costs, info->direction, row);
}
