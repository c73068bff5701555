/* Elements apart and in another order: there and back, and what was touched between them is found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/factors/factor.h"
#include "h5roof/arrangement.h"
#include "h5roof/rng.h"

#include <string.h>

enum { MOST = 1 << 14 };

static void sizes(void **state)
{
    (void)state;
    h5r_factors_t f;
    h5r_factors_default(&f);
    f.memory_stride = 3;
    f.memory_fields = 5;
    const h5r_lies_t memory[] = {H5R_LIES_DENSE, H5R_LIES_OTHER_RANK, H5R_LIES_STRIDED, H5R_LIES_FIELD,
                                 H5R_LIES_TRANSPOSED};
    const uint64_t elements[] = {10, 10, 30, 50, 20}, first[] = {0, 0, 0, 2, 0};
    for (int i = 0; i < 5; i++) {
        f.memory = memory[i];
        assert_int_equal(h5r_memory_elements(&f, 10), elements[i]);
        assert_int_equal(h5r_memory_apart(&f).first, first[i]);
    }
}

static void apart_and_back(void **state)
{
    (void)state;
    static uint16_t buffer[MOST];
    h5r_rng_t rng = h5r_rng_seeded(5, 0);
    for (int trial = 0; trial < 400; trial++) {
        const uint64_t n = 1 + h5r_rng_below(&rng, 40), step = 2 + h5r_rng_below(&rng, 6);
        const h5r_apart_t apart = {.step = step, .first = h5r_rng_below(&rng, step)};
        for (uint64_t i = 0; i < n; i++) {
            buffer[i] = (uint16_t)(1000 + i);
        }
        h5r_apart_spread(&apart, n, sizeof *buffer, buffer);
        for (uint64_t i = 0; i < n; i++) {
            assert_int_equal(buffer[i * step + apart.first], 1000 + i);
        }
        const uint64_t at = h5r_rng_below(&rng, n * step);
        const bool between = at % step != apart.first, touch = trial % 4 > 0;
        buffer[at] = (uint16_t)(buffer[at] ^ (touch ? 1u << (trial % 16) : 0u));
        const uint64_t changed = h5r_apart_gather(&apart, n, sizeof *buffer, buffer);
        assert_int_equal(changed, touch && between ? at : n * step);
        for (uint64_t i = 0; i < n; i++) {
            const bool hit = touch && !between && i == at / step;
            assert_true((buffer[i] == 1000 + i) == !hit);
        }
    }
}

/* Where an element of C order lies when the first dimension varies fastest, the slow way. */
static uint64_t place_of(const h5r_region_t *r, uint64_t index)
{
    uint64_t coord[H5R_MAX_NDIMS], at = 0;
    for (int d = r->ndims - 1; d >= 0; d--) {
        coord[d] = index % r->count[d];
        index /= r->count[d];
    }
    for (int d = r->ndims - 1; d >= 0; d--) {
        at = at * r->count[d] + coord[d];
    }
    return at;
}

/* Every width, and dimensions beyond a tile. */
static void transposed(void **state)
{
    (void)state;
    static uint64_t from[MOST], to[MOST], back[MOST];
    static const h5r_region_t regions[] = {
        {.ndims = 1, .count = {37}},         {.ndims = 2, .count = {33, 65}},
        {.ndims = 2, .count = {1, 5}},       {.ndims = 3, .count = {7, 3, 40}},
        {.ndims = 4, .count = {5, 2, 3, 4}}, {.ndims = 6, .count = {2, 3, 2, 3, 2, 3}},
        {.ndims = 3, .count = {4, 0, 2}},
    };
    static const size_t widths[] = {1, 2, 4, 8};
    unsigned char *c = (unsigned char *)from, *f = (unsigned char *)to, *again = (unsigned char *)back;
    for (size_t k = 0; k < sizeof regions / sizeof *regions * 4; k++) {
        const h5r_region_t *r = &regions[k / 4];
        const size_t width = widths[k % 4];
        const uint64_t n = h5r_region_elements(r);
        memset(to, 0, sizeof to);
        memset(back, 0, sizeof back);
        memset(from, 0, sizeof from);
        for (size_t i = 0; i < n * width; i++) {
            c[i] = (unsigned char)(i * 31 + i / 251);
        }
        h5r_to_fortran(r, width, c, f);
        for (uint64_t l = 0; l < n; l++) {
            assert_memory_equal(f + place_of(r, l) * width, c + l * width, width);
        }
        h5r_from_fortran(r, width, f, again);
        assert_memory_equal(again, c, n * width + 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(sizes), cmocka_unit_test(apart_and_back),
                                       cmocka_unit_test(transposed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
