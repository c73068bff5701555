#include "engine/store/hdf5_util.h"

#include "engine/ranks/counters.h"
#include "engine/ranks/mpi_util.h"
#include "engine/store/hdf5_filter.h"
#include "h5roof/driver.h"
#include "h5roof/fill.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static herr_t keep_innermost(unsigned n, const H5E_error2_t *entry, void *text)
{
    if (n == 0 && entry->desc != NULL) {
        snprintf(text, H5R_MESSAGE_SIZE / 2, "%s", entry->desc);
    }
    return 0;
}

h5r_status_t h5r_fail_hdf5(h5r_error_t *err, const char *call, const char *object)
{
    int number = errno;
    char text[H5R_MESSAGE_SIZE / 2] = "no message", last[H5R_ERRNO_SIZE];
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_innermost, text);
    const size_t said = strlen(text);
    if (h5r_counters_failed() != MPI_SUCCESS && (strstr(text, "MPI") || strcmp(text, "no message") == 0)) {
        char mpi[H5R_MPI_TEXT_SIZE];
        snprintf(text + said, sizeof text - said, " (%s)",
                 h5r_mpi_text(h5r_counters_failed(), mpi, sizeof mpi));
    }
    for (char *end = strchr(text, '\n'); end != NULL; end = strchr(end, '\n')) {
        *end = ' '; /* a time by ctime() */
    }
    return h5r_fail(err, H5R_IO, "%s failed on %s: %s%s", call, object, text,
                    h5r_errno_text(strstr(text, "errno") != NULL ? 0 : number, object, last, sizeof last));
}

void h5r_hdf5_silence(void)
{
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}

/* The predefined types are run-time variables of the library, hence functions rather than a table. */
hid_t h5r_hdf5_memory_type(h5r_dtype_t t)
{
    const hid_t types[H5R_DTYPE_COUNT] = {
        [H5R_I8] = H5T_NATIVE_INT8,    [H5R_I16] = H5T_NATIVE_INT16,  [H5R_I32] = H5T_NATIVE_INT32,
        [H5R_I64] = H5T_NATIVE_INT64,  [H5R_U8] = H5T_NATIVE_UINT8,   [H5R_U16] = H5T_NATIVE_UINT16,
        [H5R_U32] = H5T_NATIVE_UINT32, [H5R_U64] = H5T_NATIVE_UINT64, [H5R_F32] = H5T_NATIVE_FLOAT,
        [H5R_F64] = H5T_NATIVE_DOUBLE,
    };
    return types[t];
}

hid_t h5r_hdf5_file_type(h5r_dtype_t t, h5r_byte_order_t order)
{
    const hid_t little[H5R_DTYPE_COUNT] = {
        [H5R_I8] = H5T_STD_I8LE,    [H5R_I16] = H5T_STD_I16LE, [H5R_I32] = H5T_STD_I32LE,
        [H5R_I64] = H5T_STD_I64LE,  [H5R_U8] = H5T_STD_U8LE,   [H5R_U16] = H5T_STD_U16LE,
        [H5R_U32] = H5T_STD_U32LE,  [H5R_U64] = H5T_STD_U64LE, [H5R_F32] = H5T_IEEE_F32LE,
        [H5R_F64] = H5T_IEEE_F64LE,
    };
    const hid_t big[H5R_DTYPE_COUNT] = {
        [H5R_I8] = H5T_STD_I8BE,    [H5R_I16] = H5T_STD_I16BE, [H5R_I32] = H5T_STD_I32BE,
        [H5R_I64] = H5T_STD_I64BE,  [H5R_U8] = H5T_STD_U8BE,   [H5R_U16] = H5T_STD_U16BE,
        [H5R_U32] = H5T_STD_U32BE,  [H5R_U64] = H5T_STD_U64BE, [H5R_F32] = H5T_IEEE_F32BE,
        [H5R_F64] = H5T_IEEE_F64BE,
    };
    bool native_is_big = h5r_order_swaps(H5R_ORDER_LITTLE, H5R_I64);
    bool want_big = order == H5R_ORDER_BIG || (order == H5R_ORDER_NATIVE && native_is_big);
    return want_big ? big[t] : little[t];
}

/* 1 bit of sign, 5 of exponent, 10 of mantissa, which begins after an implied 1. */
hid_t h5r_hdf5_half(h5r_byte_order_t order)
{
    hid_t type = H5Tcopy(h5r_hdf5_file_type(H5R_F32, order));
    if (type >= 0 && (H5Tset_fields(type, 15, 10, 5, 0, 10) < 0 || H5Tset_size(type, 2) < 0 ||
                      H5Tset_ebias(type, 15) < 0)) {
        H5Tclose(type);
        type = -1;
    }
    return type;
}

static herr_t set_mpio(hid_t fapl, const h5r_factors_t *f, MPI_Comm comm, MPI_Info info)
{
    bool writes = f->collective_metadata == H5R_COLLMETA_WRITES || f->collective_metadata == H5R_COLLMETA_ALL;
    bool reads = f->collective_metadata == H5R_COLLMETA_READS || f->collective_metadata == H5R_COLLMETA_ALL;
    herr_t code = H5Pset_fapl_mpio(fapl, comm, info);
    if (code >= 0) {
        code = H5Pset_coll_metadata_write(fapl, writes);
    }
    return code < 0 ? code : H5Pset_all_coll_metadata_ops(fapl, reads);
}

static herr_t set_sec2(hid_t fapl, const h5r_factors_t *f, MPI_Comm comm, MPI_Info info)
{
    (void)f, (void)comm, (void)info;
    return H5Pset_fapl_sec2(fapl);
}

static herr_t set_stdio(hid_t fapl, const h5r_factors_t *f, MPI_Comm comm, MPI_Info info)
{
    (void)f, (void)comm, (void)info;
    return H5Pset_fapl_stdio(fapl);
}

static herr_t set_core(hid_t fapl, const h5r_factors_t *f, MPI_Comm comm, MPI_Info info)
{
    (void)comm, (void)info;
    return H5Pset_fapl_core(fapl, (size_t)f->core_increment, f->core_backing);
}

static herr_t set_family(hid_t fapl, const h5r_factors_t *f, MPI_Comm comm, MPI_Info info)
{
    (void)comm, (void)info;
    return H5Pset_fapl_family(fapl, (hsize_t)f->family_member, H5P_DEFAULT);
}

static herr_t set_alignment(hid_t fapl, const h5r_factors_t *f)
{
    const hsize_t threshold = f->alignment_threshold > 0 ? f->alignment_threshold : f->alignment;
    return f->alignment > 1 ? H5Pset_alignment(fapl, threshold, f->alignment) : 0;
}

/*
 * The alignment belongs to the two files: set for the pair, HDF5 1.10.8 places raw data at any address and,
 * with sizes between a header's and a B-tree node's, fails to create the file.
 */
static herr_t set_split(hid_t fapl, const h5r_factors_t *f, MPI_Comm comm, MPI_Info info)
{
    (void)comm, (void)info;
    hid_t file = H5Pcreate(H5P_FILE_ACCESS);
    herr_t code = file < 0 ? -1 : set_alignment(file, f);
    if (code >= 0) {
        code = H5Pset_fapl_split(fapl, "-m.h5", file, "-r.h5", file);
    }
    H5Pclose(file);
    if (code >= 0 && f->alignment > 1) {
        /* or small chunks share a block, which alone is aligned */
        code = H5Pset_small_data_block_size(fapl, 0);
    }
    return code;
}

/* The two that a library may lack; the rules skip their cases then. */
#ifdef H5_HAVE_DIRECT
static herr_t set_direct(hid_t fapl, const h5r_factors_t *f, MPI_Comm comm, MPI_Info info)
{
    (void)f, (void)comm, (void)info;
    return H5Pset_fapl_direct(fapl, 4096, 4096, 16u << 20);
}
#endif

#ifdef H5_HAVE_SUBFILING_VFD
static herr_t set_subfiling(hid_t fapl, const h5r_factors_t *f, MPI_Comm comm, MPI_Info info)
{
    (void)f;
    return H5Pset_mpi_params(fapl, comm, info) < 0 ? -1 : H5Pset_fapl_subfiling(fapl, NULL);
}
#endif

typedef herr_t set_driver_t(hid_t fapl, const h5r_factors_t *f, MPI_Comm comm, MPI_Info info);

static const struct {
    set_driver_t *set;
    bool aligns; /* and sets the alignment itself */
} driver_table[H5R_DRIVER_COUNT] = {
    [H5R_DRIVER_MPIO] = {.set = set_mpio},           [H5R_DRIVER_SEC2] = {.set = set_sec2},
    [H5R_DRIVER_STDIO] = {.set = set_stdio},         [H5R_DRIVER_CORE] = {.set = set_core},
    [H5R_DRIVER_FAMILY] = {.set = set_family},       [H5R_DRIVER_SPLIT] = {.set = set_split, .aligns = true},
#ifdef H5_HAVE_DIRECT
    [H5R_DRIVER_DIRECT] = {.set = set_direct},
#endif
#ifdef H5_HAVE_SUBFILING_VFD
    [H5R_DRIVER_SUBFILING] = {.set = set_subfiling},
#endif
};

bool h5r_hdf5_lacks(h5r_driver_t driver)
{
    return h5r_driver_table[driver].store == H5R_STORE_HDF5 && driver_table[driver].set == NULL;
}

/* A size that stays, in place of one that HDF5 adapts. */
static herr_t set_metadata_cache(hid_t fapl, size_t bytes)
{
    H5AC_cache_config_t config = {.version = H5AC__CURR_CACHE_CONFIG_VERSION};
    if (H5Pget_mdc_config(fapl, &config) < 0) {
        return -1;
    }
    config.set_initial_size = true;
    config.initial_size = config.min_size = config.max_size = bytes;
    config.incr_mode = H5C_incr__off;
    config.flash_incr_mode = H5C_flash_incr__off;
    config.decr_mode = H5C_decr__off;
    return H5Pset_mdc_config(fapl, &config);
}

/* What is only set where it is asked for: a library may refuse it. */
static herr_t set_access_asked(hid_t fapl, const h5r_factors_t *f)
{
    if ((f->page_buffer > 0 && H5Pset_page_buffer_size(fapl, (size_t)f->page_buffer, 0, 0) < 0) ||
        (f->evict_on_close && H5Pset_evict_on_close(fapl, true) < 0)) {
        return -1;
    }
    return f->metadata_cache > 0 ? set_metadata_cache(fapl, (size_t)f->metadata_cache) : 0;
}

/* Set explicitly: HDF5 2.0 changed the defaults of some of these. */
static herr_t set_access_common(hid_t fapl, const h5r_factors_t *f)
{
    static const H5F_libver_t low[] = {[H5R_LIBVER_EARLIEST] = H5F_LIBVER_EARLIEST,
                                       [H5R_LIBVER_V18] = H5F_LIBVER_V18,
                                       [H5R_LIBVER_V110] = H5F_LIBVER_V110,
                                       [H5R_LIBVER_LATEST] = H5F_LIBVER_LATEST};
    const double preemption = 0.75; /* the library's own default */
    if (H5Pset_libver_bounds(fapl, low[f->libver], H5F_LIBVER_LATEST) < 0 ||
        H5Pset_cache(fapl, 0, (size_t)f->chunk_slots, (size_t)f->chunk_cache, preemption) < 0 ||
        H5Pset_meta_block_size(fapl, f->meta_block) < 0 ||
        H5Pset_sieve_buf_size(fapl, (size_t)f->sieve_buffer) < 0 || set_access_asked(fapl, f) < 0) {
        return -1;
    }
    return driver_table[f->driver].aligns ? 0 : set_alignment(fapl, f);
}

hid_t h5r_hdf5_access_list(const h5r_factors_t *f, MPI_Comm comm, h5r_error_t *err)
{
    MPI_Info info;
    if (h5r_hints_to_info(f->hints, &info, err) != H5R_OK) {
        return -1;
    }
    hid_t fapl = H5Pcreate(H5P_FILE_ACCESS);
    if (fapl < 0 || driver_table[f->driver].set(fapl, f, comm, info) < 0 || set_access_common(fapl, f) < 0) {
        h5r_fail_hdf5(err, "setting the file access list", h5r_driver_of(f)->name);
        H5Pclose(fapl);
        fapl = -1;
    }
    if (info != MPI_INFO_NULL) {
        MPI_Info_free(&info); /* the list holds a copy */
    }
    return fapl;
}

hid_t h5r_hdf5_file_creation_list(const h5r_factors_t *f, h5r_error_t *err)
{
    static const H5F_fspace_strategy_t strategies[] = {[H5R_SPACE_FSM_AGGR] = H5F_FSPACE_STRATEGY_FSM_AGGR,
                                                       [H5R_SPACE_PAGE] = H5F_FSPACE_STRATEGY_PAGE,
                                                       [H5R_SPACE_AGGR] = H5F_FSPACE_STRATEGY_AGGR,
                                                       [H5R_SPACE_NONE] = H5F_FSPACE_STRATEGY_NONE};
    const hsize_t threshold = 1; /* bytes: all of the free space is managed */
    hid_t fcpl = H5Pcreate(H5P_FILE_CREATE);
    if (fcpl < 0 ||
        H5Pset_file_space_strategy(fcpl, strategies[f->file_space], f->file_space_persist, threshold) < 0 ||
        (f->file_space == H5R_SPACE_PAGE && H5Pset_file_space_page_size(fcpl, f->page_size) < 0)) {
        h5r_fail_hdf5(err, "setting the file creation list", "the file");
        H5Pclose(fcpl);
        return -1;
    }
    return fcpl;
}

static herr_t set_creation(hid_t dcpl, const h5r_factors_t *f)
{
    static const H5D_layout_t layouts[] = {[H5R_LAYOUT_CONTIGUOUS] = H5D_CONTIGUOUS,
                                           [H5R_LAYOUT_CHUNKED] = H5D_CHUNKED,
                                           [H5R_LAYOUT_COMPACT] = H5D_COMPACT,
                                           [H5R_LAYOUT_VIRTUAL] = H5D_CONTIGUOUS}; /* of its sources */
    static const H5D_fill_time_t fill_times[] = {[H5R_FILL_IFSET] = H5D_FILL_TIME_IFSET,
                                                 [H5R_FILL_ALLOC] = H5D_FILL_TIME_ALLOC,
                                                 [H5R_FILL_NEVER] = H5D_FILL_TIME_NEVER};
    static const H5D_alloc_time_t alloc_times[] = {[H5R_ALLOC_DEFAULT] = H5D_ALLOC_TIME_DEFAULT,
                                                   [H5R_ALLOC_EARLY] = H5D_ALLOC_TIME_EARLY,
                                                   [H5R_ALLOC_LATE] = H5D_ALLOC_TIME_LATE,
                                                   [H5R_ALLOC_INCR] = H5D_ALLOC_TIME_INCR};
    if (H5Pset_layout(dcpl, layouts[f->layout]) < 0 || H5Pset_fill_time(dcpl, fill_times[f->fill_time]) < 0 ||
        (f->alloc_time != H5R_ALLOC_DEFAULT && H5Pset_alloc_time(dcpl, alloc_times[f->alloc_time]) < 0)) {
        return -1;
    }
    char fill[8];
    if (h5r_fill_element(f, fill) && H5Pset_fill_value(dcpl, h5r_hdf5_memory_type(f->dtype), fill) < 0) {
        return -1;
    }
    if (f->layout == H5R_LAYOUT_CHUNKED) {
        hsize_t chunk[H5R_MAX_NDIMS];
        for (int d = 0; d < f->chunk.n; d++) {
            chunk[d] = f->chunk.d[d];
        }
        if (H5Pset_chunk(dcpl, f->chunk.n, chunk) < 0) {
            return -1;
        }
    }
    return h5r_hdf5_add_filters(dcpl, &f->filter);
}

hid_t h5r_hdf5_creation_list(const h5r_factors_t *f, h5r_error_t *err)
{
    hid_t dcpl = H5Pcreate(H5P_DATASET_CREATE);
    if (dcpl < 0 || set_creation(dcpl, f) < 0) {
        h5r_fail_hdf5(err, "setting the dataset creation list", "the dataset");
        H5Pclose(dcpl);
        return -1;
    }
    return dcpl;
}

hid_t h5r_hdf5_transfer_list(const h5r_factors_t *f, bool collective, h5r_error_t *err)
{
    hid_t dxpl = H5Pcreate(H5P_DATASET_XFER);
    if (dxpl < 0 || H5Pset_buffer(dxpl, (size_t)f->conversion_buffer, NULL, NULL) < 0 ||
        (h5r_driver_of(f)->mpi &&
         H5Pset_dxpl_mpio(dxpl, collective ? H5FD_MPIO_COLLECTIVE : H5FD_MPIO_INDEPENDENT) < 0)) {
        h5r_fail_hdf5(err, "setting the transfer list", "the dataset");
        H5Pclose(dxpl);
        return -1;
    }
    return dxpl;
}

static hid_t copy_selected(hid_t extent, h5r_select_one_t *select, const void *self, uint64_t i)
{
    hid_t space = H5Scopy(extent);
    if (space >= 0 && select(self, i, space) < 0) {
        H5Sclose(space);
        return -1;
    }
    return space;
}

static hid_t unite_from(hid_t extent, h5r_select_one_t *select, const void *self, uint64_t first, uint64_t n)
{
    if (n == 1) {
        return copy_selected(extent, select, self, first);
    }
    hid_t left = unite_from(extent, select, self, first, n / 2);
    hid_t right = left < 0 ? -1 : unite_from(extent, select, self, first + n / 2, n - n / 2);
    hid_t both = right < 0 ? -1 : H5Scombine_select(left, H5S_SELECT_OR, right);
    if (left >= 0) {
        H5Sclose(left);
    }
    if (right >= 0) {
        H5Sclose(right);
    }
    return both;
}

hid_t h5r_hdf5_unite(hid_t extent, h5r_select_one_t *select, const void *self, uint64_t n)
{
    return unite_from(extent, select, self, 0, n);
}

bool h5r_hdf5_evicts(void)
{
    hid_t fapl = H5Pcreate(H5P_FILE_ACCESS);
    const bool evicts = fapl >= 0 && H5Pset_evict_on_close(fapl, true) >= 0;
    H5Pclose(fapl);
    return evicts;
}

/* The list takes it; a file that is made with it shows whether the library does. */
bool h5r_hdf5_buffers_pages(void)
{
    hid_t fapl = H5Pcreate(H5P_FILE_ACCESS), fcpl = H5Pcreate(H5P_FILE_CREATE);
    hid_t file = -1;
    if (H5Pset_fapl_core(fapl, 1 << 16, false) >= 0 &&
        H5Pset_file_space_strategy(fcpl, H5F_FSPACE_STRATEGY_PAGE, false, 1) >= 0 &&
        H5Pset_page_buffer_size(fapl, 1 << 16, 0, 0) >= 0) {
        file = H5Fcreate("trial of a page buffer", H5F_ACC_TRUNC, fcpl, fapl);
    }
    H5Pclose(fcpl);
    H5Pclose(fapl);
    return file >= 0 && H5Fclose(file) >= 0;
}
