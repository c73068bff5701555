/*
 * What this process really asks of the kernel, from /proc/self/io: bytes and calls of read and write and all
 * their variants, whoever made them. Unlike the MPI-IO counters (counters.h) it sees every driver, and what
 * MPI-IO itself makes of a request (data sieving, aggregation). Mapped files are not seen. Local.
 *
 * Not of the store, but in the counts: 72 or 104 bytes in two or three calls that Open MPI's OMPIO writes for
 * its shared file pointer (a file of 40 bytes, one or two semaphores of 32) whenever MPI-IO opens a file.
 * ROMIO, barriers, collective exchanges and the launcher add nothing: the stores memory and posix count
 * exactly their payload.
 *
 * A reading costs about 10 us, so it stands outside the clock, before the barrier that begins a phase and
 * after the one that ends it.
 */
#ifndef H5ROOF_OS_IO_H
#define H5ROOF_OS_IO_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    uint64_t read_bytes, write_bytes, read_count, write_count;
    uint64_t own_bytes; /* of this reading itself, which the next one sees */
} h5r_os_io_t;

/* Descriptor for h5r_os_io_now; -1: this system does not say. Closed by close(). */
int h5r_os_io_open(void);

/* Since the process started. false: not known. */
bool h5r_os_io_now(int fd, h5r_os_io_t *now);

/* later - earlier, without the earlier reading itself. */
h5r_os_io_t h5r_os_io_between(const h5r_os_io_t *earlier, const h5r_os_io_t *later);

#endif
