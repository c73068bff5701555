#include "bench/metadata/scales.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#ifdef H5R_HAVE_HDF5_HL
#include <hdf5_hl.h>
#else /* never called: see h5r_scales_allowed */
#define H5DSset_scale(scale, name)                                (-1)
#define H5DSattach_scale(dataset, scale, dimension)               (-1)
#define H5DSdetach_scale(dataset, scale, dimension)               (-1)
#define H5DSget_scale_name(scale, name, size)                     (-1)
#define H5DSiterate_scales(dataset, dimension, index, visit, own) visit(dataset, dimension, dataset, own)
#endif

#define NAME_SIZE    32
#define DATASETS_MAX 4000 /* of 16 bytes in the list of a scale, an attribute of less than 64 KiB */

static void name_of(uint64_t d, const char *what, char name[NAME_SIZE])
{
    snprintf(name, NAME_SIZE, "%s%" PRIu64, what, d);
}

bool h5r_scales_allowed(const h5r_factors_t *f, char *reason, size_t size)
{
    const char *why = NULL;
    if (f->scales == 0) {
        return true;
    }
    if (f->kind != H5R_KIND_DATASET) {
        why = "only datasets have dimensions with scales (kind)";
    } else if (f->libver == H5R_LIBVER_EARLIEST && f->objects > DATASETS_MAX) {
        why = "in libver earliest the list of a scale has room for 4000 datasets";
    }
#ifndef H5R_HAVE_HDF5_HL
    why = "this program was built without HDF5's high-level library (libhdf5_hl)";
#endif
    if (why != NULL) {
        snprintf(reason, size, "%s", why);
    }
    return why == NULL;
}

herr_t h5r_scales_make(h5r_metadata_t *m)
{
    const hsize_t one = 1;
    hid_t space = H5Screate_simple(1, &one, NULL);
    char path[NAME_SIZE], name[NAME_SIZE];
    for (uint64_t d = 0; d < m->scales; d++) {
        name_of(d, "/scale", path);
        name_of(d, "dim", name);
        m->scale[d] =
            H5Dcreate2(m->h->file, path, m->h->file_type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
        if (m->scale[d] < 0 || H5DSset_scale(m->scale[d], name) < 0) {
            return -1;
        }
    }
    return H5Sclose(space);
}

herr_t h5r_scales_attach(const h5r_metadata_t *m, hid_t dataset)
{
    herr_t code = 0;
    for (uint64_t d = 0; d < m->scales && code >= 0; d++) {
        code = H5DSattach_scale(dataset, m->scale[d], (unsigned)d);
    }
    return code;
}

herr_t h5r_scales_close(h5r_metadata_t *m)
{
    herr_t code = 0;
    for (uint64_t d = 0; d < m->scales && code >= 0; d++) {
        code = H5Dclose(m->scale[d]);
    }
    return code;
}

static herr_t look(hid_t dataset, unsigned dimension, hid_t scale, void *own)
{
    h5r_metadata_t *m = own;
    char name[NAME_SIZE], expected[NAME_SIZE];
    (void)dataset;
    name_of(dimension, "dim", expected);
    if (H5DSget_scale_name(scale, name, sizeof name) < 0) {
        return -1;
    }
    m->attached += strcmp(name, expected) == 0 ? 1 : 0;
    return 0;
}

herr_t h5r_scales_find(h5r_metadata_t *m, hid_t dataset)
{
    herr_t code = 0;
    for (uint64_t d = 0; d < m->scales && code >= 0; d++) {
        code = H5DSiterate_scales(dataset, (unsigned)d, NULL, look, m);
    }
    return code;
}

static herr_t detach_one(const h5r_metadata_t *m, hid_t dataset, uint64_t d)
{
    char path[NAME_SIZE];
    name_of(d, "/scale", path);
    hid_t scale = H5Dopen2(m->h->file, path, H5P_DEFAULT);
    herr_t code = scale < 0 ? -1 : H5DSdetach_scale(dataset, scale, (unsigned)d);
    return scale < 0 || H5Dclose(scale) < 0 ? -1 : code;
}

herr_t h5r_scales_detach(const h5r_metadata_t *m, const char *path)
{
    hid_t dataset = H5Dopen2(m->h->file, path, H5P_DEFAULT);
    herr_t code = dataset < 0 ? -1 : 0;
    for (uint64_t d = 0; d < m->scales && code >= 0; d++) {
        code = detach_one(m, dataset, d);
    }
    return dataset < 0 || H5Dclose(dataset) < 0 ? -1 : code;
}
