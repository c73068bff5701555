#include "engine/repetition/perform.h"

#include "engine/ranks/registry.h"
#include "engine/repetition/measure.h"
#include "h5roof/count.h"

#include <stdlib.h>

static unsigned conditions(const h5r_rep_t *rep, const h5r_workload_t *workload)
{
    const unsigned store = rep->reads_before_close ? H5R_VOLATILE : H5R_LASTING;
    const unsigned own = workload->which != NULL ? workload->which(rep->factors) : 0;
    return store | (rep->verify ? H5R_VERIFYING : 0) | own;
}

static bool happens(unsigned when, unsigned now)
{
    const unsigned groups[] = {H5R_LASTING | H5R_VOLATILE, H5R_VERIFYING, H5R_ALL_CASES};
    bool all = true;
    for (size_t i = 0; i < H5R_COUNT_OF(groups); i++) {
        const unsigned asked = when & groups[i];
        all = all && (asked == 0 || (asked & now) != 0);
    }
    return all;
}

static h5r_status_t run_step(h5r_rep_t *rep, const h5r_timed_step_t *step, h5r_error_t *err)
{
    const bool timed = step->phase != H5R_UNTIMED;
    if (timed) {
        h5r_phase_begin(rep, step->operation, step->phase);
    }
    h5r_status_t status = step->step(rep, err);
    if (status != H5R_OK) {
        return status;
    }
    if (timed) {
        h5r_phase_end(rep);
    }
    if ((step->when & H5R_MEASURED) != 0) {
        h5r_measure_files(rep, step->operation);
    }
    return H5R_OK;
}

/* How many steps are done together, from this one on: those that each file needs. */
static size_t together(const h5r_workload_t *workload, size_t first)
{
    size_t n = 0;
    while (first + n < workload->step_count && (workload->steps[first + n].when & H5R_EACH_FILE) != 0) {
        n++;
    }
    return n > 0 ? n : 1;
}

static void use_file(h5r_rep_t *rep, uint64_t file)
{
    rep->file = file;
    for (int way = 0; way < H5R_WAYS; way++) {
        h5r_store_use_file(rep->parts[way].store, file);
    }
}

static h5r_status_t run_steps(h5r_rep_t *rep, const h5r_timed_step_t *steps, size_t n, unsigned now,
                              h5r_error_t *err)
{
    h5r_status_t status = H5R_OK;
    for (size_t i = 0; i < n && status == H5R_OK; i++) {
        if (happens(steps[i].when, now)) {
            status = run_step(rep, &steps[i], err);
        }
    }
    return status;
}

h5r_status_t h5r_perform(h5r_rep_t *rep, h5r_error_t *err)
{
    const h5r_workload_t *workload = h5r_workloads[rep->factors->workload];
    const unsigned now = conditions(rep, workload);
    rep->own = calloc(1, workload->own_bytes + 1);
    if (rep->own == NULL) {
        return h5r_no_memory(err, "the state of workload %s", workload->name);
    }
    h5r_status_t status = workload->prepare != NULL ? workload->prepare(rep, err) : H5R_OK;
    for (size_t i = 0, n; i < workload->step_count && status == H5R_OK; i += n) {
        n = together(workload, i);
        const bool each = (workload->steps[i].when & H5R_EACH_FILE) != 0;
        for (uint64_t file = 0; file < (each ? rep->factors->file_count : 1) && status == H5R_OK; file++) {
            if (each) {
                use_file(rep, file);
            }
            status = run_steps(rep, &workload->steps[i], n, now, err);
        }
    }
    if (status == H5R_OK && workload->check != NULL) {
        workload->check(rep);
    }
    if (workload->release != NULL) {
        workload->release(rep);
    }
    free(rep->own);
    rep->own = NULL;
    return status;
}
