/*
 * A suite as a YAML document, and the errors found in it, each with its place. Wraps libfyaml; knows nothing
 * of factors or cases. Local.
 */
#ifndef H5ROOF_SUITE_DOC_H
#define H5ROOF_SUITE_DOC_H

#include "h5roof/error.h"

#include <libfyaml.h>
#include <stdbool.h>
#include <stddef.h>

#define H5R_SUITE_MAX_BYTES ((size_t)256 << 20) /* what h5r_plan_write writes for a million cases */

typedef struct {
    int line, column; /* from 1; line 0: not in the file */
    size_t order;     /* in which it was found */
    char *text;
} h5r_suite_error_t;

typedef struct {
    const char *path; /* as the user gave it; not owned */
    char *text;
    size_t length;
    struct fy_diag *diag; /* collects libfyaml's errors and ours */
    struct fy_parser *parser;
    struct fy_document *document;
    h5r_suite_error_t *errors;
    size_t nerrors;
    bool out_of_memory; /* an error could not be recorded */
} h5r_suite_doc_t;

/*
 * Read and parse the file, or `text` unless it is NULL; path is then no more than a name. H5R_USAGE with a message and no errors recorded: the file cannot be read or is empty.
 * H5R_OK with errors recorded and no document: it is not YAML (or not one document). Close it in any case.
 */
h5r_status_t h5r_suite_doc_open(h5r_suite_doc_t *doc, const char *path, const char *text, h5r_error_t *err);
void h5r_suite_doc_close(h5r_suite_doc_t *doc);

/* Record an error at a node that has text or is a sequence or mapping. */
void h5r_suite_doc_error(h5r_suite_doc_t *doc, struct fy_node *where, const char *fmt, ...) H5R_PRINTF(3, 4);

/* Record an error outside of the file; text opens with what is wrong where, as `--set chnk=1: error: ...`. */
void h5r_suite_doc_error_elsewhere(h5r_suite_doc_t *doc, const char *fmt, ...) H5R_PRINTF(2, 3);

/* How many errors there are so far. */
size_t h5r_suite_doc_errors(h5r_suite_doc_t *doc);

/* All errors in order of their lines, with source line and caret, and the summary line. NULL: out of memory.
 */
char *h5r_suite_doc_report(h5r_suite_doc_t *doc);

/* The text of a scalar node into buf. False with a message if it is not a plain value that fits. */
bool h5r_node_text(struct fy_node *node, char *buf, size_t size, h5r_error_t *err);

#endif
