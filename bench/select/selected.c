#include "bench/select/selected.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

uint64_t h5r_selected_step(const h5r_factors_t *f)
{
    return f->memory_selection == H5R_MEMORY_STRIDED ? 2 : 1;
}

/* ---- before the clock */

/* The picked columns in every row. */
static uint64_t spread_columns(const uint64_t *column, uint64_t columns, uint64_t width, uint64_t rows,
                               uint64_t *at)
{
    uint64_t n = 0;
    for (uint64_t row = 0; row < rows; row++) {
        for (uint64_t i = 0; i < columns; i++) {
            at[n++] = row * width + column[i];
        }
    }
    return n;
}

static h5r_status_t list_points(h5r_selected_t *s, h5r_error_t *err)
{
    const int ndims = s->region.ndims;
    s->coord = malloc(((size_t)s->n + 1) * (size_t)ndims * sizeof *s->coord);
    if (s->coord == NULL) {
        return h5r_no_memory(err, "the coordinates of a selection");
    }
    for (uint64_t i = 0; i < s->n; i++) {
        uint64_t coord[H5R_MAX_NDIMS];
        h5r_region_coord(&s->region, s->at[i], coord);
        for (int d = 0; d < ndims; d++) {
            s->coord[i * (uint64_t)ndims + (uint64_t)d] = coord[d];
        }
    }
    return H5R_OK;
}

/* Runs of single elements are boxes within a row; runs of columns are boxes of all rows. */
static h5r_status_t list_boxes(h5r_selected_t *s, const uint64_t *number, uint64_t n, h5r_error_t *err)
{
    const int ndims = s->region.ndims;
    const uint64_t width = s->region.count[ndims - 1];
    const bool columns = s->pick.kind == H5R_SELECT_LIST;
    uint64_t *first = malloc(((size_t)n + 1) * sizeof *first);
    uint64_t *length = malloc(((size_t)n + 1) * sizeof *length);
    size_t room = ((size_t)n + 1) * (size_t)ndims;
    s->box_start = malloc(room * sizeof *s->box_start);
    s->box_count = malloc(room * sizeof *s->box_count);
    bool good = first != NULL && length != NULL && s->box_start != NULL && s->box_count != NULL;
    s->boxes = good ? h5r_pick_runs(number, n, width, first, length) : 0;
    for (uint64_t b = 0; b < s->boxes; b++) {
        hsize_t *start = s->box_start + b * (uint64_t)ndims, *count = s->box_count + b * (uint64_t)ndims;
        uint64_t coord[H5R_MAX_NDIMS];
        h5r_region_coord(&s->region, first[b], coord);
        for (int d = 0; d < ndims; d++) {
            start[d] = columns && d < ndims - 1 ? s->region.start[d] : coord[d];
            count[d] = columns ? s->region.count[d] : 1;
        }
        count[ndims - 1] = length[b];
    }
    free(first);
    free(length);
    return good ? H5R_OK : h5r_no_memory(err, "the boxes of a selection");
}

h5r_status_t h5r_selected_init(h5r_selected_t *s, const h5r_factors_t *f, const h5r_region_t *region,
                               uint64_t seed, uint64_t stream, bool nothing, h5r_error_t *err)
{
    const h5r_selection_t kind = f->selection;
    const uint64_t elements = h5r_region_elements(region);
    const uint64_t width = elements > 0 ? region->count[region->ndims - 1] : 1;
    *s = (h5r_selected_t){.factors = f,
                          .region = *region,
                          .pick = {.kind = kind, .one_in = f->one_in, .seed = seed, .stream = stream},
                          .file_space = -1,
                          .memory_space = -1};
    s->at = malloc(((size_t)elements + 1) * sizeof *s->at);
    uint64_t *column = malloc(((size_t)width + 1) * sizeof *column);
    if (s->at == NULL || column == NULL) {
        free(column);
        return h5r_no_memory(err, "a selection of %" PRIu64 " elements", elements);
    }
    uint64_t columns = 0;
    if (elements > 0 && !nothing && h5r_pick_is_columns(kind)) {
        columns = h5r_pick_columns(&s->pick, width, column);
        s->n = spread_columns(column, columns, width, elements / width, s->at);
    } else if (elements > 0 && !nothing) {
        s->n = h5r_pick_elements(&s->pick, elements, s->at);
    }
    const bool united = f->mask_as == H5R_MASK_UNION || f->mask_as == H5R_MASK_CHAIN;
    h5r_status_t status = H5R_OK;
    if (kind == H5R_SELECT_LIST) {
        status = list_boxes(s, column, columns, err);
    } else if (kind == H5R_SELECT_MASK && united) {
        status = list_boxes(s, s->at, s->n, err);
    } else if (!h5r_pick_is_columns(kind) && f->mask_as != H5R_MASK_RMW) {
        status = list_points(s, err);
    }
    free(column);
    return status;
}

/* ---- on the clock */

static herr_t select_box(const h5r_selected_t *s, hid_t space, H5S_seloper_t how, const hsize_t *start,
                         const hsize_t *count)
{
    hsize_t stride[H5R_MAX_NDIMS];
    for (int d = 0; d < s->region.ndims; d++) {
        stride[d] = s->region.stride[d];
    }
    return H5Sselect_hyperslab(space, how, start, stride, count, NULL);
}

/* The share, or the picked columns of it if they are regular. */
static herr_t select_regular(const h5r_selected_t *s)
{
    const h5r_region_t *r = &s->region;
    const int last = r->ndims - 1;
    hsize_t start[H5R_MAX_NDIMS], stride[H5R_MAX_NDIMS], count[H5R_MAX_NDIMS], block[H5R_MAX_NDIMS];
    h5r_comb_t comb;
    for (int d = 0; d < r->ndims; d++) {
        start[d] = r->start[d];
        stride[d] = r->stride[d];
        count[d] = r->count[d];
        block[d] = 1;
    }
    if (h5r_pick_comb(&s->pick, r->count[last], &comb)) {
        start[last] = r->start[last] + comb.start;
        stride[last] = comb.stride;
        count[last] = comb.count;
        block[last] = comb.block;
    }
    return H5Sselect_hyperslab(s->file_space, H5S_SELECT_SET, start, stride, count, block);
}

static herr_t select_nth(const void *self, uint64_t b, hid_t space)
{
    const h5r_selected_t *s = self;
    const uint64_t ndims = (uint64_t)s->region.ndims;
    return select_box(s, space, H5S_SELECT_SET, s->box_start + b * ndims, s->box_count + b * ndims);
}

static herr_t select_union(h5r_selected_t *s)
{
    hid_t all = h5r_hdf5_unite(s->file_space, select_nth, s, s->boxes);
    herr_t closed = H5Sclose(s->file_space);
    s->file_space = all;
    return all < 0 ? -1 : closed;
}

/* One by one as n squared: each call merges its run with all that are there. */
static herr_t select_chain(const h5r_selected_t *s)
{
    const uint64_t ndims = (uint64_t)s->region.ndims;
    herr_t status = H5Sselect_none(s->file_space);
    for (uint64_t b = 0; b < s->boxes && status >= 0; b++) {
        status = select_box(s, s->file_space, b == 0 ? H5S_SELECT_SET : H5S_SELECT_OR,
                            s->box_start + b * ndims, s->box_count + b * ndims);
    }
    return status;
}

static herr_t select_in_file(h5r_selected_t *s)
{
    if (s->n == 0) {
        return H5Sselect_none(s->file_space);
    }
    if (s->coord != NULL) {
        return H5Sselect_elements(s->file_space, H5S_SELECT_SET, (size_t)s->n, s->coord);
    }
    if (s->boxes > 0) {
        return s->factors->mask_as == H5R_MASK_CHAIN ? select_chain(s) : select_union(s);
    }
    return select_regular(s);
}

/* What is transferred as a whole lies in memory as the share does; what is selected in one dimension. */
static hid_t make_memory(const h5r_selected_t *s)
{
    const bool whole = s->factors->mask_as == H5R_MASK_RMW;
    const hsize_t step = h5r_selected_step(s->factors), n = s->n, zero = 0;
    hsize_t size[H5R_MAX_NDIMS] = {s->n > 0 ? s->n * step : 1};
    for (int d = 0; d < s->region.ndims && whole && s->n > 0; d++) {
        size[d] = s->region.count[d];
    }
    hid_t space = H5Screate_simple(whole && s->n > 0 ? s->region.ndims : 1, size, NULL);
    herr_t status = 0;
    if (s->n == 0) {
        status = H5Sselect_none(space);
    } else if (step > 1 && !whole) {
        status = H5Sselect_hyperslab(space, H5S_SELECT_SET, &zero, &step, &n, NULL);
    }
    return status < 0 ? -1 : space;
}

h5r_status_t h5r_selected_build(h5r_selected_t *s, const h5r_hdf5_t *h, h5r_error_t *err)
{
    s->file_space = H5Dget_space(h->dataset);
    s->memory_space = make_memory(s);
    if (s->file_space < 0 || s->memory_space < 0 || select_in_file(s) < 0) {
        return h5r_fail_hdf5(err, "making the selection", h->path);
    }
    return H5R_OK;
}

static bool close_space(hid_t *space)
{
    const hid_t open = *space;
    *space = -1;
    return open < 0 || H5Sclose(open) >= 0;
}

h5r_status_t h5r_selected_close(h5r_selected_t *s, h5r_error_t *err)
{
    const bool file = close_space(&s->file_space), memory = close_space(&s->memory_space);
    return file && memory ? H5R_OK : h5r_fail_hdf5(err, "H5Sclose", "a selection");
}

void h5r_selected_free(h5r_selected_t *s)
{
    close_space(&s->file_space);
    close_space(&s->memory_space);
    free(s->at);
    free(s->coord);
    free(s->box_start);
    free(s->box_count);
}
