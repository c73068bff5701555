/* Which results `show` shows, and in which order. */
#ifndef H5ROOF_PICKED_H
#define H5ROOF_PICKED_H

#include "core/table/result.h"
#include "h5roof/error.h"

/* X(SYMBOL, word); the first keeps the order of the suite. */
#define SHOW_ORDER_TABLE(X)                                                                                  \
    X(SUITE, "suite")                                                                                        \
    X(NAME, "name")                                                                                          \
    X(WRITE, "writes")                                                                                       \
    X(READ, "reads")                                                                                         \
    X(EFFICIENCY, "efficiency")

typedef enum {
#define X(symbol, word) SHOW_BY_##symbol,
    SHOW_ORDER_TABLE(X)
#undef X
} show_order_t;

/*
 * Into *picked those of `all` whose case matches any of the patterns (none: all of them). All results of a case stay
 * together: by name; by the rate of its writes or reads, the fastest first; by its least efficiency, the lowest
 * first. What has no such number comes last. *picked lives no longer than `all`; free picked->result alone.
 * H5R_USAGE: a pattern matches no case.
 */
h5r_status_t show_pick(const h5r_results_t *all, const char *const *only, size_t nonly, show_order_t order,
                       h5r_results_t *picked, h5r_error_t *err);

#endif
