#include "h5roof/arrangement.h"

#include "core/geometry/gaps.h"

#include <string.h>

h5r_apart_t h5r_memory_apart(const h5r_factors_t *f)
{
    switch (f->memory) {
    case H5R_LIES_STRIDED:
        return (h5r_apart_t){.step = f->memory_stride};
    case H5R_LIES_FIELD:
        return (h5r_apart_t){.step = f->memory_fields, .first = f->memory_fields / 2};
    case H5R_LIES_DENSE:
    case H5R_LIES_OTHER_RANK:
    case H5R_LIES_TRANSPOSED:
        break;
    }
    return (h5r_apart_t){.step = 1};
}

uint64_t h5r_memory_elements(const h5r_factors_t *f, uint64_t elements)
{
    return elements * (f->memory == H5R_LIES_TRANSPOSED ? 2 : h5r_memory_apart(f).step);
}

/* From the last element to the first: none lies behind its place, so none is overwritten. */
void h5r_apart_spread(const h5r_apart_t *apart, uint64_t n, size_t element_bytes, void *buffer)
{
    unsigned char *bytes = buffer;
    const size_t before = (size_t)apart->first * element_bytes;
    const size_t behind = (size_t)(apart->step - apart->first - 1) * element_bytes;
    for (uint64_t i = n; i-- > 0;) {
        const uint64_t begin = i * apart->step * element_bytes, at = begin + before;
        memmove(bytes + at, bytes + i * element_bytes, element_bytes);
        h5r_gap_fill(bytes, begin, before);
        h5r_gap_fill(bytes, at + element_bytes, behind);
    }
}

uint64_t h5r_apart_gather(const h5r_apart_t *apart, uint64_t n, size_t element_bytes, void *buffer)
{
    unsigned char *bytes = buffer;
    const size_t before = (size_t)apart->first * element_bytes;
    const size_t behind = (size_t)(apart->step - apart->first - 1) * element_bytes;
    uint64_t changed = n * apart->step * element_bytes;
    for (uint64_t i = 0; i < n; i++) {
        const uint64_t begin = i * apart->step * element_bytes, at = begin + before;
        const uint64_t in_front = h5r_gap_changed(bytes, begin, before);
        const uint64_t after = h5r_gap_changed(bytes, at + element_bytes, behind);
        const uint64_t found = in_front < at                         ? in_front
                               : after < at + element_bytes + behind ? after
                                                                     : changed;
        changed = found < changed ? found : changed;
        memmove(bytes + i * element_bytes, bytes + at, element_bytes);
    }
    return changed / element_bytes;
}

/* ---- transposing: tiles of the first and the last dimension, which fit into a cache, for each place in those
 * between */

#define TILE 32

typedef struct {
    uint64_t first, last;           /* lengths of the two; of one dimension the last is 1 long */
    uint64_t last_pitch;            /* of the last one in Fortran order: the product of all others */
    uint64_t between;               /* places */
    uint64_t length[H5R_MAX_NDIMS]; /* of the dimensions between */
    int ndims;                      /* of them */
} transposed_t;

static transposed_t transposed_of(const h5r_region_t *region)
{
    const int n = region->ndims;
    transposed_t t = {.first = region->count[0], .last = n > 1 ? region->count[n - 1] : 1, .between = 1};
    for (int d = 1; d < n - 1; d++) {
        t.length[t.ndims++] = region->count[d];
        t.between *= region->count[d];
    }
    t.last_pitch = t.first * t.between;
    return t;
}

/* Number of a place between, in C order, in the order in which the first of them varies fastest. */
static uint64_t reversed(const transposed_t *t, uint64_t place)
{
    uint64_t coord[H5R_MAX_NDIMS] = {0}, number = 0;
    for (int d = t->ndims - 1; d >= 0; d--) {
        coord[d] = place % t->length[d];
        place /= t->length[d];
    }
    for (int d = t->ndims - 1; d >= 0; d--) {
        number = number * t->length[d] + coord[d];
    }
    return number;
}

/* Element (i, place, j) of C order at c[(i * between + place) * last + j], of the other at
 * f[i + first * reversed + last_pitch * j]. */
#define TRANSPOSE(type)                                                                                      \
    static void transpose_##type(const transposed_t *t, bool back, type *c, type *f)                         \
    {                                                                                                        \
        for (uint64_t place = 0; place < t->between; place++) {                                              \
            type *const c_place = c + place * t->last, *const f_place = f + reversed(t, place) * t->first;   \
            const uint64_t c_pitch = t->between * t->last;                                                   \
            for (uint64_t i0 = 0; i0 < t->first; i0 += TILE) {                                               \
                const uint64_t i1 = i0 + TILE < t->first ? i0 + TILE : t->first;                             \
                for (uint64_t j0 = 0; j0 < t->last; j0 += TILE) {                                            \
                    const uint64_t j1 = j0 + TILE < t->last ? j0 + TILE : t->last;                           \
                    for (uint64_t i = i0; i < i1; i++) {                                                     \
                        for (uint64_t j = j0; j < j1; j++) {                                                 \
                            type *const from_c = c_place + i * c_pitch + j;                                  \
                            type *const from_f = f_place + i + j * t->last_pitch;                            \
                            *(back ? from_c : from_f) = *(back ? from_f : from_c);                           \
                        }                                                                                    \
                    }                                                                                        \
                }                                                                                            \
            }                                                                                                \
        }                                                                                                    \
    }

TRANSPOSE(uint8_t)
TRANSPOSE(uint16_t)
TRANSPOSE(uint32_t)
TRANSPOSE(uint64_t)
#undef TRANSPOSE

static void transpose(const h5r_region_t *region, size_t element_bytes, bool back, void *c, void *f)
{
    const transposed_t t = transposed_of(region);
    switch (element_bytes) {
    case 1:
        transpose_uint8_t(&t, back, c, f);
        break;
    case 2:
        transpose_uint16_t(&t, back, c, f);
        break;
    case 4:
        transpose_uint32_t(&t, back, c, f);
        break;
    default:
        transpose_uint64_t(&t, back, c, f);
        break;
    }
}

void h5r_to_fortran(const h5r_region_t *region, size_t element_bytes, void *c_order, void *fortran)
{
    transpose(region, element_bytes, false, c_order, fortran);
}

void h5r_from_fortran(const h5r_region_t *region, size_t element_bytes, void *fortran, void *c_order)
{
    transpose(region, element_bytes, true, c_order, fortran);
}
