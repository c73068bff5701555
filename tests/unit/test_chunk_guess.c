/* The guessed chunks are h5py's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/factors/factor.h"
#include "core/suite/chunk_guess.h"
#include "h5roof/count.h"

/* Made by h5py 3.7: h5py._hl.filters.guess_chunk(shape, None, element bytes). */
static const struct {
    h5r_dims_t shape;
    size_t element_bytes;
    uint64_t chunk[H5R_MAX_NDIMS];
} table[] = {
    {{.n = 3, .d = {100, 480, 640}}, 1, {13, 60, 80}},
    {{.n = 2, .d = {1024, 1024}}, 8, {64, 64}},
    {{.n = 1, .d = {7}}, 1, {7}},
    {{.n = 6, .d = {1, 1, 1, 1, 1, 1}}, 8, {1, 1, 1, 1, 1, 1}},
    {{.n = 2, .d = {100, 1000}}, 4, {13, 250}},
    {{.n = 1, .d = {1000000000}}, 4, {61036}},
    {{.n = 2, .d = {3, 5}}, 2, {3, 5}},
    {{.n = 2, .d = {20000, 20000}}, 8, {157, 157}},
    {{.n = 2, .d = {1, UINT64_C(1000000000000)}}, 8, {1, 119210}},
    {{.n = 4, .d = {50, 60, 70, 80}}, 4, {7, 8, 18, 20}},
    {{.n = 2, .d = {1048576, 3}}, 8, {4096, 1}},
    {{.n = 5, .d = {17, 19, 23, 29, 31}}, 2, {5, 5, 6, 8, 16}},
    {{.n = 3, .d = {100, 480, 640}}, 2, {7, 60, 80}},
    {{.n = 1, .d = {8192}}, 1, {8192}},
    {{.n = 1, .d = {8193}}, 1, {8193}},
    {{.n = 1, .d = {16384}}, 8, {1024}},
    {{.n = 1, .d = {999983}}, 8, {3907}},
    /* dimensions that are still 0, from create_dataset(shape, chunks=True, maxshape=...) */
    {{.n = 3, .d = {0, 250, 250}}, 8, {64, 16, 16}},
    {{.n = 2, .d = {0, 64}}, 8, {128, 16}},
    {{.n = 2, .d = {0, 0}}, 8, {64, 64}},
    {{.n = 3, .d = {0, 0, 30}}, 4, {64, 64, 4}},
    {{.n = 1, .d = {0}}, 8, {1024}},
    {{.n = 2, .d = {0, 10}}, 8, {256, 5}},
    {{.n = 2, .d = {0, 100000}}, 8, {8, 1563}},
    {{.n = 4, .d = {0, 3, 2, 2}}, 2, {512, 2, 2, 2}},
    {{.n = 4, .d = {0, 0, 200, 200}}, 8, {32, 32, 7, 13}},
};

static void guesses_are_those_of_h5py(void **state)
{
    (void)state;
    for (size_t i = 0; i < H5R_COUNT_OF(table); i++) {
        h5r_dims_t chunk = h5r_chunk_guess(&table[i].shape, table[i].element_bytes);
        assert_int_equal(chunk.n, table[i].shape.n);
        for (int d = 0; d < chunk.n; d++) {
            assert_int_equal(chunk.d[d], table[i].chunk[d]);
        }
    }
}

static void guess_is_a_value_of_chunk_only(void **state)
{
    (void)state;
    h5r_factors_t f;
    h5r_error_t err;
    char text[H5R_TEXT_SIZE];
    h5r_factors_default(&f);
    assert_int_equal(h5r_factor_parse(h5r_factor_find("shape"), "guess", &f, &err), H5R_USAGE);
    assert_int_equal(h5r_factor_parse(h5r_factor_find("tile"), "guess", &f, &err), H5R_USAGE);
    assert_int_equal(h5r_factor_parse(h5r_factor_find("chunk"), "guess", &f, &err), H5R_OK);
    assert_string_equal(h5r_factor_format(h5r_factor_find("chunk"), &f, text, sizeof text), "guess");
    h5r_chunk_resolve(&f);
    assert_int_equal(f.chunk.n, H5R_DIMS_GUESS); /* not chunked: left to be complained about */
    f.layout = H5R_LAYOUT_CHUNKED;
    h5r_chunk_resolve(&f);
    assert_string_equal(h5r_factor_format(h5r_factor_find("chunk"), &f, text, sizeof text), "64x64");
    f.file_dtype = H5R_I8;
    f.chunk.n = H5R_DIMS_GUESS;
    h5r_chunk_resolve(&f);
    assert_string_equal(h5r_factor_format(h5r_factor_find("chunk"), &f, text, sizeof text), "128x128");
}

/* A dataset that grows is guessed for as it is when it is created, not as it will be. */
static void a_growing_dataset_begins_at_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *grow, *guess;
    } expected[] = {{"rows", "256x5"}, {"both", "64x64"}};
    h5r_error_t err;
    char text[H5R_TEXT_SIZE];
    for (size_t i = 0; i < H5R_COUNT_OF(expected); i++) {
        h5r_factors_t f;
        h5r_factors_default(&f);
        f.layout = H5R_LAYOUT_CHUNKED;
        assert_int_equal(h5r_factor_parse(h5r_factor_find("workload"), "resize", &f, &err), H5R_OK);
        assert_int_equal(h5r_factor_parse(h5r_factor_find("shape"), "23x10", &f, &err), H5R_OK);
        assert_int_equal(h5r_factor_parse(h5r_factor_find("chunk"), "guess", &f, &err), H5R_OK);
        assert_int_equal(h5r_factor_parse(h5r_factor_find("grow"), expected[i].grow, &f, &err), H5R_OK);
        h5r_chunk_resolve(&f);
        assert_string_equal(h5r_factor_format(h5r_factor_find("chunk"), &f, text, sizeof text),
                            expected[i].guess);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(guesses_are_those_of_h5py),
        cmocka_unit_test(guess_is_a_value_of_chunk_only),
        cmocka_unit_test(a_growing_dataset_begins_at_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
