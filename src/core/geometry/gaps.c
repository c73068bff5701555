#include "core/geometry/gaps.h"

/* Differs from byte to byte, so that a shifted block of the pattern is none. */
static unsigned char byte_at(uint64_t at)
{
    return (unsigned char)(at * 167 + 91);
}

void h5r_gap_fill(unsigned char *buffer, uint64_t from, size_t n)
{
    for (uint64_t at = from; at < from + n; at++) {
        buffer[at] = byte_at(at);
    }
}

uint64_t h5r_gap_changed(const unsigned char *buffer, uint64_t from, size_t n)
{
    uint64_t at = from;
    while (at < from + n && buffer[at] == byte_at(at)) {
        at++;
    }
    return at;
}
