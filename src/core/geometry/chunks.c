#include "h5roof/chunks.h"

#include <string.h>

h5r_chunks_t h5r_chunks_of(const h5r_dims_t *shape, const h5r_dims_t *chunk)
{
    h5r_chunks_t c = {.shape = *shape, .chunk = *chunk, .chunks = 1, .elements = 1};
    for (int d = 0; d < shape->n; d++) {
        c.grid[d] = (shape->d[d] + chunk->d[d] - 1) / chunk->d[d];
        c.chunks *= c.grid[d];
        c.elements *= chunk->d[d];
    }
    return c;
}

void h5r_chunk_origin(const h5r_chunks_t *c, uint64_t index, uint64_t origin[H5R_MAX_NDIMS])
{
    for (int d = c->shape.n - 1; d >= 0; d--) {
        origin[d] = index % c->grid[d] * c->chunk.d[d];
        index /= c->grid[d];
    }
}

h5r_region_t h5r_chunk_box(const h5r_chunks_t *c, uint64_t index)
{
    h5r_region_t box = {.ndims = c->shape.n};
    h5r_chunk_origin(c, index, box.start);
    for (int d = 0; d < box.ndims; d++) {
        const uint64_t left = c->shape.d[d] - box.start[d];
        box.stride[d] = 1;
        box.count[d] = left < c->chunk.d[d] ? left : c->chunk.d[d];
    }
    return box;
}

/* Where a row of the chunk begins in the dataset, in elements; false: beyond it. */
static bool find_row(const h5r_chunks_t *c, const uint64_t *origin, uint64_t row, uint64_t *first)
{
    uint64_t at[H5R_MAX_NDIMS];
    int last = c->shape.n - 1;
    at[last] = origin[last];
    for (int d = last - 1; d >= 0; d--) {
        at[d] = origin[d] + row % c->chunk.d[d];
        row /= c->chunk.d[d];
        if (at[d] >= c->shape.d[d]) {
            return false;
        }
    }
    *first = 0;
    for (int d = 0; d <= last; d++) {
        *first = *first * c->shape.d[d] + at[d];
    }
    return true;
}

void h5r_chunk_gather(const h5r_chunks_t *c, uint64_t index, size_t element_bytes, const void *dataset,
                      void *out)
{
    uint64_t origin[H5R_MAX_NDIMS] = {0}, first;
    h5r_chunk_origin(c, index, origin);
    const int last = c->shape.n - 1;
    const uint64_t row = c->chunk.d[last], left = c->shape.d[last] - origin[last];
    const size_t there = (size_t)(left < row ? left : row) * element_bytes,
                 whole = (size_t)row * element_bytes;
    const char *from = dataset;
    char *to = out;
    for (uint64_t i = 0; i < c->elements / row; i++, to += whole) {
        size_t n = find_row(c, origin, i, &first) ? there : 0;
        if (n > 0) {
            memcpy(to, from + first * element_bytes, n);
        }
        memset(to + n, 0, whole - n);
    }
}

void h5r_chunk_place(const h5r_dims_t *chunk, const uint64_t count[H5R_MAX_NDIMS], size_t element_bytes,
                     const void *box, void *out)
{
    const int last = chunk->n - 1;
    const size_t row = (size_t)count[last] * element_bytes;
    const char *from = box;
    uint64_t rows = 1;
    for (int d = 0; d < last; d++) {
        rows *= count[d];
    }
    for (uint64_t i = 0; i < rows; i++, from += row) {
        uint64_t rest = i, at = 0, step = chunk->d[last];
        for (int d = last - 1; d >= 0; d--) {
            at += rest % count[d] * step;
            rest /= count[d];
            step *= chunk->d[d];
        }
        memcpy((char *)out + at * element_bytes, from, row);
    }
}
