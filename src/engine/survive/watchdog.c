#include "engine/survive/watchdog.h"

#include "core/base/units.h"
#include "core/table/column.h"
#include "engine/ranks/mpi_util.h"
#include "engine/survive/grace.h"
#include "engine/survive/scratch.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Who is likely to blame speaks first, and the launcher then ends the rest: a rank that sleeps in a system
 * call, then one that runs inside a call (MPI waits by spinning), if a call of the system failed there before
 * others, then those in the barrier. Ranks look once a second, each at its own time. In units of the grace,
 * of which the ranks share one among them. */
#define BLOCKED       0u
#define KNOWING       1u
#define RUNNING       2u
#define WAITING       3u
#define RANK_STEPS    15
#define STEPS_A_GRACE 20u
#define STUCK_ALARM_S 5 /* where not even the scratch directory answers */

/* Later than this a look is not late because the machine is busy: a thread that sleeps is preferred to those
 * that spin. */
#define STOOD_S 1.0

/* What hangs, as seen at one moment. */
typedef struct {
    unsigned long works;
    char work[sizeof((h5r_guard_t *)0)->work];
    double limit_s;
    bool late;
} suspicion_t;

/* CLOCK_BOOTTIME goes on while the machine sleeps, and with a valid pointer it cannot fail. */
static double seconds_awake_or_not(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_BOOTTIME, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void h5r_watchdog_expect(h5r_guard_t *guard, double seconds)
{
    guard->due_s = seconds_awake_or_not() + seconds;
}

void h5r_watchdog_notice(h5r_guard_t *guard)
{
    const double late_s = seconds_awake_or_not() - guard->due_s;
    if (late_s > STOOD_S) {
        guard->stood_s += late_s;
        guard->due_s += late_s;
    }
}

static suspicion_t suspect(h5r_guard_t *guard)
{
    suspicion_t s = {.late = false};
    pthread_mutex_lock(&guard->lock);
    h5r_watchdog_notice(guard);
    h5r_watchdog_expect(guard, H5R_LOOK_S);
    s.works = guard->works;
    s.limit_s = guard->limit_s;
    memcpy(s.work, guard->work, sizeof s.work);
    s.late = guard->work[0] != '\0' && guard->limit_s > 0.0 && !guard->dismissed &&
             h5r_seconds_between(guard->since, h5r_now()) > guard->limit_s + guard->stood_s;
    pthread_mutex_unlock(&guard->lock);
    return s;
}

/* The state of the main thread as /proc has it: R runs, S and D sleep in the kernel; '?' if it cannot be
 * asked. */
static char thread_state(int thread)
{
    char path[64], line[512], state = '?';
    snprintf(path, sizeof path, "/proc/self/task/%d/stat", thread);
    FILE *stat = fopen(path, "r");
    if (stat == NULL) {
        return state;
    }
    const char *end = fgets(line, sizeof line, stat) != NULL ? strrchr(line, ')') : NULL; /* of its name */
    if (end != NULL && end[1] == ' ') {
        state = end[2];
    }
    fclose(stat);
    return state;
}

/* Why a library may have lost its way: the errno of the main thread, which is 0 when a phase begins. 0: none
 * that tells, since these are met without any error. */
static int reason_of(const h5r_guard_t *guard)
{
    int number = *guard->main_errno;
    return number == ENOENT || number == EAGAIN || number == EINTR ? 0 : number;
}

static void describe(h5r_guard_t *guard, const suspicion_t *s, char state, char *text, size_t size)
{
    h5r_operation_t operation;
    h5r_phase_t phase;
    char limit[32];
    h5r_where_t where = h5r_place_get(&guard->place, &operation, &phase);
    int n = snprintf(text, size, "rank %d on %s: %s hangs: not finished after %s (case_timeout)", guard->rank,
                     guard->node, s->work, h5r_format_seconds(s->limit_s, limit, sizeof limit));
    if (n > 0 && (size_t)n < size && where != H5R_AWAY) {
        snprintf(text + n, size - (size_t)n, "; %s %s, phase %s%s",
                 where == H5R_WAITING ? "waiting for other ranks in" : "in",
                 guard->workload->operations[operation].name, h5r_phase_names[phase],
                 where != H5R_INSIDE              ? ""
                 : (state == 'S' || state == 'D') ? ", asleep in a system call"
                                                  : ", running or waiting for another rank inside a library");
    }
    if (where == H5R_INSIDE && strlen(text) + H5R_ERRNO_SIZE < size) {
        h5r_errno_text(reason_of(guard), "", text + strlen(text), H5R_ERRNO_SIZE);
    }
}

/* The scratch directory may hang as well: then there is only the alarm. */
static bool take_over(const h5r_guard_t *guard, char taken[PATH_MAX])
{
    taken[0] = '\0';
    return guard->scratch_dir[0] == '\0' || h5r_scratch_take(guard->scratch_dir, taken);
}

static void end_process(h5r_guard_t *guard, const suspicion_t *s, bool blocked, char state)
{
    char text[1024], taken[PATH_MAX];
    sigset_t last;
    sigemptyset(&last);
    sigaddset(&last, SIGALRM);
    signal(SIGALRM, SIG_DFL);
    pthread_sigmask(SIG_UNBLOCK, &last, NULL);
    alarm(STUCK_ALARM_S);
    describe(guard, s, state, text, sizeof text);
    if (blocked) { /* perhaps in the file system: speak before it is touched */
        guard->say(text);
        take_over(guard, taken);
    } else if (take_over(guard, taken)) {
        guard->say(text);
    }
    if (taken[0] != '\0') {
        h5r_scratch_remove(taken, guard->say);
    }
    _exit(H5R_IO); /* lint: allow-exit: the main thread hangs */
}

void h5r_watchdog_look(h5r_guard_t *guard)
{
    suspicion_t before = suspect(guard);
    if (!before.late) {
        return;
    }
    h5r_operation_t operation;
    h5r_phase_t phase;
    h5r_where_t where = h5r_place_get(&guard->place, &operation, &phase);
    char state = thread_state(guard->main_thread);
    bool blocked = where != H5R_WAITING && (state == 'S' || state == 'D');
    bool knows = where == H5R_INSIDE && reason_of(guard) != 0;
    unsigned turn = blocked ? BLOCKED : where == H5R_WAITING ? WAITING : knows ? KNOWING : RUNNING;
    int steps = guard->rank < RANK_STEPS ? guard->rank : RANK_STEPS;
    const unsigned grace = h5r_grace_us();
    const unsigned delay = turn * grace + (unsigned)(steps > 0 ? steps : 0) * (grace / STEPS_A_GRACE);
    pthread_mutex_lock(&guard->lock);
    h5r_watchdog_expect(guard, 1e-6 * delay);
    pthread_mutex_unlock(&guard->lock);
    usleep(delay);
    suspicion_t after = suspect(guard);
    if (after.late && after.works == before.works) {
        end_process(guard, &after, blocked, state);
    }
}
