/*
 * A result (a case and operation over its repetitions) as a flat list of named fields in groups: what `show`
 * writes as CSV and JSON. Names are those of results.csv where the value is the same in all repetitions, and
 * NAME_median_UNIT, _ci_low_, _ci_high_, _min_, _max_ where it is summarised. Local.
 */
#ifndef H5ROOF_RECORD_H
#define H5ROOF_RECORD_H

#include "core/table/result.h"

typedef enum { H5R_FIELD_NUMBER, H5R_FIELD_BOOL, H5R_FIELD_TEXT } h5r_field_type_t;

typedef struct {
    const char *group; /* "" (identity), factors, statistics, phases, sizes, cache, mode, counters, quality */
    const char *name;
    h5r_field_type_t type;
    const char *text; /* "": does not apply. Valid during the visit only */
} h5r_field_t;

/* Visit all fields, groups one after the other, always the same ones in the same order. */
void h5r_record_each(const h5r_result_t *r, void (*visit)(const h5r_field_t *field, void *context),
                     void *context);

#endif
