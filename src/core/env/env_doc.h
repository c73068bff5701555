/* env.json as a flat list of paths and texts. Reads with libfyaml, which reads JSON as YAML. Local. */
#ifndef H5ROOF_ENV_DOC_H
#define H5ROOF_ENV_DOC_H

#include "h5roof/error.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct {
    char *path;   /* "nodes[0].topology.cores" */
    char *text;   /* of the scalar; "(empty)" of an empty list or map; NULL: null */
    size_t place; /* in the file, 0... */
} h5r_env_entry_t;

typedef struct {
    h5r_env_entry_t *entry;
    size_t n, capacity;
} h5r_env_doc_t;

/* H5R_RESULTS: cannot be read, is not JSON, or is not what h5roof writes. Free also on error. */
h5r_status_t h5r_env_doc_read(const char *path, h5r_env_doc_t *doc, h5r_error_t *err);

/* The same of a text in memory; path: for messages, doc: empty. */
h5r_status_t h5r_env_doc_parse(const char *path, const char *text, size_t length, h5r_env_doc_t *doc,
                               h5r_error_t *err);

void h5r_env_doc_free(h5r_env_doc_t *doc);

#endif
