/* The part of the guard that ends work which hangs. Only for src/engine/survive/guard.c. Local. */
#ifndef H5ROOF_WATCHDOG_H
#define H5ROOF_WATCHDOG_H

#include "engine/survive/guard.h"

/* Look once: returns if nothing hangs; else speaks, cleans up and ends the process. */
void h5r_watchdog_look(h5r_guard_t *guard);

#endif
