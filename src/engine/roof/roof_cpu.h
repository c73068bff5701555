/* The roofs that are work of the CPU alone: copy, convert, compress. All are collective; seconds are complete
 * on rank 0. */
#ifndef H5ROOF_ROOF_CPU_H
#define H5ROOF_ROOF_CPU_H

#include "engine/roof/roof.h"

h5r_status_t h5r_roof_copy(h5r_bench_t *b, const h5r_factors_t *f, double s[H5R_WAYS], h5r_error_t *err);
h5r_status_t h5r_roof_convert(h5r_bench_t *b, const h5r_factors_t *f, double s[H5R_WAYS], h5r_error_t *err);

/* time->s and time->filtered_bytes: of all chunks of spec->datasets. Out goes what the operation writes, in
 * comes the data. */
h5r_status_t h5r_roof_compress(h5r_bench_t *b, const h5r_roof_spec_t *spec, h5r_roof_time_t *time,
                               h5r_error_t *err);

#endif
