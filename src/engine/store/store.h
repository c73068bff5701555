/*
 * The store: one dataset in one file, whatever is under it. A store is a file src/engine/store_*.c that ends
 * in a descriptor; src/engine/store/store.c picks it by the driver. The functions of the descriptor are those of
 * include/h5roof/workload.h; each is collective over `comm`.
 */
#ifndef H5ROOF_STORE_H
#define H5ROOF_STORE_H

#include "core/table/column.h"
#include "engine/ranks/context.h"
#include "engine/store/cache.h"
#include "h5roof/workload.h"

/* What happened, gathered outside the clock. */
typedef struct {
    uint64_t stored_bytes; /* of the dataset, this file; H5R_NO_COUNT: unknown */
    uint64_t data_offset;  /* where a contiguous dataset begins in the file; H5R_NO_COUNT: it is none */
    char actual_io_mode[64];
    char actual_chunk_opt[64];
    char no_collective_local[128];
    char no_collective_global[128];
    char hints_ignored[128]; /* keys, joined by ';' */
} h5r_store_facts_t;

typedef struct {
    size_t private_bytes; /* of the store's own state, zeroed before prepare */
    /* Untimed: property lists, datatypes, hints. */
    h5r_status_t (*prepare)(h5r_store_t *s, h5r_error_t *err);
    h5r_status_t (*create)(h5r_store_t *s, h5r_error_t *err);
    h5r_status_t (*open)(h5r_store_t *s, bool writable, h5r_error_t *err);
    h5r_status_t (*select)(h5r_store_t *s, h5r_error_t *err);
    h5r_status_t (*write)(h5r_store_t *s, const h5r_op_t *call, const void *buffer, h5r_error_t *err);
    h5r_status_t (*read)(h5r_store_t *s, const h5r_op_t *call, void *buffer, h5r_error_t *err);
    h5r_status_t (*flush)(h5r_store_t *s, h5r_error_t *err);
    h5r_status_t (*close)(h5r_store_t *s, h5r_error_t *err);
    /* Untimed, after the phase: fill s->facts. */
    void (*observe)(h5r_store_t *s, h5r_phase_t phase);
    /* Name of file number `index` of this store into path; false: there is none (more). */
    bool (*file_name)(const h5r_store_t *s, int index, char *path, size_t size);
    /* Untimed: the base of the names is another one, of the next file. NULL: there are no files. */
    void (*rename)(h5r_store_t *s);
    /* Untimed: let go of everything prepare made. */
    void (*release)(h5r_store_t *s);
} h5r_store_kind_ops_t;

struct h5r_store {
    const h5r_store_kind_ops_t *ops;
    const h5r_factors_t *factors;
    MPI_Comm comm; /* all ranks of a shared file, or MPI_COMM_SELF */
    bool shared;
    bool collective; /* transfers */
    bool absent;     /* a file per rank, and this rank owns nothing: no file, every call does nothing */
    bool first;      /* this rank creates and removes the file, and counts it */
    bool keep_files;
    bool second_file;      /* there is one */
    bool links;            /* this rank makes the file with the virtual dataset over those of all ranks */
    int ranks;             /* of the case */
    bool asks_hints;       /* there are hints, and the MPI tells which are in effect */
    char base[PATH_MAX];   /* path without suffix */
    int stem;              /* its length before the number of the file, where there are several */
    int root;              /* length of what all ranks' have in common */
    h5r_dims_t file_shape; /* of the dataset in this file */
    const h5r_ops_t *calls;
    size_t element_bytes; /* as they are handed over */
    size_t file_element_bytes;
    h5r_store_facts_t facts;
    uint64_t stored_before; /* in the files before the one at hand */
    void *own;              /* private_bytes of the store's own */
};

extern const h5r_store_kind_ops_t h5r_store_hdf5_ops;
extern const h5r_store_kind_ops_t h5r_store_mpiio_ops;
extern const h5r_store_kind_ops_t h5r_store_posix_ops;
extern const h5r_store_kind_ops_t h5r_store_memory_ops;

/* Collective: make the store of a part ready on every rank (part->store is not looked at). Where the part is
 * this rank's own, a file that is there under the same name is removed, and so is the file at the end; the
 * part of another rank can only be read. Errors are this rank's own; agree on them afterwards, before the
 * first call. part and factors must outlive the store. Call h5r_store_release also on error. A file that is
 * kept is named by the hash of the case's factors, which is the case_id of the results. Any other has the run's tag
 * in front of its name, and from turn 1 on another name in every turn.
 */
h5r_status_t h5r_store_prepare(h5r_store_t *s, const h5r_context_t *ctx, const h5r_factors_t *factors,
                               uint64_t turn, const h5r_part_t *part, bool keep_files, h5r_error_t *err);

/* Local, while nothing is open: the next calls are of this one of the case's files (factor file_count). */
void h5r_store_use_file(h5r_store_t *s, uint64_t file);

/* Collective over the file: outside the clock, after a phase. */
void h5r_store_observe(h5r_store_t *s, h5r_phase_t phase);

/* Local: what the last transfer was like is not told of the operations to come. */
void h5r_store_forget_transfers(h5r_store_t *s);

/* Local, between close and open: the page cache of this rank's files, or of a shared file where this rank is
 * the first of its node (others do nothing), as the factor `cache` asks; *sum gets what is resident. */
h5r_status_t h5r_store_settle_cache(const h5r_store_t *s, bool first_of_node, h5r_residency_t *sum,
                                    h5r_error_t *err);

/* Local, after close: bytes of this rank's files (the first rank's where shared, 0 on the others). */
uint64_t h5r_store_file_bytes(const h5r_store_t *s);

/* Local, after close: st_blksize of the file system under this rank's file; H5R_NO_COUNT: there is no file.
 */
uint64_t h5r_store_block_bytes(const h5r_store_t *s);

/* Remove this rank's files, unless they are to be kept; free everything. Collective. */
void h5r_store_release(h5r_store_t *s);

/* Where a call's elements lie in a C-ordered file of shape file_shape: the runs of contiguous elements. Used
 * by the stores without HDF5. */
typedef struct {
    uint64_t offset;   /* first element in the file */
    uint64_t elements; /* of this run */
    uint64_t run;      /* index, 0... */
    uint64_t runs;     /* how many */
    uint64_t coord[H5R_MAX_NDIMS];
} h5r_run_iter_t;

bool h5r_run_first(h5r_run_iter_t *it, const h5r_store_t *s, const h5r_op_t *call);
bool h5r_run_next(h5r_run_iter_t *it, const h5r_store_t *s, const h5r_op_t *call);

#endif
