/* Deterministic randomness: the order of a block and the values of the data. Local. */
#ifndef H5ROOF_RNG_H
#define H5ROOF_RNG_H

#include <stddef.h>
#include <stdint.h>

/* SplitMix64's finaliser (Steele, Lea, Flood, OOPSLA 2014): a bijection of 64-bit words, used as hash of an
 * index. */
static inline uint64_t h5r_mix64(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

typedef struct {
    uint64_t state;
} h5r_rng_t;

/* A stream that depends on the seed and on a stream number (say, the block). */
h5r_rng_t h5r_rng_seeded(uint64_t seed, uint64_t stream);
uint64_t h5r_rng_next(h5r_rng_t *rng);

/* Uniform in 0 ... bound - 1, without modulo bias; bound > 0. */
uint64_t h5r_rng_below(h5r_rng_t *rng, uint64_t bound);

/* Fisher-Yates shuffle of n indices. */
void h5r_rng_shuffle(h5r_rng_t *rng, size_t *items, size_t n);

#endif
