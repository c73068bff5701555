/* Notes on when storage was allocated, and what of it is lost. */
#include "core/base/units.h"
#include "core/factors/factor.h"
#include "core/notes/note_say.h"
#include "h5roof/chunks.h"
#include "h5roof/driver.h"
#include "h5roof/region.h"

#include <math.h>

#define INDEX 128.0 /* bytes of a chunk in an index, and more than it takes */
#define HOLES 0.25  /* of stored_bytes */

/* The operation creates its dataset and writes nothing into it, so what is stored was allocated with it. */
static bool is_born_here(const h5r_result_t *r)
{
    return r->phase_s[H5R_PHASE_CREATE].n > 0 && r->last.direction == H5R_MOVES_NOTHING;
}

bool h5r_say_allocated_early(const h5r_result_t *r, FILE *out)
{
    const h5r_row_t *row = &r->last;
    const h5r_factors_t *f = &row->factors;
    bool asked_later = f->alloc_time == H5R_ALLOC_LATE || f->alloc_time == H5R_ALLOC_INCR;
    bool stored = row->stored_bytes != H5R_NO_COUNT && row->stored_bytes > 0;
    if (!is_born_here(r) || !asked_later || !stored) {
        return false;
    }
    char bytes[32], text[H5R_TEXT_SIZE];
    fprintf(out, "%s are allocated at once although alloc_time is %s",
            h5r_format_size((double)row->stored_bytes, bytes, sizeof bytes),
            h5r_factor_format(h5r_factor_find("alloc_time"), f, text, sizeof text));
    if (h5r_factors_files(f) == H5R_FILES_SHARED) {
        fputs(": HDF5 allocates a shared file's dataset early", out);
    }
    return true;
}

/* Storage beyond the chunks that may have been written to; a contiguous dataset has all of it or nothing. */
static double unwritten_bytes(const h5r_result_t *r)
{
    const h5r_row_t *row = &r->last;
    const h5r_factors_t *f = &row->factors;
    double stored = row->stored_bytes != H5R_NO_COUNT ? (double)row->stored_bytes : 0.0;
    if (is_born_here(r)) {
        return stored;
    }
    bool partly = h5r_note_is_write(r) && row->payload_bytes > 0 && !isfinite(row->ratio_frac) && !r->bounded;
    if (!partly || f->layout != H5R_LAYOUT_CHUNKED || row->calls == H5R_NO_COUNT) {
        return 0.0;
    }
    double element = (double)h5r_dtype_size(f->dtype);
    double touched = fmin((double)row->payload_bytes / element, stored) * (double)h5r_note_chunk_bytes(f);
    return stored - touched;
}

bool h5r_say_grows_in_parallel(const h5r_result_t *r, FILE *out)
{
    const h5r_factors_t *f = &r->last.factors;
    double unwritten = unwritten_bytes(r);
    bool shared = h5r_factors_files(f) == H5R_FILES_SHARED && h5r_factors_mpi_file(f);
    if (!shared || f->alloc_time != H5R_ALLOC_DEFAULT || unwritten <= 0.0) {
        return false;
    }
    char bytes[32];
    fprintf(out, "%s are allocated that nobody wrote: in a shared file all is allocated when it is created",
            h5r_format_size(unwritten, bytes, sizeof bytes));
    return true;
}

/* Room of the files beyond what is stored and its index; 0 unless that is worth a word. */
static double lost_bytes(const h5r_result_t *r)
{
    const h5r_row_t *row = &r->last;
    const h5r_factors_t *f = &row->factors;
    const bool known = row->stored_bytes != H5R_NO_COUNT && row->file_bytes != H5R_NO_COUNT;
    if (!known || !h5r_direction_writes(row->direction) || f->filter.n == 0 || f->alignment > 1 ||
        f->layout != H5R_LAYOUT_CHUNKED) {
        return 0.0;
    }
    const double stored = (double)row->stored_bytes;
    const double index = INDEX * (double)h5r_chunks_of(&f->shape, &f->chunk).chunks;
    const double lost = (double)row->file_bytes - stored - index;
    return lost >= HOLES * stored && lost >= h5r_note_overhead(r) ? lost : 0.0;
}

bool h5r_say_holes(const h5r_result_t *r, FILE *out)
{
    char size[32];
    const double lost = lost_bytes(r);
    if (lost <= 0.0) {
        return false;
    }
    fprintf(out, "%s of the file are holes: chunks that were written again at another size left them",
            h5r_format_size(lost, size, sizeof size));
    return true;
}
