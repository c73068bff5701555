/* The forms of `show` that are not its table: for programs (csv, json, tracker) and for pages (markdown). */
#ifndef H5ROOF_SHOW_FORMAT_H
#define H5ROOF_SHOW_FORMAT_H

#include "core/table/result.h"

#include <stdbool.h>
#include <stdio.h>

typedef struct {
    bool notes;
    bool spreadsheet; /* csv: no cell is a formula */
    bool sizes;       /* what the datasets take in the files, and the files on the disk */
    int columns;      /* of the terminal; 0: none, lines are as long as they need to be */
} show_wish_t;

typedef struct {
    const char *name;
    void (*write)(const h5r_results_t *results, show_wish_t wish, FILE *out);
} show_format_t;

/* X(name), without "table". */
#define SHOW_FORMAT_TABLE(X) X(csv) X(json) X(markdown) X(tracker)

extern const show_format_t show_formats[];
extern const size_t show_format_count;

/* What stands for no repetition at all: a case that was skipped, or in which the run was interrupted. */
bool show_is_listed(const h5r_result_t *r);

#endif
