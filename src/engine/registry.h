/* The workloads of bench/workloads.def, in its order: factor `workload` is the index. */
#ifndef H5ROOF_REGISTRY_H
#define H5ROOF_REGISTRY_H

#include "h5roof/workload.h"

extern const h5r_workload_t *const h5r_workloads[];
extern const size_t h5r_workload_count;

#endif
