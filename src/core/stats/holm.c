#include "core/stats/holm.h"

#include <math.h>
#include <stdlib.h>

typedef struct {
    double p;
    size_t index;
} entry_t;

static int by_p(const void *a, const void *b)
{
    const entry_t *x = a, *y = b;
    return (x->p > y->p) - (x->p < y->p);
}

bool h5r_holm_adjust(const double *p, size_t n, double *adjusted)
{
    entry_t *entry = malloc((n + 1) * sizeof *entry);
    if (entry == NULL) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        entry[i] = (entry_t){p[i], i};
    }
    qsort(entry, n, sizeof *entry, by_p);
    double largest = 0;
    for (size_t j = 0; j < n; j++) {
        largest = fmax(largest, fmin(1, (double)(n - j) * entry[j].p));
        adjusted[entry[j].index] = largest;
    }
    free(entry);
    return true;
}
