/* What the reported interval covers although the stop rule has looked at it, and what that costs: simulated
 * with fixed seeds, for times like those of I/O. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/stats/stats.h"
#include "engine/run/schedule.h"
#include "h5roof/count.h"
#include "h5roof/rng.h"

#include <math.h>

#define LONGEST 200
#define TRIALS  16000 /* standard error of a coverage of 95 %: 0.17 % */
#define LEAST   0.945

/* Log-normal times around 1, and with the probability 1 - share around `second`. */
typedef struct {
    const char *name;
    double spread, share, second;
} times_t;

static const times_t times_table[] = {
    {"2 %", 0.02, 1, 1},
    {"5 %", 0.05, 1, 1},
    {"10 %", 0.10, 1, 1},
    {"20 %", 0.20, 1, 1},
    {"40 %", 0.40, 1, 1},
    {"two modes, 30:70", 0.03, 0.30, 1.5},
    {"two modes, 45:55", 0.03, 0.45, 1.5},
};
#define TIMES (H5R_COUNT_OF(times_table))

static double uniform(h5r_rng_t *rng)
{
    return ((double)(h5r_rng_next(rng) >> 11) + 0.5) * 0x1p-53;
}

/* Marsaglia's polar method; one of its two values is thrown away. */
static double normal(h5r_rng_t *rng)
{
    for (;;) {
        double x = 2 * uniform(rng) - 1, y = 2 * uniform(rng) - 1, r = x * x + y * y;
        if (r < 1 && r > 0) {
            return x * sqrt(-2 * log(r) / r);
        }
    }
}

static double draw(const times_t *t, h5r_rng_t *rng)
{
    double middle = t->share < 1 && uniform(rng) >= t->share ? t->second : 1;
    return middle * exp(t->spread * normal(rng));
}

static double below(const times_t *t, double x)
{
    double first = 0.5 * erfc(-log(x) / t->spread / sqrt(2));
    double second = 0.5 * erfc(-log(x / t->second) / t->spread / sqrt(2));
    return t->share * first + (1 - t->share) * second;
}

static double true_median(const times_t *t)
{
    double low = 0.5, high = 2;
    for (int i = 0; i < 100; i++) {
        double middle = (low + high) / 2;
        *(below(t, middle) < 0.5 ? &low : &high) = middle;
    }
    return low;
}

static void insert(double *sorted, size_t n, double value)
{
    size_t at = n;
    while (at > 0 && sorted[at - 1] > value) {
        sorted[at] = sorted[at - 1];
        at--;
    }
    sorted[at] = value;
}

/* repeat.min and repeat.ci, and what is simulated with them. */
typedef struct {
    size_t least;
    double ci;
    int trials;
    double median; /* the true one */
} setting_t;

/* A rule: which n it looks at, and the lower rank of its interval (0: none). */
typedef struct {
    bool look[LONGEST + 1];
    size_t lower[LONGEST + 1];
} rule_t;

/* This program's. */
static rule_t the_rule(size_t least)
{
    rule_t rule = {{false}, {0}};
    for (size_t n = 1; n <= LONGEST; n++) {
        size_t upper;
        bool has = h5r_median_ci_ranks(n, h5r_median_confidence(n), &rule.lower[n], &upper, NULL);
        rule.lower[n] = has ? rule.lower[n] : 0;
        rule.look[n] = h5r_median_look(n, least);
    }
    return rule;
}

/* What one would do without knowing better: an interval of 95 %, looked at after each repetition. */
static rule_t the_naive_rule(size_t least)
{
    rule_t rule = {{false}, {0}};
    for (size_t n = 1; n <= LONGEST; n++) {
        size_t upper;
        bool has = h5r_median_ci_ranks(n, 0.95, &rule.lower[n], &upper, NULL);
        rule.lower[n] = has ? rule.lower[n] : 0;
        rule.look[n] = has && n >= least;
    }
    return rule;
}

/* Whether a sample that ended with n values covers, and whether it was narrow. */
static bool covers(const rule_t *rule, const double *sorted, size_t n, double median)
{
    size_t l = rule->lower[n];
    return l == 0 || (sorted[l - 1] <= median && median <= sorted[n - l]);
}

static bool is_narrow(const rule_t *rule, const double *sorted, size_t n, double ci)
{
    size_t l = rule->lower[n];
    double median = h5r_median_sorted(sorted, n);
    return l > 0 && fmax(sorted[n - l] - median, median - sorted[l - 1]) <= ci * median;
}

/* If nothing but the interval ended a case before n: how many of the trials cover then, by n, whether it is
 * repeat.max that ends them there or the time; and the values that they took. */
typedef struct {
    size_t covered[LONGEST + 1];
    size_t taken[LONGEST + 1];
} outcome_t;

/* One trial of a rule goes on with a value more, now in sorted[0 ... n - 1]. */
typedef struct {
    bool covered;
    size_t end; /* 0: not yet */
} trial_t;

static void go_on(const rule_t *rule, const setting_t *s, trial_t *trial, const double *sorted, size_t n,
                  outcome_t *outcome)
{
    if (trial->end == 0) {
        trial->covered = n >= s->least && covers(rule, sorted, n, s->median);
        trial->end = rule->look[n] && is_narrow(rule, sorted, n, s->ci) ? n : 0;
    }
    outcome->covered[n] += trial->covered;
    outcome->taken[n] += trial->end > 0 ? trial->end : n;
}

/* Both rules see the same values. */
static void simulate(const rule_t rule[2], const times_t *t, setting_t s, outcome_t outcome[2])
{
    h5r_rng_t rng = h5r_rng_seeded(2026, (uint64_t)(t - times_table));
    s.median = true_median(t);
    memset(outcome, 0, 2 * sizeof *outcome);
    for (int i = 0; i < s.trials; i++) {
        double sorted[LONGEST];
        trial_t trial[2] = {{false, 0}, {false, 0}};
        for (size_t n = 1; n <= LONGEST; n++) {
            if (trial[0].end == 0 || trial[1].end == 0) {
                insert(sorted, n - 1, draw(t, &rng));
            }
            go_on(&rule[0], &s, &trial[0], sorted, n, &outcome[0]);
            go_on(&rule[1], &s, &trial[1], sorted, n, &outcome[1]);
        }
    }
}

/* Where a case may end for another reason: repeat.max, or the time. */
static const size_t ends[] = {7, 8, 10, 12, 15, 20, 30, 40, 50, 75, 100, 150, 200};
static const size_t most[] = {30, 50, 100, 200};
#define MOST (H5R_COUNT_OF(most))

static double share(size_t count, const setting_t *s)
{
    return (double)count / s->trials;
}

static void print_outcome(const setting_t *s, const times_t *t, const outcome_t outcome[2])
{
    printf("min %zu, ci %.0f %%, %s:\n", s->least, 100 * s->ci, t->name);
    for (size_t k = 0; k < MOST; k++) {
        size_t n = most[k];
        printf("  max %3zu: %.1f %% with n = %.1f; naive: %.1f %% with n = %.1f\n", n,
               100 * share(outcome[0].covered[n], s), share(outcome[0].taken[n], s),
               100 * share(outcome[1].covered[n], s), share(outcome[1].taken[n], s));
    }
}

/* One setting over all times; the repetitions against those of the naive rule are averages over all times and
 * each repeat.max. */
static void check_setting(setting_t s)
{
    rule_t rule[2] = {the_rule(s.least), the_naive_rule(s.least)};
    double cost = 0;
    for (size_t i = 0; i < TIMES; i++) {
        outcome_t outcome[2];
        simulate(rule, &times_table[i], s, outcome);
        print_outcome(&s, &times_table[i], outcome);
        for (size_t k = 0; k < MOST; k++) {
            cost += (double)outcome[0].taken[most[k]] / (double)outcome[1].taken[most[k]] /
                    (double)(TIMES * MOST);
        }
        for (size_t k = 0; k < H5R_COUNT_OF(ends); k++) {
            double covered = share(outcome[0].covered[ends[k]], &s);
            if (ends[k] >= s.least && covered < LEAST) {
                fail_msg("min %zu, ci %g, %s, ended at %zu: covers %.2f %%", s.least, s.ci,
                         times_table[i].name, ends[k], 100 * covered);
            }
        }
    }
    printf("min %zu, ci %.0f %%: %.3f times the repetitions\n", s.least, 100 * s.ci, cost);
    assert_true(cost < 1.2);
}

static void the_interval_covers_whenever_a_case_ends(void **state)
{
    (void)state;
    check_setting((setting_t){.least = 6, .ci = 0.05, .trials = TRIALS}); /* the defaults */
    check_setting((setting_t){.least = 6, .ci = 0.10, .trials = TRIALS});
    check_setting((setting_t){.least = 10, .ci = 0.02, .trials = TRIALS / 4});
    check_setting((setting_t){.least = 20, .ci = 0.05, .trials = TRIALS / 4});
}

/* That it is the naive rule that falls short: else the simulation could not see it. */
static void looking_each_time_covers_less(void **state)
{
    (void)state;
    const setting_t s = {.least = 6, .ci = 0.05, .trials = TRIALS / 4};
    rule_t rule[2] = {the_rule(6), the_naive_rule(6)};
    outcome_t outcome[2];
    simulate(rule, &times_table[2], s, outcome);
    assert_true(share(outcome[1].covered[50], &s) < 0.940);
    simulate(rule, &times_table[6], s, outcome);
    assert_true(share(outcome[1].covered[50], &s) < 0.920);
}

/* The schedule stops where the simulated rule does, and reports the interval that was simulated. */
static void the_schedule_does_what_was_simulated(void **state)
{
    (void)state;
    const times_t *t = &times_table[2];
    h5r_rng_t rng = h5r_rng_seeded(7, 7);
    rule_t rule = the_rule(6);
    for (int trial = 0; trial < 200; trial++) {
        h5r_case_t only = {0};
        h5r_plan_t plan = {.repeat = {.warmup = 0, .min = 6, .max = 50, .ci_frac = 0.05, .time_s = 1e9},
                           .cases = &only,
                           .ncases = 1};
        h5r_schedule_t schedule;
        h5r_error_t err = {0};
        assert_int_equal(h5r_schedule_init(&schedule, &plan, &err), H5R_OK);
        h5r_case_state_t *c = &schedule.state[0];
        double sorted[LONGEST];
        size_t n = 0;
        while (c->stop == H5R_STOP_NONE) {
            double seconds[H5R_OPERATIONS];
            for (int o = 0; o < H5R_OPERATIONS; o++) {
                seconds[o] = (double)NAN;
            }
            seconds[0] = draw(t, &rng);
            insert(sorted, n, seconds[0]);
            n++;
            assert_int_equal(h5r_schedule_record(&schedule, c, false, seconds, &err), H5R_OK);
            bool ends_here = rule.look[n] && is_narrow(&rule, sorted, n, 0.05);
            assert_int_equal(c->stop != H5R_STOP_NONE, ends_here || n == 50);
        }
        h5r_summary_t summary = h5r_case_summary(c, (h5r_operation_t)0);
        assert_true(summary.ci_low == sorted[rule.lower[n] - 1]);
        assert_true(summary.ci_high == sorted[n - rule.lower[n]]);
        h5r_schedule_free(&schedule);
    }
}

static void looks_are_where_the_ranks_move(void **state)
{
    (void)state;
    const size_t looked[] = {7, 10, 14, 16, 19, 22, 25, 27, 30};
    size_t k = 0;
    for (size_t n = 1; n <= 30; n++) {
        bool due = k < H5R_COUNT_OF(looked) && looked[k] == n;
        assert_int_equal(h5r_median_look(n, 1), due);
        k += due;
    }
    assert_true(h5r_median_look(20, 20));
    assert_false(h5r_median_look(21, 20) || h5r_median_look(19, 20));
    assert_false(h5r_median_look(6, 6));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(looks_are_where_the_ranks_move),
        cmocka_unit_test(the_schedule_does_what_was_simulated),
        cmocka_unit_test(looking_each_time_covers_less),
        cmocka_unit_test(the_interval_covers_whenever_a_case_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
