#include "engine/survive/guard.h"

#include "engine/survive/scratch.h"
#include "engine/survive/watchdog.h"
#include "h5roof/count.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define GRACE_S     2      /* what the other ranks leave rank 0 to clean up before they end */
#define TAKEOVER_US 500000 /* what rank 1 leaves it: where rank 0 was killed it cleans up itself */

#define CPU_LEFT_S 2 /* what a limit of CPU time leaves for an orderly end */

/* Scripts start background jobs with SIGINT ignored; the others belong to whoever ignores or handles them:
 * nohup, a profiler. */
static const struct {
    int number;
    bool always, warns;
} signals[] = {
    {.number = SIGTERM, .always = true},
    {.number = SIGINT, .always = true},
    {.number = SIGHUP},
    {.number = SIGXCPU},
    {.number = SIGALRM},
    {.number = SIGVTALRM},
    {.number = SIGUSR1, .warns = true},
    {.number = SIGUSR2, .warns = true},
};

static bool is_free(int number)
{
    struct sigaction now;
    return sigaction(number, NULL, &now) == 0 && (now.sa_flags & SA_SIGINFO) == 0 &&
           now.sa_handler == SIG_DFL;
}

static sigset_t watched_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < H5R_COUNT_OF(signals); i++) {
        if (signals[i].always || is_free(signals[i].number)) {
            sigaddset(&set, signals[i].number);
        }
    }
    return set;
}

static bool is_warning(int number)
{
    for (size_t i = 0; i < H5R_COUNT_OF(signals); i++) {
        if (signals[i].number == number) {
            return signals[i].warns;
        }
    }
    return false;
}

/* A write to a pipe that nobody reads sends SIGPIPE to the thread that writes and to no other: it is handed
 * on to the thread that waits. A handler is given nothing, so that thread has to be known. */
static pthread_t waiting;

static void hand_on(int number)
{
    int kept = errno;
    pthread_kill(waiting, number);
    errno = kept;
}

/* Where the soft and the hard limit of CPU time are the same the kernel kills without a warning. */
static void soften_cpu_limit(void)
{
    struct rlimit cpu;
    if (getrlimit(RLIMIT_CPU, &cpu) == 0 && cpu.rlim_max != RLIM_INFINITY && cpu.rlim_max > CPU_LEFT_S &&
        cpu.rlim_cur > cpu.rlim_max - CPU_LEFT_S) {
        cpu.rlim_cur = cpu.rlim_max - CPU_LEFT_S;
        setrlimit(RLIMIT_CPU, &cpu);
    }
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
    const struct timespec look = {.tv_sec = H5R_LOOK_S};
    int number;
    while ((number = sigtimedwait(&guard->signals, NULL, &look)) < 0 || is_warning(number)) {
        if (number > 0) {
            atomic_store(&guard->asked, number);
        } else {
            h5r_watchdog_look(guard);
        }
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
    const bool pipes = is_free(SIGPIPE);
    *guard = (h5r_guard_t){.say = say,
                           .signals = watched_signals(),
                           .rank = -1,
                           .main_thread = (int)syscall(SYS_gettid),
                           .main_errno = &errno};
    if (pipes) {
        sigaddset(&guard->signals, SIGPIPE);
    }
    soften_cpu_limit();
    gethostname(guard->node, sizeof guard->node - 1);
    pthread_mutex_init(&guard->busy, NULL);
    pthread_mutex_init(&guard->lock, NULL);
    signal(SIGXFSZ, SIG_IGN); /* a file beyond its limit is an error of the write, EFBIG, with a message */
    int code = pthread_sigmask(SIG_BLOCK, &guard->signals, NULL);
    if (code == 0) {
        code = pthread_create(&guard->thread, NULL, wait_for_signal, guard);
    }
    if (code == 0 && pipes) {
        waiting = guard->thread;
        sigaction(SIGPIPE, &(struct sigaction){.sa_handler = hand_on, .sa_flags = SA_RESTART}, NULL);
        sigset_t taken;
        sigemptyset(&taken);
        sigaddset(&taken, SIGPIPE);
        code = pthread_sigmask(SIG_UNBLOCK, &taken, NULL);
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
    guard->stood_s = 0.0;
    h5r_watchdog_expect(guard, H5R_LOOK_S);
    pthread_mutex_unlock(&guard->lock);
}

bool h5r_guard_end_work(h5r_guard_t *guard)
{
    pthread_mutex_lock(&guard->lock);
    h5r_watchdog_notice(guard); /* the other thread may not have run since */
    const bool stood = guard->stood_s > 0.0;
    guard->work[0] = '\0';
    pthread_mutex_unlock(&guard->lock);
    return stood;
}

void h5r_guard_dismiss(h5r_guard_t *guard, int code)
{
    pthread_mutex_lock(&guard->lock);
    guard->dismissed = true;
    guard->code = code;
    pthread_mutex_unlock(&guard->lock);
}
