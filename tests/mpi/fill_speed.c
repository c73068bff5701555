/*
 * For scripts/dev/selfbench.sh: how fast one core makes and checks the data of a benchmark.
 *
 *   fill_speed [MIB]
 *
 * Fills and then checks MIB (64) of every kind and type, several times, and prints a line "TYPE KIND
 * FILL_GIBPS CHECK_GIBPS" for each, with the median of the passes. Starts no MPI.
 */
#include "h5roof/data.h"

#include "core/stats/stats.h"
#include "h5roof/count.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PASSES 5

static const struct {
    h5r_dtype_t dtype;
    const char *name;
} types[] = {
    {H5R_F64, "f64"}, {H5R_F32, "f32"}, {H5R_I64, "i64"}, {H5R_I32, "i32"}, {H5R_I16, "i16"}, {H5R_I8, "i8"},
};

static const struct {
    h5r_data_kind_t kind;
    const char *name;
} kinds[] = {
    {H5R_DATA_ZEROS, "zeros"},
    {H5R_DATA_RAMP, "ramp"},
    {H5R_DATA_SMOOTH, "smooth"},
    {H5R_DATA_RANDOM, "random"},
};

/* Of this thread on its core: what others do there does not count. */
static double seconds_now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* False if the check does not find right what the fill has made. */
static bool measure(h5r_data_kind_t kind, h5r_dtype_t dtype, size_t bytes, void *buffer, double *fill_s,
                    double *check_s)
{
    const h5r_data_t data = {.kind = kind, .seed = 42, .dtype = dtype, .file_dtype = dtype};
    const uint64_t n = bytes / h5r_dtype_size(dtype), columns = 1024;
    const h5r_dims_t shape = {.n = 2, .d = {n / columns, columns}};
    const int grid[H5R_MAX_NDIMS] = {1, 1, 1, 1, 1, 1};
    const h5r_region_t region = h5r_region_of_rank(&shape, H5R_DECOMP_SLAB, 1, 0, grid);
    double fill[PASSES], check[PASSES];
    bool right = true;
    for (int i = 0; i < PASSES; i++) {
        double t0 = seconds_now();
        h5r_data_fill_region(&data, &shape, &region, n, buffer);
        double t1 = seconds_now();
        right = h5r_data_check_region(&data, &shape, &region, n, buffer) == n && right;
        check[i] = seconds_now() - t1;
        fill[i] = t1 - t0;
    }
    *fill_s = h5r_summarise(fill, PASSES).median;
    *check_s = h5r_summarise(check, PASSES).median;
    return right;
}

int main(int argc, char **argv)
{
    const double gib = 1024.0 * 1024.0 * 1024.0;
    char *end = "";
    unsigned long mib = argc > 1 ? strtoul(argv[1], &end, 10) : 64;
    if (mib == 0 || mib > 65536 || *end != '\0') {
        fprintf(stderr, "fill_speed: '%s' is not a number of MiB\n", argv[1]);
        return 2;
    }
    size_t bytes = (size_t)mib << 20;
    void *buffer = malloc(bytes);
    if (buffer == NULL) {
        fputs("fill_speed: no memory\n", stderr);
        return 1;
    }
    memset(buffer, 1, bytes);
    for (size_t t = 0; t < H5R_COUNT_OF(types); t++) {
        for (size_t k = 0; k < H5R_COUNT_OF(kinds); k++) {
            double fill_s, check_s;
            if (!measure(kinds[k].kind, types[t].dtype, bytes, buffer, &fill_s, &check_s)) {
                fprintf(stderr, "fill_speed: %s %s is not what was filled in\n", types[t].name,
                        kinds[k].name);
                free(buffer);
                return 1;
            }
            printf("%-4s %-6s %6.2f %6.2f\n", types[t].name, kinds[k].name, (double)bytes / gib / fill_s,
                   (double)bytes / gib / check_s);
        }
    }
    free(buffer);
    return 0;
}
