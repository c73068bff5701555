/* Which file system holds a path: captured lists of mounts, and this machine's. */
#include "engine/machine/mounts.h"
#include "h5roof/count.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static FILE *open_capture(const char *name)
{
    const char *source = getenv("H5ROOF_SOURCE");
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/tests/unit/data/mountinfo_%s.txt", source ? source : ".", name);
    FILE *in = fopen(path, "r");
    if (!in) {
        fail_msg("%s cannot be opened", path);
    }
    return in;
}

static void finds_the_mount_of_a_path(void **state)
{
    (void)state;
    static const struct {
        const char *capture, *path, *type, *source, *mount_point;
    } cases[] = {
        {"cluster", "/", "xfs", "/dev/mapper/rl-root", "/"},
        {"cluster", "/opt/x", "xfs", "/dev/mapper/rl-root", "/"},
        {"cluster", "/proc/self", "proc", "proc", "/proc"},
        {"cluster", "/dev/shm/a/b", "tmpfs", "tmpfs", "/dev/shm"},
        {"cluster", "/lustre/work", "lustre", "10.0.0.1@o2ib:10.0.0.2@o2ib:/work", "/lustre/work"},
        {"cluster", "/lustre/works", "xfs", "/dev/mapper/rl-root", "/"},
        {"cluster", "/home/me", "nfs4", "nas:/export/home", "/home"},
        {"cluster", "/gpfs/x", "gpfs", "fs0", "/gpfs"},
        {"desktop", "/mnt/remote/a", "fuse.sshfs", "me@far:/data", "/mnt/remote"},
        {"desktop", "/media/My Disk\\two/x", "fuseblk", "/dev/disk/by-label/My Disk", "/media/My Disk\\two"},
        {"desktop", "/mnt/twice/x", "tmpfs", "second", "/mnt/twice"},
        {"desktop", "/mnt/twicemore/x", "ramfs", "none", "/mnt/twicemore"},
        {"desktop", "/mnt/tab\tname", "tmpfs", "", "/mnt/tab\tname"},
        {"container", "/tmp", "overlay", "overlay", "/"},
        {"container", "/data/run", "ext4", "/dev/sda2", "/data"},
    };
    for (size_t i = 0; i < H5R_COUNT_OF(cases); i++) {
        FILE *in = open_capture(cases[i].capture);
        h5r_mount_t mount;
        h5r_error_t err = {.code = H5R_OK};
        assert_int_equal(h5r_mounts_by_path(in, cases[i].path, &mount, &err), H5R_OK);
        fclose(in);
        assert_string_equal(mount.type, cases[i].type);
        assert_string_equal(mount.source, cases[i].source);
        assert_string_equal(mount.mount_point, cases[i].mount_point);
    }
}

static void gives_the_options_of_mount_and_file_system(void **state)
{
    (void)state;
    FILE *in = open_capture("cluster");
    h5r_mount_t mount;
    h5r_error_t err = {.code = H5R_OK};
    assert_int_equal(h5r_mounts_by_path(in, "/home", &mount, &err), H5R_OK);
    fclose(in);
    assert_string_equal(mount.options, "rw,relatime,rw,vers=4.2,rsize=1048576,hard");
}

static void finds_a_mount_by_id(void **state)
{
    (void)state;
    h5r_mount_t mount;
    h5r_error_t err = {.code = H5R_OK};
    FILE *in = open_capture("desktop");
    assert_int_equal(h5r_mounts_by_id(in, 42, &mount, &err), H5R_OK);
    assert_string_equal(mount.type, "ext4");
    rewind(in);
    assert_int_equal(h5r_mounts_by_id(in, 99, &mount, &err), H5R_IO);
    rewind(in);
    assert_int_equal(h5r_mounts_by_id(in, -1, &mount, &err), H5R_IO);
    fclose(in);
}

static void refuses_a_list_that_leads_nowhere(void **state)
{
    (void)state;
    char text[] = "not a mount\n621 612\n\n";
    FILE *in = fmemopen(text, sizeof text - 1, "r");
    assert_non_null(in);
    h5r_mount_t mount;
    h5r_error_t err = {.code = H5R_OK};
    assert_int_equal(h5r_mounts_by_path(in, "/", &mount, &err), H5R_IO);
    assert_non_null(strstr(err.message, "/"));
    fclose(in);
}

static void knows_what_is_memory(void **state)
{
    (void)state;
    h5r_mount_t mount = {.type = "tmpfs"};
    assert_true(h5r_mount_is_memory(&mount));
    strncpy(mount.type, "ext4", sizeof mount.type - 1);
    assert_false(h5r_mount_is_memory(&mount));
}

static void looks_at_this_machine(void **state)
{
    (void)state;
    h5r_filesystem_t fs;
    h5r_error_t err = {.code = H5R_OK};
    assert_int_equal(h5r_filesystem_of("/proc/self/..", &fs, &err), H5R_OK);
    assert_string_equal(fs.mount.type, "proc");
    assert_string_equal(fs.path, "/proc");
    assert_int_equal(h5r_filesystem_of("/dev", &fs, &err), H5R_OK);
    assert_true(fs.total_bytes > 0);
    assert_true(fs.free_bytes <= fs.total_bytes);
    assert_int_equal(h5r_filesystem_of("no/such/place", &fs, &err), H5R_ENV);
    assert_non_null(strstr(err.message, "no/such/place"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_mount_of_a_path),
        cmocka_unit_test(gives_the_options_of_mount_and_file_system),
        cmocka_unit_test(finds_a_mount_by_id),
        cmocka_unit_test(refuses_a_list_that_leads_nowhere),
        cmocka_unit_test(knows_what_is_memory),
        cmocka_unit_test(looks_at_this_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
