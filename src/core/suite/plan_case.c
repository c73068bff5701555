/* The sections of a suite that choose factors: defaults, cases with their sweeps, skip. */
#include "core/suite/plan_suite.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const char *const case_keys[] = {"name", "sweep", NULL};

bool h5r_case_name_ok(const char *name)
{
    size_t length = strlen(name);
    if (length == 0 || length >= H5R_NAME_SIZE || !isalnum((unsigned char)name[0])) {
        return false;
    }
    for (const char *s = name; *s; s++) {
        if (!isalnum((unsigned char)*s) && !strchr("-_.+:=/;,%@", *s)) {
            return false;
        }
    }
    return true;
}

/* The word that a key is, or false with the error reported. */
static bool key_text(h5r_suite_t *suite, struct fy_node *map, struct fy_node *key, char *word, size_t size)
{
    h5r_error_t err = {0};
    if (h5r_node_text(key, word, size, &err)) {
        return true;
    }
    h5r_suite_doc_error(&suite->doc, h5r_suite_place(map, key), "a key must be a plain word");
    return false;
}

/* One "FACTOR: value" of a mapping. */
static void read_factor(h5r_suite_t *suite, const h5r_factor_t *factor, struct fy_node *key,
                        struct fy_node *value, h5r_partial_t *partial)
{
    h5r_error_t err = {0};
    h5r_factors_t f;
    if (h5r_suite_factor(factor, value, &f, &err) == H5R_OK) {
        h5r_partial_set(partial, factor, &f);
    } else {
        h5r_suite_doc_error(&suite->doc, h5r_suite_place(key, value), "%s", err.message);
    }
}

static void fail_unknown(h5r_suite_t *suite, struct fy_node *key, const char *word, const char *const *also)
{
    char suggestion[128];
    bool of_a_case = strcmp(word, "name") == 0 || strcmp(word, "sweep") == 0;
    if (of_a_case) {
        h5r_suite_doc_error(&suite->doc, key, "'%s' belongs to an entry of cases", word);
    } else {
        h5r_suite_doc_error(&suite->doc, key, "unknown factor '%s'%s", word,
                            h5r_suite_suggest(word, also, true, suggestion, sizeof suggestion));
    }
}

/* A mapping of nothing but factors. */
static void read_partial(h5r_suite_t *suite, struct fy_node *map, h5r_partial_t *partial)
{
    char word[H5R_VALUE_SIZE];
    void *iterator = NULL;
    struct fy_node_pair *pair;
    while ((pair = fy_node_mapping_iterate(map, &iterator))) {
        struct fy_node *key = fy_node_pair_key(pair);
        if (!key_text(suite, map, key, word, sizeof word)) {
            continue;
        }
        const h5r_factor_t *factor = h5r_factor_find(word);
        if (factor) {
            read_factor(suite, factor, key, fy_node_pair_value(pair), partial);
        } else {
            fail_unknown(suite, key, word, NULL);
        }
    }
}

void h5r_suite_read_defaults(h5r_suite_t *suite, struct fy_node *key, struct fy_node *node)
{
    size_t before = h5r_suite_doc_errors(&suite->doc);
    if (fy_node_is_mapping(node)) {
        read_partial(suite, node, &suite->defaults);
    } else {
        h5r_suite_doc_error(&suite->doc, h5r_suite_place(key, node),
                            "defaults is a mapping of factors: {dtype: f64, driver: mpio}");
    }
    if (h5r_suite_doc_errors(&suite->doc) != before) {
        suite->defaults_broken = true;
    }
}

static bool axis_has(const h5r_axis_t *axis, const h5r_factors_t *value)
{
    for (size_t i = 0; i < axis->n; i++) {
        if (h5r_factor_equal(axis->factor, &axis->values[i], value)) {
            return true;
        }
    }
    return false;
}

static void read_axis(h5r_suite_t *suite, struct fy_node *key, struct fy_node *list, h5r_axis_t *axis)
{
    void *iterator = NULL;
    struct fy_node *item;
    int count = fy_node_sequence_item_count(list);
    if (count <= 0) {
        h5r_suite_doc_error(&suite->doc, list, "sweep over %s: the list is empty", axis->factor->name);
        return;
    }
    axis->values = calloc((size_t)count, sizeof *axis->values);
    if (!axis->values) {
        suite->doc.out_of_memory = true;
        return;
    }
    while ((item = fy_node_sequence_iterate(list, &iterator))) {
        h5r_error_t err = {0};
        char text[H5R_TEXT_SIZE];
        h5r_factors_t *value = &axis->values[axis->n];
        struct fy_node *place = h5r_suite_place(key, item);
        if (h5r_suite_factor(axis->factor, item, value, &err) != H5R_OK) {
            h5r_suite_doc_error(&suite->doc, place, "%s", err.message);
        } else if (axis_has(axis, value)) {
            h5r_suite_doc_error(&suite->doc, place, "sweep over %s: '%s' is listed twice", axis->factor->name,
                                h5r_factor_format(axis->factor, value, text, sizeof text));
        } else {
            axis->n++;
        }
    }
}

static void read_axis_of(h5r_suite_t *suite, const char *word, struct fy_node *key, struct fy_node *value,
                         h5r_spec_t *spec)
{
    char suggestion[128];
    const h5r_factor_t *factor = h5r_factor_find(word);
    if (!factor) {
        bool known = strcmp(word, "name") == 0 || strcmp(word, "cases") == 0 || strcmp(word, "repeat") == 0;
        for (size_t i = 0; !known && h5r_setting_names[i]; i++) {
            known = strcmp(h5r_setting_names[i], word) == 0;
        }
        if (known) {
            h5r_suite_doc_error(&suite->doc, key,
                                "'%s' is not a factor: it has one value and cannot be swept", word);
        } else {
            h5r_suite_doc_error(&suite->doc, key, "unknown factor '%s'%s", word,
                                h5r_suite_suggest(word, NULL, true, suggestion, sizeof suggestion));
        }
        return;
    }
    if (!value || !fy_node_is_sequence(value)) {
        h5r_suite_doc_error(&suite->doc, h5r_suite_place(key, value),
                            "sweep over %s: a list of values is expected; a single value stands beside sweep",
                            word);
        return;
    }
    if (h5r_partial_has(&spec->fixed, factor)) {
        h5r_suite_doc_error(&suite->doc, key, "%s is swept, but this case fixes it as well", word);
        return;
    }
    h5r_axis_t *axis = &spec->axes[spec->naxes++];
    axis->factor = factor;
    read_axis(suite, key, value, axis);
}

static void drop_set_axes(const h5r_suite_t *suite, h5r_spec_t *spec)
{
    size_t kept = 0;
    for (size_t i = 0; i < spec->naxes; i++) {
        if (h5r_partial_has(&suite->sets, spec->axes[i].factor)) {
            free(spec->axes[i].values);
        } else {
            spec->axes[kept++] = spec->axes[i];
        }
    }
    spec->naxes = kept;
}

static void read_sweep(h5r_suite_t *suite, struct fy_node *key, struct fy_node *map, h5r_spec_t *spec)
{
    char word[H5R_VALUE_SIZE];
    void *iterator = NULL;
    struct fy_node_pair *pair;
    if (!map || !fy_node_is_mapping(map) || fy_node_mapping_item_count(map) == 0) {
        h5r_suite_doc_error(&suite->doc, h5r_suite_place(key, map),
                            "sweep is a mapping of factors to lists: {access: [row, whole]}");
        return;
    }
    while ((pair = fy_node_mapping_iterate(map, &iterator))) {
        if (key_text(suite, map, fy_node_pair_key(pair), word, sizeof word)) {
            read_axis_of(suite, word, fy_node_pair_key(pair), fy_node_pair_value(pair), spec);
        }
    }
    drop_set_axes(suite, spec);
}

static void read_name(h5r_suite_t *suite, struct fy_node *key, struct fy_node *value, h5r_spec_t *spec)
{
    h5r_error_t err = {0};
    struct fy_node *place = h5r_suite_place(key, value);
    if (!h5r_node_text(value, spec->name, sizeof spec->name, &err)) {
        h5r_suite_doc_error(&suite->doc, place, "name: %s", err.message);
        return;
    }
    spec->where = place;
    if (!h5r_case_name_ok(spec->name)) {
        h5r_suite_doc_error(
            &suite->doc, place,
            "name '%s': it begins with a letter or digit and goes on with these and any of -_.+:=/;,%%@",
            spec->name);
    }
}

static void read_case(h5r_suite_t *suite, struct fy_node *map, h5r_spec_t *spec)
{
    char word[H5R_VALUE_SIZE];
    void *iterator = NULL;
    struct fy_node_pair *pair, *sweep = NULL;
    while ((pair = fy_node_mapping_iterate(map, &iterator))) {
        struct fy_node *key = fy_node_pair_key(pair), *value = fy_node_pair_value(pair);
        if (!key_text(suite, map, key, word, sizeof word)) {
            continue;
        }
        const h5r_factor_t *factor = h5r_factor_find(word);
        if (strcmp(word, "name") == 0) {
            read_name(suite, key, value, spec);
        } else if (strcmp(word, "sweep") == 0) {
            sweep = pair;
        } else if (factor) {
            read_factor(suite, factor, key, value, &spec->fixed);
        } else {
            fail_unknown(suite, key, word, case_keys);
        }
    }
    /* Last, because it must know what the case fixes. */
    if (sweep) {
        read_sweep(suite, fy_node_pair_key(sweep), fy_node_pair_value(sweep), spec);
    }
    if (!spec->where && !fy_node_mapping_lookup_value_by_simple_key(map, "name", 4)) {
        h5r_suite_doc_error(&suite->doc, map, "this case has no name");
    }
    if (!spec->where) {
        spec->broken = true;
    }
}

void h5r_suite_read_cases(h5r_suite_t *suite, struct fy_node *key, struct fy_node *node)
{
    void *iterator = NULL;
    struct fy_node *item;
    int count = node && fy_node_is_sequence(node) ? fy_node_sequence_item_count(node) : 0;
    if (count <= 0) {
        h5r_suite_doc_error(&suite->doc, h5r_suite_place(key, node),
                            "cases is a list of at least one case: [{name: a}]");
        return;
    }
    suite->specs = calloc((size_t)count, sizeof *suite->specs);
    if (!suite->specs) {
        suite->doc.out_of_memory = true;
        return;
    }
    while ((item = fy_node_sequence_iterate(node, &iterator))) {
        h5r_spec_t *spec = &suite->specs[suite->nspecs++];
        size_t before = h5r_suite_doc_errors(&suite->doc);
        if (fy_node_is_mapping(item)) {
            read_case(suite, item, spec);
        } else {
            h5r_suite_doc_error(&suite->doc, h5r_suite_place(key, item),
                                "a case is a mapping such as {name: a, layout: chunked}");
        }
        spec->broken = spec->broken || h5r_suite_doc_errors(&suite->doc) != before;
    }
}

void h5r_suite_read_skips(h5r_suite_t *suite, struct fy_node *key, struct fy_node *node)
{
    void *iterator = NULL;
    struct fy_node *item;
    if (!node || !fy_node_is_sequence(node)) {
        h5r_suite_doc_error(&suite->doc, h5r_suite_place(key, node),
                            "skip is a list of mappings: [{filter: none}]");
        return;
    }
    int count = fy_node_sequence_item_count(node);
    suite->skips = calloc(count > 0 ? (size_t)count : 1, sizeof *suite->skips);
    if (!suite->skips) {
        suite->doc.out_of_memory = true;
        return;
    }
    while ((item = fy_node_sequence_iterate(node, &iterator))) {
        size_t before = h5r_suite_doc_errors(&suite->doc);
        h5r_skip_t *skip = &suite->skips[suite->nskips];
        *skip = (h5r_skip_t){.where = h5r_suite_place(key, item)};
        if (fy_node_is_mapping(item) && fy_node_mapping_item_count(item) > 0) {
            read_partial(suite, item, &skip->match);
        } else {
            h5r_suite_doc_error(&suite->doc, skip->where,
                                "an entry of skip is a mapping of factors such as {filter: none}");
        }
        if (h5r_suite_doc_errors(&suite->doc) == before) {
            suite->nskips++;
        } else {
            suite->defaults_broken = true; /* what it should have left out may be what is wrong */
        }
    }
}
