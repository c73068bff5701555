#include "core/env/env_doc.h"

#include "core/base/open_file.h"

#include <libfyaml.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEEPEST    8
#define MOST_BYTES ((size_t)64 << 20)
#define MAX_PATH   512 /* of a value inside the document */

typedef enum { FINE, NO_MEMORY, STRANGE } outcome_t;

static outcome_t add(h5r_env_doc_t *doc, const char *path, const char *text, size_t length)
{
    if (doc->n == doc->capacity) {
        size_t capacity = 2 * doc->capacity + 64;
        h5r_env_entry_t *more = realloc(doc->entry, capacity * sizeof *more);
        if (more == NULL) {
            return NO_MEMORY;
        }
        doc->entry = more;
        doc->capacity = capacity;
    }
    h5r_env_entry_t e = {
        .path = strdup(path), .text = text != NULL ? strndup(text, length) : NULL, .place = doc->n};
    if (e.path == NULL || (text != NULL && e.text == NULL)) {
        free(e.path);
        free(e.text);
        return NO_MEMORY;
    }
    doc->entry[doc->n++] = e;
    return FINE;
}

static outcome_t flatten(h5r_env_doc_t *doc, const char *path, struct fy_node *node, int depth);

static outcome_t flatten_map(h5r_env_doc_t *doc, const char *path, struct fy_node *node, int depth)
{
    outcome_t outcome = FINE;
    void *at = NULL;
    struct fy_node_pair *pair;
    while (outcome == FINE && (pair = fy_node_mapping_iterate(node, &at)) != NULL) {
        char inner[MAX_PATH];
        size_t length = 0;
        const char *key = fy_node_get_scalar(fy_node_pair_key(pair), &length);
        if (key == NULL || snprintf(inner, sizeof inner, "%s%s%.*s", path, path[0] != '\0' ? "." : "",
                                    (int)length, key) >= (int)sizeof inner) {
            return STRANGE;
        }
        outcome = flatten(doc, inner, fy_node_pair_value(pair), depth + 1);
    }
    return outcome;
}

static outcome_t flatten_list(h5r_env_doc_t *doc, const char *path, struct fy_node *node, int depth)
{
    outcome_t outcome = FINE;
    void *at = NULL;
    struct fy_node *item;
    for (size_t i = 0; outcome == FINE && (item = fy_node_sequence_iterate(node, &at)) != NULL; i++) {
        char inner[MAX_PATH];
        if (snprintf(inner, sizeof inner, "%s[%zu]", path, i) >= (int)sizeof inner) {
            return STRANGE;
        }
        outcome = flatten(doc, inner, item, depth + 1);
    }
    return outcome;
}

/* To fy_node_is_null() a node without a token is null, JSON's word null is a text. */
static bool is_null(struct fy_node *node)
{
    size_t length = 0;
    const char *text = fy_node_is_scalar(node) ? fy_node_get_scalar(node, &length) : NULL;
    bool word = text != NULL && length == 4 && strncmp(text, "null", 4) == 0;
    return fy_node_is_null(node) || (word && fy_node_get_style(node) == FYNS_PLAIN);
}

static outcome_t flatten(h5r_env_doc_t *doc, const char *path, struct fy_node *node, int depth)
{
    static const char empty[] = "(empty)";
    if (depth > DEEPEST) {
        return STRANGE;
    }
    if (node == NULL || is_null(node)) {
        return add(doc, path, NULL, 0);
    }
    if (fy_node_is_mapping(node)) {
        return fy_node_mapping_item_count(node) > 0 ? flatten_map(doc, path, node, depth)
                                                    : add(doc, path, empty, sizeof empty - 1);
    }
    if (fy_node_is_sequence(node)) {
        return fy_node_sequence_item_count(node) > 0 ? flatten_list(doc, path, node, depth)
                                                     : add(doc, path, empty, sizeof empty - 1);
    }
    size_t length = 0;
    const char *text = fy_node_get_scalar(node, &length);
    return add(doc, path, text != NULL ? text : "", length);
}

static bool is_map(struct fy_document *document)
{
    struct fy_node *root = document != NULL ? fy_document_root(document) : NULL;
    return root != NULL && fy_node_is_mapping(root);
}

/* Every env.json says of which HDF5. */
static bool is_known(const h5r_env_doc_t *doc)
{
    for (size_t i = 0; i < doc->n; i++) {
        if (strcmp(doc->entry[i].path, "hdf5.version") == 0) {
            return true;
        }
    }
    return false;
}

/* Levels of lists and maps: libfyaml goes down as deep as a text asks for. */
static bool is_flat(const char *text, size_t length)
{
    int depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < length && depth <= DEEPEST; i++) {
        if (quoted && text[i] == '\\') {
            i++;
        } else if (text[i] == '"') {
            quoted = !quoted;
        } else if (!quoted) {
            depth += text[i] == '{' || text[i] == '[' ? 1 : text[i] == '}' || text[i] == ']' ? -1 : 0;
        }
    }
    return depth <= DEEPEST;
}

static outcome_t parse(const char *text, size_t length, h5r_env_doc_t *doc)
{
    /* Errors are collected, since libfyaml prints them otherwise. */
    struct fy_diag_cfg diag_cfg;
    fy_diag_cfg_default(&diag_cfg);
    struct fy_diag *diag = fy_diag_create(&diag_cfg);
    if (diag == NULL) {
        return NO_MEMORY;
    }
    fy_diag_set_collect_errors(diag, true);
    /* It looks for a key among all before it, unless duplicates are allowed; the sorted list shows those. */
    const struct fy_parse_cfg cfg = {.flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG | FYPCF_JSON_FORCE |
                                              FYPCF_ALLOW_DUPLICATE_KEYS,
                                     .diag = diag};
    struct fy_document *document = fy_document_build_from_string(&cfg, text, length);
    outcome_t outcome = is_map(document) ? flatten(doc, "", fy_document_root(document), 0) : STRANGE;
    if (document != NULL) {
        fy_document_destroy(document);
    }
    fy_diag_destroy(diag);
    return outcome;
}

h5r_status_t h5r_env_doc_parse(const char *path, const char *text, size_t length, h5r_env_doc_t *doc,
                               h5r_error_t *err)
{
    outcome_t outcome =
        is_flat(text, length) && memchr(text, '\0', length) == NULL ? parse(text, length, doc) : STRANGE;
    if (outcome == NO_MEMORY) {
        return h5r_no_memory(err, "reading %s", path);
    }
    return outcome == FINE && is_known(doc)
               ? H5R_OK
               : h5r_fail(err, H5R_RESULTS, "%s is not an env.json of h5roof", path);
}

h5r_status_t h5r_env_doc_read(const char *path, h5r_env_doc_t *doc, h5r_error_t *err)
{
    *doc = (h5r_env_doc_t){0};
    char why[H5R_WHY_SIZE], *text;
    size_t length;
    h5r_status_t status = h5r_read_file(path, false, MOST_BYTES, &text, &length, why);
    if (status == H5R_OK) {
        status = h5r_env_doc_parse(path, text, length, doc, err);
    } else if (status == H5R_ENV) {
        h5r_no_memory(err, "reading %s", path);
    } else {
        status = h5r_fail(err, H5R_RESULTS, "cannot read %s, which says on what machine a run was made: %s",
                          path, why);
    }
    free(text);
    return status;
}

void h5r_env_doc_free(h5r_env_doc_t *doc)
{
    for (size_t i = 0; i < doc->n; i++) {
        free(doc->entry[i].path);
        free(doc->entry[i].text);
    }
    free(doc->entry);
    *doc = (h5r_env_doc_t){0};
}
