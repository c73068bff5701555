/* The types of factors: how a value is read from text, written as text, compared and copied. One line in
 * type_table each. */
#include "core/factors/factor_pipeline.h"

#include "core/base/nearest.h"
#include "core/base/units.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static h5r_status_t parse_choice(const h5r_factor_t *factor, const char *text, void *field, h5r_error_t *err)
{
    int32_t *value = field;
    char list[512] = "";
    size_t used = 0;
    for (int32_t i = 0; factor->choices[i]; i++) {
        if (strcmp(factor->choices[i], text) == 0) {
            *value = i;
            return H5R_OK;
        }
        int n = snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "", factor->choices[i]);
        if (n > 0 && (size_t)n < sizeof list - used) {
            used += (size_t)n;
        }
    }
    const char *near = h5r_nearest(text, factor->choices);
    return h5r_fail(err, H5R_USAGE, "unknown %s '%s': one of %s%s%s%s", factor->name, text, list,
                    near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

static bool equal_choice(const void *a, const void *b)
{
    return *(const int32_t *)a == *(const int32_t *)b;
}

static h5r_status_t parse_dims(const h5r_factor_t *factor, const char *text, void *field, h5r_error_t *err)
{
    h5r_dims_t dims = {0};
    const char *rest = text;
    char piece[32];
    bool may_be_empty = factor->default_text[0] == '\0';
    if (may_be_empty && (text[0] == '\0' || strcmp(text, "none") == 0)) {
        rest = NULL;
    }
    if (factor->choices && strcmp(text, factor->choices[0]) == 0) {
        rest = NULL;
        dims.n = H5R_DIMS_GUESS;
    }
    while (rest) {
        uint64_t d;
        if (!h5r_next_piece(&rest, 'x', piece, sizeof piece) || !h5r_parse_count(piece, &d)) {
            return h5r_fail(err, H5R_USAGE, "%s '%s' is not a list of dimensions such as [64, 64] or 64x64",
                            factor->name, text);
        }
        if (dims.n == H5R_MAX_NDIMS) {
            return h5r_fail(err, H5R_USAGE, "%s '%s' has more than %d dimensions", factor->name, text,
                            H5R_MAX_NDIMS);
        }
        if (d < factor->min || d > factor->max) {
            return h5r_fail(err, H5R_USAGE, "%s '%s': dimension %s is out of range, %" PRIu64 " to %" PRIu64,
                            factor->name, text, piece, factor->min, factor->max);
        }
        dims.d[dims.n++] = d;
    }
    *(h5r_dims_t *)field = dims;
    return H5R_OK;
}

static void format_dims(const h5r_factor_t *factor, const void *field, char *buf, size_t size)
{
    const h5r_dims_t *dims = field;
    size_t used = 0;
    snprintf(buf, size, "%s", dims->n == H5R_DIMS_GUESS ? factor->choices[0] : "");
    for (int i = 0; i < dims->n && used < size; i++) {
        int n = snprintf(buf + used, size - used, "%s%" PRIu64, i ? "x" : "", dims->d[i]);
        used += n > 0 ? (size_t)n : 0;
    }
}

static bool equal_dims(const void *a, const void *b)
{
    const h5r_dims_t *x = a, *y = b;
    return x->n == y->n && (x->n <= 0 || memcmp(x->d, y->d, (size_t)x->n * sizeof x->d[0]) == 0);
}

static h5r_status_t fail_byte_range(const h5r_factor_t *factor, const char *text, h5r_error_t *err)
{
    char min[32], max[32];
    return h5r_fail(err, H5R_USAGE, "%s '%s' is out of range, %s to %s", factor->name, text,
                    h5r_format_bytes(factor->min, min, sizeof min),
                    h5r_format_bytes(factor->max, max, sizeof max));
}

static h5r_status_t parse_bytes(const h5r_factor_t *factor, const char *text, void *field, h5r_error_t *err)
{
    uint64_t value;
    if (!h5r_parse_bytes(text, &value)) {
        return h5r_fail(err, H5R_USAGE, "%s '%s' is not a size such as 4096, 64KiB or 1.5MiB", factor->name,
                        text);
    }
    if (value < factor->min || value > factor->max) {
        return fail_byte_range(factor, text, err);
    }
    *(uint64_t *)field = value;
    return H5R_OK;
}

static void format_bytes(const h5r_factor_t *factor, const void *field, char *buf, size_t size)
{
    (void)factor;
    h5r_format_bytes(*(const uint64_t *)field, buf, size);
}

static h5r_status_t parse_count(const h5r_factor_t *factor, const char *text, void *field, h5r_error_t *err)
{
    uint64_t value;
    for (uint64_t i = 0; factor->choices && factor->choices[i]; i++) {
        if (strcmp(factor->choices[i], text) == 0) {
            *(uint64_t *)field = factor->max + 1 + i;
            return H5R_OK;
        }
    }
    if (!h5r_parse_count(text, &value)) {
        return h5r_fail(err, H5R_USAGE, "%s '%s' is not a whole number such as 521 or 100k%s%s", factor->name,
                        text, factor->choices ? ", nor " : "", factor->choices ? factor->choices[0] : "");
    }
    if (value < factor->min || value > factor->max) {
        return h5r_fail(err, H5R_USAGE, "%s '%s' is out of range, %" PRIu64 " to %" PRIu64, factor->name,
                        text, factor->min, factor->max);
    }
    *(uint64_t *)field = value;
    return H5R_OK;
}

static void format_count(const h5r_factor_t *factor, const void *field, char *buf, size_t size)
{
    uint64_t value = *(const uint64_t *)field;
    if (factor->choices && value > factor->max) {
        snprintf(buf, size, "%s", factor->choices[value - factor->max - 1]);
    } else {
        snprintf(buf, size, "%" PRIu64, value);
    }
}

static bool equal_u64(const void *a, const void *b)
{
    return *(const uint64_t *)a == *(const uint64_t *)b;
}

static h5r_status_t parse_bool(const h5r_factor_t *factor, const char *text, void *field, h5r_error_t *err)
{
    bool is_true = strcmp(text, "true") == 0;
    if (!is_true && strcmp(text, "false") != 0) {
        return h5r_fail(err, H5R_USAGE, "%s '%s' is neither true nor false", factor->name, text);
    }
    *(bool *)field = is_true;
    return H5R_OK;
}

static void format_choice(const h5r_factor_t *factor, const void *field, char *buf, size_t size)
{
    snprintf(buf, size, "%s", factor->choices[*(const int32_t *)field]);
}

static void format_bool(const h5r_factor_t *factor, const void *field, char *buf, size_t size)
{
    (void)factor;
    snprintf(buf, size, "%s", *(const bool *)field ? "true" : "false");
}

static bool equal_bool(const void *a, const void *b)
{
    return *(const bool *)a == *(const bool *)b;
}

static h5r_status_t parse_access(const h5r_factor_t *factor, const char *text, void *field, h5r_error_t *err)
{
    h5r_access_t access = {.kind = H5R_ACCESS_BYTES};
    for (int kind = 0; factor->choices[kind] != NULL; kind++) {
        if (strcmp(factor->choices[kind], text) == 0) {
            access.kind = (h5r_access_kind_t)kind;
        }
    }
    if (access.kind == H5R_ACCESS_BYTES) {
        if (!h5r_parse_bytes(text, &access.bytes)) {
            const char *near = h5r_nearest(text, factor->choices);
            return h5r_fail(
                err, H5R_USAGE,
                "unknown %s '%s': one of element, row, plane, whole, or a size such as 64KiB%s%s%s",
                factor->name, text, near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
        }
        if (access.bytes < factor->min || access.bytes > factor->max) {
            return fail_byte_range(factor, text, err);
        }
    }
    *(h5r_access_t *)field = access;
    return H5R_OK;
}

static void format_access(const h5r_factor_t *factor, const void *field, char *buf, size_t size)
{
    const h5r_access_t *access = field;
    if (access->kind == H5R_ACCESS_BYTES) {
        h5r_format_bytes(access->bytes, buf, size);
    } else {
        snprintf(buf, size, "%s", factor->choices[access->kind]);
    }
}

static bool equal_access(const void *a, const void *b)
{
    const h5r_access_t *x = a, *y = b;
    return x->kind == y->kind && (x->kind != H5R_ACCESS_BYTES || x->bytes == y->bytes);
}

static h5r_status_t parse_text(const h5r_factor_t *factor, const char *text, void *field, h5r_error_t *err)
{
    size_t length = strlen(text);
    if (length >= H5R_TEXT_SIZE) {
        return h5r_fail(err, H5R_USAGE, "%s is longer than %d characters", factor->name, H5R_TEXT_SIZE - 1);
    }
    for (size_t i = 0; i < length; i++) {
        if (iscntrl((unsigned char)text[i])) {
            return h5r_fail(err, H5R_USAGE, "%s contains a control character", factor->name);
        }
    }
    memset(field, 0, H5R_TEXT_SIZE);
    if (strcmp(text, "none") != 0) {
        memcpy(field, text, length);
    }
    return H5R_OK;
}

static void format_text(const h5r_factor_t *factor, const void *field, char *buf, size_t size)
{
    (void)factor;
    snprintf(buf, size, "%s", (const char *)field);
}

static bool equal_text(const void *a, const void *b)
{
    return strcmp(a, b) == 0;
}

/* True if the key before '=' of this hint occurs again later on. */
static bool key_repeats(const char *hint, const char *later)
{
    size_t length = strcspn(hint, "=") + 1;
    char piece[H5R_TEXT_SIZE];
    while (h5r_next_piece(&later, ';', piece, sizeof piece)) {
        if (strncmp(piece, hint, length) == 0) {
            return true;
        }
    }
    return false;
}

static h5r_status_t parse_hints(const h5r_factor_t *factor, const char *text, void *field, h5r_error_t *err)
{
    const char *rest = text[0] == '\0' || strcmp(text, "none") == 0 ? NULL : text;
    char hint[H5R_TEXT_SIZE], checked[H5R_TEXT_SIZE];
    if (parse_text(factor, text, checked, err) != H5R_OK) {
        return err->code;
    }
    while (h5r_next_piece(&rest, ';', hint, sizeof hint)) {
        const char *equals = strchr(hint, '=');
        if (!equals || equals == hint || !equals[1]) {
            return h5r_fail(err, H5R_USAGE, "%s: '%s' is not key=value", factor->name, hint);
        }
        if (key_repeats(hint, rest)) {
            return h5r_fail(err, H5R_USAGE, "%s: '%.*s' is given twice", factor->name, (int)(equals - hint),
                            hint);
        }
    }
    memcpy(field, checked, sizeof checked);
    return H5R_OK;
}

typedef struct {
    size_t size;
    h5r_status_t (*parse)(const h5r_factor_t *factor, const char *text, void *field, h5r_error_t *err);
    void (*format)(const h5r_factor_t *factor, const void *field, char *buf, size_t size);
    bool (*equal)(const void *a, const void *b);
} type_t;

static const type_t type_table[] = {
    [H5R_TYPE_CHOICE] = {sizeof(int32_t), parse_choice, format_choice, equal_choice},
    [H5R_TYPE_DIMS] = {sizeof(h5r_dims_t), parse_dims, format_dims, equal_dims},
    [H5R_TYPE_BYTES] = {sizeof(uint64_t), parse_bytes, format_bytes, equal_u64},
    [H5R_TYPE_COUNT] = {sizeof(uint64_t), parse_count, format_count, equal_u64},
    [H5R_TYPE_BOOL] = {sizeof(bool), parse_bool, format_bool, equal_bool},
    [H5R_TYPE_PIPELINE] = {sizeof(h5r_pipeline_t), h5r_pipeline_parse, h5r_pipeline_format,
                           h5r_pipeline_equal},
    [H5R_TYPE_ACCESS] = {sizeof(h5r_access_t), parse_access, format_access, equal_access},
    [H5R_TYPE_TEXT] = {H5R_TEXT_SIZE, parse_text, format_text, equal_text},
    [H5R_TYPE_HINTS] = {H5R_TEXT_SIZE, parse_hints, format_text, equal_text},
};

h5r_status_t h5r_factor_parse(const h5r_factor_t *factor, const char *text, h5r_factors_t *f,
                              h5r_error_t *err)
{
    return type_table[factor->type].parse(factor, text, (char *)f + factor->offset, err);
}

char *h5r_factor_format(const h5r_factor_t *factor, const h5r_factors_t *f, char *buf, size_t size)
{
    type_table[factor->type].format(factor, (const char *)f + factor->offset, buf, size);
    return buf;
}

bool h5r_factor_equal(const h5r_factor_t *factor, const h5r_factors_t *a, const h5r_factors_t *b)
{
    return type_table[factor->type].equal((const char *)a + factor->offset, (const char *)b + factor->offset);
}

void h5r_factor_copy(const h5r_factor_t *factor, h5r_factors_t *to, const h5r_factors_t *from)
{
    memcpy((char *)to + factor->offset, (const char *)from + factor->offset, type_table[factor->type].size);
}
