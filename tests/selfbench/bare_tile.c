/* tile: tiles of a chunked dataset in an order by chance, each dense in memory. */
#include "bare.h"
#include "bench/tile/order.h"

#include <stdlib.h>

typedef struct {
    size_t n;
    hsize_t (*at)[BARE_NDIMS]; /* [n]: in the file, in the order of the calls */
    size_t *offset;            /* [n]: bytes in memory */
} tiles_t;

static void write_tiles(bare_t *b)
{
    const tiles_t *t = b->own;
    for (size_t i = 0; i < t->n; i++) {
        if (H5Sselect_hyperslab(b->file_space, H5S_SELECT_SET, t->at[i], NULL, b->piece, NULL) < 0 ||
            H5Dwrite(b->dataset, b->memory_type, b->piece_space, b->file_space, b->transfer,
                     b->out + t->offset[i]) < 0) {
            bare_stop("H5Dwrite");
        }
    }
}

static void read_tiles(bare_t *b)
{
    const tiles_t *t = b->own;
    for (size_t i = 0; i < t->n; i++) {
        if (H5Sselect_hyperslab(b->file_space, H5S_SELECT_SET, t->at[i], NULL, b->piece, NULL) < 0 ||
            H5Dread(b->dataset, b->memory_type, b->piece_space, b->file_space, b->transfer,
                    b->in + t->offset[i]) < 0) {
            bare_stop("H5Dread");
        }
    }
}

/* The data of a tile, which has number `index` in the order in which tiles lie. */
static void fill_tile(const bare_t *b, const hsize_t *local, size_t index)
{
    h5r_region_t where = b->share;
    for (int d = 0; d < BARE_NDIMS; d++) {
        where.start[d] += local[d];
        where.count[d] = b->piece[d];
    }
    h5r_data_fill_region(&b->data, &b->factors.shape, &where, b->piece_bytes / sizeof(double),
                         b->out + index * b->piece_bytes);
}

static void prepare(bare_t *b)
{
    const h5r_dims_t *tile = &b->factors.tile;
    tiles_t *t = bare_alloc(sizeof *t);
    bare_need(tile->n == BARE_NDIMS && b->count[0] % tile->d[0] == 0 && b->count[1] % tile->d[1] == 0,
              "cutting the share into tiles");
    b->piece[0] = tile->d[0];
    b->piece[1] = tile->d[1];
    b->piece_bytes = (size_t)(b->piece[0] * b->piece[1]) * sizeof(double);
    t->n = b->bytes / b->piece_bytes;
    t->at = bare_alloc(t->n * sizeof *t->at);
    t->offset = bare_alloc(t->n * sizeof *t->offset);
    size_t *order = bare_alloc(t->n * sizeof *order);
    for (size_t i = 0; i < t->n; i++) {
        order[i] = i;
    }
    if (b->factors.order == H5R_RANDOM) {
        h5r_order_shuffle(order, t->n, BARE_SEED, (uint64_t)b->rank);
    }
    const size_t across = (size_t)(b->count[1] / b->piece[1]);
    for (size_t i = 0; i < t->n; i++) {
        const hsize_t local[BARE_NDIMS] = {order[i] / across * b->piece[0], order[i] % across * b->piece[1]};
        t->at[i][0] = b->start[0] + local[0];
        t->at[i][1] = b->start[1] + local[1];
        t->offset[i] = order[i] * b->piece_bytes;
        fill_tile(b, local, order[i]);
    }
    free(order);
    b->own = t;
}

static void release(bare_t *b)
{
    tiles_t *t = b->own;
    free(t->at);
    free(t->offset);
    free(t);
}

const bare_workload_t bare_tile = {.name = "tile",
                                   .prepare = prepare,
                                   .release = release,
                                   .steps = {{"write", H5R_PHASE_CREATE, bare_create},
                                             {"write", H5R_PHASE_SELECT, bare_spaces},
                                             {"write", H5R_PHASE_WRITE, write_tiles},
                                             {"write", H5R_PHASE_FLUSH, bare_flush},
                                             {"write", H5R_PHASE_CLOSE, bare_close},
                                             {"read", H5R_PHASE_OPEN, bare_open_r},
                                             {"read", H5R_PHASE_SELECT, bare_spaces},
                                             {"read", H5R_PHASE_READ, read_tiles},
                                             {"read", H5R_PHASE_CLOSE, bare_close},
                                             {"read", BARE_UNTIMED, bare_verify},
                                             {NULL, 0, NULL}}};
