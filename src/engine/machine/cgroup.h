/* What the control groups above this process allow it, of both versions. Local. */
#ifndef H5ROOF_CGROUP_H
#define H5ROOF_CGROUP_H

#include "engine/machine/machine.h"

/* Fills the limits of m: the tightest of memory and CPU on the way up, and all of I/O. root as for
 * h5r_machine_query. */
void h5r_cgroup_query(const char *root, h5r_machine_t *m);

#endif
