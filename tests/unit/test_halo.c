/* Ghost cells around a share: where the elements lie, and that any ghost cell that was touched is found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "h5roof/halo.h"
#include "h5roof/rng.h"

#include <string.h>

enum { MOST = 1 << 14 };

static h5r_region_t region_of(int ndims, const uint64_t *count)
{
    h5r_region_t region = {.ndims = ndims};
    memcpy(region.count, count, (size_t)ndims * sizeof *count);
    return region;
}

static void sizes(void **state)
{
    (void)state;
    h5r_region_t r = region_of(3, (const uint64_t[]){10, 20, 30});
    assert_int_equal(h5r_halo_elements(&r, 0), 6000);
    assert_int_equal(h5r_halo_elements(&r, 4), 18 * 28 * 38);
    r.count[1] = 0;
    assert_int_equal(h5r_halo_elements(&r, 4), 0);
    r = region_of(2, (const uint64_t[]){UINT64_C(1) << 40, UINT64_C(1) << 40});
    assert_true(h5r_halo_elements(&r, 1) == UINT64_MAX);
}

/* Element by element, the slow way: coordinate of a padded index, and the dense index if it is no ghost. */
static bool is_share(const h5r_region_t *r, uint64_t halo, uint64_t index, uint64_t *dense)
{
    uint64_t coord[H5R_MAX_NDIMS];
    bool inner = true;
    for (int d = r->ndims - 1; d >= 0; d--) {
        coord[d] = index % (r->count[d] + 2 * halo);
        index /= r->count[d] + 2 * halo;
        inner = inner && coord[d] >= halo && coord[d] < halo + r->count[d];
    }
    *dense = 0;
    for (int d = 0; d < r->ndims && inner; d++) {
        *dense = *dense * r->count[d] + coord[d] - halo;
    }
    return inner;
}

static void there_and_back(void **state)
{
    (void)state;
    static uint32_t buffer[MOST];
    h5r_rng_t rng = h5r_rng_seeded(3, 0);
    for (int trial = 0; trial < 400; trial++) {
        h5r_region_t r = {.ndims = 1 + (int)h5r_rng_below(&rng, 4)};
        for (int d = 0; d < r.ndims; d++) {
            r.count[d] = 1 + h5r_rng_below(&rng, 5);
        }
        const uint64_t halo = h5r_rng_below(&rng, 4), n = h5r_region_elements(&r),
                       all = h5r_halo_elements(&r, halo);
        assert_true(all <= MOST);
        for (uint64_t i = 0; i < n; i++) {
            buffer[i] = (uint32_t)(1000 + i);
        }
        h5r_halo_pad(&r, halo, sizeof buffer[0], buffer);
        for (uint64_t i = 0; i < all; i++) {
            uint64_t dense;
            if (is_share(&r, halo, i, &dense)) {
                assert_int_equal(buffer[i], 1000 + dense);
            }
        }
        const uint64_t touched = h5r_rng_below(&rng, all);
        uint64_t dense;
        const bool ghost = !is_share(&r, halo, touched, &dense);
        ((unsigned char *)&buffer[touched])[h5r_rng_below(&rng, 4)] ^= 0x10; /* one bit */
        assert_int_equal(h5r_halo_unpad(&r, halo, sizeof buffer[0], buffer), ghost ? touched : all);
        for (uint64_t i = 0; i < n; i++) {
            assert_true(buffer[i] == 1000 + i || (!ghost && i == dense));
        }
    }
}

/* A block of ghost cells that was copied from elsewhere is none. */
static void ghosts_differ(void **state)
{
    (void)state;
    double buffer[20 * 20];
    h5r_region_t r = region_of(2, (const uint64_t[]){12, 12});
    memset(buffer, 0, sizeof buffer);
    h5r_halo_pad(&r, 4, sizeof buffer[0], buffer);
    memmove(buffer + 20, buffer, 20 * sizeof buffer[0]);
    assert_int_equal(h5r_halo_unpad(&r, 4, sizeof buffer[0], buffer), 20);
}

static void an_empty_share_is_left_alone(void **state)
{
    (void)state;
    unsigned char none = 7;
    h5r_region_t r = region_of(2, (const uint64_t[]){0, 3});
    h5r_halo_pad(&r, 2, 1, &none);
    assert_int_equal(h5r_halo_unpad(&r, 2, 1, &none), 0);
    assert_int_equal(none, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes),
        cmocka_unit_test(there_and_back),
        cmocka_unit_test(ghosts_differ),
        cmocka_unit_test(an_empty_share_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
