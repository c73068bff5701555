/*
 * LD_PRELOAD: storage that lies. One call on every file, or all from one on, does something else than it says; then what
 * becomes of the bytes is written down. From the environment:
 *   CORRUPT_PATH   on files whose path matches this extended regular expression; without it nothing happens
 *   CORRUPT_CALL   write or read, with all their relatives
 *   CORRUPT_WHAT   what happens:
 *     lose    nothing is written, and it is said that all was
 *     swap    the first half of the bytes changes places with the second
 *     flip    one bit of the byte at CORRUPT_AT (0 first, -1 last; default: middle) is another one
 *     zero    the bytes are zeros
 *     stale   the bytes are those at this place of the same case's file in block 0
 *     gap     a byte behind those that are written is changed as well
 *     short   half of it is read, and said to be
 *     cut     half of it is read, garbage behind it, and it is said that all was
 *   CORRUPT_LEAST  only calls that move so many bytes or more (default: 1)
 *   CORRUPT_NTH    the how many-th such call of this process on the file (default: 1)
 *   CORRUPT_AFTER  if set, all that come after it, too
 *   CORRUPT_DIR    a directory for removed files (`old/`), and a log for every file that was corrupted, with lines
 *                  F OFFSET BYTES (corrupted), S OFFSET BYTES (would have been, but nothing changed), and then
 *                  W OFFSET BYTES, R OFFSET BYTES: written and read by any process
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <regex.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define TAG   5  /* bytes of the name of a data file: the run's tag; then */
#define HASH  16 /* of the case and the block; what comes behind is the same in all repetitions */
#define FILES 1024

static struct {
    bool on, writes, after;
    regex_t path;
    const char *what, *at, *dir;
    size_t least;
    long nth;
} plan;

static struct {
    char path[PATH_MAX];
    long calls;
} counted[FILES];

static long number_of(const char *name, long otherwise)
{
    const char *text = getenv(name);
    return text != NULL ? strtol(text, NULL, 10) : otherwise;
}

__attribute__((constructor)) static void read_environment(void)
{
    const char *path = getenv("CORRUPT_PATH"), *call = getenv("CORRUPT_CALL");
    plan.what = getenv("CORRUPT_WHAT");
    plan.dir = getenv("CORRUPT_DIR");
    plan.at = getenv("CORRUPT_AT");
    plan.least = (size_t)number_of("CORRUPT_LEAST", 1);
    plan.nth = number_of("CORRUPT_NTH", 1);
    plan.after = getenv("CORRUPT_AFTER") != NULL;
    plan.writes = call != NULL && strcmp(call, "write") == 0;
    plan.on = path != NULL && call != NULL && plan.what != NULL && plan.dir != NULL &&
              regcomp(&plan.path, path, REG_EXTENDED | REG_NOSUB) == 0;
}

/* The function behind the shim. ISO C has no way from the pointer of dlsym to that of a function. */
#define REAL(name)                                                                                           \
    static __typeof__(&name) real;                                                                           \
    if (real == NULL) {                                                                                      \
        *(void **)&real = dlsym(RTLD_NEXT, #name);                                                           \
    }

static bool is_meant(int fd, char path[PATH_MAX])
{
    char link[64];
    if (!plan.on || fd < 0) {
        return false;
    }
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, PATH_MAX - 1);
    path[n > 0 ? n : 0] = '\0';
    return n > 0 && regexec(&plan.path, path, 0, NULL, 0) == 0;
}

static bool is_due(const char *path, bool writes, size_t bytes)
{
    if (writes != plan.writes || bytes < plan.least) {
        return false;
    }
    int i = 0;
    while (i < FILES - 1 && counted[i].path[0] != '\0' && strcmp(counted[i].path, path) != 0) {
        i++;
    }
    snprintf(counted[i].path, PATH_MAX, "%s", path);
    const long n = ++counted[i].calls;
    return n == plan.nth || (plan.after && n > plan.nth);
}

/* By system calls, which no shim sees. */
static void note(const char *path, char what, off_t at, size_t bytes)
{
    char log[2 * PATH_MAX], line[80];
    snprintf(log, sizeof log, "%s/%s", plan.dir, strrchr(path, '/') + 1);
    const bool begins = what == 'F' || what == 'S';
    const int n = snprintf(line, sizeof line, "%c %ld %zu\n", what, (long)at, bytes);
    long fd =
        syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_APPEND | O_CLOEXEC | (begins ? O_CREAT : 0), 0644);
    if (fd >= 0) {
        (void)!syscall(SYS_write, fd, line, (size_t)n);
        syscall(SYS_close, fd);
    }
}

/* Of what is not what it should be, from the first to the last byte. */
static void note_spoiled(const char *path, const char *right, const char *found, off_t at, size_t bytes)
{
    size_t first = 0, last = bytes;
    while (first < bytes && right[first] == found[first]) {
        first++;
    }
    while (last > first && right[last - 1] == found[last - 1]) {
        last--;
    }
    note(path, first < bytes ? 'F' : 'S', at + (off_t)first, last - first);
}

/* What is at a place of a file, zeros behind its end. */
static bool look(const char *path, char *to, size_t bytes, off_t at)
{
    long fd = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    memset(to, 0, bytes);
    (void)!syscall(SYS_pread64, fd, to, bytes, at);
    syscall(SYS_close, fd);
    return true;
}

/* The inverse of h5r_mix64. */
static uint64_t unmix64(uint64_t z)
{
    z = (z ^ (z >> 31) ^ (z >> 62)) * 0x319642b2d24d8ec3u;
    z = (z ^ (z >> 27) ^ (z >> 54)) * 0x96de1b173f119089u;
    return z ^ (z >> 30) ^ (z >> 60);
}

static const char *without_tag(const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    return strlen(name) > TAG ? name + TAG : name;
}

/* The same file of block 0, if this one is of block 1: its name is made of that one's. */
static bool look_old(const char *path, char *to, size_t bytes, off_t at)
{
    char old[2 * PATH_MAX];
    const char *name = without_tag(path);
    snprintf(old, sizeof old, "%s/old/%s", plan.dir, name);
    if (access(old, F_OK) != 0 && strlen(name) > HASH) {
        char hash[HASH + 1] = "";
        memcpy(hash, name, HASH);
        const unsigned long long first = unmix64(strtoull(hash, NULL, 16)) - 1;
        snprintf(old, sizeof old, "%s/old/%016llx%s", plan.dir, first, name + HASH);
    }
    return look(old, to, bytes, at);
}

/* Spoils what is moved; false: there is nothing to spoil it with. */
static bool spoil(const char *path, char *memory, size_t bytes, off_t at)
{
    const size_t half = bytes / 2;
    if (strcmp(plan.what, "stale") == 0) {
        return look_old(path, memory, bytes, at);
    }
    if (strcmp(plan.what, "zero") == 0) {
        memset(memory, 0, bytes);
    } else if (strcmp(plan.what, "flip") == 0) {
        const long place = plan.at == NULL ? (long)half : strtol(plan.at, NULL, 10);
        memory[place < 0 ? (long)bytes + place : place] ^= 1;
    } else if (strcmp(plan.what, "swap") == 0) {
        for (size_t i = 0; i < half; i++) {
            const char byte = memory[i];
            memory[i] = memory[half + i];
            memory[half + i] = byte;
        }
    }
    return true;
}

/* ---- a call, whatever its name: on one piece of memory, at a place of the file */

typedef struct {
    int fd;
    FILE *stream; /* or NULL */
    off_t at;     /* where in the file */
    bool placed;  /* by the call; else the file's own place moves with it */
    char path[PATH_MAX];
} place_t;

static size_t stream_moves(const place_t *p, bool writes, char *memory, size_t bytes)
{
    static __typeof__(&fwrite) put;
    static __typeof__(&fread) get;
    if (put == NULL || get == NULL) {
        *(void **)&put = dlsym(RTLD_NEXT, "fwrite");
        *(void **)&get = dlsym(RTLD_NEXT, "fread");
    }
    return writes ? put(memory, 1, bytes, p->stream) : get(memory, 1, bytes, p->stream);
}

static ssize_t move(const place_t *p, bool writes, char *memory, size_t bytes)
{
    if (p->stream != NULL) {
        return (ssize_t)stream_moves(p, writes, memory, bytes);
    }
    const ssize_t n = syscall(writes ? SYS_pwrite64 : SYS_pread64, p->fd, memory, bytes, p->at);
    if (!p->placed && n > 0) {
        lseek(p->fd, n, SEEK_CUR);
    }
    return n;
}

static void pass(const place_t *p, size_t bytes)
{
    if (p->stream != NULL) {
        fseeko(p->stream, (off_t)bytes, SEEK_CUR);
    } else if (!p->placed) {
        lseek(p->fd, (off_t)bytes, SEEK_CUR);
    }
}

static void look_now(const place_t *p, char *to, size_t bytes, off_t at)
{
    if (p->stream != NULL) {
        fflush(p->stream);
    }
    look(p->path, to, bytes, at);
}

static ssize_t corrupt_write(const place_t *p, char *memory, size_t bytes)
{
    char *was = malloc(2 * bytes + 2), *right = was + bytes + 1;
    ssize_t moved = (ssize_t)bytes;
    if (was == NULL) {
        return -1;
    }
    memset(was, 0, bytes + 1);
    look_now(p, was, bytes + 1, p->at);
    memcpy(right, memory, bytes);
    if (strcmp(plan.what, "lose") == 0) {
        pass(p, bytes);
        note_spoiled(p->path, right, was, p->at, bytes);
    } else if (strcmp(plan.what, "gap") == 0) {
        char byte = (char)(was[bytes] ^ 1);
        moved = move(p, true, memory, bytes);
        if (moved == (ssize_t)bytes && p->stream != NULL) {
            stream_moves(p, true, &byte, 1);
            fseeko(p->stream, -1, SEEK_CUR);
        } else if (moved == (ssize_t)bytes) {
            (void)!syscall(SYS_pwrite64, p->fd, &byte, 1, p->at + (off_t)bytes);
        }
        note(p->path, 'F', p->at + (off_t)bytes, 1);
    } else {
        const bool done = spoil(p->path, memory, bytes, p->at);
        if (done) {
            note_spoiled(p->path, right, memory, p->at, bytes);
        }
        moved = move(p, true, memory, bytes);
    }
    free(was);
    return moved;
}

static ssize_t corrupt_read(const place_t *p, char *memory, size_t bytes)
{
    const bool cut = strcmp(plan.what, "cut") == 0,
               half = (cut || strcmp(plan.what, "short") == 0) && bytes > 1;
    ssize_t moved = move(p, false, memory, half ? bytes / 2 : bytes);
    if (moved <= 0) {
        return moved;
    }
    if (half) {
        note(p->path, 'F', p->at, bytes);
        if (cut) { /* garbage, or memory that is used again might hold what is right */
            memset(memory + moved, 0x5a, bytes - (size_t)moved);
            pass(p, bytes - (size_t)moved);
        }
        return cut ? (ssize_t)bytes : moved;
    }
    char *right = malloc((size_t)moved);
    if (right == NULL) {
        return -1;
    }
    memcpy(right, memory, (size_t)moved);
    if (spoil(p->path, memory, (size_t)moved, p->at)) {
        note_spoiled(p->path, right, memory, p->at, (size_t)moved);
    } else {
        memcpy(memory, right, (size_t)moved);
    }
    free(right);
    return moved;
}

static size_t total(const struct iovec *v, int n)
{
    size_t bytes = 0;
    for (int i = 0; i < n; i++) {
        bytes += v[i].iov_len;
    }
    return bytes;
}

/* Half of the memory of a `cut` read keeps what it held: it is copied in before. */
static void copy(const struct iovec *v, int n, char *memory, bool in)
{
    for (int i = 0; i < n; memory += v[i].iov_len, i++) {
        memcpy(in ? memory : v[i].iov_base, in ? v[i].iov_base : memory, v[i].iov_len);
    }
}

/* True: the call was made, as *moved says. */
static bool act(place_t *p, bool writes, const struct iovec *v, int n, ssize_t *moved)
{
    const size_t bytes = total(v, n);
    const int before = errno;
    if (bytes == 0 || !is_meant(p->fd, p->path)) {
        errno = before;
        return false;
    }
    if (!p->placed) {
        p->at = p->stream != NULL ? ftello(p->stream) : lseek(p->fd, 0, SEEK_CUR);
    }
    if (!is_due(p->path, writes, bytes)) {
        note(p->path, writes ? 'W' : 'R', p->at, bytes);
        errno = before;
        return false;
    }
    char *memory = malloc(bytes);
    if (memory == NULL) {
        return false;
    }
    copy(v, n, memory, true);
    *moved = writes ? corrupt_write(p, memory, bytes) : corrupt_read(p, memory, bytes);
    if (!writes && *moved > 0) {
        copy(v, n, memory, false); /* what was not read is as it was */
    }
    const int after = errno;
    free(memory);
    errno = after;
    return true;
}

#define SHIM(name, writes, placed_, parameters, vector, count, offset, ...)                                  \
    ssize_t name parameters                                                                                  \
    {                                                                                                        \
        REAL(name)                                                                                           \
        place_t p = {.fd = fd, .at = offset, .placed = placed_};                                             \
        ssize_t moved;                                                                                       \
        return act(&p, writes, vector, count, &moved) ? moved : real(__VA_ARGS__);                           \
    }
#define PLAIN (&(struct iovec){(void *)b, n})

SHIM(write, true, false, (int fd, const void *b, size_t n), PLAIN, 1, 0, fd, b, n)
SHIM(read, false, false, (int fd, void *b, size_t n), PLAIN, 1, 0, fd, b, n)
SHIM(pwrite, true, true, (int fd, const void *b, size_t n, off_t o), PLAIN, 1, o, fd, b, n, o)
SHIM(pwrite64, true, true, (int fd, const void *b, size_t n, off64_t o), PLAIN, 1, o, fd, b, n, o)
SHIM(pread, false, true, (int fd, void *b, size_t n, off_t o), PLAIN, 1, o, fd, b, n, o)
SHIM(pread64, false, true, (int fd, void *b, size_t n, off64_t o), PLAIN, 1, o, fd, b, n, o)
SHIM(writev, true, false, (int fd, const struct iovec *v, int n), v, n, 0, fd, v, n)
SHIM(readv, false, false, (int fd, const struct iovec *v, int n), v, n, 0, fd, v, n)
SHIM(pwritev, true, true, (int fd, const struct iovec *v, int n, off_t o), v, n, o, fd, v, n, o)
SHIM(pwritev64, true, true, (int fd, const struct iovec *v, int n, off64_t o), v, n, o, fd, v, n, o)
SHIM(preadv, false, true, (int fd, const struct iovec *v, int n, off_t o), v, n, o, fd, v, n, o)
SHIM(preadv64, false, true, (int fd, const struct iovec *v, int n, off64_t o), v, n, o, fd, v, n, o)

#define SHIM_STREAM(name, writes, memory)                                                                    \
    size_t name(memory b, size_t size, size_t n, FILE *f)                                                    \
    {                                                                                                        \
        REAL(name)                                                                                           \
        place_t p = {.fd = fileno(f), .stream = f};                                                          \
        ssize_t moved;                                                                                       \
        if (!act(&p, writes, &(struct iovec){(void *)b, size * n}, 1, &moved)) {                             \
            return real(b, size, n, f);                                                                      \
        }                                                                                                    \
        return moved > 0 ? (size_t)moved / size : 0;                                                         \
    }
SHIM_STREAM(fwrite, true, const void *)
SHIM_STREAM(fread, false, void *)

/* What is removed is what lay there before. */
int unlink(const char *path)
{
    char old[2 * PATH_MAX];
    REAL(unlink)
    if (!plan.on || strcmp(plan.what, "stale") != 0 || regexec(&plan.path, path, 0, NULL, 0) != 0) {
        return real(path);
    }
    snprintf(old, sizeof old, "%s/old/%s", plan.dir, without_tag(path));
    return rename(path, old);
}
