#include "h5roof/buffer.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TOUCHED 1 /* what the bytes are at first */

static size_t page_bytes(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

void *h5r_buffer_new(size_t bytes, size_t past_page)
{
    void *pages = NULL;
    bytes = bytes > 0 ? bytes : 1;
    if (bytes > PTRDIFF_MAX - past_page || posix_memalign(&pages, page_bytes(), bytes + past_page) != 0) {
        return NULL;
    }
    return memset((char *)pages + past_page, TOUCHED, bytes);
}

size_t h5r_buffer_past_page(const void *buffer)
{
    return (uintptr_t)buffer % page_bytes();
}

/* It begins in the first page, so what posix_memalign gave is the begin of that. */
void h5r_buffer_free(void *buffer)
{
    if (buffer != NULL) {
        free((char *)buffer - h5r_buffer_past_page(buffer));
    }
}
