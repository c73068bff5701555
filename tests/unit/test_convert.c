/* Conversion of elements against C's own casts, one at a time, and byte order against bytes written by hand.
 */
#include "h5roof/convert.h"

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
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_pairs_convert_as_c_does),
        cmocka_unit_test(extremes_survive),
        cmocka_unit_test(bytes_are_reversed_in_place_and_apart),
        cmocka_unit_test(nothing_is_touched_without_elements),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
