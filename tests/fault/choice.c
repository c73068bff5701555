#include "choice.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

choice_t shim;

#define TRACED 1000 /* a call that moves nothing may be tried again for ever */

static atomic_long calls;

static const char *text_of(const char *name, const char *otherwise)
{
    const char *text = getenv(name);
    return text != NULL ? text : otherwise;
}

static long number_of(const char *name, long otherwise)
{
    const char *text = getenv(name);
    return text != NULL ? strtol(text, NULL, 10) : otherwise;
}

static const char *own_rank(void)
{
    static const char *const names[] = {"OMPI_COMM_WORLD_RANK", "PMI_RANK", "PMIX_RANK", "SLURM_PROCID"};
    const char *rank = NULL;
    for (size_t i = 0; i < sizeof names / sizeof names[0] && rank == NULL; i++) {
        rank = getenv(names[i]);
    }
    return rank != NULL ? rank : "-";
}

void die(const char *why)
{
    fprintf(stderr, "shim_fault: %s\n", why);
    _exit(99);
}

static void read_action(const char *word)
{
    static const struct {
        const char *word;
        action_t action;
        int number;
    } words[] = {
        {"none", ACTION_NONE, 0}, {"short", SHORT, 0},      {"zero", ZERO, 0},        {"lose", LOSE, 0},
        {"flip", FLIP, 0},        {"copy", COPY, 0},        {"delay", DELAY, 0},      {"hang", HANG, 0},
        {"kill", KILL, 0},        {"EIO", FAIL, EIO},       {"ENOSPC", FAIL, ENOSPC}, {"EFBIG", FAIL, EFBIG},
        {"EDQUOT", FAIL, EDQUOT}, {"EACCES", FAIL, EACCES}, {"EMFILE", FAIL, EMFILE}, {"EROFS", FAIL, EROFS},
        {"EINTR", FAIL, EINTR},
    };
    shim.action = FAIL;
    shim.number = (int)strtol(word, NULL, 10);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(word, words[i].word) == 0) {
            shim.action = words[i].action;
            shim.number = words[i].number;
        }
    }
    if (shim.action == FAIL && shim.number <= 0) {
        die("no such SHIM_ACTION");
    }
}

__attribute__((constructor)) static void read_environment(void)
{
    const char *path = getenv("SHIM_PATH"), *rank = getenv("SHIM_RANK");
    shim.rank = own_rank();
    if (path == NULL || (rank != NULL && strcmp(rank, shim.rank) != 0)) {
        return;
    }
    if (regcomp(&shim.path, path, REG_EXTENDED | REG_NOSUB) != 0) {
        die("SHIM_PATH is no regular expression");
    }
    shim.call = text_of("SHIM_CALL", "");
    shim.trace = getenv("SHIM_TRACE");
    shim.least = (size_t)number_of("SHIM_LEAST", 0);
    shim.nth = number_of("SHIM_NTH", 1);
    shim.times = number_of("SHIM_TIMES", LONG_MAX);
    shim.offset = number_of("SHIM_OFFSET", 0);
    shim.copy = (size_t)number_of("SHIM_COPY", 1);
    read_action(text_of("SHIM_ACTION", ""));
    const char *delay = text_of("SHIM_DELAY", "0");
    double amount = strtod(delay, NULL);
    bool relative = strchr(delay, '%') != NULL;
    shim.delay_s = relative ? 0.0 : amount * 1e-6;
    shim.delay_frac = relative ? amount / 100.0 : 0.0;
    shim.on = true;
}

/* By system calls, which no shim sees. */
static void write_trace(const char *function, size_t bytes, const char *path)
{
    char line[PATH_MAX + 80];
    int n = snprintf(line, sizeof line, "%s %s %zu %s\n", shim.rank, function, bytes, path);
    long fd = syscall(SYS_openat, AT_FDCWD, shim.trace, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (fd < 0 || n < 0 || syscall(SYS_write, fd, line, (size_t)n) != n) {
        die("cannot write SHIM_TRACE");
    }
    syscall(SYS_close, fd);
}

bool is_due(const char *call, const char *function, size_t bytes, const char *path)
{
    int before = errno;
    bool meant = shim.on && strcmp(call, shim.call) == 0 && bytes >= shim.least &&
                 regexec(&shim.path, path, 0, NULL, 0) == 0;
    long n = meant ? atomic_fetch_add(&calls, 1) + 1 - shim.nth : -1;
    bool due = n >= 0 && n < shim.times;
    if (due && n < TRACED && shim.trace != NULL) {
        write_trace(function, bytes, path);
    }
    errno = before;
    return due;
}

bool is_due_on(const char *call, const char *function, size_t bytes, int fd)
{
    char link[64], path[PATH_MAX];
    if (!shim.on || strcmp(call, shim.call) != 0) {
        return false;
    }
    int before = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    path[n > 0 ? n : 0] = '\0';
    errno = before;
    return is_due(call, function, bytes, path);
}
