#include "core/geometry/grid.h"

#include <stddef.h>

/* No int has more divisors (2 095 133 040). */
#define MAX_DIVISORS 1600

static size_t list_divisors(int n, int divisors[MAX_DIVISORS])
{
    size_t count = 0;
    for (int d = 1; d <= n / d; d++) {
        if (n % d == 0) {
            divisors[count++] = d;
        }
    }
    for (size_t i = count; i-- > 0;) {
        if (divisors[i] != n / divisors[i]) {
            divisors[count++] = n / divisors[i];
        }
    }
    return count;
}

/* True if the product of ndims factors of `limit` can reach n. */
static bool can_reach(int n, int ndims, int limit)
{
    int64_t product = 1;
    for (int i = 0; i < ndims && product < n; i++) {
        product *= limit;
    }
    return product >= n;
}

/* The lexicographically smallest non-increasing factorisation of n whose first factor is at most limit. */
static bool factorise(int n, int ndims, int limit, const int *divisors, size_t count, int *grid)
{
    if (ndims == 1) {
        grid[0] = n;
        return n <= limit;
    }
    for (size_t i = 0; i < count && divisors[i] <= limit; i++) {
        int d = divisors[i];
        if (n % d != 0 || !can_reach(n, ndims, d)) {
            continue;
        }
        grid[0] = d;
        if (factorise(n / d, ndims - 1, d, divisors, count, grid + 1)) {
            return true;
        }
    }
    return false;
}

void h5r_balanced_grid(int nranks, int ndims, int grid[H5R_MAX_NDIMS])
{
    int divisors[MAX_DIVISORS];
    for (int i = 0; i < H5R_MAX_NDIMS; i++) {
        grid[i] = 1;
    }
    size_t count = list_divisors(nranks, divisors);
    factorise(nranks, ndims, nranks, divisors, count, grid);
}
