/*
 * LD_PRELOAD: a file changes between writing and reading. From the environment:
 *   SHIM_PATH    files whose path contains this
 *   SHIM_NTH     when one is opened for reading only, for the how many-th time (default: 1)
 *   SHIM_OFFSET  the byte at this offset, from the end if negative, is flipped first
 *   SHIM_COPY    instead: so many bytes from there are overwritten by those that follow, as if the writer was
 * off by one SHIM_RANK    only on this rank
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_long opens;

/* The function behind the shim. ISO C has no way from the pointer of dlsym to that of a function. */
#define REAL(type, name)                                                                                     \
    static type real;                                                                                        \
    if (real == NULL) {                                                                                      \
        *(void **)&real = dlsym(RTLD_NEXT, name);                                                            \
    }

typedef int open_function_t(const char *path, int flags, ...);
typedef FILE *fopen_function_t(const char *path, const char *mode);

static int open_behind(const char *path, int flags)
{
    REAL(open_function_t *, "open")
    return real(path, flags);
}

static bool is_due(const char *path)
{
    const char *part = getenv("SHIM_PATH"), *nth = getenv("SHIM_NTH"), *rank = getenv("SHIM_RANK"),
               *own = getenv("OMPI_COMM_WORLD_RANK");
    if (part == NULL || strstr(path, part) == NULL ||
        (rank != NULL && own != NULL && strcmp(rank, own) != 0)) {
        return false;
    }
    return atomic_fetch_add(&opens, 1) + 1 == (nth != NULL ? strtol(nth, NULL, 10) : 1);
}

static void damage(const char *path)
{
    const char *offset = getenv("SHIM_OFFSET"), *copy = getenv("SHIM_COPY");
    int fd = is_due(path) && offset != NULL ? open_behind(path, O_RDWR) : -1;
    if (fd < 0) {
        return;
    }
    off_t at = (off_t)strtol(offset, NULL, 10);
    at += at < 0 ? lseek(fd, 0, SEEK_END) : 0;
    char bytes[64] = {0};
    long shift = copy != NULL ? strtol(copy, NULL, 10) : 0;
    size_t n = shift > 0 && shift <= (long)sizeof bytes ? (size_t)shift : 1;
    if (pread(fd, bytes, n, at + shift) == (ssize_t)n) {
        bytes[0] = (char)(shift > 0 ? bytes[0] : ~bytes[0]);
        if (pwrite(fd, bytes, n, at) != (ssize_t)n) {
            fputs("shim_flip: cannot write\n", stderr);
        }
    }
    close(fd);
}

#define SHIM_OPEN(name)                                                                                      \
    int name(const char *path, int flags, ...)                                                               \
    {                                                                                                        \
        REAL(open_function_t *, #name)                                                                       \
        va_list arguments;                                                                                   \
        va_start(arguments, flags);                                                                          \
        mode_t mode = (flags & (O_CREAT | __O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;                \
        va_end(arguments);                                                                                   \
        if ((flags & O_ACCMODE) == O_RDONLY) {                                                               \
            damage(path);                                                                                    \
        }                                                                                                    \
        return real(path, flags, mode);                                                                      \
    }

#define SHIM_FOPEN(name)                                                                                     \
    FILE *name(const char *path, const char *mode)                                                           \
    {                                                                                                        \
        REAL(fopen_function_t *, #name)                                                                      \
        if (mode[0] == 'r' && strchr(mode, '+') == NULL) {                                                   \
            damage(path);                                                                                    \
        }                                                                                                    \
        return real(path, mode);                                                                             \
    }

SHIM_OPEN(open)
SHIM_OPEN(open64)
SHIM_FOPEN(fopen)
SHIM_FOPEN(fopen64)
