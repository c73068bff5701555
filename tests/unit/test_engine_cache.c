/* The page cache is put into the asked state, and what is resident is what the kernel says. */
#include "engine/store/cache.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#define BYTES      ((size_t)3 << 20)
#define TMPFS_TYPE 0x01021994 /* TMPFS_MAGIC of linux/magic.h */

static void make_file(char *path, size_t size, const char *dir)
{
    snprintf(path, size, "%s/h5roof-cache-XXXXXX", dir);
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    char *bytes = malloc(BYTES);
    assert_non_null(bytes);
    memset(bytes, 7, BYTES);
    assert_int_equal(write(fd, bytes, BYTES), BYTES);
    free(bytes);
    assert_int_equal(close(fd), 0);
}

static double settle(const char *path, h5r_cache_t state)
{
    h5r_residency_t sum = {0};
    h5r_error_t err = {0};
    assert_int_equal(h5r_cache_settle_file(path, state, &sum, &err), H5R_OK);
    assert_int_equal(sum.pages, BYTES / (size_t)sysconf(_SC_PAGESIZE));
    return h5r_residency_fraction(&sum);
}

static void states_on_disk(void **state)
{
    (void)state;
    char path[256];
    struct statfs fs;
    const char *dir = getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp";
    assert_int_equal(statfs(dir, &fs), 0);
    if (fs.f_type == TMPFS_TYPE) {
        skip(); /* nothing can be evicted there: the other test */
    }
    make_file(path, sizeof path, dir);
    double written = settle(path, H5R_CACHE_AS_IS);
    double cold = settle(path, H5R_CACHE_COLD);
    double warmed = settle(path, H5R_CACHE_WARM);
    double dropped = settle(path, H5R_CACHE_DROPPED);
    double still_cold = settle(path, H5R_CACHE_AS_IS);
    double warm = settle(path, H5R_CACHE_WARM);
    unlink(path);
    assert_true(written == 1.0);
    assert_true(cold < 0.01);
    assert_true(warmed == 1.0);
    assert_true(dropped < 0.01);
    assert_true(still_cold < 0.01); /* looking brings nothing in */
    assert_true(warm == 1.0);
}

static void tmpfs_is_never_cold(void **state)
{
    (void)state;
    char path[256];
    struct statfs fs;
    if (statfs("/dev/shm", &fs) != 0 || fs.f_type != TMPFS_TYPE) {
        skip();
    }
    make_file(path, sizeof path, "/dev/shm");
    double cold = settle(path, H5R_CACHE_COLD);
    unlink(path);
    assert_true(cold == 1.0);
}

static void missing_file_is_an_error(void **state)
{
    (void)state;
    h5r_residency_t sum = {0};
    h5r_error_t err = {0};
    assert_int_equal(h5r_cache_settle_file("/nonexistent/file", H5R_CACHE_COLD, &sum, &err), H5R_IO);
    assert_non_null(strstr(err.message, "/nonexistent/file"));
    assert_int_equal(sum.pages, 0);
    assert_true(isnan(h5r_residency_fraction(&sum)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(states_on_disk),
                                       cmocka_unit_test(tmpfs_is_never_cold),
                                       cmocka_unit_test(missing_file_is_an_error)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
