/* Memory that begins where it is asked to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "h5roof/buffer.h"
#include "h5roof/count.h"

#include <string.h>
#include <unistd.h>

static const size_t sizes[] = {0, 1, 7, 4095, 4096, 4097, 1 << 20, (1 << 24) + 3};
static const size_t offsets[] = {0, 1, 8, 16, 2048, 4080, H5R_PAST_PAGE_MAX};

static void buffers_begin_where_asked(void **state)
{
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    (void)state;
    for (size_t s = 0; s < H5R_COUNT_OF(sizes); s++) {
        for (size_t o = 0; o < H5R_COUNT_OF(offsets); o++) {
            char *buffer = h5r_buffer_new(sizes[s], offsets[o]);
            assert_non_null(buffer);
            assert_int_equal((uintptr_t)buffer % page, offsets[o]);
            assert_int_equal(h5r_buffer_past_page(buffer), offsets[o]);
            for (size_t i = 0; i < sizes[s]; i += 512) {
                assert_int_equal(buffer[i], 1);
            }
            memset(buffer, 0, sizes[s] > 0 ? sizes[s] : 1);
            h5r_buffer_free(buffer);
        }
    }
}

static void what_cannot_be_is_refused(void **state)
{
    (void)state;
    assert_null(h5r_buffer_new(SIZE_MAX, 0));
    assert_null(h5r_buffer_new(SIZE_MAX - 4096, 8));
    assert_null(h5r_buffer_new((size_t)PTRDIFF_MAX - 10, 16));
    h5r_buffer_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buffers_begin_where_asked),
        cmocka_unit_test(what_cannot_be_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
