/*
 * The yardstick of scripts/dev/selfbench.sh: what one case of each workload asks of HDF5, in bare C. The lists,
 * the calls and their order, the dataspaces, the data and the phases are h5roof's; its stores, regions, rows
 * and counters are not there. The core is used before the clock only: to read factors and to make the data.
 */
#ifndef H5ROOF_TEST_BARE_H
#define H5ROOF_TEST_BARE_H

#include "h5roof/data.h"
#include "h5roof/phase.h"

#include <hdf5.h>
#include <mpi.h>

#define BARE_NDIMS   2 /* of all datasets */
#define BARE_SEED    1 /* that of h5roof where none is given */
#define BARE_UNTIMED H5R_PHASE_COUNT

typedef struct bare {
    h5r_factors_t factors;
    int rank, size;
    bool shared, collective;
    h5r_dims_t file_shape;                        /* of the dataset in this rank's file */
    h5r_region_t share;                           /* of this rank, in the dataset of all */
    hsize_t start[BARE_NDIMS], count[BARE_NDIMS]; /* and in its file's */
    hsize_t piece[BARE_NDIMS]; /* of the share, which one call moves; it divides the share */
    size_t bytes, piece_bytes; /* in memory: of the share, of a piece */
    h5r_data_t data;
    char *out, *in; /* [bytes]: what is written, what is read */
    const char *directory;
    char path[4096];
    hid_t access, creation, transfer, memory_type, file_type;
    hid_t file, dataset;
    hid_t file_space, piece_space, rest_space; /* rest_space: for a piece of another size */
    void *own;                                 /* the workload's */
} bare_t;

typedef void bare_step_t(bare_t *b);

typedef struct {
    const char *operation;
    int phase; /* h5r_phase_t, or BARE_UNTIMED */
    bare_step_t *step;
} bare_timed_t;

typedef struct {
    const char *name;
    bare_step_t *prepare, *release; /* around all repetitions; NULL: nothing to do */
    bare_timed_t steps[24];         /* of a repetition, up to one without a step */
} bare_workload_t;

extern const bare_workload_t bare_slab, bare_update, bare_allocate, bare_convert, bare_tile, bare_resize,
    bare_select, bare_particles, bare_metadata, bare_pieces, bare_open, bare_filter, bare_records, bare_types;

/* Ends the job. */
_Noreturn void bare_stop(const char *what);

static inline void bare_need(bool ok, const char *what)
{
    if (!ok) {
        bare_stop(what);
    }
}

/* An id or a code of HDF5. */
static inline hid_t bare_check(hid_t id, const char *what)
{
    bare_need(id >= 0, what);
    return id;
}

/* Memory that is touched and begins on a page, as that of h5r_buffer_new(); for free(). */
void *bare_alloc(size_t bytes);

/* Everything around the repetitions, from the factors and a directory for the files. */
void bare_begin(bare_t *b, const char *directory);
void bare_end(bare_t *b);

/* From here on one call moves so much of the share; the dataspaces are made after it. */
void bare_cut(bare_t *b, h5r_access_kind_t access);

/* The file with its dataset "data", and the dataspaces of its calls. limit: NULL for a dataset that cannot grow beyond extent. */
void bare_create_file(bare_t *b);
void bare_create_dataset(bare_t *b, const hsize_t *extent, const hsize_t *limit);
void bare_open_file(bare_t *b, unsigned flags);
bare_step_t bare_create, bare_open_r, bare_open_rw, bare_spaces, bare_write, bare_read, bare_flush,
    bare_close, bare_close_spaces, bare_close_file;

/* Whether what was read is what was written. */
bare_step_t bare_verify;

/* One repetition: every phase between barriers, and on rank 0 a line of CSV per operation with the slowest
 * rank's seconds, in the columns of results.csv. report: print them. */
void bare_print_header(void);
void bare_repeat(bare_t *b, const bare_workload_t *workload, bool report);

#endif
