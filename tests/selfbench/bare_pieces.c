/* pieces: runs of rows of irregular length in a shared file, a call for each. */
#include "bare.h"
#include "bench/pieces/division.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    uint64_t n;
    h5r_run_t *run; /* [n] */
    size_t bytes;   /* of all */
    char *out, *in;
} pieces_t;

/* A piece of one row has a dataspace of its own, that of any other is made for it. */
static hid_t place(bare_t *b, h5r_run_t run)
{
    const hsize_t at[BARE_NDIMS] = {run.start, 0}, count[BARE_NDIMS] = {run.count, b->count[1]};
    hid_t memory = b->piece_space;
    if (run.count != 1) {
        memory = b->rest_space;
        if (H5Sset_extent_simple(memory, BARE_NDIMS, count, NULL) < 0 || H5Sselect_all(memory) < 0) {
            bare_stop("H5Sset_extent_simple");
        }
    }
    if (H5Sselect_hyperslab(b->file_space, H5S_SELECT_SET, at, NULL, count, NULL) < 0) {
        bare_stop("H5Sselect_hyperslab");
    }
    return memory;
}

static void write_pieces(bare_t *b)
{
    const pieces_t *p = b->own;
    const char *from = p->out;
    for (uint64_t i = 0; i < p->n; i++) {
        hid_t memory = place(b, p->run[i]);
        if (H5Dwrite(b->dataset, b->memory_type, memory, b->file_space, b->transfer, from) < 0) {
            bare_stop("H5Dwrite");
        }
        from += p->run[i].count * b->count[1] * sizeof(double);
    }
}

static void read_pieces(bare_t *b)
{
    const pieces_t *p = b->own;
    char *to = p->in;
    for (uint64_t i = 0; i < p->n; i++) {
        hid_t memory = place(b, p->run[i]);
        if (H5Dread(b->dataset, b->memory_type, memory, b->file_space, b->transfer, to) < 0) {
            bare_stop("H5Dread");
        }
        to += p->run[i].count * b->count[1] * sizeof(double);
    }
}

static void verify(bare_t *b)
{
    const pieces_t *p = b->own;
    bare_need(memcmp(p->in, p->out, p->bytes) == 0, "reading back what was written");
    memset(p->in, 1, p->bytes);
}

static void prepare(bare_t *b)
{
    const h5r_factors_t *f = &b->factors;
    const h5r_division_t division = {f->shape.d[0], f->pieces, (uint64_t)b->size, BARE_SEED};
    bare_need(b->shared && !b->collective && f->pieces > 1 && f->shape.d[0] >= f->pieces * (uint64_t)b->size,
              "dividing a shared file into pieces");
    pieces_t *p = bare_alloc(sizeof *p);
    p->n = f->pieces;
    p->run = bare_alloc((size_t)p->n * sizeof *p->run);
    p->bytes = (size_t)(h5r_division_rows(&division, (uint64_t)b->rank, p->n) * b->count[1]) * sizeof(double);
    p->out = bare_alloc(p->bytes);
    p->in = bare_alloc(p->bytes);
    char *to = p->out;
    for (uint64_t i = 0; i < p->n; i++) {
        p->run[i] = h5r_division_run(&division, (uint64_t)b->rank, i);
        h5r_region_t rows = b->share;
        rows.start[0] = p->run[i].start;
        rows.count[0] = p->run[i].count;
        const uint64_t elements = h5r_region_elements(&rows);
        h5r_data_fill_region(&b->data, &f->shape, &rows, elements, to);
        to += elements * sizeof(double);
    }
    bare_cut(b, H5R_ACCESS_ROW);
    b->own = p;
}

static void release(bare_t *b)
{
    pieces_t *p = b->own;
    free(p->run);
    free(p->out);
    free(p->in);
    free(p);
}

const bare_workload_t bare_pieces = {.name = "pieces",
                                     .prepare = prepare,
                                     .release = release,
                                     .steps = {{"write", H5R_PHASE_CREATE, bare_create},
                                               {"write", H5R_PHASE_SELECT, bare_spaces},
                                               {"write", H5R_PHASE_WRITE, write_pieces},
                                               {"write", H5R_PHASE_FLUSH, bare_flush},
                                               {"write", H5R_PHASE_CLOSE, bare_close},
                                               {"read", H5R_PHASE_OPEN, bare_open_r},
                                               {"read", H5R_PHASE_SELECT, bare_spaces},
                                               {"read", H5R_PHASE_READ, read_pieces},
                                               {"read", H5R_PHASE_CLOSE, bare_close},
                                               {"read", BARE_UNTIMED, verify},
                                               {NULL, 0, NULL}}};
