/* Notes on where the time went. */
#include "core/base/units.h"
#include "core/notes/note_say.h"
#include "h5roof/driver.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#define WAITED       0.25 /* of the slowest rank's time: what the median rank waits for it */
#define DOMINATES    0.50 /* of the durable time */
#define CONVERTS     0.20 /* of the durable time */
#define ELEMENT_WISE 2.0  /* times the rate of rows */
#define NEAR_CPU     0.50 /* efficiency from which the roof explains most of the time */
#define SHARED_ROOF  1.1  /* times the roof of a file per rank, from which it is another one */
#define NEAR_STORE   0.90 /* the same where the roof is what everybody expects */

double h5r_note_phase_share(const h5r_result_t *r, h5r_phase_t phase)
{
    const h5r_summary_t *s = &r->phase_s[phase];
    return s->n > 0 && r->durable_s.median > 0.0 ? s->median / r->durable_s.median : 0.0;
}

/* More often than chance would have it: 2.4 standard deviations above what `choices` equal ones give. Of two
 * ranks the same one must be slowest 6 times of 6, which chance does in 3 % of the cases. */
static bool is_always(size_t count, size_t n, double choices)
{
    double p = 1.0 / choices, expected = p * (double)n;
    double bound = fmax(expected + 2.4 * sqrt(expected * (1.0 - p)), 0.5 * (double)n);
    return n >= 4 && (double)count >= bound;
}

bool h5r_say_slow_rank(const h5r_result_t *r, FILE *out)
{
    double waited = r->waited_frac.n > 0 ? r->waited_frac.median : 0.0;
    if (!h5r_note_is_timed(r) || r->last.ranks < 2 || waited < WAITED) {
        return false;
    }
    if (is_always(r->slowest_rank_count, r->repetitions, (double)r->last.ranks)) {
        fprintf(out, "rank %" PRIu64 " on %s is slowest in %zu of %zu repetitions, ", r->slowest_rank,
                r->slowest_node, r->slowest_rank_count, r->repetitions);
    } else if (r->last.nodes != H5R_NO_COUNT && r->last.nodes > 1 &&
               is_always(r->slowest_node_count, r->repetitions, (double)r->last.nodes)) {
        fprintf(out, "node %s has the slowest rank in %zu of %zu repetitions, ", r->slowest_node,
                r->slowest_node_count, r->repetitions);
    } else {
        return false;
    }
    fprintf(out, "others wait %.0f %% of its time", 100.0 * waited);
    return true;
}

bool h5r_say_filling(const h5r_result_t *r, FILE *out)
{
    const h5r_row_t *row = &r->last;
    const h5r_factors_t *f = &row->factors;
    double share = h5r_note_phase_share(r, H5R_PHASE_CREATE);
    bool stored = row->stored_bytes != H5R_NO_COUNT && row->stored_bytes > 0;
    bool filled = row->os.create_bytes != H5R_NO_COUNT ? 2 * row->os.create_bytes >= row->stored_bytes
                                                       : f->fill_time != H5R_FILL_NEVER;
    if (!h5r_note_is_timed(r) || !stored || f->layout != H5R_LAYOUT_CHUNKED || share < DOMINATES || !filled) {
        return false;
    }
    fprintf(out, "creating takes %.0f %% of the time, for fill values", 100.0 * share);
    return true;
}

bool h5r_say_closing(const h5r_result_t *r, FILE *out)
{
    const h5r_row_t *row = &r->last;
    double share = h5r_note_phase_share(r, H5R_PHASE_CLOSE);
    if (!h5r_note_is_timed(r) || share < DOMINATES || h5r_driver_of(&row->factors)->store != H5R_STORE_HDF5) {
        return false;
    }
    bool image = h5r_note_is_write(r) && row->os.close_bytes != H5R_NO_COUNT &&
                 2.0 * (double)row->os.close_bytes >= h5r_note_file_bytes(r);
    fprintf(out, "closing takes %.0f %% of the time, for %s", 100.0 * share,
            image ? "data that are written only then" : "metadata");
    return true;
}

bool h5r_say_conversion(const h5r_result_t *r, FILE *out)
{
    double share = r->conversion_frac.n > 0 ? r->conversion_frac.median : 0.0;
    if (!h5r_note_is_timed(r) || share < CONVERTS) {
        return false;
    }
    const h5r_factors_t *f = &r->last.factors;
    bool same_type = h5r_factors_file_dtype(f) == f->dtype;
    fprintf(out, "%s costs about %.0f %% of the time", same_type ? "swapping bytes" : "type conversion",
            100.0 * fmin(share, 1.0));
    return true;
}

static const char *cpu_words(h5r_bound_t bound)
{
    return bound == H5R_BOUND_COMPRESS  ? "compression"
           : bound == H5R_BOUND_CONVERT ? "conversion"
                                        : "conversion and compression";
}

bool h5r_say_binds(const h5r_result_t *r, FILE *out)
{
    double efficiency = r->efficiency.n > 0 ? r->efficiency.median : 0.0;
    const h5r_bound_t bound = r->last.roof_bound;
    bool cpu = 2 * r->cpu_bound > r->repetitions && h5r_bound_is_cpu(bound);
    if (!h5r_note_is_timed(r) || 2 * r->above_roof > r->repetitions ||
        efficiency < (cpu ? NEAR_CPU : NEAR_STORE)) {
        return false;
    }
    if (cpu) {
        fprintf(out, "%s binds, not storage: %.0f %% of its roof", cpu_words(bound), 100.0 * efficiency);
        return true;
    }
    bool evicted = r->last.factors.cache == H5R_CACHE_COLD || r->last.factors.cache == H5R_CACHE_DROPPED;
    bool cold = evicted && 2 * r->cached <= r->repetitions;
    fprintf(out, "at its roof: %s binds",
            bound == H5R_BOUND_COPY        ? "copying in memory"
            : !h5r_note_is_read(r) || cold ? "storage"
                                           : "the page cache");
    return true;
}

bool h5r_say_shared_roof(const h5r_result_t *r, FILE *out)
{
    const h5r_row_t *row = &r->last;
    double shared = r->shared_roof_s.n > 0 ? r->shared_roof_s.median : 0.0;
    double own = r->own_roof_s.n > 0 ? r->own_roof_s.median : 0.0;
    bool held = r->efficiency.n > 0 && row->roof_bound == H5R_BOUND_STORE;
    if (!h5r_note_is_timed(r) || !held || row->ranks < 2 || row->payload_bytes == 0 ||
        row->payload_bytes == H5R_NO_COUNT || h5r_factors_files(&row->factors) != H5R_FILES_SHARED ||
        !(own > 0.0) || shared < SHARED_ROOF * own) {
        return false;
    }
    fprintf(out,
            "held against a file per rank; one shared file could reach %.0f MiB/s, of which this is %.0f %%",
            (double)row->payload_bytes / shared / 1048576.0, 100.0 * shared / r->durable_s.median);
    return true;
}

bool h5r_say_element_wise(const h5r_result_t *r, FILE *out)
{
    if (r->row_ratio < ELEMENT_WISE) {
        return false;
    }
    fprintf(out, "a call per element: the transfer takes %.*f times as long as row by row",
            r->row_ratio < 10.0 ? 1 : 0, r->row_ratio);
    return true;
}
