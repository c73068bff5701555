/* The filter pipeline without HDF5 against HDF5's own: the stored bytes of a chunk are the same, and read
 * back. */
#include "core/factors/factor.h"
#include "engine/store/hdf5_util.h"
#include "h5roof/count.h"
#include "h5roof/data.h"
#include "h5roof/pipeline.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MAX_BYTES 65536

static const char *const pipelines[] = {"deflate:0",
                                        "deflate:1",
                                        "deflate:6",
                                        "deflate:9",
                                        "shuffle",
                                        "fletcher32",
                                        "shuffle+deflate:1",
                                        "shuffle+deflate:6+fletcher32",
                                        "fletcher32+deflate:4",
                                        "deflate:2+shuffle",
                                        "fletcher32+shuffle+deflate:9",
                                        "shuffle+fletcher32"};

/* The sample has all bits set: nothing makes the sums of the checksum larger. */
static const h5r_data_kind_t kinds[] = {H5R_DATA_ZEROS, H5R_DATA_RAMP, H5R_DATA_SMOOTH, H5R_DATA_RANDOM,
                                        H5R_DATA_SAMPLE};
static const h5r_dtype_t types[] = {H5R_U8, H5R_I16, H5R_F32, H5R_F64};

/* One chunk that is the whole dataset, as HDF5 stores it in memory. */
static size_t stored_by_hdf5(const h5r_factors_t *f, const void *values, unsigned char *raw, unsigned *mask)
{
    h5r_error_t err = {0};
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    assert_true(H5Pset_fapl_core(access, 1 << 16, 0) >= 0);
    hid_t file = H5Fcreate("pipeline.h5", H5F_ACC_TRUNC, H5P_DEFAULT, access);
    hid_t creation = h5r_hdf5_creation_list(f, &err);
    hsize_t n = f->shape.d[0], zero = 0, bytes = 0;
    hid_t space = H5Screate_simple(1, &n, NULL);
    hid_t type = h5r_hdf5_memory_type(f->dtype);
    hid_t dataset = H5Dcreate2(file, "data", type, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    assert_true(file >= 0 && creation >= 0 && space >= 0 && dataset >= 0);
    assert_true(H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
    assert_true(H5Fflush(file, H5F_SCOPE_LOCAL) >= 0);
    assert_true(H5Dget_chunk_storage_size(dataset, &zero, &bytes) >= 0);
    assert_true(bytes <= 2 * MAX_BYTES);
    uint32_t filters = 0;
    assert_true(H5Dread_chunk(dataset, H5P_DEFAULT, &zero, &filters, raw) >= 0);
    *mask = filters;
    assert_true(H5Dclose(dataset) >= 0 && H5Sclose(space) >= 0 && H5Pclose(creation) >= 0);
    assert_true(H5Fclose(file) >= 0 && H5Pclose(access) >= 0);
    return (size_t)bytes;
}

static h5r_factors_t chunk_of(const char *pipeline, h5r_dtype_t dtype, uint64_t elements)
{
    h5r_factors_t f;
    h5r_error_t err = {0};
    h5r_factors_default(&f);
    assert_int_equal(h5r_factor_parse(h5r_factor_find("filter"), pipeline, &f, &err), H5R_OK);
    f.layout = H5R_LAYOUT_CHUNKED;
    f.dtype = dtype;
    f.shape = f.chunk = (h5r_dims_t){.n = 1, .d = {elements}};
    return f;
}

static void check_chunk(const char *pipeline, h5r_data_kind_t kind, h5r_dtype_t dtype, uint64_t elements)
{
    static union {
        uint64_t align;
        unsigned char bytes[MAX_BYTES];
    } values;
    static unsigned char raw[2 * MAX_BYTES];
    h5r_factors_t f = chunk_of(pipeline, dtype, elements);
    h5r_data_t data = {.kind = kind, .seed = 3, .dtype = dtype, .file_dtype = dtype};
    size_t size = h5r_dtype_size(dtype), bytes = size * (size_t)elements;
    if (kind == H5R_DATA_SAMPLE) {
        memset(values.bytes, 0xff, bytes);
    } else {
        h5r_data_fill(&data, 0, elements, values.bytes);
    }

    h5r_error_t err = {0};
    h5r_block_t a = {0}, b = {0};
    assert_int_equal(h5r_block_reserve(&a, bytes, &err), H5R_OK);
    assert_int_equal(h5r_block_reserve(&b, bytes, &err), H5R_OK);
    memcpy(a.bytes, values.bytes, bytes);
    a.size = bytes;
    unsigned skipped = 0, hdf5_mask = 0;
    assert_int_equal(h5r_pipeline_forward(&f.filter, size, &a, &b, &skipped, &err), H5R_OK);

    size_t expected = stored_by_hdf5(&f, values.bytes, raw, &hdf5_mask);
    if (a.size != expected || skipped != hdf5_mask || memcmp(a.bytes, raw, expected) != 0) {
        fail_msg("%s, data kind %d, %s x %" PRIu64 ": %zu bytes, mask %x; HDF5 has %zu, mask %x", pipeline,
                 (int)kind, h5r_dtype_name(dtype), elements, a.size, skipped, expected, hdf5_mask);
    }
    assert_int_equal(h5r_pipeline_backward(&f.filter, size, bytes, &a, &b, skipped, &err), H5R_OK);
    assert_int_equal(a.size, bytes);
    assert_memory_equal(a.bytes, values.bytes, bytes);
    h5r_block_free(&a);
    h5r_block_free(&b);
}

static void stores_what_hdf5_stores(void **state)
{
    (void)state;
    /* 361: a checksum's inner loop and one more; odd numbers of bytes; one element */
    static const uint64_t sizes[] = {1, 3, 361, 721, 4096};
    for (size_t p = 0; p < H5R_COUNT_OF(pipelines); p++) {
        for (size_t k = 0; k < H5R_COUNT_OF(kinds); k++) {
            for (size_t t = 0; t < H5R_COUNT_OF(types); t++) {
                for (size_t n = 0; n < H5R_COUNT_OF(sizes); n++) {
                    check_chunk(pipelines[p], kinds[k], types[t], sizes[n]);
                }
            }
        }
    }
}

static void a_flipped_bit_is_caught(void **state)
{
    (void)state;
    h5r_factors_t f = chunk_of("shuffle+fletcher32", H5R_F64, 100);
    for (size_t at = 0; at < 100 * sizeof(double) + 4; at += 67) {
        h5r_error_t err = {0};
        h5r_block_t a = {0}, b = {0};
        unsigned skipped = 0;
        assert_int_equal(h5r_block_reserve(&a, 100 * sizeof(double), &err), H5R_OK);
        assert_int_equal(h5r_block_reserve(&b, 100 * sizeof(double), &err), H5R_OK);
        a.size = 100 * sizeof(double);
        memset(a.bytes, 7, a.size);
        assert_int_equal(h5r_pipeline_forward(&f.filter, 8, &a, &b, &skipped, &err), H5R_OK);
        a.bytes[at] ^= 4;
        assert_int_equal(h5r_pipeline_backward(&f.filter, 8, 800, &a, &b, skipped, &err), H5R_IO);
        assert_non_null(strstr(err.message, "checksum"));
        h5r_block_free(&a);
        h5r_block_free(&b);
    }
}

static void a_broken_stream_is_an_error(void **state)
{
    (void)state;
    h5r_factors_t f = chunk_of("deflate:5", H5R_F64, 100);
    h5r_error_t err = {0};
    h5r_block_t a = {0}, b = {0};
    assert_int_equal(h5r_block_reserve(&a, 800, &err), H5R_OK);
    assert_int_equal(h5r_block_reserve(&b, 800, &err), H5R_OK);
    a.size = 40;
    memset(a.bytes, 0xff, a.size);
    assert_int_equal(h5r_pipeline_backward(&f.filter, 8, 800, &a, &b, 0, &err), H5R_IO);
    assert_non_null(strstr(err.message, "zlib"));
    h5r_block_free(&a);
    h5r_block_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stores_what_hdf5_stores),
        cmocka_unit_test(a_flipped_bit_is_caught),
        cmocka_unit_test(a_broken_stream_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
