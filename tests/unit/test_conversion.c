/* Conversion of elements against C's own casts, one at a time, and byte order against bytes written by hand.
 */
#include "bench/convert/mean.h"
#include "h5roof/conversion.h"
#include "h5roof/count.h"
#include "h5roof/half.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define N 1003 /* no multiple of a vector's length */

typedef union {
    uint64_t align;
    unsigned char bytes[N * 8];
} buffer_t;

/* X(enumerator, type); as a table of functions that read and write one element as int64_t or double */
#define TYPES(X)                                                                                             \
    X(H5R_I8, int8_t)                                                                                        \
    X(H5R_I16, int16_t)                                                                                      \
    X(H5R_I32, int32_t)                                                                                      \
    X(H5R_I64, int64_t)                                                                                      \
    X(H5R_U8, uint8_t)                                                                                       \
    X(H5R_U16, uint16_t)                                                                                     \
    X(H5R_U32, uint32_t)                                                                                     \
    X(H5R_U64, uint64_t)                                                                                     \
    X(H5R_F32, float)                                                                                        \
    X(H5R_F64, double)

static void put(h5r_dtype_t t, double value, unsigned char *out)
{
    switch (t) {
#define X(symbol, type)                                                                                      \
    case symbol: {                                                                                           \
        type x = (type)value;                                                                                \
        memcpy(out, &x, sizeof x);                                                                           \
        break;                                                                                               \
    }
        TYPES(X)
#undef X
    case H5R_DTYPE_COUNT:
    case H5R_F16:
    case H5R_FILE_DTYPES:
        break;
    }
}

/* Small integers: every type holds them, those without a sign from 0 on. */
static double value_of(h5r_dtype_t from, h5r_dtype_t to, size_t i)
{
    bool has_sign = h5r_dtype_is_signed(from) && h5r_dtype_is_signed(to);
    return (double)(i % 101) - (has_sign ? 50.0 : 0.0);
}

static void reverse(unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < size / 2; i++) {
        unsigned char t = bytes[i];
        bytes[i] = bytes[size - 1 - i];
        bytes[size - 1 - i] = t;
    }
}

static void check_pair(h5r_dtype_t from, h5r_dtype_t to, bool swap)
{
    static buffer_t in, out, expected;
    size_t a = h5r_dtype_size(from), b = h5r_dtype_size(to);
    memset(&out, 0xa5, sizeof out);
    memset(&expected, 0xa5, sizeof expected);
    for (size_t i = 0; i < N; i++) {
        double value = value_of(from, to, i);
        put(from, value, in.bytes + i * a);
        put(to, value, expected.bytes + i * b);
        if (swap) {
            reverse(expected.bytes + i * b, b);
        }
    }
    h5r_convert(from, to, swap, in.bytes, out.bytes, N);
    if (memcmp(out.bytes, expected.bytes, sizeof out.bytes) != 0) {
        fail_msg("%s to %s, swap %d", h5r_dtype_name(from), h5r_dtype_name(to), swap);
    }
}

static void all_pairs_convert_as_c_does(void **state)
{
    (void)state;
    for (int from = 0; from < H5R_DTYPE_COUNT; from++) {
        for (int to = 0; to < H5R_DTYPE_COUNT; to++) {
            check_pair((h5r_dtype_t)from, (h5r_dtype_t)to, false);
            check_pair((h5r_dtype_t)from, (h5r_dtype_t)to, true);
        }
    }
}

static void extremes_survive(void **state)
{
    (void)state;
    const int64_t i64[] = {INT64_MIN, INT64_MAX, -1, 0};
    int64_t same[4];
    h5r_convert(H5R_I64, H5R_I64, false, i64, same, 4);
    assert_memory_equal(same, i64, sizeof i64);

    const uint32_t u32[] = {UINT32_MAX, 0x80000000u};
    uint64_t wide[2];
    double real[2];
    h5r_convert(H5R_U32, H5R_U64, false, u32, wide, 2);
    assert_true(wide[0] == UINT32_MAX && wide[1] == 0x80000000u);
    h5r_convert(H5R_U32, H5R_F64, false, u32, real, 2);
    assert_true(real[0] == 4294967295.0 && real[1] == 2147483648.0);

    const int32_t i32[] = {INT32_MIN, INT32_MAX};
    h5r_convert(H5R_I32, H5R_F64, false, i32, real, 2);
    assert_true(real[0] == -2147483648.0 && real[1] == 2147483647.0);

    const double halves[] = {-1.5, 0.25};
    float narrow[2];
    h5r_convert(H5R_F64, H5R_F32, false, halves, narrow, 2);
    assert_true(narrow[0] == -1.5f && narrow[1] == 0.25f);
}

static void bytes_are_reversed_in_place_and_apart(void **state)
{
    (void)state;
    const unsigned char in[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    const struct {
        size_t size;
        unsigned char out[16];
    } cases[] = {
        {1, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}},
        {2, {1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14}},
        {4, {3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12}},
        {8, {7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8}},
    };
    for (size_t i = 0; i < H5R_COUNT_OF(cases); i++) {
        union {
            uint64_t align[2];
            unsigned char bytes[16];
        } from, to;
        memcpy(from.bytes, in, sizeof in);
        h5r_swap_bytes(cases[i].size, from.bytes, to.bytes, 16 / cases[i].size);
        assert_memory_equal(to.bytes, cases[i].out, 16);
        h5r_swap_bytes(cases[i].size, from.bytes, from.bytes, 16 / cases[i].size);
        assert_memory_equal(from.bytes, cases[i].out, 16);
    }
}

static void nothing_is_touched_without_elements(void **state)
{
    (void)state;
    double in = 1.0;
    uint64_t out = 0x5a5a5a5a5a5a5a5au;
    h5r_convert(H5R_F64, H5R_U64, true, &in, &out, 0);
    assert_true(out == 0x5a5a5a5a5a5a5a5au);
}

/* What HDF5 documents of conversions without a callback (H5Pset_type_conv_cb). */
static void what_does_not_fit_is_clamped(void **state)
{
    (void)state;
    const int64_t i64[] = {INT64_MIN, -129, -128, -1, 0, 127, 128, 255, 256, INT64_MAX};
    int8_t i8[10];
    uint8_t u8[10];
    uint64_t u64[10];
    h5r_convert_clamped(H5R_I64, H5R_I8, i64, i8, 10);
    h5r_convert_clamped(H5R_I64, H5R_U8, i64, u8, 10);
    h5r_convert_clamped(H5R_I64, H5R_U64, i64, u64, 10);
    const int8_t as_i8[] = {-128, -128, -128, -1, 0, 127, 127, 127, 127, 127};
    const uint8_t as_u8[] = {0, 0, 0, 0, 0, 127, 128, 255, 255, 255};
    assert_memory_equal(i8, as_i8, sizeof i8);
    assert_memory_equal(u8, as_u8, sizeof u8);
    assert_true(u64[0] == 0 && u64[3] == 0 && u64[8] == 256 && u64[9] == INT64_MAX);

    const uint64_t wide[] = {0, INT64_MAX, (uint64_t)INT64_MAX + 1, UINT64_MAX};
    int64_t narrow[4];
    h5r_convert_clamped(H5R_U64, H5R_I64, wide, narrow, 4);
    assert_true(narrow[1] == INT64_MAX && narrow[2] == INT64_MAX && narrow[3] == INT64_MAX);

    const double real[] = {-1e300, -2147483649.0, -2147483648.9, -0.9,     0.9,
                           -1.5,   2147483646.9,  2147483647.0,  HUGE_VAL, (double)NAN};
    const int32_t as_i32[] = {INT32_MIN, INT32_MIN, INT32_MIN, 0, 0, -1, 2147483646, INT32_MAX, INT32_MAX, 0};
    int32_t i32[10];
    h5r_convert_clamped(H5R_F64, H5R_I32, real, i32, 10);
    assert_memory_equal(i32, as_i32, sizeof i32);
    const double large[] = {0x1p63, 0x1.fffffffffffffp62, -0x1p63, 0x1p64};
    h5r_convert_clamped(H5R_F64, H5R_I64, large, narrow, 4);
    assert_true(narrow[0] == INT64_MAX && narrow[1] == 0x7ffffffffffffc00 && narrow[2] == INT64_MIN &&
                narrow[3] == INT64_MAX);

    const double f64[] = {1e300, -1e300, 0.1, 1e-300};
    float f32[4];
    h5r_convert_clamped(H5R_F64, H5R_F32, f64, f32, 4);
    assert_true(f32[0] == HUGE_VALF && f32[1] == -HUGE_VALF && f32[2] == 0.1f && f32[3] == 0.0f);
}

static void what_fits_is_not_clamped(void **state)
{
    (void)state;
    static buffer_t in, plain, out;
    for (int from = 0; from < H5R_DTYPE_COUNT; from++) {
        for (int to = 0; to < H5R_DTYPE_COUNT; to++) {
            const h5r_dtype_t a = (h5r_dtype_t)from, b = (h5r_dtype_t)to;
            for (size_t i = 0; i < N; i++) {
                put(a, value_of(a, b, i), in.bytes + i * h5r_dtype_size(a));
            }
            h5r_convert(a, b, false, in.bytes, plain.bytes, N);
            h5r_convert_clamped(a, b, in.bytes, out.bytes, N);
            assert_memory_equal(out.bytes, plain.bytes, N * h5r_dtype_size(b));
        }
    }
}

/* 1, 2, ..., n of every type in both orders; lengths around the number of lanes. */
static void means(void **state)
{
    (void)state;
    static buffer_t native, swapped;
    const size_t lengths[] = {0, 1, 7, 8, 9, 16, 100};
    for (int t = 0; t < H5R_DTYPE_COUNT; t++) {
        const size_t size = h5r_dtype_size((h5r_dtype_t)t);
        for (size_t i = 0; i < 100; i++) {
            put((h5r_dtype_t)t, (double)(i + 1), native.bytes + i * size);
        }
        h5r_swap_bytes(size, native.bytes, swapped.bytes, 100);
        for (size_t l = 0; l < H5R_COUNT_OF(lengths); l++) {
            const size_t n = lengths[l];
            const double mean = n > 0 ? ((double)n + 1.0) / 2.0 : 0.0;
            assert_true(h5r_mean((h5r_dtype_t)t, false, native.bytes, n) == mean);
            assert_true(h5r_mean((h5r_dtype_t)t, true, swapped.bytes, n) == mean);
        }
    }
    const double negative[] = {-1.0, -3.0};
    assert_true(h5r_mean(H5R_F64, false, negative, 2) == -2.0);
}

/* Every bit pattern of f16, and numbers on both sides of where rounding changes, worked out by hand. */
static void halves(void **state)
{
    (void)state;
    for (uint32_t bits = 0; bits <= UINT16_MAX; bits++) {
        const double value = h5r_half_value((uint16_t)bits);
        const bool number = value == value;
        assert_true(number ? h5r_half_of(value) == bits : (bits & 0x7c00) == 0x7c00 && (bits & 0x3ff) != 0);
    }
    static const struct {
        double value;
        uint16_t half;
    } known[] = {{1.0, 0x3c00},           {-2.0, 0xc000},          {0.1, 0x2e66},
                 {65504.0, 0x7bff},       {65519.999, 0x7bff},     {65520.0, 0x7c00},
                 {1e300, 0x7c00},         {-1e300, 0xfc00},        {0x1p-14, 0x0400},
                 {0x1p-24, 0x0001},       {0x1p-25, 0x0000},       {0x1.0001p-25, 0x0001},
                 {0x1.8p-24, 0x0002},     {1e-300, 0x0000},        {-0.0, 0x8000},
                 {1.0 + 0x1p-11, 0x3c00}, {1.0 + 0x3p-11, 0x3c02}, {0x1.ffep-15, 0x0400},
                 {0x1.ffcp-15, 0x0400},   {0x1.ffbp-15, 0x03ff},   {HUGE_VAL, 0x7c00}};
    for (size_t i = 0; i < H5R_COUNT_OF(known); i++) {
        assert_int_equal(h5r_half_of(known[i].value), known[i].half);
    }
    assert_true(h5r_half_of((double)NAN) > 0x7c00);
}

static void halves_of_other_types(void **state)
{
    (void)state;
    const int32_t i32[] = {-3, 2047, 100000};
    uint16_t half[3];
    int32_t back[3];
    h5r_convert_clamped(H5R_I32, H5R_F16, i32, half, 3);
    assert_true(half[0] == 0xc200 && half[1] == 0x67ff && half[2] == 0x7c00);
    h5r_convert_clamped(H5R_F16, H5R_I32, half, back, 3);
    assert_true(back[0] == -3 && back[1] == 2047 && back[2] == INT32_MAX);
    const float f32[N] = {[N - 1] = 0.5f};
    static uint16_t many[N];
    h5r_convert(H5R_F32, H5R_F16, true, f32, many, N);
    assert_true(many[0] == 0 && many[N - 1] == 0x0038);
    assert_true(h5r_mean(H5R_F16, true, many, N) == 0.5 / N && h5r_mean(H5R_F16, false, half, 2) == 1022.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_pairs_convert_as_c_does),
        cmocka_unit_test(extremes_survive),
        cmocka_unit_test(halves),
        cmocka_unit_test(halves_of_other_types),
        cmocka_unit_test(bytes_are_reversed_in_place_and_apart),
        cmocka_unit_test(nothing_is_touched_without_elements),
        cmocka_unit_test(what_does_not_fit_is_clamped),
        cmocka_unit_test(what_fits_is_not_clamped),
        cmocka_unit_test(means),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
