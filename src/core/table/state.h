/*
 * What a row says in a word: how its repetition ended, why it was the last of its case, marks on its quality,
 * which roof binds, and why there is none. Tables of X(SYMBOL, word), the first of each for "nothing to say".
 * Local.
 */
#ifndef H5ROOF_STATE_H
#define H5ROOF_STATE_H

#include <stdbool.h>

/* Column `status`. Rows of the last three have no numbers. */
#define H5R_ROW_TABLE(X)                                                                                     \
    X(NONE, "")                                                                                              \
    X(OK, "ok")                                                                                              \
    X(MISMATCH, "mismatch")       /* data read differ from data written */                                   \
    X(SKIPPED, "skipped")         /* a rule forbids the case */                                              \
    X(INTERRUPTED, "interrupted") /* the run ended while it ran */                                           \
    X(STOPPED, "stopped")         /* no time for more repetitions */

/* Column `stop`. */
#define H5R_STOP_TABLE(X)                                                                                    \
    X(NONE, "")                                                                                              \
    X(CI, "ci")                   /* the interval is narrow enough */                                        \
    X(MAX, "max")                 /* repeat.max repetitions */                                               \
    X(TIME, "time")               /* repeat.time is spent */                                                 \
    X(BUDGET, "budget")           /* --max-time is spent */                                                  \
    X(INTERRUPTED, "interrupted") /* the run died there, and it is left out from then on */

/* Column `quality`: any of them, joined by ';' in this order. */
#define H5R_MARK_TABLE(X)                                                                                    \
    X(SHORT, "short")                                                                                        \
    X(SKEWED, "skewed")                                                                                      \
    X(BOUNDED, "bounded")                                                                                    \
    X(CACHED, "cached")                                                                                      \
    X(UNVERIFIED, "unverified")                                                                              \
    X(ABOVE_ROOF, "above_roof")                                                                              \
    X(SUSPENDED, "suspended")

/* Column `roof_bound`. */
#define H5R_BOUND_TABLE(X)                                                                                   \
    X(NONE, "")                                                                                              \
    X(COPY, "copy")                                                                                          \
    X(CONVERT, "convert")                                                                                    \
    X(COMPRESS, "compress")                                                                                  \
    X(CONVERT_COMPRESS, "convert+compress")                                                                  \
    X(STORE, "store")

/* Column `roof_missing`. */
#define H5R_MISSING_TABLE(X)                                                                                 \
    X(NONE, "")                                                                                              \
    X(BOUNDED, "bounded")       /* max_ops left out a part of a filtered dataset */                          \
    X(FILTER, "filter")         /* one that only HDF5 knows */                                               \
    X(CHUNKS, "chunks")         /* which ones were filtered is not known */                                  \
    X(UNWRITTEN, "unwritten")   /* a part of what was read had never been written */                         \
    X(UNMEASURED, "unmeasured") /* a roof that belongs to it was not measured */

#define X(SYMBOL, word) H5R_ROW_##SYMBOL,
typedef enum { H5R_ROW_TABLE(X) H5R_ROWS } h5r_row_status_t;
#undef X
#define X(SYMBOL, word) H5R_STOP_##SYMBOL,
typedef enum { H5R_STOP_TABLE(X) H5R_STOPS } h5r_stop_t;
#undef X
#define X(SYMBOL, word) H5R_MARK_##SYMBOL,
typedef enum { H5R_MARK_TABLE(X) H5R_MARKS } h5r_mark_t;
#undef X
#define X(SYMBOL, word) H5R_BOUND_##SYMBOL,
typedef enum { H5R_BOUND_TABLE(X) H5R_BOUNDS } h5r_bound_t;
#undef X
#define X(SYMBOL, word) H5R_MISSING_##SYMBOL,
typedef enum { H5R_MISSING_TABLE(X) H5R_MISSINGS } h5r_missing_t;
#undef X

/* Work of the CPU binds. */
static inline bool h5r_bound_is_cpu(h5r_bound_t bound)
{
    return bound == H5R_BOUND_CONVERT || bound == H5R_BOUND_COMPRESS || bound == H5R_BOUND_CONVERT_COMPRESS;
}

extern const char *const h5r_row_words[H5R_ROWS];
extern const char *const h5r_stop_words[H5R_STOPS];
extern const char *const h5r_mark_words[H5R_MARKS];
extern const char *const h5r_bound_words[H5R_BOUNDS];
extern const char *const h5r_missing_words[H5R_MISSINGS];

#endif
