#include "core/plan.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

void h5r_plan_free(h5r_plan_t *plan)
{
    free(plan->cases);
    plan->cases = NULL;
    plan->ncases = 0;
}

size_t h5r_plan_apply_rules(h5r_plan_t *plan, const h5r_caps_t *caps, int nranks)
{
    size_t run = 0;
    for (size_t i = 0; i < plan->ncases; i++) {
        h5r_case_t *c = &plan->cases[i];
        c->skip_reason[0] = '\0';
        if (h5r_rules_allow(&c->factors, caps, nranks, c->skip_reason, sizeof c->skip_reason))
            run++;
    }
    return run;
}

size_t h5r_plan_only(h5r_plan_t *plan, const char *pattern)
{
    bool is_pattern = strpbrk(pattern, "*?[") != NULL;
    size_t kept = 0;
    for (size_t i = 0; i < plan->ncases; i++) {
        const char *name = plan->cases[i].name;
        bool keep = is_pattern ? fnmatch(pattern, name, 0) == 0 : strstr(name, pattern) != NULL;
        if (keep && kept++ != i)
            plan->cases[kept - 1] = plan->cases[i];
    }
    plan->ncases = kept;
    return kept;
}
