#include "cli/show/picked.h"

#include "core/suite/plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    const h5r_result_t *result;
    const char *name;
    double key; /* of its case; the lowest comes first, NaN last */
    size_t index;
} entry_t;

/* What a case is ordered by, as far as this result tells. */
static double key_of(const h5r_result_t *r, show_order_t order)
{
    const bool writes = r->last.direction == H5R_MOVES_OUT, reads = r->last.direction == H5R_MOVES_IN;
    switch (order) {
    case SHOW_BY_SUITE:
    case SHOW_BY_NAME:
        return 0.0;
    case SHOW_BY_WRITE:
        return writes && r->durable_mibps.n > 0 ? -r->durable_mibps.median : (double)NAN;
    case SHOW_BY_READ:
        return reads && r->durable_mibps.n > 0 ? -r->durable_mibps.median : (double)NAN;
    case SHOW_BY_EFFICIENCY:
        break;
    }
    return r->efficiency.n > 0 ? r->efficiency.median : (double)NAN;
}

/* The results of a case are neighbours: the least of their keys is that of each. */
static void share_keys(entry_t *entry, size_t n)
{
    for (size_t i = 0, end; i < n; i = end) {
        double least = entry[i].key;
        for (end = i + 1; end < n && strcmp(entry[end].name, entry[i].name) == 0; end++) {
            least = fmin(least, entry[end].key); /* of NaN and a number: the number */
        }
        for (size_t k = i; k < end; k++) {
            entry[k].key = least;
        }
    }
}

static int by_index(const entry_t *a, const entry_t *b)
{
    return a->index < b->index ? -1 : a->index > b->index ? 1 : 0;
}

static int by_key(const void *one, const void *other)
{
    const entry_t *a = one, *b = other;
    if (isnan(a->key) || isnan(b->key)) {
        const int nans = (isnan(a->key) ? 1 : 0) - (isnan(b->key) ? 1 : 0);
        return nans != 0 ? nans : by_index(a, b);
    }
    return a->key < b->key ? -1 : a->key > b->key ? 1 : by_index(a, b);
}

static int by_name(const void *one, const void *other)
{
    const entry_t *a = one, *b = other;
    const int names = strcmp(a->name, b->name);
    return names != 0 ? names : by_index(a, b);
}

static bool matches(const char *name, const char *const *only, size_t nonly)
{
    bool any = nonly == 0;
    for (size_t i = 0; i < nonly; i++) {
        any = any || h5r_name_matches(name, only[i]);
    }
    return any;
}

static h5r_status_t check_patterns(const h5r_results_t *all, const char *const *only, size_t nonly,
                                   h5r_error_t *err)
{
    for (size_t i = 0; i < nonly; i++) {
        bool used = false;
        for (size_t k = 0; k < all->n; k++) {
            used = used || h5r_name_matches(all->result[k].last.case_name, only[i]);
        }
        if (!used) {
            return h5r_fail(err, H5R_USAGE, "--only '%s' matches no case of these results", only[i]);
        }
    }
    return H5R_OK;
}

h5r_status_t show_pick(const h5r_results_t *all, const char *const *only, size_t nonly, show_order_t order,
                       h5r_results_t *picked, h5r_error_t *err)
{
    size_t n = 0;
    *picked = (h5r_results_t){.has = all->has, .torn = all->torn};
    if (check_patterns(all, only, nonly, err) != H5R_OK) {
        return err->code;
    }
    entry_t *entry = calloc(all->n + 1, sizeof *entry);
    picked->result = calloc(all->n + 1, sizeof *picked->result);
    if (entry == NULL || picked->result == NULL) {
        free(entry);
        return h5r_no_memory(err, "the table of results");
    }
    for (size_t i = 0; i < all->n; i++) {
        const h5r_result_t *r = &all->result[i];
        if (matches(r->last.case_name, only, nonly)) {
            entry[n++] = (entry_t){r, r->last.case_name, key_of(r, order), i};
        }
    }
    if (order != SHOW_BY_SUITE) {
        share_keys(entry, n);
        qsort(entry, n, sizeof *entry, order == SHOW_BY_NAME ? by_name : by_key);
    }
    for (size_t i = 0; i < n; i++) {
        picked->result[i] = *entry[i].result;
    }
    picked->n = n;
    free(entry);
    return H5R_OK;
}
