#include "core/factors/driver.h"

const h5r_driver_info_t h5r_driver_table[H5R_DRIVER_COUNT] = {
#define X(symbol, name_, store_, shared_, per_rank_, collective_, is_volatile_, help_)                       \
    [symbol] = {.name = name_,                                                                               \
                .store = store_,                                                                             \
                .shared = shared_,                                                                           \
                .per_rank = per_rank_,                                                                       \
                .collective = collective_,                                                                   \
                .is_volatile = is_volatile_,                                                                 \
                .help = help_},
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

h5r_files_t h5r_factors_files(const h5r_factors_t *f)
{
    if (f->files != H5R_FILES_AUTO) {
        return (h5r_files_t)f->files;
    }
    return h5r_driver_of(f)->shared ? H5R_FILES_SHARED : H5R_FILES_PER_RANK;
}

bool h5r_factors_collective(const h5r_factors_t *f)
{
    return h5r_driver_of(f)->collective && h5r_factors_files(f) == H5R_FILES_SHARED &&
           f->mode == H5R_MODE_COLLECTIVE;
}

bool h5r_factors_volatile(const h5r_factors_t *f)
{
    return h5r_driver_of(f)->is_volatile || (f->driver == H5R_DRIVER_CORE && !f->core_backing);
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
