#include "core/suite/plan_suite.h"
#include "h5roof/count.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The first comment line, without '#' and blanks around. */
static void take_question(h5r_suite_t *suite)
{
    const char *line = suite->doc.text;
    while (line && *line != '#') {
        line = strchr(line, '\n');
        line = line ? line + 1 : NULL;
    }
    if (!line) {
        return;
    }
    line += strspn(line, "# \t");
    size_t length = strcspn(line, "\r\n");
    while (length > 0 && (line[length - 1] == ' ' || line[length - 1] == '\t')) {
        length--;
    }
    if (length >= sizeof suite->plan->question) {
        length = sizeof suite->plan->question - 1;
    }
    while (length > 0 && ((unsigned char)line[length] & 0xc0) == 0x80) {
        length--; /* do not cut a character in two */
    }
    memcpy(suite->plan->question, line, length);
}

static void read_setting(h5r_suite_t *suite, const char *name, struct fy_node *key, struct fy_node *value)
{
    char text[PATH_MAX];
    h5r_error_t err = {0};
    bool ok = h5r_node_text(value, text, sizeof text, &err);
    if (!ok) {
        h5r_context(&err, "%s", name);
    }
    if (!ok || h5r_setting_set(suite->plan, name, text, &err) != H5R_OK) {
        h5r_suite_doc_error(&suite->doc, h5r_suite_place(key, value), "%s", err.message);
    }
}

static void read_plain(h5r_suite_t *suite, struct fy_node *key, struct fy_node *node)
{
    char name[64];
    h5r_error_t err = {0};
    if (h5r_node_text(key, name, sizeof name, &err)) {
        read_setting(suite, name, key, node);
    }
}

static void read_repeat(h5r_suite_t *suite, struct fy_node *repeat_key, struct fy_node *map)
{
    static const char *const keys[] = {"warmup", "min", "max", "ci", "time", NULL};
    char word[32], name[64], suggestion[128];
    void *iterator = NULL;
    struct fy_node_pair *pair;
    suite->repeat_where = repeat_key;
    if (!map || !fy_node_is_mapping(map)) {
        h5r_suite_doc_error(&suite->doc, h5r_suite_place(repeat_key, map),
                            "repeat is a mapping: {warmup: 1, min: 6, max: 30, ci: 5%%, time: 30s}");
        return;
    }
    while ((pair = fy_node_mapping_iterate(map, &iterator))) {
        struct fy_node *key = fy_node_pair_key(pair);
        h5r_error_t err = {0};
        bool known = false;
        bool is_word = h5r_node_text(key, word, sizeof word, &err);
        for (size_t i = 0; is_word && keys[i]; i++) {
            known = known || strcmp(keys[i], word) == 0;
        }
        if (!known) {
            h5r_suite_doc_error(&suite->doc, h5r_suite_place(repeat_key, key), "unknown key '%s' in repeat%s",
                                is_word ? word : "?",
                                is_word ? h5r_suite_suggest(word, keys, false, suggestion, sizeof suggestion)
                                        : "");
            continue;
        }
        snprintf(name, sizeof name, "repeat.%s", word);
        read_setting(suite, name, key, fy_node_pair_value(pair));
    }
}

typedef void (*section_t)(h5r_suite_t *suite, struct fy_node *key, struct fy_node *node);

static section_t find_section(const char *word)
{
    static const struct {
        const char *name;
        section_t read;
    } section_table[] = {
        {"suite", read_plain},           {"seed", read_plain},
        {"scratch", read_plain},         {"verify", read_plain},
        {"roofs", read_plain},           {"case_timeout", read_plain},
        {"repeat", read_repeat},         {"defaults", h5r_suite_read_defaults},
        {"cases", h5r_suite_read_cases}, {"skip", h5r_suite_read_skips},
    };
    for (size_t i = 0; i < H5R_COUNT_OF(section_table); i++) {
        if (strcmp(section_table[i].name, word) == 0) {
            return section_table[i].read;
        }
    }
    return NULL;
}

static void fail_section(h5r_suite_t *suite, struct fy_node *key, const char *word)
{
    static const char *const names[] = {"suite",    "seed",  "scratch", "verify", "repeat", "case_timeout",
                                        "defaults", "cases", "skip",    "roofs",  NULL};
    char suggestion[128];
    if (h5r_factor_find(word)) {
        h5r_suite_doc_error(&suite->doc, key, "'%s' is a factor: it belongs under defaults or into a case",
                            word);
    } else if (strcmp(word, "sweep") == 0) {
        h5r_suite_doc_error(&suite->doc, key, "'sweep' belongs to an entry of cases");
    } else {
        h5r_suite_doc_error(&suite->doc, key, "unknown key '%s'%s", word,
                            h5r_suite_suggest(word, names, false, suggestion, sizeof suggestion));
    }
}

static void read_root(h5r_suite_t *suite, struct fy_node *root)
{
    char word[H5R_VALUE_SIZE];
    void *iterator = NULL;
    struct fy_node_pair *pair;
    if (!root || !fy_node_is_mapping(root)) {
        h5r_suite_doc_error(&suite->doc, root, "a suite is a mapping that begins with suite: NAME");
        return;
    }
    while ((pair = fy_node_mapping_iterate(root, &iterator))) {
        struct fy_node *key = fy_node_pair_key(pair);
        h5r_error_t err = {0};
        if (!h5r_node_text(key, word, sizeof word, &err)) {
            h5r_suite_doc_error(&suite->doc, h5r_suite_place(root, key), "a key must be a plain word");
            continue;
        }
        section_t read = find_section(word);
        if (read) {
            read(suite, key, fy_node_pair_value(pair));
        } else {
            fail_section(suite, key, word);
        }
    }
    if (!fy_node_mapping_lookup_value_by_simple_key(root, "suite", 5)) {
        h5r_suite_doc_error(&suite->doc, root, "the suite has no name: suite: NAME is missing");
    }
    if (!fy_node_mapping_lookup_value_by_simple_key(root, "cases", 5)) {
        h5r_suite_doc_error(&suite->doc, root, "the suite has no cases");
    }
}

static void check_repeat(h5r_suite_t *suite)
{
    const h5r_repeat_t *repeat = &suite->plan->repeat;
    if (repeat->min <= repeat->max) {
        return;
    }
    if (suite->repeat_set) {
        h5r_suite_doc_error_elsewhere(&suite->doc,
                                      "--set %s: error: repeat.min %" PRIu64 " is above repeat.max %" PRIu64,
                                      suite->repeat_set, repeat->min, repeat->max);
    } else {
        h5r_suite_doc_error(&suite->doc, suite->repeat_where,
                            "repeat.min %" PRIu64 " is above repeat.max %" PRIu64, repeat->min, repeat->max);
    }
}

static h5r_status_t read_suite(h5r_suite_t *suite, const char *const *sets, size_t nsets, h5r_error_t *err)
{
    /* Applied twice: first, because sweeps depend on them; last, because they overrule the file's settings.
     */
    h5r_suite_apply_sets(suite, sets, nsets);
    size_t set_errors = h5r_suite_doc_errors(&suite->doc);
    if (suite->doc.document) {
        take_question(suite);
        read_root(suite, fy_document_root(suite->doc.document));
        if (set_errors == 0) {
            h5r_suite_apply_sets(suite, sets, nsets);
            check_repeat(suite);
        }
    }
    if (!suite->defaults_broken && suite->nspecs > 0) {
        return h5r_suite_expand(suite, err);
    }
    return H5R_OK;
}

static h5r_status_t report(h5r_suite_t *suite, char **diagnostics, h5r_error_t *err)
{
    size_t n = h5r_suite_doc_errors(&suite->doc);
    if (n == 0 && suite->plan->ncases == 0 && suite->nonly == 0) {
        return h5r_fail(err, H5R_USAGE, "suite '%s': skip leaves out every case", suite->doc.path);
    }
    if (n == 0) {
        return H5R_OK;
    }
    *diagnostics = h5r_suite_doc_report(&suite->doc);
    if (!*diagnostics) {
        return h5r_no_memory(err, "reading suite '%s'", suite->doc.path);
    }
    return h5r_fail(err, H5R_USAGE, "%zu error%s in %s", n, n == 1 ? "" : "s", suite->doc.path);
}

static void suite_free(h5r_suite_t *suite)
{
    for (size_t s = 0; s < suite->nspecs; s++) {
        for (size_t a = 0; a < suite->specs[s].naxes; a++) {
            free(suite->specs[s].axes[a].values);
        }
    }
    free(suite->specs);
    free(suite->skips);
    free(suite->only_used);
    h5r_suite_doc_close(&suite->doc);
}

h5r_status_t h5r_plan_load(const char *path, const char *const *sets, size_t nsets, h5r_plan_t *plan,
                           char **diagnostics, h5r_error_t *err)
{
    const h5r_plan_in_t in = {.path = path, .sets = sets, .nsets = nsets};
    return h5r_plan_load_from(&in, plan, diagnostics, err);
}

h5r_status_t h5r_plan_load_from(const h5r_plan_in_t *in, h5r_plan_t *plan, char **diagnostics,
                                h5r_error_t *err)
{
    *plan = (h5r_plan_t){0};
    *diagnostics = NULL;
    h5r_settings_default(plan);
    h5r_suite_t *suite = calloc(1, sizeof *suite);
    bool *only_used = calloc(in->nonly + 1, sizeof *only_used);
    if (!suite || !only_used) {
        free(suite);
        free(only_used);
        return h5r_no_memory(err, "the cases of a suite");
    }
    suite->plan = plan;
    suite->only = in->only;
    suite->nonly = in->nonly;
    suite->only_used = only_used;
    snprintf(plan->path, sizeof plan->path, "%s", in->path);
    h5r_status_t status = h5r_suite_doc_open(&suite->doc, in->path, in->text, err);
    if (status == H5R_OK) {
        status = read_suite(suite, in->sets, in->nsets, err);
    }
    if (status == H5R_OK) {
        status = report(suite, diagnostics, err);
    }
    suite_free(suite);
    free(suite);
    return status;
}
