/*
 * The drivers: where bytes can go, and what that allows. A driver is a line of this table; nothing but the table
 * of functions in src/engine/store/hdf5_util.c asks for one by its name.
 */
#ifndef H5ROOF_DRIVERS_H
#define H5ROOF_DRIVERS_H

#include <stdbool.h>

typedef enum { H5R_STORE_HDF5, H5R_STORE_MPIIO, H5R_STORE_POSIX, H5R_STORE_MEMORY } h5r_store_kind_t;

typedef struct {
    const char *name, *help;
    h5r_store_kind_t store;
    const char
        *suffix; /* of the name of its file; %05d: of its members; "": HDF5 adds those of h5r_driver_file */
    const char *lack; /* why it is skipped where the library cannot do it; NULL: every library can */
    bool shared;      /* one file that all ranks open */
    bool per_rank;    /* a file for every rank */
    bool mpi;         /* over MPI-IO: knows collective transfers (on a shared file) */
    bool threads;     /* needs MPI_THREAD_MULTIPLE */
    bool plain;       /* one ordinary file under its name */
    bool renames;     /* its files have other names than the one it is given */
    bool image;       /* all bytes are in memory as long as it is open */
    bool copies;      /* through memory of its own: what the kernel copies is not the program's */
    bool parted;      /* metadata and data have files of their own: no pages, no free space that is kept */
    bool uncached;    /* past the page cache */
    bool is_volatile; /* contents vanish at close (an image of HDF5 without core_backing is volatile too) */
} h5r_driver_info_t;

/* X(enumerator, name, help, what it is) */
#define H5R_DRIVER_TABLE(X)                                                                                  \
    X(H5R_DRIVER_MPIO, "mpio",                                                                               \
      "HDF5 over MPI-IO: all ranks share one file; collective or independent transfers",                     \
      .store = H5R_STORE_HDF5, .suffix = ".h5", .shared = true, .mpi = true, .plain = true)                  \
    X(H5R_DRIVER_SEC2, "sec2",                                                                               \
      "HDF5 over POSIX read and write, the driver of serial programs; a file per rank",                      \
      .store = H5R_STORE_HDF5, .suffix = ".h5", .per_rank = true, .plain = true)                             \
    X(H5R_DRIVER_STDIO, "stdio", "HDF5 over buffered C streams; a file per rank", .store = H5R_STORE_HDF5,   \
      .suffix = ".h5", .per_rank = true, .plain = true, .copies = true)                                      \
    X(H5R_DRIVER_CORE, "core",                                                                               \
      "HDF5 in memory, grown by core_increment, written to a file at close with core_backing; one per rank", \
      .store = H5R_STORE_HDF5, .suffix = ".h5", .per_rank = true, .plain = true, .image = true,              \
      .copies = true)                                                                                        \
    X(H5R_DRIVER_FAMILY, "family",                                                                           \
      "one HDF5 address space cut into member files of family_member bytes; a family per rank",              \
      .store = H5R_STORE_HDF5, .suffix = ".%05d.h5", .per_rank = true, .renames = true)                      \
    X(H5R_DRIVER_SPLIT, "split", "HDF5 with metadata and raw data in two files; a pair per rank",            \
      .store = H5R_STORE_HDF5, .suffix = "", .per_rank = true, .renames = true, .parted = true)              \
    X(H5R_DRIVER_DIRECT, "direct",                                                                           \
      "HDF5 over O_DIRECT, past the page cache; a file per rank; where the library has it",                  \
      .store = H5R_STORE_HDF5, .suffix = ".h5", .per_rank = true, .plain = true, .copies = true,             \
      .uncached = true, .lack = "this HDF5 was built without the direct driver (H5_HAVE_DIRECT)")            \
    X(H5R_DRIVER_SUBFILING, "subfiling",                                                                     \
      "HDF5 1.14 and later: one logical file striped over subfiles by I/O concentrators",                    \
      .store = H5R_STORE_HDF5, .suffix = ".h5", .shared = true, .mpi = true, .threads = true,                \
      .lack = "the subfiling driver needs HDF5 1.14 or later, built with it, and MPI_THREAD_MULTIPLE")       \
    X(H5R_DRIVER_MPIIO, "mpiio", "MPI-IO without HDF5: the same pattern through MPI_File_* calls",           \
      .store = H5R_STORE_MPIIO, .suffix = ".bin", .shared = true, .per_rank = true, .mpi = true,             \
      .plain = true)                                                                                         \
    X(H5R_DRIVER_POSIX, "posix", "pread and pwrite without HDF5 and without MPI-IO",                         \
      .store = H5R_STORE_POSIX, .suffix = ".bin", .shared = true, .per_rank = true, .plain = true)           \
    X(H5R_DRIVER_MEMORY, "memory", "memcpy within the rank and no file at all", .store = H5R_STORE_MEMORY,   \
      .suffix = "", .per_rank = true, .image = true, .is_volatile = true)

typedef enum {
#define X(symbol, ...) symbol,
    H5R_DRIVER_TABLE(X)
#undef X
        H5R_DRIVER_COUNT
} h5r_driver_t;

#endif
