/* update: elements are read one by one, and those that are negative are written back as 0. */
#include "bare.h"

static void use_whole(bare_t *b)
{
    bare_cut(b, H5R_ACCESS_WHOLE);
}

static void use_elements(bare_t *b)
{
    bare_cut(b, H5R_ACCESS_ELEMENT);
}

static void update(bare_t *b)
{
    double *value = (double *)b->in;
    for (hsize_t i = 0; i < b->count[0]; i++) {
        for (hsize_t j = 0; j < b->count[1]; j++, value++) {
            const hsize_t at[BARE_NDIMS] = {b->start[0] + i, b->start[1] + j};
            if (H5Sselect_hyperslab(b->file_space, H5S_SELECT_SET, at, NULL, b->piece, NULL) < 0 ||
                H5Dread(b->dataset, b->memory_type, b->piece_space, b->file_space, b->transfer, value) < 0) {
                bare_stop("H5Dread");
            }
            if (*value < 0) {
                *value = 0;
                if (H5Sselect_hyperslab(b->file_space, H5S_SELECT_SET, at, NULL, b->piece, NULL) < 0 ||
                    H5Dwrite(b->dataset, b->memory_type, b->piece_space, b->file_space, b->transfer, value) <
                        0) {
                    bare_stop("H5Dwrite");
                }
            }
        }
    }
}

static void verify(bare_t *b)
{
    const double *before = (const double *)b->out, *after = (const double *)b->in;
    for (size_t i = 0; i < b->bytes / sizeof *before; i++) {
        const double expected = before[i] < 0 ? 0 : before[i];
        bare_need(after[i] >= expected && after[i] <= expected, "updating in place");
    }
}

static void prepare(bare_t *b)
{
    bare_need(b->factors.access.kind == H5R_ACCESS_ELEMENT && !b->collective, "updating in other pieces");
}

const bare_workload_t bare_update = {.name = "update",
                                     .prepare = prepare,
                                     .steps = {{"write", BARE_UNTIMED, use_whole},
                                               {"write", H5R_PHASE_CREATE, bare_create},
                                               {"write", H5R_PHASE_SELECT, bare_spaces},
                                               {"write", H5R_PHASE_WRITE, bare_write},
                                               {"write", H5R_PHASE_FLUSH, bare_flush},
                                               {"write", H5R_PHASE_CLOSE, bare_close},
                                               {"update", H5R_PHASE_OPEN, bare_open_rw},
                                               {"update", BARE_UNTIMED, use_elements},
                                               {"update", H5R_PHASE_SELECT, bare_spaces},
                                               {"update", H5R_PHASE_WRITE, update},
                                               {"update", H5R_PHASE_FLUSH, bare_flush},
                                               {"update", H5R_PHASE_CLOSE, bare_close},
                                               {"update", BARE_UNTIMED, bare_open_r},
                                               {"update", BARE_UNTIMED, use_whole},
                                               {"update", BARE_UNTIMED, bare_spaces},
                                               {"update", BARE_UNTIMED, bare_read},
                                               {"update", BARE_UNTIMED, verify},
                                               {"update", BARE_UNTIMED, bare_close},
                                               {NULL, 0, NULL}}};
