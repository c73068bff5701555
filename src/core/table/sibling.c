#include "core/table/sibling.h"

#include "core/factors/factor.h"
#include "h5roof/count.h"

#include <stdlib.h>
#include <string.h>

/* Results that are related to their sibling: the same case but for one factor, and the same operation. */
typedef struct {
    bool (*is_sibling)(const h5r_row_t *row);
    bool (*has_sibling)(const h5r_row_t *row);
    void (*forget)(h5r_factors_t *f, const h5r_factors_t *defaults); /* the factors in which they differ */
    void (*relate)(h5r_result_t *r, const h5r_result_t *sibling);
} relation_t;

/* ---- a call per element, and its sibling that makes a call per row */

static bool is_row_wise(const h5r_row_t *row)
{
    return row->factors.access.kind == H5R_ACCESS_ROW;
}

/* Workloads need not look at access in every operation. */
static bool is_element_wise(const h5r_row_t *row)
{
    return row->factors.access.kind == H5R_ACCESS_ELEMENT &&
           row->calls * h5r_dtype_size(row->factors.dtype) >= row->payload_bytes;
}

/* With the bound on calls, which elements need more than rows. */
static void forget_access(h5r_factors_t *f, const h5r_factors_t *defaults)
{
    f->access = defaults->access;
    f->max_ops = defaults->max_ops;
}

static void compare_rates(h5r_result_t *r, const h5r_result_t *sibling)
{
    if (sibling->transfer_mibps.n > 0 && r->transfer_mibps.n > 0 && r->transfer_mibps.median > 0.0) {
        r->row_ratio = sibling->transfer_mibps.median / r->transfer_mibps.median;
    }
}

/* ---- collective metadata, and its sibling without */

static bool is_without_metadata(const h5r_row_t *row)
{
    return row->factors.collective_metadata == H5R_COLLMETA_NONE;
}

/* The metadata that the factor is about: read when something is opened, written when something is made. */
static bool is_with_metadata(const h5r_row_t *row)
{
    const h5r_collmeta_t asked = row->factors.collective_metadata;
    bool reads = asked == H5R_COLLMETA_READS || asked == H5R_COLLMETA_ALL;
    bool writes = asked == H5R_COLLMETA_WRITES || asked == H5R_COLLMETA_ALL;
    bool opens = row->phase[H5R_PHASE_OPEN].max_s >= 0.0, makes = row->phase[H5R_PHASE_CREATE].max_s >= 0.0;
    return row->counters.read_indep != H5R_NO_COUNT && ((reads && opens) || (writes && makes));
}

static void forget_metadata(h5r_factors_t *f, const h5r_factors_t *defaults)
{
    f->collective_metadata = defaults->collective_metadata;
}

static void compare_calls(h5r_result_t *r, const h5r_result_t *sibling)
{
    const h5r_counters_t *a = &r->last.counters, *b = &sibling->last.counters;
    r->inert_metadata = a->write_indep == b->write_indep && a->write_coll == b->write_coll &&
                        a->read_indep == b->read_indep && a->read_coll == b->read_coll &&
                        a->write_bytes == b->write_bytes && a->read_bytes == b->read_bytes;
}

/* ---- memory that is not dense, and its sibling where it is */

static bool is_dense(const h5r_row_t *row)
{
    return row->factors.memory == H5R_LIES_DENSE;
}

static bool is_arranged(const h5r_row_t *row)
{
    return !is_dense(row);
}

static void forget_memory(h5r_factors_t *f, const h5r_factors_t *defaults)
{
    f->memory = defaults->memory;
    f->memory_stride = defaults->memory_stride;
    f->memory_fields = defaults->memory_fields;
}

/* What the program does in memory before or after the transfer belongs to it. */
static double moving_s(const h5r_result_t *r)
{
    const h5r_summary_t *transfer =
        &r->phase_s[r->last.direction == H5R_MOVES_OUT ? H5R_PHASE_WRITE : H5R_PHASE_READ];
    const h5r_summary_t *computing = &r->phase_s[H5R_PHASE_COMPUTE];
    return transfer->n > 0 ? transfer->median + (computing->n > 0 ? computing->median : 0.0) : 0.0;
}

/* Of the kernel, or of MPI-IO; 0: not known. */
static double requests_of(const h5r_row_t *row)
{
    const bool out = row->direction == H5R_MOVES_OUT;
    const uint64_t os = out ? row->os.write_count : row->os.read_count;
    const h5r_counters_t *c = &row->counters;
    if (os != H5R_NO_COUNT || c->write_indep == H5R_NO_COUNT) {
        return os != H5R_NO_COUNT ? (double)os : 0.0;
    }
    return out ? (double)(c->write_indep + c->write_coll) : (double)(c->read_indep + c->read_coll);
}

static void compare_memory(h5r_result_t *r, const h5r_result_t *sibling)
{
    const double dense_s = moving_s(sibling), dense_requests = requests_of(&sibling->last);
    r->memory_ratio = dense_s > 0.0 ? moving_s(r) / dense_s : 0.0;
    r->memory_requests = dense_requests > 0.0 ? requests_of(&r->last) / dense_requests : 0.0;
}

/* ---- */

static const relation_t relations[] = {
    {is_row_wise, is_element_wise, forget_access, compare_rates},
    {is_without_metadata, is_with_metadata, forget_metadata, compare_calls},
    {is_dense, is_arranged, forget_memory, compare_memory},
};

typedef struct {
    uint64_t key;
    const h5r_result_t *result;
} entry_t;

static uint64_t key_of(const relation_t *relation, const h5r_result_t *r, const h5r_factors_t *defaults)
{
    h5r_factors_t f = r->last.factors;
    relation->forget(&f, defaults);
    return h5r_factors_hash_against(&f, defaults) ^ r->last.ranks;
}

static int by_key(const void *a, const void *b)
{
    const entry_t *x = a, *y = b;
    return x->key < y->key ? -1 : x->key > y->key;
}

static const h5r_result_t *find(const entry_t *siblings, size_t n, uint64_t key, const char *operation)
{
    size_t low = 0, high = n; /* the first of those with its key */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (siblings[middle].key < key) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (size_t i = low; i < n && siblings[i].key == key; i++) {
        if (strcmp(siblings[i].result->last.operation, operation) == 0) {
            return siblings[i].result;
        }
    }
    return NULL;
}

static void relate(const relation_t *relation, h5r_results_t *results, entry_t *siblings,
                   const h5r_factors_t *defaults)
{
    size_t n = 0;
    for (size_t i = 0; i < results->n; i++) {
        const h5r_result_t *r = &results->result[i];
        if (relation->is_sibling(&r->last)) {
            siblings[n++] = (entry_t){key_of(relation, r, defaults), r};
        }
    }
    if (n > 0) {
        qsort(siblings, n, sizeof *siblings, by_key);
    }
    for (size_t i = 0; i < results->n && n > 0; i++) {
        h5r_result_t *r = &results->result[i];
        const h5r_result_t *sibling =
            relation->has_sibling(&r->last)
                ? find(siblings, n, key_of(relation, r, defaults), r->last.operation)
                : NULL;
        if (sibling != NULL) {
            relation->relate(r, sibling);
        }
    }
}

void h5r_results_relate(h5r_results_t *results)
{
    h5r_factors_t defaults;
    entry_t *siblings = calloc(results->n + 1, sizeof *siblings);
    h5r_factors_default(&defaults);
    for (size_t i = 0; i < H5R_COUNT_OF(relations) && siblings != NULL; i++) {
        relate(&relations[i], results, siblings, &defaults);
    }
    free(siblings);
}
