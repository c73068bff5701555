/* The roof of the storage: raw POSIX in the largest pieces. Collective; seconds are complete on rank 0. */
#ifndef H5ROOF_ROOF_STORE_H
#define H5ROOF_ROOF_STORE_H

#include "engine/bench.h"
#include "h5roof/workload.h"

/* bytes: of all ranks, dealt out evenly. cache: its state before reading. shared: into one file, each rank
 * its own part of it; else a file per rank. */
h5r_status_t h5r_roof_store(h5r_bench_t *b, uint64_t bytes, h5r_cache_t cache, bool shared,
                            double s[H5R_OPERATIONS], h5r_error_t *err);

#endif
