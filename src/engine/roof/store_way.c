#include "engine/roof/store_way.h"

#include <math.h>

#define MIB  (UINT64_C(1) << 20)
#define BEST 3 /* go on to the second trial */
#define KEPT 2 /* are measured in every block when the trials are over */

/* Where a trial must be short only the first ones are tried. */
const h5r_store_way_t h5r_store_way_table[H5R_STORE_WAYS] = {
    {.name = "whole"},
    {.name = "whole direct", .direct = true},
    {.name = "whole preallocated", .preallocated = true},
    {.name = "8MiB", .piece = 8 * MIB},
    {.name = "8MiB direct", .piece = 8 * MIB, .direct = true},
    {.name = "8MiB preallocated", .piece = 8 * MIB, .preallocated = true},
    {.name = "1MiB", .piece = MIB},
    {.name = "1MiB direct", .piece = MIB, .direct = true},
    {.name = "1MiB preallocated", .piece = MIB, .preallocated = true},
    {.name = "64KiB", .piece = MIB / 16}, /* was seen to be fastest for small cold files */
    {.name = "whole preallocated direct", .preallocated = true, .direct = true},
    {.name = "8MiB preallocated direct", .piece = 8 * MIB, .preallocated = true, .direct = true},
    {.name = "1MiB preallocated direct", .piece = MIB, .preallocated = true, .direct = true},
};

bool h5r_store_way_applies(size_t way, bool allocates, uint64_t part_bytes)
{
    const h5r_store_way_t *w = &h5r_store_way_table[way];
    bool in_pieces = w->piece < part_bytes; /* else it is the way `whole` */
    bool aligned = !w->direct || part_bytes >= H5R_STORE_ALIGNMENT;
    return in_pieces && aligned && (allocates || !w->preallocated);
}

static double median(const h5r_way_trials_t *t, size_t way)
{
    double v[H5R_WAY_TRIALS];
    size_t n = 0;
    for (; n < t->n[way]; n++) { /* sorted as they come in */
        size_t at = n;
        for (; at > 0 && v[at - 1] > t->s_per_byte[way][n]; at--) {
            v[at] = v[at - 1];
        }
        v[at] = t->s_per_byte[way][n];
    }
    return n == 0 ? (double)INFINITY : (v[(n - 1) / 2] + v[n / 2]) / 2.0;
}

static bool has(const h5r_way_list_t *list, size_t way)
{
    for (size_t i = 0; i < list->n; i++) {
        if (list->way[i] == way) {
            return true;
        }
    }
    return false;
}

static bool push(h5r_way_list_t *list, size_t way)
{
    if (way < H5R_STORE_WAYS) {
        list->way[list->n++] = (uint8_t)way;
    }
    return way < H5R_STORE_WAYS;
}

/* The best of those that were tried and are not in the list; H5R_STORE_WAYS: there is none. */
static size_t best_left(const h5r_way_trials_t *t, bool allocates, uint64_t part_bytes,
                        const h5r_way_list_t *list)
{
    size_t best = H5R_STORE_WAYS;
    for (size_t w = 0; w < H5R_STORE_WAYS; w++) {
        if (t->n[w] > 0 && !t->gone[w] && !has(list, w) && h5r_store_way_applies(w, allocates, part_bytes) &&
            (best == H5R_STORE_WAYS || median(t, w) < median(t, best))) {
            best = w;
        }
    }
    return best;
}

static size_t untried_left(const h5r_way_trials_t *t, bool allocates, uint64_t part_bytes,
                           const h5r_way_list_t *list)
{
    size_t w = 0;
    while (w < H5R_STORE_WAYS &&
           (t->n[w] > 0 || t->gone[w] || has(list, w) || !h5r_store_way_applies(w, allocates, part_bytes))) {
        w++;
    }
    return w;
}

h5r_way_list_t h5r_way_next(const h5r_way_trials_t *t, bool allocates, uint64_t part_bytes)
{
    h5r_way_list_t list = {.must = 1};
    push(&list, best_left(t, allocates, part_bytes, &list));
    if (t->held >= H5R_WAY_TRIALS) {
        for (int i = 1; i < KEPT && push(&list, best_left(t, allocates, part_bytes, &list)); i++) {
        }
    } else {
        bool untried = push(&list, untried_left(t, allocates, part_bytes, &list));
        list.must = untried && t->held > 0 ? 2 : 1; /* where all is slow, one more in every trial */
        for (int i = 1; i < BEST && push(&list, best_left(t, allocates, part_bytes, &list)); i++) {
        }
        while (push(&list, untried_left(t, allocates, part_bytes, &list))) {
        }
    }
    if (list.n == 0) {
        push(&list, H5R_STORE_PLAIN);
    }
    return list;
}

void h5r_way_learn(h5r_way_trials_t *t, const double s[H5R_STORE_WAYS], uint64_t bytes)
{
    for (size_t w = 0; w < H5R_STORE_WAYS; w++) {
        t->gone[w] = t->gone[w] || isinf(s[w]);
        if (isfinite(s[w]) && bytes > 0 && t->held < H5R_WAY_TRIALS && t->n[w] < H5R_WAY_TRIALS) {
            t->s_per_byte[w][t->n[w]++] = s[w] / (double)bytes;
        }
    }
    if (t->held < H5R_WAY_TRIALS) {
        t->held++;
    }
}

size_t h5r_way_best(const double s[H5R_STORE_WAYS])
{
    size_t best = H5R_STORE_PLAIN;
    for (size_t w = 0; w < H5R_STORE_WAYS; w++) {
        if (isfinite(s[w]) && !(s[w] >= s[best])) {
            best = w;
        }
    }
    return best;
}
