/* Notes on reading: more was read than the payload has. One cause is found, and its note speaks. */
#include "core/base/units.h"
#include "core/factors/sharing.h"
#include "core/notes/note_say.h"
#include "h5roof/driver.h"
#include "h5roof/region.h"
#include "h5roof/share.h"

#include <math.h>

#define SHARED  0.10 /* of the chunks that several ranks read */
#define ONCE    1.10 /* times what is read when every rank reads each of its chunks once */
#define MOSTLY  0.50 /* of what was read in excess */
#define SEVERAL 1.90 /* times the dataset: more than one read it */
#define PARTIAL 0.95 /* of the dataset's bytes: fewer are a part of it */

typedef enum {
    READS_NEEDED, /* what it must */
    READS_FILE,
    READS_SIEVED,
    READS_BUFFER,
    READS_METADATA,
    READS_EDGES,
    READS_SHARED,
    READS_PARTS,
    READS_AGAIN,
    READS_UNKNOWN
} cause_t;

typedef struct {
    double needed, moved, excess;
} amount_t;

static amount_t amount_of(const h5r_result_t *r)
{
    amount_t a = {.needed = h5r_note_needed_bytes(r),
                  .moved = h5r_note_moved_bytes(r->last.os.read_bytes, r->last.counters.read_bytes)};
    a.excess = a.moved - a.needed;
    return a;
}

/* What is read when each rank reads every chunk that holds elements of it once; where nobody knows who has
 * which, every chunk by every rank. */
static double once_bytes(const h5r_result_t *r)
{
    const h5r_row_t *row = &r->last;
    h5r_sharing_t s = h5r_chunk_sharing(&row->factors, (int)row->ranks);
    double times = !h5r_note_is_shared(r) ? 1.0
                   : s.chunks > 0         ? (double)s.visits / (double)s.chunks
                                          : (double)row->ranks;
    return row->stored_bytes != H5R_NO_COUNT ? times * (double)row->stored_bytes : 0.0;
}

static bool is_metadata(const h5r_row_t *row, double excess)
{
    return h5r_driver_of(&row->factors)->store == H5R_STORE_HDF5 && row->os.open_bytes != H5R_NO_COUNT &&
           (double)row->os.open_bytes >= MOSTLY * excess;
}

static bool several_read(const h5r_result_t *r)
{
    h5r_sharing_t s = h5r_chunk_sharing(&r->last.factors, (int)r->last.ranks);
    return h5r_note_is_shared(r) && (double)s.shared >= SHARED * (double)s.chunks && s.shared > 0;
}

static cause_t chunk_cause(const h5r_result_t *r, const amount_t *a)
{
    if (h5r_note_edge_bytes(&r->last) >= MOSTLY * a->excess) {
        return READS_EDGES;
    }
    if (a->moved > ONCE * once_bytes(r) + h5r_note_overhead(r)) {
        return READS_AGAIN;
    }
    if (h5r_note_file_bytes(r) < PARTIAL * h5r_note_dataset_bytes(&r->last)) {
        return READS_PARTS;
    }
    return several_read(r) ? READS_SHARED : READS_UNKNOWN;
}

static cause_t cause_of(const h5r_result_t *r, const amount_t *a)
{
    const h5r_row_t *row = &r->last;
    bool reads = h5r_direction_reads(row->direction);
    if (!reads || !(a->needed > 0.0) || !(a->moved >= H5R_NOTE_AMPLIFIED * a->needed) ||
        a->excess < h5r_note_overhead(r)) {
        return READS_NEEDED;
    }
    bool counted = row->counters.read_bytes != H5R_NO_COUNT;
    if (h5r_driver_of(&row->factors)->image) {
        return READS_FILE;
    }
    if (is_metadata(row, a->excess)) {
        return READS_METADATA;
    }
    if (counted && (double)row->counters.read_bytes < a->needed + MOSTLY * a->excess) {
        return READS_SIEVED;
    }
    if (row->factors.layout == H5R_LAYOUT_CHUNKED) {
        return chunk_cause(r, a);
    }
    return h5r_note_is_buffered(r, row->os.read_bytes, row->os.read_count) ? READS_BUFFER : READS_UNKNOWN;
}

static const char *cause_words(cause_t cause)
{
    switch (cause) {
    case READS_FILE:
        return " because the whole file is read into memory";
    case READS_SIEVED:
        return " because MPI-IO reads what lies between (data sieving)";
    case READS_BUFFER:
        return " because HDF5's sieve buffer reads 64 KiB around each piece";
    case READS_EDGES:
        return " because of partial edge chunks";
    case READS_PARTS:
        return " because chunks are read whole, each once, and only parts of them are wanted";
    case READS_NEEDED:
    case READS_METADATA:
    case READS_SHARED:
    case READS_AGAIN:
    case READS_UNKNOWN:
        break;
    }
    return "";
}

bool h5r_say_reread(const h5r_result_t *r, FILE *out)
{
    const h5r_factors_t *f = &r->last.factors;
    amount_t a = amount_of(r);
    cause_t cause = cause_of(r, &a);
    if (cause == READS_NEEDED || cause == READS_METADATA || cause == READS_SHARED) {
        return false;
    }
    const char *asked = h5r_note_moves_shares(r) ? " because whole shares are read (mask_as: rmw)"
                        : h5r_note_refers(r)
                            ? " because each element has a reference, and an object in a heap of the file"
                        : h5r_note_picks_fields(r) ? " because the other fields of the records are read, too"
                                                   : NULL;
    fprintf(out, "%.*f times %s was read%s", a.moved < 9.995 * a.needed ? 2 : 0, a.moved / a.needed,
            h5r_note_needed_words(r), asked != NULL ? asked : cause_words(cause));
    if (cause == READS_AGAIN && asked == NULL) {
        char cache[32], chunks[32];
        uint64_t chunk = h5r_note_chunk_bytes(f);
        fprintf(out, " because whole chunks are read for partial reads: the chunk cache of %s holds %s",
                h5r_format_size((double)f->chunk_cache, cache, sizeof cache),
                h5r_format_count(chunk > 0 ? f->chunk_cache / chunk : 0, chunks, sizeof chunks));
    }
    return true;
}

bool h5r_say_read_by_all(const h5r_result_t *r, FILE *out)
{
    const h5r_row_t *row = &r->last;
    const int copies = h5r_read_copies(&row->factors, (int)row->ranks);
    const double once = h5r_note_needed_bytes(r) / copies,
                 moved = h5r_note_moved_bytes(row->os.read_bytes, row->counters.read_bytes);
    if (row->direction != H5R_MOVES_IN || copies < 2 || h5r_reads_for_all(&row->factors) ||
        !(moved >= SEVERAL * once) || moved < h5r_note_overhead(r)) {
        return false;
    }
    fprintf(out, "each of %d ranks read all of it: %.2f times the dataset was asked for", copies,
            moved / once);
    return true;
}

bool h5r_say_shared_chunk_reads(const h5r_result_t *r, FILE *out)
{
    amount_t a = amount_of(r);
    if (cause_of(r, &a) != READS_SHARED) {
        return false;
    }
    h5r_sharing_t s = h5r_chunk_sharing(&r->last.factors, (int)r->last.ranks);
    char shared[32], chunks[32], ranks[32];
    fprintf(out, "%s of %s chunks are read by several ranks each (up to %s): %.2f times %s was read",
            h5r_format_count(s.shared, shared, sizeof shared),
            h5r_format_count(s.chunks, chunks, sizeof chunks), h5r_format_count(s.most, ranks, sizeof ranks),
            a.moved / a.needed, h5r_note_needed_words(r));
    return true;
}

bool h5r_say_metadata_reads(const h5r_result_t *r, FILE *out)
{
    amount_t a = amount_of(r);
    if (cause_of(r, &a) != READS_METADATA) {
        return false;
    }
    char bytes[32];
    fprintf(out, "%s of metadata were read in opening%s, beside a payload of %.2f times that",
            h5r_format_size((double)r->last.os.open_bytes, bytes, sizeof bytes),
            h5r_note_is_shared(r) ? ", by each rank for itself" : "",
            h5r_note_file_bytes(r) / (double)r->last.os.open_bytes);
    return true;
}
