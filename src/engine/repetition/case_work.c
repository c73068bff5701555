#include "engine/repetition/case_work.h"

#include "core/factors/factor.h"
#include "engine/ranks/registry.h"
#include "engine/repetition/bench.h"
#include "h5roof/driver.h"
#include "h5roof/reading.h"

#include <string.h>

#define MOST_RANKS 4096 /* that are looked at one by one */

h5r_work_t h5r_work_share(const h5r_doer_t *w)
{
    const uint64_t files = w->factors->file_count;
    return (h5r_work_t){.payload_bytes = files * w->elements * w->element_bytes,
                        .calls = files * w->calls.calls,
                        .all_calls = files * w->calls.pieces,
                        .padded = true};
}

h5r_dims_t h5r_doer_shape(const h5r_doer_t *w)
{
    h5r_dims_t shape = w->factors->shape;
    if (!w->shared) {
        memcpy(shape.d, w->region.count, sizeof shape.d);
    }
    return shape;
}

/* f: of the case, or of its reads; got: what is in memory then. */
static h5r_doer_t doer_of(const h5r_factors_t *f, const h5r_factors_t *got, int nranks, int rank,
                          uint64_t seed)
{
    const h5r_context_t among = {.rank = rank, .size = nranks};
    const h5r_share_t share = h5r_bench_share_of(&among, f, rank);
    const h5r_share_t in_memory = h5r_bench_share_of(&among, got, rank);
    h5r_doer_t w = {.factors = f,
                    .rank = rank,
                    .nranks = nranks,
                    .shared = h5r_factors_files(f) == H5R_FILES_SHARED,
                    .collective = h5r_factors_collective(f),
                    .element_bytes = h5r_dtype_size(f->dtype),
                    .region = share.region,
                    .elements = in_memory.calls.elements,
                    .calls = share.calls,
                    .data = h5r_bench_data_plain(f, seed)};
    w.absent = !w.shared && h5r_region_elements(&share.region) == 0;
    w.counts = w.shared ? rank == 0 : !w.absent;
    return w;
}

static void add(h5r_case_work_t *sum, const h5r_work_t *own)
{
    sum->all.payload_bytes += own->payload_bytes;
    sum->all.calls += own->calls;
    sum->all.all_calls += own->all_calls;
    sum->all.objects += own->objects;
    sum->all.padded = sum->all.padded || own->padded;
    sum->all.estimated = sum->all.estimated || own->estimated;
    sum->most_calls = own->calls > sum->most_calls ? own->calls : sum->most_calls;
    sum->most_bytes = own->payload_bytes > sum->most_bytes ? own->payload_bytes : sum->most_bytes;
}

/* One rank for all, or for so many that call, and so many that have something then; what a shared file has, it has
 * once. */
static void multiply(h5r_work_t *all, const h5r_factors_t *calls, const h5r_factors_t *got, int nranks)
{
    const uint64_t callers = (uint64_t)h5r_share_owners(calls, nranks);
    all->payload_bytes *= (uint64_t)h5r_share_owners(got, nranks);
    all->calls *= callers;
    all->all_calls *= callers;
    all->objects *= h5r_factors_files(calls) == H5R_FILES_SHARED ? 1 : (uint64_t)nranks;
    all->estimated = true;
}

static h5r_work_t work_of(const h5r_workload_t *workload, const h5r_doer_t *w, h5r_operation_t operation)
{
    return workload->work != NULL ? workload->work(w, operation) : h5r_work_share(w);
}

static bool reads(const h5r_workload_t *workload, int operation)
{
    return workload->operations[operation].direction == H5R_MOVES_IN;
}

void h5r_work_of_case(const h5r_factors_t *f, int nranks, uint64_t seed, h5r_case_work_t work[H5R_OPERATIONS])
{
    const h5r_workload_t *workload = h5r_workloads[f->workload];
    const int operations = h5r_workload_operations(workload);
    const bool each = nranks <= MOST_RANKS;
    const h5r_factors_t read = h5r_factors_as_read(f), got = h5r_factors_as_got(f);
    memset(work, 0, H5R_OPERATIONS * sizeof work[0]);
    for (int rank = 0; rank < (each ? nranks : 1); rank++) {
        const h5r_doer_t writer = doer_of(f, f, nranks, rank, seed),
                         reader = doer_of(&read, &got, nranks, rank, seed);
        for (int o = 0; o < operations; o++) {
            const h5r_work_t own =
                work_of(workload, reads(workload, o) ? &reader : &writer, (h5r_operation_t)o);
            add(&work[o], &own);
        }
    }
    for (int o = 0; o < operations; o++) {
        if (!each) {
            multiply(&work[o].all, reads(workload, o) ? &read : f, reads(workload, o) ? &got : f, nranks);
        } else if (work[o].all.padded && h5r_factors_collective(reads(workload, o) ? &read : f)) {
            work[o].all.calls = work[o].most_calls * (uint64_t)nranks;
        }
    }
}
