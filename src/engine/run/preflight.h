/* Before the first case: is there room, may caches be dropped, are paths short enough, and can the counters see? */
#ifndef H5ROOF_PREFLIGHT_H
#define H5ROOF_PREFLIGHT_H

#include "core/suite/plan.h"
#include "engine/ranks/context.h"

/*
 * Rank 0, before the first case: does the largest case fit into memory and into the file system? H5R_ENV with
 * the numbers.
 */
h5r_status_t h5r_capacity_check(const h5r_context_t *ctx, const h5r_plan_t *plan, h5r_error_t *err);

/* Rank 0, before the first file: are the paths of the files that MPI will open not too long for it? H5R_ENV.
 */
h5r_status_t h5r_path_check(const h5r_context_t *ctx, const h5r_plan_t *plan, h5r_error_t *err);

/* Local: bytes that one node reads again after it wrote them, in the smallest and in the largest case whose
 * reads find the cache as it is; 0: there is none. */
void h5r_as_is_query(const h5r_context_t *ctx, const h5r_plan_t *plan, double *least, double *most);

/* Collective, before the first case: if a case drops caches, may every node? H5R_ENV on all ranks. plan: rank
 * 0; NULL elsewhere. */
h5r_status_t h5r_permission_check(const h5r_context_t *ctx, const h5r_plan_t *plan, h5r_error_t *err);

/* Collective: do the PMPI counters see HDF5's calls? Writes a small file into the scratch directory. An error
 * is this rank's own: end the job. */
h5r_status_t h5r_counters_selftest(const h5r_context_t *ctx, bool *work, h5r_error_t *err);

#endif
