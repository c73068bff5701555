/* Filters are tried by real data: what the library at hand has works, what nobody asked for is not touched,
 * and a plugin that is not there is not. */
#include "core/suite/rules.h"
#include "engine/store/hdf5_filter.h"
#include "engine/store/hdf5_util.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void built_in(void **state)
{
    (void)state;
    h5r_caps_t asked, tried;
    const unsigned all = (1u << H5R_FILTER_LZ4) - 1;
    h5r_caps_query(&asked, false, 0);
    h5r_caps_query(&tried, false, all);
    for (int k = 0; k < H5R_FILTER_LZ4; k++) {
        assert_int_equal(tried.filter[k], asked.filter[k]);
        assert_string_equal(tried.filter_fault[k], "");
    }
    assert_true(tried.filter[H5R_FILTER_SHUFFLE] && tried.filter[H5R_FILTER_FLETCHER32]);
    assert_true(tried.filter[H5R_FILTER_NBIT] && tried.filter[H5R_FILTER_SCALEOFFSET]);
}

static void no_plugins(void **state)
{
    (void)state;
    h5r_caps_t caps;
    h5r_caps_query(&caps, false, 0);
    for (int k = H5R_FILTER_LZ4; k < H5R_FILTER_KINDS; k++) {
        assert_false(caps.filter[k]);
    }
    h5r_caps_query(&caps, false, ~0u);
    for (int k = H5R_FILTER_LZ4; k < H5R_FILTER_KINDS; k++) {
        assert_false(caps.filter[k]);
        assert_string_equal(caps.filter_fault[k], "");
    }
}

/* A filter that passes everything on: it is there, and nothing gets smaller. One that fails. */
static size_t idle(unsigned flags, size_t n, const unsigned values[], size_t bytes, size_t *size,
                   void **buffer)
{
    (void)flags, (void)n, (void)values, (void)size, (void)buffer;
    return bytes;
}

/* Halves the data, and gives back something else. */
static size_t spoils(unsigned flags, size_t n, const unsigned values[], size_t bytes, size_t *size,
                     void **buffer)
{
    (void)n, (void)values;
    if ((flags & H5Z_FLAG_REVERSE) == 0) {
        return bytes / 2;
    }
    free(*buffer);
    *buffer = calloc(2, bytes);
    *size = 2 * bytes;
    return 2 * bytes;
}

static htri_t refuses(hid_t creation, hid_t type, hid_t space)
{
    (void)creation, (void)type, (void)space;
    return -1;
}

static void check_fault(H5Z_func_t filter, H5Z_can_apply_func_t can, const char *fault)
{
    const H5Z_filter_t id = 32004; /* lz4 */
    const H5Z_class2_t class = {H5Z_CLASS_T_VERS, id, 1, 1, "not lz4", can, NULL, filter};
    h5r_caps_t caps;
    assert_true(H5Zregister(&class) >= 0);
    h5r_caps_query(&caps, false, 1u << H5R_FILTER_LZ4);
    assert_false(caps.filter[H5R_FILTER_LZ4]);
    assert_non_null(strstr(caps.filter_fault[H5R_FILTER_LZ4], fault));
    assert_true(H5Zunregister(id) >= 0);
}

static void faulty_plugins(void **state)
{
    (void)state;
    check_fault(idle, NULL, "nothing got smaller");
    check_fault(spoils, NULL, "other data came back");
    check_fault(idle, refuses, "H5Dcreate2 failed");
}

int main(void)
{
    setenv("HDF5_PLUGIN_PATH", "/nonexistent", 1);
    h5r_hdf5_silence();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(built_in),
        cmocka_unit_test(no_plugins),
        cmocka_unit_test(faulty_plugins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
