/* Negatives become 0, in every type. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bench/update/clip.h"
#include "h5roof/count.h"

#include <math.h>
#include <string.h>

/* X(type of dtype.h, type of C, least value) */
#define TABLE(X)                                                                                             \
    X(H5R_I8, int8_t, INT8_MIN)                                                                              \
    X(H5R_I16, int16_t, INT16_MIN)                                                                           \
    X(H5R_I32, int32_t, INT32_MIN)                                                                           \
    X(H5R_I64, int64_t, INT64_MIN)                                                                           \
    X(H5R_F32, float, -1e-45f)                                                                               \
    X(H5R_F64, double, -5e-324)

static void negatives_become_zero(void **state)
{
    (void)state;
#define X(symbol, type, least)                                                                               \
    {                                                                                                        \
        const type before[] = {least, 5, 0, -1, 7, (type)-100}, after[] = {0, 5, 0, 0, 7, 0};                \
        type one[6], two[6];                                                                                 \
        uint64_t at[3] = {9, 9, 9};                                                                          \
        memcpy(one, before, sizeof one);                                                                     \
        memcpy(two, before, sizeof two);                                                                     \
        assert_int_equal(h5r_count_negatives(symbol, one, 6), 3);                                            \
        assert_memory_equal(one, before, sizeof before);                                                     \
        assert_int_equal(h5r_clip_negatives(symbol, one, 6), 3);                                             \
        assert_memory_equal(one, after, sizeof after);                                                       \
        assert_int_equal(h5r_clip_list(symbol, two, 6, at), 3);                                              \
        assert_memory_equal(two, after, sizeof after);                                                       \
        assert_true(at[0] == 0 && at[1] == 3 && at[2] == 5);                                                 \
        assert_int_equal(h5r_clip_negatives(symbol, one, 6), 0);                                             \
        assert_int_equal(h5r_clip_negatives(symbol, two, 0), 0);                                             \
    }
    TABLE(X)
#undef X
}

static void unsigned_types_have_none(void **state)
{
    (void)state;
    static const h5r_dtype_t types[] = {H5R_U8, H5R_U16, H5R_U32, H5R_U64};
    unsigned char bytes[8], before[8];
    uint64_t at = 9;
    memset(bytes, 0xff, sizeof bytes);
    memcpy(before, bytes, sizeof before);
    for (size_t i = 0; i < H5R_COUNT_OF(types); i++) {
        assert_int_equal(h5r_count_negatives(types[i], bytes, 1), 0);
        assert_int_equal(h5r_clip_negatives(types[i], bytes, 1), 0);
        assert_int_equal(h5r_clip_list(types[i], bytes, 1, &at), 0);
    }
    assert_memory_equal(bytes, before, sizeof before);
    assert_int_equal(at, 9);
}

static void negative_zero_stays(void **state)
{
    (void)state;
    double x = -0.0;
    assert_int_equal(h5r_clip_negatives(H5R_F64, &x, 1), 0);
    assert_true(signbit(x));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(negatives_become_zero),
        cmocka_unit_test(unsigned_types_have_none),
        cmocka_unit_test(negative_zero_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
