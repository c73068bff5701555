#include "core/compare/curve.h"

#include "core/base/hash.h"
#include "core/factors/scaling.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    uint64_t identity; /* of the case without its ranks, and of the operation */
    size_t index;      /* in the results */
    size_t first;      /* the lowest index of the curve */
    const h5r_result_t *result;
} entry_t;

static uint64_t identity_of(const h5r_result_t *r)
{
    h5r_factors_t f = h5r_factors_asked(&r->last.factors, (int)r->last.ranks);
    f.ranks = H5R_RANKS_ALL;
    return h5r_hash_text(h5r_factors_hash(&f), r->last.operation);
}

static bool counts(const h5r_result_t *r)
{
    return r->durable_s.n > 0 && r->durable_s.median > 0.0 && r->last.ranks > 0 && r->last.ranks < INT32_MAX;
}

static int by_identity(const void *a, const void *b)
{
    const entry_t *x = a, *y = b;
    if (x->identity != y->identity) {
        return x->identity < y->identity ? -1 : 1;
    }
    return x->index < y->index ? -1 : 1;
}

static int by_place(const void *a, const void *b)
{
    const entry_t *x = a, *y = b;
    if (x->first != y->first) {
        return x->first < y->first ? -1 : 1;
    }
    if (x->result->last.ranks != y->result->last.ranks) {
        return x->result->last.ranks < y->result->last.ranks ? -1 : 1;
    }
    return x->index < y->index ? -1 : 1;
}

static bool ranks_differ(const entry_t *entry, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        if (entry[i].result->last.ranks != entry[0].result->last.ranks) {
            return true;
        }
    }
    return false;
}

/* Leave only what lies on a curve. Returns how many are left. */
static size_t keep_curves(entry_t *entry, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && entry[end].identity == entry[i].identity; end++) {
        }
        bool curve = ranks_differ(&entry[i], end - i);
        size_t first = entry[i].index;
        for (size_t k = i; k < end && curve; k++) {
            entry[kept] = entry[k];
            entry[kept++].first = first;
        }
    }
    return kept;
}

static void place_points(const entry_t *entry, size_t n, h5r_point_t *point)
{
    size_t curve = 0, base = 0;
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && entry[i].first != entry[i - 1].first) {
            curve++;
            base = i;
        }
        const h5r_result_t *r = entry[i].result, *b = entry[base].result;
        double time = b->durable_s.median / r->durable_s.median;
        double ranks = (double)r->last.ranks / (double)b->last.ranks;
        bool weak = r->last.factors.scaling == H5R_SCALING_WEAK;
        point[i] = (h5r_point_t){.result = r,
                                 .curve = curve,
                                 .speedup = weak ? time * ranks : time,
                                 .efficiency = weak ? time : time / ranks};
    }
}

h5r_status_t h5r_curves(const h5r_results_t *results, h5r_point_t **points, size_t *n, h5r_error_t *err)
{
    entry_t *entry = calloc(results->n + 1, sizeof *entry);
    *points = calloc(results->n + 1, sizeof **points);
    *n = 0;
    if (entry == NULL || *points == NULL) {
        free(entry);
        free(*points);
        *points = NULL;
        return h5r_no_memory(err, "the curves of %zu results", results->n);
    }
    size_t found = 0;
    for (size_t i = 0; i < results->n; i++) {
        const h5r_result_t *r = &results->result[i];
        if (counts(r)) {
            entry[found++] = (entry_t){.identity = identity_of(r), .index = i, .result = r};
        }
    }
    qsort(entry, found, sizeof *entry, by_identity);
    *n = keep_curves(entry, found);
    qsort(entry, *n, sizeof *entry, by_place);
    place_points(entry, *n, *points);
    free(entry);
    return H5R_OK;
}
