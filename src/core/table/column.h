/*
 * The columns of results.csv: one table, from which the header, the rows, SCHEMA.md, `list columns` and
 * `explain` are made. Columns are only ever appended. A row is a struct; the table knows where in it each
 * column lives. Local.
 */
#ifndef H5ROOF_COLUMN_H
#define H5ROOF_COLUMN_H

#include "core/factors/factor.h"
#include "core/table/state.h"
#include "h5roof/direction.h"
#include "h5roof/phase.h"

#include <stdio.h>

#define H5R_SCHEMA_VERSION 1

extern const char *const h5r_phase_names[H5R_PHASE_COUNT];
extern const char *const h5r_direction_names[H5R_DIRECTIONS + 1]; /* writes, reads, both, neither, "" */

typedef struct {
    double max_s, med_s, min_s; /* over the ranks; NaN: the phase did not happen */
    uint64_t slowest_rank;
    double wall_s; /* rank 0, from barrier to barrier */
} h5r_phase_time_t;

/* Calls of MPI-IO as HDF5 (or the store mpiio) made them, summed over the ranks. */
typedef struct {
    uint64_t write_indep, write_coll, read_indep, read_coll; /* calls */
    uint64_t write_bytes, read_bytes;
    uint64_t sync, set_view;
    double seconds; /* in MPI_File_*, of the rank that spent most; NaN with the counts H5R_NO_COUNT: not
                       counted */
} h5r_counters_t;

h5r_counters_t h5r_counters_none(void);

/* What the processes asked of the kernel, summed over the ranks (src/engine/ranks/os_io.h). */
typedef struct {
    uint64_t read_bytes, write_bytes, read_count, write_count;
    uint64_t create_bytes, close_bytes; /* written in these phases */
    uint64_t open_bytes;                /* read in this phase */
} h5r_os_counts_t;

#define H5R_NO_COUNT UINT64_MAX /* a count that does not apply: an empty cell */

/* One row: a case, a repetition, an operation. Doubles that do not apply are NaN, counts H5R_NO_COUNT, texts
 * "". */
typedef struct {
    uint64_t schema;
    char run_id[40]; /* UTC time and random, as in the directory's env.json */
    char suite[64];
    char case_id[20]; /* 16 hex digits */
    char case_name[256];
    uint64_t case_number; /* place in the suite, 0... */
    uint64_t block;       /* 0...: warm-up blocks come first */
    uint64_t repetition;  /* 0... within warm-up, 0... within measured */
    bool warmup;
    char operation[16]; /* as its workload names it */
    h5r_row_status_t status;
    unsigned marks;   /* bits of h5r_mark_t; column `quality` */
    char reason[512]; /* why skipped, what differs */
    h5r_stop_t stop;  /* on the last repetition of a case */
    uint64_t ranks;
    char store[16];
    h5r_factors_t factors; /* columns of the same names */
    h5r_phase_time_t phase[H5R_PHASE_COUNT];
    double durable_s;           /* sum of the slowest ranks' phases of the operation */
    double durable_mibps;       /* payload / durable_s */
    double transfer_mibps;      /* payload / phase write (or read) alone */
    uint64_t payload_bytes;     /* moved in memory, all ranks */
    uint64_t calls;             /* transfers, all ranks */
    uint64_t total_calls;       /* that an unbounded operation would have made */
    uint64_t stored_bytes;      /* of the dataset in the file (H5Dget_storage_size), all files */
    uint64_t file_bytes;        /* of all files after close */
    double ratio_frac;          /* payload in the file's type / stored */
    double cache_resident_frac; /* before the read, of the node that had most */
    char actual_io_mode[64];
    char actual_chunk_opt[64];
    char no_collective_local[128];
    char no_collective_global[128];
    h5r_counters_t counters; /* h5r_counters_none() where they do not apply */
    double roof_copy_s, roof_convert_s, roof_compress_s;
    double roof_store_own_s, roof_store_shared_s, roof_pattern_s;
    h5r_bound_t roof_bound; /* which one binds */
    double roof_s;
    double efficiency_frac; /* roof_s / durable_s */
    char time_utc[32];      /* end of the repetition, ISO 8601 */
    uint64_t seed;
    uint64_t read_shift;       /* in effect; writes: does not apply */
    double read_own_node_frac; /* ranks that read what their own node wrote */
    h5r_os_counts_t os;
    double ranks_max_s, ranks_med_s; /* over the ranks, of a rank's own time in all phases of the operation */
    uint64_t slowest_rank;           /* whose that maximum is */
    char slowest_node[64];
    uint64_t nodes;             /* on which the ranks run */
    uint64_t data_offset_bytes; /* of a contiguous dataset in its file */
    uint64_t block_bytes;       /* preferred by the file system (st_blksize) */
    uint64_t operations;        /* rows of a repetition */
    uint64_t objects;           /* that the operation handled */
    double objects_per_s;
    uint64_t object_bytes;            /* of the files, by object */
    uint64_t damaged, refused, wrong; /* chunks with a changed byte; of them refused; elements read wrong */
    uint64_t refusals;                /* openings that had to be refused and were */
    char hints_ignored[128];          /* keys that were asked for and are not in effect */
    h5r_direction_t direction;        /* of the operation; H5R_DIRECTIONS: there is none, or an old file */
    char roof_store_own_way[64], roof_store_shared_way[64]; /* names of h5r_store_way_table */
    char roof_files[16];                                    /* own, shared: whose roof counts */
    uint64_t filtered_chunks;     /* at least, each way counted; H5R_NO_COUNT: no filter, or nobody knows */
    uint64_t roof_filtered_bytes; /* what the compress roof made of all chunks */
    h5r_missing_t roof_missing;   /* why there is no efficiency though there is work with a roof */
    double copy_cost_frac; /* of the kernel's copy at the case's offsets, to that between begins of pages */
} h5r_row_t;

typedef enum {
    H5R_CELL_TEXT,
    H5R_CELL_U64,
    H5R_CELL_F64,
    H5R_CELL_BOOL,
    H5R_CELL_WORD,  /* an enumeration */
    H5R_CELL_MARKS, /* unsigned, a bit for each word */
    H5R_CELL_FACTOR
} h5r_cell_type_t;

typedef struct {
    char name[48];
    const char *
        group; /* identity, factors, phases, bandwidth, sizes, cache, mode, counters, roof, origin, readers */
    h5r_cell_type_t type;
    size_t offset;            /* in h5r_row_t (H5R_CELL_FACTOR: unused) */
    size_t size;              /* H5R_CELL_TEXT: of the array in h5r_row_t; _WORD, _MARKS: number of words */
    const char *const *words; /* H5R_CELL_WORD, _MARKS */
    const h5r_factor_t *factor;
    char help[384];
} h5r_column_t;

/* The table, built once at first use (factors and phases are expanded into it); *count gets its length. */
const h5r_column_t *h5r_columns(size_t *count);
size_t h5r_f64_count(void);                            /* how many of them are H5R_CELL_F64 */
const h5r_column_t *h5r_column_find(const char *name); /* NULL: none */

void h5r_row_clear(h5r_row_t *row); /* everything "does not apply", schema set, factors at their defaults */
/* Set one cell of a row from its text in a CSV; false if the text is not of the column's type. "" means "does
 * not apply". */
bool h5r_row_parse_cell(h5r_row_t *row, const h5r_column_t *column, const char *text);
/* The cell of a column as in a CSV, but without quotes; "" if it does not apply. Returns buf. */
char *h5r_row_cell_text(const h5r_row_t *row, const h5r_column_t *column, char *buf, size_t size);
void h5r_row_write_header(FILE *out);
void h5r_row_write(const h5r_row_t *row, FILE *out); /* one line; the caller flushes and checks ferror */

static inline bool h5r_row_is_marked(const h5r_row_t *row, h5r_mark_t mark)
{
    return (row->marks & 1u << mark) != 0;
}

static inline void h5r_row_mark(h5r_row_t *row, h5r_mark_t mark)
{
    row->marks |= 1u << mark;
}

/* What an operation does as its row tells it; of a table without the column, by the phases that happened. */
h5r_direction_t h5r_row_direction(const h5r_row_t *row);

#endif
