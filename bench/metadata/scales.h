/*
 * Dimension scales as netCDF-4 makes them: datasets that stand for the dimensions of others, through attributes that refer
 * to each other (H5DS). A scale has a list of all datasets that use it, written anew for every one that is attached.
 */
#ifndef H5ROOF_METADATA_SCALES_H
#define H5ROOF_METADATA_SCALES_H

#include "bench/metadata/objects.h"

/* Whether this program and the format can; else the reason. */
bool h5r_scales_allowed(const h5r_factors_t *f, char *reason, size_t size);

/* -1: HDF5 failed. The scales of a new file, which stay open until close; to each dimension of a dataset its scale. */
herr_t h5r_scales_make(h5r_metadata_t *m);
herr_t h5r_scales_attach(const h5r_metadata_t *m, hid_t dataset);
herr_t h5r_scales_close(h5r_metadata_t *m);

/* Those of a dataset that are the right ones, by their names, are added to m->attached. */
herr_t h5r_scales_find(h5r_metadata_t *m, hid_t dataset);

/* From a dataset that will be deleted, so that nothing refers to it. */
herr_t h5r_scales_detach(const h5r_metadata_t *m, const char *path);

#endif
