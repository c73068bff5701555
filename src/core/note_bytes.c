/* Notes on bytes: more were moved than the payload has, or fewer are stored. */
#include "core/driver.h"
#include "core/note_say.h"
#include "core/units.h"
#include "h5roof/region.h"

#include <math.h>
#include <string.h>

#define AMPLIFIED 1.25    /* times the bytes that had to be moved */
#define MODIFIED  0.25    /* times them that were read in order to write */
#define EXCESS    65536.0 /* bytes; less is the metadata that every file has */
#define LARGER    0.99    /* ratio below which more than checksums was added */

bool h5r_note_is_write(const h5r_result_t *r)
{
    return strcmp(r->last.operation, "write") == 0;
}

bool h5r_note_is_read(const h5r_result_t *r)
{
    return strcmp(r->last.operation, "read") == 0;
}

double h5r_note_file_bytes(const h5r_result_t *r)
{
    const h5r_factors_t *f = &r->last.factors;
    double size = (double)h5r_dtype_size((h5r_dtype_t)f->dtype);
    return (double)r->last.payload_bytes / size * (double)h5r_dtype_size(h5r_factors_file_dtype(f));
}

/* Of all datasets of the case, as the ratio has it; for some workloads they are more than one. */
static double dataset_bytes(const h5r_row_t *row)
{
    const h5r_factors_t *f = &row->factors;
    if (row->ratio_frac > 0.0 && row->stored_bytes != H5R_NO_COUNT) {
        return row->ratio_frac * (double)row->stored_bytes;
    }
    return (double)h5r_dims_elements(&f->shape) * (double)h5r_dtype_size(h5r_factors_file_dtype(f));
}

/* What had to be moved: the payload as it is stored. Chunks that are wider than the dataset are no excuse. */
static double needed_bytes(const h5r_result_t *r)
{
    const h5r_row_t *row = &r->last;
    if (row->factors.filter.n == 0) {
        return h5r_note_file_bytes(r);
    }
    if (row->stored_bytes == H5R_NO_COUNT || r->bounded) {
        return NAN; /* bounded: chunks that were not written are not stored */
    }
    return (double)row->stored_bytes * h5r_note_file_bytes(r) / dataset_bytes(row);
}

static const char *needed_words(const h5r_result_t *r)
{
    return r->last.factors.filter.n > 0 ? "what is stored" : "the payload";
}

/* What the kernel was asked for, or else what MPI-IO was; NaN: unknown. */
static double moved_bytes(uint64_t os, uint64_t mpiio)
{
    uint64_t bytes = os != H5R_NO_COUNT ? os : mpiio;
    return bytes != H5R_NO_COUNT ? (double)bytes : (double)NAN;
}

/* Allocated beyond the dataset: the parts of edge chunks that lie outside of it. */
static double edge_bytes(const h5r_row_t *row)
{
    bool padded = row->factors.layout == H5R_LAYOUT_CHUNKED && row->factors.filter.n == 0;
    return padded && row->stored_bytes != H5R_NO_COUNT ? (double)row->stored_bytes - dataset_bytes(row) : 0.0;
}

static bool fills(const h5r_factors_t *f)
{
    return f->layout == H5R_LAYOUT_CHUNKED && f->fill_time != H5R_FILL_NEVER;
}

/* What was written beyond what was needed; 0 unless that is worth a word. */
static double write_excess(const h5r_result_t *r)
{
    double needed = needed_bytes(r),
           moved = moved_bytes(r->last.os.write_bytes, r->last.counters.write_bytes);
    bool much = needed > 0.0 && moved >= AMPLIFIED * needed && moved - needed >= EXCESS;
    return h5r_note_is_write(r) && !r->bounded && much ? moved - needed : 0.0;
}

static bool is_known(const h5r_row_t *row)
{
    return row->os.write_bytes != H5R_NO_COUNT;
}

/* Filled when it was created; where the system does not tell, that is what HDF5 does if nobody forbids it. */
static bool excess_is_fill(const h5r_row_t *row, double excess)
{
    bool filled = is_known(row) ? (double)row->os.create_bytes >= 0.5 * excess : fills(&row->factors);
    return row->factors.layout == H5R_LAYOUT_CHUNKED && filled;
}

static bool excess_is_modified(const h5r_row_t *row, double excess)
{
    return is_known(row) && !excess_is_fill(row, excess) && (double)row->os.read_bytes >= 0.5 * excess;
}

static const char *modified_words(const h5r_factors_t *f)
{
    bool mpi = f->driver == H5R_DRIVER_MPIO || f->driver == H5R_DRIVER_MPIIO;
    return f->filter.n > 0                           ? "filtered chunks are read, changed and written again"
           : !mpi && f->layout == H5R_LAYOUT_CHUNKED ? "chunks are read, changed and written again"
                                                     : "of read-modify-write (data sieving)";
}

static const char *write_cause(const h5r_row_t *row, double excess)
{
    const h5r_factors_t *f = &row->factors;
    if (f->driver == H5R_DRIVER_CORE) {
        return "the image in memory is written when it is flushed and again when it is closed";
    }
    if (excess_is_fill(row, excess)) {
        return "of fill values";
    }
    if (excess_is_modified(row, excess)) {
        return modified_words(f);
    }
    if (edge_bytes(row) >= 0.5 * excess) {
        return "of partial edge chunks";
    }
    /* Chunks that are allocated when they are first written to are filled then, not in create. */
    return fills(f) && f->filter.n == 0      ? "of fill values"
           : f->layout == H5R_LAYOUT_CHUNKED ? "of metadata, or chunks that are written again"
                                             : "of metadata";
}

bool h5r_say_amplified(const h5r_result_t *r, FILE *out)
{
    double excess = write_excess(r), needed = needed_bytes(r);
    if (excess <= 0.0) {
        return false;
    }
    fprintf(out, "%.2f times %s was written because %s", (needed + excess) / needed, needed_words(r),
            write_cause(&r->last, excess));
    return true;
}

/* What is amplified for this reason has been said. */
bool h5r_say_modified(const h5r_result_t *r, FILE *out)
{
    const h5r_row_t *row = &r->last;
    double needed = needed_bytes(r), excess = write_excess(r), read = (double)row->os.read_bytes;
    bool said = excess > 0.0 && (row->factors.driver == H5R_DRIVER_CORE || excess_is_modified(row, excess));
    if (!h5r_note_is_write(r) || !is_known(row) || r->bounded || said || !(needed > 0.0) ||
        read < MODIFIED * needed || read < EXCESS) {
        return false;
    }
    fprintf(out, "%.2f times %s was read in order to write, because %s", read / needed, needed_words(r),
            modified_words(&row->factors));
    return true;
}

static void say_read_cause(const h5r_row_t *row, double needed, double excess, FILE *out)
{
    const h5r_factors_t *f = &row->factors;
    bool counted = row->counters.read_bytes != H5R_NO_COUNT;
    if (f->driver == H5R_DRIVER_CORE) {
        fputs("because the whole file is read into memory", out);
    } else if (counted && (double)row->counters.read_bytes < needed + 0.5 * excess) {
        fputs("because MPI-IO reads what lies between (data sieving)", out);
    } else if (f->layout != H5R_LAYOUT_CHUNKED) {
        fputs("because of buffering", out);
    } else if (edge_bytes(row) >= 0.5 * excess) {
        fputs("because of partial edge chunks", out);
    } else {
        char cache[32];
        uint64_t chunk = h5r_dims_elements(&f->chunk) * h5r_dtype_size(h5r_factors_file_dtype(f));
        fprintf(out, "because whole chunks are read for partial reads: the chunk cache of %s holds %llu",
                h5r_format_bytes(f->chunk_cache, cache, sizeof cache),
                (unsigned long long)(chunk > 0 ? f->chunk_cache / chunk : 0));
    }
}

bool h5r_say_reread(const h5r_result_t *r, FILE *out)
{
    const h5r_row_t *row = &r->last;
    double needed = needed_bytes(r), moved = moved_bytes(row->os.read_bytes, row->counters.read_bytes);
    if (!h5r_note_is_read(r) || !(needed > 0.0) || !(moved >= AMPLIFIED * needed) ||
        moved - needed < EXCESS) {
        return false;
    }
    fprintf(out, "%.*f times %s was read ", moved < 9.995 * needed ? 2 : 0, moved / needed, needed_words(r));
    say_read_cause(row, needed, moved - needed, out);
    return true;
}

static bool compresses(const h5r_pipeline_t *p)
{
    bool found = false;
    for (int i = 0; i < p->n; i++) {
        found =
            found || (p->stage[i].kind != H5R_FILTER_SHUFFLE && p->stage[i].kind != H5R_FILTER_FLETCHER32);
    }
    return found;
}

bool h5r_say_ratio(const h5r_result_t *r, FILE *out)
{
    const h5r_row_t *row = &r->last;
    bool larger = row->ratio_frac < LARGER;
    if (!h5r_note_is_write(r) || !isfinite(row->ratio_frac) || row->factors.filter.n == 0 ||
        (!compresses(&row->factors.filter) && !larger)) {
        return false;
    }
    fprintf(out, "ratio %.3g%s", row->ratio_frac, larger ? ": the filters made the data larger" : "");
    return true;
}

bool h5r_say_damage(const h5r_result_t *r, FILE *out)
{
    const h5r_row_t *row = &r->last;
    char chunks[32], passed[32], wrong[32];
    if (row->damaged == H5R_NO_COUNT || row->damaged == 0) {
        return false;
    }
    h5r_format_count(row->damaged, chunks, sizeof chunks);
    if (row->refused == row->damaged) {
        fprintf(out, "a changed byte in a stored chunk was refused (%s of %s)", chunks, chunks);
    } else {
        fprintf(out, "a changed byte in a stored chunk was read without an error (%s of %s): %s wrong",
                h5r_format_count(row->damaged - row->refused, passed, sizeof passed), chunks,
                h5r_format_count(row->wrong, wrong, sizeof wrong));
    }
    return true;
}
