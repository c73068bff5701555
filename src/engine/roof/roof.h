/*
 * Roofs: the time that the same work needs when only the hardware limits it, measured in the same run and in
 * the same block as the case, with the same ranks, data and file system.
 *
 * A roof depends on few of a case's factors. h5r_roof_spec() sets all others to their default, so that
 * cases which share a roof reduce to the same factors, and the roof is measured once per block.
 */
#ifndef H5ROOF_ROOF_H
#define H5ROOF_ROOF_H

#include "core/table/column.h"
#include "engine/repetition/bench.h"
#include "engine/repetition/repetition.h"
#include "engine/roof/roof_trials.h"

/* X(SYMBOL, name, help) */
#define H5R_ROOF_TABLE(X)                                                                                    \
    X(COPY, "copy", "memcpy of the payload from one buffer to another, all ranks at once")                   \
    X(CONVERT, "convert",                                                                                    \
      "byte swap or type conversion of the payload in memory, in blocks that stay in the cache")             \
    X(COMPRESS, "compress",                                                                                  \
      "the filter pipeline (zlib, shuffle, checksum) over the chunks that an operation has to filter, "      \
      "dealt out to all ranks, without any I/O")                                                             \
    X(STORE, "store",                                                                                        \
      "the stored bytes, dealt out evenly to all ranks, by pwrite and pread; open to close, with fsync "     \
      "when "                                                                                                \
      "writing; with a file per rank and with a shared file, each in the best way that trials found: in "    \
      "one "                                                                                                 \
      "call or pieces of 8 MiB, 1 MiB or 64 KiB, preallocated or not, direct or not")                        \
    X(PATTERN, "pattern",                                                                                    \
      "raw MPI-IO with the case's own decomposition, access size and mode; create to close, durable")

typedef enum {
#define X(SYMBOL, name, help) H5R_ROOF_##SYMBOL,
    H5R_ROOF_TABLE(X)
#undef X
        H5R_ROOF_KINDS
} h5r_roof_kind_t;

/* One roof to be measured. */
typedef struct h5r_roof_spec {
    h5r_roof_kind_t kind;
    h5r_factors_t factors; /* reduced */
    uint64_t bytes;        /* STORE: of all ranks */
    bool rewrites;         /* STORE: over what lies in the files already, instead of into new ones */
    uint64_t datasets;     /* COMPRESS: of the shape, one's data behind those of the other; else 0 */
    int32_t operation;     /* COMPRESS: of the workload of `factors`, which may change the data; else 0 */
} h5r_roof_spec_t;

/* Seconds of the slowest rank, for writing and reading; NaN where it does not apply. Complete on rank 0. */
typedef struct h5r_roof_time {
    double s[H5R_WAYS];
    double own_s[H5R_WAYS];    /* STORE: a file per rank; s is the smaller of the two */
    double shared_s[H5R_WAYS]; /* STORE: one file */
    const char *own_way[H5R_WAYS], *shared_way[H5R_WAYS]; /* STORE: of h5r_store_way_table */
    uint64_t filtered_bytes; /* COMPRESS: of all chunks, as they would be stored; else H5R_NO_COUNT */
} h5r_roof_time_t;

/* Local. Whether an operation of a case has this roof. work: of an earlier repetition, or zeros. */
bool h5r_roof_applies(h5r_roof_kind_t kind, const h5r_factors_t *f, int operation,
                      const h5r_roof_work_t *work);

/*
 * Local. What to measure for it. store_bytes: see h5r_roof_store_bytes; used by STORE only. moved_fraction:
 * of what the operation moves of the dataset, 1 unless bounded. COPY and CONVERT are of the ranks' shares, or of
 * work->elements, dealt out evenly, where something else is moved. COMPRESS is of all chunks, whatever is
 * touched of them: h5r_roof_fill_row takes the part that work->out and work->in say.
 */
h5r_roof_spec_t h5r_roof_spec(h5r_roof_kind_t kind, const h5r_factors_t *f, uint64_t store_bytes,
                              double moved_fraction, int operation, const h5r_roof_work_t *work);

/* Local. The bytes that an operation had to move to or from the store, from its row: its payload in the type
 * of the file, by the ratio to which filters brought it, which is known if all was written, else at most
 * what is stored; the bytes of the files where it moved no payload. */
uint64_t h5r_roof_store_bytes(const h5r_row_t *row);

/* Local. Equal keys: the same roof. */
uint64_t h5r_roof_key(const h5r_roof_spec_t *spec);

/* No time is known. */
h5r_roof_time_t h5r_roof_no_time(void);

/* Collective. fatal as in h5r_outcome_t. STORE measures what order says and fills *tried, the others *time.
 */
h5r_status_t h5r_roof_measure(h5r_bench_t *b, const h5r_roof_spec_t *spec, const h5r_store_order_t *order,
                              h5r_roof_time_t *time, h5r_store_tried_t *tried, bool *fatal, h5r_error_t *err);

/* Local. Fill a row's roof columns and efficiency from the times of all kinds (NaN: not measured). Where a
 * roof that the operation needs is missing, there is no efficiency, and the row says why. */
void h5r_roof_fill_row(const h5r_roof_time_t times[H5R_ROOF_KINDS], const h5r_operation_info_t *info,
                       const h5r_roof_work_t *work, h5r_row_t *row);

#endif
