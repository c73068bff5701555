#include "core/table/record.h"
#include "h5roof/count.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#define AT(member) offsetof(h5r_result_t, member)

typedef struct {
    const h5r_result_t *result;
    void (*visit)(const h5r_field_t *field, void *context);
    void *context;
} tour_t;

static void say(const tour_t *t, const char *group, const char *name, h5r_field_type_t type, const char *text)
{
    h5r_field_t field = {.group = group, .name = name, .type = type, .text = text};
    t->visit(&field, t->context);
}

static void say_number(const tour_t *t, const char *group, const char *name, bool applies, double value)
{
    char text[40] = "";
    if (applies && isfinite(value)) {
        snprintf(text, sizeof text, "%.9g", value);
    }
    say(t, group, name, H5R_FIELD_NUMBER, text);
}

static h5r_field_type_t type_of(const h5r_column_t *c)
{
    switch (c->type) {
    case H5R_CELL_U64:
    case H5R_CELL_F64:
        return H5R_FIELD_NUMBER;
    case H5R_CELL_BOOL:
        return H5R_FIELD_BOOL;
    case H5R_CELL_FACTOR:
        if (c->factor->type == H5R_TYPE_COUNT && c->factor->choices != NULL) {
            return H5R_FIELD_TEXT; /* may be a word */
        }
        return c->factor->type == H5R_TYPE_BYTES || c->factor->type == H5R_TYPE_COUNT ? H5R_FIELD_NUMBER
               : c->factor->type == H5R_TYPE_BOOL                                     ? H5R_FIELD_BOOL
                                                                                      : H5R_FIELD_TEXT;
    case H5R_CELL_TEXT:
    case H5R_CELL_WORD:
    case H5R_CELL_MARKS:
        break;
    }
    return H5R_FIELD_TEXT;
}

static void say_cell(const tour_t *t, const char *group, const h5r_column_t *c)
{
    char text[1024];
    say(t, group, c->name, type_of(c), h5r_row_cell_text(&t->result->last, c, text, sizeof text));
}

/* Columns of the last repetition. Times in them differ from repetition to repetition and have no place here.
 */
static void say_columns(const tour_t *t, const char *group)
{
    size_t n;
    const h5r_column_t *columns = h5r_columns(&n);
    for (size_t i = 0; i < n; i++) {
        size_t length = strlen(columns[i].name);
        bool is_time = columns[i].type == H5R_CELL_F64 && strcmp(columns[i].name + length - 2, "_s") == 0;
        if (strcmp(columns[i].group, group) == 0 && !is_time) {
            say_cell(t, group, &columns[i]);
        }
    }
}

static void say_identity(const tour_t *t)
{
    static const char *const names[] = {"run_id", "suite",  "case_id", "case",  "case_number", "operation",
                                        "status", "reason", "ranks",   "store", "roof_bound",  "direction"};
    for (size_t i = 0; i < H5R_COUNT_OF(names); i++) {
        say_cell(t, "", h5r_column_find(names[i]));
    }
}

static void say_statistics(const tour_t *t)
{
    static const struct {
        size_t offset;
        const char *name, *unit;
    } series[] = {
        {AT(durable_mibps), "durable", "mibps"}, {AT(transfer_mibps), "transfer", "mibps"},
        {AT(durable_s), "durable", "s"},         {AT(roof_s), "roof", "s"},
        {AT(efficiency), "efficiency", "frac"},
    };
    say_number(t, "statistics", "repetitions_count", true, (double)t->result->repetitions);
    for (size_t i = 0; i < H5R_COUNT_OF(series); i++) {
        h5r_summary_t s;
        memcpy(&s, (const char *)t->result + series[i].offset, sizeof s);
        const struct {
            const char *name;
            bool applies;
            double value;
        } parts[] = {
            {"median", s.n > 0, s.median}, {"ci_low", s.has_ci, s.ci_low}, {"ci_high", s.has_ci, s.ci_high},
            {"min", s.n > 0, s.min},       {"max", s.n > 0, s.max},
        };
        for (size_t k = 0; k < H5R_COUNT_OF(parts); k++) {
            char name[64];
            snprintf(name, sizeof name, "%s_%s_%s", series[i].name, parts[k].name, series[i].unit);
            say_number(t, "statistics", name, parts[k].applies, parts[k].value);
        }
    }
}

static void say_phases(const tour_t *t)
{
    for (size_t p = 0; p < H5R_PHASE_COUNT; p++) {
        char name[64];
        snprintf(name, sizeof name, "%s_median_s", h5r_phase_names[p]);
        say_number(t, "phases", name, t->result->phase_s[p].n > 0, t->result->phase_s[p].median);
    }
}

static void say_quality(const tour_t *t)
{
    const h5r_result_t *r = t->result;
    say_number(t, "quality", "short_count", true, (double)r->shorts);
    say_number(t, "quality", "above_roof_count", true, (double)r->above_roof);
    say_number(t, "quality", "cached_count", true, (double)r->cached);
    say_number(t, "quality", "mismatch_count", true, (double)r->mismatches);
    say(t, "quality", "bounded", H5R_FIELD_BOOL, r->bounded ? "true" : "false");
    say(t, "quality", "unverified", H5R_FIELD_BOOL, r->unverified ? "true" : "false");
    say_number(t, "quality", "suspended_count", true, (double)r->suspended);
}

void h5r_record_each(const h5r_result_t *r, void (*visit)(const h5r_field_t *field, void *context),
                     void *context)
{
    const tour_t t = {r, visit, context};
    say_identity(&t);
    say_columns(&t, "factors");
    say_statistics(&t);
    say_phases(&t);
    static const char *const groups[] = {"sizes", "cache", "mode", "counters"};
    for (size_t i = 0; i < H5R_COUNT_OF(groups); i++) {
        say_columns(&t, groups[i]);
    }
    say_quality(&t);
}
