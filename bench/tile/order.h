/* Orders in which calls are made. Local. */
#ifndef H5ROOF_ORDER_H
#define H5ROOF_ORDER_H

#include <stddef.h>
#include <stdint.h>

/* Put n numbers into an order that depends on the seed and on a stream number (say, the rank) only. */
void h5r_order_shuffle(size_t *order, size_t n, uint64_t seed, uint64_t stream);

#endif
