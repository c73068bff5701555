/* The fill value in every type: what it is, what counts as it, and which types have none. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/factors/factor.h"
#include "h5roof/fill.h"

static h5r_factors_t with(h5r_dtype_t dtype, h5r_fill_value_t value)
{
    h5r_factors_t f;
    h5r_factors_default(&f);
    f.dtype = dtype;
    f.fill_value = value;
    return f;
}

static void elements_are_the_value(void **state)
{
    (void)state;
    float single;
    double value;
    int16_t small;
    int64_t large;
    h5r_factors_t f = with(H5R_F32, H5R_FILL_MINUS_ONE);
    assert_true(h5r_fill_element(&f, &single));
    assert_true(single == -1.0f);
    f = with(H5R_F64, H5R_FILL_NAN);
    assert_true(h5r_fill_element(&f, &value));
    assert_true(isnan(value));
    f = with(H5R_I16, H5R_FILL_MINUS_ONE);
    assert_true(h5r_fill_element(&f, &small));
    assert_int_equal(small, -1);
    f = with(H5R_I64, H5R_FILL_ZERO);
    assert_true(h5r_fill_element(&f, &large));
    assert_true(large == 0);
    f = with(H5R_F64, H5R_FILL_DEFAULT);
    assert_false(h5r_fill_element(&f, &value)); /* nothing is set */
    assert_true(value == 0.0);
}

/* Whatever type and value: fill values pass, poison does not, and a wrong one among them is found. */
static void check_finds_the_first_that_is_not(void **state)
{
    (void)state;
    for (int t = 0; t < H5R_DTYPE_COUNT; t++) {
        for (int v = H5R_FILL_DEFAULT; v <= H5R_FILL_NAN; v++) {
            h5r_factors_t f = with((h5r_dtype_t)t, (h5r_fill_value_t)v);
            char reason[100], buffer[8 * 5] = {0};
            const size_t size = h5r_dtype_size((h5r_dtype_t)t);
            if (!h5r_fill_fits(&f, reason, sizeof reason)) {
                continue;
            }
            h5r_fill_poison(&f, 5, buffer);
            assert_int_equal(h5r_fill_check(&f, 5, buffer), 0);
            for (size_t i = 0; i < 5; i++) {
                h5r_fill_element(&f, buffer + i * size);
            }
            assert_int_equal(h5r_fill_check(&f, 5, buffer), 5);
            buffer[3 * size + size - 1] ^= 0x20; /* in the exponent of a floating point number */
            assert_int_equal(h5r_fill_check(&f, 5, buffer), 3);
            assert_int_equal(h5r_fill_check(&f, 3, buffer), 3);
        }
    }
}

static void types_that_cannot_hold_it(void **state)
{
    (void)state;
    char reason[100];
    h5r_factors_t f = with(H5R_I32, H5R_FILL_NAN);
    assert_false(h5r_fill_fits(&f, reason, sizeof reason));
    assert_string_equal(reason, "type i32 has no NaN to fill with");
    f = with(H5R_U8, H5R_FILL_MINUS_ONE);
    assert_false(h5r_fill_fits(&f, reason, sizeof reason));
    assert_string_equal(reason, "type u8 has no sign, so -1 cannot be its fill value");
    f = with(H5R_F64, H5R_FILL_NAN);
    f.file_dtype = H5R_I64;
    assert_false(h5r_fill_fits(&f, reason, sizeof reason));
    f = with(H5R_U8, H5R_FILL_ZERO);
    assert_true(h5r_fill_fits(&f, reason, sizeof reason));
}

static void never_promises_nothing(void **state)
{
    (void)state;
    h5r_factors_t f = with(H5R_F64, H5R_FILL_ZERO);
    assert_true(h5r_fill_promised(&f));
    f.fill_time = H5R_FILL_NEVER;
    assert_false(h5r_fill_promised(&f));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_are_the_value),
        cmocka_unit_test(check_finds_the_first_that_is_not),
        cmocka_unit_test(types_that_cannot_hold_it),
        cmocka_unit_test(never_promises_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
