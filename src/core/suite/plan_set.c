/* The arguments of --set: factors go to suite->sets, settings straight into the plan. */
#include "core/suite/plan_suite.h"

#include <stdio.h>
#include <string.h>

/* [64, 64] or {cb_nodes: 2}: a document of its own. */
static h5r_status_t parse_flow(const h5r_factor_t *factor, const char *text, h5r_factors_t *f,
                               h5r_error_t *err)
{
    struct fy_diag_cfg diag_cfg;
    fy_diag_cfg_default(&diag_cfg);
    struct fy_diag *diag = fy_diag_create(&diag_cfg);
    if (!diag) {
        return h5r_no_memory(err, "the value of --set");
    }
    fy_diag_set_collect_errors(diag, true);
    const struct fy_parse_cfg cfg = {.flags = FYPCF_DEFAULT_DOC | FYPCF_COLLECT_DIAG, .diag = diag};
    struct fy_document *document = fy_document_build_from_string(&cfg, text, strlen(text));
    h5r_status_t status;
    if (document) {
        status = h5r_suite_factor(factor, fy_document_root(document), f, err);
        fy_document_destroy(document);
    } else {
        void *iterator = NULL;
        struct fy_diag_error *error = fy_diag_errors_iterate(diag, &iterator);
        status = h5r_fail(err, H5R_USAGE, "'%s' is not YAML: %s", text, error ? error->msg : "it is empty");
    }
    fy_diag_destroy(diag);
    return status;
}

static h5r_status_t set_factor(h5r_suite_t *suite, const h5r_factor_t *factor, const char *text,
                               h5r_error_t *err)
{
    h5r_factors_t f;
    h5r_factors_default(&f);
    bool is_flow = text[0] == '[' || text[0] == '{';
    if ((is_flow ? parse_flow(factor, text, &f, err) : h5r_factor_parse(factor, text, &f, err)) != H5R_OK) {
        return err->code;
    }
    h5r_partial_set(&suite->sets, factor, &f);
    return H5R_OK;
}

static h5r_status_t apply_set(h5r_suite_t *suite, const char *set, h5r_error_t *err)
{
    char key[64];
    const char *equals = strchr(set, '=');
    if (!equals || equals == set) {
        return h5r_fail(err, H5R_USAGE, "key=value is expected");
    }
    size_t length = (size_t)(equals - set);
    if (length >= sizeof key) {
        return h5r_fail(err, H5R_USAGE, "unknown factor or setting");
    }
    memcpy(key, set, length);
    key[length] = '\0';
    const h5r_factor_t *factor = h5r_factor_find(key);
    if (factor) {
        return set_factor(suite, factor, equals + 1, err);
    }
    if (strcmp(key, "repeat.min") == 0 || strcmp(key, "repeat.max") == 0) {
        suite->repeat_set = set;
    }
    return h5r_setting_set(suite->plan, key, equals + 1, err);
}

void h5r_suite_apply_sets(h5r_suite_t *suite, const char *const *sets, size_t nsets)
{
    suite->nsets = nsets;
    for (size_t i = 0; i < nsets; i++) {
        h5r_error_t err = {0};
        if (apply_set(suite, sets[i], &err) == H5R_OK) {
            continue;
        }
        suite->defaults_broken = true;
        h5r_suite_doc_error_elsewhere(&suite->doc, "--set %s: error: %s", sets[i], err.message);
    }
}
