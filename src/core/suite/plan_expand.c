/* From what was read of a suite to its cases: the product of the axes, what skip leaves out, what occurs
 * twice. */
#include "core/suite/plan_suite.h"

#include "core/suite/chunk_guess.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_CHECKS 32

/* Product of the axes' lengths; H5R_MAX_CASES + 1 if it is more than H5R_MAX_CASES. */
static size_t spec_size(const h5r_spec_t *spec)
{
    size_t n = 1;
    for (size_t a = 0; a < spec->naxes; a++) {
        n = spec->axes[a].n > H5R_MAX_CASES / n ? H5R_MAX_CASES + 1 : n * spec->axes[a].n;
    }
    return n;
}

static bool count_cases(h5r_suite_t *suite, size_t *total)
{
    *total = 0;
    for (size_t s = 0; s < suite->nspecs; s++) {
        h5r_spec_t *spec = &suite->specs[s];
        if (spec->broken) {
            continue;
        }
        size_t n = spec_size(spec);
        if (n > H5R_MAX_CASES - *total) {
            h5r_suite_doc_error(&suite->doc, spec->where,
                                "with case '%s' the plan has more than 1 000 000 cases", spec->name);
            return false;
        }
        *total += n;
    }
    return true;
}

/* "/factor=text" for every axis, with '_' for what a name may not hold; false: too long. */
static bool name_combination(const h5r_spec_t *spec, const h5r_factors_t *f, char *name, size_t size)
{
    char text[H5R_TEXT_SIZE];
    size_t used = strlen(spec->name);
    memcpy(name, spec->name, used + 1);
    for (size_t a = 0; a < spec->naxes; a++) {
        const h5r_factor_t *factor = spec->axes[a].factor;
        h5r_factor_format(factor, f, text, sizeof text);
        int n = snprintf(name + used, size - used, "/%s=%s", factor->name, text[0] ? text : "none");
        if (n < 0 || (size_t)n >= size - used) {
            return false;
        }
        for (char *s = name + used; *s; s++) {
            if (!isalnum((unsigned char)*s) && !strchr("-_.+:=/;,%@", *s)) {
                *s = '_';
            }
        }
        used += (size_t)n;
    }
    return true;
}

static bool left_out(h5r_suite_t *suite, const h5r_factors_t *f)
{
    bool out = false;
    for (size_t i = 0; i < suite->nskips; i++) {
        if (h5r_partial_matches(&suite->skips[i].match, f)) {
            suite->skips[i].used = out = true;
        }
    }
    return out;
}

/* Whether the case is asked for, by any pattern or for want of one. */
static bool is_chosen(h5r_suite_t *suite, const char *name)
{
    bool chosen = suite->nonly == 0;
    for (size_t i = 0; i < suite->nonly; i++) {
        if (h5r_name_matches(name, suite->only[i])) {
            suite->only_used[i] = chosen = true;
        }
    }
    return chosen;
}

/* Every check is reported once per case of the suite, for the first combination that fails it. */
static void check_case(h5r_suite_t *suite, const h5r_spec_t *spec, const h5r_case_t *c,
                       bool reported[MAX_CHECKS])
{
    char text[512];
    bool ok;
    for (size_t check = 0;
         check < MAX_CHECKS && h5r_check_factors(check, &c->factors, &ok, text, sizeof text); check++) {
        if (ok || reported[check]) {
            continue;
        }
        reported[check] = true;
        h5r_suite_doc_error(&suite->doc, spec->where, "case '%s': %s", c->name, text);
    }
}

/* On to the next combination, the last axis fastest; false after the last one. */
static bool advance(const h5r_spec_t *spec, size_t index[H5R_FACTORS])
{
    for (size_t a = spec->naxes; a-- > 0;) {
        if (++index[a] < spec->axes[a].n) {
            return true;
        }
        index[a] = 0;
    }
    return false;
}

static void expand_spec(h5r_suite_t *suite, const h5r_spec_t *spec, const h5r_factors_t *defaults,
                        size_t *owner)
{
    h5r_plan_t *plan = suite->plan;
    size_t index[H5R_FACTORS] = {0};
    bool reported[MAX_CHECKS] = {false};
    h5r_factors_t base = *defaults;
    h5r_partial_apply(&suite->defaults, &base);
    h5r_partial_apply(&spec->fixed, &base);
    h5r_partial_apply(&suite->sets, &base);
    do {
        h5r_case_t *c = &plan->cases[plan->ncases];
        c->factors = base;
        for (size_t a = 0; a < spec->naxes; a++) {
            h5r_factor_copy(spec->axes[a].factor, &c->factors, &spec->axes[a].values[index[a]]);
        }
        if (left_out(suite, &c->factors)) {
            plan->left_out++;
            continue;
        }
        if (!name_combination(spec, &c->factors, c->name, sizeof c->name)) {
            h5r_suite_doc_error(&suite->doc, spec->where,
                                "case '%s': the names of its combinations are longer than %d characters",
                                spec->name, H5R_NAME_SIZE - 1);
            return;
        }
        if (!is_chosen(suite, c->name) && suite->nsets > 0) {
            continue; /* --set may spoil it, or make it the twin of one that is asked for */
        }
        h5r_chunk_resolve(&c->factors); /* after the name, which says that it was guessed */
        c->id = h5r_factors_hash_against(&c->factors, defaults);
        check_case(suite, spec, c, reported);
        owner[plan->ncases++] = (size_t)(spec - suite->specs);
    } while (advance(spec, index));
}

typedef struct {
    uint64_t id;
    const char *name;
    size_t index;
} entry_t;

static int by_id(const void *a, const void *b)
{
    const entry_t *x = a, *y = b;
    if (x->id != y->id) {
        return x->id < y->id ? -1 : 1;
    }
    return x->index < y->index ? -1 : 1;
}

static int by_name(const void *a, const void *b)
{
    const entry_t *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    return order ? order : x->index < y->index ? -1 : 1;
}

/* Reports the first pair of every two entries of `cases`; entries are sorted so that equals are neighbours.
 */
static void report_twins(h5r_suite_t *suite, const entry_t *entries, const size_t *owner, bool same_name)
{
    const h5r_plan_t *plan = suite->plan;
    bool *reported = calloc(suite->nspecs, sizeof *reported);
    for (size_t i = 0, first = 0; reported && i < plan->ncases; i++) {
        bool twin = same_name ? strcmp(entries[i].name, entries[first].name) == 0
                              : entries[i].id == entries[first].id;
        if (!twin) {
            first = i;
        }
        size_t spec = owner[entries[i].index];
        if (i == first || reported[spec]) {
            continue;
        }
        reported[spec] = true;
        if (same_name) {
            h5r_suite_doc_error(&suite->doc, suite->specs[spec].where, "two cases are named '%s'",
                                entries[i].name);
        } else {
            h5r_suite_doc_error(&suite->doc, suite->specs[spec].where,
                                "cases '%s' and '%s' have the same factors", entries[first].name,
                                entries[i].name);
        }
    }
    if (!reported) {
        suite->doc.out_of_memory = true;
    }
    free(reported);
}

/* With --set a factor that told cases apart may be the same in all: the first of them stays. */
static void drop_twins(h5r_plan_t *plan, const entry_t *entries, bool *drop)
{
    size_t kept = 0;
    for (size_t i = 1; i < plan->ncases; i++) {
        drop[entries[i].index] = entries[i].id == entries[i - 1].id;
    }
    for (size_t i = 0; i < plan->ncases; i++) {
        if (drop[i]) {
            plan->left_out++;
        } else if (kept++ != i) {
            plan->cases[kept - 1] = plan->cases[i];
        }
    }
    plan->ncases = kept;
}

static void find_twins(h5r_suite_t *suite, const size_t *owner)
{
    h5r_plan_t *plan = suite->plan;
    entry_t *entries = calloc(plan->ncases + 1, sizeof *entries);
    bool *drop = calloc(plan->ncases + 1, sizeof *drop);
    if (!entries || !drop) {
        suite->doc.out_of_memory = true;
    } else {
        for (size_t i = 0; i < plan->ncases; i++) {
            entries[i] = (entry_t){plan->cases[i].id, plan->cases[i].name, i};
        }
        qsort(entries, plan->ncases, sizeof *entries, by_name);
        report_twins(suite, entries, owner, true);
        qsort(entries, plan->ncases, sizeof *entries, by_id);
        if (suite->nsets > 0) {
            drop_twins(plan, entries, drop);
        } else {
            report_twins(suite, entries, owner, false);
        }
    }
    free(drop);
    free(entries);
}

static void find_useless_skips(h5r_suite_t *suite)
{
    for (size_t i = 0; i < suite->nskips && suite->nsets == 0; i++) {
        if (!suite->skips[i].used) {
            h5r_suite_doc_error(&suite->doc, suite->skips[i].where, "this entry of skip leaves out no case");
        }
    }
}

h5r_status_t h5r_suite_expand(h5r_suite_t *suite, h5r_error_t *err)
{
    size_t total;
    if (!count_cases(suite, &total)) {
        return H5R_OK;
    }
    h5r_plan_t *plan = suite->plan;
    plan->cases = calloc(total + 1, sizeof *plan->cases);
    size_t *owner = calloc(total + 1, sizeof *owner);
    if (!plan->cases || !owner) {
        free(owner);
        return h5r_no_memory(err, "a plan of %zu cases", total);
    }
    h5r_factors_t defaults;
    bool complete = true;
    h5r_factors_default(&defaults);
    for (size_t s = 0; s < suite->nspecs; s++) {
        complete = complete && !suite->specs[s].broken;
        if (!suite->specs[s].broken) {
            expand_spec(suite, &suite->specs[s], &defaults, owner);
        }
    }
    find_twins(suite, owner);
    if (complete) {
        find_useless_skips(suite);
    }
    h5r_plan_only(plan, suite->only, suite->nonly);
    for (size_t i = 0; i < suite->nonly && !plan->unmatched; i++) {
        plan->unmatched = suite->only_used[i] ? NULL : suite->only[i];
    }
    free(owner);
    return H5R_OK;
}
