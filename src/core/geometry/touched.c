#include "h5roof/touched.h"

#include <stdlib.h>

bool h5r_touched_init(h5r_touched_t *t, const h5r_dims_t *shape, const h5r_dims_t *chunk)
{
    *t = (h5r_touched_t){.chunks = h5r_chunks_of(shape, chunk)};
    if (t->chunks.chunks <= H5R_TOUCHED_MOST) {
        t->elements = calloc((size_t)t->chunks.chunks + 1, sizeof *t->elements);
    }
    return t->elements != NULL;
}

void h5r_touched_free(h5r_touched_t *t)
{
    free(t->elements);
    t->elements = NULL;
}

/* Number of the chunk at a place in the grid of chunks, in C order. */
static uint64_t number_of(const h5r_chunks_t *c, const uint64_t *place)
{
    uint64_t number = 0;
    for (int d = 0; d < c->shape.n; d++) {
        number = number * c->grid[d] + place[d];
    }
    return number;
}

void h5r_touched_mark(h5r_touched_t *t, const uint64_t coord[H5R_MAX_NDIMS])
{
    uint64_t place[H5R_MAX_NDIMS];
    if (t->elements == NULL) {
        return;
    }
    for (int d = 0; d < t->chunks.shape.n; d++) {
        place[d] = coord[d] / t->chunks.chunk.d[d];
    }
    t->elements[number_of(&t->chunks, place)]++;
}

/* Of start, start + stride, ... (count of them), how many lie below `end`. */
static uint64_t below(const h5r_region_t *r, int d, uint64_t end)
{
    if (end <= r->start[d]) {
        return 0;
    }
    uint64_t n = (end - r->start[d] - 1) / r->stride[d] + 1;
    return n < r->count[d] ? n : r->count[d];
}

/* Elements of the region in the chunk at a place of the grid. */
static uint64_t inside(const h5r_chunks_t *c, const h5r_region_t *r, const uint64_t *place)
{
    uint64_t n = 1;
    for (int d = 0; d < c->shape.n; d++) {
        const uint64_t first = place[d] * c->chunk.d[d];
        n *= below(r, d, first + c->chunk.d[d]) - below(r, d, first);
    }
    return n;
}

/* The next place of the box from first to last, both of it, in C order; false: that was the last. */
static bool next_place(int ndims, const uint64_t *first, const uint64_t *last, uint64_t *place)
{
    for (int d = ndims - 1; d >= 0; d--) {
        if (place[d] < last[d]) {
            place[d]++;
            return true;
        }
        place[d] = first[d];
    }
    return false;
}

void h5r_touched_mark_region(h5r_touched_t *t, const h5r_region_t *region)
{
    const h5r_chunks_t *c = &t->chunks;
    uint64_t first[H5R_MAX_NDIMS], last[H5R_MAX_NDIMS], place[H5R_MAX_NDIMS];
    if (t->elements == NULL || h5r_region_elements(region) == 0) {
        return;
    }
    for (int d = 0; d < c->shape.n; d++) {
        first[d] = place[d] = region->start[d] / c->chunk.d[d];
        last[d] = (region->start[d] + (region->count[d] - 1) * region->stride[d]) / c->chunk.d[d];
    }
    do {
        t->elements[number_of(c, place)] += inside(c, region, place);
    } while (next_place(c->shape.n, first, last, place));
}

uint64_t h5r_touched_chunks(const h5r_touched_t *t)
{
    uint64_t n = 0;
    for (uint64_t i = 0; t->elements != NULL && i < t->chunks.chunks; i++) {
        n += t->elements[i] > 0 ? 1 : 0;
    }
    return n;
}

uint64_t h5r_touched_in_part(const h5r_touched_t *t)
{
    uint64_t n = 0;
    for (uint64_t i = 0; t->elements != NULL && i < t->chunks.chunks; i++) {
        const h5r_region_t box = h5r_chunk_box(&t->chunks, i);
        n += t->elements[i] > 0 && t->elements[i] < h5r_region_elements(&box) ? 1 : 0;
    }
    return n;
}
