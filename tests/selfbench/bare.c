/* What the twins of all workloads share: lists as src/engine/store/hdf5_util.c makes them, the file, the clock. */
#include "bare.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

void bare_stop(const char *what)
{
    fprintf(stderr, "bare_loop: %s failed\n", what);
    MPI_Abort(MPI_COMM_WORLD, 1);
    exit(1);
}

void *bare_alloc(size_t bytes)
{
    void *memory = NULL;
    bare_need(posix_memalign(&memory, (size_t)sysconf(_SC_PAGESIZE), bytes + 1) == 0, "allocating memory");
    memset(memory, 1, bytes + 1);
    return memory;
}

/* ---- lists */

static hid_t access_list(const bare_t *b)
{
    const h5r_factors_t *f = &b->factors;
    hid_t list = bare_check(H5Pcreate(H5P_FILE_ACCESS), "H5Pcreate");
    if (b->shared) {
        bare_check(H5Pset_fapl_mpio(list, MPI_COMM_WORLD, MPI_INFO_NULL), "H5Pset_fapl_mpio");
        bare_check(H5Pset_coll_metadata_write(list, false), "H5Pset_coll_metadata_write");
        bare_check(H5Pset_all_coll_metadata_ops(list, false), "H5Pset_all_coll_metadata_ops");
    } else {
        bare_check(H5Pset_fapl_sec2(list), "H5Pset_fapl_sec2");
    }
    bare_check(H5Pset_libver_bounds(list, H5F_LIBVER_EARLIEST, H5F_LIBVER_LATEST), "H5Pset_libver_bounds");
    bare_check(H5Pset_cache(list, 0, (size_t)f->chunk_slots, (size_t)f->chunk_cache, 0.75), "H5Pset_cache");
    return list;
}

static void add_filters(hid_t list, const h5r_pipeline_t *filter)
{
    for (int i = 0; i < filter->n; i++) {
        bare_need(filter->stage[i].kind == H5R_FILTER_DEFLATE, "a filter other than deflate");
        bare_check(H5Pset_deflate(list, (unsigned)filter->stage[i].level), "H5Pset_deflate");
    }
}

static hid_t creation_list(const bare_t *b)
{
    const h5r_factors_t *f = &b->factors;
    const bool chunked = f->layout == H5R_LAYOUT_CHUNKED;
    hid_t list = bare_check(H5Pcreate(H5P_DATASET_CREATE), "H5Pcreate");
    bare_check(H5Pset_layout(list, chunked ? H5D_CHUNKED : H5D_CONTIGUOUS), "H5Pset_layout");
    bare_check(H5Pset_fill_time(list, H5D_FILL_TIME_IFSET), "H5Pset_fill_time");
    if (chunked) {
        const hsize_t chunk[BARE_NDIMS] = {f->chunk.d[0], f->chunk.d[1]};
        bare_check(H5Pset_chunk(list, BARE_NDIMS, chunk), "H5Pset_chunk");
    }
    add_filters(list, &f->filter);
    return list;
}

static hid_t transfer_list(const bare_t *b)
{
    hid_t list = bare_check(H5Pcreate(H5P_DATASET_XFER), "H5Pcreate");
    bare_check(H5Pset_buffer(list, (size_t)b->factors.conversion_buffer, NULL, NULL), "H5Pset_buffer");
    if (b->shared) {
        H5FD_mpio_xfer_t mode = b->collective ? H5FD_MPIO_COLLECTIVE : H5FD_MPIO_INDEPENDENT;
        bare_check(H5Pset_dxpl_mpio(list, mode), "H5Pset_dxpl_mpio");
    }
    return list;
}

/* ---- around the repetitions */

void bare_cut(bare_t *b, h5r_access_kind_t access)
{
    b->piece[0] = access == H5R_ACCESS_WHOLE ? b->count[0] : 1;
    b->piece[1] = access == H5R_ACCESS_ELEMENT ? 1 : b->count[1];
    b->piece_bytes = (size_t)(b->piece[0] * b->piece[1]) * sizeof(double);
}

/* The rank's slab of the first dimension; a file of its own holds nothing else. */
static void divide(bare_t *b)
{
    const h5r_factors_t *f = &b->factors;
    bare_need(f->shape.n == BARE_NDIMS, "taking a shape of other than two dimensions");
    bare_need(f->shape.d[0] % (uint64_t)b->size == 0, "dividing the rows by the ranks");
    b->share = h5r_region_of_rank(&f->shape, H5R_DECOMP_SLAB, b->size, b->rank, NULL);
    b->file_shape = f->shape;
    for (int d = 0; d < BARE_NDIMS; d++) {
        b->count[d] = b->share.count[d];
        b->start[d] = b->shared ? b->share.start[d] : 0;
        b->file_shape.d[d] = b->shared ? f->shape.d[d] : b->share.count[d];
    }
    bare_cut(b, f->access.kind);
}

static void make_data(bare_t *b)
{
    const h5r_factors_t *f = &b->factors;
    const h5r_dtype_t memory = f->dtype;
    const bool same = f->file_dtype == H5R_DTYPE_COUNT;
    bare_need(memory == H5R_F64 && (same || f->file_dtype == H5R_F32), "taking other types than f64 and f32");
    b->memory_type = H5T_NATIVE_DOUBLE;
    b->file_type = same ? H5T_IEEE_F64LE : H5T_IEEE_F32LE;
    b->data = (h5r_data_t){.kind = (h5r_data_kind_t)f->data,
                           .seed = BARE_SEED,
                           .dtype = memory,
                           .file_dtype = same ? memory : H5R_F32};
    b->bytes = (size_t)(b->count[0] * b->count[1]) * sizeof(double);
    b->out = bare_alloc(b->bytes);
    b->in = bare_alloc(b->bytes);
    h5r_data_fill_region(&b->data, &f->shape, &b->share, b->bytes / sizeof(double), b->out);
}

static void name_file(bare_t *b, uint64_t file)
{
    int n = snprintf(b->path, sizeof b->path, "%s/bare.%06d-%06" PRIu64 ".h5", b->directory,
                     b->shared ? 0 : b->rank, file);
    bare_need(n > 0 && n < (int)sizeof b->path, "naming the file");
}

void bare_begin(bare_t *b, const char *directory)
{
    const h5r_factors_t *f = &b->factors;
    b->shared = f->driver == H5R_DRIVER_MPIO;
    b->collective = b->shared && f->mode == H5R_MODE_COLLECTIVE;
    bare_need(b->shared || f->driver == H5R_DRIVER_SEC2, "taking another driver than mpio and sec2");
    b->directory = directory;
    name_file(b, 0);
    bare_check(H5Eset_auto2(H5E_DEFAULT, NULL, NULL), "H5Eset_auto2");
    divide(b);
    make_data(b);
    b->access = access_list(b);
    b->creation = creation_list(b);
    b->transfer = transfer_list(b);
}

void bare_end(bare_t *b)
{
    bare_check(H5Pclose(b->transfer), "H5Pclose");
    bare_check(H5Pclose(b->creation), "H5Pclose");
    bare_check(H5Pclose(b->access), "H5Pclose");
    free(b->out);
    free(b->in);
}

/* ---- the file and its dataset */

void bare_create_file(bare_t *b)
{
    b->file = bare_check(H5Fcreate(b->path, H5F_ACC_TRUNC, H5P_DEFAULT, b->access), "H5Fcreate");
}

void bare_create_dataset(bare_t *b, const hsize_t *extent, const hsize_t *limit)
{
    bare_create_file(b);
    hid_t space = bare_check(H5Screate_simple(BARE_NDIMS, extent, limit), "H5Screate_simple");
    b->dataset =
        bare_check(H5Dcreate2(b->file, "data", b->file_type, space, H5P_DEFAULT, b->creation, H5P_DEFAULT),
                   "H5Dcreate2");
    bare_check(H5Sclose(space), "H5Sclose");
}

void bare_create(bare_t *b)
{
    const hsize_t shape[BARE_NDIMS] = {b->file_shape.d[0], b->file_shape.d[1]};
    bare_create_dataset(b, shape, NULL);
}

void bare_open_file(bare_t *b, unsigned flags)
{
    b->file = bare_check(H5Fopen(b->path, flags, b->access), "H5Fopen");
}

void bare_open_r(bare_t *b)
{
    bare_open_file(b, H5F_ACC_RDONLY);
    b->dataset = bare_check(H5Dopen2(b->file, "data", H5P_DEFAULT), "H5Dopen2");
}

void bare_open_rw(bare_t *b)
{
    bare_open_file(b, H5F_ACC_RDWR);
    b->dataset = bare_check(H5Dopen2(b->file, "data", H5P_DEFAULT), "H5Dopen2");
}

/* The file's bytes are made durable: by HDF5 where it is shared, else as h5roof does it. */
void bare_flush(bare_t *b)
{
    bare_check(H5Fflush(b->file, H5F_SCOPE_LOCAL), "H5Fflush");
    if (!b->shared) {
        int fd = open(b->path, O_RDONLY | O_CLOEXEC);
        bare_need(fd >= 0 && fsync(fd) == 0 && close(fd) == 0, "fsync");
    }
}

void bare_close_spaces(bare_t *b)
{
    bare_check(H5Sclose(b->file_space), "H5Sclose");
    bare_check(H5Sclose(b->piece_space), "H5Sclose");
    bare_check(H5Sclose(b->rest_space), "H5Sclose");
}

void bare_close_file(bare_t *b)
{
    bare_check(H5Dclose(b->dataset), "H5Dclose");
    bare_check(H5Fclose(b->file), "H5Fclose");
}

void bare_close(bare_t *b)
{
    bare_close_spaces(b);
    bare_close_file(b);
}

/* ---- the calls of a share */

static bool one_call(const bare_t *b)
{
    return b->piece_bytes == b->bytes;
}

/* Where one call moves all it is selected here. */
void bare_spaces(bare_t *b)
{
    const hsize_t one[BARE_NDIMS] = {1, 1};
    b->file_space = bare_check(H5Dget_space(b->dataset), "H5Dget_space");
    b->piece_space = bare_check(H5Screate_simple(BARE_NDIMS, b->piece, NULL), "H5Screate_simple");
    b->rest_space = bare_check(H5Screate_simple(BARE_NDIMS, one, NULL), "H5Screate_simple");
    if (one_call(b)) {
        bare_check(H5Sselect_hyperslab(b->file_space, H5S_SELECT_SET, b->start, NULL, b->count, NULL),
                   "H5Sselect_hyperslab");
    }
}

void bare_write(bare_t *b)
{
    const char *from = b->out;
    const bool select = !one_call(b);
    for (hsize_t i = 0; i < b->count[0]; i += b->piece[0]) {
        for (hsize_t j = 0; j < b->count[1]; j += b->piece[1]) {
            const hsize_t at[BARE_NDIMS] = {b->start[0] + i, b->start[1] + j};
            if ((select &&
                 H5Sselect_hyperslab(b->file_space, H5S_SELECT_SET, at, NULL, b->piece, NULL) < 0) ||
                H5Dwrite(b->dataset, b->memory_type, b->piece_space, b->file_space, b->transfer, from) < 0) {
                bare_stop("H5Dwrite");
            }
            from += b->piece_bytes;
        }
    }
}

void bare_read(bare_t *b)
{
    char *to = b->in;
    const bool select = !one_call(b);
    for (hsize_t i = 0; i < b->count[0]; i += b->piece[0]) {
        for (hsize_t j = 0; j < b->count[1]; j += b->piece[1]) {
            const hsize_t at[BARE_NDIMS] = {b->start[0] + i, b->start[1] + j};
            if ((select &&
                 H5Sselect_hyperslab(b->file_space, H5S_SELECT_SET, at, NULL, b->piece, NULL) < 0) ||
                H5Dread(b->dataset, b->memory_type, b->piece_space, b->file_space, b->transfer, to) < 0) {
                bare_stop("H5Dread");
            }
            to += b->piece_bytes;
        }
    }
}

void bare_verify(bare_t *b)
{
    bare_need(memcmp(b->out, b->in, b->bytes) == 0, "reading back what was written");
    memset(b->in, 1, b->bytes);
}

/* ---- the clock */

static const char *const phase_names[] = {
#define X(SYMBOL, name, help) name,
    H5R_PHASE_TABLE(X)
#undef X
};

static double seconds_now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* As h5roof: barrier, clock, step, clock. */
static double time_step(bare_t *b, bare_step_t *step)
{
    MPI_Barrier(MPI_COMM_WORLD);
    double start = seconds_now();
    step(b);
    double own = seconds_now() - start;
    MPI_Barrier(MPI_COMM_WORLD);
    return own;
}

void bare_print_header(void)
{
    printf("operation,warmup,status");
    for (int p = 0; p < H5R_PHASE_COUNT; p++) {
        printf(",%s_max_s", phase_names[p]);
    }
    printf("\n");
}

/* The slowest rank of a phase counts. */
static void print_operation(const char *operation, const double *own)
{
    double seconds[H5R_PHASE_COUNT];
    int rank;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Reduce(own, seconds, H5R_PHASE_COUNT, MPI_DOUBLE, MPI_MAX, 0, MPI_COMM_WORLD);
    if (rank != 0) {
        return;
    }
    printf("%s,false,ok", operation);
    for (int p = 0; p < H5R_PHASE_COUNT; p++) {
        printf(",%.9f", seconds[p]);
    }
    printf("\n");
}

/* The steps of one operation for one file after the other; returns what comes behind them. */
static const bare_timed_t *do_operation(bare_t *b, const bare_timed_t *first, double *own)
{
    const bare_timed_t *end = first;
    for (uint64_t file = 0; file < b->factors.file_count; file++) {
        name_file(b, file);
        for (end = first; end->step != NULL && strcmp(end->operation, first->operation) == 0; end++) {
            if (end->phase == BARE_UNTIMED) {
                end->step(b);
            } else {
                own[end->phase] += time_step(b, end->step);
            }
        }
    }
    return end;
}

void bare_repeat(bare_t *b, const bare_workload_t *workload, bool report)
{
    for (const bare_timed_t *s = workload->steps, *next; s->step != NULL; s = next) {
        double own[H5R_PHASE_COUNT] = {0.0};
        next = do_operation(b, s, own);
        if (report) {
            print_operation(s->operation, own);
        }
    }
    MPI_Barrier(MPI_COMM_WORLD);
    for (uint64_t file = 0; file < b->factors.file_count && (!b->shared || b->rank == 0); file++) {
        name_file(b, file);
        bare_need(unlink(b->path) == 0, "unlink");
    }
}
