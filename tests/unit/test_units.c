/* Quantities with units, both ways. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base/units.h"
#include "h5roof/count.h"
#include "h5roof/rng.h"

#include <math.h>
#include <string.h>

static void bytes_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t bytes;
    } good[] = {
        {"0", 0},
        {"17", 17},
        {"1000B", 1000},
        {"64KiB", 65536},
        {"64 KiB", 65536},
        {"1.5MiB", 1572864},
        {"0.5KiB", 512},
        {"1.50 GiB", 1610612736},
        {"0.0009765625KiB", 1},
        {"2kB", 2000},
        {"1.001kB", 1001},
        {"3MB", 3000000},
        {"4GB", 4000000000},
        {"5TB", 5000000000000},
        {"1TiB", UINT64_C(1) << 40},
        {"4K", 4096},
        {"1M", 1048576},
        {"2G", UINT64_C(2) << 30},
        {"1T", UINT64_C(1) << 40},
        {"18446744073709551615", UINT64_MAX},
        {"16777215TiB", UINT64_C(16777215) << 40},
        {"007", 7},
    };
    for (size_t i = 0; i < H5R_COUNT_OF(good); i++) {
        uint64_t bytes = 1;
        if (!h5r_parse_bytes(good[i].text, &bytes)) {
            fail_msg("'%s' was refused", good[i].text);
        }
        assert_int_equal(bytes, good[i].bytes);
    }
}

static void wrong_bytes_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        " ",
        "-1",
        "+1",
        "KiB",
        "1.5",
        "0.3KiB",
        "1.0001kB",
        "64kib",
        "64KB",
        "64k",
        "64KiBx",
        "64 KiB ",
        " 64KiB",
        "1e3",
        "0x10",
        "1_000",
        "1,000",
        ".5KiB",
        "5.KiB",
        "1.2.3",
        "1 2",
        "nan",
        "inf",
        "16777216TiB",
        "18446744073709551616",
        "99999999999999999999999",
        "1KiB1",
        "١",
    };
    for (size_t i = 0; i < H5R_COUNT_OF(bad); i++) {
        uint64_t bytes;
        if (h5r_parse_bytes(bad[i], &bytes)) {
            fail_msg("'%s' was taken", bad[i]);
        }
    }
}

static void bytes_survive_a_round_trip(void **state)
{
    (void)state;
    static const struct {
        uint64_t bytes;
        const char *text;
    } known[] = {
        {0, "0B"},
        {1, "1B"},
        {1000, "1000B"},
        {1024, "1KiB"},
        {65536, "64KiB"},
        {1572864, "1536KiB"},
        {1 << 20, "1MiB"},
        {UINT64_MAX, "18446744073709551615B"},
        {UINT64_C(1) << 40, "1TiB"},
        {UINT64_C(1) << 63, "8388608TiB"},
    };
    char buf[64];
    for (size_t i = 0; i < H5R_COUNT_OF(known); i++) {
        assert_string_equal(h5r_format_bytes(known[i].bytes, buf, sizeof buf), known[i].text);
    }

    h5r_rng_t rng = h5r_rng_seeded(1, 1);
    for (int i = 0; i < 10000; i++) {
        uint64_t bytes = h5r_rng_next(&rng) >> h5r_rng_below(&rng, 64) << h5r_rng_below(&rng, 41);
        uint64_t again = bytes + 1;
        assert_true(h5r_parse_bytes(h5r_format_bytes(bytes, buf, sizeof buf), &again));
        assert_int_equal(again, bytes);
    }
}

typedef struct {
    const char *text;
    double value;
} number_t;

static void check_numbers(bool (*parse)(const char *, double *), const number_t *good, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double value = -1;
        if (!parse(good[i].text, &value)) {
            fail_msg("'%s' was refused", good[i].text);
        }
        if (memcmp(&value, &good[i].value, sizeof value) != 0) {
            fail_msg("'%s' was read as %.17g, not %.17g", good[i].text, value, good[i].value);
        }
    }
}

static void check_refused(bool (*parse)(const char *, double *), const char *const *bad)
{
    for (; *bad; bad++) {
        double value;
        if (parse(*bad, &value)) {
            fail_msg("'%s' was taken", *bad);
        }
    }
}

static void seconds_are_read(void **state)
{
    (void)state;
    static const number_t good[] = {
        {"0", 0},       {"30", 30},           {"30s", 30},   {"0.1", 0.1},  {"250ms", 0.25},
        {"1us", 1e-6},  {"3ns", 3e-9},        {"2min", 120}, {"20m", 1200}, {"1.5 h", 5400},
        {"1e-3", 1e-3}, {"2.5e-05s", 2.5e-5}, {"1E2", 100},  {"0.3s", 0.3}, {"100us", 1e-4},
    };
    static const char *const bad[] = {"",   "-1s", "s",     "1 s ",  "1sec", "1M",  "1S",  "nan", "inf",
                                      "1e", "1es", "0x1p3", "1e999", "1:30", "--1", "1..", NULL};
    check_numbers(h5r_parse_seconds, good, H5R_COUNT_OF(good));
    check_refused(h5r_parse_seconds, bad);
}

static void fractions_are_read(void **state)
{
    (void)state;
    static const number_t good[] = {
        {"5%", 0.05},     {"0.05", 0.05},  {"0%", 0},       {"100%", 1},
        {"2.5 %", 0.025}, {"0.7%", 0.007}, {"1e-05", 1e-5}, {"150%", 1.5},
    };
    static const char *const bad[] = {"", "%", "-5%", "5%%", "5 percent", "5% ", "5s", "five", NULL};
    check_numbers(h5r_parse_fraction, good, H5R_COUNT_OF(good));
    check_refused(h5r_parse_fraction, bad);
}

static void counts_are_read(void **state)
{
    (void)state;
    uint64_t count;
    assert_true(h5r_parse_count("0", &count));
    assert_int_equal(count, 0);
    assert_true(h5r_parse_count("10k", &count));
    assert_int_equal(count, 10000);
    assert_true(h5r_parse_count("3M", &count));
    assert_int_equal(count, 3000000);
    assert_true(h5r_parse_count("18G", &count));
    assert_int_equal(count, UINT64_C(18000000000));
    assert_true(h5r_parse_count("18446744073709551615", &count));
    assert_true(count == UINT64_MAX);
    static const char *const bad[] = {"",
                                      "-1",
                                      "1_000",
                                      "1.5k",
                                      "1.0",
                                      "10 k",
                                      "10K",
                                      "10KiB",
                                      "1e3",
                                      "18446744073709551616",
                                      "20000000000G",
                                      "k",
                                      NULL};
    for (size_t i = 0; bad[i]; i++) {
        if (h5r_parse_count(bad[i], &count)) {
            fail_msg("'%s' was taken", bad[i]);
        }
    }
}

static void sizes_times_and_rates_are_written(void **state)
{
    (void)state;
    char buf[64];
    assert_string_equal(h5r_format_size(1610612736.0, buf, sizeof buf), "1.50 GiB");
    assert_string_equal(h5r_format_size(0, buf, sizeof buf), "0 B");
    assert_string_equal(h5r_format_size(512, buf, sizeof buf), "512 B");
    assert_string_equal(h5r_format_size(1023.9 * 1024, buf, sizeof buf), "1.00 MiB");
    assert_string_equal(h5r_format_size(1000.0 * 1024, buf, sizeof buf), "1000 KiB");
    assert_string_equal(h5r_format_size(65536, buf, sizeof buf), "64.0 KiB");

    static const struct {
        double seconds;
        const char *text;
    } times[] = {
        {2.41e-6, "2.41 us"}, {0.0132, "13.2 ms"},   {1.2, "1.20 s"},       {200, "3 min 20 s"},
        {0, "0 s"},           {5e-9, "5.00 ns"},     {9.996e-4, "1.00 ms"}, {59.96, "1 min 0 s"},
        {59.9, "59.9 s"},     {3599.6, "1 h 0 min"}, {3725, "1 h 2 min"},   {0.9996, "1.00 s"},
        {119.7, "2 min 0 s"},
    };
    for (size_t i = 0; i < H5R_COUNT_OF(times); i++) {
        assert_string_equal(h5r_format_seconds(times[i].seconds, buf, sizeof buf), times[i].text);
    }

    assert_string_equal(h5r_format_mibps(1234.4, buf, sizeof buf), "1234");
    assert_string_equal(h5r_format_mibps(56.74, buf, sizeof buf), "56.7");
    assert_string_equal(h5r_format_mibps(0.1234, buf, sizeof buf), "0.123");
    assert_string_equal(h5r_format_mibps(99.96, buf, sizeof buf), "100");
    assert_string_equal(h5r_format_mibps(9.996, buf, sizeof buf), "10.0");
    assert_string_equal(h5r_format_mibps(0, buf, sizeof buf), "0");

    assert_string_equal(h5r_format_count(0, buf, sizeof buf), "0");
    assert_string_equal(h5r_format_count(999, buf, sizeof buf), "999");
    assert_string_equal(h5r_format_count(1048576, buf, sizeof buf), "1 048 576");
    assert_string_equal(h5r_format_count(UINT64_MAX, buf, sizeof buf), "18 446 744 073 709 551 615");
}

static void small_buffers_are_not_overrun(void **state)
{
    (void)state;
    for (size_t size = 1; size < 12; size++) {
        char buf[16];
        memset(buf, '#', sizeof buf);
        assert_true(strlen(h5r_format_count(123456789, buf, size)) < size);
        assert_int_equal(buf[size], '#');
        assert_true(strlen(h5r_format_bytes(123456789, buf, size)) < size);
        assert_int_equal(buf[size], '#');
        assert_true(strlen(h5r_format_seconds(200, buf, size)) < size);
        assert_int_equal(buf[size], '#');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_are_read),
        cmocka_unit_test(wrong_bytes_are_refused),
        cmocka_unit_test(bytes_survive_a_round_trip),
        cmocka_unit_test(seconds_are_read),
        cmocka_unit_test(fractions_are_read),
        cmocka_unit_test(counts_are_read),
        cmocka_unit_test(sizes_times_and_rates_are_written),
        cmocka_unit_test(small_buffers_are_not_overrun),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
