#include "core/suite/rules.h"

#include "core/factors/factor.h"
#include "h5roof/count.h"
#include "h5roof/driver.h"
#include "h5roof/growth.h"
#include "h5roof/reading.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The object header message that holds a compact dataset is shorter than 64 KiB; HDF5 1.10.8 takes 65531
 * bytes of raw data and refuses 65532, with every driver and libver bound. */
#define MAX_COMPACT_BYTES UINT64_C(65531)
#define MAX_CHUNK_BYTES   UINT64_C(0xffffffff)
#define MAX_DATASET_BYTES (UINT64_C(1) << 60)

/* What the predicates look at; values that several of them need are found once. */
typedef struct {
    const h5r_factors_t *f;
    const h5r_caps_t *caps;
    int nranks;
    const h5r_driver_info_t *driver;
    bool hdf5;     /* else a store without it */
    bool together; /* more than one rank on a shared file */
    char *reason;
    size_t size;
} rule_t;

/* A rule is broken: returns true and, where the table's reason is NULL, has written its own. */
typedef bool (*broken_t)(const rule_t *r);

static bool lacks_driver(const rule_t *r)
{
    if (!r->caps->lacks[r->f->driver]) {
        return false;
    }
    snprintf(r->reason, r->size, "%s", r->driver->lack);
    return true;
}

static bool cannot_share(const rule_t *r)
{
    if (h5r_factors_files(r->f) != H5R_FILES_SHARED || r->driver->shared) {
        return false;
    }
    snprintf(r->reason, r->size, "driver %s has a file per rank and cannot share one", r->driver->name);
    return true;
}

static bool cannot_part(const rule_t *r)
{
    if (h5r_factors_files(r->f) != H5R_FILES_PER_RANK || r->driver->per_rank) {
        return false;
    }
    snprintf(r->reason, r->size, "driver %s has one file shared by all ranks, not a file per rank",
             r->driver->name);
    return true;
}

static bool layout_without_hdf5(const rule_t *r)
{
    if (r->hdf5 || r->f->layout == H5R_LAYOUT_CONTIGUOUS) {
        return false;
    }
    snprintf(r->reason, r->size, "store %s has no layouts but contiguous", r->driver->name);
    return true;
}

static bool filter_without_hdf5(const rule_t *r)
{
    if (r->hdf5 || r->f->filter.n == 0) {
        return false;
    }
    snprintf(r->reason, r->size, "store %s has no filters", r->driver->name);
    return true;
}

static bool conversion_without_hdf5(const rule_t *r)
{
    if (r->hdf5 || !h5r_factors_hdf5_converts(r->f)) {
        return false;
    }
    snprintf(r->reason, r->size, "store %s does not convert types or byte order", r->driver->name);
    return true;
}

static bool filter_unavailable(const rule_t *r)
{
    for (int i = 0; i < r->f->filter.n; i++) {
        h5r_filter_kind_t kind = r->f->filter.stage[i].kind;
        if (r->caps->filter[kind]) {
            continue;
        }
        if (r->caps->filter_fault[kind][0] != '\0') {
            snprintf(r->reason, r->size, "the filter %s does not work here: %s", h5r_filter_name(kind),
                     r->caps->filter_fault[kind]);
        } else if (!h5r_filter_is_plugin(kind)) {
            snprintf(r->reason, r->size, "this HDF5 was built without the filter %s", h5r_filter_name(kind));
        } else {
            snprintf(r->reason, r->size, "HDF5 finds no plugin for the filter %s (HDF5_PLUGIN_PATH)",
                     h5r_filter_name(kind));
        }
        return true;
    }
    return false;
}

/* These three know elements and not bytes. */
static bool filter_late(const rule_t *r)
{
    for (int i = 1; i < r->f->filter.n; i++) {
        h5r_filter_kind_t kind = r->f->filter.stage[i].kind;
        if (kind != H5R_FILTER_SZIP && kind != H5R_FILTER_NBIT && kind != H5R_FILTER_SCALEOFFSET) {
            continue;
        }
        snprintf(r->reason, r->size, "the filter %s works on elements, so it must be the first one",
                 h5r_filter_name(kind));
        return true;
    }
    return false;
}

static bool filter_floats(const rule_t *r)
{
    const h5r_pipeline_t *p = &r->f->filter;
    bool integers =
        h5r_pipeline_find(p, H5R_FILTER_NBIT) >= 0 || h5r_pipeline_find(p, H5R_FILTER_SCALEOFFSET) >= 0;
    return integers && h5r_dtype_is_float(h5r_factors_file_dtype(r->f));
}

static bool filter_bits(const rule_t *r)
{
    const int bits = h5r_factors_bits(r->f);
    const h5r_dtype_t file = h5r_factors_file_dtype(r->f);
    const int width = 8 * (int)h5r_dtype_size(file);
    if (bits < width) {
        return false;
    }
    snprintf(r->reason, r->size, "nbit:%d leaves nothing out of the %d bits of %s", bits, width,
             h5r_dtype_name(file));
    return true;
}

static bool filter_pixels(const rule_t *r)
{
    const int i = h5r_pipeline_find(&r->f->filter, H5R_FILTER_SZIP);
    if (i < 0) {
        return false;
    }
    const int pixels = r->f->filter.stage[i].level;
    const uint64_t elements = h5r_dims_elements(&r->f->chunk);
    if (pixels % 2 == 0 && (uint64_t)pixels <= elements) {
        return false;
    }
    snprintf(r->reason, r->size,
             "szip:%d: the pixels of a block are an even number, at most a chunk's %" PRIu64 " elements",
             pixels, elements);
    return true;
}

static bool filter_unchunked(const rule_t *r)
{
    return r->f->filter.n > 0 && r->f->layout != H5R_LAYOUT_CHUNKED;
}

static bool filter_independent(const rule_t *r)
{
    return r->together && r->f->filter.n > 0 && r->f->mode == H5R_MODE_INDEPENDENT;
}

static bool filter_converted(const rule_t *r)
{
    return r->together && r->f->filter.n > 0 && h5r_factors_hdf5_converts(r->f);
}

/* H5D__ioinfo_adjust asks how many ranks there are only from 1.14 on. */
static bool filter_alone(const rule_t *r)
{
    const unsigned *version = r->caps->version;
    bool asks = version[0] > 1 || version[1] >= 14;
    bool through_mpi = r->hdf5 && h5r_factors_files(r->f) == H5R_FILES_SHARED;
    return through_mpi && !asks && r->f->filter.n > 0 &&
           (r->f->mode == H5R_MODE_INDEPENDENT || h5r_factors_hdf5_converts(r->f));
}

static bool replicated_together(const rule_t *r)
{
    return r->together && r->f->decomposition == H5R_DECOMP_REPLICATED && r->f->layout != H5R_LAYOUT_COMPACT;
}

static bool compact_divided(const rule_t *r)
{
    return r->together && r->f->layout == H5R_LAYOUT_COMPACT && r->f->decomposition != H5R_DECOMP_REPLICATED;
}

static bool reads_misfit(const rule_t *r)
{
    return !h5r_reads_fit(r->f, r->nranks, r->reason, r->size);
}

static bool compact_late(const rule_t *r)
{
    return r->f->layout == H5R_LAYOUT_COMPACT &&
           (r->f->alloc_time == H5R_ALLOC_LATE || r->f->alloc_time == H5R_ALLOC_INCR);
}

static bool chunk_too_large(const rule_t *r)
{
    if (r->f->layout != H5R_LAYOUT_CHUNKED || r->caps->version[0] >= 2) {
        return false;
    }
    uint64_t elements = h5r_dims_elements(&r->f->chunk);
    return elements > MAX_CHUNK_BYTES / h5r_dtype_size(h5r_factors_file_dtype(r->f));
}

static void write_dims(char *buf, size_t size, const h5r_dims_t *dims)
{
    size_t used = 0;
    for (int i = 0; i < dims->n && used < size; i++) {
        used += (size_t)snprintf(buf + used, size - used, "%s%" PRIu64, i ? "x" : "", dims->d[i]);
    }
}

/* Judges the shape of one dataset; true: it is broken. */
typedef bool (*judge_t)(const rule_t *r, const h5r_dims_t *dataset, const char *whose);

/* The datasets that the case has: one, or one for each rank that owns something. */
static bool any_dataset(const rule_t *r, judge_t judge)
{
    char whose[48];
    const h5r_dims_t *shape = &r->f->shape;
    if (h5r_factors_files(r->f) == H5R_FILES_SHARED) {
        return judge(r, shape, "dataset");
    }
    for (int rank = 0; rank < r->nranks; rank++) {
        h5r_region_t share = h5r_share_of_rank(r->f, r->nranks, rank);
        h5r_dims_t dataset = {.n = shape->n};
        memcpy(dataset.d, share.count, (size_t)shape->n * sizeof dataset.d[0]);
        snprintf(whose, sizeof whose, "dataset of rank %d", rank);
        if (h5r_region_elements(&share) > 0 && judge(r, &dataset, whose)) {
            return true;
        }
    }
    return false;
}

/* HDF5 holds a chunk against the limit of a dimension, not against its extent. */
static bool judge_chunk(const rule_t *r, const h5r_dims_t *dataset, const char *whose)
{
    bool fits = true;
    char chunk[160] = "", shape[160] = "";
    for (int i = 0; i < dataset->n; i++) {
        fits = fits && (h5r_factors_unlimited(r->f, i) || r->f->chunk.d[i] <= dataset->d[i]);
    }
    if (fits) {
        return false;
    }
    write_dims(chunk, sizeof chunk, &r->f->chunk);
    write_dims(shape, sizeof shape, dataset);
    snprintf(r->reason, r->size, "chunk %s does not fit into the %s, %s (of fixed size)", chunk, whose,
             shape);
    return true;
}

static bool chunk_beyond_dataset(const rule_t *r)
{
    return r->f->layout == H5R_LAYOUT_CHUNKED && any_dataset(r, judge_chunk);
}

static bool judge_compact(const rule_t *r, const h5r_dims_t *dataset, const char *whose)
{
    size_t element_bytes = h5r_dtype_size(h5r_factors_file_dtype(r->f));
    uint64_t elements = h5r_dims_elements(dataset);
    if (elements <= MAX_COMPACT_BYTES / element_bytes) {
        return false;
    }
    snprintf(r->reason, r->size,
             "layout compact holds at most %" PRIu64 " bytes, the %s has %" PRIu64 " elements of %zu bytes",
             MAX_COMPACT_BYTES, whose, elements, element_bytes);
    return true;
}

static bool cache_without_files(const rule_t *r)
{
    if (r->f->cache == H5R_CACHE_AS_IS || !h5r_factors_volatile(r->f)) {
        return false;
    }
    snprintf(r->reason, r->size,
             "driver %s keeps nothing in a file, so there is no page cache to make cold or warm",
             r->driver->name);
    return true;
}

/* Of the whole dataset; weak scaling makes it of many small shapes. */
static bool dataset_too_large(const rule_t *r)
{
    size_t memory = h5r_dtype_size(r->f->dtype), file = h5r_dtype_size(h5r_factors_file_dtype(r->f));
    return h5r_dims_elements(&r->f->shape) >= MAX_DATASET_BYTES / (memory > file ? memory : file);
}

static bool shift_without_files(const rule_t *r)
{
    bool asked = r->f->read_shift != H5R_SHIFT_AUTO && r->f->read_shift > 0;
    if (!asked || !h5r_factors_volatile(r->f)) {
        return false;
    }
    snprintf(r->reason, r->size, "driver %s keeps nothing in a file that another rank could read",
             r->driver->name);
    return true;
}

/* Before all that asks for a share. */
static bool grid_misfits(const rule_t *r)
{
    const h5r_dims_t *grid = &r->f->grid;
    const uint64_t owners = (uint64_t)h5r_share_owners(r->f, r->nranks);
    char text[160] = "";
    h5r_dims_t given = *grid; /* a 0 is chosen */
    bool chosen = false;
    for (int d = 0; d < grid->n; d++) {
        chosen = chosen || grid->d[d] == 0;
        given.d[d] = grid->d[d] == 0 ? 1 : grid->d[d];
    }
    const uint64_t product = h5r_dims_elements(&given);
    write_dims(text, sizeof text, grid);
    if (grid->n == 0) {
        return false;
    }
    if (r->f->decomposition != H5R_DECOMP_BLOCK) {
        snprintf(r->reason, r->size, "grid %s is for decomposition block", text);
    } else if (grid->n != r->f->shape.n) {
        snprintf(r->reason, r->size, "grid %s has %d dimensions and shape has %d", text, grid->n,
                 r->f->shape.n);
    } else if (chosen ? owners % product != 0 : product != owners) {
        snprintf(r->reason, r->size, "grid %s is for %s%" PRIu64 " ranks, and %" PRIu64 " own something",
                 text, chosen ? "a multiple of " : "", product, owners);
    } else {
        return false;
    }
    return true;
}

static bool nobody_owns(const rule_t *r)
{
    const h5r_factors_t read = h5r_factors_as_read(r->f);
    return h5r_share_owners(r->f, r->nranks) < 1 || h5r_share_owners(&read, r->nranks) < 1;
}

static bool pages_parted(const rule_t *r)
{
    const bool page = r->f->file_space == H5R_SPACE_PAGE;
    if (!r->driver->parted || (!page && !r->f->file_space_persist)) {
        return false;
    }
    snprintf(r->reason, r->size, "driver %s has no %s: HDF5 refuses it", r->driver->name,
             page ? "file_space page" : "file_space_persist");
    return true;
}

static bool page_buffer_unpaged(const rule_t *r)
{
    return r->hdf5 && r->f->page_buffer > 0 && r->f->file_space != H5R_SPACE_PAGE;
}

static bool page_buffer_unavailable(const rule_t *r)
{
    return r->hdf5 && r->f->page_buffer > 0 && (!r->caps->buffers_pages || r->driver->mpi);
}

static bool page_buffer_too_small(const rule_t *r)
{
    return r->hdf5 && r->f->page_buffer > 0 && r->f->page_buffer < r->f->page_size;
}

static bool persist_without_manager(const rule_t *r)
{
    return r->f->file_space_persist && r->f->file_space != H5R_SPACE_FSM_AGGR &&
           r->f->file_space != H5R_SPACE_PAGE;
}

static bool metadata_cache_too_small(const rule_t *r)
{
    return r->f->metadata_cache > 0 && r->f->metadata_cache < 1024;
}

static bool evict_unavailable(const rule_t *r)
{
    return r->hdf5 && r->f->evict_on_close && !r->caps->evicts;
}

/* Arrays of a program lie at multiples of their elements, and so does what it converts. */
static bool offset_splits_elements(const rule_t *r)
{
    size_t memory = h5r_dtype_size(r->f->dtype), moved = h5r_dtype_size(h5r_factors_moved_dtype(r->f)),
           element = memory > moved ? memory : moved;
    if (r->f->buffer_offset % element == 0) {
        return false;
    }
    snprintf(r->reason, r->size, "buffer_offset %" PRIu64 " is no multiple of an element's %zu bytes",
             r->f->buffer_offset, element);
    return true;
}

static bool compact_too_large(const rule_t *r)
{
    return r->f->layout == H5R_LAYOUT_COMPACT && any_dataset(r, judge_compact);
}

/* The first rule that is broken gives the reason, so the more fundamental ones come first. */
static const struct {
    broken_t broken;
    const char *reason; /* NULL: the predicate writes it */
} rule_table[] = {
    {dataset_too_large, "the dataset has more than 2^60 bytes"},
    {reads_misfit, NULL},
    {nobody_owns, "empty_ranks leaves no rank that owns something"},
    {grid_misfits, NULL},
    {offset_splits_elements, NULL},
    {lacks_driver, NULL},
    {cannot_share, NULL},
    {cannot_part, NULL},
    {layout_without_hdf5, NULL},
    {filter_without_hdf5, NULL},
    {conversion_without_hdf5, NULL},
    {cache_without_files, NULL},
    {shift_without_files, NULL},
    {pages_parted, NULL},
    {page_buffer_unpaged,
     "page_buffer keeps pages of a file that is made of pages: it needs file_space page"},
    {page_buffer_too_small, "page_buffer must hold one page (page_size) at least"},
    {page_buffer_unavailable, "this HDF5, or a file through MPI-IO, has no page buffer"},
    {persist_without_manager, "file_space aggr and none lose free space, so there is none to keep"},
    {metadata_cache_too_small, "metadata_cache must be 1 KiB at least, or 0"},
    {evict_unavailable, "this HDF5 has no evict_on_close: parallel libraries refuse it"},
    {filter_unchunked, "filters need layout chunked"},
    {filter_floats,
     "scaleoffset and nbit lose digits of floating point, which verification would find; they are "
     "for integers in the file"},
    {filter_bits, NULL},
    {filter_pixels, NULL},
    {filter_late, NULL},
    {filter_unavailable, NULL},
    {filter_independent,
     "several ranks write filtered chunks of one file only collectively, and mode is independent"},
    {filter_converted,
     "several ranks cannot write filtered chunks of one file with conversion of type or byte order"},
    {filter_alone,
     "before 1.14 HDF5 writes filtered chunks of an MPI-IO file neither independently nor with conversion, "
     "even with one rank"},
    {replicated_together, "several ranks would write the same elements of one file, which only layout "
                          "compact allows; to let all ranks read "
                          "all there is read_decomposition replicated"},
    {compact_divided,
     "all ranks must write the whole of a compact dataset: it needs decomposition replicated"},
    {compact_late, "layout compact allocates early; alloc_time late and incr are refused"},
    {compact_too_large, NULL},
    {chunk_too_large, "a chunk must be smaller than 4 GiB before HDF5 2.0"},
    {chunk_beyond_dataset, NULL},
};

bool h5r_rules_allow(const h5r_factors_t *f, const h5r_caps_t *caps, int nranks, char *reason, size_t size)
{
    const h5r_driver_info_t *driver = h5r_driver_of(f);
    const rule_t rule = {
        .f = f,
        .caps = caps,
        .nranks = nranks,
        .driver = driver,
        .hdf5 = driver->store == H5R_STORE_HDF5,
        .together = nranks > 1 && h5r_factors_files(f) == H5R_FILES_SHARED,
        .reason = reason,
        .size = size,
    };
    for (size_t i = 0; i < H5R_COUNT_OF(rule_table); i++) {
        if (!rule_table[i].broken(&rule)) {
            continue;
        }
        if (rule_table[i].reason) {
            snprintf(reason, size, "%s", rule_table[i].reason);
        }
        return false;
    }
    return caps->workload_allows == NULL || caps->workload_allows(f, nranks, reason, size);
}
