/*
 * What the author of a workload includes: one repetition of a case, its phases, its store, and the descriptor
 * that registers the workload. A workload is one file in bench/ that ends in its descriptor, one line in
 * bench/workloads.def and one suite in configs/.
 *
 * What a repetition does is the table of steps in the descriptor. The engine goes through it on all ranks and
 * times each step that belongs to a phase; within the clock stands nothing but the step. A rank whose step
 * fails ends there: its peers may sit inside MPI, so the runner reports the error and aborts the job.
 */
#ifndef H5ROOF_WORKLOAD_H
#define H5ROOF_WORKLOAD_H

#include "h5roof/data.h"
#include "h5roof/direction.h"
#include "h5roof/error.h"
#include "h5roof/phase.h"
#include "h5roof/region.h"
#include "h5roof/touched.h"
#include "h5roof/work.h"

typedef struct h5r_store h5r_store_t;     /* src/engine/store/store.h */
typedef struct h5r_measure h5r_measure_t; /* src/engine/repetition/measure.h */

/* An operation of a workload, by its place in the descriptor: each becomes a row of the results with its own
 * phases, counters and roof. A workload numbers its own; what all others ask is its direction. */
typedef int h5r_operation_t;
#define H5R_OPERATIONS 6 /* of one workload, at most */

/* What a rank moves in an operation, and where that lies. */
typedef struct {
    const h5r_factors_t *factors; /* by which it is cut and moved: the case's, or those of its reads */
    int owner;                    /* the rank whose share it is: that writes it; -1: it is no rank's share */
    h5r_region_t region;          /* in the coordinates of the whole dataset */
    uint64_t elements; /* the first so many are in memory in the end: those of the calls, or what another rank
                          read and sent */
    h5r_ops_t calls; /* the share cut into calls, in the coordinates of the file's dataset; in collective mode
                        the same number on all ranks */
    h5r_store_t *store; /* the file that holds it */
} h5r_part_t;

/* One repetition on this rank. Everything is ready before the first step: buffers are allocated, touched and
 * filled. */
typedef struct {
    const h5r_factors_t *factors;
    int rank, nranks;
    const h5r_part_t *part;     /* what is moved now: until h5r_rep_turn_to_reads() what this rank writes */
    h5r_part_t parts[H5R_WAYS]; /* by h5r_way_t */
    size_t element_bytes;       /* in memory */
    h5r_dtype_t file_dtype;     /* of the elements in the file */
    h5r_data_t data;
    uint64_t file; /* of the files of the case (factor file_count), the one that is at hand */
    uint64_t turn; /* what it writes besides the data differs from turn to turn, in value but not in size */
    char *write_buffer; /* parts[H5R_WAY_OUT].calls.elements elements, filled; or those of the first call,
                           where all calls use the same memory (factor buffers) */
    char *read_buffer;  /* parts[H5R_WAY_IN].elements elements, or likewise, poisoned */
    bool verify;        /* check what was read */
    bool reads_before_close; /* contents vanish at close */
    h5r_measure_t *measure;
    void *own; /* the workload's, for its steps: own_bytes of zeros before prepare */
} h5r_rep_t;

/* Local, outside any phase: check the read buffer against the data and remember the first wrong element for
 * the operation's row. Does nothing if rep->verify is false. */
void h5r_rep_check(h5r_rep_t *rep, h5r_operation_t operation);

/* The same for elements that were read by other ways: the first `elements` of a region of the whole dataset,
 * densely in `got`. */
void h5r_rep_check_region(h5r_rep_t *rep, h5r_operation_t operation, const h5r_region_t *region,
                          uint64_t elements, const void *got);

/* The same for what is not the data any more: the first `elements` of a region must be `expected`, to the
 * bit. */
void h5r_rep_compare(h5r_rep_t *rep, h5r_operation_t operation, const h5r_region_t *region, uint64_t elements,
                     const void *expected, const void *got);

/* Local, outside any phase: the check of an operation found something wrong, said in a short sentence without
 * the rank. The first one counts. */
void h5r_rep_wrong(h5r_rep_t *rep, h5r_operation_t operation, const char *fmt, ...) H5R_PRINTF(3, 4);

/*
 * Local, outside any phase: what this rank did in an operation, where that is not its share in its calls
 * (h5r_workload_t.moves_share): bytes of memory moved, calls that moved them; objects (datasets, groups,
 * attributes, chunks, opens, ...) that were handled, 0: the operation does not count any.
 */
void h5r_rep_moved(h5r_rep_t *rep, h5r_operation_t operation, uint64_t payload_bytes, uint64_t calls);
void h5r_rep_moved_share(h5r_rep_t *rep, h5r_operation_t operation); /* its share in its calls after all */
void h5r_rep_handled(h5r_rep_t *rep, h5r_operation_t operation, uint64_t objects);

/* Local, outside any phase: so many openings of this rank's file had to be refused and were. */
void h5r_rep_refused(h5r_rep_t *rep, h5r_operation_t operation, uint64_t refusals);

/* Local, outside any phase: of what an operation that reads and writes moved, so much was written back; else
 * all of it was. */
void h5r_rep_wrote(h5r_rep_t *rep, h5r_operation_t operation, uint64_t payload_bytes);

/* Local, outside any phase, after h5r_rep_moved: what that would have been without the bound max_ops. */
void h5r_rep_unbounded(h5r_rep_t *rep, h5r_operation_t operation, uint64_t payload_bytes, uint64_t calls);

/*
 * Collective, outside any phase: the chunks that an operation has to filter. `touched` has what this rank
 * moves of the dataset in its file; those of a shared file are put together, so that a chunk of two ranks
 * counts once. How: they are written; read; read only where not all of a chunk is touched; or all chunks are
 * read. An operation that does not call it filters every chunk once, out or in or both as its direction says,
 * if it moves all of the dataset; else nobody knows.
 */
typedef enum {
    H5R_FILTERS_OUT = 1,
    H5R_FILTERS_IN = 2,
    H5R_FILTERS_IN_PART = 4,
    H5R_FILTERS_IN_ALL = 8
} h5r_filters_t; /* joined by | */
void h5r_rep_touched(h5r_rep_t *rep, h5r_operation_t operation, const h5r_touched_t *touched, unsigned how);

/* Local, outside any phase: the same where the workload knows how many, of this rank's file; of a shared one
 * rank 0 says it. */
void h5r_rep_filtered(h5r_rep_t *rep, h5r_operation_t operation, uint64_t chunks_out, uint64_t chunks_in);

/* Local, outside any phase, after the flush: what the datasets in this rank's file take, where they are not
 * the store's one. */
void h5r_rep_stored(h5r_rep_t *rep, uint64_t stored_bytes);

/* Collective, outside any phase: from here on the share of rep->part is moved in these calls, with what the
 * other ranks need as padding in collective mode. h5r_store_select comes after it, while the store is open.
 */
void h5r_rep_use_calls(h5r_rep_t *rep, const h5r_ops_t *calls);

/* Local, outside any phase: a stored chunk of this rank's file was damaged and read again. refused: HDF5 said
 * so; else so many elements came back wrong, which is a result and not a mismatch. */
void h5r_rep_damaged(h5r_rep_t *rep, h5r_operation_t operation, bool refused, uint64_t wrong);

/* Local, outside any phase, after closing what was written: from here on `part` is what this rank reads,
 * which is another rank's where readers are shifted (factor read_shift), or no rank's share. What vanishes at close is not turned
 * to. */
void h5r_rep_turn_to_reads(h5r_rep_t *rep);

/* Collective, outside any phase, between closing what was written and opening it again: put the page cache of
 * the files into the state that the factor `cache` asks for, and record what is resident, for the operation
 * whose phase comes next. Errors are this rank's own. */
h5r_status_t h5r_rep_settle_cache(h5r_rep_t *rep, h5r_error_t *err);

/*
 * The store: one dataset in one file, whatever is under it. Each call is collective over the ranks that share
 * the file.
 *   create   file and dataset; they stay open
 *   open     both again, for reading
 *   open_rw  both again, for changing what is there
 *   select   dataspaces for the calls of the part, in place of those of an earlier select
 *   write    one call: elements of `call` from buffer (which is the beginning of that piece; with ghost cells
 *            where it would be without: the store finds its place among them)
 *   read     likewise
 *   flush    to durable storage
 *   close    dataset, dataspaces and file
 * Errors: H5R_IO with what failed, on what, and the innermost message of the library below.
 */
h5r_status_t h5r_store_create(h5r_store_t *store, h5r_error_t *err);
h5r_status_t h5r_store_open(h5r_store_t *store, h5r_error_t *err);
h5r_status_t h5r_store_open_rw(h5r_store_t *store, h5r_error_t *err);
h5r_status_t h5r_store_select(h5r_store_t *store, h5r_error_t *err);
h5r_status_t h5r_store_write(h5r_store_t *store, const h5r_op_t *call, const void *buffer, h5r_error_t *err);
h5r_status_t h5r_store_read(h5r_store_t *store, const h5r_op_t *call, void *buffer, h5r_error_t *err);
h5r_status_t h5r_store_flush(h5r_store_t *store, h5r_error_t *err);
h5r_status_t h5r_store_close(h5r_store_t *store, h5r_error_t *err);

/* Local. Transfers are collective: all ranks make the same number of them. */
bool h5r_store_collective(const h5r_store_t *store);

/*
 * A step of a repetition. Between two clock reads stands its function and nothing else. A phase may happen
 * once per operation. After a phase the store is asked, outside the clock, what happened (I/O mode after
 * transfers, stored bytes after a flush).
 */
typedef h5r_status_t h5r_step_t(h5r_rep_t *rep, h5r_error_t *err);

#define H5R_UNTIMED H5R_PHASE_COUNT /* instead of a phase: between two of them */

/*
 * When a step happens, joined by |: of the stores, and of the workload's cases, one must hold if any is named.
 * H5R_MEASURED is no condition: the size of the files after the step is that of the operation's row, else it
 * is their size at the end; what is not flushed or closed is not in it.
 */
enum {
    H5R_ALWAYS = 0,
    H5R_LASTING = 1,   /* contents outlive the close */
    H5R_VOLATILE = 2,  /* they vanish then, so that reading comes before it */
    H5R_VERIFYING = 4, /* what is read is checked */
    H5R_MEASURED = 8
};
#define H5R_EACH_FILE                                                                                        \
    (1u << 30)            /* no condition: neighbouring steps with it happen for one file after the other */
#define H5R_CASES       8 /* of a workload, at most */
#define H5R_CASE(index) (16u << (index))
#define H5R_ALL_CASES   (H5R_CASE(H5R_CASES) - H5R_CASE(0))

typedef struct {
    h5r_operation_t operation;
    h5r_phase_t phase; /* or H5R_UNTIMED */
    h5r_step_t *step;
    unsigned when;
} h5r_timed_step_t;

typedef void h5r_changes_t(h5r_dtype_t dtype, void *elements, uint64_t n);

typedef struct {
    const char *name; /* in the column `operation` */
    h5r_direction_t direction;
    const char *help; /* what it does, beyond its phases */
    /* Part of what it reads may never have been written: nobody knows what of it is converted or filtered. */
    bool unwritten;
    /* Local: makes what it writes of the data, for its roof. NULL: it writes the data. */
    h5r_changes_t *changes;
} h5r_operation_info_t;

typedef struct {
    const char *name;
    const char *summary; /* one line for `list workloads` */
    const char *lesson;  /* what it teaches; for `explain` */
    const char *roof;    /* what its operations are compared with, and why; for `explain` */
    h5r_operation_info_t operations[H5R_OPERATIONS + 1]; /* ends with a name of NULL */
    const h5r_timed_step_t *steps;
    size_t step_count;
    const char *cases[H5R_CASES]; /* what a step's H5R_CASE means: a factor and its value. None: NULL */
    bool moves_share; /* the operations move the ranks' shares in their calls, and so do their roofs; else
                         what was moved is dealt out evenly (of files where an operation moves no payload),
                         and there is no pattern */
    bool needs_hdf5;  /* not for the stores without it */
    bool needs_file;  /* not for drivers whose contents vanish at close */
    bool no_data;     /* no buffers are needed */
    bool calls_share_memory; /* it can move all calls through the memory of one (factor buffers) */
    size_t own_bytes;        /* of rep->own */
    int own_buffers;         /* so many as large as a rank's share, in the wider of both types, are its own */
    bool own_calls; /* the workload cuts the ranks' shares itself (h5r_rep_use_calls): buffers and first calls
                       are of whole shares, whatever access and max_ops say */
    /* Local: how many datasets of the case's shape it writes. NULL: the store's one. */
    uint64_t (*datasets)(const h5r_factors_t *f);
    /* Local: the most elements that a rank moves whose share of a dataset has `share`; the workload fills
     * both buffers itself, outside any phase. NULL: the share, filled and poisoned. */
    uint64_t (*elements)(const h5r_factors_t *f, uint64_t share, int nranks);
    /* Local: what of the factors the workload cannot do, beyond the rules of HDF5; the reason without a full
     * stop. NULL: nothing. */
    bool (*allows)(const h5r_factors_t *f, int nranks, char *reason, size_t size);
    /* Local: what a rank does in an operation, as a repetition will count it. NULL: it moves its share in each. */
    h5r_work_t (*work)(const h5r_doer_t *w, h5r_operation_t operation);
    /* Local: the cases that hold, H5R_CASE of their indices joined by |. NULL: there are no cases. */
    unsigned (*which)(const h5r_factors_t *f);
    /*
     * Around the steps, outside any phase, on all ranks; NULL: nothing to do. prepare makes what they need.
     * check comes after the last of them: what was read last, and what was done. release gives back what
     * prepare made, also where it or a step failed.
     */
    h5r_step_t *prepare;
    void (*check)(h5r_rep_t *rep);
    void (*release)(h5r_rep_t *rep);
} h5r_workload_t;

#endif
