#include "feed.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

void feed_open(feed_file_t *file)
{
    file->fd = memfd_create("feed", MFD_CLOEXEC);
    FEED_CHECK(file->fd >= 0);
    snprintf(file->path, sizeof file->path, "/proc/self/fd/%d", file->fd);
}

void feed_fill(const feed_file_t *file, const void *data, size_t size)
{
    FEED_CHECK(ftruncate(file->fd, 0) == 0);
    FEED_CHECK(pwrite(file->fd, data, size, 0) == (ssize_t)size);
}

FILE *feed_rewrite(const feed_file_t *file)
{
    FILE *out = fopen(file->path, "wb");
    FEED_CHECK(out != NULL);
    return out;
}

char *feed_text(const void *data, size_t size)
{
    char *text = malloc(size + 1);
    FEED_CHECK(text != NULL);
    if (size > 0) {
        memcpy(text, data, size);
    }
    text[size] = '\0';
    return text;
}
