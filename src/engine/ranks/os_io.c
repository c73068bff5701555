#include "engine/ranks/os_io.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int h5r_os_io_open(void)
{
    return open("/proc/self/io", O_RDONLY | O_CLOEXEC);
}

static bool number_after(const char *text, const char *name, uint64_t *value)
{
    const char *at = strstr(text, name);
    if (at == NULL) {
        return false;
    }
    *value = strtoull(at + strlen(name), NULL, 10);
    return true;
}

bool h5r_os_io_now(int fd, h5r_os_io_t *now)
{
    char text[512];
    ssize_t n = fd < 0 ? -1 : pread(fd, text, sizeof text - 1, 0);
    if (n <= 0) {
        return false;
    }
    text[n] = '\0';
    now->own_bytes = (uint64_t)n;
    return number_after(text, "rchar: ", &now->read_bytes) &&
           number_after(text, "wchar: ", &now->write_bytes) &&
           number_after(text, "syscr: ", &now->read_count) &&
           number_after(text, "syscw: ", &now->write_count);
}

h5r_os_io_t h5r_os_io_between(const h5r_os_io_t *earlier, const h5r_os_io_t *later)
{
    return (h5r_os_io_t){.read_bytes = later->read_bytes - earlier->read_bytes - earlier->own_bytes,
                         .write_bytes = later->write_bytes - earlier->write_bytes,
                         .read_count = later->read_count - earlier->read_count - 1,
                         .write_count = later->write_count - earlier->write_count};
}
