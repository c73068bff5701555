#include "bench/pieces/division.h"

#include "h5roof/rng.h"

/* Streams of random numbers that have nothing to do with each other. */
enum { CUTS = 1, STEPS = 2, OFFSETS = 3 };

static uint64_t draw(const h5r_division_t *p, uint64_t stream, uint64_t index, uint64_t below)
{
    h5r_rng_t rng = h5r_rng_seeded(h5r_mix64(p->seed) + stream, index);
    return h5r_rng_next(&rng) % below;
}

/*
 * The first row of a run: evenly spaced, plus less than the spacing at random. So no run is empty where there
 * are as many rows as runs, and none is longer than twice the spacing.
 */
static uint64_t cut(const h5r_division_t *p, uint64_t run)
{
    const uint64_t runs = p->pieces * p->nranks, spacing = p->rows / runs, longer = p->rows % runs;
    uint64_t at = run * spacing + (run < longer ? run : longer);
    return spacing > 1 && run > 0 && run < runs ? at + draw(p, CUTS, run, spacing) : at;
}

static uint64_t common_divisor(uint64_t a, uint64_t b)
{
    while (b > 0) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* The place of a rank within a group: an affine map, which is one to one if the step has no divisor with n.
 */
static uint64_t place(const h5r_division_t *p, uint64_t group, uint64_t rank)
{
    const uint64_t n = p->nranks;
    uint64_t step = draw(p, STEPS, group, n) + 1;
    while (common_divisor(step, n) != 1) {
        step++;
    }
    return (rank * (step % n) + draw(p, OFFSETS, group, n)) % n;
}

h5r_run_t h5r_division_run(const h5r_division_t *p, uint64_t rank, uint64_t piece)
{
    uint64_t run = piece * p->nranks + place(p, piece, rank), start = cut(p, run);
    return (h5r_run_t){start, cut(p, run + 1) - start};
}

uint64_t h5r_division_rows(const h5r_division_t *p, uint64_t rank, uint64_t n)
{
    uint64_t rows = 0;
    for (uint64_t i = 0; i < n; i++) {
        rows += h5r_division_run(p, rank, i).count;
    }
    return rows;
}

uint64_t h5r_division_most(const h5r_division_t *p)
{
    uint64_t spacing = p->rows / (p->pieces * p->nranks);
    return spacing > 0 ? 2 * spacing * p->pieces : p->rows / p->nranks + 1;
}
