/*
 * LD_PRELOAD: tells how files are written and read, and lets some ways fail. From the environment:
 *   SHIM_PATH    only files whose path contains this
 *   SHIM_LOG     a line for each call is appended here: CALL DIRECT BYTES; allocate has 0 for DIRECT
 *   SHIM_REFUSE  any of: direct (transfers of files opened with O_DIRECT fail with EINVAL, though the opening
 * does not), allocate (fallocate fails with EOPNOTSUPP) SHIM_RANK    refuse only on this rank SHIM_AFTER
 * refuse only from the call with this number on, of those that can be refused
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILES = 4096 };
static bool ours[FILES];
static unsigned long could; /* be refused so far */

/* The function behind the shim. ISO C has no way from the pointer of dlsym to that of a function. */
#define REAL(type, name)                                                                                     \
    static type real;                                                                                        \
    if (real == NULL) {                                                                                      \
        *(void **)&real = dlsym(RTLD_NEXT, name);                                                            \
    }

static bool is_ours(int fd)
{
    return fd >= 0 && fd < FILES && ours[fd];
}

static bool is_rank(void)
{
    const char *rank = getenv("SHIM_RANK"), *own = getenv("OMPI_COMM_WORLD_RANK");
    own = own != NULL ? own : getenv("PMI_RANK");
    return rank == NULL || (own != NULL && strcmp(rank, own) == 0);
}

static bool refuses(const char *what)
{
    const char *asked = getenv("SHIM_REFUSE"), *after = getenv("SHIM_AFTER");
    return asked != NULL && strstr(asked, what) != NULL && is_rank() &&
           ++could > (after != NULL ? strtoul(after, NULL, 10) : 0);
}

static bool is_direct(int fd)
{
    return (fcntl(fd, F_GETFL) & O_DIRECT) != 0;
}

/* In one write, so that the lines of several ranks stay whole. */
static void tell(const char *call, bool direct, long long bytes)
{
    const char *path = getenv("SHIM_LOG");
    char line[80];
    int n = snprintf(line, sizeof line, "%s %d %lld\n", call, direct, bytes);
    int fd = path != NULL && n > 0 ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644) : -1;
    if (fd >= 0) {
        if (write(fd, line, (size_t)n) != n) {
            abort();
        }
        close(fd);
    }
}

static int note_open(int fd, const char *path)
{
    const char *part = getenv("SHIM_PATH");
    if (fd >= 0 && fd < FILES) {
        ours[fd] = part != NULL && strstr(path, part) != NULL;
    }
    return fd;
}

#define OPEN(name)                                                                                           \
    int name(const char *path, int flags, ...)                                                               \
    {                                                                                                        \
        typedef int function_t(const char *, int, ...);                                                      \
        REAL(function_t *, #name)                                                                            \
        va_list more;                                                                                        \
        va_start(more, flags);                                                                               \
        mode_t mode = (flags & O_CREAT) != 0 ? (mode_t)va_arg(more, int) : 0;                                \
        va_end(more);                                                                                        \
        return note_open(real(path, flags, mode), path);                                                     \
    }

OPEN(open)
OPEN(open64)

#define TRANSFER(name, call, pointer_t, offset_t)                                                            \
    ssize_t name(int fd, pointer_t buffer, size_t bytes, offset_t at)                                        \
    {                                                                                                        \
        typedef ssize_t function_t(int, pointer_t, size_t, offset_t);                                        \
        REAL(function_t *, #name)                                                                            \
        const bool direct = is_ours(fd) && is_direct(fd);                                                    \
        if (direct && refuses("direct")) {                                                                   \
            errno = EINVAL;                                                                                  \
            return -1;                                                                                       \
        }                                                                                                    \
        ssize_t moved = real(fd, buffer, bytes, at);                                                         \
        if (is_ours(fd)) {                                                                                   \
            tell(call, direct, (long long)moved);                                                            \
        }                                                                                                    \
        return moved;                                                                                        \
    }

TRANSFER(pwrite, "write", const void *, off_t)
TRANSFER(pwrite64, "write", const void *, off64_t)
TRANSFER(pread, "read", void *, off_t)
TRANSFER(pread64, "read", void *, off64_t)

#define ALLOCATE(name, offset_t)                                                                             \
    int name(int fd, int mode, offset_t at, offset_t bytes)                                                  \
    {                                                                                                        \
        typedef int function_t(int, int, offset_t, offset_t);                                                \
        REAL(function_t *, #name)                                                                            \
        if (is_ours(fd) && refuses("allocate")) {                                                            \
            errno = EOPNOTSUPP;                                                                              \
            return -1;                                                                                       \
        }                                                                                                    \
        if (is_ours(fd)) {                                                                                   \
            tell("allocate", false, (long long)bytes);                                                       \
        }                                                                                                    \
        return real(fd, mode, at, bytes);                                                                    \
    }

ALLOCATE(fallocate, off_t)
ALLOCATE(fallocate64, off64_t)
