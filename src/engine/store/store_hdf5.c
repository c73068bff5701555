/* The store hdf5: one dataset "/data" in one file, through any of HDF5's file drivers. */
#include "engine/store/hdf5_facts.h"
#include "engine/store/hdf5_util.h"
#include "engine/store/hdf5_virtual.h"
#include "engine/store/hints.h"
#include "engine/store/posix_io.h"
#include "engine/store/store.h"
#include "h5roof/arrangement.h"
#include "h5roof/driver.h"
#include "h5roof/hdf5_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    h5r_hdf5_t h;      /* first, so that it is the store's own pointer, too */
    hid_t made_type;   /* the type in the file where it is not predefined */
    hid_t file_space;  /* selected once if there is one call, for each call if there are more */
    hid_t piece_space; /* memory of a full piece; N-D, since HDF5 maps chunks fast only between equal shapes;
                          with ghost cells the padded share, selected for each call; else as memory says */
    hid_t rest_space;  /* memory of a piece cut by the region's end */
    uint64_t piece_elements;
    bool one_call;
    bool ghosts;   /* the share in memory is padded */
    uint64_t step; /* of memory from one element to the next; 0 where a piece is found in the padded share */
    bool strided;
    hsize_t stride[H5R_MAX_NDIMS];
} hdf5_t;

static void close_id(hid_t *id, herr_t (*close)(hid_t))
{
    if (*id >= 0) {
        close(*id);
    }
    *id = -1;
}

/* What the driver makes of the name: one file, printf-numbered members, or two with suffixes. */
static void name_file(h5r_store_t *s)
{
    hdf5_t *own = s->own;
    snprintf(own->h.path, sizeof own->h.path, "%.*s%s", (int)sizeof own->h.path - 16, s->base,
             h5r_driver_of(s->factors)->suffix);
}

static bool file_name(const h5r_store_t *s, int index, char *path, size_t size)
{
    if (s->links && index == 1) {
        h5r_hdf5_virtual_name(s, path, size);
        return true;
    }
    return h5r_factors_on_disk(s->factors) &&
           h5r_driver_file(h5r_driver_of(s->factors), s->base, (int)size - 16, index, path, size);
}

/* What is not predefined is made. */
static void choose_types(const h5r_factors_t *f, hdf5_t *own, h5r_error_t *err)
{
    const int bits = h5r_factors_bits(f);
    const bool half = h5r_factors_file_dtype(f) == H5R_F16;
    own->h.file_type =
        half ? h5r_hdf5_half(f->byte_order) : h5r_hdf5_file_type(h5r_factors_file_dtype(f), f->byte_order);
    if (half || bits > 0) {
        own->made_type = half ? own->h.file_type : H5Tcopy(own->h.file_type);
        own->h.file_type = own->made_type;
        if (own->made_type < 0 || (bits > 0 && H5Tset_precision(own->made_type, (size_t)bits) < 0)) {
            h5r_fail_hdf5(err, "making the type of an element", own->h.path);
        }
    }
    own->h.memory_type =
        f->convert_by == H5R_CONVERT_BY_PROGRAM ? own->h.file_type : h5r_hdf5_memory_type(f->dtype);
}

static h5r_status_t prepare(h5r_store_t *s, h5r_error_t *err)
{
    hdf5_t *own = s->own;
    *own = (hdf5_t){.h = {.file_creation = -1,
                          .access = -1,
                          .creation = -1,
                          .transfer = -1,
                          .file = -1,
                          .dataset = -1,
                          .ndims = s->file_shape.n},
                    .made_type = -1,
                    .file_space = -1,
                    .piece_space = -1,
                    .rest_space = -1};
    name_file(s);
    choose_types(s->factors, own, err);
    for (int d = 0; d < s->file_shape.n; d++) {
        own->stride[d] = s->calls->region.stride[d];
        own->strided = own->strided || own->stride[d] != 1;
    }
    /* collective first: a rank that fails locally must not miss it */
    own->h.access = h5r_hdf5_access_list(s->factors, s->comm, err);
    if (own->h.access < 0) {
        return err->code;
    }
    own->h.file_creation = h5r_hdf5_file_creation_list(s->factors, err);
    if (own->h.file_creation < 0) {
        return err->code;
    }
    own->h.creation = h5r_hdf5_creation_list(s->factors, err);
    if (own->h.creation < 0) {
        return err->code;
    }
    own->h.transfer = h5r_hdf5_transfer_list(s->factors, s->collective, err);
    return own->h.transfer < 0 ? err->code : H5R_OK;
}

/* hsize_t is unsigned long long until HDF5 1.12 and uint64_t from 1.14 on: the same 64 bits. Only the library
 * looks at them through this pointer; a copy would stand between the timed calls. */
static const hsize_t *as_hsize(const uint64_t *sizes)
{
    _Static_assert(sizeof(hsize_t) == sizeof *sizes, "sizes of HDF5 have 64 bits");
    return (const hsize_t *)(const void *)sizes;
}

static h5r_status_t create(h5r_store_t *s, h5r_error_t *err)
{
    hdf5_t *own = s->own;
    if (h5r_hdf5_create_file(s, err) != H5R_OK) {
        return err->code;
    }
    hid_t space = H5Screate_simple(own->h.ndims, as_hsize(s->file_shape.d), NULL);
    own->h.dataset =
        H5Dcreate2(own->h.file, "data", own->h.file_type, space, H5P_DEFAULT, own->h.creation, H5P_DEFAULT);
    if (own->h.dataset < 0) {
        h5r_fail_hdf5(err, "H5Dcreate2", own->h.path);
        close_id(&space, H5Sclose);
        return err->code;
    }
    if (H5Sclose(space) < 0) {
        return h5r_fail_hdf5(err, "H5Sclose", own->h.path);
    }
    return s->links ? h5r_hdf5_create_virtual(s, &own->h, err) : H5R_OK;
}

static h5r_status_t open_again(h5r_store_t *s, bool writable, h5r_error_t *err)
{
    hdf5_t *own = s->own;
    own->h.file = H5Fopen(own->h.path, writable ? H5F_ACC_RDWR : H5F_ACC_RDONLY, own->h.access);
    if (own->h.file < 0) {
        return h5r_fail_hdf5(err, "H5Fopen", own->h.path);
    }
    own->h.dataset = H5Dopen2(own->h.file, "data", H5P_DEFAULT);
    return own->h.dataset < 0 ? h5r_fail_hdf5(err, "H5Dopen2", own->h.path) : H5R_OK;
}

/* The part of the padded share that a call moves; `start` and `count` are those in the file. */
static herr_t place_among_ghosts(const h5r_store_t *s, const hdf5_t *own, const h5r_op_t *call,
                                 const hsize_t *count)
{
    const h5r_region_t *region = &s->calls->region;
    hsize_t start[H5R_MAX_NDIMS];
    for (int d = 0; d < s->file_shape.n; d++) {
        start[d] = s->factors->halo + (call->start[d] - region->start[d]) / region->stride[d];
    }
    return H5Sselect_hyperslab(own->piece_space, H5S_SELECT_SET, start, NULL, count, NULL);
}

/* A call is given where its piece begins in a dense share. A selection in the padded share counts from that one's
 * beginning; elements apart from each other begin the further behind. */
static ptrdiff_t bytes_behind(const h5r_store_t *s, const hdf5_t *own, const h5r_op_t *call)
{
    return ((ptrdiff_t)own->step - 1) * (ptrdiff_t)(call->offset * s->element_bytes);
}

/* The dataspace of a piece in memory, by the factor memory. */
static herr_t arrange(const h5r_store_t *s, hid_t space, const hsize_t *count)
{
    const h5r_apart_t apart = h5r_memory_apart(s->factors);
    const bool other = s->factors->memory == H5R_LIES_OTHER_RANK,
               field = s->factors->memory == H5R_LIES_FIELD;
    hsize_t extent[H5R_MAX_NDIMS + 1], start[H5R_MAX_NDIMS + 1] = {0}, stride[H5R_MAX_NDIMS + 1],
                                                             selected[H5R_MAX_NDIMS + 1], elements = 1;
    const hdf5_t *own = s->own;
    const int n = own->h.ndims;
    for (int d = 0; d <= n; d++) {
        extent[d] = selected[d] = d < n ? count[d] : 1;
        stride[d] = 1;
        elements *= selected[d];
    }
    if (other) { /* of a piece of one dimension the second one is 1 long */
        extent[0] = elements;
        return H5Sset_extent_simple(space, n > 1 ? 1 : 2, extent, NULL) < 0 ? -1 : H5Sselect_all(space);
    }
    if (field) {
        extent[n] = apart.step;
        start[n] = apart.first;
    } else {
        extent[n - 1] *= apart.step;
        stride[n - 1] = apart.step;
    }
    if (H5Sset_extent_simple(space, field ? n + 1 : n, extent, NULL) < 0) {
        return -1;
    }
    return apart.step == 1 ? H5Sselect_all(space)
                           : H5Sselect_hyperslab(space, H5S_SELECT_SET, start, stride, selected, NULL);
}

/* The memory space of a call and the selection in the file. */
static herr_t place(const h5r_store_t *s, hdf5_t *own, const h5r_op_t *call, hid_t *memory)
{
    const hsize_t *count = as_hsize(call->count);
    if (call->elements == 0) {
        *memory = own->rest_space;
        return H5Sselect_none(own->file_space) < 0 ? -1 : H5Sselect_none(own->rest_space);
    }
    *memory = own->piece_space;
    if (own->ghosts) {
        if (place_among_ghosts(s, own, call, count) < 0) {
            return -1;
        }
    } else if (call->elements != own->piece_elements) {
        *memory = own->rest_space;
        if (arrange(s, own->rest_space, count) < 0) {
            return -1;
        }
    }
    return H5Sselect_hyperslab(own->file_space, H5S_SELECT_SET, as_hsize(call->start),
                               own->strided ? own->stride : NULL, count, NULL);
}

static void close_spaces(hdf5_t *own)
{
    close_id(&own->file_space, H5Sclose);
    close_id(&own->piece_space, H5Sclose);
    close_id(&own->rest_space, H5Sclose);
}

static h5r_status_t select_calls(h5r_store_t *s, h5r_error_t *err)
{
    hdf5_t *own = s->own;
    hsize_t piece[H5R_MAX_NDIMS];
    const hsize_t one[H5R_MAX_NDIMS] = {1, 1, 1, 1, 1, 1};
    close_spaces(own);
    own->piece_elements = 1;
    own->ghosts = s->factors->halo > 0;
    own->step = own->ghosts ? 0 : h5r_memory_apart(s->factors).step;
    for (int d = 0; d < s->file_shape.n; d++) {
        uint64_t halo = s->factors->halo;
        piece[d] = halo > 0 ? s->calls->region.count[d] + 2 * halo : s->calls->piece[d];
        own->piece_elements *= piece[d];
    }
    own->file_space = H5Dget_space(own->h.dataset);
    own->piece_space = H5Screate_simple(own->h.ndims, own->piece_elements > 0 ? piece : one, NULL);
    own->rest_space = H5Screate_simple(own->h.ndims, one, NULL);
    if (own->file_space < 0 || own->piece_space < 0 || own->rest_space < 0) {
        return h5r_fail_hdf5(err, "making dataspaces", own->h.path);
    }
    if (s->factors->memory != H5R_LIES_DENSE && own->piece_elements > 0 &&
        arrange(s, own->piece_space, piece) < 0) {
        return h5r_fail_hdf5(err, "H5Sset_extent_simple", own->h.path);
    }
    own->one_call = s->calls->calls == 1;
    if (!own->one_call) {
        return H5R_OK;
    }
    h5r_op_iter_t it;
    hid_t memory;
    h5r_op_first(&it, s->calls);
    if (place(s, own, &it.op, &memory) < 0) {
        return h5r_fail_hdf5(err, "H5Sselect_hyperslab", own->h.path);
    }
    /* the one call uses piece_space from here on, whichever it was */
    if (memory == own->rest_space) {
        own->rest_space = own->piece_space;
        own->piece_space = memory;
    }
    return H5R_OK;
}

static h5r_status_t write_call(h5r_store_t *s, const h5r_op_t *call, const void *buffer, h5r_error_t *err)
{
    hdf5_t *own = s->own;
    hid_t memory = own->piece_space;
    if (!own->one_call && place(s, own, call, &memory) < 0) {
        return h5r_fail_hdf5(err, "H5Sselect_hyperslab", own->h.path);
    }
    if (H5Dwrite(own->h.dataset, own->h.memory_type, memory, own->file_space, own->h.transfer,
                 (const char *)buffer + bytes_behind(s, own, call)) < 0) {
        return h5r_fail_hdf5(err, "H5Dwrite", own->h.path);
    }
    return H5R_OK;
}

static h5r_status_t read_call(h5r_store_t *s, const h5r_op_t *call, void *buffer, h5r_error_t *err)
{
    hdf5_t *own = s->own;
    hid_t memory = own->piece_space;
    if (!own->one_call && place(s, own, call, &memory) < 0) {
        return h5r_fail_hdf5(err, "H5Sselect_hyperslab", own->h.path);
    }
    if (H5Dread(own->h.dataset, own->h.memory_type, memory, own->file_space, own->h.transfer,
                (char *)buffer + bytes_behind(s, own, call)) < 0) {
        return h5r_fail_hdf5(err, "H5Dread", own->h.path);
    }
    return H5R_OK;
}

/*
 * With mpio H5Fflush ends in MPI_File_sync. The serial drivers hand their bytes to the kernel and leave it at
 * that (H5FDsec2.c has no flush callback), so the files are synced here: fsync through any descriptor covers
 * the whole file.
 */
static h5r_status_t flush(h5r_store_t *s, h5r_error_t *err)
{
    hdf5_t *own = s->own;
    char path[PATH_MAX];
    if (H5Fflush(own->h.file, H5F_SCOPE_LOCAL) < 0) {
        return h5r_fail_hdf5(err, "H5Fflush", own->h.path);
    }
    for (int i = 0; !s->shared && file_name(s, i, path, sizeof path); i++) {
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd < 0 && errno == ENOENT && i > 0) {
            break; /* behind the last member of a family */
        }
        if (fd < 0 || fsync(fd) != 0) {
            h5r_fail_errno(err, "sync", path);
        }
        if (fd >= 0) {
            close(fd);
        }
        if (err->code != H5R_OK) {
            return err->code;
        }
    }
    return H5R_OK;
}

static h5r_status_t close_file(h5r_store_t *s, h5r_error_t *err)
{
    hdf5_t *own = s->own;
    close_spaces(own);
    hid_t dataset = own->h.dataset, file = own->h.file;
    own->h.dataset = own->h.file = -1;
    if (H5Dclose(dataset) < 0) {
        return h5r_fail_hdf5(err, "H5Dclose", own->h.path);
    }
    return H5Fclose(file) < 0 ? h5r_fail_hdf5(err, "H5Fclose", own->h.path) : H5R_OK;
}

h5r_status_t h5r_hdf5_create_file(h5r_store_t *s, h5r_error_t *err)
{
    h5r_hdf5_t *h = h5r_store_hdf5(s);
    if (h == NULL) {
        return H5R_OK;
    }
    h->file = H5Fcreate(h->path, H5F_ACC_TRUNC, h->file_creation, h->access);
    return h->file < 0 ? h5r_fail_hdf5(err, "H5Fcreate", h->path) : H5R_OK;
}

h5r_status_t h5r_hdf5_open_file(h5r_store_t *s, unsigned flags, h5r_error_t *err)
{
    h5r_hdf5_t *h = h5r_store_hdf5(s);
    if (h == NULL) {
        return H5R_OK;
    }
    h->file = H5Fopen(h->path, flags, h->access);
    return h->file < 0 ? h5r_fail_hdf5(err, "H5Fopen", h->path) : H5R_OK;
}

h5r_status_t h5r_hdf5_close_file(h5r_store_t *s, h5r_error_t *err)
{
    h5r_hdf5_t *h = h5r_store_hdf5(s);
    if (h == NULL) {
        return H5R_OK;
    }
    hid_t file = h->file;
    h->file = -1;
    return H5Fclose(file) < 0 ? h5r_fail_hdf5(err, "H5Fclose", h->path) : H5R_OK;
}

/* H5Pset_fapl_split gives the file of the data the upper half of the addresses. */
static uint64_t offset_in_file(haddr_t address)
{
    return address >= HADDR_MAX / 2 ? address - HADDR_MAX / 2 : address;
}

static void observe(h5r_store_t *s, h5r_phase_t phase)
{
    hdf5_t *own = s->own;
    void *file = NULL; /* an MPI_File, of mpio */
    if (s->asks_hints && h5r_factors_mpi_file(s->factors) && own->h.file >= 0 &&
        (phase == H5R_PHASE_CREATE || phase == H5R_PHASE_OPEN) &&
        H5Fget_vfd_handle(own->h.file, H5P_DEFAULT, &file) >= 0) {
        h5r_hints_ignored(*(MPI_File *)file, s->factors->hints, s->facts.hints_ignored,
                          sizeof s->facts.hints_ignored);
    }
    if (phase == H5R_PHASE_FLUSH && own->h.dataset >= 0) {
        s->facts.stored_bytes = H5Dget_storage_size(own->h.dataset);
        haddr_t offset =
            s->factors->layout == H5R_LAYOUT_CONTIGUOUS ? H5Dget_offset(own->h.dataset) : HADDR_UNDEF;
        s->facts.data_offset = offset == HADDR_UNDEF ? H5R_NO_COUNT : offset_in_file(offset);
    }
    if ((phase == H5R_PHASE_WRITE || phase == H5R_PHASE_READ) && h5r_factors_mpi_file(s->factors)) {
        h5r_hdf5_transfer_facts(own->h.transfer, &s->facts);
    }
}

static void release(h5r_store_t *s)
{
    hdf5_t *own = s->own;
    close_id(&own->h.transfer, H5Pclose);
    close_id(&own->h.creation, H5Pclose);
    close_id(&own->h.access, H5Pclose);
    close_id(&own->h.file_creation, H5Pclose);
    close_id(&own->made_type, H5Tclose);
}

const h5r_store_kind_ops_t h5r_store_hdf5_ops = {
    .private_bytes = sizeof(hdf5_t),
    .prepare = prepare,
    .create = create,
    .open = open_again,
    .select = select_calls,
    .write = write_call,
    .read = read_call,
    .flush = flush,
    .close = close_file,
    .observe = observe,
    .file_name = file_name,
    .rename = name_file,
    .release = release,
};
