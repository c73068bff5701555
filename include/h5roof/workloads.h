/* The workloads, X(name) each, as bench/workloads.def lists them: the values of the factor `workload`. */
#ifndef H5ROOF_WORKLOADS_H
#define H5ROOF_WORKLOADS_H

#include "bench/workloads.def"

typedef enum {
#define X(name) H5R_WORKLOAD_##name,
    H5R_WORKLOAD_TABLE(X)
#undef X
        H5R_WORKLOADS
} h5r_workload_id_t;

#endif
