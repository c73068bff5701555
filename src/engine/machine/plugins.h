/* Which filters HDF5 has loaded from where its user says (HDF5_PLUGIN_PATH, or its default), and who can change
 * them. Local. */
#ifndef H5ROOF_PLUGINS_H
#define H5ROOF_PLUGINS_H

#include "engine/machine/document.h"

#include <limits.h>
#include <stddef.h>

#define H5R_PLUGINS_MOST 32

typedef struct {
    char path[PATH_MAX];
    char owner[64]; /* a name, or a number where it has none */
    bool
        others_write; /* others than root and who runs this can change the file, or put another in its place */
} h5r_plugin_t;

/* Loads what HDF5 finds for the filters that h5roof knows, as a case with such a filter would. */
void h5r_plugins_load(void);

/* Those that are loaded now; at most H5R_PLUGINS_MOST. Returns how many. */
size_t h5r_plugins_loaded(h5r_plugin_t plugin[H5R_PLUGINS_MOST]);

/* Under the key "plugins". */
void h5r_describe_plugins(h5r_doc_t *d, h5r_node_t *to);

#endif
