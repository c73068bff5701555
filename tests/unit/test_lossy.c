/* Values that a conversion changes: which pairs of types have any, and what is expected, by numbers worked
 * out by hand. */
#include "bench/convert/lossy.h"
#include "h5roof/conversion.h"
#include "h5roof/data.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define N 4096

static void pairs(void **state)
{
    (void)state;
    assert_true(h5r_lossy_rounds(H5R_F64, H5R_F32) && h5r_lossy_rounds(H5R_I64, H5R_F64));
    assert_true(h5r_lossy_rounds(H5R_F32, H5R_I64) && h5r_lossy_rounds(H5R_U32, H5R_F32));
    assert_true(h5r_lossy_rounds(H5R_F32, H5R_F16) && h5r_lossy_overflows(H5R_F64, H5R_F16));
    assert_false(h5r_lossy_rounds(H5R_I32, H5R_F16) || h5r_lossy_overflows(H5R_I8, H5R_F16));
    assert_false(h5r_lossy_rounds(H5R_F32, H5R_F64) || h5r_lossy_rounds(H5R_I32, H5R_F64));
    assert_false(h5r_lossy_rounds(H5R_I64, H5R_I8) || h5r_lossy_rounds(H5R_F64, H5R_F64));
    assert_true(h5r_lossy_overflows(H5R_I64, H5R_I32) && h5r_lossy_overflows(H5R_I8, H5R_U64));
    assert_true(h5r_lossy_overflows(H5R_U32, H5R_I32) && h5r_lossy_overflows(H5R_F64, H5R_F32));
    assert_true(h5r_lossy_overflows(H5R_F32, H5R_U64));
    assert_false(h5r_lossy_overflows(H5R_U32, H5R_I64) || h5r_lossy_overflows(H5R_I32, H5R_I32));
    assert_false(h5r_lossy_overflows(H5R_F32, H5R_F64) || h5r_lossy_overflows(H5R_U64, H5R_F32));
}

typedef union {
    uint64_t align;
    unsigned char bytes[N * 8];
} buffer_t;

static void random_values(h5r_dtype_t t, buffer_t *b)
{
    const h5r_data_t data = {.kind = H5R_DATA_RANDOM, .seed = 5, .dtype = t, .file_dtype = t};
    h5r_data_fill(&data, 0, N, b->bytes);
}

/* How many elements do not come back as they were. */
static int changed(h5r_dtype_t memory, h5r_dtype_t file, const buffer_t *before)
{
    static buffer_t after;
    const size_t size = h5r_dtype_size(memory);
    int n = 0;
    memcpy(&after, before, sizeof after);
    h5r_lossy_return(memory, file, after.bytes, N);
    for (size_t i = 0; i < N; i++) {
        n += memcmp(after.bytes + i * size, before->bytes + i * size, size) != 0;
    }
    return n;
}

/* Those that are at a limit of the file's type, or infinite. */
static int at_limits(h5r_dtype_t memory, h5r_dtype_t file, const buffer_t *b)
{
    static buffer_t stored;
    static double real[N];
    int n = 0;
    h5r_convert_clamped(memory, file, b->bytes, stored.bytes, N);
    h5r_convert(file, H5R_F64, false, stored.bytes, real, N);
    const double high = ldexp(1.0, h5r_dtype_bits(file)), low = h5r_dtype_is_signed(file) ? -high : 0.0;
    for (size_t i = 0; i < N; i++) {
        bool clamped = real[i] >= (high > 0x1p53 ? high : high - 1.0) || real[i] <= low;
        n += h5r_dtype_is_float(file) ? isinf(real[i]) != 0 : clamped;
    }
    return n;
}

static void check_rounded(h5r_dtype_t memory, h5r_dtype_t file)
{
    static buffer_t b;
    random_values(memory, &b);
    h5r_lossy_stretch(H5R_VALUES_ROUNDED, memory, file, b.bytes, N);
    int n = changed(memory, file, &b), beyond = at_limits(memory, file, &b);
    if (n < N / 4 || (h5r_dtype_bits(file) > 8 && beyond > N / 100)) {
        fail_msg("%s rounded to %s: %d of %d change, %d are at the limits", h5r_dtype_name(memory),
                 h5r_dtype_name(file), n, N, beyond);
    }
}

static void check_overflow(h5r_dtype_t memory, h5r_dtype_t file)
{
    static buffer_t b;
    random_values(memory, &b);
    h5r_lossy_stretch(H5R_VALUES_OVERFLOW, memory, file, b.bytes, N);
    int n = at_limits(memory, file, &b);
    if (n < N / 3 || n > N - N / 8) {
        fail_msg("%s beyond %s: %d of %d", h5r_dtype_name(memory), h5r_dtype_name(file), n, N);
    }
}

static void stretched_values_do_what_they_say(void **state)
{
    (void)state;
    for (int m = 0; m < H5R_DTYPE_COUNT; m++) {
        for (int f = 0; f < H5R_DTYPE_COUNT; f++) {
            if (h5r_lossy_rounds((h5r_dtype_t)m, (h5r_dtype_t)f)) {
                check_rounded((h5r_dtype_t)m, (h5r_dtype_t)f);
            }
            if (h5r_lossy_overflows((h5r_dtype_t)m, (h5r_dtype_t)f)) {
                check_overflow((h5r_dtype_t)m, (h5r_dtype_t)f);
            }
        }
    }
    check_rounded(H5R_F64, H5R_F16);
    check_rounded(H5R_F32, H5R_F16);
    check_overflow(H5R_F64, H5R_F16);
    check_overflow(H5R_F32, H5R_F16);
    buffer_t before, after;
    random_values(H5R_F64, &before);
    after = before;
    h5r_lossy_stretch(H5R_VALUES_EXACT, H5R_F64, H5R_I8, after.bytes, N);
    assert_memory_equal(&before, &after, sizeof after);
}

static void there_and_back(void **state)
{
    (void)state;
    double f64[] = {0.1, 1e300, -1e300, 16777217.0, 1e-300};
    h5r_lossy_return(H5R_F64, H5R_F32, f64, 5);
    assert_true(f64[0] == (double)0.1f && f64[0] != 0.1 && f64[3] == 16777216.0);
    assert_true(f64[1] == HUGE_VAL && f64[2] == -HUGE_VAL && f64[4] == 0.0);
    int32_t i32[] = {70000, -70000, 5, INT32_MIN};
    h5r_lossy_return(H5R_I32, H5R_I16, i32, 4);
    assert_true(i32[0] == 32767 && i32[1] == -32768 && i32[2] == 5 && i32[3] == -32768);
    int64_t i64[] = {INT64_MAX, (INT64_C(1) << 53) + 1, -1};
    h5r_lossy_return(H5R_I64, H5R_F64, i64, 3);
    assert_true(i64[0] == INT64_MAX && i64[1] == INT64_C(1) << 53 && i64[2] == -1);
    double half[] = {2.5, -2.5, -0.5};
    h5r_lossy_return(H5R_F64, H5R_U8, half, 3);
    assert_true(half[0] == 2.0 && half[1] == 0.0 && half[2] == 0.0);
}

static bool tie(double original, double found)
{
    return h5r_lossy_is_tie(H5R_F64, H5R_F32, &original, &found);
}

static void ties(void **state)
{
    (void)state;
    const double step = 0x1p-23;                       /* between floats from 1 to 2 */
    assert_true(tie(1.0 + step / 2, 1.0 + step));      /* the even neighbour is 1 */
    assert_false(tie(1.0 + step / 2, 1.0 + 2 * step)); /* no neighbour */
    assert_false(tie(1.0 + step / 2, 1.0 - step / 2)); /* the neighbour on the other side */
    assert_false(tie(1.0 + 0.51 * step, 1.0));         /* not in the middle */
    assert_false(tie(1.0, 1.0 + step));                /* needs no rounding */
    assert_true(tie(-1.0 - step / 2, -1.0 - step));
    assert_true(tie(1.0 + 1.5 * step, 1.0 + step)); /* the even neighbour is 1 + 2 steps */
    const double f16[][2] = {{1.0 + 0x1p-11, 1.0 + 0x1p-10}, {-0x1p-25, -0x1p-24}, {0x3p-25, 0x1p-24}};
    for (int i = 0; i < 3; i++) { /* normal; between 0 and the smallest; subnormal, towards 0 */
        assert_true(h5r_lossy_is_tie(H5R_F64, H5R_F16, &f16[i][0], &f16[i][1]));
    }
    assert_false(h5r_lossy_is_tie(H5R_F64, H5R_F16, &f16[0][1], &f16[0][1]));
    const int64_t middle = (INT64_C(1) << 53) + 1, up = middle + 1, far = middle + 3;
    assert_true(h5r_lossy_is_tie(H5R_I64, H5R_F64, &middle, &up));
    assert_false(h5r_lossy_is_tie(H5R_I64, H5R_F64, &middle, &far));
    assert_false(h5r_lossy_is_tie(H5R_I64, H5R_I32, &middle, &up));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs),
        cmocka_unit_test(stretched_values_do_what_they_say),
        cmocka_unit_test(there_and_back),
        cmocka_unit_test(ties),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
