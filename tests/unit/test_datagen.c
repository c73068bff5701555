/* The values: exact in memory and in the file, using their range, the same on every machine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "data_cases.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Conversions of C, which say what a round trip through the file's type must keep. */
static double as_double(h5r_dtype_t t, const void *p, int64_t *as_signed, uint64_t *as_unsigned)
{
    switch (t) {
#define INTEGER(symbol, type)                                                                                \
    case symbol: {                                                                                           \
        type x;                                                                                              \
        memcpy(&x, p, sizeof x);                                                                             \
        *as_signed = (int64_t)x;                                                                             \
        *as_unsigned = (uint64_t)x;                                                                          \
        return (double)x;                                                                                    \
    }
        INTEGER(H5R_I8, int8_t)
        INTEGER(H5R_I16, int16_t)
        INTEGER(H5R_I32, int32_t)
        INTEGER(H5R_I64, int64_t)
        INTEGER(H5R_U8, uint8_t)
        INTEGER(H5R_U16, uint16_t)
        INTEGER(H5R_U32, uint32_t)
        INTEGER(H5R_U64, uint64_t)
#undef INTEGER
    case H5R_F32: {
        float x;
        memcpy(&x, p, sizeof x);
        return (double)x;
    }
    case H5R_F64:
    case H5R_DTYPE_COUNT:
    case H5R_F16:
    case H5R_FILE_DTYPES:
        break;
    }
    double x;
    memcpy(&x, p, sizeof x);
    return x;
}

static double lowest(h5r_dtype_t t)
{
    int bits = 8 * (int)h5r_dtype_size(t);
    return h5r_dtype_is_signed(t) ? -ldexp(1, bits - 1) : 0;
}

static double beyond(h5r_dtype_t t)
{
    int bits = 8 * (int)h5r_dtype_size(t);
    return ldexp(1, h5r_dtype_is_signed(t) ? bits - 1 : bits);
}

/* An integer of 64 bits, negative ones wrapped, fits the type and comes back. */
static bool fits_integer(h5r_dtype_t t, int64_t s, bool is_signed_source)
{
    if (!is_signed_source && s < 0) {
        return t == H5R_U64;
    }
    if (s < 0) {
        return h5r_dtype_is_signed(t) && s >= -(INT64_C(1) << (8 * h5r_dtype_size(t) - 2)) * 2;
    }
    size_t bits = 8 * h5r_dtype_size(t) - (h5r_dtype_is_signed(t) ? 1 : 0);
    return bits >= 63 || s < INT64_C(1) << bits;
}

static void check_exact(const h5r_data_t *d, h5r_rng_t *rng)
{
    static bytes_t values;
    const size_t size = h5r_dtype_size(d->dtype);
    h5r_data_fill(d, h5r_rng_next(rng) >> h5r_rng_below(rng, 64), N, values);
    for (size_t i = 0; i < N; i++) {
        const unsigned char *p = values + i * size;
        int64_t s = 0;
        uint64_t u = 0;
        double x = as_double(d->dtype, p, &s, &u);
        assert_true(isfinite(x) && !(x == 0 && signbit(x)));
        if (h5r_dtype_is_float(d->dtype) && h5r_dtype_is_float(d->file_dtype)) {
            /* A ramp counts, the others stay in [-1, 1). */
            assert_true(d->kind == H5R_DATA_RAMP || (x >= -1 && x < 1));
            assert_true(d->file_dtype == H5R_F64 || (double)(float)x == x);
        } else if (h5r_dtype_is_float(d->dtype)) {
            assert_true(x == floor(x) && x >= lowest(d->file_dtype) && x < beyond(d->file_dtype));
        } else if (d->file_dtype == H5R_F32) {
            assert_true((double)(float)x == x && fabs(x) <= 16777216);
        } else if (d->file_dtype == H5R_F64) {
            assert_true(fabs(x) <= 9007199254740992.0);
        } else {
            assert_true(fits_integer(d->file_dtype, s, h5r_dtype_is_signed(d->dtype)));
        }
    }
}

static void mixed_types_are_exact(void **state)
{
    (void)state;
    for_every_kind_and_pair(check_exact);
}

/* Values must use the range that they are allowed, or a conversion that loses high bits would not be seen. */
static void check_range_is_used(const h5r_data_t *d, h5r_rng_t *rng)
{
    static bytes_t values;
    (void)rng;
    if (d->kind != H5R_DATA_RANDOM) {
        return;
    }
    bool both_signed = h5r_dtype_is_signed(d->dtype) && h5r_dtype_is_signed(d->file_dtype);
    bool fraction = h5r_dtype_is_float(d->dtype) && h5r_dtype_is_float(d->file_dtype);
    double top = 1;
    if (!fraction) {
        top = fmin(beyond(d->dtype), beyond(d->file_dtype));
        if (d->dtype == H5R_F32 || d->file_dtype == H5R_F32) {
            top = fmin(top, 16777216);
        }
        if (d->dtype == H5R_F64 || d->file_dtype == H5R_F64) {
            top = fmin(top, 9007199254740992.0);
        }
    }
    h5r_data_fill(d, 0, N, values);
    double low = HUGE_VAL, high = -HUGE_VAL;
    for (size_t i = 7; i < N; i += 8) { /* the last share of a hash, which short types must fill too */
        int64_t s;
        uint64_t u;
        double x = as_double(d->dtype, values + i * h5r_dtype_size(d->dtype), &s, &u);
        low = fmin(low, x);
        high = fmax(high, x);
    }
    assert_true(high > 0.95 * top && high <= top);
    assert_true(both_signed ? low < -0.95 * top : low < 0.05 * top);
}

static void random_values_use_their_range(void **state)
{
    (void)state;
    for_every_kind_and_pair(check_range_is_used);
}

/* Every element is another one than in the turn before, and has the same sign: what is done because of a sign is
 * done in all turns. */
static void check_turns(const h5r_data_t *d, h5r_rng_t *rng)
{
    static bytes_t before, now;
    const size_t size = h5r_dtype_size(d->dtype);
    const uint64_t first = h5r_rng_below(rng, 1000000);
    if (d->kind == H5R_DATA_ZEROS) {
        return;
    }
    h5r_data_t next = *d;
    h5r_data_fill(d, first, N, before);
    for (next.turn++; next.turn < d->turn + 4; next.turn++) {
        h5r_data_fill(&next, first, N, now);
        for (size_t i = 0; i < N; i++) {
            int64_t s = 0;
            uint64_t u = 0;
            const double old = as_double(d->dtype, before + i * size, &s, &u);
            assert_memory_not_equal(before + i * size, now + i * size, size);
            assert_true((old < 0) == (as_double(d->dtype, now + i * size, &s, &u) < 0));
        }
        memcpy(before, now, sizeof now);
    }
}

static void turns_differ_in_every_element(void **state)
{
    (void)state;
    for_every_kind_and_pair(check_turns);
}

static void chunks_change_places(void **state)
{
    (void)state;
    enum { PERIOD = 60, SHIFT = 12 };
    static uint32_t plain[5 * PERIOD], turned[5 * PERIOD];
    h5r_data_t d = data_of(H5R_DATA_RANDOM, H5R_U32, H5R_U32);
    h5r_data_fill(&d, 0, 5 * PERIOD, plain);
    d.period = PERIOD;
    d.shift = SHIFT;
    h5r_data_fill(&d, 0, 5 * PERIOD, turned);
    for (size_t i = 0; i < 5 * PERIOD; i++) {
        assert_int_equal(turned[i / PERIOD * PERIOD + (i + SHIFT) % PERIOD], plain[i]);
    }
}

static void ramps_count(void **state)
{
    (void)state;
    double f64[3];
    float f32[3];
    int8_t i8[4];
    int16_t i16[2];
    uint64_t u64[2];
    h5r_data_t d = data_of(H5R_DATA_RAMP, H5R_F64, H5R_F64);
    h5r_data_fill(&d, 1000000, 3, f64);
    assert_true(f64[0] == 1000000 && f64[2] == 1000002);
    d = data_of(H5R_DATA_RAMP, H5R_F32, H5R_F32);
    h5r_data_fill(&d, 16777215, 3, f32);
    assert_true(f32[0] == 16777215 && f32[1] == 0 && f32[2] == 1);
    d = data_of(H5R_DATA_RAMP, H5R_I8, H5R_I8);
    h5r_data_fill(&d, 126, 4, i8);
    assert_true(i8[0] == 126 && i8[1] == 127 && i8[2] == -128 && i8[3] == -127);
    d = data_of(H5R_DATA_RAMP, H5R_I16, H5R_U8);
    h5r_data_fill(&d, 255, 2, i16);
    assert_true(i16[0] == 255 && i16[1] == 0);
    d = data_of(H5R_DATA_RAMP, H5R_U64, H5R_U64);
    h5r_data_fill(&d, UINT64_C(1) << 60, 2, u64);
    assert_true(u64[1] == (UINT64_C(1) << 60) + 1);
}

static void seeds_and_places_make_a_difference(void **state)
{
    (void)state;
    static bytes_t a, b;
    for (int t = 0; t < H5R_DTYPE_COUNT; t++) {
        for (int kind = H5R_DATA_SMOOTH; kind <= H5R_DATA_RANDOM; kind++) {
            h5r_data_t d = data_of((h5r_data_kind_t)kind, (h5r_dtype_t)t, (h5r_dtype_t)t);
            h5r_data_fill(&d, 0, 512, a);
            h5r_data_fill(&d, 512, 512, b);
            assert_memory_not_equal(a, b, 512 * h5r_dtype_size(d.dtype));
            d.seed = 43;
            h5r_data_fill(&d, 0, 512, b);
            assert_memory_not_equal(a, b, 512 * h5r_dtype_size(d.dtype));
        }
    }
}

/* The words that any machine and compiler must make of seed 42: results of two machines are of the same data.
 */
static void data_are_the_same_everywhere(void **state)
{
    (void)state;
    uint64_t word;
    uint8_t byte[8];
    h5r_data_t d = data_of(H5R_DATA_RANDOM, H5R_U64, H5R_U64);
    const uint64_t gamma = UINT64_C(0x9e3779b97f4a7c15);
    h5r_data_fill(&d, 5, 1, &word);
    assert_true(word == h5r_mix64(h5r_mix64(42 + gamma) + 6 * gamma));
    d = data_of(H5R_DATA_RANDOM, H5R_U8, H5R_U8);
    h5r_data_fill(&d, 40, 8, byte);
    assert_memory_equal(byte, &word, 8);

    double x;
    d = data_of(H5R_DATA_SMOOTH, H5R_F64, H5R_F64);
    h5r_data_fill(&d, 1000, 1, &x);
    int t = (int16_t)(uint16_t)(h5r_mix64(42 + gamma) + 1000 * 13);
    int height = t * (32767 - (t < 0 ? -t - 1 : t));
    assert_true(x == floor(height / 64.0) / (1 << 22));
}

static void smooth_data_are_smooth(void **state)
{
    (void)state;
    static double f64[N];
    static int16_t i16[N];
    h5r_data_t d = data_of(H5R_DATA_SMOOTH, H5R_F64, H5R_F64);
    h5r_data_fill(&d, 0, N, f64);
    d = data_of(H5R_DATA_SMOOTH, H5R_I16, H5R_I16);
    h5r_data_fill(&d, 0, N, i16);
    int changes = 0;
    for (int i = 1; i < N; i++) {
        assert_true(fabs(f64[i] - f64[i - 1]) < 0.01);
        assert_true(abs(i16[i] - i16[i - 1]) < 20);
        changes += f64[i] != f64[i - 1];
    }
    assert_true(changes > N / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mixed_types_are_exact),
        cmocka_unit_test(random_values_use_their_range),
        cmocka_unit_test(turns_differ_in_every_element),
        cmocka_unit_test(chunks_change_places),
        cmocka_unit_test(ramps_count),
        cmocka_unit_test(seeds_and_places_make_a_difference),
        cmocka_unit_test(data_are_the_same_everywhere),
        cmocka_unit_test(smooth_data_are_smooth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
