/* The store posix: pwrite and pread of the runs of every call, in one shared file or a file per rank. */
#include "engine/store/posix_io.h"
#include "engine/store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    int fd;
    char path[PATH_MAX];
} posix_t;

static bool file_name(const h5r_store_t *s, int index, char *path, size_t size)
{
    return index == 0 && snprintf(path, size, "%.*s.bin", (int)size - 8, s->base) < (int)size;
}

static void name_file(h5r_store_t *s)
{
    posix_t *own = s->own;
    (void)file_name(s, 0, own->path, sizeof own->path);
}

static h5r_status_t prepare(h5r_store_t *s, h5r_error_t *err)
{
    (void)err;
    posix_t *own = s->own;
    own->fd = -1;
    name_file(s);
    return H5R_OK;
}

/* One rank creates a shared file, and then the others open it, as MPI-IO does: some file systems refuse some of those
 * that create it at once. */
static h5r_status_t create(h5r_store_t *s, h5r_error_t *err)
{
    posix_t *own = s->own;
    int rank, number = 0;
    MPI_Comm_rank(s->comm, &rank);
    if (rank == 0) {
        own->fd = open(own->path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
        number = own->fd < 0 ? errno : 0;
    }
    MPI_Bcast(&number, 1, MPI_INT, 0, s->comm);
    if (number == 0 && rank > 0) {
        own->fd = open(own->path, O_RDWR | O_CLOEXEC);
        number = own->fd < 0 ? errno : 0;
    }
    errno = number;
    return number != 0 ? h5r_fail_errno(err, "create", own->path) : H5R_OK;
}

static h5r_status_t open_again(h5r_store_t *s, bool writable, h5r_error_t *err)
{
    posix_t *own = s->own;
    own->fd = open(own->path, (writable ? O_RDWR : O_RDONLY) | O_CLOEXEC);
    return own->fd < 0 ? h5r_fail_errno(err, "open", own->path) : H5R_OK;
}

static h5r_status_t select_nothing(h5r_store_t *s, h5r_error_t *err)
{
    (void)s;
    (void)err;
    return H5R_OK;
}

static h5r_status_t write_call(h5r_store_t *s, const h5r_op_t *call, const void *buffer, h5r_error_t *err)
{
    const posix_t *own = s->own;
    const char *from = buffer;
    h5r_status_t status = H5R_OK;
    h5r_run_iter_t it;
    for (bool more = h5r_run_first(&it, s, call); more && status == H5R_OK;
         more = h5r_run_next(&it, s, call)) {
        uint64_t bytes = it.elements * s->element_bytes;
        status = h5r_pwrite_all(own->fd, own->path, from, bytes, it.offset * s->element_bytes, err);
        from += bytes;
    }
    return status;
}

static h5r_status_t read_call(h5r_store_t *s, const h5r_op_t *call, void *buffer, h5r_error_t *err)
{
    const posix_t *own = s->own;
    char *to = buffer;
    h5r_status_t status = H5R_OK;
    h5r_run_iter_t it;
    for (bool more = h5r_run_first(&it, s, call); more && status == H5R_OK;
         more = h5r_run_next(&it, s, call)) {
        uint64_t bytes = it.elements * s->element_bytes;
        status = h5r_pread_all(own->fd, own->path, to, bytes, it.offset * s->element_bytes, err);
        to += bytes;
    }
    return status;
}

static h5r_status_t flush(h5r_store_t *s, h5r_error_t *err)
{
    const posix_t *own = s->own;
    return fsync(own->fd) != 0 ? h5r_fail_errno(err, "sync", own->path) : H5R_OK;
}

static h5r_status_t close_file(h5r_store_t *s, h5r_error_t *err)
{
    posix_t *own = s->own;
    int fd = own->fd;
    own->fd = -1;
    return close(fd) != 0 ? h5r_fail_errno(err, "close", own->path) : H5R_OK;
}

static void observe(h5r_store_t *s, h5r_phase_t phase)
{
    const posix_t *own = s->own;
    struct stat st;
    if (phase == H5R_PHASE_FLUSH && fstat(own->fd, &st) == 0) {
        s->facts.stored_bytes = (uint64_t)st.st_size;
        s->facts.data_offset = 0;
    }
}

static void release(h5r_store_t *s)
{
    const posix_t *own = s->own;
    if (own->fd >= 0) {
        close(own->fd);
    }
}

const h5r_store_kind_ops_t h5r_store_posix_ops = {
    .private_bytes = sizeof(posix_t),
    .prepare = prepare,
    .create = create,
    .open = open_again,
    .select = select_nothing,
    .write = write_call,
    .read = read_call,
    .flush = flush,
    .close = close_file,
    .observe = observe,
    .file_name = file_name,
    .rename = name_file,
    .release = release,
};
