#include "h5roof/driver.h"

#include <stdio.h>
#include <string.h>

const h5r_driver_info_t h5r_driver_table[H5R_DRIVER_COUNT] = {
#define X(symbol, name_, help_, ...) [symbol] = {.name = name_, .help = help_, __VA_ARGS__},
    H5R_DRIVER_TABLE(X)
#undef X
};

const char *const h5r_store_names[] = {[H5R_STORE_HDF5] = "hdf5",
                                       [H5R_STORE_MPIIO] = "mpiio",
                                       [H5R_STORE_POSIX] = "posix",
                                       [H5R_STORE_MEMORY] = "memory"};

const h5r_driver_info_t *h5r_driver_of(const h5r_factors_t *f)
{
    return &h5r_driver_table[f->driver];
}

/* "" is the name of a pair: HDF5 adds these. */
bool h5r_driver_file(const h5r_driver_info_t *driver, const char *base, int base_size, int index, char *path,
                     size_t size)
{
    static const char *const pair[] = {"-m.h5", "-r.h5"};
    const char *suffix = driver->suffix, *number = strstr(suffix, "%05d");
    if (number != NULL) {
        return snprintf(path, size, "%.*s%.*s%05d%s", base_size, base, (int)(number - suffix), suffix, index,
                        number + 4) < (int)size;
    }
    if (suffix[0] == '\0' && driver->renames) {
        suffix = index < 2 ? pair[index] : NULL;
        index = 0;
    }
    return index == 0 && suffix != NULL &&
           snprintf(path, size, "%.*s%s", base_size, base, suffix) < (int)size;
}

h5r_files_t h5r_factors_files(const h5r_factors_t *f)
{
    if (f->files != H5R_FILES_AUTO) {
        return f->files;
    }
    return h5r_driver_of(f)->shared ? H5R_FILES_SHARED : H5R_FILES_PER_RANK;
}

bool h5r_factors_mpi_file(const h5r_factors_t *f)
{
    return h5r_driver_of(f)->mpi && h5r_driver_of(f)->plain;
}

bool h5r_factors_collective(const h5r_factors_t *f)
{
    return h5r_driver_of(f)->mpi && h5r_factors_files(f) == H5R_FILES_SHARED &&
           f->mode == H5R_MODE_COLLECTIVE;
}

bool h5r_factors_volatile(const h5r_factors_t *f)
{
    return h5r_driver_of(f)->is_volatile || (h5r_driver_of(f)->image && !f->core_backing);
}

int h5r_factors_copies(const h5r_factors_t *f, int ranks)
{
    bool each = f->decomposition == H5R_DECOMP_REPLICATED && h5r_factors_files(f) == H5R_FILES_PER_RANK;
    return each ? ranks : 1;
}

/* What vanishes at close is exactly what no file system holds. */
bool h5r_factors_on_disk(const h5r_factors_t *f)
{
    return !h5r_factors_volatile(f);
}

bool h5r_factors_can_shift(const h5r_factors_t *f)
{
    bool same = f->decomposition == H5R_DECOMP_REPLICATED && h5r_factors_files(f) == H5R_FILES_SHARED;
    return h5r_factors_on_disk(f) && !same;
}
