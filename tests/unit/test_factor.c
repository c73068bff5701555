#include "core/base/nearest.h"
#include "core/factors/factor.h"
#include "h5roof/count.h"
#include "h5roof/driver.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const h5r_factor_t *find(const char *name)
{
    const h5r_factor_t *factor = h5r_factor_find(name);
    assert_non_null(factor);
    return factor;
}

static void set(h5r_factors_t *f, const char *name, const char *text)
{
    h5r_error_t err = {0};
    if (h5r_factor_parse(find(name), text, f, &err) != H5R_OK) {
        fail_msg("%s=%s: %s", name, text, err.message);
    }
}

/* Every factor at its default: text -> value -> text is stable, and the documentation is there. */
static void table_is_sound(void **state)
{
    h5r_factors_t f;
    char text[H5R_TEXT_SIZE], again[H5R_TEXT_SIZE];
    (void)state;
    h5r_factors_default(&f);
    for (size_t i = 0; i < H5R_FACTORS; i++) {
        const h5r_factor_t *factor = &h5r_factor_table[i];
        h5r_error_t err = {0};
        h5r_factors_t g = f;
        assert_ptr_equal(h5r_factor_find(factor->name), factor);
        assert_true(strlen(factor->help) > 10);
        assert_int_equal(h5r_factor_parse(factor, factor->default_text, &g, &err), H5R_OK);
        assert_true(h5r_factor_equal(factor, &f, &g));
        h5r_factor_format(factor, &f, text, sizeof text);
        assert_int_equal(h5r_factor_parse(factor, text, &g, &err), H5R_OK);
        assert_true(h5r_factor_equal(factor, &f, &g));
        assert_string_equal(h5r_factor_format(factor, &g, again, sizeof again), text);
        for (int c = 0; factor->choices && factor->choices[c]; c++) {
            set(&g, factor->name, factor->choices[c]);
            assert_string_equal(h5r_factor_format(factor, &g, text, sizeof text), factor->choices[c]);
        }
    }
}

static void defaults(void **state)
{
    h5r_factors_t f;
    (void)state;
    h5r_factors_default(&f);
    assert_int_equal(f.driver, H5R_DRIVER_MPIO);
    assert_int_equal(f.shape.n, 2);
    assert_int_equal(f.shape.d[1], 1024);
    assert_int_equal(f.dtype, H5R_F64);
    assert_int_equal(h5r_factors_file_dtype(&f), H5R_F64);
    assert_int_equal(f.access.kind, H5R_ACCESS_WHOLE);
    assert_int_equal(f.chunk.n, 0);
    assert_int_equal(f.max_ops, 100000);
    assert_int_equal(f.family_member, 64 << 20);
    assert_string_equal(f.hints, "");
    assert_int_equal(f.libver, H5R_LIBVER_EARLIEST);
    assert_int_equal(f.data, H5R_DATA_SMOOTH);
}

static void canonical_text(void **state)
{
    static const struct {
        const char *factor, *text, *canonical;
    } known[] = {
        {"filter", "deflate", "deflate:6"},
        {"filter", "shuffle+deflate:0+fletcher32", "shuffle+deflate:0+fletcher32"},
        {"filter", "fletcher32+shuffle", "fletcher32+shuffle"},
        {"filter", "none", "none"},
        {"filter", "szip+fletcher32", "szip:16+fletcher32"},
        {"filter", "nbit:12", "nbit:12"},
        {"filter", "scaleoffset", "scaleoffset"},
        {"filter", "zstd:22+bzip2+lz4+lzf", "zstd:22+bzip2:9+lz4+lzf"},
        {"filter", "blosc", "blosc:5"},
        {"shape", "2kx3", "2000x3"},
        {"shape", "1x1x1x1x1x1", "1x1x1x1x1x1"},
        {"chunk", "none", ""},
        {"access", "65536", "64KiB"},
        {"access", "plane", "plane"},
        {"chunk_cache", "1.5MiB", "1536KiB"},
        {"chunk_cache", "0", "0B"},
        {"max_ops", "10k", "10000"},
        {"read_shift", "auto", "auto"},
        {"read_shift", "0", "0"},
        {"read_shift", "1000000000", "1000000000"},
        {"cache", "dropped", "dropped"},
        {"hints", "none", ""},
        {"hints", "cb_nodes=1;a=b=c", "cb_nodes=1;a=b=c"},
        {"core_backing", "true", "true"},
        {"file_dtype", "same", "same"},
    };
    char text[H5R_TEXT_SIZE];
    (void)state;
    for (size_t i = 0; i < H5R_COUNT_OF(known); i++) {
        h5r_factors_t f;
        h5r_factors_default(&f);
        set(&f, known[i].factor, known[i].text);
        assert_string_equal(h5r_factor_format(find(known[i].factor), &f, text, sizeof text),
                            known[i].canonical);
    }
}

static void refused_text(void **state)
{
    static const struct {
        const char *factor, *text, *message;
    } known[] = {
        {"layout", "chunkd",
         "unknown layout 'chunkd': one of contiguous, chunked, compact, virtual; did you mean 'chunked'?"},
        {"layout", "", "unknown layout '': one of contiguous, chunked, compact, virtual"},
        {"shape", "", "shape '' is not a list of dimensions such as [64, 64] or 64x64"},
        {"shape", "none", "shape 'none' is not a list of dimensions such as [64, 64] or 64x64"},
        {"shape", "64x", "shape '64x' is not a list of dimensions such as [64, 64] or 64x64"},
        {"shape", "64xx4", "shape '64xx4' is not a list of dimensions such as [64, 64] or 64x64"},
        {"shape", "0", "shape '0': dimension 0 is out of range, 1 to 1099511627776"},
        {"shape", "1x1x1x1x1x1x1", "shape '1x1x1x1x1x1x1' has more than 6 dimensions"},
        {"filter", "deflate:", "filter 'deflate:': the level of deflate is 0 to 9"},
        {"filter", "deflate:10", "filter 'deflate:10': the level of deflate is 0 to 9"},
        {"filter", "deflate:-1", "filter 'deflate:-1': the level of deflate is 0 to 9"},
        {"filter", "nbit", "filter 'nbit': the number of bits of nbit is 2 to 63"},
        {"filter", "nbit:64", "filter 'nbit:64': the number of bits of nbit is 2 to 63"},
        {"filter", "szip:34", "filter 'szip:34': the number of pixels in a block of szip is 2 to 32"},
        {"filter", "lz4:1", "filter 'lz4:1': lz4 takes no number"},
        {"filter", "zsdt",
         "unknown filter 'zsdt': none, deflate, shuffle, fletcher32, szip, nbit, scaleoffset, lz4, bzip2, "
         "lzf, "
         "zstd, blosc; did you mean 'zstd'?"},
        {"filter", "lz4+lzf+zstd+blosc+bzip2", "filter 'bzip2': more than 4 filters"},
        {"filter", "deflate+deflate:2", "filter 'deflate' occurs twice"},
        {"filter", "shuffle:1", "filter 'shuffle:1': shuffle takes no number"},
        {"family_member", "1023", "family_member '1023' is out of range, 1KiB to 1PiB"},
        {"read_shift", "none", "read_shift 'none' is not a whole number such as 521 or 100k, nor auto"},
        {"read_shift", "1000000001", "read_shift '1000000001' is out of range, 0 to 1000000000"},
        {"chunk_slots", "0", "chunk_slots '0' is out of range, 1 to 1000000000"},
        {"core_backing", "True", "core_backing 'True' is neither true nor false"},
        {"hints", "=1", "hints: '=1' is not key=value"},
        {"hints", "a=1;;b=2", "hints: '' is not key=value"},
        {"hints", "a=1;b=2;a=3", "hints: 'a' is given twice"},
        {"data_file", "a\033[31m.h5:/x", "data_file contains a control character"},
    };
    (void)state;
    for (size_t i = 0; i < H5R_COUNT_OF(known); i++) {
        h5r_factors_t f, before;
        h5r_error_t err = {0};
        h5r_factors_default(&f);
        before = f;
        assert_int_equal(h5r_factor_parse(find(known[i].factor), known[i].text, &f, &err), H5R_USAGE);
        /* How the largest size is written is for units.c to say. */
        size_t compared = strcmp(known[i].factor, "family_member") == 0 ? 45 : strlen(known[i].message) + 1;
        assert_memory_equal(err.message, known[i].message, compared);
        assert_true(h5r_factor_equal(find(known[i].factor), &f, &before));
    }
}

static void overlong_text(void **state)
{
    static const char *const names[] = {"data_file", "hints",  "shape",  "chunk",
                                        "filter",    "layout", "access", "max_ops"};
    char text[2000];
    (void)state;
    memset(text, '1', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    for (size_t i = 0; i < H5R_COUNT_OF(names); i++) {
        h5r_factors_t f;
        h5r_error_t err = {0};
        h5r_factors_default(&f);
        assert_int_equal(h5r_factor_parse(find(names[i]), text, &f, &err), H5R_USAGE);
    }
}

/* Identities are in results that exist: these numbers must never change. */
static void identity(void **state)
{
    h5r_factors_t f, g;
    (void)state;
    h5r_factors_default(&f);
    assert_true(h5r_factors_hash(&f) == UINT64_C(0xcbf29ce484222325)); /* FNV-1a of nothing */
    set(&f, "driver", "sec2");
    set(&f, "shape", "2048x2048");
    set(&f, "layout", "chunked");
    set(&f, "chunk", "64x64");
    set(&f, "filter", "shuffle+deflate:6");
    assert_true(h5r_factors_hash(&f) == UINT64_C(0x9036c09e37c9ee96));
    g = f;
    set(&g, "filter", "shuffle+deflate");
    assert_true(h5r_factors_hash(&g) == h5r_factors_hash(&f));
    set(&g, "chunk_cache", "2MiB");
    assert_true(h5r_factors_hash(&g) != h5r_factors_hash(&f));
    h5r_factor_copy(find("chunk_cache"), &g, &f);
    assert_true(h5r_factors_hash(&g) == h5r_factors_hash(&f));
}

static void conversion(void **state)
{
    h5r_factors_t f;
    (void)state;
    h5r_factors_default(&f);
    assert_false(h5r_factors_converts(&f));
    set(&f, "file_dtype", "f64");
    assert_false(h5r_factors_converts(&f));
    set(&f, "file_dtype", "f32");
    assert_int_equal(h5r_factors_file_dtype(&f), H5R_F32);
    assert_true(h5r_factors_converts(&f));
    set(&f, "file_dtype", "same");
    set(&f, "byte_order", "little");
    bool little = h5r_factors_converts(&f);
    set(&f, "byte_order", "big");
    assert_true(h5r_factors_converts(&f) != little);
    set(&f, "dtype", "i8"); /* one byte has no order */
    assert_false(h5r_factors_converts(&f));
}

static void nearest(void **state)
{
    static const char *const words[] = {"chunk", "chunk_cache", "chunk_slots", "mode", "é", NULL};
    (void)state;
    assert_string_equal(h5r_nearest("chnk", words), "chunk");
    assert_string_equal(h5r_nearest("chunks", words), "chunk");
    assert_string_equal(h5r_nearest("chunk_chace", words), "chunk_cache");
    assert_string_equal(h5r_nearest("moed", words), "mode");
    assert_null(h5r_nearest("colour", words));
    assert_null(h5r_nearest("x", words));
    assert_null(h5r_nearest("", words));
}

static void drivers(void **state)
{
    h5r_factors_t f;
    (void)state;
    h5r_factors_default(&f);
    assert_int_equal(h5r_factors_files(&f), H5R_FILES_SHARED);
    assert_true(h5r_factors_collective(&f));
    set(&f, "mode", "independent");
    assert_false(h5r_factors_collective(&f));
    set(&f, "mode", "collective");
    for (int32_t d = 0; d < H5R_DRIVER_COUNT; d++) {
        f.driver = (h5r_driver_t)d;
        assert_string_equal(h5r_driver_of(&f)->name, find("driver")->choices[d]);
        assert_true(h5r_driver_of(&f)->shared || h5r_driver_of(&f)->per_rank);
        assert_true(strlen(h5r_driver_of(&f)->help) > 10);
        f.files = H5R_FILES_PER_RANK;
        assert_false(h5r_factors_collective(&f));
        f.files = H5R_FILES_AUTO;
    }
    set(&f, "driver", "core");
    assert_true(h5r_factors_volatile(&f) && !h5r_factors_on_disk(&f));
    set(&f, "core_backing", "true");
    assert_true(!h5r_factors_volatile(&f) && h5r_factors_on_disk(&f));
    assert_int_equal(h5r_factors_files(&f), H5R_FILES_PER_RANK);
    set(&f, "driver", "memory");
    assert_true(h5r_factors_volatile(&f) && !h5r_factors_on_disk(&f));
}

/* What has a name has a meaning, in the same order; workloads tell theirs themselves. */
static void every_choice_is_explained(void **state)
{
    (void)state;
    for (size_t i = 0; i < H5R_FACTORS; i++) {
        const h5r_factor_t *f = &h5r_factor_table[i];
        if (!f->choices || strcmp(f->name, "workload") == 0) {
            continue;
        }
        if (!f->meanings) {
            fail_msg("%s: no meanings", f->name);
        }
        for (size_t k = 0; f->choices[k]; k++) {
            if (!f->meanings[k] || !f->meanings[k][0]) {
                fail_msg("%s: nothing is said of %s", f->name, f->choices[k]);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_is_sound),
        cmocka_unit_test(defaults),
        cmocka_unit_test(canonical_text),
        cmocka_unit_test(refused_text),
        cmocka_unit_test(overlong_text),
        cmocka_unit_test(identity),
        cmocka_unit_test(conversion),
        cmocka_unit_test(nearest),
        cmocka_unit_test(every_choice_is_explained),
        cmocka_unit_test(drivers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
