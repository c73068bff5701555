#include "bench/tile/order.h"

#include "h5roof/rng.h"

void h5r_order_shuffle(size_t *order, size_t n, uint64_t seed, uint64_t stream)
{
    h5r_rng_t rng = h5r_rng_seeded(seed, stream);
    h5r_rng_shuffle(&rng, order, n);
}
