#include "core/factors/factor_pipeline.h"

#include "core/base/nearest.h"
#include "core/base/units.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool h5r_next_piece(const char **text, char separator, char *piece, size_t size)
{
    if (!*text) {
        return false;
    }
    const char *end = strchr(*text, separator);
    size_t length = end ? (size_t)(end - *text) : strlen(*text);
    if (length >= size) {
        return false;
    }
    memcpy(piece, *text, length);
    piece[length] = '\0';
    *text = end ? end + 1 : NULL;
    return true;
}

static const h5r_filter_info_t filter_table[H5R_FILTER_KINDS] = {
#define X(symbol, name_, id_, least_, most_, by_default_, number_, help_)                                    \
    [H5R_FILTER_##symbol] = {.name = name_,                                                                  \
                             .id = id_,                                                                      \
                             .least = least_,                                                                \
                             .most = most_,                                                                  \
                             .by_default = by_default_,                                                      \
                             .number = number_,                                                              \
                             .help = help_},
    H5R_FILTER_TABLE(X)
#undef X
};

const h5r_filter_info_t *h5r_filter_info(h5r_filter_kind_t kind)
{
    return &filter_table[kind];
}

bool h5r_filter_is_plugin(h5r_filter_kind_t kind)
{
    const int reserved = 256; /* H5Z_FILTER_RESERVED of H5Zpublic.h: ids below are the library's own */
    return filter_table[kind].id >= reserved;
}

const char *h5r_filter_name(h5r_filter_kind_t kind)
{
    return filter_table[kind].name;
}

/* H5R_FILTER_KINDS: there is none of that name. */
static h5r_filter_kind_t find_filter(const char *name, size_t length)
{
    for (h5r_filter_kind_t kind = H5R_FILTER_DEFLATE; kind < H5R_FILTER_KINDS; kind++) {
        const char *known = filter_table[kind].name;
        if (strlen(known) == length && memcmp(known, name, length) == 0) {
            return kind;
        }
    }
    return H5R_FILTER_KINDS;
}

static h5r_status_t fail_stage(const char *stage, h5r_error_t *err)
{
    const char *known[H5R_FILTER_KINDS + 2] = {"none"};
    char list[256] = "";
    size_t used = 0;
    for (int kind = 0; kind < H5R_FILTER_KINDS; kind++) {
        known[kind + 1] = filter_table[kind].name;
        used += (size_t)snprintf(list + used, sizeof list - used, ", %s", filter_table[kind].name);
    }
    bool zlib = strncmp(stage, "gzip", 4) == 0 || strncmp(stage, "zlib", 4) == 0; /* what others call it */
    const char *near = zlib ? "deflate" : h5r_nearest(stage, known);
    return h5r_fail(err, H5R_USAGE, "unknown filter '%s': none%s%s%s%s", stage, list,
                    near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

static h5r_status_t parse_number(const h5r_filter_info_t *info, const char *stage, const char *digits,
                                 int32_t *level, h5r_error_t *err)
{
    uint64_t value;
    *level = info->by_default;
    if (digits && !info->number) {
        return h5r_fail(err, H5R_USAGE, "filter '%s': %s takes no number", stage, info->name);
    }
    if (digits && h5r_parse_count(digits, &value) && strlen(digits) <= 2 && value >= (uint64_t)info->least &&
        value <= (uint64_t)info->most) {
        *level = (int32_t)value;
        return H5R_OK;
    }
    if (digits || info->by_default == H5R_FILTER_MUST) {
        return h5r_fail(err, H5R_USAGE, "filter '%s': the %s of %s is %d to %d", stage, info->number,
                        info->name, info->least, info->most);
    }
    return H5R_OK;
}

static h5r_status_t parse_stage(const char *stage, h5r_pipeline_t *pipeline, h5r_error_t *err)
{
    size_t length = strcspn(stage, ":");
    h5r_filter_kind_t kind = find_filter(stage, length);
    int32_t level;
    if (kind == H5R_FILTER_KINDS) {
        return fail_stage(stage, err);
    }
    for (int i = 0; i < pipeline->n; i++) {
        if (pipeline->stage[i].kind == kind) {
            return h5r_fail(err, H5R_USAGE, "filter '%.*s' occurs twice", (int)length, stage);
        }
    }
    if (pipeline->n == H5R_MAX_FILTERS) {
        return h5r_fail(err, H5R_USAGE, "filter '%s': more than %d filters", stage, H5R_MAX_FILTERS);
    }
    if (parse_number(&filter_table[kind], stage, stage[length] ? stage + length + 1 : NULL, &level, err) !=
        H5R_OK) {
        return err->code;
    }
    pipeline->stage[pipeline->n].kind = kind;
    pipeline->stage[pipeline->n].level = level;
    pipeline->n++;
    return H5R_OK;
}

h5r_status_t h5r_pipeline_parse(const h5r_factor_t *factor, const char *text, void *field, h5r_error_t *err)
{
    h5r_pipeline_t pipeline = {0};
    const char *rest = strcmp(text, "none") == 0 ? NULL : text;
    char stage[64];
    while (rest) {
        if (!h5r_next_piece(&rest, '+', stage, sizeof stage)) {
            return h5r_fail(err, H5R_USAGE, "%s '%.80s...' is too long", factor->name, text);
        }
        if (parse_stage(stage, &pipeline, err) != H5R_OK) {
            return err->code;
        }
    }
    *(h5r_pipeline_t *)field = pipeline;
    return H5R_OK;
}

void h5r_pipeline_format(const h5r_factor_t *factor, const void *field, char *buf, size_t size)
{
    const h5r_pipeline_t *pipeline = field;
    size_t used = 0;
    (void)factor;
    snprintf(buf, size, "none");
    for (int i = 0; i < pipeline->n && used < size; i++) {
        const h5r_filter_info_t *info = &filter_table[pipeline->stage[i].kind];
        int n = snprintf(buf + used, size - used, "%s%s", i ? "+" : "", info->name);
        used += n > 0 ? (size_t)n : 0;
        if (info->number && used < size) {
            n = snprintf(buf + used, size - used, ":%" PRId32, pipeline->stage[i].level);
            used += n > 0 ? (size_t)n : 0;
        }
    }
}

bool h5r_pipeline_equal(const void *a, const void *b)
{
    const h5r_pipeline_t *x = a, *y = b;
    return x->n == y->n && memcmp(x->stage, y->stage, (size_t)x->n * sizeof x->stage[0]) == 0;
}

int h5r_pipeline_find(const h5r_pipeline_t *p, h5r_filter_kind_t kind)
{
    for (int i = 0; i < p->n; i++) {
        if (p->stage[i].kind == kind) {
            return i;
        }
    }
    return -1;
}

int h5r_factors_bits(const h5r_factors_t *f)
{
    int i = h5r_pipeline_find(&f->filter, H5R_FILTER_NBIT);
    return i < 0 ? 0 : f->filter.stage[i].level;
}
