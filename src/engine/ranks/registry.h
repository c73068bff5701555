/* The workloads of bench/workloads.def, in its order: factor `workload` is the index. */
#ifndef H5ROOF_REGISTRY_H
#define H5ROOF_REGISTRY_H

#include "h5roof/workload.h"

extern const h5r_workload_t *const h5r_workloads[];
extern const size_t h5r_workload_count;

/* How many operations a workload has. */
int h5r_workload_operations(const h5r_workload_t *w);

/* How many datasets of its shape a case has. */
uint64_t h5r_workload_datasets(const h5r_factors_t *f);

/* Whether the workload can do it; as h5r_caps_t.workload_allows wants it. */
bool h5r_workload_allows(const h5r_factors_t *f, int nranks, char *reason, size_t size);

#endif
