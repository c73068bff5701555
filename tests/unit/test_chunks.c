/* Chunks of small datasets, element by element: the value of an element is its place in the dataset. */
#include "h5roof/chunks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define MOST 1000

static void check(h5r_dims_t shape, h5r_dims_t chunk)
{
    uint16_t dataset[MOST], out[MOST], seen[MOST] = {0};
    uint64_t elements = 1;
    for (int d = 0; d < shape.n; d++) {
        elements *= shape.d[d];
    }
    assert_true(elements < MOST);
    for (uint64_t i = 0; i < elements; i++) {
        dataset[i] = (uint16_t)(i + 1);
    }
    h5r_chunks_t c = h5r_chunks_of(&shape, &chunk);
    for (uint64_t k = 0; k < c.chunks; k++) {
        uint64_t origin[H5R_MAX_NDIMS];
        h5r_chunk_origin(&c, k, origin);
        const h5r_region_t box = h5r_chunk_box(&c, k);
        uint64_t there = 0;
        assert_memory_equal(box.start, origin, (size_t)shape.n * sizeof *origin);
        memset(out, 0xa5, sizeof out);
        h5r_chunk_gather(&c, k, sizeof *out, dataset, out);
        for (uint64_t e = 0; e < c.elements; e++) {
            uint64_t rest = e, at[H5R_MAX_NDIMS], place = 0;
            bool inside = true;
            for (int d = shape.n - 1; d >= 0; d--) {
                at[d] = origin[d] + rest % chunk.d[d];
                rest /= chunk.d[d];
                inside = inside && at[d] < shape.d[d];
            }
            for (int d = 0; d < shape.n; d++) {
                place = place * shape.d[d] + at[d];
            }
            assert_int_equal(out[e], inside ? place + 1 : 0);
            if (inside) {
                seen[place]++;
                there++;
            }
        }
        assert_int_equal(h5r_region_elements(&box), there);
        assert_int_equal(out[c.elements], 0xa5a5);
    }
    for (uint64_t i = 0; i < elements; i++) {
        assert_int_equal(seen[i], 1);
    }
}

static void every_element_is_in_one_chunk(void **state)
{
    (void)state;
    check((h5r_dims_t){1, {10}}, (h5r_dims_t){1, {3}});
    check((h5r_dims_t){1, {1}}, (h5r_dims_t){1, {1}});
    check((h5r_dims_t){2, {23, 11}}, (h5r_dims_t){2, {4, 5}});
    check((h5r_dims_t){2, {8, 8}}, (h5r_dims_t){2, {4, 8}});
    check((h5r_dims_t){3, {5, 4, 7}}, (h5r_dims_t){3, {2, 4, 3}});
    check((h5r_dims_t){4, {3, 2, 3, 4}}, (h5r_dims_t){4, {2, 2, 1, 3}});
}

static void numbers(void **state)
{
    (void)state;
    const h5r_dims_t shape = {2, {23, 11}}, chunk = {2, {4, 5}};
    h5r_chunks_t c = h5r_chunks_of(&shape, &chunk);
    uint64_t origin[H5R_MAX_NDIMS];
    assert_int_equal(c.chunks, 18);
    assert_int_equal(c.elements, 20);
    h5r_chunk_origin(&c, 0, origin);
    assert_true(origin[0] == 0 && origin[1] == 0);
    h5r_chunk_origin(&c, 17, origin);
    assert_true(origin[0] == 20 && origin[1] == 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_element_is_in_one_chunk),
        cmocka_unit_test(numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
