/* What several notes ask of a result. */
#include "core/factors/factor.h"
#include "core/notes/note_say.h"
#include "h5roof/driver.h"
#include "h5roof/region.h"

#define FILE_OVERHEAD 65536.0 /* bytes of metadata that every file may have */
#define WHOLE         0.999   /* of the elements */
#define SIEVE         65536.0 /* bytes of HDF5's sieve buffer, by default (H5Pset_sieve_buf_size) */

bool h5r_note_is_write(const h5r_result_t *r)
{
    return r->last.direction == H5R_MOVES_OUT;
}

bool h5r_note_is_read(const h5r_result_t *r)
{
    return r->last.direction == H5R_MOVES_IN;
}

bool h5r_note_is_shared(const h5r_result_t *r)
{
    return h5r_factors_files(&r->last.factors) == H5R_FILES_SHARED && r->last.ranks > 1;
}

double h5r_note_overhead(const h5r_result_t *r)
{
    bool shared = h5r_factors_files(&r->last.factors) == H5R_FILES_SHARED;
    return FILE_OVERHEAD * (shared ? 1.0 : (double)r->last.ranks);
}

double h5r_note_file_bytes(const h5r_result_t *r)
{
    const h5r_factors_t *f = &r->last.factors;
    double size = (double)h5r_dtype_size(f->dtype);
    return (double)r->last.payload_bytes / size * (double)h5r_dtype_size(h5r_factors_file_dtype(f));
}

bool h5r_note_is_whole(const h5r_result_t *r)
{
    const h5r_factors_t *f = &r->last.factors;
    double bytes = (double)h5r_dims_elements(&f->shape) * (double)h5r_dtype_size(f->dtype);
    return (double)r->last.payload_bytes >= WHOLE * bytes;
}

bool h5r_note_moves_shares(const h5r_result_t *r)
{
    return r->last.factors.mask_as == H5R_MASK_RMW && !h5r_note_is_whole(r);
}

/* The workload looks at this factor: else its value, the default, says nothing. */
static bool concerns(const h5r_factors_t *f, const char *factor)
{
    return h5r_factor_concerns(h5r_factor_find(factor), h5r_factor_find("workload")->choices[f->workload]);
}

bool h5r_note_refers(const h5r_result_t *r)
{
    const h5r_factors_t *f = &r->last.factors;
    return concerns(f, "element") &&
           (f->element == H5R_ELEMENT_VLEN || f->element == H5R_ELEMENT_VLEN_STRING);
}

bool h5r_note_picks_fields(const h5r_result_t *r)
{
    const h5r_factors_t *f = &r->last.factors;
    return concerns(f, "record") && f->record != H5R_RECORD_DATASETS &&
           (f->record == H5R_RECORD_FIELD || !h5r_note_is_whole(r));
}

uint64_t h5r_note_chunk_bytes(const h5r_factors_t *f)
{
    return h5r_dims_elements(&f->chunk) * h5r_dtype_size(h5r_factors_file_dtype(f));
}

static h5r_requests_t mean_of(uint64_t count, uint64_t bytes)
{
    bool known = count != H5R_NO_COUNT && bytes != H5R_NO_COUNT && count > 0;
    return known ? (h5r_requests_t){count, (double)bytes / (double)count} : (h5r_requests_t){0, 0.0};
}

bool h5r_note_is_buffered(const h5r_result_t *r, uint64_t bytes, uint64_t count)
{
    const h5r_factors_t *f = &r->last.factors;
    double mean = mean_of(count, bytes).mean_bytes;
    bool serial = h5r_driver_of(f)->store == H5R_STORE_HDF5 && !h5r_factors_mpi_file(f);
    return serial && f->layout == H5R_LAYOUT_CONTIGUOUS && mean <= 1.05 * SIEVE && mean >= 0.10 * SIEVE;
}

h5r_requests_t h5r_note_requests(const h5r_result_t *r)
{
    const h5r_os_counts_t *os = &r->last.os;
    h5r_requests_t writes = mean_of(os->write_count, os->write_bytes);
    h5r_requests_t reads = mean_of(os->read_count, os->read_bytes);
    switch (r->last.direction) {
    case H5R_MOVES_OUT:
        return writes;
    case H5R_MOVES_IN:
        return reads;
    case H5R_MOVES_BOTH:
        return writes.count > reads.count ? writes : reads;
    case H5R_MOVES_NOTHING:
    case H5R_DIRECTIONS:
        break;
    }
    return (h5r_requests_t){0, 0.0};
}
