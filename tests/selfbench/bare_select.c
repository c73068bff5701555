/* select: points by chance, or a mask as a union of runs; both are listed before the clock. */
#include "bare.h"
#include "bench/select/pick.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    uint64_t n;              /* selected elements */
    uint64_t *at;            /* [n]: places in the share */
    hsize_t *coord;          /* [n][BARE_NDIMS]: of points, in the file */
    hsize_t *start, *length; /* [boxes][BARE_NDIMS]: of a union */
    uint64_t boxes;
    double *packed; /* [n]: what is read, and then what is written over it */
} selected_t;

static hid_t unite(const selected_t *s, hid_t extent, uint64_t first, uint64_t n)
{
    if (n == 1) {
        const hsize_t stride[BARE_NDIMS] = {1, 1};
        hid_t space = bare_check(H5Scopy(extent), "H5Scopy");
        bare_check(H5Sselect_hyperslab(space, H5S_SELECT_SET, s->start + first * BARE_NDIMS, stride,
                                       s->length + first * BARE_NDIMS, NULL),
                   "H5Sselect_hyperslab");
        return space;
    }
    hid_t left = unite(s, extent, first, n / 2), right = unite(s, extent, first + n / 2, n - n / 2);
    hid_t both = bare_check(H5Scombine_select(left, H5S_SELECT_OR, right), "H5Scombine_select");
    bare_check(H5Sclose(left), "H5Sclose");
    bare_check(H5Sclose(right), "H5Sclose");
    return both;
}

static void build(bare_t *b)
{
    const selected_t *s = b->own;
    const hsize_t n = s->n;
    b->file_space = bare_check(H5Dget_space(b->dataset), "H5Dget_space");
    b->piece_space = bare_check(H5Screate_simple(1, &n, NULL), "H5Screate_simple");
    if (s->coord != NULL) {
        bare_check(H5Sselect_elements(b->file_space, H5S_SELECT_SET, (size_t)s->n, s->coord),
                   "H5Sselect_elements");
    } else {
        hid_t all = unite(s, b->file_space, 0, s->boxes);
        bare_check(H5Sclose(b->file_space), "H5Sclose");
        b->file_space = all;
    }
}

static void read_selected(bare_t *b)
{
    const selected_t *s = b->own;
    bare_check(H5Dread(b->dataset, b->memory_type, b->piece_space, b->file_space, b->transfer, s->packed),
               "H5Dread");
}

static void write_selected(bare_t *b)
{
    const selected_t *s = b->own;
    bare_check(H5Dwrite(b->dataset, b->memory_type, b->piece_space, b->file_space, b->transfer, s->packed),
               "H5Dwrite");
}

static void close_selected(bare_t *b)
{
    bare_check(H5Sclose(b->file_space), "H5Sclose");
    bare_check(H5Sclose(b->piece_space), "H5Sclose");
    bare_close_file(b);
}

static void verify(bare_t *b)
{
    const selected_t *s = b->own;
    for (uint64_t i = 0; i < s->n; i++) {
        bare_need(memcmp(s->packed + i, b->out + s->at[i] * sizeof(double), sizeof(double)) == 0,
                  "reading what was selected");
    }
    memset(s->packed, 1, s->n * sizeof *s->packed);
}

/* ---- before the clock */

static void list_points(const bare_t *b, selected_t *s)
{
    s->coord = bare_alloc((size_t)s->n * BARE_NDIMS * sizeof *s->coord);
    for (uint64_t i = 0; i < s->n; i++) {
        s->coord[i * BARE_NDIMS] = b->start[0] + s->at[i] / b->count[1];
        s->coord[i * BARE_NDIMS + 1] = b->start[1] + s->at[i] % b->count[1];
    }
}

static void list_boxes(const bare_t *b, selected_t *s)
{
    const size_t room = (size_t)s->n * BARE_NDIMS;
    uint64_t *first = bare_alloc((size_t)s->n * sizeof *first),
             *length = bare_alloc((size_t)s->n * sizeof *length);
    s->start = bare_alloc(room * sizeof *s->start);
    s->length = bare_alloc(room * sizeof *s->length);
    s->boxes = h5r_pick_runs(s->at, s->n, b->count[1], first, length);
    for (uint64_t i = 0; i < s->boxes; i++) {
        s->start[i * BARE_NDIMS] = b->start[0] + first[i] / b->count[1];
        s->start[i * BARE_NDIMS + 1] = b->start[1] + first[i] % b->count[1];
        s->length[i * BARE_NDIMS] = 1;
        s->length[i * BARE_NDIMS + 1] = length[i];
    }
    free(first);
    free(length);
}

/* In every repetition anew, as h5roof does: where these lists lie decides where those of HDF5 do. */
static void prepare(bare_t *b)
{
    const h5r_factors_t *f = &b->factors;
    const bool points = f->selection == H5R_SELECT_POINTS;
    const h5r_pick_t pick = {
        .kind = f->selection, .one_in = f->one_in, .seed = BARE_SEED, .stream = (uint64_t)b->rank};
    bare_need(points || (f->selection == H5R_SELECT_MASK && f->mask_as == H5R_MASK_UNION),
              "selecting other than points or a union");
    selected_t *s = bare_alloc(sizeof *s);
    *s = (selected_t){.at = bare_alloc((size_t)(b->count[0] * b->count[1]) * sizeof *s->at)};
    s->n = h5r_pick_elements(&pick, b->count[0] * b->count[1], s->at);
    bare_need(s->n > 0, "selecting anything");
    if (points) {
        list_points(b, s);
    } else {
        list_boxes(b, s);
    }
    s->packed = bare_alloc((size_t)s->n * sizeof *s->packed);
    b->own = s;
}

/* New values for what is selected: those of another seed, one element further. */
static void renew(bare_t *b)
{
    const selected_t *s = b->own;
    h5r_data_t other = b->data;
    other.seed++;
    for (uint64_t i = 0; i < s->n; i++) {
        const uint64_t global = h5r_region_global(&b->share, &b->factors.shape, s->at[i]);
        h5r_data_fill(&other, global + 1, 1, s->packed + i);
    }
}

static void release(bare_t *b)
{
    selected_t *s = b->own;
    free(s->at);
    free(s->coord);
    free(s->start);
    free(s->length);
    free(s->packed);
    free(s);
}

const bare_workload_t bare_select = {.name = "select",
                                     .steps = {{"write", BARE_UNTIMED, prepare},
                                               {"write", H5R_PHASE_CREATE, bare_create},
                                               {"write", H5R_PHASE_SELECT, bare_spaces},
                                               {"write", H5R_PHASE_WRITE, bare_write},
                                               {"write", H5R_PHASE_FLUSH, bare_flush},
                                               {"write", H5R_PHASE_CLOSE, bare_close},
                                               {"read", H5R_PHASE_OPEN, bare_open_r},
                                               {"read", H5R_PHASE_SELECT, build},
                                               {"read", H5R_PHASE_READ, read_selected},
                                               {"read", H5R_PHASE_CLOSE, close_selected},
                                               {"read", BARE_UNTIMED, verify},
                                               {"write_selected", BARE_UNTIMED, renew},
                                               {"write_selected", H5R_PHASE_OPEN, bare_open_rw},
                                               {"write_selected", H5R_PHASE_SELECT, build},
                                               {"write_selected", H5R_PHASE_WRITE, write_selected},
                                               {"write_selected", H5R_PHASE_FLUSH, bare_flush},
                                               {"write_selected", H5R_PHASE_CLOSE, close_selected},
                                               {"write_selected", BARE_UNTIMED, release},
                                               {NULL, 0, NULL}}};
