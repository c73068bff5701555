/*
 * LD_PRELOAD: one call of the system fails. From the environment:
 *   SHIM_CALL   write (pwrite and its like as well), fsync or open
 *   SHIM_PATH   only on files whose path matches this extended regular expression
 *   SHIM_NTH    the how many-th such call fails, and all after it (default: 1)
 *   SHIM_ERRNO  with this number
 *   SHIM_LOG    a file that gets the paths of these files as they are opened, whatever fails
 *   SHIM_RANK   only on this rank, as the launcher numbers them (default: on all)
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long calls;

static bool is_set_to(const char *name, const char *value)
{
    const char *set = getenv(name);
    return set != NULL && value != NULL && strcmp(set, value) == 0;
}

static bool matches(const char *path, const char *pattern)
{
    regex_t compiled;
    if (regcomp(&compiled, pattern, REG_EXTENDED | REG_NOSUB) != 0) {
        return false;
    }
    bool found = regexec(&compiled, path, 0, NULL, 0) == 0;
    regfree(&compiled);
    return found;
}

static void log_path(const char *path)
{
    const char *log = getenv("SHIM_LOG"), *part = getenv("SHIM_PATH");
    FILE *out = log != NULL && part != NULL && matches(path, part) ? fopen(log, "ae") : NULL;
    if (out != NULL) {
        fprintf(out, "%s\n", path);
        fclose(out);
    }
}

static bool fails(const char *call, const char *path)
{
    const char *part = getenv("SHIM_PATH"), *rank = getenv("SHIM_RANK"), *nth = getenv("SHIM_NTH"),
               *number = getenv("SHIM_ERRNO");
    if (part == NULL || number == NULL || !is_set_to("SHIM_CALL", call) || !matches(path, part) ||
        (rank != NULL && !is_set_to("OMPI_COMM_WORLD_RANK", rank))) {
        return false;
    }
    if (atomic_fetch_add(&calls, 1) + 1 < (nth != NULL ? strtol(nth, NULL, 10) : 1)) {
        return false;
    }
    errno = (int)strtol(number, NULL, 10);
    return true;
}

static bool fails_on(const char *call, int fd)
{
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    path[n > 0 ? n : 0] = '\0';
    return fails(call, path);
}

/* The function behind the shim. ISO C has no way from the pointer of dlsym to that of a function. */
#define REAL(name)                                                                                           \
    static __typeof__(&name) real;                                                                           \
    if (real == NULL) {                                                                                      \
        *(void **)&real = dlsym(RTLD_NEXT, #name);                                                           \
    }

#define SHIM(type, name, call, parameters, ...)                                                              \
    type name parameters                                                                                     \
    {                                                                                                        \
        REAL(name)                                                                                           \
        return fails_on(call, fd) ? -1 : real(__VA_ARGS__);                                                  \
    }

SHIM(ssize_t, write, "write", (int fd, const void *b, size_t n), fd, b, n)
SHIM(ssize_t, writev, "write", (int fd, const struct iovec *v, int n), fd, v, n)
SHIM(ssize_t, pwrite, "write", (int fd, const void *b, size_t n, off_t at), fd, b, n, at)
SHIM(ssize_t, pwrite64, "write", (int fd, const void *b, size_t n, off64_t at), fd, b, n, at)
SHIM(ssize_t, pwritev, "write", (int fd, const struct iovec *v, int n, off_t at), fd, v, n, at)
SHIM(ssize_t, pwritev64, "write", (int fd, const struct iovec *v, int n, off64_t at), fd, v, n, at)
SHIM(int, fsync, "fsync", (int fd), fd)

#define SHIM_OPEN(name)                                                                                      \
    int name(const char *path, int flags, ...)                                                               \
    {                                                                                                        \
        REAL(name)                                                                                           \
        va_list arguments;                                                                                   \
        va_start(arguments, flags);                                                                          \
        mode_t mode = (flags & (O_CREAT | __O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;                \
        va_end(arguments);                                                                                   \
        log_path(path);                                                                                      \
        return fails("open", path) ? -1 : real(path, flags, mode);                                           \
    }

SHIM_OPEN(open)
SHIM_OPEN(open64)
