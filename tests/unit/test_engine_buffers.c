/* Every buffer of the engine whose speed is measured begins on a page. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/factors/factor.h"
#include "engine/repetition/bench.h"
#include "engine/store/store.h"
#include "h5roof/buffer.h"
#include "h5roof/count.h"
#include "h5roof/pipeline.h"

#include <stdlib.h>

/* Sizes that malloc would take from its heap, and from the kernel. */
static const uint64_t sizes[] = {1, 24, 4096, 5000, 1 << 20, 40 << 20};

static void those_of_cases_and_roofs(void **state)
{
    h5r_bench_t bench = {.ctx = NULL};
    h5r_error_t err = {0};
    (void)state;
    for (size_t i = 0; i < H5R_COUNT_OF(sizes); i++) {
        assert_int_equal(h5r_bench_reserve(&bench, sizes[i], &err), H5R_OK);
        assert_int_equal(h5r_buffer_past_page(bench.write_buffer), 0);
        assert_int_equal(h5r_buffer_past_page(bench.read_buffer), 0);
        /* room for a case whose buffers begin later */
        bench.write_buffer[sizes[i] + H5R_PAST_PAGE_MAX - 1] = 1;
        bench.read_buffer[sizes[i] + H5R_PAST_PAGE_MAX - 1] = 1;
    }
    h5r_bench_free(&bench);
}

static void those_of_filters(void **state)
{
    h5r_error_t err = {0};
    (void)state;
    for (size_t i = 0; i < H5R_COUNT_OF(sizes); i++) {
        h5r_block_t block = {0};
        assert_int_equal(h5r_block_reserve(&block, sizes[i], &err), H5R_OK);
        assert_int_equal(h5r_buffer_past_page(block.bytes), 0);
        h5r_block_free(&block);
    }
}

/* It keeps its data at the begin of its image, which a copy of nothing but the pointer finds. */
static void that_of_the_memory_store(void **state)
{
    const h5r_store_kind_ops_t *ops = &h5r_store_memory_ops;
    h5r_error_t err = {0};
    h5r_factors_t factors;
    (void)state;
    h5r_factors_default(&factors);
    for (size_t i = 0; i < H5R_COUNT_OF(sizes); i++) {
        h5r_store_t store = {.ops = ops, .factors = &factors, .element_bytes = 1};
        store.file_shape = (h5r_dims_t){.n = 1, .d = {sizes[i]}};
        store.own = calloc(1, ops->private_bytes);
        assert_non_null(store.own);
        assert_int_equal(ops->prepare(&store, &err), H5R_OK);
        assert_int_equal(ops->private_bytes, sizeof(char *));
        assert_int_equal(h5r_buffer_past_page(*(char **)store.own), 0);
        ops->release(&store);
        free(store.own);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(those_of_cases_and_roofs),
        cmocka_unit_test(those_of_filters),
        cmocka_unit_test(that_of_the_memory_store),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
