#include "core/suite/plan.h"

#include "core/factors/scaling.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void h5r_plan_free(h5r_plan_t *plan)
{
    free(plan->cases);
    plan->cases = NULL;
    plan->ncases = 0;
}

static bool allowed(h5r_case_t *c, const h5r_caps_t *caps, int job_ranks)
{
    int ranks = h5r_factors_ranks(&c->factors, job_ranks);
    c->skip_reason[0] = '\0';
    if (ranks > job_ranks) {
        snprintf(c->skip_reason, sizeof c->skip_reason, "it needs %d ranks, and the job has %d", ranks,
                 job_ranks);
        return false;
    }
    h5r_factors_t resolved = h5r_factors_resolved(&c->factors, ranks);
    return h5r_rules_allow(&resolved, caps, ranks, c->skip_reason, sizeof c->skip_reason);
}

unsigned h5r_plan_filters(const h5r_plan_t *plan)
{
    unsigned used = 0;
    for (size_t i = 0; i < plan->ncases; i++) {
        const h5r_pipeline_t *p = &plan->cases[i].factors.filter;
        for (int k = 0; k < p->n; k++) {
            used |= 1u << p->stage[k].kind;
        }
    }
    return used;
}

size_t h5r_plan_apply_rules(h5r_plan_t *plan, const h5r_caps_t *caps, int job_ranks)
{
    size_t run = 0;
    for (size_t i = 0; i < plan->ncases; i++) {
        run += allowed(&plan->cases[i], caps, job_ranks) ? 1 : 0;
    }
    return run;
}

bool h5r_name_matches(const char *name, const char *pattern)
{
    bool is_pattern = strpbrk(pattern, "*?[") != NULL;
    return is_pattern ? fnmatch(pattern, name, 0) == 0 : strstr(name, pattern) != NULL;
}

size_t h5r_plan_only(h5r_plan_t *plan, const char *const *only, size_t nonly)
{
    size_t kept = 0;
    for (size_t i = 0; i < plan->ncases; i++) {
        bool keep = nonly == 0;
        for (size_t k = 0; k < nonly && !keep; k++) {
            keep = h5r_name_matches(plan->cases[i].name, only[k]);
        }
        if (keep && kept++ != i) {
            plan->cases[kept - 1] = plan->cases[i];
        }
    }
    plan->ncases = kept;
    return kept;
}
