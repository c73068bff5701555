/* What HDF5 says of its last parallel transfer, in words. It is not always right (see the counters), but it
 * says why. */
#ifndef H5ROOF_HDF5_FACTS_H
#define H5ROOF_HDF5_FACTS_H

#include "engine/store/store.h"

#include <hdf5.h>

/* Local. What the last transfer with this list really did: I/O mode, chunk optimisation, no-collective
 * causes. */
void h5r_hdf5_transfer_facts(hid_t transfer, h5r_store_facts_t *facts);

#endif
