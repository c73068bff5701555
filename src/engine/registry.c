#include "engine/registry.h"

#define H5R_WORKLOAD(name) extern const h5r_workload_t h5r_workload_##name;
#include "bench/workloads.def"
#undef H5R_WORKLOAD

const h5r_workload_t *const h5r_workloads[] = {
#define H5R_WORKLOAD(name) &h5r_workload_##name,
#include "bench/workloads.def"
#undef H5R_WORKLOAD
};

const size_t h5r_workload_count = sizeof h5r_workloads / sizeof h5r_workloads[0];
