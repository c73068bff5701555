/* Notes on where memory lies. */
#include "core/notes/note_say.h"

#include <math.h>

#define SLOWER 1.5     /* times the kernel's copy between begins of pages */
#define CALL   65536.0 /* bytes; what is smaller HDF5 gathers in a buffer of its own */
#define PAGE   4096

#define ARRANGED_TIME     1.5 /* times that of dense memory */
#define ARRANGED_REQUESTS 2.0

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

static const char *arranged_words(h5r_lies_t memory)
{
    return memory == H5R_LIES_OTHER_RANK ? "memory of other dimensions than the file's"
           : memory == H5R_LIES_STRIDED  ? "strided memory"
           : memory == H5R_LIES_FIELD    ? "a field of structures in memory"
                                         : "transposed memory";
}

bool h5r_say_arranged(const h5r_result_t *r, FILE *out)
{
    const double times = r->memory_ratio, requests = r->memory_requests;
    const bool slower = h5r_note_is_timed(r) && times >= ARRANGED_TIME, more = requests >= ARRANGED_REQUESTS;
    if (!slower && !more) {
        return false;
    }
    fputs(arranged_words(r->last.factors.memory), out);
    if (slower) {
        fprintf(out, ": the transfer takes %.*f times as long as with dense memory", times < 9.95 ? 1 : 0,
                times);
    }
    if (more) {
        fprintf(out, "%s %.*f times as many requests%s", slower ? ", in" : " takes", requests < 9.95 ? 1 : 0,
                requests, slower ? "" : " as dense memory");
    }
    return true;
}
