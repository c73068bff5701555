/*
 * The yardstick of scripts/selfbench.sh: the HDF5 calls of an element-wise case of h5roof in a bare loop,
 * timed as h5roof times its phases write and read, without its stores, regions, rows or MPI-IO counters.
 *
 *   mpirun -n N bare_loop sec2|independent|collective ROWS COLUMNS REPETITIONS DIRECTORY
 *
 * ROWS x COLUMNS doubles are written to and read from a new file in each repetition, the first of which only
 * warms up. Prints "WRITE_S READ_S" of the slowest rank for each of the others.
 */
#include <hdf5.h>
#include <mpi.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

typedef struct {
    int rank, size;
    bool shared, collective;
    hsize_t shape[2];           /* of the dataset in the file */
    hsize_t start[2], count[2]; /* what this rank moves of it */
    double *values, *got;
    char path[4096];
    hid_t access, creation, transfer;
    hid_t file, dataset, file_space, element_space;
} bare_t;

static double seconds_now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void stop(const char *what)
{
    fprintf(stderr, "bare_loop: %s failed\n", what);
    MPI_Abort(MPI_COMM_WORLD, 1);
    exit(1);
}

static void need(bool ok, const char *what)
{
    if (!ok) {
        stop(what);
    }
}

/* An id or a code of HDF5. */
static hid_t check(hid_t id, const char *what)
{
    need(id >= 0, what);
    return id;
}

static hsize_t number(const char *text)
{
    char *end;
    unsigned long long value = strtoull(text, &end, 10);
    need(*text != '\0' && *end == '\0' && value > 0, text);
    return value;
}

static hid_t access_list(const bare_t *b)
{
    hid_t list = check(H5Pcreate(H5P_FILE_ACCESS), "H5Pcreate");
    if (b->shared) {
        check(H5Pset_fapl_mpio(list, MPI_COMM_WORLD, MPI_INFO_NULL), "H5Pset_fapl_mpio");
        check(H5Pset_coll_metadata_write(list, false), "H5Pset_coll_metadata_write");
        check(H5Pset_all_coll_metadata_ops(list, false), "H5Pset_all_coll_metadata_ops");
    } else {
        check(H5Pset_fapl_sec2(list), "H5Pset_fapl_sec2");
    }
    check(H5Pset_libver_bounds(list, H5F_LIBVER_EARLIEST, H5F_LIBVER_LATEST), "H5Pset_libver_bounds");
    check(H5Pset_cache(list, 0, 521, (size_t)1 << 20, 0.75), "H5Pset_cache");
    return list;
}

static hid_t creation_list(void)
{
    hid_t list = check(H5Pcreate(H5P_DATASET_CREATE), "H5Pcreate");
    check(H5Pset_layout(list, H5D_CONTIGUOUS), "H5Pset_layout");
    check(H5Pset_fill_time(list, H5D_FILL_TIME_IFSET), "H5Pset_fill_time");
    return list;
}

static hid_t transfer_list(const bare_t *b)
{
    hid_t list = check(H5Pcreate(H5P_DATASET_XFER), "H5Pcreate");
    if (b->shared) {
        H5FD_mpio_xfer_t mode = b->collective ? H5FD_MPIO_COLLECTIVE : H5FD_MPIO_INDEPENDENT;
        check(H5Pset_dxpl_mpio(list, mode), "H5Pset_dxpl_mpio");
    }
    return list;
}

static void create_file(bare_t *b)
{
    b->file = check(H5Fcreate(b->path, H5F_ACC_TRUNC, H5P_DEFAULT, b->access), "H5Fcreate");
    hid_t space = check(H5Screate_simple(2, b->shape, NULL), "H5Screate_simple");
    b->dataset =
        check(H5Dcreate2(b->file, "data", H5T_IEEE_F64LE, space, H5P_DEFAULT, b->creation, H5P_DEFAULT),
              "H5Dcreate2");
    check(H5Sclose(space), "H5Sclose");
}

static void open_file(bare_t *b)
{
    b->file = check(H5Fopen(b->path, H5F_ACC_RDONLY, b->access), "H5Fopen");
    b->dataset = check(H5Dopen2(b->file, "data", H5P_DEFAULT), "H5Dopen2");
}

static void make_spaces(bare_t *b)
{
    const hsize_t one[2] = {1, 1};
    b->file_space = check(H5Dget_space(b->dataset), "H5Dget_space");
    b->element_space = check(H5Screate_simple(2, one, NULL), "H5Screate_simple");
}

static void close_file(bare_t *b)
{
    check(H5Sclose(b->file_space), "H5Sclose");
    check(H5Sclose(b->element_space), "H5Sclose");
    check(H5Dclose(b->dataset), "H5Dclose");
    check(H5Fclose(b->file), "H5Fclose");
}

static void write_elements(const bare_t *b)
{
    const hsize_t one[2] = {1, 1};
    const double *value = b->values;
    for (hsize_t i = 0; i < b->count[0]; i++) {
        for (hsize_t j = 0; j < b->count[1]; j++) {
            const hsize_t at[2] = {b->start[0] + i, b->start[1] + j};
            if (H5Sselect_hyperslab(b->file_space, H5S_SELECT_SET, at, NULL, one, NULL) < 0 ||
                H5Dwrite(b->dataset, H5T_NATIVE_DOUBLE, b->element_space, b->file_space, b->transfer,
                         value++) < 0) {
                stop("H5Dwrite");
            }
        }
    }
}

static void read_elements(const bare_t *b)
{
    const hsize_t one[2] = {1, 1};
    double *value = b->got;
    for (hsize_t i = 0; i < b->count[0]; i++) {
        for (hsize_t j = 0; j < b->count[1]; j++) {
            const hsize_t at[2] = {b->start[0] + i, b->start[1] + j};
            if (H5Sselect_hyperslab(b->file_space, H5S_SELECT_SET, at, NULL, one, NULL) < 0 ||
                H5Dread(b->dataset, H5T_NATIVE_DOUBLE, b->element_space, b->file_space, b->transfer,
                        value++) < 0) {
                stop("H5Dread");
            }
        }
    }
}

/* As h5roof: barrier, clock, loop, clock, and the slowest rank counts. */
static double timed(void (*loop)(const bare_t *), const bare_t *b)
{
    MPI_Barrier(MPI_COMM_WORLD);
    double start = seconds_now();
    loop(b);
    double own = seconds_now() - start, slowest;
    MPI_Barrier(MPI_COMM_WORLD);
    MPI_Reduce(&own, &slowest, 1, MPI_DOUBLE, MPI_MAX, 0, MPI_COMM_WORLD);
    return slowest;
}

static void repeat(bare_t *b, bool report)
{
    size_t bytes = (size_t)(b->count[0] * b->count[1]) * sizeof(double);
    memset(b->got, 0, bytes);
    create_file(b);
    make_spaces(b);
    double write_s = timed(write_elements, b);
    check(H5Fflush(b->file, H5F_SCOPE_LOCAL), "H5Fflush");
    close_file(b);
    open_file(b);
    make_spaces(b);
    double read_s = timed(read_elements, b);
    close_file(b);
    need(memcmp(b->values, b->got, bytes) == 0, "reading back what was written");
    MPI_Barrier(MPI_COMM_WORLD);
    if (!b->shared || b->rank == 0) {
        need(unlink(b->path) == 0, "unlink");
    }
    if (b->rank == 0 && report) {
        printf("%.9f %.9f\n", write_s, read_s);
    }
}

/* The first dimension is cut as h5roof's decomposition slab does; a file of its own holds the rank's share.
 */
static void divide(bare_t *b, hsize_t rows, hsize_t columns)
{
    hsize_t rank = (hsize_t)b->rank, size = (hsize_t)b->size;
    hsize_t longer = rows % size;
    b->count[0] = rows / size + (rank < longer ? 1 : 0);
    b->count[1] = columns;
    b->start[0] = b->shared ? rank * (rows / size) + (rank < longer ? rank : longer) : 0;
    b->shape[0] = b->shared ? rows : b->count[0];
    b->shape[1] = columns;
}

static void prepare(bare_t *b, char **argv)
{
    b->collective = strcmp(argv[1], "collective") == 0;
    b->shared = b->collective || strcmp(argv[1], "independent") == 0;
    need(b->shared || strcmp(argv[1], "sec2") == 0, argv[1]);
    hsize_t rows = number(argv[2]);
    need(rows % (hsize_t)b->size == 0 || !b->collective, "dividing the rows by the ranks");
    divide(b, rows, number(argv[3]));
    int n = snprintf(b->path, sizeof b->path, "%s/bare.%06d.h5", argv[5], b->shared ? 0 : b->rank);
    need(n > 0 && n < (int)sizeof b->path, "naming the file");
    size_t elements = (size_t)(b->count[0] * b->count[1]);
    b->values = malloc(elements * sizeof(double));
    b->got = malloc(elements * sizeof(double));
    need(elements > 0 && b->values != NULL && b->got != NULL, "allocating the buffers");
    for (size_t i = 0; i < elements; i++) {
        b->values[i] = (double)i + (double)b->rank;
    }
    b->access = access_list(b);
    b->creation = creation_list();
    b->transfer = transfer_list(b);
}

static void release(bare_t *b)
{
    check(H5Pclose(b->transfer), "H5Pclose");
    check(H5Pclose(b->creation), "H5Pclose");
    check(H5Pclose(b->access), "H5Pclose");
    free(b->values);
    free(b->got);
}

int main(int argc, char **argv)
{
    static bare_t b; /* a path is too large for a frame */
    int provided;
    if (MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided) != MPI_SUCCESS) {
        return 1;
    }
    MPI_Comm_rank(MPI_COMM_WORLD, &b.rank);
    MPI_Comm_size(MPI_COMM_WORLD, &b.size);
    need(argc == 6, "reading the five arguments DRIVER ROWS COLUMNS REPETITIONS DIRECTORY");
    prepare(&b, argv);
    hsize_t repetitions = number(argv[4]);
    for (hsize_t i = 0; i <= repetitions; i++) {
        repeat(&b, i > 0);
    }
    release(&b);
    MPI_Finalize();
    return 0;
}
