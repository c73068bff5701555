/* The roof of the storage: raw POSIX in the largest pieces. Collective; seconds are complete on rank 0. */
#ifndef H5ROOF_ROOF_STORE_H
#define H5ROOF_ROOF_STORE_H

#include "engine/roof.h"

/* spec->bytes are dealt out evenly, and read in the cache state and with the shift of spec->factors. shared:
 * into one file, each rank its own part of it; else a file per rank. */
h5r_status_t h5r_roof_store(h5r_bench_t *b, const h5r_roof_spec_t *spec, bool shared, double s[H5R_WAYS],
                            h5r_error_t *err);

#endif
