/* The timed steps of an operation. */
#ifndef H5ROOF_PHASE_H
#define H5ROOF_PHASE_H

/* X(SYMBOL, name, help) */
#define H5R_PHASE_TABLE(X)                                                                                   \
    X(CREATE, "create", "file and objects are created, with the allocation and fill that this implies")      \
    X(OPEN, "open", "what exists is opened again")                                                           \
    X(SELECT, "select", "dataspaces are made; the selection too where one call moves all")                   \
    X(WRITE, "write", "the transfers to the store, with the selection of each where there are many")         \
    X(READ, "read", "the transfers from the store, likewise")                                                \
    X(CHANGE, "change", "what changes an object without moving data: extents, deletion")                     \
    X(COMPUTE, "compute", "what the program does in memory between transfers")                               \
    X(FLUSH, "flush", "data are made durable: H5Fflush, MPI_File_sync, fsync")                               \
    X(CLOSE, "close", "what is open is closed")                                                              \
    X(EXCHANGE, "exchange", "what a rank has reaches other ranks, from memory to memory")

#define H5R_PHASE_LATER                                                                                      \
    H5R_PHASE_EXCHANGE /* it and those behind it have their columns among the later ones */

typedef enum {
#define X(SYMBOL, name, help) H5R_PHASE_##SYMBOL,
    H5R_PHASE_TABLE(X)
#undef X
        H5R_PHASE_COUNT
} h5r_phase_t;

#endif
