/* Filling, checking and poisoning: independent of how the data are cut, and right to the bit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "data_cases.h"

#include <string.h>

static void check_cuts(const h5r_data_t *d, h5r_rng_t *rng)
{
    static bytes_t whole, part;
    const size_t size = h5r_dtype_size(d->dtype);
    const uint64_t base = h5r_rng_next(rng) >> h5r_rng_below(rng, 64);
    h5r_data_fill(d, base, N, whole);
    assert_int_equal(h5r_data_check(d, base, N, whole), N);
    for (int i = 0; i < 40; i++) {
        uint64_t from = h5r_rng_below(rng, N);
        uint64_t n = h5r_rng_below(rng, i < 20 ? 20 : N) % (N - from + 1);
        memset(part, 0xa5, sizeof part);
        h5r_data_fill(d, base + from, n, part);
        assert_memory_equal(part, whole + from * size, n * size);
        assert_int_equal(part[n * size], 0xa5);
        assert_int_equal(h5r_data_check(d, base + from, n, whole + from * size), n);
    }
}

static void data_do_not_depend_on_the_cut(void **state)
{
    (void)state;
    for_every_kind_and_pair(check_cuts);
    for_every_kind_and_type(check_cuts);
}

static void check_flips(const h5r_data_t *d, h5r_rng_t *rng)
{
    static bytes_t got;
    const size_t size = h5r_dtype_size(d->dtype);
    const uint64_t first = h5r_rng_below(rng, 1000000);
    h5r_data_fill(d, first, N, got);
    for (int i = 0; i < 60; i++) {
        uint64_t element = h5r_rng_below(rng, N);
        size_t byte = (size_t)element * size + (size_t)h5r_rng_below(rng, size);
        unsigned char bit = (unsigned char)(1u << h5r_rng_below(rng, 8));
        got[byte] ^= bit;
        assert_int_equal(h5r_data_check(d, first, N, got), element);
        assert_int_equal(h5r_data_check(d, first, element, got),
                         element); /* what is in front of it is right */
        got[byte] ^= bit;
    }
    assert_int_equal(h5r_data_check(d, first, N, got), N);
}

static void one_flipped_bit_is_found(void **state)
{
    (void)state;
    for_every_kind_and_type(check_flips);
}

static void the_first_of_several_is_reported(void **state)
{
    (void)state;
    static bytes_t got;
    h5r_data_t d = data_of(H5R_DATA_RANDOM, H5R_I32, H5R_I32);
    h5r_data_fill(&d, 0, N, got);
    got[4 * 4000] ^= 1;
    got[4 * 1234 + 3] ^= 1;
    got[4 * 1235] ^= 1;
    assert_int_equal(h5r_data_check(&d, 0, N, got), 1234);
}

static h5r_region_t random_region(h5r_rng_t *rng, h5r_dims_t *shape)
{
    *shape = (h5r_dims_t){.n = 1 + (int)h5r_rng_below(rng, 6)};
    h5r_region_t region = {.ndims = shape->n};
    static const uint64_t longest[] = {0, N, 60, 16, 8, 5, 4};
    for (int d = 0; d < shape->n; d++) {
        uint64_t size = 1 + h5r_rng_below(rng, longest[shape->n]);
        bool whole = h5r_rng_below(rng, 2);
        uint64_t stride = whole ? 1 : 1 + h5r_rng_below(rng, d == shape->n - 1 && shape->n == 1 ? 2000 : 4);
        uint64_t start = whole ? 0 : h5r_rng_below(rng, size);
        uint64_t most = (size - start - 1) / stride + 1;
        shape->d[d] = size;
        region.start[d] = start;
        region.stride[d] = stride;
        region.count[d] = whole ? size : h5r_rng_below(rng, 20) == 0 ? 0 : 1 + h5r_rng_below(rng, most);
    }
    return region;
}

static void check_region(const h5r_data_t *d, h5r_rng_t *rng)
{
    static bytes_t got, want;
    const size_t size = h5r_dtype_size(d->dtype);
    for (int trial = 0; trial < 40; trial++) {
        h5r_dims_t shape;
        h5r_region_t region = random_region(rng, &shape);
        uint64_t all = h5r_region_elements(&region);
        uint64_t n = h5r_rng_below(rng, 2) ? all : h5r_rng_below(rng, all + 1);
        assert_true(n <= N);
        for (uint64_t l = 0; l < n; l++) {
            h5r_data_fill(d, h5r_region_global(&region, &shape, l), 1, want + l * size);
        }

        memset(got, 0x5a, sizeof got);
        h5r_data_fill_region(d, &shape, &region, n, got);
        assert_memory_equal(got, want, n * size);
        assert_true(n * size == sizeof got || got[n * size] == 0x5a);
        assert_int_equal(h5r_data_check_region(d, &shape, &region, n, got), n);
        if (n > 0) {
            uint64_t wrong = h5r_rng_below(rng, n);
            got[wrong * size + h5r_rng_below(rng, size)] ^= (unsigned char)(1u << h5r_rng_below(rng, 8));
            assert_int_equal(h5r_data_check_region(d, &shape, &region, n, got), wrong);
        }

        memset(got, 0x5a, sizeof got);
        h5r_data_poison_region(d, &shape, &region, n, got);
        for (size_t i = 0; i < n * size; i++) {
            assert_int_equal(got[i] ^ want[i], 0xff);
        }
        assert_true(n * size == sizeof got || got[n * size] == 0x5a);
    }
}

static void regions_equal_their_elements(void **state)
{
    (void)state;
    for_every_kind_and_type(check_region);
}

static void check_small_pair(const h5r_data_t *d, h5r_rng_t *rng)
{
    if (h5r_rng_below(rng, 8) == 0) {
        check_region(d, rng);
    }
}

static void regions_of_mixed_types_too(void **state)
{
    (void)state;
    for_every_kind_and_pair(check_small_pair);
}

static void elements_are_written_for_people(void **state)
{
    (void)state;
    char buf[64];
    const int8_t i8 = -3;
    const uint64_t u64 = UINT64_MAX;
    const int64_t i64 = INT64_MIN;
    const float f32 = 0.1f;
    const double f64 = 3;
    assert_string_equal(h5r_data_format(H5R_I8, &i8, buf, sizeof buf), "-3");
    assert_string_equal(h5r_data_format(H5R_U64, &u64, buf, sizeof buf), "18446744073709551615");
    assert_string_equal(h5r_data_format(H5R_I64, &i64, buf, sizeof buf), "-9223372036854775808");
    assert_string_equal(h5r_data_format(H5R_F64, &f64, buf, sizeof buf), "0x1.8p+1 (3)");
    assert_string_equal(h5r_data_format(H5R_F32, &f32, buf, sizeof buf), "0x1.99999ap-4 (0.100000001)");
}

static void types_know_their_sizes_and_orders(void **state)
{
    (void)state;
    assert_int_equal(h5r_dtype_size(H5R_U16), 2);
    assert_string_equal(h5r_dtype_name(H5R_F64), "f64");
    assert_true(h5r_dtype_is_float(H5R_F32) && !h5r_dtype_is_float(H5R_I32));
    assert_true(h5r_dtype_is_signed(H5R_I64) && !h5r_dtype_is_signed(H5R_U64));
    assert_true(h5r_order_swaps(H5R_ORDER_BIG, H5R_I32) != h5r_order_swaps(H5R_ORDER_LITTLE, H5R_I32));
    assert_false(h5r_order_swaps(H5R_ORDER_NATIVE, H5R_F64));
    assert_false(h5r_order_swaps(H5R_ORDER_BIG, H5R_I8) || h5r_order_swaps(H5R_ORDER_LITTLE, H5R_I8));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(data_do_not_depend_on_the_cut),
        cmocka_unit_test(one_flipped_bit_is_found),
        cmocka_unit_test(the_first_of_several_is_reported),
        cmocka_unit_test(regions_equal_their_elements),
        cmocka_unit_test(regions_of_mixed_types_too),
        cmocka_unit_test(elements_are_written_for_people),
        cmocka_unit_test(types_know_their_sizes_and_orders),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
