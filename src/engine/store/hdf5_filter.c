#include "engine/store/hdf5_filter.h"

#include "core/factors/factor.h"
#include "engine/ranks/registry.h"
#include "engine/store/hdf5_util.h"
#include "h5roof/driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOSC_VALUES 7 /* the first four are the filter's own; then level, shuffle, compressor */

static herr_t add_plugin(hid_t dcpl, h5r_filter_kind_t kind, int level)
{
    const unsigned number = (unsigned)level, blosc[BLOSC_VALUES] = {0, 0, 0, 0, number, 1, 0};
    const bool is_blosc = kind == H5R_FILTER_BLOSC;
    const size_t values = is_blosc ? BLOSC_VALUES : h5r_filter_info(kind)->number != NULL ? 1 : 0;
    /* optional, as deflate is: a chunk that does not get smaller is stored as it was */
    return H5Pset_filter(dcpl, (H5Z_filter_t)h5r_filter_info(kind)->id, H5Z_FLAG_OPTIONAL, values,
                         is_blosc ? blosc : &number);
}

static herr_t add_filter(hid_t dcpl, h5r_filter_kind_t kind, int level)
{
    switch (kind) {
    case H5R_FILTER_DEFLATE:
        return H5Pset_deflate(dcpl, (unsigned)level);
    case H5R_FILTER_SHUFFLE:
        return H5Pset_shuffle(dcpl);
    case H5R_FILTER_FLETCHER32:
        return H5Pset_fletcher32(dcpl);
    case H5R_FILTER_SZIP:
        return H5Pset_szip(dcpl, H5_SZIP_NN_OPTION_MASK, (unsigned)level);
    case H5R_FILTER_NBIT: /* the bits are those of the dataset's type */
        return H5Pset_nbit(dcpl);
    case H5R_FILTER_SCALEOFFSET:
        return H5Pset_scaleoffset(dcpl, H5Z_SO_INT, H5Z_SO_INT_MINBITS_DEFAULT);
    default:
        return add_plugin(dcpl, kind, level);
    }
}

herr_t h5r_hdf5_add_filters(hid_t dcpl, const h5r_pipeline_t *filter)
{
    herr_t code = 0;
    for (int i = 0; i < filter->n && code >= 0; i++) {
        code = add_filter(dcpl, filter->stage[i].kind, filter->stage[i].level);
    }
    return code;
}

#define TRIAL 16384 /* elements: numbers that every compressor makes much smaller */

/* What a trial opens, to be closed again. */
typedef struct {
    hid_t access, file, space, creation, type, dataset;
} trial_t;

/* One dataset in a file that is only in memory. The call that fails is returned, or NULL. */
static const char *create_trial(trial_t *t, h5r_filter_kind_t kind)
{
    const hsize_t n = TRIAL;
    const int level = h5r_filter_info(kind)->by_default;
    t->access = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_fapl_core(t->access, 1 << 16, false);
    t->file = H5Fcreate("trial of a filter", H5F_ACC_TRUNC, H5P_DEFAULT, t->access);
    t->space = H5Screate_simple(1, &n, NULL);
    t->creation = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_chunk(t->creation, 1, &n);
    t->type = H5Tcopy(H5T_NATIVE_INT32);
    if (kind == H5R_FILTER_NBIT) {
        H5Tset_precision(t->type, 16);
    }
    if (add_filter(t->creation, kind, level) < 0) {
        return "setting it";
    }
    t->dataset = H5Dcreate2(t->file, "data", t->type, t->space, H5P_DEFAULT, t->creation, H5P_DEFAULT);
    return t->dataset < 0 ? "H5Dcreate2" : NULL;
}

static void close_trial(const trial_t *t)
{
    H5Dclose(t->dataset);
    H5Tclose(t->type);
    H5Pclose(t->creation);
    H5Sclose(t->space);
    H5Fclose(t->file);
    H5Pclose(t->access);
}

static const char *move_trial(trial_t *t, h5r_filter_kind_t kind, const int32_t *written, int32_t *read)
{
    const bool is_smaller = kind != H5R_FILTER_SHUFFLE && kind != H5R_FILTER_FLETCHER32;
    if (H5Dwrite(t->dataset, H5T_NATIVE_INT32, H5S_ALL, H5S_ALL, H5P_DEFAULT, written) < 0 ||
        H5Fflush(t->file, H5F_SCOPE_LOCAL) < 0) {
        return "H5Dwrite";
    }
    hsize_t stored = H5Dget_storage_size(t->dataset);
    if (H5Dclose(t->dataset) < 0 || (t->dataset = H5Dopen2(t->file, "data", H5P_DEFAULT)) < 0 ||
        H5Dread(t->dataset, H5T_NATIVE_INT32, H5S_ALL, H5S_ALL, H5P_DEFAULT, read) < 0) {
        return "H5Dread";
    }
    if (memcmp(written, read, TRIAL * sizeof *read) != 0) {
        return "other data came back than were written, with H5Dread";
    }
    return is_smaller && stored >= TRIAL * sizeof *read ? "nothing got smaller with H5Dwrite" : NULL;
}

static bool works(h5r_filter_kind_t kind, char *fault, size_t size)
{
    trial_t t = {-1, -1, -1, -1, -1, -1};
    int32_t *written = malloc(2 * TRIAL * sizeof *written), *read = written + TRIAL;
    if (written == NULL) {
        snprintf(fault, size, "it could not be tried, for lack of memory");
        return false;
    }
    for (int32_t i = 0; i < TRIAL; i++) {
        written[i] = i / 100;
        read[i] = -1;
    }
    const char *failed = create_trial(&t, kind);
    if (failed == NULL) {
        failed = move_trial(&t, kind, written, read);
    }
    if (failed != NULL) {
        snprintf(fault, size, "%s failed in a trial", failed);
    }
    close_trial(&t);
    free(written);
    return failed == NULL;
}

void h5r_caps_query(h5r_caps_t *caps, bool threads, unsigned tried)
{
    const unsigned both = H5Z_FILTER_CONFIG_ENCODE_ENABLED | H5Z_FILTER_CONFIG_DECODE_ENABLED;
    memset(caps, 0, sizeof *caps);
    h5r_hdf5_silence(); /* what is tried may fail */
    caps->workload_allows = h5r_workload_allows;
    H5get_libversion(&caps->version[0], &caps->version[1], &caps->version[2]);
    for (h5r_filter_kind_t kind = H5R_FILTER_DEFLATE; kind < H5R_FILTER_KINDS; kind++) {
        unsigned config = 0;
        const H5Z_filter_t id = (H5Z_filter_t)h5r_filter_info(kind)->id;
        if (h5r_filter_is_plugin(kind) && (tried & 1u << kind) == 0) {
            continue; /* asking loads the plugin */
        }
        caps->filter[kind] =
            H5Zfilter_avail(id) > 0 && H5Zget_filter_info(id, &config) >= 0 && (config & both) == both;
        if (caps->filter[kind] && (tried & 1u << kind) != 0) {
            caps->filter[kind] = works(kind, caps->filter_fault[kind], sizeof caps->filter_fault[kind]);
        }
    }
    caps->evicts = h5r_hdf5_evicts();
    caps->buffers_pages = h5r_hdf5_buffers_pages();
    for (h5r_driver_t d = 0; d < H5R_DRIVER_COUNT; d++) {
        caps->lacks[d] = h5r_hdf5_lacks(d) || (h5r_driver_table[d].threads && !threads);
    }
}
