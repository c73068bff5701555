/* The part of the guard that ends work which hangs. Only for src/engine/survive/guard.c. Local. */
#ifndef H5ROOF_WATCHDOG_H
#define H5ROOF_WATCHDOG_H

#include "engine/survive/guard.h"

#define H5R_LOOK_S 1 /* how often it looks: a wake-up costs microseconds */

/* With guard->lock held. The next look is due after this time; one that comes much later, or the end of the
 * work, finds that the process stood still, and adds that to stood_s. */
void h5r_watchdog_expect(h5r_guard_t *guard, double seconds);
void h5r_watchdog_notice(h5r_guard_t *guard);

/* Look once: returns if nothing hangs; else speaks, cleans up and ends the process. */
void h5r_watchdog_look(h5r_guard_t *guard);

#endif
