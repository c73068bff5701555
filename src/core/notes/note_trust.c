/* Notes on how far a number can be trusted. */
#include "core/base/units.h"
#include "core/notes/note_say.h"
#include "h5roof/driver.h"

#define NOISY 0.10 /* half width of a CI */
#define TIMED 4    /* repetitions: in fewer, one disturbance is the median */

static bool is_mostly(size_t marked, const h5r_result_t *r)
{
    return 2 * marked > r->repetitions;
}

bool h5r_note_is_timed(const h5r_result_t *r)
{
    return r->durable_s.n >= TIMED && !is_mostly(r->shorts, r);
}

bool h5r_say_mismatch(const h5r_result_t *r, FILE *out)
{
    if (r->mismatches == 0) {
        return false;
    }
    fprintf(out, "WRONG DATA: %s", r->last.reason);
    return true;
}

bool h5r_say_unverified(const h5r_result_t *r, FILE *out)
{
    if (!r->unverified) {
        return false;
    }
    fputs("the data were not verified", out);
    return true;
}

bool h5r_say_short(const h5r_result_t *r, FILE *out)
{
    if (!is_mostly(r->shorts, r)) {
        return false;
    }
    char text[32];
    fprintf(out, "too short to trust (%s)", h5r_format_seconds(r->durable_s.median, text, sizeof text));
    return true;
}

bool h5r_say_above_roof(const h5r_result_t *r, FILE *out)
{
    if (!is_mostly(r->above_roof, r)) {
        return false;
    }
    fprintf(out, "suspicious: above its roof in %zu of %zu repetitions", r->above_roof, r->repetitions);
    return true;
}

bool h5r_say_few(const h5r_result_t *r, FILE *out)
{
    if (r->durable_s.n == 0 || r->durable_s.has_ci) {
        return false;
    }
    fprintf(out, "no interval: %zu repetition%s, 6 are needed", r->durable_s.n,
            r->durable_s.n == 1 ? "" : "s");
    return true;
}

/* What is too short to trust is noisy for that reason. */
bool h5r_say_noisy(const h5r_result_t *r, FILE *out)
{
    if (!h5r_note_is_timed(r) || !r->durable_s.has_ci || h5r_summary_half_width(&r->durable_s) <= NOISY) {
        return false;
    }
    fprintf(out, "noisy: the time's interval reaches %.0f %% from its median",
            100.0 * h5r_summary_half_width(&r->durable_s));
    return true;
}

bool h5r_say_outliers(const h5r_result_t *r, FILE *out)
{
    if (!h5r_note_is_timed(r) || r->durable_s.far_out == 0) {
        return false;
    }
    fprintf(out, "%zu of %zu repetitions far out (kept)", r->durable_s.far_out, r->durable_s.n);
    return true;
}

bool h5r_say_skewed(const h5r_result_t *r, FILE *out)
{
    if (!h5r_note_is_timed(r) || !is_mostly(r->skewed, r)) {
        return false;
    }
    fprintf(out, "skewed: the wall time is not that of the slowest ranks in %zu of %zu repetitions",
            r->skewed, r->repetitions);
    return true;
}

bool h5r_say_bounded(const h5r_result_t *r, FILE *out)
{
    if (!r->bounded) {
        return false;
    }
    char some[32], all[32];
    fprintf(out, "bounded: %s of %s calls were made", h5r_format_count(r->last.calls, some, sizeof some),
            h5r_format_count(r->last.total_calls, all, sizeof all));
    return true;
}

bool h5r_say_cached(const h5r_result_t *r, FILE *out)
{
    if (h5r_note_is_write(r) || !is_mostly(r->cached, r)) {
        return false;
    }
    fprintf(out, "not cold: %.0f %% was still in memory", 100.0 * r->last.cache_resident_frac);
    return true;
}

bool h5r_say_suspended(const h5r_result_t *r, FILE *out)
{
    if (r->suspended == 0) {
        return false;
    }
    fprintf(out, "%zu repetition%s suspended (not counted)", r->suspended, r->suspended == 1 ? "" : "s");
    return true;
}

bool h5r_say_volatile(const h5r_result_t *r, FILE *out)
{
    if (!h5r_factors_volatile(&r->last.factors) || !h5r_note_is_write(r)) {
        return false;
    }
    fputs("nothing is durable: the data stay in memory", out);
    return true;
}
