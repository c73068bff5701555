#include "engine/repetition/roof_work.h"

#include "engine/ranks/registry.h"
#include "engine/repetition/measure.h"
#include "h5roof/share.h"

/* Where ranks share a file, rank 0 gets what all of them touch. false: it cannot be counted. */
static bool put_together(const h5r_context_t *ctx, bool shared, const h5r_touched_t *own, h5r_touched_t *all)
{
    int counted = own->elements != NULL ? 1 : 0;
    *all = *own;
    all->elements = NULL;
    if (counted && shared && ctx->rank == 0) {
        counted = h5r_touched_init(all, &own->chunks.shape, &own->chunks.chunk) ? 1 : 0;
    }
    MPI_Allreduce(MPI_IN_PLACE, &counted, 1, MPI_INT, MPI_MIN, ctx->comm);
    if (counted && shared) {
        MPI_Reduce(own->elements, all->elements, (int)own->chunks.chunks, MPI_UINT64_T, MPI_SUM, 0,
                   ctx->comm);
    }
    return counted != 0;
}

static void count_chunks(const h5r_touched_t *t, unsigned how, h5r_done_t *done)
{
    const uint64_t touched = h5r_touched_chunks(t);
    done->chunks_out = how & H5R_FILTERS_OUT ? touched : 0;
    done->chunks_in = how & H5R_FILTERS_IN_ALL    ? t->chunks.chunks
                      : how & H5R_FILTERS_IN_PART ? h5r_touched_in_part(t)
                      : how & H5R_FILTERS_IN      ? touched
                                                  : 0;
}

void h5r_rep_touched(h5r_rep_t *rep, h5r_operation_t operation, const h5r_touched_t *touched, unsigned how)
{
    const h5r_context_t *ctx = rep->measure->ctx;
    const h5r_store_t *store = rep->parts[H5R_WAY_OUT].store;
    h5r_done_t *done = &rep->measure->operation[operation].done;
    h5r_touched_t all;
    done->chunks_said = true;
    done->chunks_known = put_together(ctx, store->shared, touched, &all);
    if (done->chunks_known && !store->absent && (ctx->rank == 0 || !store->shared)) {
        count_chunks(store->shared ? &all : touched, how, done);
    }
    h5r_touched_free(&all);
}

void h5r_rep_filtered(h5r_rep_t *rep, h5r_operation_t operation, uint64_t chunks_out, uint64_t chunks_in)
{
    h5r_done_t *done = &rep->measure->operation[operation].done;
    done->chunks_said = done->chunks_known = true;
    done->chunks_out = chunks_out;
    done->chunks_in = chunks_in;
}

/* All chunks of this rank's file, 0 where another one counts them. */
static uint64_t all_chunks(const h5r_rep_t *rep)
{
    const h5r_store_t *store = rep->parts[H5R_WAY_OUT].store;
    if (rep->factors->filter.n == 0 || !store->first || store->absent) {
        return 0;
    }
    return h5r_chunks_of(&store->file_shape, &rep->factors->chunk).chunks *
           h5r_workload_datasets(rep->factors);
}

/* What is read again before it is closed may still be in HDF5's cache of chunks, of which every open dataset
 * has one, and is not filtered then. */
static uint64_t cached_chunks(const h5r_rep_t *rep)
{
    const h5r_factors_t *f = rep->factors;
    const uint64_t bytes = h5r_dims_elements(&f->chunk) * h5r_dtype_size(rep->file_dtype);
    return rep->reads_before_close && bytes > 0 ? f->chunk_cache / bytes * h5r_workload_datasets(f) : 0;
}

enum { OUT, IN, ALL, UNSAID, UNKNOWN, WROTE, COUNTS };

static void count_own(const h5r_rep_t *rep, h5r_operation_t operation, uint64_t own[COUNTS])
{
    const h5r_done_t *done = &rep->measure->operation[operation].done;
    const h5r_direction_t way = h5r_workloads[rep->factors->workload]->operations[operation].direction;
    const uint64_t all = all_chunks(rep), cached = cached_chunks(rep);
    const bool reads = h5r_direction_reads(way), writes = h5r_direction_writes(way);
    own[OUT] = done->chunks_said ? done->chunks_out : writes ? all : 0;
    own[IN] = done->chunks_said ? done->chunks_in : reads ? all : 0;
    own[IN] -= own[IN] < cached ? own[IN] : cached;
    own[ALL] = all;
    own[UNSAID] = done->chunks_said ? 0 : 1;
    own[WROTE] = done->wrote_said ? done->wrote_bytes : done->payload_bytes;
    own[UNKNOWN] = done->chunks_said && !done->chunks_known ? 1 : 0;
}

static uint64_t deal(uint64_t n, uint64_t ranks)
{
    return (n + ranks - 1) / ranks;
}

/* Those of a shared file can be dealt out to the ranks that move something, of which each that reads all filters
 * all; those of a file of its own are the rank's. */
static double load(const h5r_rep_t *rep, const uint64_t sum[COUNTS], const uint64_t most[COUNTS], int which)
{
    const bool shared = rep->parts[H5R_WAY_OUT].store->shared;
    const h5r_factors_t got = h5r_factors_as_got(rep->factors);
    const uint64_t movers = (uint64_t)h5r_share_ranks(which == IN ? &got : rep->factors, rep->nranks);
    const bool each = which == IN && h5r_read_copies(rep->factors, rep->nranks) > 1;
    const uint64_t n = shared ? deal(sum[which], each ? 1 : movers) : most[which];
    const uint64_t all = shared ? deal(sum[ALL], (uint64_t)rep->nranks) : most[ALL];
    return all > 0 ? (double)n / (double)all : 0.0;
}

h5r_roof_work_t h5r_roof_work_reduce(const h5r_rep_t *rep, h5r_operation_t operation,
                                     const h5r_roof_moved_t *moved)
{
    const h5r_context_t *ctx = rep->measure->ctx;
    uint64_t own[COUNTS], sum[COUNTS] = {0}, most[COUNTS] = {0};
    count_own(rep, operation, own);
    MPI_Reduce(own, sum, COUNTS, MPI_UINT64_T, MPI_SUM, 0, ctx->comm);
    MPI_Reduce(own, most, COUNTS, MPI_UINT64_T, MPI_MAX, 0, ctx->comm);
    h5r_roof_work_t work = {.elements = moved->bytes / rep->element_bytes,
                            .bounded = moved->bytes < moved->owned_bytes};
    const bool whole =
        !work.bounded && work.elements >= moved->elements * h5r_workload_datasets(rep->factors);
    work.written = moved->bytes > 0 ? (double)sum[WROTE] / (double)moved->bytes : 1.0;
    work.known = !work.bounded && (sum[UNSAID] > 0 ? whole : sum[UNKNOWN] == 0);
    const int readers = h5r_reads_for_all(rep->factors) ? 1 : h5r_read_copies(rep->factors, rep->nranks);
    work.chunks = sum[OUT] + sum[IN] * (uint64_t)readers;
    work.out = load(rep, sum, most, OUT);
    work.in = load(rep, sum, most, IN);
    return work;
}
