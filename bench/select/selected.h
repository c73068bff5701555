/*
 * Dataspaces of what was picked (pick.h), as HDF5 wants it said, for workloads. Lists are made before the
 * clock, the calls of HDF5 are what is timed.
 */
#ifndef H5ROOF_SELECTED_H
#define H5ROOF_SELECTED_H

#include "bench/select/pick.h"
#include "h5roof/hdf5_file.h"

typedef struct {
    const h5r_factors_t *factors;
    h5r_region_t region; /* the share, in the coordinates of the file */
    h5r_pick_t pick;
    uint64_t *at; /* [n]: places in the dense share, increasing */
    uint64_t n;
    hsize_t *coord;     /* [n][ndims], of points; else NULL */
    hsize_t *box_start; /* [boxes][ndims], of unions; else NULL */
    hsize_t *box_count;
    uint64_t boxes;
    hid_t file_space; /* -1: none */
    hid_t memory_space;
} h5r_selected_t;

/* Places that two selected elements are apart in memory. */
uint64_t h5r_selected_step(const h5r_factors_t *f);

/* Local: pick, and list what the way to say it needs. nothing: this rank selects nothing. H5R_ENV: no memory.
 */
h5r_status_t h5r_selected_init(h5r_selected_t *s, const h5r_factors_t *f, const h5r_region_t *region,
                               uint64_t seed, uint64_t stream, bool nothing, h5r_error_t *err);

/* The calls of HDF5. H5R_IO. */
h5r_status_t h5r_selected_build(h5r_selected_t *s, const h5r_hdf5_t *h, h5r_error_t *err);
h5r_status_t h5r_selected_close(h5r_selected_t *s, h5r_error_t *err);

void h5r_selected_free(h5r_selected_t *s);

#endif
