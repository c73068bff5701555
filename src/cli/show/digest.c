#include "cli/show/digest.h"

#include "cli/say.h"
#include "cli/show/show_format.h"
#include "core/notes/note.h"
#include "core/stats/bootstrap.h"
#include "h5roof/count.h"
#include "h5roof/driver.h"

#include <stdlib.h>
#include <string.h>

#define RATIO_LEAST 6  /* repetitions on each side */
#define REASONS     3  /* for skipping that are told */
#define COMPARED    12 /* cases that are told */

/* ---- what the notes say of a result */

typedef struct {
    char cause[512]; /* the first of them, "": none is known */
    char binds[512]; /* what note `binds` says of the roof, "": nothing */
    bool is_short, noisy, wrong, above_roof;
} seen_t;

static void look(const h5r_note_t *note, const char *text, void *context)
{
    seen_t *seen = context;
    if (note->about == H5R_ABOUT_CAUSE && seen->cause[0] == '\0') {
        snprintf(seen->cause, sizeof seen->cause, "%s", text);
    }
    if (strcmp(note->name, "binds") == 0) {
        snprintf(seen->binds, sizeof seen->binds, "%s", text);
    }
    seen->is_short = seen->is_short || strcmp(note->name, "short") == 0;
    seen->noisy = seen->noisy || strcmp(note->name, "noisy") == 0;
    seen->wrong = seen->wrong || strcmp(note->name, "mismatch") == 0;
    seen->above_roof = seen->above_roof || strcmp(note->name, "above_roof") == 0;
}

static seen_t seen_of(const h5r_result_t *r)
{
    seen_t seen = {.cause = ""};
    h5r_notes_each(r, look, &seen);
    return seen;
}

/* ---- one direction */

static const char *const verbs[H5R_WAYS] = {[H5R_WAY_OUT] = "writes", [H5R_WAY_IN] = "reads"};

typedef struct {
    size_t n, all; /* results that count; with those whose number is not to be trusted */
    double *efficiency;
    const h5r_result_t *best, *worst;
} side_t;

static bool goes(const h5r_result_t *r, h5r_way_t way)
{
    return r->last.direction == (way == H5R_WAY_OUT ? H5R_MOVES_OUT : H5R_MOVES_IN);
}

/* HDF5's, with a file on storage and a roof. */
static bool concerns(const h5r_result_t *r)
{
    const h5r_factors_t *f = &r->last.factors;
    return !show_is_listed(r) && r->efficiency.n > 0 && h5r_driver_of(f)->store == H5R_STORE_HDF5 &&
           h5r_factors_on_disk(f);
}

static bool is_trusted(const h5r_result_t *r)
{
    const seen_t seen = seen_of(r);
    return !seen.is_short && !seen.wrong && !seen.above_roof;
}

static void take(side_t *side, const h5r_result_t *r)
{
    side->all++;
    if (!is_trusted(r)) {
        return;
    }
    side->efficiency[side->n++] = r->efficiency.median;
    if (side->best == NULL || r->efficiency.median > side->best->efficiency.median) {
        side->best = r;
    }
    if (side->worst == NULL || r->efficiency.median < side->worst->efficiency.median) {
        side->worst = r;
    }
}

const char *digest_percent(const h5r_summary_t *efficiency, char *text, size_t size)
{
    const double percent = 100.0 * efficiency->median;
    if (efficiency->n == 0) {
        snprintf(text, size, "-");
    } else if (percent < 0.05) {
        snprintf(text, size, "<0.1%%");
    } else {
        snprintf(text, size, "%.*f%%", percent < 9.95 ? 1 : 0, percent);
    }
    return text;
}

static void say_side(const side_t *side, h5r_way_t way, FILE *out)
{
    char best[16], half[16];
    if (side->n == 0 && side->all > 0) {
        cli_say(out, "How well HDF5 %s cannot be told: none of %zu numbers can be trusted.\n", verbs[way],
                side->all);
    }
    if (side->n == 0) {
        return;
    }
    h5r_sort_doubles(side->efficiency, side->n);
    const h5r_summary_t middle = {.n = 1, .median = h5r_median_sorted(side->efficiency, side->n)};
    digest_percent(&side->best->efficiency, best, sizeof best);
    cli_say(out, "HDF5 %s at %s%s of what this machine can do (%s)", verbs[way], side->n > 1 ? "up to " : "",
            best, side->best->last.case_name);
    if (side->n > 1 && side->n == side->all) {
        cli_say(out, "; the median of %zu cases is %s", side->n, digest_percent(&middle, half, sizeof half));
    } else if (side->n > 1) { /* those that are too short are the fastest ones */
        cli_say(out, "; the median of the %zu of %zu cases that can be trusted is %s", side->n, side->all,
                digest_percent(&middle, half, sizeof half));
    }
    fputs(".\n", out);
}

static void say_worst(const side_t *sides, FILE *out)
{
    const h5r_result_t *a = sides[H5R_WAY_OUT].worst, *b = sides[H5R_WAY_IN].worst;
    const h5r_result_t *worst =
        a == NULL || (b != NULL && b->efficiency.median < a->efficiency.median) ? b : a;
    char percent[16];
    if (worst == NULL || sides[H5R_WAY_OUT].n + sides[H5R_WAY_IN].n < 2) {
        return;
    }
    const seen_t seen = seen_of(worst);
    cli_say(out, "Furthest from its roof: %s of %s, %s%s%s.\n", worst->last.operation, worst->last.case_name,
            digest_percent(&worst->efficiency, percent, sizeof percent), seen.cause[0] != '\0' ? ": " : "",
            seen.cause);
}

/* ---- what is missing from them */

static void say_doubts(const h5r_results_t *results, FILE *out)
{
    size_t n = 0, shorts = 0, noisy = 0, wrong = 0;
    for (size_t i = 0; i < results->n; i++) {
        if (!show_is_listed(&results->result[i])) {
            const seen_t seen = seen_of(&results->result[i]);
            n++;
            shorts += seen.is_short ? 1 : 0;
            noisy += seen.noisy ? 1 : 0;
            wrong += seen.wrong ? 1 : 0;
        }
    }
    if (wrong > 0) {
        cli_say(out, "WRONG DATA were read in %zu of %zu results.\n", wrong, n);
    }
    if (shorts > 0) {
        cli_say(out, "%zu of %zu results %s too short to trust", shorts, n, shorts == 1 ? "is" : "are");
        fputs(noisy > 0 ? ", " : ".\n", out);
    }
    if (noisy > 0) {
        cli_say(out, "%zu%s noisy.\n", noisy, shorts > 0 ? "" : noisy == 1 ? " result is" : " results are");
    }
}

static bool is_new_reason(const h5r_results_t *results, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (results->result[k].last.status == H5R_ROW_SKIPPED &&
            strcmp(results->result[k].last.reason, results->result[i].last.reason) == 0) {
            return false;
        }
    }
    return true;
}

static void say_skipped(const h5r_results_t *results, FILE *out)
{
    size_t skipped = 0, reasons = 0;
    for (size_t i = 0; i < results->n; i++) {
        skipped += results->result[i].last.status == H5R_ROW_SKIPPED ? 1 : 0;
    }
    if (skipped == 0) {
        return;
    }
    cli_say(out, "Skipped: %zu case%s (", skipped, skipped == 1 ? "" : "s");
    for (size_t i = 0; i < results->n; i++) {
        const h5r_row_t *row = &results->result[i].last;
        if (row->status == H5R_ROW_SKIPPED && is_new_reason(results, i) && reasons++ < REASONS) {
            cli_say(out, "%s%s: %s", reasons > 1 ? "; " : "", row->case_name, row->reason);
        }
    }
    fputs(reasons > REASONS ? "; and others).\n" : ").\n", out);
}

void digest_write(const h5r_results_t *results, FILE *out)
{
    side_t sides[H5R_WAYS] = {{0}};
    bool room = true;
    for (int way = 0; way < H5R_WAYS; way++) {
        sides[way].efficiency = calloc(results->n + 1, sizeof(double));
        room = room && sides[way].efficiency != NULL;
    }
    for (size_t i = 0; i < results->n && room; i++) {
        for (int way = 0; way < H5R_WAYS; way++) {
            if (goes(&results->result[i], (h5r_way_t)way) && concerns(&results->result[i])) {
                take(&sides[way], &results->result[i]);
            }
        }
    }
    for (int way = 0; way < H5R_WAYS && room; way++) {
        say_side(&sides[way], (h5r_way_t)way, out);
    }
    say_worst(sides, out);
    say_doubts(results, out);
    say_skipped(results, out);
    for (int way = 0; way < H5R_WAYS; way++) {
        free(sides[way].efficiency);
    }
}

/* ---- cases against the first */

/* NULL: the case has not one operation in this direction. */
static const h5r_result_t *operation_of(const h5r_results_t *results, const char *name, h5r_way_t way)
{
    const h5r_result_t *found = NULL;
    for (size_t i = 0; i < results->n; i++) {
        const h5r_result_t *r = &results->result[i];
        if (!show_is_listed(r) && strcmp(r->last.case_name, name) == 0 && goes(r, way)) {
            if (found != NULL) {
                return NULL;
            }
            found = r;
        }
    }
    return found;
}

/* False: too few repetitions, or no memory. */
static bool ratio_of(const h5r_result_t *base, const h5r_result_t *r, h5r_ratio_t *ratio)
{
    double *times = calloc(base->repetitions + r->repetitions + 1, sizeof *times);
    bool ok = times != NULL && base->repetitions >= RATIO_LEAST && r->repetitions >= RATIO_LEAST;
    for (size_t i = 0; ok && i < r->repetitions; i++) {
        times[i] = r->sample[i].durable_s;
        ok = times[i] > 0.0;
    }
    for (size_t i = 0; ok && i < base->repetitions; i++) {
        times[r->repetitions + i] = base->sample[i].durable_s;
        ok = base->sample[i].durable_s > 0.0;
    }
    ok = ok && h5r_median_ratio(times, r->repetitions, times + r->repetitions, base->repetitions,
                                H5R_RESAMPLES, base->last.seed, ratio);
    free(times);
    return ok;
}

static void say_ratio(const h5r_result_t *base, const h5r_result_t *r, h5r_way_t way, FILE *out)
{
    h5r_ratio_t ratio;
    const char *name = r->last.case_name, *verb = verbs[way], *first = base->last.case_name;
    if (!ratio_of(base, r, &ratio)) {
        cli_say(out, "%s %s: too few repetitions to compare it with %s.\n", name, verb, first);
        return;
    }
    if (ratio.low <= 1.0 && ratio.high >= 1.0) {
        cli_say(out, "%s %s as fast as %s, as far as can be told (%.2f to %.2f times the time).\n", name,
                verb, first, ratio.low, ratio.high);
    } else if (ratio.low > 1.0) {
        const seen_t seen = seen_of(r);
        const char *why = seen.binds[0] != '\0' ? seen.binds : seen.cause;
        cli_say(out, "%s %s %.3g times slower than %s (%.3g to %.3g)%s%s.\n", name, verb, ratio.ratio, first,
                ratio.low, ratio.high, why[0] != '\0' ? ": " : "", why);
    } else {
        cli_say(out, "%s %s %.3g times faster than %s (%.3g to %.3g).\n", name, verb, 1.0 / ratio.ratio,
                first, 1.0 / ratio.high, 1.0 / ratio.low);
    }
}

void digest_compare(const h5r_results_t *results, FILE *out)
{
    size_t told = 0;
    const char *first = results->n > 0 ? results->result[0].last.case_name : "";
    for (size_t i = 1; i < results->n; i++) {
        const char *name = results->result[i].last.case_name;
        if (strcmp(name, first) == 0 || strcmp(name, results->result[i - 1].last.case_name) == 0) {
            continue;
        }
        for (int way = 0; way < H5R_WAYS && told < COMPARED; way++) {
            const h5r_result_t *base = operation_of(results, first, (h5r_way_t)way);
            const h5r_result_t *r = operation_of(results, name, (h5r_way_t)way);
            if (base != NULL && r != NULL) {
                say_ratio(base, r, (h5r_way_t)way, out);
                told++;
            }
        }
    }
}
