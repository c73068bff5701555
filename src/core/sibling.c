#include "core/sibling.h"

#include "core/factor.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    uint64_t key;
    const h5r_result_t *result;
} row_wise_t;

/* Of all factors but access and the bound on calls, which elements need more than rows. */
static uint64_t key_of(const h5r_result_t *r, const h5r_factors_t *defaults)
{
    h5r_factors_t f = r->last.factors;
    f.access = defaults->access;
    f.max_ops = defaults->max_ops;
    return h5r_factors_hash_against(&f, defaults) ^ r->last.ranks;
}

static int by_key(const void *a, const void *b)
{
    const row_wise_t *x = a, *y = b;
    return x->key < y->key ? -1 : x->key > y->key;
}

/* Workloads need not look at access in every operation. */
static bool is_element_wise(const h5r_row_t *row)
{
    return row->factors.access.kind == H5R_ACCESS_ELEMENT &&
           row->calls * h5r_dtype_size((h5r_dtype_t)row->factors.dtype) >= row->payload_bytes;
}

static double ratio(const h5r_result_t *element, const row_wise_t *rows, size_t n, uint64_t key)
{
    for (size_t i = 0; i < n && rows[i].key <= key; i++) {
        const h5r_result_t *row = rows[i].result;
        bool same = rows[i].key == key && strcmp(row->last.operation, element->last.operation) == 0;
        if (same && row->transfer_mibps.n > 0 && element->transfer_mibps.n > 0 &&
            element->transfer_mibps.median > 0.0) {
            return row->transfer_mibps.median / element->transfer_mibps.median;
        }
    }
    return 0.0;
}

void h5r_results_relate(h5r_results_t *results)
{
    h5r_factors_t defaults;
    size_t n = 0;
    row_wise_t *rows = calloc(results->n + 1, sizeof *rows);
    h5r_factors_default(&defaults);
    for (size_t i = 0; i < results->n && rows != NULL; i++) {
        const h5r_result_t *r = &results->result[i];
        if (r->last.factors.access.kind == H5R_ACCESS_ROW) {
            rows[n++] = (row_wise_t){key_of(r, &defaults), r};
        }
    }
    if (n > 0) {
        qsort(rows, n, sizeof *rows, by_key);
    }
    for (size_t i = 0; i < results->n && n > 0; i++) {
        h5r_result_t *r = &results->result[i];
        if (!is_element_wise(&r->last)) {
            continue;
        }
        /* the first of those with its key */
        const uint64_t key = key_of(r, &defaults);
        size_t low = 0, high = n;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            if (rows[middle].key < key) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        r->row_ratio = ratio(r, rows + low, n - low, key);
    }
    free(rows);
}
