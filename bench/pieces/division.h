/*
 * Many small pieces: the rows of a dataset (its first dimension) are cut into runs of irregular length, which
 * are dealt out so that every rank owns as many of them, between those of the other ranks. This is what the
 * order of a space-filling curve, or of a graph partition, makes of a mesh. A function of the seed; pure
 * arithmetic without memory, so that any rank can say what any other owns. All functions are local.
 *
 * Runs come in groups of one per rank; within a group the ranks are in an order of its own. Every row belongs
 * to exactly one run. Where there are fewer rows than runs, some runs are empty.
 */
#ifndef H5ROOF_DIVISION_H
#define H5ROOF_DIVISION_H

#include <stdint.h>

typedef struct {
    uint64_t rows;
    uint64_t pieces; /* of a rank */
    uint64_t nranks;
    uint64_t seed;
} h5r_division_t;

typedef struct {
    uint64_t start, count; /* rows */
} h5r_run_t;

/* Piece 0 ... pieces - 1 of a rank; a rank's pieces are in ascending order. */
h5r_run_t h5r_division_run(const h5r_division_t *p, uint64_t rank, uint64_t piece);

/* Rows of the first n pieces of a rank. */
uint64_t h5r_division_rows(const h5r_division_t *p, uint64_t rank, uint64_t n);

/* The most that any rank can own, whatever the seed. */
uint64_t h5r_division_most(const h5r_division_t *p);

#endif
