/*
 * A small tree of maps, lists and scalars that is emitted as JSON for programs and as YAML for people,
 * through libfyaml. Texts stay texts ("1.10", "true"), whatever bytes they hold: what is not UTF-8 becomes
 * U+FFFD. Not for reading. Local.
 */
#ifndef H5ROOF_DOCUMENT_H
#define H5ROOF_DOCUMENT_H

#include <stdbool.h>
#include <stdint.h>

struct fy_document;
struct fy_node;

typedef struct {
    struct fy_document *doc;
    struct fy_node *root; /* a map */
    bool failed;          /* out of memory somewhere; sticky, looked at by h5r_doc_emit */
} h5r_doc_t;

typedef struct fy_node h5r_node_t;

/* False: out of memory. Free with h5r_doc_free also then. */
bool h5r_doc_init(h5r_doc_t *d);
void h5r_doc_free(h5r_doc_t *d);

/* Add to a map under a key, or to a list with key NULL. A NULL parent (after a failure) is ignored. Returned
 * nodes belong to the document. */
h5r_node_t *h5r_doc_map(h5r_doc_t *d, h5r_node_t *parent, const char *key);
h5r_node_t *h5r_doc_list(h5r_doc_t *d, h5r_node_t *parent, const char *key);
void h5r_doc_text(h5r_doc_t *d, h5r_node_t *parent, const char *key, const char *text); /* NULL: null */
void h5r_doc_textf(h5r_doc_t *d, h5r_node_t *parent, const char *key, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
void h5r_doc_int(h5r_doc_t *d, h5r_node_t *parent, const char *key, int64_t value);
void h5r_doc_uint(h5r_doc_t *d, h5r_node_t *parent, const char *key, uint64_t value);
void h5r_doc_real(h5r_doc_t *d, h5r_node_t *parent, const char *key, double value); /* not finite: null */
void h5r_doc_bool(h5r_doc_t *d, h5r_node_t *parent, const char *key, bool value);
void h5r_doc_null(h5r_doc_t *d, h5r_node_t *parent, const char *key);

typedef enum { H5R_DOC_JSON, H5R_DOC_YAML } h5r_doc_format_t;

/* The whole document with a newline at the end, to be freed; NULL: out of memory, now or while it was built.
 */
char *h5r_doc_emit(const h5r_doc_t *d, h5r_doc_format_t format);

#endif
