/*
 * Where this rank is in its repetition: one word, written by the thread that measures (a relaxed store, a
 * nanosecond) and read by the watchdog's thread. Local.
 */
#ifndef H5ROOF_PLACE_H
#define H5ROOF_PLACE_H

#include "h5roof/workload.h"

#include <stdatomic.h>

typedef enum {
    H5R_AWAY,
    H5R_INSIDE,
    H5R_WAITING
} h5r_where_t; /* outside phases; in its call; in the barrier */

typedef struct {
    _Atomic unsigned word;
} h5r_place_t;

static inline void h5r_place_set(h5r_place_t *place, h5r_operation_t operation, h5r_phase_t phase,
                                 h5r_where_t where)
{
    if (place != NULL) {
        atomic_store_explicit(&place->word,
                              (unsigned)operation << 16 | (unsigned)phase << 8 | (unsigned)where,
                              memory_order_relaxed);
    }
}

static inline h5r_where_t h5r_place_get(h5r_place_t *place, h5r_operation_t *operation, h5r_phase_t *phase)
{
    unsigned word = atomic_load_explicit(&place->word, memory_order_relaxed);
    *operation = (h5r_operation_t)(word >> 16);
    *phase = (h5r_phase_t)(word >> 8 & 0xff);
    return (h5r_where_t)(word & 0xff);
}

#endif
