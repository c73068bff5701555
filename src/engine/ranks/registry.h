/* The workloads of bench/workloads.def, in its order: factor `workload` is the index. */
#ifndef H5ROOF_REGISTRY_H
#define H5ROOF_REGISTRY_H

#include "h5roof/workload.h"

extern const h5r_workload_t *const h5r_workloads[];
extern const size_t h5r_workload_count;

/* How many operations a workload has. */
int h5r_workload_operations(const h5r_workload_t *w);

/* A phase of an operation, and when it happens: H5R_LASTING, H5R_VOLATILE, H5R_CASE(i). */
typedef struct {
    h5r_phase_t phase;
    unsigned when;
} h5r_planned_phase_t;

/* The phases of an operation in their order, from the table of steps; returns how many. */
int h5r_workload_phases(const h5r_workload_t *w, h5r_operation_t operation,
                        h5r_planned_phase_t phases[H5R_PHASE_COUNT]);

/* How many datasets of its shape a case has. */
uint64_t h5r_workload_datasets(const h5r_factors_t *f);

/* Whether the workload can do it; as h5r_caps_t.workload_allows wants it. */
bool h5r_workload_allows(const h5r_factors_t *f, int nranks, char *reason, size_t size);

#endif
