/* Which way bytes go between memory and the store: what an operation does, and the two ways of a roof. */
#ifndef H5ROOF_DIRECTION_H
#define H5ROOF_DIRECTION_H

#include <stdbool.h>

/* What an operation does with its payload. The roofs ask it, and so does everything that is said of an
 * operation: its name is known to its workload alone. */
typedef enum {
    H5R_MOVES_OUT,     /* writes */
    H5R_MOVES_IN,      /* reads */
    H5R_MOVES_BOTH,    /* reads and writes back */
    H5R_MOVES_NOTHING, /* neither; has no roof */
    H5R_DIRECTIONS     /* how many; in a row: not known, or there is no operation */
} h5r_direction_t;

static inline bool h5r_direction_writes(h5r_direction_t direction)
{
    return direction == H5R_MOVES_OUT || direction == H5R_MOVES_BOTH;
}

static inline bool h5r_direction_reads(h5r_direction_t direction)
{
    return direction == H5R_MOVES_IN || direction == H5R_MOVES_BOTH;
}

/* The two ways themselves: of a rank's parts, and of a roof. They number no operations. */
typedef enum { H5R_WAY_OUT, H5R_WAY_IN, H5R_WAYS } h5r_way_t;

#endif
