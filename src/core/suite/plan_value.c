#include "core/base/nearest.h"
#include "core/suite/plan_suite.h"

#include <stdio.h>
#include <string.h>

/* Appends to a text that is `used` long; false: no room. */
static bool append(char *buf, size_t size, size_t *used, const char *text)
{
    size_t length = strlen(text);
    if (length >= size - *used) {
        return false;
    }
    memcpy(buf + *used, text, length + 1);
    *used += length;
    return true;
}

static h5r_status_t fail_several(const h5r_factor_t *factor, h5r_error_t *err)
{
    return h5r_fail(err, H5R_USAGE,
                    "%s takes one value here; to try several values put them under sweep:", factor->name);
}

/* [64, 64] -> 64x64 */
static h5r_status_t dims_text(const h5r_factor_t *factor, struct fy_node *list, char *text, h5r_error_t *err)
{
    char item_text[64];
    void *iterator = NULL;
    struct fy_node *item;
    size_t used = 0;
    if (fy_node_sequence_item_count(list) == 0) {
        return h5r_fail(err, H5R_USAGE,
                        "%s is an empty list; a list of dimensions such as [64, 64] is expected",
                        factor->name);
    }
    while ((item = fy_node_sequence_iterate(list, &iterator))) {
        if (fy_node_is_sequence(item)) {
            return fail_several(factor, err);
        }
        if (!h5r_node_text(item, item_text, sizeof item_text, err)) {
            return h5r_context(err, "%s", factor->name);
        }
        if (strchr(item_text, 'x') && fy_node_sequence_item_count(list) > 1) {
            return fail_several(factor, err);
        }
        if ((used > 0 && !append(text, H5R_VALUE_SIZE, &used, "x")) ||
            !append(text, H5R_VALUE_SIZE, &used, item_text[0] ? item_text : "?")) {
            return h5r_fail(err, H5R_USAGE, "%s has more than %d dimensions", factor->name, H5R_MAX_NDIMS);
        }
    }
    return H5R_OK;
}

/* {a: 1, b: 2} -> a=1;b=2 */
static h5r_status_t hints_text(const h5r_factor_t *factor, struct fy_node *map, char *text, h5r_error_t *err)
{
    char part[H5R_VALUE_SIZE];
    void *iterator = NULL;
    struct fy_node_pair *pair;
    size_t used = 0;
    while ((pair = fy_node_mapping_iterate(map, &iterator))) {
        if (!h5r_node_text(fy_node_pair_key(pair), part, sizeof part, err)) {
            return h5r_context(err, "%s", factor->name);
        }
        if (strpbrk(part, "=;")) {
            return h5r_fail(err, H5R_USAGE, "%s: the key '%.80s' contains '=' or ';'", factor->name, part);
        }
        bool room = (used == 0 || append(text, H5R_VALUE_SIZE, &used, ";")) &&
                    append(text, H5R_VALUE_SIZE, &used, part) && append(text, H5R_VALUE_SIZE, &used, "=");
        if (!h5r_node_text(fy_node_pair_value(pair), part, sizeof part, err)) {
            return h5r_context(err, "%s", factor->name);
        }
        if (strchr(part, ';')) {
            return h5r_fail(err, H5R_USAGE, "%s: the value '%.80s' contains ';'", factor->name, part);
        }
        if (!room || !append(text, H5R_VALUE_SIZE, &used, part)) {
            return h5r_fail(err, H5R_USAGE, "%s are longer than %d characters", factor->name,
                            H5R_TEXT_SIZE - 1);
        }
    }
    return H5R_OK;
}

h5r_status_t h5r_suite_factor(const h5r_factor_t *factor, struct fy_node *node, h5r_factors_t *f,
                              h5r_error_t *err)
{
    char text[H5R_VALUE_SIZE] = "";
    if (factor->type == H5R_TYPE_DIMS && fy_node_is_sequence(node)) {
        if (dims_text(factor, node, text, err) != H5R_OK) {
            return err->code;
        }
    } else if (factor->type == H5R_TYPE_HINTS && node && fy_node_is_mapping(node)) {
        if (hints_text(factor, node, text, err) != H5R_OK) {
            return err->code;
        }
    } else if (node && fy_node_is_sequence(node)) {
        return fail_several(factor, err);
    } else if (!h5r_node_text(node, text, sizeof text, err)) {
        return h5r_context(err, "%s", factor->name);
    }
    return h5r_factor_parse(factor, text, f, err);
}

static size_t index_of(const h5r_factor_t *factor)
{
    return (size_t)(factor - h5r_factor_table);
}

void h5r_partial_set(h5r_partial_t *partial, const h5r_factor_t *factor, const h5r_factors_t *from)
{
    partial->given[index_of(factor)] = true;
    h5r_factor_copy(factor, &partial->value, from);
}

bool h5r_partial_has(const h5r_partial_t *partial, const h5r_factor_t *factor)
{
    return partial->given[index_of(factor)];
}

void h5r_partial_apply(const h5r_partial_t *partial, h5r_factors_t *f)
{
    for (size_t i = 0; i < H5R_FACTORS; i++) {
        if (partial->given[i]) {
            h5r_factor_copy(&h5r_factor_table[i], f, &partial->value);
        }
    }
}

bool h5r_partial_matches(const h5r_partial_t *partial, const h5r_factors_t *f)
{
    for (size_t i = 0; i < H5R_FACTORS; i++) {
        if (partial->given[i] && !h5r_factor_equal(&h5r_factor_table[i], &partial->value, f)) {
            return false;
        }
    }
    return true;
}

const char *h5r_suite_suggest(const char *word, const char *const *candidates, bool factors, char *buf,
                              size_t size)
{
    const char *all[2 * H5R_FACTORS];
    size_t n = 0;
    for (; candidates && *candidates && n < H5R_FACTORS; candidates++) {
        all[n++] = *candidates;
    }
    for (size_t i = 0; factors && i < H5R_FACTORS; i++) {
        all[n++] = h5r_factor_table[i].name;
    }
    all[n] = NULL;
    const char *near = h5r_nearest(word, all);
    buf[0] = '\0';
    if (near) {
        snprintf(buf, size, "; did you mean '%s'?", near);
    }
    return buf;
}

struct fy_node *h5r_suite_place(struct fy_node *key, struct fy_node *value)
{
    return !value || fy_node_is_null(value) ? key : value;
}
