/* Where the bytes of a case go, from its factors. Local; how they get there is src/engine/store. */
#ifndef H5ROOF_DRIVER_H
#define H5ROOF_DRIVER_H

#include "h5roof/factors.h"

#include <stddef.h>

extern const h5r_driver_info_t h5r_driver_table[H5R_DRIVER_COUNT]; /* index: h5r_driver_t */
extern const char *const h5r_store_names[];                        /* index: h5r_store_kind_t */

const h5r_driver_info_t *h5r_driver_of(const h5r_factors_t *f);

/* The name of file number `index` of a driver from what comes before its suffix; false: it has not so many,
 * or the name is too long. */
bool h5r_driver_file(const h5r_driver_info_t *driver, const char *base, int base_size, int index, char *path,
                     size_t size);

/* SHARED or PER_RANK: AUTO resolved to shared where the driver can, else per rank. */
h5r_files_t h5r_factors_files(const h5r_factors_t *f);

/* The file is one MPI_File: mpio and mpiio, and not subfiling. */
bool h5r_factors_mpi_file(const h5r_factors_t *f);

/* Transfers are collective: the driver can, the file is shared, and the mode says so. */
bool h5r_factors_collective(const h5r_factors_t *f);

/* Contents vanish at close: read back before closing. */
bool h5r_factors_volatile(const h5r_factors_t *f);

/* A rank can read what another one wrote, and it is not the same. */
bool h5r_factors_can_shift(const h5r_factors_t *f);

/* How many times the dataset is stored: by each of `ranks` ranks where it is replicated in a file of each. */
int h5r_factors_copies(const h5r_factors_t *f, int ranks);

/* There is a file system under the bytes (false: memory, core without backing store). */
bool h5r_factors_on_disk(const h5r_factors_t *f);

#endif
