/* The roof of the storage: raw POSIX in several ways. Collective; seconds are the same on all ranks. */
#ifndef H5ROOF_ROOF_STORE_H
#define H5ROOF_ROOF_STORE_H

#include "engine/roof/roof.h"

/*
 * spec->bytes are dealt out evenly to the ranks that move something (write_ranks), in whole blocks of
 * H5R_STORE_ALIGNMENT bytes, written in each way of the
 * order to write, then read in each of the order to read, in the cache state and with the shift of
 * spec->factors. shared: into one file, each rank its own part of it; else a file per rank. A way that
 * a rank does not have (direct I/O, fallocate) does not exist for any; what fails otherwise is an error, agreed.
 */
h5r_status_t h5r_roof_store(h5r_bench_t *b, const h5r_roof_spec_t *spec, const h5r_store_order_t *order,
                            bool shared, h5r_store_tried_t *tried, h5r_error_t *err);

/* Local: the bytes of rank 0, which has the largest part. */
uint64_t h5r_roof_store_part(const h5r_roof_spec_t *spec, int ranks);

#endif
