/* A result as named fields: which there are, in which order, of which type, and when one is empty. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/table/record.h"
#include "h5roof/count.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MOST 512

typedef struct {
    char group[32], name[64], text[1024];
    h5r_field_type_t type;
} said_t;

typedef struct {
    said_t field[MOST];
    size_t n;
} record_t;

static void keep(const h5r_field_t *field, void *context)
{
    record_t *record = context;
    assert_in_range(record->n, 0, MOST - 1);
    said_t *said = &record->field[record->n++];
    snprintf(said->group, sizeof said->group, "%s", field->group);
    snprintf(said->name, sizeof said->name, "%s", field->name);
    snprintf(said->text, sizeof said->text, "%s", field->text);
    said->type = field->type;
}

static const record_t *record_of(const h5r_result_t *r)
{
    static record_t record;
    record.n = 0;
    h5r_record_each(r, keep, &record);
    return &record;
}

static const char *field(const record_t *record, const char *name)
{
    for (size_t i = 0; i < record->n; i++) {
        if (strcmp(record->field[i].name, name) == 0) {
            return record->field[i].text;
        }
    }
    fail_msg("no field %s", name);
    return NULL;
}

/* Of a case that was skipped. */
static void make_empty(h5r_result_t *r)
{
    memset(r, 0, sizeof *r);
    h5r_row_clear(&r->last);
    r->last.status = H5R_ROW_SKIPPED;
    snprintf(r->last.reason, sizeof r->last.reason, "it cannot be");
    snprintf(r->last.case_name, sizeof r->last.case_name, "one");
}

static void make_full(h5r_result_t *r)
{
    make_empty(r);
    h5r_row_t *row = &r->last;
    row->status = H5R_ROW_OK;
    row->direction = H5R_MOVES_OUT;
    row->roof_bound = H5R_BOUND_STORE;
    row->ranks = 2;
    row->stored_bytes = 4096;
    row->counters.write_coll = 3;
    row->counters.seconds = 0.25;
    r->repetitions = 7;
    r->durable_s = (h5r_summary_t){
        .n = 7, .median = 0.5, .has_ci = true, .ci_low = 0.25, .ci_high = 0.75, .min = 0.125, .max = 1};
    r->efficiency =
        (h5r_summary_t){.n = 3, .median = 0.875, .min = 0.5, .max = 1, .ci_low = 0.5, .ci_high = 1};
    r->phase_s[H5R_PHASE_WRITE] = (h5r_summary_t){.n = 7, .median = 0.0625};
    r->shorts = 2;
    r->bounded = true;
}

/* Groups stand together, names are unique, and a row without numbers has the same fields. */
static void always_the_same_fields(void **state)
{
    (void)state;
    static const char *const groups[] = {"",      "factors", "statistics", "phases", "sizes",
                                         "cache", "mode",    "counters",   "quality"};
    static h5r_result_t result;
    static record_t full;
    make_full(&result);
    full = *record_of(&result);
    size_t group = 0;
    for (size_t i = 0; i < full.n; i++) {
        if (group < H5R_COUNT_OF(groups) && strcmp(full.field[i].group, groups[group]) != 0) {
            group++;
        }
        assert_in_range(group, 0, H5R_COUNT_OF(groups) - 1);
        assert_string_equal(full.field[i].group, groups[group]);
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(full.field[i].name, full.field[k].name);
        }
    }
    assert_int_equal(group, H5R_COUNT_OF(groups) - 1);
    make_empty(&result);
    const record_t *empty = record_of(&result);
    assert_int_equal(empty->n, full.n);
    for (size_t i = 0; i < full.n; i++) {
        assert_string_equal(empty->field[i].name, full.field[i].name);
        assert_int_equal(empty->field[i].type, full.field[i].type);
    }
}

static void values(void **state)
{
    (void)state;
    static const char *const known[][2] = {
        {"case", "one"},
        {"status", "ok"},
        {"direction", "writes"},
        {"roof_bound", "store"},
        {"ranks", "2"},
        {"repetitions_count", "7"},
        {"durable_median_s", "0.5"},
        {"durable_ci_low_s", "0.25"},
        {"durable_ci_high_s", "0.75"},
        {"durable_min_s", "0.125"},
        {"durable_max_s", "1"},
        {"efficiency_median_frac", "0.875"},
        {"efficiency_ci_low_frac", ""}, /* three repetitions have no interval */
        {"roof_median_s", ""},
        {"write_median_s", "0.0625"},
        {"read_median_s", ""},
        {"stored_bytes", "4096"},
        {"file_bytes", ""},
        {"mpiio_write_coll_count", "3"},
        {"short_count", "2"},
        {"mismatch_count", "0"},
        {"bounded", "true"},
        {"unverified", "false"},
    };
    static h5r_result_t result;
    make_full(&result);
    const record_t *record = record_of(&result);
    for (size_t i = 0; i < H5R_COUNT_OF(known); i++) {
        if (strcmp(field(record, known[i][0]), known[i][1]) != 0) {
            fail_msg("%s is '%s'", known[i][0], field(record, known[i][0]));
        }
    }
}

/* What is told as a number is one, or empty; times of the last repetition alone are not told. */
static void types(void **state)
{
    (void)state;
    static h5r_result_t result;
    make_full(&result);
    const record_t *record = record_of(&result);
    for (size_t i = 0; i < record->n; i++) {
        const said_t *said = &record->field[i];
        char *end;
        (void)strtod(said->text, &end);
        if (said->type == H5R_FIELD_NUMBER && *end != '\0') {
            fail_msg("%s is no number: %s", said->name, said->text);
        }
        if (said->type == H5R_FIELD_BOOL && strcmp(said->text, "true") != 0 &&
            strcmp(said->text, "false") != 0) {
            fail_msg("%s is neither true nor false: %s", said->name, said->text);
        }
        assert_string_not_equal(said->name, "mpiio_s");
    }
    result.durable_s.median = NAN;
    assert_string_equal(field(record_of(&result), "durable_median_s"), "");
    make_empty(&result);
    assert_string_equal(field(record_of(&result), "reason"), "it cannot be");
    assert_string_equal(field(record_of(&result), "durable_median_s"), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(always_the_same_fields),
        cmocka_unit_test(values),
        cmocka_unit_test(types),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
