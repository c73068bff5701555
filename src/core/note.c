#include "core/note.h"

#include "core/driver.h"
#include "core/units.h"
#include "h5roof/region.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define AMPLIFIED 1.25 /* times the dataset's bytes that were given to MPI-IO */
#define WIDE      0.10 /* half width of a CI */
#define LARGER    0.99 /* ratio below which more than checksums was added */

static bool is(const char *text, const char *value)
{
    return strcmp(text, value) == 0;
}

static bool is_write(const h5r_result_t *r)
{
    return is(r->last.operation, "write");
}

static bool say_mismatch(const h5r_result_t *r, FILE *out)
{
    if (r->mismatches == 0) {
        return false;
    }
    fprintf(out, "WRONG DATA: %s", r->last.reason);
    return true;
}

static bool say_unverified(const h5r_result_t *r, FILE *out)
{
    if (!r->unverified) {
        return false;
    }
    fputs("the data were not verified", out);
    return true;
}

static bool say_short(const h5r_result_t *r, FILE *out)
{
    if (2 * r->shorts <= r->repetitions) {
        return false;
    }
    char text[32];
    fprintf(out, "too short to trust (%s)", h5r_format_seconds(r->durable_s.median, text, sizeof text));
    return true;
}

static bool say_above_roof(const h5r_result_t *r, FILE *out)
{
    if (2 * r->above_roof <= r->repetitions) {
        return false;
    }
    fprintf(out, "suspicious: above its roof in %zu of %zu repetitions", r->above_roof, r->repetitions);
    return true;
}

static bool say_few(const h5r_result_t *r, FILE *out)
{
    if (r->durable_s.n == 0 || r->durable_s.has_ci) {
        return false;
    }
    fprintf(out, "no interval: %zu repetitions, 6 are needed", r->durable_s.n);
    return true;
}

/* What is too short to trust is noisy for that reason. */
static bool say_wide(const h5r_result_t *r, FILE *out)
{
    if (2 * r->shorts > r->repetitions || !r->durable_s.has_ci ||
        h5r_summary_half_width(&r->durable_s) <= WIDE) {
        return false;
    }
    fprintf(out, "noisy: the time's interval reaches %.0f %% from its median",
            100.0 * h5r_summary_half_width(&r->durable_s));
    return true;
}

static bool say_bounded(const h5r_result_t *r, FILE *out)
{
    if (!r->bounded) {
        return false;
    }
    char some[32], all[32];
    fprintf(out, "bounded: %s of %s calls were made", h5r_format_count(r->last.calls, some, sizeof some),
            h5r_format_count(r->last.total_calls, all, sizeof all));
    return true;
}

/* Words for HDF5's no-collective causes. */
static const struct {
    const char *cause, *words;
} cause_words[] = {
    {"datatype_conversion", "a type conversion"},
    {"data_transforms", "a data transform"},
    {"mpi_opt_types_disabled", "HDF5_MPI_OPT_TYPES"},
    {"not_simple_or_scalar", "the dataspaces"},
    {"not_contiguous_or_chunked", "the layout"},
    {"filtered_writes_disabled", "filters"},
    {"error_while_checking", "an error while HDF5 checked"},
    {"no_selection_io", "the size of the conversion buffer"},
};

static bool counted(const h5r_result_t *r)
{
    return r->last.counters.write_indep != H5R_NO_COUNT;
}

static bool wants_collective(const h5r_result_t *r)
{
    return h5r_factors_collective(&r->last.factors) && r->last.factors.driver == H5R_DRIVER_MPIO &&
           r->last.no_collective_global[0] != '\0';
}

static bool say_independent(const h5r_result_t *r, FILE *out)
{
    if (!wants_collective(r)) {
        return false;
    }
    const char *words = r->last.no_collective_global;
    for (size_t i = 0; i < sizeof cause_words / sizeof cause_words[0]; i++) {
        if (strstr(r->last.no_collective_global, cause_words[i].cause) != NULL) {
            words = cause_words[i].words;
        }
    }
    fprintf(out, "collective ran independent because of %s", words);
    return true;
}

static bool say_claimed(const h5r_result_t *r, FILE *out)
{
    uint64_t collective = is_write(r) ? r->last.counters.write_coll : r->last.counters.read_coll;
    bool claims = strstr(r->last.actual_io_mode, "collective") != NULL;
    if (!counted(r) || !claims || collective > 0) {
        return false;
    }
    fputs("HDF5 reports collective, but every MPI-IO call was independent", out);
    return true;
}

static double dataset_bytes(const h5r_result_t *r)
{
    const h5r_factors_t *f = &r->last.factors;
    return (double)h5r_dims_elements(&f->shape) * (double)h5r_dtype_size(h5r_factors_file_dtype(f));
}

static bool say_amplified(const h5r_result_t *r, FILE *out)
{
    const h5r_factors_t *f = &r->last.factors;
    bool measurable = counted(r) && is_write(r) && f->filter.n == 0 && r->last.payload_bytes > 0;
    double times = measurable ? (double)r->last.counters.write_bytes / dataset_bytes(r) : 0.0;
    if (r->bounded || times < AMPLIFIED) {
        return false;
    }
    bool fills = f->layout == H5R_LAYOUT_CHUNKED && f->fill_time != H5R_FILL_NEVER;
    fprintf(out, "%.2f times the payload was written%s", times,
            fills ? " because of fill values" : ", the rest is metadata or partial chunks");
    return true;
}

static bool say_ratio(const h5r_result_t *r, FILE *out)
{
    if (r->last.factors.filter.n == 0 || !is_write(r) || !isfinite(r->last.ratio_frac)) {
        return false;
    }
    fprintf(out, "ratio %.3g%s", r->last.ratio_frac,
            r->last.ratio_frac < LARGER ? ": the filters made the data larger" : "");
    return true;
}

static bool say_cached(const h5r_result_t *r, FILE *out)
{
    if (is_write(r) || 2 * r->cached <= r->repetitions) {
        return false;
    }
    fprintf(out, "not cold: %.0f %% was still in memory", 100.0 * r->last.cache_resident_frac);
    return true;
}

static bool say_volatile(const h5r_result_t *r, FILE *out)
{
    if (!h5r_factors_volatile(&r->last.factors) || !is_write(r)) {
        return false;
    }
    fputs("nothing is durable: the data stay in memory", out);
    return true;
}

const h5r_note_t h5r_note_table[] = {
    {"mismatch", say_mismatch,
     "The data read back differ from the data written. The first wrong element of the lowest rank that found "
     "one is given "
     "with its coordinate, what it must be and what it was. The run exits with 1. Try other drivers and "
     "MPI-IO components "
     "(Open MPI: --mca io romio321) to see which layer is to blame."},
    {"short", say_short,
     "In most repetitions the operation took less than 10 ms or less than 100 barriers, so the clock, the "
     "barriers and the "
     "scheduler are a "
     "visible part of it. Choose a larger shape."},
    {"above_roof", say_above_roof,
     "In most repetitions the case was more than 5 % faster than its roof (efficiency over 1.05). That is "
     "impossible if both do "
     "the same work in "
     "the same state: caches differ, the operation is too short, or the machine was disturbed. Distrust the "
     "number."},
    {"few", say_few,
     "A 95 % interval of the median needs six repetitions at least, whatever the distribution. Raise "
     "repeat.min."},
    {"wide", say_wide,
     "The 95 % interval of the median reaches more than 10 % away from it: the machine is noisy or the case "
     "has several modes. "
     "Raise repeat.max and repeat.time, or look at the repetitions in their order."},
    {"bounded", say_bounded,
     "max_ops cut the operation: only so many calls were made, on all ranks alike, and bandwidth is that of "
     "the bytes that "
     "these calls moved. Creating and flushing still concern the whole dataset."},
    {"unverified", say_unverified,
     "The suite says verify: false, so nobody looked at the data that were read."},
    {"not_cold", say_cached,
     "cache: cold was asked, and after eviction more than 1 % of the file's pages were still resident "
     "(mincore). File systems that live in memory (tmpfs) cannot evict, and a file that another process has "
     "mapped stays. The number is that of a read from memory: choose another scratch directory."},
    {"independent", say_independent,
     "The transfer list asked for collective transfers and HDF5 went independent, for the cause that "
     "H5Pget_mpio_no_collective_cause gives. The usual cause is a type or byte order conversion with HDF5 "
     "before 1.14.2: "
     "convert in the program, or store the native type."},
    {"claimed_collective", say_claimed,
     "H5Pget_mpio_actual_io_mode says collective, but the counters saw only independent MPI-IO calls. HDF5 "
     "is known to report "
     "so for filtered reads in 1.10.8 and for the individual-IO option."},
    {"amplified", say_amplified,
     "More bytes went to MPI-IO than the dataset has, counted by the MPI-IO wrappers in create, write, flush "
     "and close. With a "
     "chunked layout and the default fill time the whole dataset is written once with the fill value when it "
     "is created: "
     "try fill_time: never."},
    {"ratio", say_ratio,
     "Size of the dataset in the type of the file, divided by the storage it takes there "
     "(H5Dget_storage_size)."},
    {"volatile", say_volatile,
     "The store keeps the data in memory only (memory; core without a backing file), so its durable "
     "bandwidth is durable in "
     "name only: it shows what is left when no bytes leave the process."},
};

const size_t h5r_note_count = sizeof h5r_note_table / sizeof h5r_note_table[0];

int h5r_notes_each(const h5r_result_t *r, void (*visit)(const h5r_note_t *, const char *, void *),
                   void *context)
{
    int notes = 0;
    for (size_t i = 0; i < h5r_note_count; i++) {
        char *text = NULL; /* a note decides and speaks at once: into memory */
        size_t size = 0;
        FILE *memory = open_memstream(&text, &size);
        if (memory == NULL) {
            break;
        }
        bool applies = h5r_note_table[i].say(r, memory);
        if (fclose(memory) == 0 && applies) {
            visit(&h5r_note_table[i], text, context);
            notes++;
        }
        free(text);
    }
    return notes;
}

typedef struct {
    FILE *out;
    bool again;
} joined_t;

static void join(const h5r_note_t *note, const char *text, void *context)
{
    joined_t *joined = context;
    (void)note;
    fprintf(joined->out, "%s%s", joined->again ? "; " : "", text);
    joined->again = true;
}

int h5r_notes_write(const h5r_result_t *r, FILE *out)
{
    return h5r_notes_each(r, join, &(joined_t){out, false});
}
