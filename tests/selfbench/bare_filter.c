/* filter: chunks through HDF5's deflate, or deflated before the clock and handed over as they are to be
 * stored. */
#include "bare.h"
#include "h5roof/chunks.h"

#include <stdlib.h>
#include <zlib.h>

/* The chunks of this rank's file as they are stored. */
typedef struct {
    size_t room; /* for one of them */
    unsigned char *stored;
    size_t *stored_bytes;
} chunks_t;

static bool is_direct(const bare_t *b)
{
    return b->factors.write_by == H5R_WRITE_DIRECT;
}

static void write_chunks(bare_t *b)
{
    const chunks_t *c = b->own;
    const hsize_t height = b->factors.chunk.d[0], width = b->factors.chunk.d[1];
    size_t i = 0;
    for (hsize_t row = 0; row < b->count[0]; row += height) {
        for (hsize_t column = 0; column < b->count[1]; column += width, i++) {
            const hsize_t at[BARE_NDIMS] = {row, column};
            if (H5Dwrite_chunk(b->dataset, b->transfer, 0, at, c->stored_bytes[i], c->stored + i * c->room) <
                0) {
                bare_stop("H5Dwrite_chunk");
            }
        }
    }
}

static void write_filtered(bare_t *b)
{
    if (is_direct(b)) {
        write_chunks(b);
    } else {
        bare_write(b);
    }
}

static void deflate_chunk(const bare_t *b, chunks_t *c, size_t i, const unsigned char *chunk, size_t bytes)
{
    uLongf size = c->room;
    int code = compress2(c->stored + i * c->room, &size, chunk, bytes, b->factors.filter.stage[0].level);
    bare_need(code == Z_OK && size < bytes, "making a chunk smaller");
    c->stored_bytes[i] = size;
}

/* In every repetition anew, right before the chunks are written, as h5roof does. */
static void prepare(bare_t *b)
{
    const h5r_chunks_t chunks = h5r_chunks_of(&b->file_shape, &b->factors.chunk);
    const size_t n = (size_t)chunks.chunks, bytes = (size_t)chunks.elements * sizeof(double);
    if (!is_direct(b)) {
        return;
    }
    bare_need(b->factors.filter.n == 1 && !b->shared, "filtering chunks in another way");
    chunks_t *c = bare_alloc(sizeof *c);
    c->room = compressBound(bytes);
    c->stored = bare_alloc(n * c->room);
    c->stored_bytes = bare_alloc(n * sizeof *c->stored_bytes);
    unsigned char *chunk = bare_alloc(bytes);
    for (size_t i = 0; i < n; i++) {
        h5r_chunk_gather(&chunks, i, sizeof(double), b->out, chunk);
        deflate_chunk(b, c, i, chunk, bytes);
    }
    free(chunk);
    b->own = c;
}

static void release(bare_t *b)
{
    chunks_t *c = b->own;
    if (c != NULL) {
        free(c->stored);
        free(c->stored_bytes);
    }
    free(c);
    b->own = NULL;
}

const bare_workload_t bare_filter = {.name = "filter",
                                     .steps = {{"write", BARE_UNTIMED, prepare},
                                               {"write", H5R_PHASE_CREATE, bare_create},
                                               {"write", H5R_PHASE_SELECT, bare_spaces},
                                               {"write", H5R_PHASE_WRITE, write_filtered},
                                               {"write", H5R_PHASE_FLUSH, bare_flush},
                                               {"write", H5R_PHASE_CLOSE, bare_close},
                                               {"read", H5R_PHASE_OPEN, bare_open_r},
                                               {"read", H5R_PHASE_SELECT, bare_spaces},
                                               {"read", H5R_PHASE_READ, bare_read},
                                               {"read", H5R_PHASE_CLOSE, bare_close},
                                               {"read", BARE_UNTIMED, bare_verify},
                                               {"read", BARE_UNTIMED, release},
                                               {NULL, 0, NULL}}};
