/* What is read, told as if it were a decomposition of its own. */
#include "h5roof/driver.h"
#include "h5roof/share.h"

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
