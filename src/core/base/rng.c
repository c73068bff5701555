#include "h5roof/rng.h"

#define GOLDEN_GAMMA 0x9e3779b97f4a7c15u /* SplitMix64's increment: 2^64 / golden ratio, odd */

h5r_rng_t h5r_rng_seeded(uint64_t seed, uint64_t stream)
{
    /* Mixed one after the other: neighbouring seeds and streams start far apart, and (1, 2) is not (2, 1). */
    return (h5r_rng_t){.state = h5r_mix64(h5r_mix64(seed + GOLDEN_GAMMA) + stream * GOLDEN_GAMMA)};
}

uint64_t h5r_rng_next(h5r_rng_t *rng)
{
    rng->state += GOLDEN_GAMMA;
    return h5r_mix64(rng->state);
}

uint64_t h5r_rng_below(h5r_rng_t *rng, uint64_t bound)
{
    /* 2^64 mod bound values are refused, so that what is left divides evenly. */
    uint64_t refused = (0 - bound) % bound;
    uint64_t word;
    do {
        word = h5r_rng_next(rng);
    } while (word < refused);
    return word % bound;
}

void h5r_rng_shuffle(h5r_rng_t *rng, size_t *items, size_t n)
{
    for (size_t i = n; i > 1; i--) {
        size_t j = (size_t)h5r_rng_below(rng, i);
        size_t item = items[i - 1];
        items[i - 1] = items[j];
        items[j] = item;
    }
}
