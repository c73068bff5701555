/*
 * The ways in which the store roof moves its bytes, and the choice among them: all are tried at first, then
 * the best three, and from then on the best two are measured in every block. The roof is the fastest of what
 * a block measured. Local; pure.
 */
#ifndef H5ROOF_STORE_WAY_H
#define H5ROOF_STORE_WAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define H5R_STORE_WAYS      13
#define H5R_STORE_PLAIN     0 /* the way that exists everywhere: its failure is an error */
#define H5R_STORE_ALIGNMENT 4096u

typedef struct {
    const char *name; /* "8MiB preallocated": what the column says */
    uint64_t piece;   /* bytes of a call; 0: the part of a rank in one */
    bool preallocated, direct;
} h5r_store_way_t;

extern const h5r_store_way_t h5r_store_way_table[H5R_STORE_WAYS]; /* the most promising first */

/* Some ways, in the order in which they are to be measured. */
typedef struct {
    uint8_t way[H5R_STORE_WAYS];
    uint8_t n;
    uint8_t must; /* so many of them, however long it takes; the others while there is time for a trial */
} h5r_way_list_t;

#define H5R_WAY_TRIALS 3

/* What the trials told of the ways to write, or to read, own files or a shared one. All zero: nothing yet. */
typedef struct {
    uint8_t held;              /* trials so far */
    bool gone[H5R_STORE_WAYS]; /* it does not exist there */
    uint8_t n[H5R_STORE_WAYS];
    double s_per_byte[H5R_STORE_WAYS][H5R_WAY_TRIALS];
} h5r_way_trials_t;

/* Whether a way is one of its own where a rank moves so many bytes. allocates: it writes into new files. */
bool h5r_store_way_applies(size_t way, bool allocates, uint64_t part_bytes);

/* What to measure next. First all ways; then the best one, the next that there was no time for, two more of
 * the best, and the others that were never tried, while there is time; when H5R_WAY_TRIALS are held the best
 * two, the second while there is time.
 * Never empty, and of ways that are ways of their own for this size (sizes that are alike share trials). */
h5r_way_list_t h5r_way_next(const h5r_way_trials_t *t, bool allocates, uint64_t part_bytes);

/* Take the seconds of what was measured (NaN: it was not; INFINITY: it failed there), of so many bytes. */
void h5r_way_learn(h5r_way_trials_t *t, const double s[H5R_STORE_WAYS], uint64_t bytes);

/* Of the ways that have a finite time in s the fastest; H5R_STORE_PLAIN if there is none. */
size_t h5r_way_best(const double s[H5R_STORE_WAYS]);

#endif
