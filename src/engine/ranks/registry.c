#include "engine/ranks/registry.h"

#include "h5roof/count.h"
#include "h5roof/driver.h"
#include "h5roof/workloads.h"

#include <stdio.h>

#define DECLARE(name) extern const h5r_workload_t h5r_workload_##name;
H5R_WORKLOAD_TABLE(DECLARE)
#undef DECLARE

const h5r_workload_t *const h5r_workloads[] = {
#define ADDRESS(name) &h5r_workload_##name,
    H5R_WORKLOAD_TABLE(ADDRESS)
#undef ADDRESS
};

const size_t h5r_workload_count = H5R_COUNT_OF(h5r_workloads);

int h5r_workload_operations(const h5r_workload_t *w)
{
    int n = 0;
    while (n < H5R_OPERATIONS && w->operations[n].name != NULL) {
        n++;
    }
    return n;
}

/* What a step does not name holds of all: stores, and cases. */
static unsigned spelled_out(const h5r_workload_t *w, unsigned when)
{
    const unsigned stores = w->needs_file ? H5R_LASTING : H5R_LASTING | H5R_VOLATILE;
    const unsigned own = when & H5R_ALL_CASES, asked = when & (H5R_LASTING | H5R_VOLATILE);
    unsigned cases = 0;
    for (unsigned c = 0; c < H5R_CASES && w->cases[c] != NULL; c++) {
        cases |= H5R_CASE(c);
    }
    return (asked != 0 ? asked : stores) | (own != 0 ? own : cases);
}

int h5r_workload_phases(const h5r_workload_t *w, h5r_operation_t operation,
                        h5r_planned_phase_t phases[H5R_PHASE_COUNT])
{
    int n = 0;
    for (size_t i = 0; i < w->step_count; i++) {
        const h5r_timed_step_t *step = &w->steps[i];
        if (step->operation != operation || step->phase == H5R_UNTIMED) {
            continue;
        }
        int at = 0;
        while (at < n && phases[at].phase != step->phase) {
            at++;
        }
        if (at == n) {
            phases[n++] = (h5r_planned_phase_t){.phase = step->phase};
        }
        phases[at].when |= spelled_out(w, step->when);
    }
    return n;
}

uint64_t h5r_workload_datasets(const h5r_factors_t *f)
{
    const h5r_workload_t *w = h5r_workloads[f->workload];
    return w->datasets != NULL ? w->datasets(f) : 1;
}

bool h5r_workload_allows(const h5r_factors_t *f, int nranks, char *reason, size_t size)
{
    const h5r_workload_t *w = h5r_workloads[f->workload];
    const h5r_driver_info_t *driver = h5r_driver_of(f);
    if (w->needs_hdf5 && driver->store != H5R_STORE_HDF5) {
        snprintf(reason, size, "workload %s needs HDF5, and store %s is without it", w->name, driver->name);
        return false;
    }
    if (w->needs_file && h5r_factors_volatile(f)) {
        snprintf(reason, size, "workload %s needs a file that lasts, and driver %s keeps none", w->name,
                 driver->name);
        return false;
    }
    if (f->buffers == H5R_BUFFERS_CALL &&
        (!w->calls_share_memory || f->halo > 0 || f->memory != H5R_LIES_DENSE)) {
        snprintf(reason, size,
                 "%s%s needs memory for the whole payload, so that calls cannot share that of one (buffers)",
                 w->calls_share_memory ? "a share that is not dense (halo, memory)" : "workload ",
                 w->calls_share_memory ? "" : w->name);
        return false;
    }
    if (f->buffers == H5R_BUFFERS_CALL && f->filter.n > 0) {
        snprintf(reason, size,
                 "calls that share memory (buffers) write the same data again and again, of which a filter "
                 "would tell nothing");
        return false;
    }
    return w->allows == NULL || w->allows(f, nranks, reason, size);
}
