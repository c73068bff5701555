/* allocate: a dataset that is left empty, touched in one element and scanned. resize: one that grows row by
 * row. */
#include "bare.h"

#include <string.h>

/* ---- allocate */

static void select_touched(bare_t *b)
{
    const hsize_t one[BARE_NDIMS] = {1, 1}, at[BARE_NDIMS] = {0, 0};
    b->piece_space = bare_check(H5Screate_simple(1, one, NULL), "H5Screate_simple");
    b->file_space = bare_check(H5Dget_space(b->dataset), "H5Dget_space");
    bare_check(H5Sselect_hyperslab(b->file_space, H5S_SELECT_SET, at, NULL, one, NULL),
               "H5Sselect_hyperslab");
}

static void write_touched(bare_t *b)
{
    bare_check(H5Dwrite(b->dataset, b->memory_type, b->piece_space, b->file_space, b->transfer, b->out),
               "H5Dwrite");
}

static void close_touched(bare_t *b)
{
    bare_check(H5Sclose(b->piece_space), "H5Sclose");
    bare_check(H5Sclose(b->file_space), "H5Sclose");
    bare_close_file(b);
}

static void verify_scan(bare_t *b)
{
    static const char zero[sizeof(double)];
    for (size_t i = 0; i < b->bytes; i += sizeof zero) {
        bare_need(memcmp(b->in + i, i == 0 ? b->out : zero, sizeof zero) == 0, "reading fill values");
    }
    memset(b->in, 1, b->bytes);
}

static void prepare_allocate(bare_t *b)
{
    bare_need(!b->shared, "touching an element of a shared file");
}

const bare_workload_t bare_allocate = {.name = "allocate",
                                       .prepare = prepare_allocate,
                                       .steps = {{"create", H5R_PHASE_CREATE, bare_create},
                                                 {"create", H5R_PHASE_FLUSH, bare_flush},
                                                 {"create", H5R_PHASE_CLOSE, bare_close_file},
                                                 {"touch", H5R_PHASE_OPEN, bare_open_rw},
                                                 {"touch", H5R_PHASE_SELECT, select_touched},
                                                 {"touch", H5R_PHASE_WRITE, write_touched},
                                                 {"touch", H5R_PHASE_FLUSH, bare_flush},
                                                 {"touch", H5R_PHASE_CLOSE, close_touched},
                                                 {"scan", H5R_PHASE_OPEN, bare_open_r},
                                                 {"scan", H5R_PHASE_SELECT, bare_spaces},
                                                 {"scan", H5R_PHASE_READ, bare_read},
                                                 {"scan", H5R_PHASE_CLOSE, bare_close},
                                                 {"scan", BARE_UNTIMED, verify_scan},
                                                 {NULL, 0, NULL}}};

/* ---- resize */

static void create_empty(bare_t *b)
{
    const hsize_t extent[BARE_NDIMS] = {0, b->count[1]}, limit[BARE_NDIMS] = {H5S_UNLIMITED, b->count[1]};
    bare_create_dataset(b, extent, limit);
}

static void append(bare_t *b)
{
    const hsize_t rows = b->factors.append, piece[BARE_NDIMS] = {rows, b->count[1]};
    const char *from = b->out;
    for (hsize_t i = 0; i < b->count[0]; i += rows) {
        const hsize_t extent[BARE_NDIMS] = {i + rows, b->count[1]}, at[BARE_NDIMS] = {i, 0};
        if (H5Dset_extent(b->dataset, extent) < 0) {
            bare_stop("H5Dset_extent");
        }
        hid_t file_space = H5Dget_space(b->dataset), memory_space = H5Screate_simple(BARE_NDIMS, piece, NULL);
        if (H5Sselect_hyperslab(file_space, H5S_SELECT_SET, at, NULL, piece, NULL) < 0 ||
            H5Dwrite(b->dataset, b->memory_type, memory_space, file_space, b->transfer, from) < 0) {
            bare_stop("H5Dwrite");
        }
        if (H5Sclose(memory_space) < 0 || H5Sclose(file_space) < 0) {
            bare_stop("H5Sclose");
        }
        from += b->piece_bytes * rows;
    }
}

static void prepare_resize(bare_t *b)
{
    bare_need(!b->shared && b->count[0] % b->factors.append == 0, "appending to a file of its own");
}

static void use_whole(bare_t *b)
{
    bare_cut(b, H5R_ACCESS_WHOLE);
}

static void use_rows(bare_t *b)
{
    bare_cut(b, H5R_ACCESS_ROW);
}

const bare_workload_t bare_resize = {.name = "resize",
                                     .prepare = prepare_resize,
                                     .steps = {{"append", BARE_UNTIMED, use_rows},
                                               {"append", H5R_PHASE_CREATE, create_empty},
                                               {"append", H5R_PHASE_WRITE, append},
                                               {"append", H5R_PHASE_FLUSH, bare_flush},
                                               {"append", H5R_PHASE_CLOSE, bare_close_file},
                                               {"read", BARE_UNTIMED, use_whole},
                                               {"read", H5R_PHASE_OPEN, bare_open_r},
                                               {"read", H5R_PHASE_SELECT, bare_spaces},
                                               {"read", H5R_PHASE_READ, bare_read},
                                               {"read", H5R_PHASE_CLOSE, bare_close},
                                               {"read", BARE_UNTIMED, bare_verify},
                                               {NULL, 0, NULL}}};
