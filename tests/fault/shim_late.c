/*
 * LD_PRELOAD: a rank that is late. From the environment:
 *   SHIM_PATH    only once a file whose path contains this has been opened
 *   SHIM_OR      or this
 *   SHIM_RANK    only on this rank
 *   SHIM_MS      how late, milliseconds
 *   SHIM_WHEN    any of
 *                write     every write to such a file of at least SHIM_BYTES; each SHIM_EVERY-th of them by
 * SHIM_MORE milliseconds more closing   the first write or truncation of such a file after a sync barrier
 * leaving MPI_Barrier
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { FILES = 4096 };
static bool ours[FILES], synced[FILES], opened;
static unsigned long large; /* writes so far of at least SHIM_BYTES */

/* The function behind the shim. ISO C has no way from the pointer of dlsym to that of a function. */
#define REAL(type, name)                                                                                     \
    static type real;                                                                                        \
    if (real == NULL) {                                                                                      \
        *(void **)&real = dlsym(RTLD_NEXT, name);                                                            \
    }

static bool is_number(int fd)
{
    return fd >= 0 && fd < FILES;
}

static bool is_rank(void)
{
    const char *rank = getenv("SHIM_RANK"), *own = getenv("OMPI_COMM_WORLD_RANK");
    own = own != NULL ? own : getenv("PMI_RANK");
    return rank == NULL || (own != NULL && strcmp(rank, own) == 0);
}

static void be_late(const char *when, const char *late)
{
    const char *asked = getenv("SHIM_WHEN");
    if (asked == NULL || late == NULL || strstr(asked, when) == NULL || !is_rank()) {
        return;
    }
    long ms = strtol(late, NULL, 10);
    struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    nanosleep(&t, NULL);
}

static int note_open(int fd, const char *path)
{
    const char *part = getenv("SHIM_PATH"), *other = getenv("SHIM_OR");
    if (is_number(fd)) {
        ours[fd] =
            (part != NULL && strstr(path, part) != NULL) || (other != NULL && strstr(path, other) != NULL);
        synced[fd] = false;
        opened = opened || ours[fd];
    }
    return fd;
}

static void before_write(int fd, size_t bytes)
{
    const char *least = getenv("SHIM_BYTES");
    if (!is_number(fd) || !ours[fd]) {
        return;
    }
    if (least == NULL || bytes >= strtoul(least, NULL, 10)) {
        const char *every = getenv("SHIM_EVERY");
        be_late("write", getenv("SHIM_MS"));
        if (every != NULL && ++large % strtoul(every, NULL, 10) == 0) {
            be_late("write", getenv("SHIM_MORE"));
        }
    }
    if (synced[fd]) {
        be_late("closing", getenv("SHIM_MS"));
        synced[fd] = false;
    }
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

#define WRITE(name, offset_t)                                                                                \
    ssize_t name(int fd, const void *buffer, size_t bytes, offset_t at)                                      \
    {                                                                                                        \
        typedef ssize_t function_t(int, const void *, size_t, offset_t);                                     \
        REAL(function_t *, #name)                                                                            \
        before_write(fd, bytes);                                                                             \
        return real(fd, buffer, bytes, at);                                                                  \
    }

WRITE(pwrite, off_t)
WRITE(pwrite64, off64_t)

#define TRUNCATE(name, offset_t)                                                                             \
    int name(int fd, offset_t length)                                                                        \
    {                                                                                                        \
        typedef int function_t(int, offset_t);                                                               \
        REAL(function_t *, #name)                                                                            \
        before_write(fd, 0);                                                                                 \
        return real(fd, length);                                                                             \
    }

TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

static void note_sync(void)
{
    for (int fd = 0; fd < FILES; fd++) { /* the store may sync through a descriptor of its own */
        synced[fd] = ours[fd];
    }
}

int fsync(int fd)
{
    typedef int function_t(int);
    REAL(function_t *, "fsync")
    note_sync();
    return real(fd);
}

/* MPI_Comm is an int or a pointer; both fit into a register and are passed on as they came. */
int MPI_Barrier(void *comm);
int MPI_Barrier(void *comm)
{
    typedef int function_t(void *);
    REAL(function_t *, "MPI_Barrier")
    int code = real(comm);
    if (opened) {
        be_late("barrier", getenv("SHIM_MS"));
    }
    return code;
}
