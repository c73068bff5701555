#include "core/factors/factor.h"

#include "core/base/hash.h"
#include "h5roof/buffer.h"

#include <stdlib.h>
#include <string.h>

#define H5R_KIB (UINT64_C(1) << 10)
#define H5R_GIB (UINT64_C(1) << 30)
#define H5R_TIB (UINT64_C(1) << 40)

/* The enumerators are the indices, as both are made from the same list in the same order. */
#define LIST(what, field, ...) static const char *const what##_##field[] = {__VA_ARGS__ NULL};

#define H5R_WORKLOAD_VALUE(name)                                          H5R_VALUE(H5R_WORKLOAD_##name, #name, NULL)
#define H5R_VALUE(symbol, name, ...)                                      name,
#define H5R_CHOICE(field, type, by_default, only, help, ...)              LIST(names, field, __VA_ARGS__)
#define H5R_LISTED                                                        H5R_CHOICE
#define H5R_NAMES                                                         H5R_CHOICE
#define H5R_WORDED(type, field, by_default, least, most, only, help, ...) LIST(names, field, __VA_ARGS__)
#include "h5roof/factors.def"

#define H5R_MEANING(meaning, ...)                                         meaning
#define H5R_VALUE(symbol, name, ...)                                      H5R_MEANING(__VA_ARGS__, 0),
#define H5R_CHOICE(field, type, by_default, only, help, ...)              LIST(meanings, field, __VA_ARGS__)
#define H5R_LISTED                                                        H5R_CHOICE
#define H5R_WORDED(type, field, by_default, least, most, only, help, ...) LIST(meanings, field, __VA_ARGS__)
#include "h5roof/factors.def"

#define FACTOR(type_, field, default_, only_, help_)                                                         \
    .name = #field, .type = H5R_TYPE_##type_, .offset = offsetof(h5r_factors_t, field),                      \
    .default_text = default_, .only = only_, .help = help_

const h5r_factor_t h5r_factor_table[H5R_FACTORS] = {
#define H5R_NAMES(field, type, by_default, only, help, ...)                                                  \
    {FACTOR(CHOICE, field, by_default, only, help), .choices = names_##field},
#define H5R_CHOICE(field, type, by_default, only, help, ...)                                                 \
    {FACTOR(CHOICE, field, by_default, only, help), .choices = names_##field, .meanings = meanings_##field},
#define H5R_LISTED H5R_CHOICE
#define H5R_NUMBER(type, field, by_default, least, most, only, help)                                         \
    {FACTOR(type, field, by_default, only, help), .min = (least), .max = (most)},
#define H5R_WORDED(type, field, by_default, least, most, only, help, ...)                                    \
    {FACTOR(type, field, by_default, only, help), .min = (least), .max = (most), .choices = names_##field,   \
     .meanings = meanings_##field},
#define H5R_FACTOR(type, field, by_default, only, help) {FACTOR(type, field, by_default, only, help)},
#include "h5roof/factors.def"
};

const h5r_factor_t *h5r_factor_find(const char *name)
{
    for (size_t i = 0; i < H5R_FACTORS; i++) {
        if (strcmp(h5r_factor_table[i].name, name) == 0) {
            return &h5r_factor_table[i];
        }
    }
    return NULL;
}

bool h5r_factor_concerns(const h5r_factor_t *factor, const char *workload)
{
    const size_t length = strlen(workload);
    const char *at = factor->only;
    while (at && *at) {
        size_t n = strcspn(at, ",");
        if (n == length && memcmp(at, workload, n) == 0) {
            return true;
        }
        at += n + (at[n] == ',');
    }
    return !factor->only;
}

void h5r_factors_default(h5r_factors_t *f)
{
    h5r_error_t err;
    memset(f, 0, sizeof *f);
    for (size_t i = 0; i < H5R_FACTORS; i++) {
        (void)h5r_factor_parse(&h5r_factor_table[i], h5r_factor_table[i].default_text, f, &err);
    }
}

uint64_t h5r_factors_hash_against(const h5r_factors_t *f, const h5r_factors_t *defaults)
{
    uint64_t hash = H5R_HASH_EMPTY;
    char text[H5R_TEXT_SIZE];
    for (size_t i = 0; i < H5R_FACTORS; i++) {
        const h5r_factor_t *factor = &h5r_factor_table[i];
        if (h5r_factor_equal(factor, f, defaults)) {
            continue;
        }
        hash = h5r_hash_text(h5r_hash_text(hash, factor->name), "=");
        hash = h5r_hash_text(h5r_hash_text(hash, h5r_factor_format(factor, f, text, sizeof text)), "\n");
    }
    return hash;
}

uint64_t h5r_factors_hash(const h5r_factors_t *f)
{
    h5r_factors_t defaults;
    h5r_factors_default(&defaults);
    return h5r_factors_hash_against(f, &defaults);
}

h5r_dtype_t h5r_factors_file_dtype(const h5r_factors_t *f)
{
    return f->file_dtype == H5R_DTYPE_COUNT ? f->dtype : f->file_dtype;
}

bool h5r_factors_converts(const h5r_factors_t *f)
{
    h5r_dtype_t file_dtype = h5r_factors_file_dtype(f);
    return file_dtype != f->dtype || h5r_factors_bits(f) > 0 || h5r_order_swaps(f->byte_order, file_dtype);
}

bool h5r_factors_hdf5_converts(const h5r_factors_t *f)
{
    return f->convert_by == H5R_CONVERT_BY_HDF5 && h5r_factors_converts(f);
}

h5r_dtype_t h5r_factors_moved_dtype(const h5r_factors_t *f)
{
    bool by_program = f->convert_by == H5R_CONVERT_BY_PROGRAM;
    return by_program ? h5r_factors_file_dtype(f) : f->dtype;
}
