/* Notes on bytes: more were written than the payload has, or fewer are stored. */
#include "core/base/units.h"
#include "core/notes/note_say.h"
#include "h5roof/driver.h"
#include "h5roof/fill.h"
#include "h5roof/region.h"

#include <math.h>
#include <string.h>

#define MODIFIED 0.25 /* times them that were read in order to write */
#define EDGES    0.25 /* of the excess that is worth a word */
#define LARGER   0.99 /* ratio below which more than checksums was added */

/* Of all datasets of the case, as the ratio has it; for some workloads they are more than one. */
double h5r_note_dataset_bytes(const h5r_row_t *row)
{
    const h5r_factors_t *f = &row->factors;
    if (row->ratio_frac > 0.0 && row->stored_bytes != H5R_NO_COUNT) {
        return row->ratio_frac * (double)row->stored_bytes;
    }
    return (double)h5r_dims_elements(&f->shape) * (double)h5r_dtype_size(h5r_factors_file_dtype(f));
}

/* What had to be moved: the payload as it is stored. Chunks that are wider than the dataset are no excuse. */
double h5r_note_needed_bytes(const h5r_result_t *r)
{
    const h5r_row_t *row = &r->last;
    if (row->factors.filter.n == 0) {
        return h5r_note_file_bytes(r);
    }
    if (row->stored_bytes == H5R_NO_COUNT || r->bounded) {
        return NAN; /* bounded: chunks that were not written are not stored */
    }
    return (double)row->stored_bytes * h5r_note_file_bytes(r) / h5r_note_dataset_bytes(row);
}

const char *h5r_note_needed_words(const h5r_result_t *r)
{
    return r->last.factors.filter.n > 0 ? "what is stored" : "the payload";
}

/* What the kernel was asked for, or else what MPI-IO was; NaN: unknown. */
double h5r_note_moved_bytes(uint64_t os, uint64_t mpiio)
{
    uint64_t bytes = os != H5R_NO_COUNT ? os : mpiio;
    return bytes != H5R_NO_COUNT ? (double)bytes : (double)NAN;
}

/* Allocated beyond the dataset: the parts of edge chunks that lie outside of it. */
double h5r_note_edge_bytes(const h5r_row_t *row)
{
    bool padded = row->factors.layout == H5R_LAYOUT_CHUNKED && row->factors.filter.n == 0;
    return padded && row->stored_bytes != H5R_NO_COUNT
               ? (double)row->stored_bytes - h5r_note_dataset_bytes(row)
               : 0.0;
}

/* Chunks are filled when they are allocated, a contiguous dataset only if that is asked for. */
static bool fills(const h5r_factors_t *f)
{
    char value[8];
    bool asked =
        f->layout == H5R_LAYOUT_CHUNKED || f->fill_time == H5R_FILL_ALLOC || h5r_fill_element(f, value);
    return f->layout != H5R_LAYOUT_COMPACT && f->fill_time != H5R_FILL_NEVER && asked;
}

static bool writes(const h5r_result_t *r)
{
    return h5r_direction_writes(r->last.direction);
}

/* What was written beyond what was needed; 0 unless that is worth a word. */
static double write_excess(const h5r_result_t *r)
{
    double needed = h5r_note_needed_bytes(r),
           moved = h5r_note_moved_bytes(r->last.os.write_bytes, r->last.counters.write_bytes);
    bool much =
        needed > 0.0 && moved >= H5R_NOTE_AMPLIFIED * needed && moved - needed >= h5r_note_overhead(r);
    return writes(r) && !r->bounded && much ? moved - needed : 0.0;
}

static bool is_known(const h5r_row_t *row)
{
    return row->os.write_bytes != H5R_NO_COUNT;
}

/* Filled when it was created; where the system does not tell, that is what HDF5 does if nobody forbids it. */
static bool excess_is_fill(const h5r_row_t *row, double excess)
{
    return fills(&row->factors) && (!is_known(row) || (double)row->os.create_bytes >= 0.5 * excess);
}

static bool excess_is_modified(const h5r_row_t *row, double excess)
{
    double read = (double)row->os.read_bytes;
    if (row->direction == H5R_MOVES_BOTH) {
        read -= (double)row->payload_bytes; /* which it reads anyway */
    }
    return is_known(row) && !excess_is_fill(row, excess) && read >= 0.5 * excess;
}

static const char *modified_words(const h5r_result_t *r)
{
    const h5r_factors_t *f = &r->last.factors;
    bool mpi = h5r_factors_mpi_file(f);
    return h5r_note_refers(r)         ? "HDF5 reads the references that were there before"
           : h5r_note_picks_fields(r) ? "HDF5 reads the records around each field, changes and writes them"
           : f->filter.n > 0          ? "filtered chunks are read, changed and written again"
           : !mpi && f->layout == H5R_LAYOUT_CHUNKED ? "chunks are read, changed and written again"
           : !mpi ? "HDF5's sieve buffer reads, changes and writes 64 KiB around each piece"
                  : "of read-modify-write (data sieving)";
}

static const char *write_cause(const h5r_result_t *r, double excess)
{
    const h5r_row_t *row = &r->last;
    const h5r_factors_t *f = &row->factors;
    if (h5r_driver_of(f)->image) {
        return "the image in memory is written when it is flushed and again when it is closed";
    }
    if (h5r_note_moves_shares(r)) {
        return "whole shares are read, changed and written again (mask_as: rmw)";
    }
    if (excess_is_fill(row, excess)) {
        return h5r_note_edge_bytes(row) >= EDGES * excess
                   ? "of fill values, also in the parts of edge chunks that lie outside the dataset"
                   : "of fill values";
    }
    if (h5r_note_refers(r)) {
        return "each element has a reference, and an object of its own in a heap of the file";
    }
    if (excess_is_modified(row, excess)) {
        return modified_words(r);
    }
    if (h5r_note_edge_bytes(row) >= 0.5 * excess) {
        return "of partial edge chunks";
    }
    if (h5r_note_is_buffered(r, row->os.write_bytes, row->os.write_count)) {
        return "HDF5's sieve buffer writes 64 KiB around each piece";
    }
    /* Chunks that are allocated when they are first written to are filled then, not in create. */
    return fills(f) && f->filter.n == 0      ? "of fill values"
           : f->layout == H5R_LAYOUT_CHUNKED ? "of metadata, or chunks that are written again"
                                             : "of metadata";
}

bool h5r_say_amplified(const h5r_result_t *r, FILE *out)
{
    double excess = write_excess(r), needed = h5r_note_needed_bytes(r);
    if (excess <= 0.0) {
        return false;
    }
    double times = (needed + excess) / needed;
    fprintf(out, "%.*f times %s was written because %s", times < 99.995 ? 2 : 0, times,
            h5r_note_needed_words(r), write_cause(r, excess));
    return true;
}

/* What is amplified for this reason has been said. */
bool h5r_say_modified(const h5r_result_t *r, FILE *out)
{
    const h5r_row_t *row = &r->last;
    double needed = h5r_note_needed_bytes(r), excess = write_excess(r), read = (double)row->os.read_bytes;
    bool said = h5r_note_moves_shares(r) ||
                (excess > 0.0 && (h5r_driver_of(&row->factors)->image || excess_is_modified(row, excess)));
    if (!h5r_note_is_write(r) || !is_known(row) || r->bounded || said || !(needed > 0.0) ||
        read < MODIFIED * needed || read < h5r_note_overhead(r)) {
        return false;
    }
    fprintf(out, "%.*f times %s was read in order to write, because %s", read < 99.995 * needed ? 2 : 0,
            read / needed, h5r_note_needed_words(r), modified_words(r));
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
