/* Work that takes longer than it may ends the process, and only that. The watchdog is asked in a process of
 * its own, since it ends it. */
#include "engine/ranks/registry.h"
#include "engine/survive/grace.h"
#include "engine/survive/scratch.h"
#include "engine/survive/watchdog.h"
#include "h5roof/count.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define CAME_BACK 99

static int said; /* the end of a pipe */

static void say(const char *text)
{
    ssize_t n = write(said, text, strlen(text));
    (void)n;
}

typedef struct {
    const char *work;
    double limit_s, taken_s, stood_s;
    h5r_where_t where;
    bool dismissed;
} situation_t;

/* In the child. */
_Noreturn static void ask(const situation_t *s, const char *scratch_dir)
{
    static h5r_guard_t guard = {.say = say, .rank = 0, .node = "here"};
    pthread_mutex_init(&guard.busy, NULL);
    pthread_mutex_init(&guard.lock, NULL);
    snprintf(guard.scratch_dir, sizeof guard.scratch_dir, "%s", scratch_dir);
    static int no_errno;
    guard.main_thread = (int)getpid();
    guard.main_errno = &no_errno;
    if (s->work != NULL) {
        h5r_guard_begin_work(&guard, s->work, h5r_workloads[0], s->limit_s);
        guard.since.opaque.tv_sec -= (time_t)s->taken_s;
        guard.due_s -= s->stood_s;
        h5r_place_set(&guard.place, 1, H5R_PHASE_CLOSE, s->where);
    }
    guard.dismissed = s->dismissed;
    h5r_watchdog_look(&guard);
    _exit(CAME_BACK);
}

/* The exit code, and what was said. */
static int outcome(const situation_t *s, const char *scratch_dir, char *text, size_t size)
{
    int ends[2], status;
    size_t n = 0;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        said = ends[1];
        ask(s, scratch_dir);
    }
    close(ends[1]);
    for (ssize_t got; (got = read(ends[0], text + n, size - 1 - n)) > 0;) {
        n += (size_t)got;
    }
    text[n] = '\0';
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void what_does_not_hang(void **state)
{
    (void)state;
    const situation_t quiet[] = {
        {.work = NULL, .taken_s = 100},
        {.work = "", .limit_s = 1, .taken_s = 100},
        {.work = "case a", .limit_s = 50, .taken_s = 40},
        {.work = "case a", .limit_s = 0, .taken_s = 1000000}, /* case_timeout 0s */
        {.work = "case a", .limit_s = 1, .taken_s = 100, .dismissed = true},
        {.work = "case a", .limit_s = 50, .taken_s = 100, .stood_s = 60}, /* it was suspended */
    };
    for (size_t i = 0; i < H5R_COUNT_OF(quiet); i++) {
        char text[1024];
        int code = outcome(&quiet[i], "", text, sizeof text);
        if (code != CAME_BACK || text[0] != '\0') {
            fail_msg("%zu: %d, %s", i, code, text);
        }
    }
}

/* A look that comes too late tells that the process stood still, and so does the end of the work. */
static void work_tells_whether_it_stood_still(void **state)
{
    (void)state;
    static const struct {
        double late_s;
        bool stood;
    } known[] = {{-1.0, false}, {0.5, false}, {1.5, true}, {3600.0, true}};
    for (size_t i = 0; i < H5R_COUNT_OF(known); i++) {
        h5r_guard_t guard = {.rank = 0};
        pthread_mutex_init(&guard.lock, NULL);
        h5r_guard_begin_work(&guard, "case a", h5r_workloads[0], 60);
        guard.due_s -= H5R_LOOK_S + known[i].late_s;
        assert_int_equal(h5r_guard_end_work(&guard), known[i].stood);
        h5r_guard_begin_work(&guard, "case b", h5r_workloads[0], 60);
        assert_false(h5r_guard_end_work(&guard));
    }
}

static void what_hangs_is_named_and_cleaned_up(void **state)
{
    (void)state;
    static const struct {
        h5r_where_t where;
        const char *end;
    } known[] = {
        {H5R_AWAY, "(case_timeout)"},
        {H5R_INSIDE,
         "(case_timeout); in read, phase close, running or waiting for another rank inside a library"},
        {H5R_WAITING, "(case_timeout); waiting for other ranks in read, phase close"},
    };
    for (size_t i = 0; i < H5R_COUNT_OF(known); i++) {
        char dir[] = "/tmp/h5roof-watchdog-XXXXXX", text[1024], expected[1024];
        static h5r_context_t ctx; /* holds a path: too large for a frame */
        h5r_error_t err = {.code = H5R_OK};
        assert_non_null(mkdtemp(dir));
        assert_int_equal(h5r_scratch_make(&ctx, dir, "20261128T101112Z-0a1b", &err), H5R_OK);
        const situation_t s = {.work = "case a/b=1", .limit_s = 60, .taken_s = 61, .where = known[i].where};
        assert_int_equal(outcome(&s, ctx.scratch_dir, text, sizeof text), H5R_IO);
        snprintf(expected, sizeof expected,
                 "rank 0 on here: case a/b=1 hangs: not finished after 1 min 0 s %s", known[i].end);
        assert_string_equal(text, expected);
        assert_int_equal(rmdir(dir), 0); /* nothing is in it any more */
    }
}

/* Another rank was first: it has taken the directory, and has said why. */
static void the_second_is_silent(void **state)
{
    (void)state;
    char text[1024];
    const situation_t s = {.work = "case a", .limit_s = 1, .taken_s = 100, .where = H5R_INSIDE};
    assert_int_equal(outcome(&s, "/nowhere/h5roof-20261128T101112Z-0a1b", text, sizeof text), H5R_IO);
    assert_string_equal(text, "");
}

static void the_grace_is_settable(void **state)
{
    (void)state;
    static const struct {
        const char *given;
        unsigned us;
    } known[] = {{"500ms", 500000}, {"3", 3000000},  {"0s", 0},         {"10min", 600000000},
                 {"", 2000000},     {"-1", 2000000}, {"soon", 2000000}, {"11min", 2000000}};
    for (size_t i = 0; i < H5R_COUNT_OF(known); i++) {
        setenv(H5R_GRACE_VARIABLE, known[i].given, 1);
        assert_int_equal(h5r_grace_us(), known[i].us);
    }
    unsetenv(H5R_GRACE_VARIABLE);
    assert_int_equal(h5r_grace_us(), 2000000);
}

/* None of these is about who speaks first. */
static int hurry(void **state)
{
    (void)state;
    return setenv(H5R_GRACE_VARIABLE, "10ms", 1);
}

/* Nobody can have been first where the directory is no run's: it is left, and both are told. */
static void what_is_no_runs_is_left(void **state)
{
    (void)state;
    char dir[] = "/tmp/h5roof-watchdog-XXXXXX", text[1024];
    assert_non_null(mkdtemp(dir));
    const situation_t s = {.work = "case a", .limit_s = 1, .taken_s = 100, .where = H5R_INSIDE};
    assert_int_equal(outcome(&s, dir, text, sizeof text), H5R_IO);
    assert_non_null(strstr(text, "case a hangs"));
    assert_non_null(strstr(text, " stays: its name is not"));
    assert_int_equal(rmdir(dir), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_grace_is_settable),
        cmocka_unit_test_setup(what_does_not_hang, hurry),
        cmocka_unit_test_setup(what_hangs_is_named_and_cleaned_up, hurry),
        cmocka_unit_test_setup(the_second_is_silent, hurry),
        cmocka_unit_test_setup(what_is_no_runs_is_left, hurry),
        cmocka_unit_test(work_tells_whether_it_stood_still),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
