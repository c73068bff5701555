#include "h5roof/halo.h"

#include "core/geometry/gaps.h"

#include <string.h>

/* The padded array as rows of its last dimension. */
typedef struct {
    const h5r_region_t *region;
    uint64_t halo;
    uint64_t rows, dense_rows;
    size_t row_bytes, dense_bytes, side_bytes;
} padded_t;

static padded_t padded_of(const h5r_region_t *region, uint64_t halo, size_t element_bytes)
{
    const int last = region->ndims - 1;
    padded_t p = {.region = region, .halo = halo, .rows = 1, .dense_rows = 1};
    for (int d = 0; d < last; d++) {
        p.rows *= region->count[d] + 2 * halo;
        p.dense_rows *= region->count[d];
    }
    p.dense_bytes = (size_t)region->count[last] * element_bytes;
    p.side_bytes = (size_t)halo * element_bytes;
    p.row_bytes = p.dense_bytes + 2 * p.side_bytes;
    return p;
}

/* A row that is not of ghost cells only. */
static bool is_inner(const padded_t *p, uint64_t row)
{
    bool inner = true;
    for (int d = p->region->ndims - 2; d >= 0; d--) {
        uint64_t count = p->region->count[d], at = row % (count + 2 * p->halo);
        inner = inner && at >= p->halo && at < p->halo + count;
        row /= count + 2 * p->halo;
    }
    return inner;
}

uint64_t h5r_halo_elements(const h5r_region_t *region, uint64_t halo)
{
    h5r_dims_t padded = {.n = region->ndims};
    for (int d = 0; d < region->ndims; d++) {
        padded.d[d] = region->count[d] + 2 * halo;
    }
    return h5r_region_elements(region) == 0 ? 0 : h5r_dims_elements(&padded);
}

/* From the last row to the first: no row lies behind its place in the padded array, so none is overwritten.
 */
void h5r_halo_pad(const h5r_region_t *region, uint64_t halo, size_t element_bytes, void *buffer)
{
    unsigned char *bytes = buffer;
    if (h5r_region_elements(region) == 0) {
        return;
    }
    padded_t p = padded_of(region, halo, element_bytes);
    uint64_t dense = p.dense_rows;
    for (uint64_t row = p.rows; row-- > 0;) {
        const uint64_t at = row * p.row_bytes;
        if (!is_inner(&p, row)) {
            h5r_gap_fill(bytes, at, p.row_bytes);
            continue;
        }
        dense--;
        memmove(bytes + at + p.side_bytes, bytes + dense * p.dense_bytes, p.dense_bytes);
        h5r_gap_fill(bytes, at, p.side_bytes);
        h5r_gap_fill(bytes, at + p.side_bytes + p.dense_bytes, p.side_bytes);
    }
}

uint64_t h5r_halo_unpad(const h5r_region_t *region, uint64_t halo, size_t element_bytes, void *buffer)
{
    unsigned char *bytes = buffer;
    if (h5r_region_elements(region) == 0) {
        return 0;
    }
    padded_t p = padded_of(region, halo, element_bytes);
    const uint64_t end = p.rows * p.row_bytes;
    uint64_t dense = 0, changed = end;
    for (uint64_t row = 0; row < p.rows; row++) {
        const uint64_t at = row * p.row_bytes;
        const bool inner = is_inner(&p, row);
        const uint64_t right = at + p.side_bytes + p.dense_bytes;
        const size_t left_bytes = inner ? p.side_bytes : p.row_bytes;
        uint64_t found = h5r_gap_changed(bytes, at, left_bytes);
        changed = changed == end && found < at + left_bytes ? found : changed;
        if (inner) {
            found = h5r_gap_changed(bytes, right, p.side_bytes);
            changed = changed == end && found < right + p.side_bytes ? found : changed;
            memmove(bytes + dense++ * p.dense_bytes, bytes + at + p.side_bytes, p.dense_bytes);
        }
    }
    return changed / element_bytes;
}
