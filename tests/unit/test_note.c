/* Every note is made of a summary that calls for it, and of none that is just this side of its bound. Without
 * a clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "h5roof/count.h"
#include "note_claims.h"

#define COUNT (H5R_COUNT_OF(claims))

static const h5r_note_t *note_of(const char *name)
{
    for (size_t i = 0; i < h5r_note_count; i++) {
        if (strcmp(h5r_note_table[i].name, name) == 0) {
            return &h5r_note_table[i];
        }
    }
    fail_msg("there is no note %s", name);
    return NULL;
}

/* What one note says, or with "" all of them; NULL: nothing. */
static char *said_by(const char *name, const h5r_result_t *r)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    bool applies = name[0] == '\0' ? h5r_notes_write(r, out) > 0 : note_of(name)->say(r, out);
    assert_int_equal(fclose(out), 0);
    assert_true(applies == (text[0] != '\0'));
    if (!applies) {
        free(text);
        return NULL;
    }
    return text;
}

static void nothing_is_said_by(const char *name, const h5r_result_t *r)
{
    char *text = said_by(name, r);
    if (text != NULL) {
        fail_msg("%s: says '%s'", name, text);
    }
}

static void is_said_by(const char *name, const h5r_result_t *r, const char *words)
{
    char *text = said_by(name, r);
    if (text == NULL || strstr(text, words) == NULL) {
        fail_msg("%s (%s): says '%s'", name, words, text != NULL ? text : "");
    }
    free(text);
}

static void nothing_remarkable_has_no_note(void **state)
{
    (void)state;
    h5r_result_t r = quiet();
    nothing_is_said_by("", &r);
    reads(&r);
    nothing_is_said_by("", &r);
}

static void each_note_at_its_bound(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        h5r_result_t r = quiet();
        claims[i].set(&r, claims[i].just);
        is_said_by(claims[i].note, &r, claims[i].words);
        r = quiet();
        claims[i].set(&r, claims[i].just_not);
        nothing_is_said_by(claims[i].note, &r);
    }
}

static void no_note_is_left_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < h5r_note_count; i++) {
        bool claimed_here = false;
        for (size_t k = 0; k < COUNT; k++) {
            claimed_here = claimed_here || strcmp(claims[k].note, h5r_note_table[i].name) == 0;
        }
        if (!claimed_here) {
            fail_msg("no test for the note %s", h5r_note_table[i].name);
        }
        assert_true(strlen(h5r_note_table[i].meaning) > 10);
        assert_memory_equal(h5r_note_table[i].inferred, "Inferred from: ", 15);
        assert_memory_equal(h5r_note_table[i].remedy, "Try: ", 5);
    }
}

/* Times that are too short or too few say nothing, whatever they are. */
static void untrusted_times_are_not_interpreted(void **state)
{
    (void)state;
    static void (*const timed[])(h5r_result_t *, double) = {half_width,   far_out,     skewed,     slowest,
                                                            create_share, close_share, compresses, converts};
    static const double value[] = {0.9, 3, 8, 8, 0.9, 0.9, 0.9, 0.9};
    static const char *const note[] = {"noisy",   "outliers", "skewed", "slow_rank",
                                       "filling", "closing",  "binds",  "conversion"};
    for (size_t i = 0; i < H5R_COUNT_OF(value); i++) {
        h5r_result_t r = quiet();
        timed[i](&r, value[i]);
        is_said_by(note[i], &r, "");
        r.shorts = 8;
        nothing_is_said_by(note[i], &r);
        r.shorts = 0;
        r.durable_s.n = 3;
        nothing_is_said_by(note[i], &r);
    }
}

static void separated_by_semicolons(void **state)
{
    (void)state;
    h5r_result_t r = quiet();
    unverified(&r, 1);
    bounded(&r, 1);
    is_said_by("", &r, "bounded: 2 of 1 024 calls were made; the data were not verified");
}

static void close_of_data_is_no_metadata(void **state)
{
    (void)state;
    h5r_result_t r = quiet();
    close_bytes(&r, 8 * MIB);
    is_said_by("closing", &r, "data that are written only then");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_remarkable_has_no_note),
        cmocka_unit_test(each_note_at_its_bound),
        cmocka_unit_test(no_note_is_left_out),
        cmocka_unit_test(untrusted_times_are_not_interpreted),
        cmocka_unit_test(separated_by_semicolons),
        cmocka_unit_test(close_of_data_is_no_metadata),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
