/*
 * From a suite (YAML) to a plan: the list of cases, each with all its factors. Only rank 0 holds a plan; the
 * runner sends the others one case at a time, so memory per rank does not grow with the plan. Local.
 *
 *   suite: NAME              letters, digits, '-', '_'; names the results directory; required
 *   seed: COUNT              default 1
 *   repeat: {warmup: 1, min: 5, max: 30, ci: 5%, time: 30s}
 *   scratch: DIR             directory under test; --scratch and H5ROOF_SCRATCH come before it
 *   case_timeout: 30m        what a repetition or a roof may take before it is taken to hang; 0s: any time
 *   verify: true             false leaves the check of the data out (and says so in the results)
 *   roofs: all               store: the store roof only; none: no roof, so no efficiency
 *   defaults: {FACTOR: value, ...}
 *   cases: [{name: NAME, FACTOR: value, ..., sweep: {FACTOR: [values]}}]     required, not empty
 *   skip: [{FACTOR: value, ...}]     leaves out the cases for which all of these hold
 *
 * A sweep's axes are combined, the last one varying fastest. The name of a case is NAME/factor=text/..., over
 * the axes of its sweep in the order of the file: `chunked/chunk=64x64/filter=deflate:1`. Names and factors
 * must be unique.
 */
#ifndef H5ROOF_PLAN_H
#define H5ROOF_PLAN_H

#include "core/suite/rules.h"
#include "h5roof/error.h"
#include "h5roof/factors.h"

#include <limits.h>
#include <stdio.h>

#define H5R_NAME_SIZE 256

/* What a suite sets that is not a factor: seed, repeat.min, ... */
typedef struct {
    const char *name; /* as --set takes it; repeat.KEY is KEY of the mapping `repeat` */
    const char *default_text;
    const char *help;
} h5r_setting_t;

extern const h5r_setting_t h5r_setting_table[];
extern const size_t h5r_setting_count;

typedef struct {
    uint64_t warmup; /* blocks before the measured ones; default 1 */
    uint64_t min;    /* measured repetitions at least; default 5 */
    uint64_t max;    /* and at most; default 30 */
    double ci_frac;  /* stop when the CI's half width relative to the median is within; default 0.05 */
    double time_s;   /* stop measuring a case after this time in it; default 30 */
} h5r_repeat_t;

/* Which roofs a run measures. */
typedef enum { H5R_ROOFS_ALL, H5R_ROOFS_STORE, H5R_ROOFS_NONE } h5r_roofs_t;
extern const char *const h5r_roofs_names[]; /* index: h5r_roofs_t; NULL-terminated */

typedef struct {
    char name[H5R_NAME_SIZE];
    uint64_t id; /* h5r_factors_hash() */
    h5r_factors_t factors;
    char skip_reason[H5R_TEXT_SIZE]; /* "": it runs; else see h5r_plan_apply_rules */
} h5r_case_t;

typedef struct {
    char path[PATH_MAX];          /* of the suite */
    char question[H5R_TEXT_SIZE]; /* first comment line of the suite, or "" */
    char suite[64];
    uint64_t seed;
    h5r_repeat_t repeat;
    char scratch[PATH_MAX]; /* "": not given */
    bool verify;
    h5r_roofs_t roofs;
    double case_timeout_s; /* of one repetition or roof; 0: none */
    h5r_case_t *cases;
    size_t ncases;
    size_t left_out;       /* by `skip` */
    const char *unmatched; /* the first pattern of h5r_plan_in_t that matches no case; NULL: all do */
} h5r_plan_t;

/*
 * Read a suite. sets: nsets texts "key=value" from --set, applied over the whole suite: a factor's value
 * replaces it in defaults and cases and removes its axis from sweeps; repeat.KEY, seed, verify, case_timeout,
 * scratch can be set likewise; value may be YAML flow ([64, 64]) or the factor's own text (64x64). Workload
 * names are taken from bench/workloads.def.
 *
 * H5R_USAGE: *diagnostics (malloc'd by this function, free it; NULL otherwise) holds all errors found in one
 * pass, each as
 *   FILE:LINE:COLUMN: error: unknown factor 'chnk'; did you mean 'chunk'?
 *    4 |   - {name: a, chnk: [64, 64]}
 *      |               ^
 * and "N errors in FILE" at the end; err->message has the one-line summary. Errors of --set name the argument as
 * `--set chnk=64x64: error: ...` without a source line. Free the plan with h5r_plan_free also on error.
 */
h5r_status_t h5r_plan_load(const char *path, const char *const *sets, size_t nsets, h5r_plan_t *plan,
                           char **diagnostics, h5r_error_t *err);

/* Which suite, and what the command line makes of it. */
typedef struct {
    const char *path;        /* of the suite; messages name it */
    const char *text;        /* what it says; NULL: what the file has */
    const char *const *sets; /* [nsets], as above */
    size_t nsets;
    const char *const *only; /* [nonly] patterns: only the cases stay that h5r_plan_only keeps */
    size_t nonly;
} h5r_plan_in_t;

/* The same from there. The names that `only` looks at are those after `sets` and `skip`. A mistake in the suite is
 * one whatever is chosen; what `sets` spoil in other cases is none. */
h5r_status_t h5r_plan_load_from(const h5r_plan_in_t *in, h5r_plan_t *plan, char **diagnostics,
                                h5r_error_t *err);
void h5r_plan_free(h5r_plan_t *plan);

/* The filters that any case uses: bit h5r_filter_kind_t. */
unsigned h5r_plan_filters(const h5r_plan_t *plan);

/* Fill skip_reason of every case from the rules, for a job of so many ranks. Returns how many run. */
size_t h5r_plan_apply_rules(h5r_plan_t *plan, const h5r_caps_t *caps, int job_ranks);

/* Whether a name matches the shell pattern (fnmatch); a pattern without any of *?[ matches if it occurs in
 * the name. */
bool h5r_name_matches(const char *name, const char *pattern);

/* Keep only the cases whose name matches any of the patterns; of no pattern, all. Returns how many are left.
 */
size_t h5r_plan_only(h5r_plan_t *plan, const char *const *only, size_t nonly);

/* The effective suite as YAML that h5r_plan_load reads back into the same cases, with the same names, ids and
 * order: one case per entry, no sweep, factors at their default left out. */
void h5r_plan_write(const h5r_plan_t *plan, FILE *out);

#endif
