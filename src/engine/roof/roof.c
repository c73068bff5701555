#include "engine/roof/roof.h"

#include "core/factors/factor.h"
#include "engine/ranks/registry.h"
#include "engine/roof/roof_cpu.h"
#include "engine/roof/roof_store.h"
#include "h5roof/driver.h"
#include "h5roof/pipeline.h"
#include "h5roof/reading.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SUSPICIOUS 1.05 /* an efficiency above this is marked */

bool h5r_roof_applies(h5r_roof_kind_t kind, const h5r_factors_t *f, int operation,
                      const h5r_roof_work_t *work)
{
    const h5r_workload_t *workload = h5r_workloads[f->workload];
    const bool moves = workload->moves_share || work->elements > 0;
    switch (kind) {
    case H5R_ROOF_COPY:
        return moves;
    case H5R_ROOF_CONVERT:
        return moves && h5r_factors_converts(f) && !workload->operations[operation].unwritten;
    case H5R_ROOF_COMPRESS:
        return f->filter.n > 0 && h5r_pipeline_known(&f->filter) && work->known &&
               (work->out > 0.0 || work->in > 0.0) && !workload->operations[operation].unwritten;
    case H5R_ROOF_STORE:
        return h5r_factors_on_disk(f) && !workload->operations[operation].unwritten;
    case H5R_ROOF_PATTERN:
        return workload->moves_share && h5r_factors_on_disk(f) && f->decomposition != H5R_DECOMP_REPLICATED &&
               !h5r_reads_through(f); /* files of several ranks are no file of MPI-IO */
    case H5R_ROOF_KINDS:
        break;
    }
    return false;
}

/* Who owns what. */
static void keep_shares(const h5r_factors_t *f, h5r_factors_t *r)
{
    r->decomposition = f->decomposition;
    r->grid = f->grid;
    r->empty_ranks = f->empty_ranks;
    r->write_ranks = r->read_ranks = f->write_ranks;
}

/* Who reads what, where that differs. */
static void keep_reads(const h5r_factors_t *f, h5r_factors_t *r)
{
    r->read_ranks = f->read_ranks;
    r->read_decomposition = f->read_decomposition;
    r->read_access = f->read_access;
    r->read_mode = f->read_mode;
    r->replicated_reads = f->replicated_reads;
}

/* What every roof keeps: which elements a rank moves. A transfer that is not bounded does not depend on the
 * access. */
static void keep_payload(const h5r_factors_t *f, double moved_fraction, h5r_factors_t *r)
{
    r->shape = f->shape;
    r->dtype = f->dtype;
    keep_shares(f, r);
    r->buffers = f->buffers;
    if (f->buffers == H5R_BUFFERS_CALL) { /* they decide how large a call can be */
        r->driver = f->driver;
        r->files = f->files;
        r->mode = f->mode;
    }
    if (moved_fraction < 1.0 || f->buffers == H5R_BUFFERS_CALL) {
        r->access = f->access;
        r->max_ops = f->max_ops;
    } else {
        r->access = (h5r_access_t){.kind = H5R_ACCESS_WHOLE};
    }
}

/* What is no share of a rank: so many elements in a row, dealt out evenly. */
static void keep_elements(const h5r_factors_t *f, uint64_t elements, h5r_factors_t *r)
{
    r->shape = (h5r_dims_t){.n = 1, .d = {elements}};
    r->dtype = f->dtype;
    r->decomposition = H5R_DECOMP_SLAB;
    r->access = (h5r_access_t){.kind = H5R_ACCESS_WHOLE};
}

static void reduce_compress(const h5r_factors_t *f, h5r_factors_t *r)
{
    bool shared = h5r_factors_files(f) == H5R_FILES_SHARED;
    r->shape = f->shape;
    r->dtype = f->dtype;
    r->file_dtype = f->file_dtype;
    r->byte_order = f->byte_order;
    r->driver = shared ? H5R_DRIVER_MPIO : H5R_DRIVER_SEC2;
    if (!shared) {
        keep_shares(f, r);
    }
    r->layout = f->layout;
    r->chunk = f->chunk;
    r->filter = f->filter;
    r->fill_value = f->fill_value; /* where a chunk reaches beyond the dataset */
    r->data = f->data;
    memcpy(r->data_file, f->data_file, sizeof r->data_file);
}

/* The case as raw MPI-IO would do it: the bytes of the file, without layout, filter or conversion. */
static void reduce_pattern(const h5r_factors_t *f, h5r_factors_t *r)
{
    r->driver = H5R_DRIVER_MPIIO;
    r->files = h5r_factors_files(f);
    r->mode = f->mode;
    r->shape = f->shape;
    r->dtype = h5r_factors_file_dtype(f) == H5R_F16 ? H5R_I16 : h5r_factors_file_dtype(f); /* as many bytes */
    keep_shares(f, r);
    keep_reads(f, r);
    r->access = f->access;
    r->max_ops = f->max_ops;
    r->cache = f->cache;
    r->read_shift = f->read_shift;
    r->file_count = f->file_count;
    r->buffers = f->buffers;
    memcpy(r->hints, f->hints, sizeof r->hints);
}

uint64_t h5r_roof_store_bytes(const h5r_row_t *row)
{
    const h5r_factors_t *f = &row->factors;
    double memory = (double)h5r_dtype_size(f->dtype);
    double file = (double)h5r_dtype_size(h5r_factors_file_dtype(f));
    double bytes = (double)row->payload_bytes / memory * file;
    if (row->payload_bytes == 0) {
        return row->file_bytes;
    }
    if (row->direction == H5R_MOVES_IN) { /* what all ranks want has to come from the store once */
        bytes /= h5r_read_copies(f, (int)row->ranks);
    }
    if (f->filter.n > 0 && row->ratio_frac > 0.0) {
        bytes /= row->ratio_frac;
    } else if (f->filter.n > 0 && row->stored_bytes > 0 && row->stored_bytes != H5R_NO_COUNT) {
        bytes = fmin(bytes, (double)row->stored_bytes); /* a part was written: more than that is not there */
    }
    return (uint64_t)llrint(bytes);
}

/* The pattern is of the whole case; the others are of what the operation moves, which may be dealt out to read
 * otherwise than it was written. */
h5r_roof_spec_t h5r_roof_spec(h5r_roof_kind_t kind, const h5r_factors_t *asked, uint64_t store_bytes,
                              double moved_fraction, int operation, const h5r_roof_work_t *work)
{
    const h5r_workload_t *workload = h5r_workloads[asked->workload];
    const bool reads = workload->operations[operation].direction == H5R_MOVES_IN && kind != H5R_ROOF_PATTERN;
    const h5r_factors_t got = h5r_factors_as_got(asked), *f = reads ? &got : asked;
    h5r_roof_spec_t spec;
    memset(&spec, 0, sizeof spec);
    spec.kind = kind;
    h5r_factors_default(&spec.factors);
    h5r_factors_t *r = &spec.factors;
    r->ranks = f->ranks;
    switch (kind) {
    case H5R_ROOF_COPY:
    case H5R_ROOF_CONVERT:
        if (workload->moves_share && h5r_workload_datasets(f) == 1) {
            keep_payload(f, moved_fraction, r);
        } else {
            keep_elements(f, work->elements, r);
        }
        if (kind == H5R_ROOF_COPY) {
            break;
        }
        r->file_dtype = f->file_dtype;
        r->byte_order = f->byte_order;
        break;
    case H5R_ROOF_COMPRESS:
        reduce_compress(f, r);
        spec.datasets = h5r_workload_datasets(f);
        if (workload->operations[operation].changes != NULL) {
            r->workload = f->workload;
            spec.operation = operation;
        }
        break;
    case H5R_ROOF_STORE:
        spec.bytes = store_bytes;
        spec.rewrites = work->rewrites;
        r->cache = f->cache;
        r->read_shift = h5r_factors_can_shift(f) && !h5r_reads_anew(asked) ? f->read_shift : 0;
        r->write_ranks = r->read_ranks = f->write_ranks;
        if (f->buffers == H5R_BUFFERS_CALL) { /* its calls say how large the memory is that they share */
            keep_payload(f, moved_fraction, r);
        }
        break;
    case H5R_ROOF_PATTERN:
        reduce_pattern(f, r);
        break;
    case H5R_ROOF_KINDS:
        break;
    }
    return spec;
}

uint64_t h5r_roof_key(const h5r_roof_spec_t *spec)
{
    uint64_t key = h5r_factors_hash(&spec->factors);
    key = (key ^ spec->bytes * 0x9e3779b97f4a7c15u) * 31u + (uint64_t)spec->kind;
    return ((key * 31u + spec->datasets) * 31u + (uint64_t)spec->operation) * 31u + spec->rewrites;
}

/* The repetition machinery measures the pattern: it is a case of the store mpiio. */
static h5r_status_t measure_pattern(h5r_bench_t *b, const h5r_factors_t *f, h5r_roof_time_t *time,
                                    bool *fatal, h5r_error_t *err)
{
    h5r_outcome_t outcome;
    h5r_status_t status = h5r_repetition_run(b, f, false, &outcome, err);
    *fatal = outcome.fatal;
    for (int o = 0; status == H5R_OK && o < outcome.rows; o++) {
        const h5r_row_t *row = &outcome.row[o];
        if (row->direction == H5R_MOVES_OUT || row->direction == H5R_MOVES_IN) {
            time->s[row->direction == H5R_MOVES_OUT ? H5R_WAY_OUT : H5R_WAY_IN] = row->durable_s;
        }
    }
    for (int o = 0; status == H5R_OK && !outcome.right && o < outcome.rows; o++) {
        const h5r_row_t *row = &outcome.row[o]; /* complete on rank 0 */
        if (b->ctx->rank == 0 && row->status == H5R_ROW_MISMATCH) {
            h5r_fail(err, H5R_IO, "roof pattern: %s", row->reason);
        }
    }
    return status == H5R_OK && !outcome.right ? h5r_agree(b->ctx, err) : status;
}

h5r_roof_time_t h5r_roof_no_time(void)
{
    return (h5r_roof_time_t){
        .s = {NAN, NAN}, .own_s = {NAN, NAN}, .shared_s = {NAN, NAN}, .filtered_bytes = H5R_NO_COUNT};
}

static h5r_status_t measure_store(h5r_bench_t *b, const h5r_roof_spec_t *spec, const h5r_store_order_t *order,
                                  h5r_store_tried_t *tried, h5r_error_t *err)
{
    tried->extra_s = 0.0;
    for (size_t i = 0; i < H5R_SHARINGS * H5R_WAYS * H5R_STORE_WAYS; i++) {
        tried->s[i / (H5R_WAYS * H5R_STORE_WAYS)][i / H5R_STORE_WAYS % H5R_WAYS][i % H5R_STORE_WAYS] = NAN;
    }
    return h5r_roof_store(b, spec, order, false, tried, err) == H5R_OK
               ? h5r_roof_store(b, spec, order, true, tried, err)
               : err->code;
}

h5r_status_t h5r_roof_measure(h5r_bench_t *b, const h5r_roof_spec_t *spec, const h5r_store_order_t *order,
                              h5r_roof_time_t *time, h5r_store_tried_t *tried, bool *fatal, h5r_error_t *err)
{
    *fatal = false;
    *time = h5r_roof_no_time();
    switch (spec->kind) {
    case H5R_ROOF_COPY:
        return h5r_roof_copy(b, &spec->factors, time->s, err);
    case H5R_ROOF_CONVERT:
        return h5r_roof_convert(b, &spec->factors, time->s, err);
    case H5R_ROOF_COMPRESS:
        return h5r_roof_compress(b, spec, time, err);
    case H5R_ROOF_STORE:
        return measure_store(b, spec, order, tried, err);
    case H5R_ROOF_PATTERN:
        return measure_pattern(b, &spec->factors, time, fatal, err);
    case H5R_ROOF_KINDS:
        break;
    }
    return h5r_fail(err, H5R_IO, "unknown roof %d", (int)spec->kind);
}

/* Of the two ways of a roof, the one that the operation goes, or both; then what is not written back costs
 * nothing. */
static double way(const double s[H5R_WAYS], h5r_direction_t direction, const h5r_roof_work_t *work)
{
    switch (direction) {
    case H5R_MOVES_OUT:
        return s[H5R_WAY_OUT];
    case H5R_MOVES_IN:
        return s[H5R_WAY_IN];
    case H5R_MOVES_BOTH:
        return work->written * s[H5R_WAY_OUT] + s[H5R_WAY_IN];
    case H5R_MOVES_NOTHING:
    case H5R_DIRECTIONS:
        break;
    }
    return NAN;
}

/* The texts of the two ways, where an operation goes one of them, or both. */
static void say_ways(const char *const text[H5R_WAYS], h5r_direction_t direction, char *out, size_t size)
{
    const char *out_text = text[H5R_WAY_OUT] != NULL ? text[H5R_WAY_OUT] : "";
    const char *in_text = text[H5R_WAY_IN] != NULL ? text[H5R_WAY_IN] : "";
    if (direction == H5R_MOVES_BOTH && strcmp(out_text, in_text) != 0) {
        snprintf(out, size, "%s + %s", out_text, in_text);
    } else if (direction != H5R_MOVES_NOTHING) {
        snprintf(out, size, "%s", direction == H5R_MOVES_IN ? in_text : out_text);
    }
}

/* Which files the store roof is of, and in which way it was reached. */
static void fill_store(const h5r_roof_time_t *store, h5r_direction_t direction, h5r_row_t *row)
{
    const char *files[H5R_WAYS];
    for (int o = 0; o < H5R_WAYS; o++) {
        files[o] = isnan(store->s[o]) ? NULL : store->own_s[o] <= store->shared_s[o] ? "own" : "shared";
    }
    say_ways(files, direction, row->roof_files, sizeof row->roof_files);
    say_ways(store->own_way, direction, row->roof_store_own_way, sizeof row->roof_store_own_way);
    say_ways(store->shared_way, direction, row->roof_store_shared_way, sizeof row->roof_store_shared_way);
}

/* Of the compress roof, which is of all chunks, what the operation filters of them. */
static double compress_time(const double s[H5R_WAYS], const h5r_roof_work_t *work)
{
    return isnan(s[H5R_WAY_OUT]) ? (double)NAN : work->out * s[H5R_WAY_OUT] + work->in * s[H5R_WAY_IN];
}

/* Why an operation has work with a roof that nobody can tell or has measured: then there is no efficiency,
 * for what is left need not be what binds. */
static h5r_missing_t missing(const h5r_operation_info_t *info, const h5r_roof_work_t *work,
                             const h5r_row_t *row)
{
    const h5r_factors_t *f = &row->factors;
    const bool moves = work->elements > 0, filters = moves && f->filter.n > 0,
               converts = moves && h5r_factors_converts(f);
    if (info->unwritten) {
        return H5R_MISSING_UNWRITTEN;
    }
    if (filters && !h5r_pipeline_known(&f->filter)) {
        return H5R_MISSING_FILTER;
    }
    if (filters && !work->known) {
        return work->bounded ? H5R_MISSING_BOUNDED : H5R_MISSING_CHUNKS;
    }
    const bool compresses = filters && (work->out > 0.0 || work->in > 0.0);
    return (compresses && isnan(row->roof_compress_s)) || (converts && isnan(row->roof_convert_s))
               ? H5R_MISSING_UNMEASURED
               : H5R_MISSING_NONE;
}

static void fill_columns(const h5r_roof_time_t times[H5R_ROOF_KINDS], const h5r_operation_info_t *info,
                         const h5r_roof_work_t *work, h5r_row_t *row)
{
    const h5r_direction_t direction = info->direction;
    row->roof_copy_s = way(times[H5R_ROOF_COPY].s, direction, work);
    row->roof_convert_s = way(times[H5R_ROOF_CONVERT].s, direction, work);
    row->roof_compress_s = compress_time(times[H5R_ROOF_COMPRESS].s, work);
    row->roof_store_own_s = way(times[H5R_ROOF_STORE].own_s, direction, work);
    row->roof_store_shared_s = way(times[H5R_ROOF_STORE].shared_s, direction, work);
    row->roof_pattern_s = way(times[H5R_ROOF_PATTERN].s, direction, work);
    fill_store(&times[H5R_ROOF_STORE], direction, row);
    row->roof_filtered_bytes = times[H5R_ROOF_COMPRESS].filtered_bytes;
    if (row->factors.filter.n > 0 && work->known && direction != H5R_MOVES_NOTHING && !info->unwritten) {
        row->filtered_chunks = work->chunks;
    }
}

void h5r_roof_fill_row(const h5r_roof_time_t times[H5R_ROOF_KINDS], const h5r_operation_info_t *info,
                       const h5r_roof_work_t *work, h5r_row_t *row)
{
    fill_columns(times, info, work, row);
    double store_s = way(times[H5R_ROOF_STORE].s, info->direction, work);
    bool stores = !isnan(store_s);
    if (!stores && isnan(row->roof_copy_s)) {
        return; /* nothing to compare with */
    }
    row->roof_missing = missing(info, work, row);
    if (row->roof_missing == H5R_MISSING_NONE && !stores && h5r_factors_on_disk(&row->factors)) {
        row->roof_missing = H5R_MISSING_UNMEASURED;
    }
    if (row->roof_missing != H5R_MISSING_NONE) {
        return;
    }
    bool converts = !isnan(row->roof_convert_s), compresses = !isnan(row->roof_compress_s);
    double cpu = (converts ? row->roof_convert_s : 0.0) + (compresses ? row->roof_compress_s : 0.0);
    const h5r_bound_t cpu_bound = converts && compresses ? H5R_BOUND_CONVERT_COMPRESS
                                  : converts             ? H5R_BOUND_CONVERT
                                                         : H5R_BOUND_COMPRESS;
    /* Bytes that end in memory must be copied there; where they end in a file, the store's own copy is in its
     * time, once: what several ranks get of it is copied for each of them. */
    const bool copies = info->direction == H5R_MOVES_IN &&
                        h5r_read_copies(&row->factors, (int)row->ranks) > 1 && row->roof_copy_s > store_s;
    double move = stores && !copies ? store_s : row->roof_copy_s;
    row->roof_s = fmax(cpu, move);
    row->roof_bound = cpu > move ? cpu_bound : stores && !copies ? H5R_BOUND_STORE : H5R_BOUND_COPY;
    row->efficiency_frac = row->durable_s > 0.0 ? row->roof_s / row->durable_s : (double)NAN;
    if (row->efficiency_frac > SUSPICIOUS) {
        h5r_row_mark(row, H5R_MARK_ABOVE_ROOF);
    }
}
