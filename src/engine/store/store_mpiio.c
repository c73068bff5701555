/*
 * The store mpiio: MPI-IO without HDF5, a C-ordered array of elements from the file's beginning. Also the
 * roof `pattern`.
 *
 * Where every call is one run of the file, calls use explicit offsets; else the rank's whole region
 * becomes the file view and a call starts at its place in it, since calls follow each other in the order of
 * the region.
 */
#include "engine/ranks/mpi_util.h"
#include "engine/store/hints.h"
#include "engine/store/store.h"

#include <stdio.h>

typedef struct {
    MPI_File file;
    MPI_Info info;
    MPI_Datatype element;  /* element_bytes bytes */
    MPI_Datatype filetype; /* the region, or MPI_DATATYPE_NULL: explicit offsets */
    char path[PATH_MAX];
} mpiio_t;

static h5r_status_t make_filetype(const h5r_store_t *s, MPI_Datatype element, MPI_Datatype *filetype,
                                  h5r_error_t *err)
{
    const h5r_region_t *region = &s->calls->region;
    MPI_Aint step = (MPI_Aint)s->element_bytes; /* bytes from one index to the next in dimension d */
    MPI_Datatype inner;
    int code = MPI_Type_dup(element, &inner);
    for (int d = s->file_shape.n - 1; d >= 0 && code == MPI_SUCCESS; d--) {
        MPI_Datatype outer;
        code = MPI_Type_create_hvector((int)region->count[d], 1, step * (MPI_Aint)region->stride[d], inner,
                                       &outer);
        MPI_Type_free(&inner);
        inner = outer;
        step *= (MPI_Aint)s->file_shape.d[d];
    }
    if (code == MPI_SUCCESS) {
        code = MPI_Type_commit(&inner);
    }
    *filetype = inner;
    return code == MPI_SUCCESS ? H5R_OK : h5r_fail_mpi(err, code, "making the file type", s->base);
}

static bool file_name(const h5r_store_t *s, int index, char *path, size_t size)
{
    return index == 0 && snprintf(path, size, "%.*s.bin", (int)size - 8, s->base) < (int)size;
}

static void name_file(h5r_store_t *s)
{
    mpiio_t *own = s->own;
    (void)file_name(s, 0, own->path, sizeof own->path);
}

static h5r_status_t prepare(h5r_store_t *s, h5r_error_t *err)
{
    mpiio_t *own = s->own;
    *own = (mpiio_t){.file = MPI_FILE_NULL,
                     .info = MPI_INFO_NULL,
                     .element = MPI_DATATYPE_NULL,
                     .filetype = MPI_DATATYPE_NULL};
    name_file(s);
    int code = MPI_Type_contiguous((int)s->element_bytes, MPI_BYTE, &own->element);
    if (code != MPI_SUCCESS || (code = MPI_Type_commit(&own->element)) != MPI_SUCCESS) {
        return h5r_fail_mpi(err, code, "making the element type", own->path);
    }
    h5r_op_iter_t it;
    h5r_run_iter_t run;
    if (h5r_op_first(&it, s->calls) && h5r_run_first(&run, s, &it.op) && run.runs > 1) {
        h5r_status_t status = make_filetype(s, own->element, &own->filetype, err);
        if (status != H5R_OK) {
            return status;
        }
    }
    return h5r_hints_to_info(s->factors->hints, &own->info, err);
}

static h5r_status_t open_as(h5r_store_t *s, int mode, h5r_error_t *err)
{
    mpiio_t *own = s->own;
    int code = MPI_File_open(s->comm, own->path, mode, own->info, &own->file);
    return code == MPI_SUCCESS ? H5R_OK : h5r_fail_mpi(err, code, "MPI_File_open", own->path);
}

static h5r_status_t create(h5r_store_t *s, h5r_error_t *err)
{
    return open_as(s, MPI_MODE_CREATE | MPI_MODE_RDWR, err);
}

static h5r_status_t open_again(h5r_store_t *s, bool writable, h5r_error_t *err)
{
    return open_as(s, writable ? MPI_MODE_RDWR : MPI_MODE_RDONLY, err);
}

static MPI_Offset first_element(const h5r_store_t *s, const uint64_t *coord)
{
    uint64_t index = 0;
    for (int d = 0; d < s->file_shape.n; d++) {
        index = index * s->file_shape.d[d] + coord[d];
    }
    return (MPI_Offset)index;
}

/*
 * The unit of all views is a byte; a rank without a region sees plain bytes. A file type of one element would
 * mean the same, but Open MPI 4.1 keeps an entry for each repetition of it: with 4 ranks that made collective
 * calls of 8 MiB a hundred times slower, and with 16 ranks it took hundreds of MiB a rank.
 */
static h5r_status_t select_view(h5r_store_t *s, h5r_error_t *err)
{
    mpiio_t *own = s->own;
    bool view = own->filetype != MPI_DATATYPE_NULL;
    MPI_Offset displacement =
        view ? first_element(s, s->calls->region.start) * (MPI_Offset)s->element_bytes : 0;
    int code = MPI_File_set_view(own->file, displacement, MPI_BYTE, view ? own->filetype : MPI_BYTE, "native",
                                 own->info);
    return code == MPI_SUCCESS ? H5R_OK : h5r_fail_mpi(err, code, "MPI_File_set_view", own->path);
}

static MPI_Offset offset_of(const h5r_store_t *s, const mpiio_t *own, const h5r_op_t *call)
{
    MPI_Offset elements =
        own->filetype != MPI_DATATYPE_NULL ? (MPI_Offset)call->offset : first_element(s, call->start);
    return elements * (MPI_Offset)s->element_bytes;
}

static h5r_status_t write_call(h5r_store_t *s, const h5r_op_t *call, const void *buffer, h5r_error_t *err)
{
    const mpiio_t *own = s->own;
    MPI_Offset offset = offset_of(s, own, call);
    int n = (int)call->elements;
    MPI_Status moved;
    int code = s->collective ? MPI_File_write_at_all(own->file, offset, buffer, n, own->element, &moved)
                             : MPI_File_write_at(own->file, offset, buffer, n, own->element, &moved);
    return code == MPI_SUCCESS ? h5r_check_moved(&moved, call->elements * s->element_bytes,
                                                 "MPI_File_write_at", own->path, err)
                               : h5r_fail_mpi(err, code, "MPI_File_write_at", own->path);
}

static h5r_status_t read_call(h5r_store_t *s, const h5r_op_t *call, void *buffer, h5r_error_t *err)
{
    const mpiio_t *own = s->own;
    MPI_Offset offset = offset_of(s, own, call);
    int n = (int)call->elements;
    MPI_Status moved;
    int code = s->collective ? MPI_File_read_at_all(own->file, offset, buffer, n, own->element, &moved)
                             : MPI_File_read_at(own->file, offset, buffer, n, own->element, &moved);
    return code == MPI_SUCCESS ? h5r_check_moved(&moved, call->elements * s->element_bytes,
                                                 "MPI_File_read_at", own->path, err)
                               : h5r_fail_mpi(err, code, "MPI_File_read_at", own->path);
}

static h5r_status_t flush(h5r_store_t *s, h5r_error_t *err)
{
    const mpiio_t *own = s->own;
    int code = MPI_File_sync(own->file);
    return code == MPI_SUCCESS ? H5R_OK : h5r_fail_mpi(err, code, "MPI_File_sync", own->path);
}

static h5r_status_t close_file(h5r_store_t *s, h5r_error_t *err)
{
    mpiio_t *own = s->own;
    int code = MPI_File_close(&own->file);
    own->file = MPI_FILE_NULL;
    return code == MPI_SUCCESS ? H5R_OK : h5r_fail_mpi(err, code, "MPI_File_close", own->path);
}

static void observe(h5r_store_t *s, h5r_phase_t phase)
{
    const mpiio_t *own = s->own;
    MPI_Offset bytes;
    if (s->asks_hints && (phase == H5R_PHASE_CREATE || phase == H5R_PHASE_OPEN)) {
        h5r_hints_ignored(own->file, s->factors->hints, s->facts.hints_ignored,
                          sizeof s->facts.hints_ignored);
    }
    if (phase == H5R_PHASE_FLUSH && MPI_File_get_size(own->file, &bytes) == MPI_SUCCESS) {
        s->facts.stored_bytes = (uint64_t)bytes;
        s->facts.data_offset = 0;
    }
}

static void free_type(MPI_Datatype *type)
{
    if (*type != MPI_DATATYPE_NULL) {
        MPI_Type_free(type);
    }
}

static void release(h5r_store_t *s)
{
    mpiio_t *own = s->own;
    free_type(&own->filetype);
    free_type(&own->element);
    if (own->info != MPI_INFO_NULL) {
        MPI_Info_free(&own->info);
    }
}

const h5r_store_kind_ops_t h5r_store_mpiio_ops = {
    .private_bytes = sizeof(mpiio_t),
    .prepare = prepare,
    .create = create,
    .open = open_again,
    .select = select_view,
    .write = write_call,
    .read = read_call,
    .flush = flush,
    .close = close_file,
    .observe = observe,
    .file_name = file_name,
    .rename = name_file,
    .release = release,
};
