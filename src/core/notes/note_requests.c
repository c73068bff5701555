/* A note on small requests, each of which costs a system call, and on a parallel file system more. */
#include "core/base/units.h"
#include "core/notes/note_say.h"
#include "h5roof/arrangement.h"
#include "h5roof/driver.h"
#include "h5roof/region.h"

#define SMALL 4096.0 /* bytes of a request, on average */
#define MANY  1000   /* requests */
#define APART 2.0    /* requests of a call */
#define HALF  0.50   /* of the requests: as many calls, or rows, explain them */
#define ROWS  0.30   /* of the rows of chunks: MPI-IO joins some of them */

/* Elements that lie one after the other in a chunk and in the dataset: the last dimension of the chunk, and
 * those before it as long as the chunk has the whole width. */
static double chunk_run_bytes(const h5r_factors_t *f)
{
    uint64_t run = 1;
    for (int d = f->shape.n - 1; d >= 0; d--) {
        run *= f->chunk.d[d] < f->shape.d[d] ? f->chunk.d[d] : f->shape.d[d];
        if (f->chunk.d[d] < f->shape.d[d]) {
            break;
        }
    }
    return (double)(run * h5r_dtype_size(h5r_factors_file_dtype(f)));
}

/* As many requests as the rows of chunks make that were moved, and as small. */
static bool rows_explain(const h5r_result_t *r, double requests)
{
    const double run = chunk_run_bytes(&r->last.factors);
    return run < SMALL && requests >= ROWS * h5r_note_file_bytes(r) / run;
}

/* Stored as small as the requests are; filters make chunks smaller by the ratio. */
static bool is_small_chunk(const h5r_row_t *row)
{
    const double bytes = (double)h5r_note_chunk_bytes(&row->factors);
    return (row->factors.filter.n > 0 && row->ratio_frac > 0.0 ? bytes / row->ratio_frac : bytes) <= SMALL;
}

/* HDF5 does not cache chunks without filters of a shared file that is open for writing, nor chunks that are
 * larger than the cache: what is moved of them goes to the file row by row. apart: a call takes several of
 * the requests, and these have the payload. */
static void say_chunk_rows(const h5r_result_t *r, double requests, bool apart, FILE *out)
{
    const h5r_factors_t *f = &r->last.factors;
    char chunk[32], cache[32], row[32];
    uint64_t bytes = h5r_note_chunk_bytes(f);
    if (is_small_chunk(&r->last)) {
        fprintf(out, ": a chunk has %s%s", h5r_format_size((double)bytes, chunk, sizeof chunk),
                f->filter.n > 0 ? " before its filters" : "");
    } else if (f->filter.n == 0 && bytes > f->chunk_cache && apart) {
        fprintf(out, ": a chunk of %s is larger than the chunk cache of %s, so it is moved piece by piece",
                h5r_format_size((double)bytes, chunk, sizeof chunk),
                h5r_format_size((double)f->chunk_cache, cache, sizeof cache));
    } else if (f->filter.n == 0 && h5r_factors_mpi_file(f) && r->last.direction != H5R_MOVES_IN) {
        if (rows_explain(r, requests)) {
            fprintf(out, ": a row of a chunk has %s, and in a shared file each is a request",
                    h5r_format_size(chunk_run_bytes(f), row, sizeof row));
        } else {
            fputs(": what a call moves of a chunk lies apart in it, and in a shared file no cache holds it",
                  out);
        }
    }
}

static void say_cause(const h5r_result_t *r, const h5r_requests_t *requests, FILE *out)
{
    const h5r_row_t *row = &r->last;
    const h5r_factors_t *f = &row->factors;
    double call =
        row->calls > 0 && row->calls != H5R_NO_COUNT ? h5r_note_file_bytes(r) / (double)row->calls : 0.0;
    const bool apart = call >= APART * requests->mean_bytes &&
                       requests->mean_bytes * (double)requests->count >= HALF * h5r_note_file_bytes(r);
    char text[32];
    if (call > 0.0 && call < SMALL && (double)row->calls >= HALF * (double)requests->count) {
        fprintf(out, ": a call moves %s", h5r_format_size(call, text, sizeof text));
    } else if (apart && h5r_memory_apart(f).step > 1) {
        fputs(": what a call moves lies apart in memory", out);
    } else if (f->layout == H5R_LAYOUT_CHUNKED) {
        say_chunk_rows(r, (double)requests->count, apart, out);
    } else if (apart) {
        fputs(": what a call moves lies apart in the file, in short rows", out);
    }
}

bool h5r_say_small_requests(const h5r_result_t *r, FILE *out)
{
    h5r_requests_t requests = h5r_note_requests(r);
    if (requests.count <= MANY || requests.mean_bytes >= SMALL || r->last.payload_bytes == 0 ||
        r->last.payload_bytes == H5R_NO_COUNT || h5r_note_is_unaggregated(r)) {
        return false;
    }
    char count[32], size[32];
    fprintf(out, "%s requests of %s each", h5r_format_count(requests.count, count, sizeof count),
            h5r_format_size(requests.mean_bytes, size, sizeof size));
    say_cause(r, &requests, out);
    return true;
}
