#include "engine/survive/guard.h"

#include "engine/survive/scratch.h"
#include "engine/survive/watchdog.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define LOOK_S 1 /* how often the watchdog looks: a wake-up costs microseconds */

#define GRACE_S     2      /* what the other ranks leave rank 0 to clean up before they end */
#define TAKEOVER_US 500000 /* what rank 1 leaves it: where rank 0 was killed it cleans up itself */

static sigset_t watched_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    return set;
}

/* Where another rank has failed it has taken the directory and told why: then there is nothing to say. */
static void clean_up(const h5r_guard_t *guard, int number)
{
    char text[128], taken[PATH_MAX] = "";
    if (guard->scratch_dir[0] == '\0' || h5r_scratch_take(guard->scratch_dir, taken)) {
        snprintf(text, sizeof text, "ended by %s; the rows that were finished are kept", strsignal(number));
        guard->say(text);
        h5r_scratch_remove(taken, guard->say);
    }
}

static void stand_by(const h5r_guard_t *guard)
{
    char taken[PATH_MAX];
    if (guard->rank == 1) {
        usleep(TAKEOVER_US);
        if (h5r_scratch_take(guard->scratch_dir, taken)) {
            h5r_scratch_remove(taken, guard->say);
        }
    }
    sleep(GRACE_S);
}

static void *wait_for_signal(void *argument)
{
    h5r_guard_t *guard = argument;
    sigset_t set = watched_signals();
    const struct timespec look = {.tv_sec = LOOK_S};
    int number;
    while ((number = sigtimedwait(&set, NULL, &look)) < 0) {
        h5r_watchdog_look(guard);
    }
    pthread_mutex_lock(&guard->busy);
    pthread_mutex_lock(&guard->lock); /* both for good */
    int code = 128 + number;
    if (guard->dismissed) {
        code = guard->code;
    } else if (guard->rank == 0) {
        clean_up(guard, number);
    } else if (guard->rank > 0) {
        stand_by(guard);
    }
    _exit(code); /* lint: allow-exit: the main thread may sit in a system call for long */
}

h5r_status_t h5r_guard_start(h5r_guard_t *guard, void (*say)(const char *text), h5r_error_t *err)
{
    sigset_t set = watched_signals();
    *guard =
        (h5r_guard_t){.say = say, .rank = -1, .main_thread = (int)syscall(SYS_gettid), .main_errno = &errno};
    gethostname(guard->node, sizeof guard->node - 1);
    pthread_mutex_init(&guard->busy, NULL);
    pthread_mutex_init(&guard->lock, NULL);
    signal(SIGXFSZ, SIG_IGN); /* a file beyond its limit is an error of the write, EFBIG, with a message */
    int code = pthread_sigmask(SIG_BLOCK, &set, NULL);
    if (code == 0) {
        code = pthread_create(&guard->thread, NULL, wait_for_signal, guard);
    }
    guard->running = code == 0;
    return code == 0 ? H5R_OK : h5r_fail(err, H5R_ENV, "cannot watch for signals: %s", strerror(code));
}

void h5r_guard_watch(h5r_guard_t *guard, const char *scratch_dir, int rank)
{
    pthread_mutex_lock(&guard->lock);
    snprintf(guard->scratch_dir, sizeof guard->scratch_dir, "%s", scratch_dir);
    guard->rank = rank;
    pthread_mutex_unlock(&guard->lock);
}

void h5r_guard_begin_work(h5r_guard_t *guard, const char *work, const h5r_workload_t *workload,
                          double limit_s)
{
    pthread_mutex_lock(&guard->lock);
    snprintf(guard->work, sizeof guard->work, "%s", work);
    guard->workload = workload;
    guard->limit_s = limit_s;
    guard->since = h5r_now();
    h5r_place_set(&guard->place, 0, H5R_PHASE_CREATE, H5R_AWAY);
    guard->works++;
    pthread_mutex_unlock(&guard->lock);
}

void h5r_guard_end_work(h5r_guard_t *guard)
{
    pthread_mutex_lock(&guard->lock);
    guard->work[0] = '\0';
    pthread_mutex_unlock(&guard->lock);
}

void h5r_guard_dismiss(h5r_guard_t *guard, int code)
{
    pthread_mutex_lock(&guard->lock);
    guard->dismissed = true;
    guard->code = code;
    pthread_mutex_unlock(&guard->lock);
}
