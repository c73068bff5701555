/* The workloads, X(name) each, as bench/workloads.def lists them: the values of the factor `workload`. */
#ifndef H5ROOF_WORKLOADS_H
#define H5ROOF_WORKLOADS_H

#include "bench/workloads.def"

#endif
