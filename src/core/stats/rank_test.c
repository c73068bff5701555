#include "core/stats/rank_test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    double value;
    bool first; /* of the first sample */
} item_t;

static int by_value(const void *a, const void *b)
{
    const item_t *x = a, *y = b;
    return (x->value > y->value) - (x->value < y->value);
}

/* Rank sum of the first sample with midranks; *ties gets the sum of t^3 - t over groups of t equal values. */
static double rank_sum(const item_t *item, size_t n, double *ties)
{
    double sum = 0;
    *ties = 0;
    for (size_t i = 0, end; i < n; i = end) {
        size_t firsts = 0;
        for (end = i; end < n && item[end].value == item[i].value; end++) {
            firsts += item[end].first ? 1 : 0;
        }
        double t = (double)(end - i);
        sum += (double)firsts * ((double)(i + 1) + (double)end) / 2;
        *ties += t * t * t - t;
    }
    return sum;
}

/*
 * count[u] = arrangements of n1 and n2 values with this U, u = 0 ... n1 * n2: the coefficients of
 * prod_{i=1}^{n1} (1 - q^(n2+i)) / (1 - q^i), whole numbers below 2^53 for n1 * n2 <= 400 (at most C(40,
 * 20)).
 */
static void count_arrangements(size_t n1, size_t n2, double *count)
{
    size_t top = n1 * n2;
    count[0] = 1;
    for (size_t u = 1; u <= top; u++) {
        count[u] = 0;
    }
    for (size_t i = 1; i <= n1; i++) {
        for (size_t u = top; u >= n2 + i; u--) {
            count[u] -= count[u - n2 - i];
        }
        for (size_t u = i; u <= top; u++) {
            count[u] += count[u - i];
        }
    }
}

static double exact_p(double u, size_t n1, size_t n2)
{
    double count[H5R_RANK_TEST_EXACT + 1];
    size_t top = n1 * n2;
    /* symmetric about n1 * n2 / 2, so that the smaller tail is that of the smaller U */
    double smaller = fmin(u, (double)top - u);
    double tail = 0, all = 0;
    count_arrangements(n1, n2, count);
    for (size_t k = 0; k <= top; k++) {
        all += count[k];
        tail += (double)k <= smaller ? count[k] : 0;
    }
    return fmin(1, 2 * tail / all);
}

static double normal_p(double u, double n1, double n2, double ties)
{
    double n = n1 + n2;
    double variance = n1 * n2 / 12 * ((n + 1) - ties / (n * (n - 1)));
    double distance = fabs(u - n1 * n2 / 2) - 0.5;
    if (variance <= 0 || distance <= 0) {
        return 1;
    }
    return erfc(distance / sqrt(2 * variance));
}

bool h5r_rank_test(const double *x, size_t n1, const double *y, size_t n2, h5r_rank_test_t *result)
{
    size_t n = n1 + n2;
    item_t *item = malloc(n * sizeof *item);
    if (item == NULL) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        item[i] = i < n1 ? (item_t){x[i], true} : (item_t){y[i - n1], false};
    }
    qsort(item, n, sizeof *item, by_value);
    double ties;
    double d1 = (double)n1, d2 = (double)n2;
    result->u = rank_sum(item, n, &ties) - d1 * (d1 + 1) / 2;
    result->exact = ties <= 0 && d1 * d2 <= H5R_RANK_TEST_EXACT;
    result->p = result->exact ? exact_p(result->u, n1, n2) : normal_p(result->u, d1, d2, ties);
    free(item);
    return true;
}

double h5r_rank_test_least_p(size_t n1, size_t n2)
{
    double d1 = (double)n1, d2 = (double)n2;
    return d1 * d2 <= H5R_RANK_TEST_EXACT ? exact_p(0, n1, n2) : normal_p(0, d1, d2, 0);
}
