/* Factors that contradict each other: a mistake in the suite, unlike what HDF5 forbids (rules.c). A table. */
#include "core/suite/plan_suite.h"

#include "h5roof/count.h"
#include "h5roof/region.h"

#include <stdio.h>
#include <string.h>

#define MAX_DATASET_BYTES (UINT64_C(1) << 60)

static const char *factor_text(const char *name, const h5r_factors_t *f, char buf[H5R_TEXT_SIZE])
{
    return h5r_factor_format(h5r_factor_find(name), f, buf, H5R_TEXT_SIZE);
}

static bool too_large(const h5r_factors_t *f, char *text, size_t size)
{
    size_t memory = h5r_dtype_size(f->dtype), file = h5r_dtype_size(h5r_factors_file_dtype(f));
    char shape[H5R_TEXT_SIZE];
    if (h5r_dims_elements(&f->shape) < MAX_DATASET_BYTES / (memory > file ? memory : file)) {
        return false;
    }
    snprintf(text, size, "shape %s of %s has more than 2^60 bytes", factor_text("shape", f, shape),
             h5r_dtype_name(f->dtype));
    return true;
}

static bool chunk_missing(const h5r_factors_t *f, char *text, size_t size)
{
    snprintf(text, size, "layout chunked needs a chunk");
    return f->layout == H5R_LAYOUT_CHUNKED && f->chunk.n == 0;
}

static bool chunk_unused(const h5r_factors_t *f, char *text, size_t size)
{
    char chunk[H5R_TEXT_SIZE];
    if (f->layout == H5R_LAYOUT_CHUNKED || f->chunk.n == 0) {
        return false;
    }
    snprintf(text, size, "chunk %s is given, but layout is not chunked", factor_text("chunk", f, chunk));
    return true;
}

static bool chunk_dimensions(const h5r_factors_t *f, char *text, size_t size)
{
    char chunk[H5R_TEXT_SIZE], shape[H5R_TEXT_SIZE];
    if (f->chunk.n == 0 || f->chunk.n == f->shape.n) {
        return false;
    }
    snprintf(text, size, "chunk %s has %d dimension%s, but shape %s has %d", factor_text("chunk", f, chunk),
             f->chunk.n, f->chunk.n == 1 ? "" : "s", factor_text("shape", f, shape), f->shape.n);
    return true;
}

static bool tile_dimensions(const h5r_factors_t *f, char *text, size_t size)
{
    char tile[H5R_TEXT_SIZE], shape[H5R_TEXT_SIZE];
    if (f->tile.n <= f->shape.n) {
        return false;
    }
    snprintf(text, size, "tile %s has more dimensions than shape %s", factor_text("tile", f, tile),
             factor_text("shape", f, shape));
    return true;
}

static bool mask_unused(const h5r_factors_t *f, char *text, size_t size)
{
    char mask_as[H5R_TEXT_SIZE];
    snprintf(text, size, "mask_as %s is given, but selection is not mask",
             factor_text("mask_as", f, mask_as));
    return f->mask_as != H5R_MASK_POINTS && f->selection != H5R_SELECT_MASK;
}

static bool broadcast_unused(const h5r_factors_t *f, char *text, size_t size)
{
    const bool all = f->read_decomposition == H5R_READ_REPLICATED ||
                     (f->read_decomposition == H5R_READ_SAME && f->decomposition == H5R_DECOMP_REPLICATED);
    snprintf(text, size, "replicated_reads bcast is given, but read_decomposition is not replicated");
    return f->replicated_reads == H5R_REPLICATED_BCAST && !all;
}

static bool sample_without_file(const h5r_factors_t *f, char *text, size_t size)
{
    snprintf(text, size, "data sample needs a data_file: FILE.h5:/DATASET");
    return f->data == H5R_DATA_SAMPLE && f->data_file[0] == '\0';
}

static bool file_without_sample(const h5r_factors_t *f, char *text, size_t size)
{
    snprintf(text, size, "data_file is given, but data is not sample");
    return f->data != H5R_DATA_SAMPLE && f->data_file[0] != '\0';
}

static bool sample_converted(const h5r_factors_t *f, char *text, size_t size)
{
    snprintf(text, size,
             "data sample needs the same type in the file (file_dtype) as in memory, or values would change");
    return f->data == H5R_DATA_SAMPLE && h5r_factors_file_dtype(f) != f->dtype;
}

static bool data_file_form(const h5r_factors_t *f, char *text, size_t size)
{
    const char *colon = strstr(f->data_file, ":/");
    snprintf(text, size, "data_file '%s' is not of the form FILE.h5:/DATASET", f->data_file);
    return f->data_file[0] != '\0' && (!colon || colon == f->data_file || colon[2] == '\0');
}

/* What only some workloads look at would be read as if it mattered to this one. */
static bool factor_unused(const h5r_factors_t *f, char *text, size_t size)
{
    h5r_factors_t defaults;
    char value[H5R_TEXT_SIZE];
    h5r_factors_default(&defaults);
    const char *const *workloads = h5r_factor_find("workload")->choices;
    for (size_t i = 0; i < H5R_FACTORS; i++) {
        const h5r_factor_t *factor = &h5r_factor_table[i];
        if (h5r_factor_concerns(factor, workloads[f->workload]) || h5r_factor_equal(factor, f, &defaults)) {
            continue;
        }
        snprintf(text, size, "%s %s does nothing for workload %s: it is for %s", factor->name,
                 h5r_factor_format(factor, f, value, sizeof value), workloads[f->workload], factor->only);
        return true;
    }
    return false;
}

bool h5r_check_factors(size_t check, const h5r_factors_t *f, bool *ok, char *text, size_t size)
{
    static bool (*const check_table[])(const h5r_factors_t *f, char *text, size_t size) = {
        too_large,           chunk_missing,       chunk_unused,     chunk_dimensions,
        sample_without_file, file_without_sample, sample_converted, data_file_form,
        tile_dimensions,     mask_unused,         broadcast_unused, factor_unused};
    if (check >= H5R_COUNT_OF(check_table)) {
        return false;
    }
    *ok = !check_table[check](f, text, size);
    return true;
}
