/*
 * Between the YAML of a suite and the plan: what was read, before it is expanded. Inside of plan*.c only.
 * Local.
 */
#ifndef H5ROOF_PLAN_SUITE_H
#define H5ROOF_PLAN_SUITE_H

#include "core/factors/factor.h"
#include "core/suite/plan.h"
#include "core/suite/suite_doc.h"

#define H5R_VALUE_SIZE 512 /* longest text of one value in a suite */
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
#define H5R_MAX_CASES ((size_t)1000) /* a fuzzer takes what is slow and large for an error */
#else
#define H5R_MAX_CASES ((size_t)1000000)
#endif

/* Some factors, chosen. */
typedef struct {
    bool given[H5R_FACTORS]; /* index into h5r_factor_table */
    h5r_factors_t value;
} h5r_partial_t;

typedef struct {
    const h5r_factor_t *factor;
    size_t n;
    h5r_factors_t *values; /* only this factor of each counts */
} h5r_axis_t;

/* One entry of `cases`. */
typedef struct {
    struct fy_node *where; /* its name, for messages */
    bool broken;           /* errors were found in it: it is not expanded */
    char name[H5R_NAME_SIZE];
    h5r_partial_t fixed;
    size_t naxes;
    h5r_axis_t axes[H5R_FACTORS];
} h5r_spec_t;

/* One entry of `skip`. */
typedef struct {
    struct fy_node *where;
    h5r_partial_t match;
    bool used;
} h5r_skip_t;

typedef struct {
    h5r_suite_doc_t doc;
    h5r_plan_t *plan;
    size_t nsets;
    h5r_partial_t sets;      /* factors from --set */
    const char *const *only; /* [nonly]: patterns of which a case's name must match one */
    size_t nonly;
    bool *only_used;              /* [nonly] */
    const char *repeat_set;       /* the last --set of repeat.min or repeat.max, or NULL */
    struct fy_node *repeat_where; /* the key `repeat`, or NULL */
    bool defaults_broken;         /* errors in defaults or --set: nothing is expanded */
    h5r_partial_t defaults;
    h5r_spec_t *specs;
    size_t nspecs;
    h5r_skip_t *skips;
    size_t nskips;
} h5r_suite_t;

/* plan_value.c: one factor from a node, which may be a list (dims) or a mapping (hints). */
h5r_status_t h5r_suite_factor(const h5r_factor_t *factor, struct fy_node *node, h5r_factors_t *f,
                              h5r_error_t *err);
void h5r_partial_set(h5r_partial_t *partial, const h5r_factor_t *factor, const h5r_factors_t *from);
bool h5r_partial_has(const h5r_partial_t *partial, const h5r_factor_t *factor);
void h5r_partial_apply(const h5r_partial_t *partial, h5r_factors_t *f);
bool h5r_partial_matches(const h5r_partial_t *partial, const h5r_factors_t *f);

/* "; did you mean 'x'?" into buf, or "". candidates: NULL-terminated, may be NULL; factors: consider their
 * names too. */
const char *h5r_suite_suggest(const char *word, const char *const *candidates, bool factors, char *buf,
                              size_t size);

/* plan_setting.c: what is not a factor. Names as --set takes them: seed, repeat.min, ... */
extern const char *const h5r_setting_names[]; /* NULL-terminated */
h5r_status_t h5r_setting_set(h5r_plan_t *plan, const char *name, const char *text, h5r_error_t *err);
void h5r_settings_default(h5r_plan_t *plan);

/* plan_set.c: the arguments of --set; errors go to suite->doc. */
void h5r_suite_apply_sets(h5r_suite_t *suite, const char *const *sets, size_t nsets);

/* plan_case.c: the sections `defaults`, `cases` and `skip`. */
void h5r_suite_read_defaults(h5r_suite_t *suite, struct fy_node *key, struct fy_node *node);
void h5r_suite_read_cases(h5r_suite_t *suite, struct fy_node *key, struct fy_node *node);
void h5r_suite_read_skips(h5r_suite_t *suite, struct fy_node *key, struct fy_node *node);
bool h5r_case_name_ok(const char *name);

/* Where to report about a value: an empty one has no place, its key has. */
struct fy_node *h5r_suite_place(struct fy_node *key, struct fy_node *value);

/* plan_check.c: factors that contradict each other. check counts from 0; false: there is no such check. */
bool h5r_check_factors(size_t check, const h5r_factors_t *f, bool *ok, char *text, size_t size);

/* plan_expand.c */
h5r_status_t h5r_suite_expand(h5r_suite_t *suite, h5r_error_t *err);

#endif
