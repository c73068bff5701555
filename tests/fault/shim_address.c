/*
 * LD_PRELOAD: where the memory lies that is handed to MPI-IO and to the kernel. Every call that moves at
 * least SHIM_BYTES leaves a line "NAME BYTES PAST" in the file SHIM_LOG.RANK: the bytes it moves, and how far
 * past the begin of a page of 4 KiB its memory begins; with SHIM_LATE_MS such a call takes so many
 * milliseconds longer if it does not begin on a page. MPI-IO is seen below the wrappers of the program, at
 * PMPI_.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <mpi.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/* Not there in the launcher, which loads this, too. */
#pragma weak MPI_Type_size

#define PAGE 4096

/* The function behind the shim. ISO C has no way from the pointer of dlsym to that of a function. */
#define REAL(type, name)                                                                                     \
    static type real;                                                                                        \
    if (real == NULL) {                                                                                      \
        *(void **)&real = dlsym(RTLD_NEXT, name);                                                            \
    }

/* As long as it would take on a CPU that minds. */
static void be_late(size_t past)
{
    const char *late = getenv("SHIM_LATE_MS");
    if (late != NULL && past != 0) {
        long ms = strtol(late, NULL, 10);
        struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
        nanosleep(&t, NULL);
    }
}

static void note(const char *name, const void *memory, size_t bytes)
{
    static FILE *log;
    const char *least = getenv("SHIM_BYTES"), *to = getenv("SHIM_LOG"),
               *rank = getenv("OMPI_COMM_WORLD_RANK");
    rank = rank != NULL ? rank : getenv("PMI_RANK");
    if (least == NULL || rank == NULL || bytes < strtoul(least, NULL, 10)) {
        return;
    }
    be_late((size_t)((uintptr_t)memory % PAGE));
    if (to == NULL) {
        return;
    }
    if (log == NULL) {
        char path[4096];
        snprintf(path, sizeof path, "%s.%s", to, rank);
        log = fopen(path, "a");
    }
    if (log != NULL) {
        fprintf(log, "%s %zu %zu\n", name, bytes, (size_t)((uintptr_t)memory % PAGE));
        fflush(log);
    }
}

#define MOVE(name, pointer_t, offset_t)                                                                      \
    ssize_t name(int fd, pointer_t memory, size_t bytes, offset_t at)                                        \
    {                                                                                                        \
        typedef ssize_t function_t(int, pointer_t, size_t, offset_t);                                        \
        REAL(function_t *, #name)                                                                            \
        note(#name, memory, bytes);                                                                          \
        return real(fd, memory, bytes, at);                                                                  \
    }

MOVE(pwrite, const void *, off_t)
MOVE(pwrite64, const void *, off64_t)
MOVE(pread, void *, off_t)
MOVE(pread64, void *, off64_t)

#define MOVE_PIECES(name, offset_t)                                                                          \
    ssize_t name(int fd, const struct iovec *piece, int n, offset_t at)                                      \
    {                                                                                                        \
        typedef ssize_t function_t(int, const struct iovec *, int, offset_t);                                \
        REAL(function_t *, #name)                                                                            \
        for (int i = 0; i < n; i++) {                                                                        \
            note(#name, piece[i].iov_base, piece[i].iov_len);                                                \
        }                                                                                                    \
        return real(fd, piece, n, at);                                                                       \
    }

MOVE_PIECES(pwritev, off_t)
MOVE_PIECES(pwritev64, off64_t)
MOVE_PIECES(preadv, off_t)
MOVE_PIECES(preadv64, off64_t)

#define MOVE_MPI(name, pointer_t)                                                                            \
    int P##name(MPI_File file, MPI_Offset at, pointer_t memory, int n, MPI_Datatype type,                    \
                MPI_Status *status)                                                                          \
    {                                                                                                        \
        typedef int function_t(MPI_File, MPI_Offset, pointer_t, int, MPI_Datatype, MPI_Status *);            \
        REAL(function_t *, "P" #name)                                                                        \
        int size = 0;                                                                                        \
        MPI_Type_size(type, &size);                                                                          \
        note(#name, memory, (size_t)n *(size_t)size);                                                        \
        return real(file, at, memory, n, type, status);                                                      \
    }

MOVE_MPI(MPI_File_write_at, const void *)
MOVE_MPI(MPI_File_write_at_all, const void *)
MOVE_MPI(MPI_File_read_at, void *)
MOVE_MPI(MPI_File_read_at_all, void *)
