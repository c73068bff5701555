/* Only what a run made is removed: names, marker, owner, links; and who is known to be dead. */
#include "engine/survive/scratch_part.h"
#include "h5roof/count.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define RUN "20261128T101112Z-0a1b"

static char said[8192];

static void say(const char *text)
{
    snprintf(said + strlen(said), sizeof said - strlen(said), "%s\n", text);
}

/* ---- names */

static void names_of_a_run(void **state)
{
    (void)state;
    static const char *const good[] = {
        "probe.000000",
        "probe.1234567",
        "h5roof-probe-aZ09bC",
        "selftest-0a1b.h5",
        "roof.bin",
        "roof.000001.bin",
        "0a1b-0123456789abcdef.h5",
        "0a1b-0123456789abcdef.bin",
        "0a1b-0123456789abcdef.000003.h5",
        "0a1b-0123456789abcdef.000003.00017.h5",
        "0a1b-0123456789abcdef.000003-m.h5",
        "0a1b-0123456789abcdef.000003-r.h5",
        "0a1b-0123456789abcdef-second.h5",
        "0a1b-0123456789abcdef.000003-second.h5",
        "0a1b-0123456789abcdef-000012.h5", /* one of many */
        "0a1b-0123456789abcdef.000003-000012.h5",
        "0a1b-0123456789abcdef.000003-000012.00000.h5",
        "0123456789abcdef.h5",
        "0123456789abcdef.000003.bin",
        "0a1b-0123456789abcdef.h5-1234567-8910.lock",
        "0a1b-0123456789abcdef.h5-1234567.lock",
        "selftest-0a1b.h5-1234567-8910.lock",
        "0a1b-0123456789abcdef.000003.bin.locktest.0",
        ".0a1b-0123456789abcdef.bin.shfp.12345",
        ".0a1b-0123456789abcdef.bin.shfp.12345.678",
        "0a1b-0123456789abcdef.bin.data.3",
        "0a1b-0123456789abcdef.bin.metadata.3",
        "0a1b-0123456789abcdef.h5.subfile_11273556_01_of_10",
        "0a1b-0123456789abcdef.h5.subfile_11273556.config",
    };
    static const char *const bad[] = {
        "",
        ".",
        "..",
        "precious",
        "probe",
        "probe.",
        "probe.1x",
        "probe.000000.bak",
        "roof",
        "roof.bin~",
        "roof.x.bin",
        "selftest-0a1c.h5",
        "h5roof-probe-aZ09b",
        "h5roof-probe-aZ09bC7",
        "h5roof-probe-../../x",
        "0a1c-0123456789abcdef.h5",
        "0a1b-0123456789abcde.h5",
        "0a1b-0123456789abcdef0.h5",
        "0a1b-0123456789abcdef",
        "0a1b-0123456789abcdef.txt",
        "0a1b-0123456789abcdef.h5.bak",
        "0a1b-0123456789ABCDEF.h5",
        "0a1b-0123456789abcdef.h5.subfile_1_2_of",
        "xroof.bin",
        "..roof.bin",
    };
    for (size_t i = 0; i < H5R_COUNT_OF(good); i++) {
        if (!h5r_scratch_is_file(good[i], RUN)) {
            fail_msg("not taken for the run's: %s", good[i]);
        }
    }
    for (size_t i = 0; i < H5R_COUNT_OF(bad); i++) {
        if (h5r_scratch_is_file(bad[i], RUN)) {
            fail_msg("taken for the run's: %s", bad[i]);
        }
    }
}

static void names_of_directories(void **state)
{
    (void)state;
    char run_id[H5R_RUN_ID_LENGTH + 1];
    assert_true(h5r_scratch_is_name("h5roof-" RUN, run_id));
    assert_string_equal(run_id, RUN);
    assert_true(h5r_scratch_is_name("h5roof-" RUN ".ended", run_id));
    static const char *const bad[] = {"",
                                      "h5roof-",
                                      "h5roof",
                                      "h5roof-mine",
                                      RUN,
                                      "h5roof-20261128T101112Z-0a1",
                                      "h5roof-20261128T101112Z-0a1bc",
                                      "h5roof-20261128T101112Z-0A1B",
                                      "h5roof-20261128T101112Z-0a1b.old",
                                      "h5roof-2026112xT101112Z-0a1b"};
    for (size_t i = 0; i < H5R_COUNT_OF(bad); i++) {
        assert_false(h5r_scratch_is_name(bad[i], run_id));
    }
}

/* ---- a directory of a run, in a directory of the test */

static char base[PATH_MAX - 256], run_dir[PATH_MAX];

static char *in_run(const char *name)
{
    static char path[2][PATH_MAX + 64];
    static int turn;
    turn = !turn;
    snprintf(path[turn], sizeof path[turn], "%s/%s", run_dir, name);
    return path[turn];
}

static void put(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static bool there(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

static int begin(void **state)
{
    (void)state;
    char name[] = "scratch-XXXXXX", here[PATH_MAX - 512];
    if (getcwd(here, sizeof here) == NULL || mkdtemp(name) == NULL) {
        return -1;
    }
    snprintf(base, sizeof base, "%s/%s", here, name);
    snprintf(run_dir, sizeof run_dir, "%s/h5roof-" RUN, base);
    said[0] = '\0';
    return 0;
}

static int end(void **state)
{
    (void)state;
    char command[PATH_MAX + 16];
    snprintf(command, sizeof command, "rm -rf '%s'", base);
    return system(command);
}

static void mark(const char *path, const h5r_marker_t *m)
{
    int dir = open(path, O_RDONLY | O_DIRECTORY);
    assert_true(dir >= 0);
    assert_true(h5r_marker_write(dir, m));
    close(dir);
}

static void make_run(void)
{
    h5r_marker_t m;
    h5r_marker_here(RUN, false, &m);
    assert_int_equal(mkdir(run_dir, 0755), 0);
    mark(run_dir, &m);
    put(in_run("roof.bin"), "data");
    put(in_run("0a1b-0123456789abcdef.h5"), "data");
}

/* As make_run, of a process that has ended and whose number may have been given again. */
static void make_dead_run(int keep)
{
    h5r_marker_t m;
    make_run();
    assert_int_equal(unlink(in_run(H5R_SCRATCH_MARKER)), 0);
    h5r_marker_here(RUN, false, &m);
    m.start -= 1;
    m.keep = keep;
    mark(run_dir, &m);
}

static void a_run_is_removed_whole(void **state)
{
    (void)state;
    char taken[PATH_MAX], again[PATH_MAX];
    make_run();
    assert_true(h5r_scratch_take(run_dir, taken));
    assert_false(there(run_dir));
    assert_true(there(taken));
    assert_false(h5r_scratch_take(run_dir, again));
    h5r_scratch_remove(taken, say);
    assert_false(there(taken));
    make_run();
    h5r_scratch_remove(run_dir, say);
    assert_false(there(run_dir));
    h5r_scratch_remove(run_dir, say); /* another one was first */
    h5r_scratch_remove("", say);
    assert_string_equal(said, "");
}

/* What is planted stays with its content, is named, and the marker stays, so that it can be tried again. */
static void check_stays(const char *planted, const char *why)
{
    h5r_scratch_remove(run_dir, say);
    assert_true(there(planted));
    assert_non_null(strstr(said, run_dir));
    assert_non_null(strstr(said, why));
    assert_true(there(in_run(H5R_SCRATCH_MARKER)));
    assert_false(there(in_run("roof.bin")));
}

static void what_is_not_its_own_stays(void **state)
{
    (void)state;
    make_run();
    put(in_run("precious"), "mine");
    check_stays(in_run("precious"), "'precious'");
    assert_int_equal(unlink(in_run("precious")), 0);
    h5r_scratch_remove(run_dir, say);
    assert_false(there(run_dir));
}

static void links_are_not_followed(void **state)
{
    (void)state;
    char outside[PATH_MAX];
    snprintf(outside, sizeof outside, "%s/outside", base);
    make_run();
    put(outside, "mine");
    assert_int_equal(symlink(outside, in_run("roof.000001.bin")), 0);
    assert_int_equal(symlink(base, in_run("0123456789abcdef.h5")), 0);
    check_stays(outside, "'roof.000001.bin'");
    assert_true(there(in_run("roof.000001.bin")));
    assert_non_null(strstr(said, "'0123456789abcdef.h5'"));
}

static void directories_in_it_stay(void **state)
{
    (void)state;
    make_run();
    assert_int_equal(mkdir(in_run("probe.000000"), 0755), 0);
    check_stays(in_run("probe.000000"), "'probe.000000'");
}

static void many_are_counted(void **state)
{
    (void)state;
    make_run();
    for (int i = 0; i < 9; i++) {
        char name[16];
        snprintf(name, sizeof name, "file%d", i);
        put(in_run(name), "mine");
    }
    check_stays(in_run("file0"), " and 6 more in it");
}

/* The directory is as it was, and it is told why. */
static void check_untouched(const char *path, const char *why)
{
    char taken[PATH_MAX];
    said[0] = '\0';
    h5r_scratch_remove(path, say);
    assert_non_null(strstr(said, why));
    said[0] = '\0';
    assert_false(h5r_scratch_remove_left(path, say));
    assert_non_null(strstr(said, why));
    assert_true(h5r_scratch_take(path, taken)); /* nobody was first */
    assert_string_equal(taken, path);
    assert_true(there(path));
    assert_true(there(in_run("roof.bin")));
    assert_true(there(in_run("0a1b-0123456789abcdef.h5")));
}

static void without_its_marker_it_is_no_run(void **state)
{
    (void)state;
    h5r_marker_t m;
    char marker[PATH_MAX + 64];
    make_run();
    snprintf(marker, sizeof marker, "%s", in_run(H5R_SCRATCH_MARKER));
    assert_int_equal(unlink(marker), 0);
    check_untouched(run_dir, "it has no marker");
    put(marker, "anything");
    check_untouched(run_dir, "its marker is not one");
    assert_int_equal(unlink(marker), 0);
    assert_int_equal(mkfifo(marker, 0644), 0);
    check_untouched(run_dir, "its marker is not one");
    assert_int_equal(unlink(marker), 0);
    h5r_marker_here("20261128T101112Z-0a1c", false, &m);
    mark(run_dir, &m);
    check_untouched(run_dir, "of another run");
    assert_int_equal(unlink(marker), 0);
    h5r_marker_here(RUN, false, &m);
    mark(base, &m);
    char of_base[PATH_MAX];
    snprintf(of_base, sizeof of_base, "%s/" H5R_SCRATCH_MARKER, base);
    assert_int_equal(symlink(of_base, marker), 0);
    check_untouched(run_dir, "its marker cannot be opened");
    assert_int_equal(unlink(marker), 0);
    mark(run_dir, &m);
    if (geteuid() == 0) { /* else nothing can be given away */
        assert_int_equal(chown(marker, 12345, 12345), 0);
        check_untouched(run_dir, "another user");
        assert_int_equal(chown(run_dir, 12345, 12345), 0);
        said[0] = '\0';
        assert_false(h5r_scratch_remove_left(run_dir, say));
        assert_non_null(strstr(said, "it belongs to another user"));
    }
}

static void other_paths_lead_to_no_run(void **state)
{
    (void)state;
    char path[PATH_MAX + 64];
    make_dead_run(0);
    snprintf(path, sizeof path, "%s/link", base);
    assert_int_equal(symlink(base, path), 0);
    snprintf(path, sizeof path, "%s/link/h5roof-" RUN, base);
    check_untouched(path, "a symbolic link leads to it");
    snprintf(path, sizeof path, "%s/../%s/h5roof-" RUN, base, strrchr(base, '/') + 1);
    check_untouched(path, "a symbolic link leads to it");
    snprintf(path, sizeof path, "%s/h5roof-20261128T101112Z-0a1c", base);
    assert_int_equal(symlink(run_dir, path), 0);
    check_untouched(path, "it is no directory");
    assert_int_equal(unlink(path), 0);
    put(path, "a file");
    check_untouched(path, "it is no directory");
    snprintf(path, sizeof path, "%s", run_dir);
    snprintf(run_dir, sizeof run_dir, "%s/h5roof-mine", base);
    assert_int_equal(rename(path, run_dir), 0);
    check_untouched(run_dir, "its name is not that of a run's directory");
    assert_int_equal(chdir(base), 0);
    check_untouched("h5roof-mine", "its name is not that of a run's directory");
    assert_int_equal(chdir(".."), 0);
}

/* ---- who is dead */

static void who_is_dead(void **state)
{
    (void)state;
    h5r_marker_t here, m;
    h5r_marker_here(RUN, false, &here);
    assert_true(here.start > 0);
    assert_int_equal(h5r_marker_state(&here), H5R_LEFT_ALIVE);
    m = here;
    m.start -= 1; /* an earlier process of this number */
    assert_int_equal(h5r_marker_state(&m), H5R_LEFT_DEAD);
    m.keep = 1;
    assert_int_equal(h5r_marker_state(&m), H5R_LEFT_KEPT);
    m = here;
    m.keep = 1;
    assert_int_equal(h5r_marker_state(&m), H5R_LEFT_ALIVE);
    m = here;
    m.boot[0] = m.boot[0] == 'f' ? 'e' : 'f';
    assert_int_equal(h5r_marker_state(&m), H5R_LEFT_ELSEWHERE);
    m = here;
    snprintf(m.pids, sizeof m.pids, "pid:[1]");
    assert_int_equal(h5r_marker_state(&m), H5R_LEFT_ELSEWHERE);
    m = here;
    m.start = 0;
    assert_int_equal(h5r_marker_state(&m), H5R_LEFT_ELSEWHERE);
    snprintf(m.boot, sizeof m.boot, "-"); /* not even if here it is not known either */
    assert_int_equal(h5r_marker_state(&m), H5R_LEFT_ELSEWHERE);
}

static void a_process_that_ends_is_dead_before_it_is_waited_for(void **state)
{
    (void)state;
    int line[2];
    h5r_marker_t m;
    assert_int_equal(pipe(line), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        h5r_marker_here(RUN, false, &m);
        bool sent = write(line[1], &m, sizeof m) == (ssize_t)sizeof m;
        (void)sent; /* the other side looks at what it gets */
        pause();
        _exit(0);
    }
    assert_int_equal(read(line[0], &m, sizeof m), sizeof m);
    assert_int_equal(m.pid, child);
    assert_int_equal(h5r_marker_state(&m), H5R_LEFT_ALIVE);
    assert_int_equal(kill(child, SIGKILL), 0);
    siginfo_t info;
    assert_int_equal(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT), 0);
    assert_int_equal(h5r_marker_state(&m), H5R_LEFT_DEAD); /* a zombie */
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(h5r_marker_state(&m), H5R_LEFT_DEAD);
    close(line[0]);
    close(line[1]);
}

static void leftovers_of_the_living_stay(void **state)
{
    (void)state;
    make_run();
    h5r_scratch_remove_leftover(run_dir, say);
    assert_non_null(strstr(said, "its run is alive"));
    assert_true(there(in_run("roof.bin")));
}

static void leftovers_of_the_dead_go(void **state)
{
    (void)state;
    char taken[PATH_MAX];
    make_dead_run(0);
    h5r_scratch_remove_leftover(run_dir, say);
    assert_false(there(run_dir));
    make_dead_run(0);
    assert_true(h5r_scratch_take(run_dir, taken)); /* it died while it was being removed */
    h5r_scratch_remove_leftover(run_dir, say);
    assert_false(there(taken));
    h5r_scratch_remove_leftover(run_dir, say);
    h5r_scratch_remove_leftover("", say);
    assert_string_equal(said, "");
}

static void what_is_left_is_listed(void **state)
{
    (void)state;
    h5r_error_t err = {.code = H5R_OK};
    h5r_left_t *left;
    size_t n, dead;
    uint64_t bytes;
    char path[PATH_MAX + 64];
    assert_int_equal(h5r_scratch_list(base, &left, &n, &err), H5R_OK);
    assert_int_equal(n, 0);
    free(left);
    make_dead_run(0);
    snprintf(path, sizeof path, "%s/h5roof-20261128T101112Z-ffff", base);
    assert_int_equal(mkdir(path, 0755), 0);
    snprintf(path, sizeof path, "%s/h5roof-mine", base);
    assert_int_equal(mkdir(path, 0755), 0);
    assert_int_equal(h5r_scratch_list(base, &left, &n, &err), H5R_OK);
    assert_int_equal(n, 2);
    assert_string_equal(left[0].path, run_dir);
    assert_string_equal(left[0].run_id, RUN);
    assert_int_equal(left[0].state, H5R_LEFT_DEAD);
    assert_int_equal(left[0].bytes, 8);
    assert_int_equal(left[1].state, H5R_LEFT_UNKNOWN);
    assert_non_null(strstr(left[1].why, "no marker"));
    free(left);
    assert_true(h5r_scratch_left_by_dead(base, &dead, &bytes));
    assert_int_equal(dead, 1);
    assert_int_equal(bytes, 8);
    snprintf(path, sizeof path, "%s/absent", base);
    assert_int_equal(h5r_scratch_list(path, &left, &n, &err), H5R_ENV);
    free(left);
    assert_false(h5r_scratch_left_by_dead(path, &dead, &bytes));
}

#define IN_A_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_a_run),
        cmocka_unit_test(names_of_directories),
        IN_A_DIRECTORY(a_run_is_removed_whole),
        IN_A_DIRECTORY(what_is_not_its_own_stays),
        IN_A_DIRECTORY(links_are_not_followed),
        IN_A_DIRECTORY(directories_in_it_stay),
        IN_A_DIRECTORY(many_are_counted),
        IN_A_DIRECTORY(without_its_marker_it_is_no_run),
        IN_A_DIRECTORY(other_paths_lead_to_no_run),
        cmocka_unit_test(who_is_dead),
        cmocka_unit_test(a_process_that_ends_is_dead_before_it_is_waited_for),
        IN_A_DIRECTORY(leftovers_of_the_living_stay),
        IN_A_DIRECTORY(leftovers_of_the_dead_go),
        IN_A_DIRECTORY(what_is_left_is_listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
