/* What is read, told as if it were a decomposition of its own. */
#include "h5roof/reading.h"

#include "core/factors/factor.h"
#include "h5roof/count.h"
#include "h5roof/driver.h"

#include <inttypes.h>
#include <stdio.h>

static h5r_decomp_t decomposition_of(const h5r_factors_t *f)
{
    switch (f->read_decomposition) {
    case H5R_READ_SAME:
        break;
    case H5R_READ_SLAB:
        return H5R_DECOMP_SLAB;
    case H5R_READ_BLOCK:
        return H5R_DECOMP_BLOCK;
    case H5R_READ_INTERLEAVED:
        return H5R_DECOMP_INTERLEAVED;
    case H5R_READ_REPLICATED:
        return H5R_DECOMP_REPLICATED;
    }
    return f->decomposition;
}

/* Asked again, these factors say the same. */
h5r_factors_t h5r_factors_as_got(const h5r_factors_t *f)
{
    h5r_factors_t r = *f;
    r.decomposition = decomposition_of(f);
    r.write_ranks = f->read_ranks;
    r.access = f->read_access.kind == H5R_ACCESS_SAME ? f->access : f->read_access;
    if (f->read_mode != H5R_READ_MODE_SAME) {
        r.mode = f->read_mode == H5R_READ_COLLECTIVE ? H5R_MODE_COLLECTIVE : H5R_MODE_INDEPENDENT;
    }
    r.files = h5r_reads_through(f) ? H5R_FILES_SHARED : f->files;
    if (h5r_reads_anew(f)) {
        r.grid.n = 0; /* it is that of the writes */
    }
    return r;
}

h5r_factors_t h5r_factors_as_read(const h5r_factors_t *f)
{
    h5r_factors_t r = h5r_factors_as_got(f);
    if (h5r_reads_for_all(f)) {
        r.write_ranks = r.read_ranks = 1;
    }
    return r;
}

bool h5r_reads_through(const h5r_factors_t *f)
{
    return f->layout == H5R_LAYOUT_VIRTUAL;
}

bool h5r_reads_anew(const h5r_factors_t *f)
{
    return decomposition_of(f) != f->decomposition || f->read_ranks != f->write_ranks ||
           h5r_reads_for_all(f) || h5r_reads_through(f);
}

bool h5r_reads_otherwise(const h5r_factors_t *f)
{
    return h5r_reads_anew(f) || f->read_access.kind != H5R_ACCESS_SAME || f->read_mode != H5R_READ_MODE_SAME;
}

bool h5r_reads_for_all(const h5r_factors_t *f)
{
    return f->replicated_reads == H5R_REPLICATED_BCAST && decomposition_of(f) == H5R_DECOMP_REPLICATED;
}

int h5r_read_copies(const h5r_factors_t *f, int nranks)
{
    const h5r_factors_t got = h5r_factors_as_got(f);
    const bool each = got.decomposition == H5R_DECOMP_REPLICATED &&
                      h5r_factors_files(&got) == H5R_FILES_SHARED &&
                      f->layout != H5R_LAYOUT_COMPACT; /* which comes with the metadata */
    return each ? h5r_share_owners(&got, nranks) : 1;
}

static bool has_ranks(const h5r_factors_t *f, int nranks, char *reason, size_t size)
{
    const struct {
        const char *name;
        uint64_t asked;
    } of[] = {{"write_ranks", f->write_ranks}, {"read_ranks", f->read_ranks}};
    for (size_t i = 0; i < H5R_COUNT_OF(of); i++) {
        if (of[i].asked != H5R_RANKS_ALL && of[i].asked > (uint64_t)nranks) {
            snprintf(reason, size, "%s %" PRIu64 " are more ranks than take part, %d", of[i].name,
                     of[i].asked, nranks);
            return false;
        }
    }
    return true;
}

/* The sources of a virtual dataset are named by files, and who reads through it opens each of them by himself. */
static bool fits_virtual(const h5r_factors_t *f, char *reason, size_t size)
{
    const char *workload = h5r_factor_find("workload")->choices[f->workload];
    const h5r_driver_info_t *driver = h5r_driver_of(f);
    if (!h5r_factor_concerns(h5r_factor_find("read_ranks"), workload)) {
        snprintf(reason, size, "workload %s does not read through a virtual dataset", workload);
    } else if (driver->store != H5R_STORE_HDF5) {
        snprintf(reason, size, "store %s has no layouts but contiguous", driver->name);
    } else if (driver->mpi) {
        snprintf(reason, size,
                 "HDF5 refuses to read a virtual dataset through MPI-IO: layout virtual needs a file per "
                 "rank, as of "
                 "driver sec2");
    } else if (!driver->plain || driver->image) {
        snprintf(reason, size, "layout virtual is over ordinary files, and those of driver %s are none",
                 driver->name);
    } else if (f->decomposition == H5R_DECOMP_REPLICATED) {
        snprintf(reason, size, "the parts of a virtual dataset would overlap with decomposition replicated");
    } else {
        return true;
    }
    return false;
}

bool h5r_reads_fit(const h5r_factors_t *f, int nranks, char *reason, size_t size)
{
    return has_ranks(f, nranks, reason, size) && (!h5r_reads_through(f) || fits_virtual(f, reason, size));
}
