/* Going through the steps of a workload: which of them happen, their phases, what comes before and after. */
#ifndef H5ROOF_PERFORM_H
#define H5ROOF_PERFORM_H

#include "h5roof/workload.h"

/* All ranks: prepare, the steps in their order, check, release. The first that fails on this rank is returned
 * at once; its peers do not return. */
h5r_status_t h5r_perform(h5r_rep_t *rep, h5r_error_t *err);

#endif
