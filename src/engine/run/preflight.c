#include "engine/run/preflight.h"

#include "core/base/units.h"
#include "core/factors/scaling.h"
#include "engine/machine/machine.h"
#include "engine/machine/mounts.h"
#include "engine/machine/mpi_facts.h"
#include "engine/ranks/counters.h"
#include "engine/ranks/registry.h"
#include "engine/repetition/bench.h"
#include "engine/store/cache.h"
#include "engine/store/hdf5_util.h"
#include "engine/survive/scratch.h"
#include "h5roof/driver.h"
#include "h5roof/reading.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Of one buffer. The roof `copy` needs it for all calls, even if the case does not. */
static double buffer_of(const h5r_share_t *share, const h5r_factors_t *f)
{
    return fmax((double)share->bytes, (double)share->calls.elements * (double)h5r_dtype_size(f->dtype));
}

/* Bytes per rank: two buffers and those of the workload itself, and the image where the store keeps one. */
static double memory_of(const h5r_context_t *ctx, const h5r_factors_t *f)
{
    const h5r_factors_t got = h5r_factors_as_got(f);
    const h5r_share_t share = h5r_bench_share(ctx, f), read = h5r_bench_share(ctx, &got);
    bool image = h5r_driver_of(f)->image;
    double dataset =
        (double)h5r_region_elements(&share.region) * (double)h5r_dtype_size(h5r_factors_file_dtype(f));
    dataset *= (double)h5r_workload_datasets(f);
    const double buffer = fmax(buffer_of(&share, f), buffer_of(&read, f));
    double own = fmax((double)share.bytes, dataset) * h5r_workloads[f->workload]->own_buffers;
    return 2.0 * buffer + own + (image ? dataset : 0.0);
}

/* Bytes of the file system: all chunks whole, filters taken to save nothing. */
static double disk_of(const h5r_factors_t *f, int ranks)
{
    double elements = h5r_factors_copies(f, ranks);
    for (int d = 0; d < f->shape.n; d++) {
        double n = (double)f->shape.d[d];
        double chunk = f->layout == H5R_LAYOUT_CHUNKED ? (double)f->chunk.d[d] : 1.0;
        elements *= chunk * (double)(uint64_t)((n + chunk - 1.0) / chunk);
    }
    elements *= (double)h5r_workload_datasets(f);
    return h5r_factors_on_disk(f) ? elements * (double)h5r_dtype_size(h5r_factors_file_dtype(f)) : 0.0;
}

static h5r_status_t refuse(const h5r_case_t *c, const char *what, double need, double have,
                           const char *advice, h5r_error_t *err)
{
    char needs[32], has[32];
    return h5r_fail(err, H5R_ENV, "case %s needs %s of %s and there are %s: %s", c->name,
                    h5r_format_size(need, needs, sizeof needs), what, h5r_format_size(have, has, sizeof has),
                    advice);
}

/* What is available, within the limit of the control group. 0: unknown. */
static uint64_t available_memory(void)
{
    h5r_machine_t m;
    h5r_machine_query("", &m);
    bool limited = m.memory_limit_bytes > 0 && m.memory_limit_bytes < m.memory_available_bytes;
    return limited ? m.memory_limit_bytes : m.memory_available_bytes;
}

h5r_status_t h5r_capacity_check(const h5r_context_t *ctx, const h5r_plan_t *plan, h5r_error_t *err)
{
    uint64_t free_bytes = 0, available = available_memory();
    bool knows_memory = available > 0;
    bool knows_disk = h5r_scratch_free_bytes(ctx->scratch_dir, &free_bytes);
    double kept = 0.0;
    for (size_t i = 0; i < plan->ncases; i++) {
        const h5r_case_t *c = &plan->cases[i];
        if (c->skip_reason[0] != '\0') {
            continue;
        }
        const int ranks = h5r_factors_ranks(&c->factors, ctx->size);
        const h5r_factors_t f = h5r_factors_resolved(&c->factors, ranks);
        const h5r_context_t part = {.size = ranks};
        double memory = memory_of(&part, &f) * (ranks < ctx->ranks_on_node ? ranks : ctx->ranks_on_node);
        double disk = disk_of(&f, ranks);
        kept += disk;
        if (knows_memory && memory > (double)available) {
            return refuse(c, "memory on a node", memory, (double)available,
                          "choose a smaller shape or more nodes", err);
        }
        if (knows_disk && disk > (double)free_bytes) {
            return refuse(c, "the scratch file system", disk, (double)free_bytes,
                          "choose a smaller shape or another --scratch", err);
        }
        if (knows_disk && ctx->keep && kept > (double)free_bytes) {
            return refuse(c, "the scratch file system for all files that --keep leaves up to it", kept,
                          (double)free_bytes, "keep fewer cases (--only) or choose another --scratch", err);
        }
    }
    return H5R_OK;
}

/* The longest names that MPI is given in the scratch directory: of the probe for hints, or of a file of a
 * case, TAG-ID, with its owner if it has one, and what names a second one. */
static size_t longest_name(const h5r_plan_t *plan)
{
    size_t longest = strlen("/h5roof-probe-XXXXXX");
    for (size_t i = 0; i < plan->ncases; i++) {
        const h5r_factors_t *f = &plan->cases[i].factors;
        if (plan->cases[i].skip_reason[0] == '\0' && h5r_driver_of(f)->mpi) {
            const bool shared = h5r_factors_files(f) == H5R_FILES_SHARED;
            const size_t n = strlen("/abcd-0123456789abcdef-second.h5") + (shared ? 0 : strlen(".000000")) +
                             (f->file_count > 1 ? strlen("-000000") : 0);
            longest = n > longest ? n : longest;
        }
    }
    return longest;
}

h5r_status_t h5r_path_check(const h5r_context_t *ctx, const h5r_plan_t *plan, h5r_error_t *err)
{
    h5r_filesystem_t fs;
    h5r_error_t unknown = {0};
    const bool found = h5r_filesystem_of(ctx->scratch_dir, &fs, &unknown) == H5R_OK;
    const size_t most = h5r_mpi_path_most(found ? &fs.mount : NULL, ctx->size);
    const size_t longest = strlen(ctx->scratch_dir) + longest_name(plan);
    if (most == 0 || longest <= most) {
        return H5R_OK;
    }
    return h5r_fail(err, H5R_ENV,
                    "the scratch directory's path is %zu character%s too long for OMPIO of this Open MPI, "
                    "which would write past a buffer: choose a shorter one, or start it with mpirun --mca "
                    "sharedfp ^lockedfile (on one node --mca sharedfp sm), or --mca io romio321",
                    longest - most, longest - most == 1 ? "" : "s");
}

static bool reads_again(const h5r_context_t *ctx, const h5r_case_t *c)
{
    const h5r_factors_t *f = &c->factors;
    bool elsewhere =
        ctx->away.shift != 0 && f->read_shift != 0 && h5r_factors_can_shift(f) && !h5r_reads_anew(f);
    return c->skip_reason[0] == '\0' && f->cache == H5R_CACHE_AS_IS && h5r_factors_on_disk(f) &&
           !h5r_driver_of(f)->uncached && !elsewhere;
}

void h5r_as_is_query(const h5r_context_t *ctx, const h5r_plan_t *plan, double *least, double *most)
{
    *least = *most = 0.0;
    for (size_t i = 0; i < plan->ncases; i++) {
        if (!reads_again(ctx, &plan->cases[i])) {
            continue;
        }
        const int ranks = h5r_factors_ranks(&plan->cases[i].factors, ctx->size);
        const h5r_factors_t f = h5r_factors_resolved(&plan->cases[i].factors, ranks);
        const int here = ranks < ctx->ranks_on_node ? ranks : ctx->ranks_on_node;
        double bytes = disk_of(&f, ranks) * here / ranks;
        *least = *least == 0.0 || bytes < *least ? bytes : *least;
        *most = bytes > *most ? bytes : *most;
    }
}

h5r_status_t h5r_permission_check(const h5r_context_t *ctx, const h5r_plan_t *plan, h5r_error_t *err)
{
    int drops = 0;
    for (size_t i = 0; plan != NULL && i < plan->ncases; i++) {
        const h5r_case_t *c = &plan->cases[i];
        drops |= c->skip_reason[0] == '\0' && c->factors.cache == H5R_CACHE_DROPPED;
    }
    MPI_Bcast(&drops, 1, MPI_INT, 0, ctx->comm);
    if (drops && ctx->node_rank == 0) {
        h5r_cache_may_drop(err);
    }
    return h5r_agree(ctx, err);
}

/* One element written through mpio by every rank; the file is left for the caller to remove. After an error
 * nothing is closed: that is collective, and the job ends. */
static h5r_status_t write_probe(const h5r_context_t *ctx, const char *path, h5r_error_t *err)
{
    hsize_t n = (hsize_t)ctx->size, mine = (hsize_t)ctx->rank, one = 1;
    const int value = ctx->rank;
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_fapl_mpio(access, ctx->comm, MPI_INFO_NULL);
    hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, access);
    hid_t space = H5Screate_simple(1, &n, NULL);
    hid_t memory = H5Screate_simple(1, &one, NULL);
    hid_t dataset = H5Dcreate2(file, "probe", H5T_NATIVE_INT, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    H5Sselect_hyperslab(space, H5S_SELECT_SET, &mine, NULL, &one, NULL);
    if (dataset < 0 || H5Dwrite(dataset, H5T_NATIVE_INT, memory, space, H5P_DEFAULT, &value) < 0 ||
        H5Dclose(dataset) < 0 || H5Fclose(file) < 0) {
        return h5r_fail_hdf5(err, "the self-test of the counters", path);
    }
    H5Sclose(memory);
    H5Sclose(space);
    H5Pclose(access);
    return H5R_OK;
}

h5r_status_t h5r_counters_selftest(const h5r_context_t *ctx, bool *work, h5r_error_t *err)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%.*s/selftest-%s.h5", PATH_MAX - 64, ctx->scratch_dir,
             h5r_scratch_tag(ctx->scratch_dir));
    h5r_counters_t before = h5r_counters_now();
    if (write_probe(ctx, path, err) != H5R_OK) {
        return err->code;
    }
    h5r_counters_t after = h5r_counters_now();
    h5r_counters_t seen = h5r_counters_between(&before, &after);
    if (ctx->rank == 0) {
        unlink(path);
    }
    /* every rank wrote its own element by an independent call of at least that size */
    int mine = seen.write_indep >= 1 && seen.write_bytes >= sizeof(int), all;
    MPI_Allreduce(&mine, &all, 1, MPI_INT, MPI_MIN, ctx->comm);
    *work = all != 0;
    return H5R_OK;
}
