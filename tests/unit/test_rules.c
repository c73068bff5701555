#include "core/factors/factor.h"
#include "core/suite/rules.h"
#include "h5roof/count.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const h5r_caps_t all_caps = {.version = {1, 14, 5},
                                    .filter = {true, true, true, true, true, true, true}};
static const h5r_caps_t few_caps = {.version = {1, 10, 8},
                                    .filter = {false, true, true},
                                    .lacks = {[H5R_DRIVER_DIRECT] = true, [H5R_DRIVER_SUBFILING] = true}};

/* "driver=sec2 layout=chunked chunk=64x64" on top of the defaults. */
static h5r_factors_t factors_of(const char *text)
{
    h5r_factors_t f;
    h5r_error_t err = {0};
    char name[64], value[128];
    h5r_factors_default(&f);
    while (*text) {
        size_t n = strcspn(text, "="), m = strcspn(text + n + 1, " ");
        assert_true(n < sizeof name && m < sizeof value);
        memcpy(name, text, n);
        name[n] = '\0';
        memcpy(value, text + n + 1, m);
        value[m] = '\0';
        const h5r_factor_t *factor = h5r_factor_find(name);
        assert_non_null(factor);
        if (h5r_factor_parse(factor, value, &f, &err) != H5R_OK) {
            fail_msg("%s", err.message);
        }
        text += n + 1 + m;
        text += *text == ' ';
    }
    return f;
}

typedef struct {
    const char *factors;
    int nranks;
    const h5r_caps_t *caps;
    const char *reason; /* part of it; NULL: allowed */
} expectation_t;

static void check(const expectation_t *expected, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        h5r_factors_t f = factors_of(expected[i].factors);
        char reason[H5R_TEXT_SIZE] = "";
        bool allowed = h5r_rules_allow(&f, expected[i].caps, expected[i].nranks, reason, sizeof reason);
        if (allowed != !expected[i].reason) {
            fail_msg("%s with %d ranks: %s %s", expected[i].factors, expected[i].nranks,
                     allowed ? "allowed" : "refused:", reason);
        }
        if (expected[i].reason && !strstr(reason, expected[i].reason)) {
            fail_msg("%s: '%s' lacks '%s'", expected[i].factors, reason, expected[i].reason);
        }
        if (expected[i].reason) {
            assert_true(reason[strlen(reason) - 1] != '.');
        }
    }
}

#define CHECK(...)                                                                                           \
    do {                                                                                                     \
        const expectation_t expected[] = {__VA_ARGS__};                                                      \
        check(expected, H5R_COUNT_OF(expected));                                                             \
    } while (0)

#define CHUNKED "layout=chunked chunk=64x64 "

/* HDF5 holds a chunk against the limit of a dimension; one that is unlimited has none. */
static void chunks_beyond_what_grows(void **state)
{
    (void)state;
#define GROWS "workload=resize shape=16x25 layout=chunked "
    CHECK({GROWS "chunk=64x5", 1, &few_caps, NULL}, {GROWS "chunk=64x5 driver=sec2", 4, &few_caps, NULL},
          {GROWS "chunk=64x26", 1, &few_caps, "chunk 64x26 does not fit into the dataset, 16x25"},
          {GROWS "chunk=64x26 grow=both", 4, &few_caps, NULL},
          {GROWS "chunk=64x26 driver=sec2", 2, &few_caps, "of rank 0, 8x25"},
          {"shape=16x25 layout=chunked chunk=64x5", 1, &few_caps, "of fixed size"});
#undef GROWS
}

static void library(void **state)
{
    (void)state;
    CHECK({"driver=direct", 2, &few_caps, "H5_HAVE_DIRECT"}, {"driver=direct", 2, &all_caps, NULL},
          {"driver=subfiling", 2, &few_caps, "1.14"}, {"driver=subfiling", 2, &all_caps, NULL},
          {CHUNKED "filter=deflate:1", 1, &few_caps, "without the filter deflate"},
          {CHUNKED "filter=shuffle+fletcher32", 1, &few_caps, NULL},
          {CHUNKED "filter=shuffle+deflate:1", 1, &all_caps, NULL});
}

static void files(void **state)
{
    (void)state;
    CHECK({"driver=sec2 files=shared", 1, &all_caps, "driver sec2 has a file per rank"},
          {"driver=sec2 files=per_rank", 2, &all_caps, NULL}, {"driver=sec2", 2, &all_caps, NULL},
          {"driver=sec2 mode=collective", 2, &all_caps, NULL},
          {"driver=memory files=shared", 2, &all_caps, "driver memory"},
          {"driver=mpio files=per_rank", 2, &all_caps, "driver mpio has one file shared"},
          {"driver=mpio files=shared", 2, &all_caps, NULL},
          {"driver=mpiio files=per_rank", 2, &all_caps, NULL},
          {"driver=mpiio files=shared", 2, &all_caps, NULL},
          {"driver=posix files=per_rank", 2, &all_caps, NULL},
          {"driver=posix files=shared", 2, &all_caps, NULL});
}

static void what_has_no_file(void **state)
{
    (void)state;
    CHECK({"driver=memory read_shift=1", 2, &all_caps, "another rank could read"},
          {"driver=core read_shift=1", 2, &all_caps, "another rank could read"},
          {"driver=core read_shift=1 core_backing=true", 2, &all_caps, NULL},
          {"driver=memory read_shift=0", 2, &all_caps, NULL},
          {"driver=memory read_shift=auto", 2, &all_caps, NULL}, {"read_shift=3", 2, &all_caps, NULL},
          {"driver=memory cache=dropped", 2, &all_caps, "no page cache"},
          {"driver=sec2 cache=dropped", 2, &all_caps, NULL});
}

static void without_hdf5(void **state)
{
    static const char *const stores[] = {"mpiio", "posix", "memory"};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        static const struct {
            const char *factors, *reason;
        } known[] = {
            {"", NULL},
            {"layout=chunked chunk=64x64", "has no layouts but contiguous"},
            {"layout=compact shape=4x4", "has no layouts but contiguous"},
            {"filter=shuffle", "has no filters"},
            {"file_dtype=f32", "does not convert"},
            {"file_dtype=f64", NULL},
            {"byte_order=native", NULL},
        };
        for (size_t k = 0; k < H5R_COUNT_OF(known); k++) {
            char text[128];
            assert_true(snprintf(text, sizeof text, "driver=%s%s%s", stores[i],
                                 known[k].factors[0] ? " " : "", known[k].factors) < (int)sizeof text);
            CHECK({text, 2, &all_caps, known[k].reason});
        }
    }
    h5r_factors_t big = factors_of("byte_order=big");
    const char *swapped =
        h5r_factors_converts(&big) ? "driver=posix byte_order=big" : "driver=posix byte_order=little";
    CHECK({swapped, 2, &all_caps, "does not convert"});
}

static void filters(void **state)
{
    (void)state;
    CHECK(
        {"filter=shuffle", 1, &all_caps, "filters need layout chunked"},
        {"driver=sec2 filter=shuffle shape=4x4 layout=compact", 2, &all_caps, "filters need layout chunked"},
        {CHUNKED "filter=shuffle mode=independent", 2, &all_caps, "only collectively"},
        {CHUNKED "filter=shuffle mode=independent", 1, &all_caps, NULL},
        {CHUNKED "filter=shuffle mode=independent", 1, &few_caps, "even with one rank"},
        {CHUNKED "filter=shuffle mode=independent driver=sec2", 1, &few_caps, NULL},
        {CHUNKED "filter=shuffle byte_order=little", 1, &few_caps,
         h5r_order_swaps(H5R_ORDER_LITTLE, H5R_F64) ? "even with one rank" : NULL},
        {CHUNKED "filter=shuffle file_dtype=f32", 1, &few_caps, "even with one rank"},
        {CHUNKED "filter=shuffle mode=collective", 2, &all_caps, NULL},
        {CHUNKED "mode=independent", 2, &all_caps, NULL},
        {CHUNKED "filter=shuffle mode=independent driver=sec2", 2, &all_caps, NULL},
        {CHUNKED "filter=shuffle file_dtype=f32", 2, &all_caps, "with conversion"},
        {CHUNKED "filter=shuffle file_dtype=f32", 1, &all_caps, NULL},
        {CHUNKED "file_dtype=f32", 2, &all_caps, NULL},
        {CHUNKED "filter=shuffle file_dtype=f32 driver=sec2", 2, &all_caps, NULL},
        {CHUNKED "filter=shuffle dtype=i8", 2, &all_caps, NULL});
    /* A program that converts leaves HDF5 nothing to convert. */
    CHECK({CHUNKED "filter=shuffle file_dtype=f32 workload=convert convert_by=program", 2, &all_caps, NULL},
          {CHUNKED "filter=shuffle file_dtype=f32 workload=convert convert_by=program", 1, &few_caps, NULL},
          {"driver=posix file_dtype=f32 workload=convert convert_by=program", 2, &all_caps, NULL},
          {"driver=posix file_dtype=f32 workload=convert", 2, &all_caps, "does not convert"});
}

static void filters_of_elements(void **state)
{
    (void)state;
    CHECK({CHUNKED "filter=nbit:12 dtype=i32 driver=sec2", 2, &all_caps, NULL},
          {CHUNKED "filter=nbit:12+deflate:1 dtype=i32 driver=sec2", 2, &all_caps, NULL},
          {CHUNKED "filter=nbit:12 dtype=i32", 2, &all_caps, "with conversion"},
          {CHUNKED "filter=nbit:32 dtype=i32 driver=sec2", 2, &all_caps, "nothing out of the 32 bits of i32"},
          {CHUNKED "filter=nbit:31 dtype=i32 driver=sec2", 2, &all_caps, NULL},
          {CHUNKED "filter=nbit:12 driver=sec2", 2, &all_caps, "for integers in the file"},
          {CHUNKED "filter=scaleoffset", 2, &all_caps, "for integers in the file"},
          {CHUNKED "filter=scaleoffset dtype=i32", 2, &all_caps, NULL},
          {CHUNKED "filter=shuffle+scaleoffset dtype=i32", 2, &all_caps, "must be the first one"},
          {CHUNKED "filter=szip:16+deflate:1", 2, &all_caps, NULL},
          {CHUNKED "filter=deflate:1+szip:16", 2, &all_caps, "must be the first one"},
          {CHUNKED "filter=szip:15", 2, &all_caps, "an even number"},
          {"layout=chunked chunk=3x5 filter=szip:16", 2, &all_caps, "at most a chunk's 15 elements"},
          {CHUNKED "filter=lz4", 2, &all_caps, NULL},
          {CHUNKED "filter=bzip2", 2, &all_caps, "no plugin for the filter bzip2"},
          {CHUNKED "filter=szip", 2, &few_caps, "built without the filter szip"});
    h5r_caps_t faulty = few_caps;
    snprintf(faulty.filter_fault[H5R_FILTER_BLOSC], sizeof faulty.filter_fault[0], "H5Dcreate2 failed");
    CHECK({CHUNKED "filter=blosc", 2, &faulty, "the filter blosc does not work here: H5Dcreate2 failed"});
}

static void chunks(void **state)
{
    (void)state;
    CHECK({"shape=64x64 layout=chunked chunk=64x65", 1, &all_caps,
           "chunk 64x65 does not fit into the dataset, 64x64"},
          {"shape=64x64 layout=chunked chunk=64x64", 2, &all_caps, NULL},
          {"shape=64x64 layout=chunked chunk=33x64 driver=sec2", 2, &all_caps, "dataset of rank 0, 32x64"},
          {"shape=64x64 layout=chunked chunk=32x64 driver=sec2", 2, &all_caps, NULL},
          /* 65 rows: rank 0 has 33, rank 1 has 32. */
          {"shape=65x64 layout=chunked chunk=33x64 driver=sec2", 2, &all_caps, "dataset of rank 1, 32x64"},
          /* The other ranks own nothing and have no dataset. */
          {"shape=1x64 layout=chunked chunk=1x64 driver=sec2", 4, &all_caps, NULL},
          /* A grid of 2 x 2. */
          {"shape=64x64 layout=chunked chunk=32x32 driver=sec2 decomposition=block", 4, &all_caps, NULL},
          {"shape=64x64 layout=chunked chunk=16x64 driver=sec2 decomposition=block", 4, &all_caps, "32x32"},
          {"shape=64x64 layout=chunked chunk=64x64 driver=sec2 decomposition=replicated", 4, &all_caps, NULL},
          {"shape=1Mx1M layout=chunked chunk=64kx8192", 1, &all_caps, NULL},
          {"shape=1Mx1M layout=chunked chunk=65536x8191", 1, &few_caps, NULL},
          {"shape=1Mx1M layout=chunked chunk=65536x8192", 1, &few_caps, "4 GiB"},
          {"shape=1Mx1M layout=chunked chunk=65536x8192 file_dtype=f32", 1, &few_caps, NULL});
    h5r_caps_t next = all_caps;
    next.version[0] = 2;
    next.version[1] = 0;
    CHECK({"shape=1Mx1M layout=chunked chunk=65536x8192", 1, &next, NULL});
}

static void compact(void **state)
{
    (void)state;
    CHECK({"layout=compact shape=8191 decomposition=replicated", 2, &all_caps, NULL},
          {"layout=compact shape=8192 decomposition=replicated", 2, &all_caps, "at most 65531 bytes"},
          {"layout=compact shape=65531 dtype=u8", 1, &all_caps, NULL},
          {"layout=compact shape=65532 dtype=u8", 1, &all_caps, "at most 65531 bytes"},
          {"layout=compact shape=16382 file_dtype=f32", 1, &all_caps, NULL},
          {"layout=compact shape=16383 file_dtype=f32", 1, &all_caps, "16383 elements of 4 bytes"},
          {"layout=compact shape=16382 driver=sec2", 2, &all_caps, NULL},
          {"layout=compact shape=16383 driver=sec2", 2, &all_caps, "the dataset of rank 0 has 8192 elements"},
          {"layout=compact shape=64", 2, &all_caps, "decomposition replicated"},
          {"layout=compact shape=64", 1, &all_caps, NULL},
          {"layout=compact shape=64 alloc_time=late", 1, &all_caps, "alloc_time"},
          {"layout=compact shape=64 alloc_time=incr", 1, &all_caps, "alloc_time"},
          {"layout=compact shape=64 alloc_time=early", 1, &all_caps, NULL},
          {"alloc_time=late", 2, &all_caps, NULL});
}

static void replicated(void **state)
{
    (void)state;
    CHECK({"decomposition=replicated", 2, &all_caps, "same elements"},
          {"decomposition=replicated", 1, &all_caps, NULL},
          {"decomposition=replicated driver=sec2", 2, &all_caps, NULL},
          {"decomposition=replicated driver=posix", 2, &all_caps, "same elements"},
          {"decomposition=replicated driver=memory", 2, &all_caps, NULL});
}

static void buffer_offsets(void **state)
{
    (void)state;
    CHECK({"buffer_offset=16", 2, &few_caps, NULL}, {"buffer_offset=4088", 2, &few_caps, NULL},
          {"buffer_offset=4", 2, &few_caps, "no multiple of an element's 8 bytes"},
          {"buffer_offset=4 dtype=f32", 2, &few_caps, NULL},
          {"buffer_offset=1 dtype=u8 driver=posix", 1, &few_caps, NULL},
          {"buffer_offset=4 dtype=f32 file_dtype=f64", 2, &few_caps, NULL},
          {"buffer_offset=4 dtype=f32 file_dtype=f64 convert_by=program", 2, &few_caps, "element's 8 bytes"});
}

static void space_in_the_file(void **state)
{
    static const h5r_caps_t buffers = {.version = {1, 14, 5}, .evicts = true, .buffers_pages = true};
    (void)state;
    CHECK({"file_space=page file_space_persist=true page_size=512B", 2, &few_caps, NULL},
          {"file_space=page driver=family", 2, &few_caps, NULL},
          {"file_space=page driver=split", 2, &few_caps, "driver split has no file_space page"},
          {"file_space_persist=true driver=split", 2, &few_caps, "driver split has no file_space_persist"},
          {"file_space=none driver=split", 2, &few_caps, NULL},
          {"file_space=aggr file_space_persist=true", 2, &few_caps, "none to keep"},
          {"page_buffer=64KiB driver=sec2", 1, &buffers, "needs file_space page"},
          {"page_buffer=2KiB file_space=page driver=sec2", 1, &buffers, "hold one page"},
          {"page_buffer=64KiB file_space=page driver=sec2", 1, &few_caps, "has no page buffer"},
          {"page_buffer=64KiB file_space=page driver=sec2", 1, &buffers, NULL},
          {"page_buffer=64KiB file_space=page", 1, &buffers, "through MPI-IO"},
          {"metadata_cache=1023B", 1, &few_caps, "1 KiB at least"},
          {"metadata_cache=1KiB", 1, &few_caps, NULL},
          {"evict_on_close=true driver=sec2", 1, &few_caps, "no evict_on_close"},
          {"evict_on_close=true", 1, &buffers, NULL});
}

static void everything_plain_is_allowed(void **state)
{
    (void)state;
    CHECK({"", 1, &few_caps, NULL}, {"", 20000, &few_caps, NULL},
          {"file_dtype=f32 mode=independent", 4, &few_caps, NULL},
          {"decomposition=block access=element", 7, &few_caps, NULL},
          {"driver=family family_member=1KiB", 3, &few_caps, NULL}, {"driver=core", 2, &few_caps, NULL},
          {"driver=split", 2, &few_caps, NULL}, {"driver=stdio", 2, &few_caps, NULL});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chunks_beyond_what_grows),
        cmocka_unit_test(library),
        cmocka_unit_test(files),
        cmocka_unit_test(what_has_no_file),
        cmocka_unit_test(without_hdf5),
        cmocka_unit_test(filters),
        cmocka_unit_test(filters_of_elements),
        cmocka_unit_test(chunks),
        cmocka_unit_test(compact),
        cmocka_unit_test(replicated),
        cmocka_unit_test(everything_plain_is_allowed),
        cmocka_unit_test(buffer_offsets),
        cmocka_unit_test(space_in_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
