/* What lies between the elements of a share in memory and must stay as it is: a pattern of its own. Local. */
#ifndef H5ROOF_GAPS_H
#define H5ROOF_GAPS_H

#include <stddef.h>
#include <stdint.h>

/* Fill bytes from .. from + n - 1 of a buffer. */
void h5r_gap_fill(unsigned char *buffer, uint64_t from, size_t n);

/* The first of these bytes that does not hold the pattern, or from + n. */
uint64_t h5r_gap_changed(const unsigned char *buffer, uint64_t from, size_t n);

#endif
