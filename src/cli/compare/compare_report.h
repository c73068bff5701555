/* A comparison as a table for people, as CSV and as JSON. */
#ifndef H5ROOF_COMPARE_REPORT_H
#define H5ROOF_COMPARE_REPORT_H

#include "core/compare/compare.h"
#include "core/env/env_diff.h"

typedef struct {
    const char *dir[2];          /* OLD, NEW */
    const h5r_results_t *run[2]; /* NULL: not loaded, since the comparison was refused */
    const h5r_env_diff_t *env;
    const h5r_compare_options_t *options;
    bool spreadsheet;                   /* csv: no cell is a formula */
    const h5r_comparison_t *comparison; /* NULL: refused */
} compare_report_t;

void compare_print_table(const compare_report_t *r);
void compare_print_csv(const compare_report_t *r);
bool compare_print_json(const compare_report_t *r); /* false: no memory */

/* Repetitions that a side needs for a verdict. */
size_t compare_missing(size_t n);

/* "1 slower, 10 same": what the summary and the message of the gate count. */
void compare_print_counts(const h5r_comparison_t *c, FILE *out);

extern const char *const compare_lone_names[]; /* by h5r_lone_kind_t, as in CSV and JSON */

#endif
