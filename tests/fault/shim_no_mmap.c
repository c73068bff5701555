/*
 * LD_PRELOAD: files whose path contains SHIM_PATH cannot be mapped, as on a file system without mmap (FUSE with direct
 * I/O).
 */
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int is_chosen(int fd)
{
    char link[64], path[PATH_MAX];
    const char *part = getenv("SHIM_PATH");
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    const ssize_t n = fd >= 0 && part != NULL ? readlink(link, path, sizeof path - 1) : -1;
    path[n > 0 ? n : 0] = '\0';
    return n > 0 && strstr(path, part) != NULL;
}

#define SHIM_MMAP(name)                                                                                      \
    void *name(void *address, size_t length, int protection, int flags, int fd, off_t offset)                \
    {                                                                                                        \
        static void *(*real)(void *, size_t, int, int, int, off_t);                                          \
        if (real == NULL) {                                                                                  \
            *(void **)&real = dlsym(RTLD_NEXT, #name);                                                       \
        }                                                                                                    \
        if (is_chosen(fd)) {                                                                                 \
            errno = ENODEV;                                                                                  \
            return MAP_FAILED;                                                                               \
        }                                                                                                    \
        return real(address, length, protection, flags, fd, offset);                                         \
    }

SHIM_MMAP(mmap)
SHIM_MMAP(mmap64)
