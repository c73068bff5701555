/* The table of drivers: where bytes can go, and what that allows. Local; says nothing about how
 * (src/engine/store*.c). */
#ifndef H5ROOF_DRIVER_H
#define H5ROOF_DRIVER_H

#include "h5roof/factors.h"

typedef enum { H5R_STORE_HDF5, H5R_STORE_MPIIO, H5R_STORE_POSIX, H5R_STORE_MEMORY } h5r_store_kind_t;

typedef struct {
    const char *name;
    h5r_store_kind_t store;
    bool shared;      /* one file that all ranks open */
    bool per_rank;    /* a file for every rank */
    bool collective;  /* knows collective transfers (on a shared file) */
    bool is_volatile; /* contents vanish at close (core without backing store is volatile too) */
    const char *help;
} h5r_driver_info_t;

/* X(enumerator, name, store, shared, per_rank, collective, is_volatile, help), in the order of h5r_driver_t
 */
#define H5R_DRIVER_TABLE(X)                                                                                  \
    X(H5R_DRIVER_MPIO, "mpio", H5R_STORE_HDF5, true, false, true, false,                                     \
      "HDF5 over MPI-IO: all ranks share one file; collective or independent transfers")                     \
    X(H5R_DRIVER_SEC2, "sec2", H5R_STORE_HDF5, false, true, false, false,                                    \
      "HDF5 over POSIX read and write, the driver of serial programs; a file per rank")                      \
    X(H5R_DRIVER_STDIO, "stdio", H5R_STORE_HDF5, false, true, false, false,                                  \
      "HDF5 over buffered C streams; a file per rank")                                                       \
    X(H5R_DRIVER_CORE, "core", H5R_STORE_HDF5, false, true, false, false,                                    \
      "HDF5 in memory, grown by core_increment, written to a file at close with core_backing; one per rank") \
    X(H5R_DRIVER_FAMILY, "family", H5R_STORE_HDF5, false, true, false, false,                                \
      "one HDF5 address space cut into member files of family_member bytes; a family per rank")              \
    X(H5R_DRIVER_SPLIT, "split", H5R_STORE_HDF5, false, true, false, false,                                  \
      "HDF5 with metadata and raw data in two files; a pair per rank")                                       \
    X(H5R_DRIVER_DIRECT, "direct", H5R_STORE_HDF5, false, true, false, false,                                \
      "HDF5 over O_DIRECT, past the page cache; a file per rank; where the library has it")                  \
    X(H5R_DRIVER_SUBFILING, "subfiling", H5R_STORE_HDF5, true, false, true, false,                           \
      "HDF5 1.14 and later: one logical file striped over subfiles by I/O concentrators")                    \
    X(H5R_DRIVER_MPIIO, "mpiio", H5R_STORE_MPIIO, true, true, true, false,                                   \
      "MPI-IO without HDF5: the same pattern through MPI_File_* calls")                                      \
    X(H5R_DRIVER_POSIX, "posix", H5R_STORE_POSIX, true, true, false, false,                                  \
      "pread and pwrite without HDF5 and without MPI-IO")                                                    \
    X(H5R_DRIVER_MEMORY, "memory", H5R_STORE_MEMORY, false, true, false, true,                               \
      "memcpy within the rank and no file at all")

extern const h5r_driver_info_t h5r_driver_table[H5R_DRIVER_COUNT]; /* index: h5r_driver_t */
extern const char *const h5r_store_names[];                        /* index: h5r_store_kind_t */

const h5r_driver_info_t *h5r_driver_of(const h5r_factors_t *f);

/* SHARED or PER_RANK: AUTO resolved to shared where the driver can, else per rank. */
h5r_files_t h5r_factors_files(const h5r_factors_t *f);

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
