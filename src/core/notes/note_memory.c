/* Notes on where memory lies. */
#include "core/notes/note_say.h"

#include <math.h>

#define SLOWER 1.5     /* times the kernel's copy between begins of pages */
#define CALL   65536.0 /* bytes; what is smaller HDF5 gathers in a buffer of its own */
#define PAGE   4096

/* Bytes by which memory begins further past a page than the data in the file; negative: less far. */
static int distance(const h5r_row_t *row)
{
    uint64_t begin = row->data_offset_bytes != H5R_NO_COUNT ? row->data_offset_bytes : 0;
    int past = (int)((row->factors.buffer_offset + PAGE - begin % PAGE) % PAGE);
    return past <= PAGE / 2 ? past : past - PAGE;
}

bool h5r_say_misaligned(const h5r_result_t *r, FILE *out)
{
    const h5r_row_t *row = &r->last;
    bool large = row->calls > 0 && (double)row->payload_bytes >= CALL * (double)row->calls;
    if (!large || !(row->copy_cost_frac >= SLOWER)) {
        return false;
    }
    int past = distance(row);
    fprintf(out,
            "misaligned: memory begins %d bytes %s a page than the data in the file, and the kernel's copy "
            "takes %.1f times as long",
            past < 0 ? -past : past, past < 0 ? "less far past" : "further past", row->copy_cost_frac);
    return true;
}
