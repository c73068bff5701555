/* The record of an error. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "h5roof/error.h"

#include <string.h>

static void origin_and_context(void **state)
{
    (void)state;
    h5r_error_t err;
    assert_int_equal(h5r_fail(&err, H5R_IO, "write of %d bytes", 7), H5R_IO);
    assert_int_equal(err.code, H5R_IO);
    assert_string_equal(err.message, "write of 7 bytes");
    assert_int_equal(h5r_context(&err, "case '%s'", "a"), H5R_IO);
    assert_string_equal(err.message, "case 'a': write of 7 bytes");
}

static void long_messages_are_cut(void **state)
{
    (void)state;
    static char text[2 * H5R_MESSAGE_SIZE];
    memset(text, 'x', sizeof text - 1);
    h5r_error_t err;
    h5r_fail(&err, H5R_ENV, "%s", text);
    assert_int_equal(strlen(err.message), H5R_MESSAGE_SIZE - 1);
    assert_int_equal(h5r_context(&err, "context"), H5R_ENV);
    assert_int_equal(strlen(err.message), H5R_MESSAGE_SIZE - 1);

    h5r_fail(&err, H5R_ENV, "the origin");
    h5r_context(&err, "%s", text);
    assert_int_equal(strlen(err.message), H5R_MESSAGE_SIZE - 1);
    assert_string_equal(err.message + H5R_MESSAGE_SIZE - 1 - strlen(": the origin"), ": the origin");
}

static void lack_of_memory_is_always_said_alike(void **state)
{
    static char text[2 * H5R_MESSAGE_SIZE];
    h5r_error_t err = {0};
    (void)state;
    assert_int_equal(h5r_no_memory(&err, "%d buffers of %s", 2, "1 MiB"), H5R_ENV);
    assert_int_equal(err.code, H5R_ENV);
    assert_string_equal(err.message, "no memory for 2 buffers of 1 MiB");
    assert_int_equal(h5r_no_memory(NULL, "nothing"), H5R_ENV);
    memset(text, 'x', sizeof text - 1);
    h5r_no_memory(&err, "%s", text);
    assert_true(strlen(err.message) < H5R_MESSAGE_SIZE);
}

static void codes_have_a_meaning(void **state)
{
    (void)state;
    assert_string_equal(h5r_status_meaning(H5R_OK), "fine");
    assert_non_null(strstr(h5r_status_meaning(H5R_RESULTS), "cannot be read"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(origin_and_context),
        cmocka_unit_test(long_messages_are_cut),
        cmocka_unit_test(lack_of_memory_is_always_said_alike),
        cmocka_unit_test(codes_have_a_meaning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
