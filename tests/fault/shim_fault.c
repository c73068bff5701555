/*
 * LD_PRELOAD: chosen calls of the system go wrong. From the environment:
 *   SHIM_PATH    on files whose path matches this extended regular expression; without it nothing happens, so
 *                that results are out of reach unless it names them. It should end in $: a directory
 *                named x.h5y contains .h5 as well
 *   SHIM_CALL    open, create (to open what may not be there yet), write, read (these two with all their relatives, fwrite and fread too) or fsync
 *   SHIM_RANK    only on this rank, as the launcher numbers them (default: on all)
 *   SHIM_LEAST   only calls that move so many bytes or more
 *   SHIM_NTH     from the how many-th such call of the process on (default: 1)
 *   SHIM_TIMES   and so many times (default: always)
 *   SHIM_ACTION  what happens to them:
 *     EIO, ENOSPC, ... or a number   they fail with this errno and move nothing
 *     short     they move half of what they should, one byte at least, and say so
 *     zero      they move nothing and say so
 *     lose      they move nothing and say that they moved all
 *     flip      the byte at SHIM_OFFSET (from the end if negative; default: 0) is inverted: of what is
 *               written or read; with `open`, only those for reading count, and it is a byte of the file
 *     copy      as flip, but SHIM_COPY bytes from there are overwritten by as many that follow them
 *     delay     they take longer: by SHIM_DELAY microseconds or, with a % behind it, by that part of their
 *               own duration; processor and memory are busy meanwhile
 *     hang      they never return
 *     kill      the process is killed inside of them
 *     none      nothing (for SHIM_TRACE)
 *   SHIM_TRACE   a file that gets a line for each of the first calls of a process that something happened to:
 *                RANK FUNCTION BYTES PATH
 *
 * Streams write what they have buffered by themselves, past every shim: fprintf and fflush are not seen.
 */
#include "choice.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* After a call that began at start_s. Memory is moved meanwhile, as by a slower call: a rank that left it to
 * the others would make theirs faster. */
static void delay(double start_s)
{
    enum { SIZE = 1 << 24, STEP = 1 << 14 };
    static char memory[2][SIZE];
    static size_t at;
    const double end_s = now_s();
    const int after = errno;
    if (memory[1][0] == 0) {
        memset(memory, 1, sizeof memory); /* pages of their own */
    }
    const double until_s = end_s + shim.delay_s + shim.delay_frac * (end_s - start_s);
    while (now_s() < until_s) {
        memcpy(memory[0] + at, memory[1] + at, STEP);
        at = (at + STEP) % SIZE;
    }
    errno = after;
}

/* Makes a call of which nothing but its duration is changed. */
#define TIMED(real, ...)                                                                                     \
    double start_s = now_s();                                                                                \
    ssize_t moved = (ssize_t)real(__VA_ARGS__);                                                              \
    delay(start_s);                                                                                          \
    return (__typeof__(real(__VA_ARGS__)))moved

/* What is the same for all calls. True: the call itself shall be made. */
static bool survives(void)
{
    while (shim.action == HANG) {
        pause();
    }
    if (shim.action == KILL) {
        raise(SIGKILL);
    }
    if (shim.action == FAIL) {
        errno = shim.number;
    }
    return shim.action != FAIL;
}

static void spoil(char *bytes, size_t n)
{
    size_t at = (size_t)(shim.offset < 0 ? (long)n + shim.offset : shim.offset);
    if (shim.action == FLIP && at < n) {
        bytes[at] = (char)~bytes[at];
    } else if (shim.action == COPY && at + 2 * shim.copy <= n) {
        memcpy(bytes + at, bytes + at + shim.copy, shim.copy);
    }
}

/* Nothing is done to what is moved, so the call is made as it is: a copy would cost as much as a write to
 * memory. */
static bool only_takes_time(void)
{
    return shim.action == DELAY || shim.action == ACTION_NONE;
}

/* ---- reading and writing: all relatives act alike, on one piece of memory */

typedef struct {
    bool writes;
    const struct iovec *vector;
    int n;
    size_t bytes;
} transfer_t;

/* Moves this memory as the caller's function would; `self` is its state. */
typedef ssize_t move_t(void *self, char *memory, size_t bytes);

static void gather(const transfer_t *t, char *memory)
{
    for (int i = 0; i < t->n; memory += t->vector[i].iov_len, i++) {
        memcpy(memory, t->vector[i].iov_base, t->vector[i].iov_len);
    }
}

static void scatter(const transfer_t *t, const char *memory, size_t bytes)
{
    for (int i = 0; i < t->n && bytes > 0; i++) {
        size_t n = t->vector[i].iov_len < bytes ? t->vector[i].iov_len : bytes;
        memcpy(t->vector[i].iov_base, memory, n);
        memory += n;
        bytes -= n;
    }
}

static size_t total(const struct iovec *vector, int n)
{
    size_t bytes = 0;
    for (int i = 0; i < n; i++) {
        bytes += vector[i].iov_len;
    }
    return bytes;
}

static ssize_t act(const transfer_t *t, move_t *move, void *self)
{
    if (!survives()) {
        return -1;
    }
    if (shim.action == ZERO || shim.action == LOSE) {
        return shim.action == ZERO ? 0 : (ssize_t)t->bytes;
    }
    char *memory = malloc(t->bytes + 1);
    if (memory == NULL) {
        die("no memory");
    }
    bool spoils = shim.action == FLIP || shim.action == COPY;
    size_t bytes = shim.action == SHORT && t->bytes > 1 ? t->bytes / 2 : t->bytes;
    if (t->writes) {
        gather(t, memory);
    }
    if (t->writes && spoils) {
        spoil(memory, bytes);
    }
    ssize_t moved = move(self, memory, bytes);
    if (!t->writes && moved > 0) {
        if (spoils) {
            spoil(memory, (size_t)moved);
        }
        scatter(t, memory, (size_t)moved);
    }
    int after = errno;
    free(memory);
    errno = after;
    return moved;
}

typedef struct {
    long number; /* of the system call */
    int fd;
    off_t at;
} call_t;

static ssize_t move_by_call(void *self, char *memory, size_t bytes)
{
    const call_t *call = self;
    return syscall(call->number, call->fd, memory, bytes, call->at); /* read and write leave out the last */
}

static ssize_t act_on_fd(bool writes, int fd, const struct iovec *vector, int n, off_t at)
{
    transfer_t t = {.writes = writes, .vector = vector, .n = n, .bytes = total(vector, n)};
    call_t call = {.fd = fd, .at = at};
    call.number = writes ? (at < 0 ? SYS_write : SYS_pwrite64) : (at < 0 ? SYS_read : SYS_pread64);
    return act(&t, move_by_call, &call);
}

/* The function behind the shim. ISO C has no way from the pointer of dlsym to that of a function. */
#define REAL(name)                                                                                           \
    static __typeof__(&name) real;                                                                           \
    if (real == NULL) {                                                                                      \
        *(void **)&real = dlsym(RTLD_NEXT, #name);                                                           \
    }

#define SHIM_PLAIN(name, call, writes, parameters, at, ...)                                                  \
    ssize_t name parameters                                                                                  \
    {                                                                                                        \
        REAL(name)                                                                                           \
        const struct iovec v = {(void *)b, n};                                                               \
        if (!is_due_on(call, #name, n, fd)) {                                                                \
            return real(__VA_ARGS__);                                                                        \
        }                                                                                                    \
        if (only_takes_time()) {                                                                             \
            TIMED(real, __VA_ARGS__);                                                                        \
        }                                                                                                    \
        return act_on_fd(writes, fd, &v, 1, at);                                                             \
    }

#define SHIM_VECTOR(name, call, writes, parameters, at, ...)                                                 \
    ssize_t name parameters                                                                                  \
    {                                                                                                        \
        REAL(name)                                                                                           \
        if (!is_due_on(call, #name, total(v, n), fd)) {                                                      \
            return real(__VA_ARGS__);                                                                        \
        }                                                                                                    \
        if (only_takes_time()) {                                                                             \
            TIMED(real, __VA_ARGS__);                                                                        \
        }                                                                                                    \
        return act_on_fd(writes, fd, v, n, at);                                                              \
    }

SHIM_PLAIN(write, "write", true, (int fd, const void *b, size_t n), -1, fd, b, n)
SHIM_PLAIN(read, "read", false, (int fd, void *b, size_t n), -1, fd, b, n)
SHIM_PLAIN(pwrite, "write", true, (int fd, const void *b, size_t n, off_t o), o, fd, b, n, o)
SHIM_PLAIN(pwrite64, "write", true, (int fd, const void *b, size_t n, off64_t o), o, fd, b, n, o)
SHIM_PLAIN(pread, "read", false, (int fd, void *b, size_t n, off_t o), o, fd, b, n, o)
SHIM_PLAIN(pread64, "read", false, (int fd, void *b, size_t n, off64_t o), o, fd, b, n, o)
SHIM_VECTOR(writev, "write", true, (int fd, const struct iovec *v, int n), -1, fd, v, n)
SHIM_VECTOR(readv, "read", false, (int fd, const struct iovec *v, int n), -1, fd, v, n)
SHIM_VECTOR(pwritev, "write", true, (int fd, const struct iovec *v, int n, off_t o), o, fd, v, n, o)
SHIM_VECTOR(pwritev64, "write", true, (int fd, const struct iovec *v, int n, off64_t o), o, fd, v, n, o)
SHIM_VECTOR(preadv, "read", false, (int fd, const struct iovec *v, int n, off_t o), o, fd, v, n, o)
SHIM_VECTOR(preadv64, "read", false, (int fd, const struct iovec *v, int n, off64_t o), o, fd, v, n, o)

/* ---- streams */

typedef struct {
    FILE *stream;
    __typeof__(&fwrite) write;
    __typeof__(&fread) read;
} stream_t;

static ssize_t move_by_stream(void *self, char *memory, size_t bytes)
{
    const stream_t *s = self;
    return (ssize_t)(s->write != NULL ? s->write(memory, 1, bytes, s->stream)
                                      : s->read(memory, 1, bytes, s->stream));
}

static size_t act_on_stream(stream_t *s, void *memory, size_t size, size_t n)
{
    const struct iovec v = {memory, size * n};
    transfer_t t = {.writes = s->write != NULL, .vector = &v, .n = 1, .bytes = v.iov_len};
    ssize_t moved = act(&t, move_by_stream, s);
    if (moved < 0) {
        s->stream->_flags |= _IO_ERR_SEEN; /* for ferror() */
    }
    return moved > 0 && size > 0 ? (size_t)moved / size : 0;
}

size_t fwrite(const void *b, size_t size, size_t n, FILE *f)
{
    REAL(fwrite)
    stream_t s = {.stream = f, .write = real};
    if (!is_due_on("write", "fwrite", size * n, fileno(f))) {
        return real(b, size, n, f);
    }
    if (only_takes_time()) {
        TIMED(real, b, size, n, f);
    }
    return act_on_stream(&s, (void *)b, size, n);
}

size_t fread(void *b, size_t size, size_t n, FILE *f)
{
    REAL(fread)
    stream_t s = {.stream = f, .read = real};
    if (!is_due_on("read", "fread", size * n, fileno(f))) {
        return real(b, size, n, f);
    }
    if (only_takes_time()) {
        TIMED(real, b, size, n, f);
    }
    return act_on_stream(&s, b, size, n);
}

/* ---- the others */

#define SHIM_SYNC(name)                                                                                      \
    int name(int fd)                                                                                         \
    {                                                                                                        \
        REAL(name)                                                                                           \
        if (!is_due_on("fsync", #name, 0, fd)) {                                                             \
            return real(fd);                                                                                 \
        }                                                                                                    \
        if (only_takes_time()) {                                                                             \
            TIMED(real, fd);                                                                                 \
        }                                                                                                    \
        return survives() ? real(fd) : -1;                                                                   \
    }

SHIM_SYNC(fsync)
SHIM_SYNC(fdatasync)

/* Damages the file that is about to be read. */
static void spoil_file(const char *path)
{
    char bytes[128];
    int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC);
    off_t size = fd >= 0 ? lseek(fd, 0, SEEK_END) : 0;
    off_t at = shim.offset < 0 ? size + shim.offset : shim.offset;
    long n = fd >= 0 && at >= 0 ? syscall(SYS_pread64, fd, bytes, sizeof bytes, at) : -1;
    const long offset = shim.offset;
    shim.offset = 0;
    if (n > 0) {
        spoil(bytes, (size_t)n);
    }
    shim.offset = offset;
    if (n <= 0 || syscall(SYS_pwrite64, fd, bytes, (size_t)n, at) != n) {
        die("cannot damage the file");
    }
    syscall(SYS_close, fd);
}

/* False: the open fails. */
static bool opens(const char *function, const char *path, bool reads_only, bool creates)
{
    bool spoils = shim.action == FLIP || shim.action == COPY;
    if ((spoils && !reads_only) ||
        (!is_due("open", function, 0, path) && !(creates && is_due("create", function, 0, path)))) {
        return true;
    }
    if (spoils) {
        spoil_file(path);
    }
    if (shim.action == DELAY) {
        delay(now_s());
    }
    return survives();
}

#define SHIM_OPEN(name, parameters, ...)                                                                     \
    int name parameters                                                                                      \
    {                                                                                                        \
        REAL(name)                                                                                           \
        va_list arguments;                                                                                   \
        va_start(arguments, flags);                                                                          \
        mode_t mode = (flags & (O_CREAT | __O_TMPFILE)) != 0 ? va_arg(arguments, mode_t) : 0;                \
        va_end(arguments);                                                                                   \
        return opens(#name, path, (flags & O_ACCMODE) == O_RDONLY, (flags & O_CREAT) != 0)                   \
                   ? real(__VA_ARGS__, mode)                                                                 \
                   : -1;                                                                                     \
    }

SHIM_OPEN(open, (const char *path, int flags, ...), path, flags)
SHIM_OPEN(open64, (const char *path, int flags, ...), path, flags)
SHIM_OPEN(openat, (int at, const char *path, int flags, ...), at, path, flags)
SHIM_OPEN(openat64, (int at, const char *path, int flags, ...), at, path, flags)

#define SHIM_FOPEN(name)                                                                                     \
    FILE *name(const char *path, const char *mode)                                                           \
    {                                                                                                        \
        REAL(name)                                                                                           \
        bool reads_only = mode[0] == 'r' && strchr(mode, '+') == NULL;                                       \
        return opens(#name, path, reads_only, mode[0] != 'r') ? real(path, mode) : NULL;                     \
    }

SHIM_FOPEN(fopen)
SHIM_FOPEN(fopen64)
