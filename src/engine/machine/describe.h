/* Parts of env.json: each function adds one part to a document. Local. */
#ifndef H5ROOF_DESCRIBE_H
#define H5ROOF_DESCRIBE_H

#include "engine/machine/document.h"
#include "engine/machine/mounts.h"
#include "engine/machine/mpi_facts.h"
#include "engine/machine/nodes.h"

/* This build, HDF5, MPI and the other libraries. */
void h5r_describe_software(h5r_doc_t *d, h5r_node_t *to, const h5r_io_component_t *io);

/* The build of the HDF5 library as it says itself (what h5cc -showconfig prints); "": it does not. */
const char *h5r_hdf5_settings(void);
void h5r_describe_settings(h5r_doc_t *d, h5r_node_t *to, const char *settings);

/* Under key; error: why there is none, else NULL. */
void h5r_describe_filesystem(h5r_doc_t *d, h5r_node_t *to, const char *key, const h5r_filesystem_t *fs,
                             const char *error);

void h5r_describe_hints(h5r_doc_t *d, h5r_node_t *to, const char *asked, const h5r_hint_probe_t *probe);
void h5r_describe_nodes(h5r_doc_t *d, h5r_node_t *to, const h5r_nodes_t *nodes, int ranks);

/* Of all variables, those of the scheduler and those that concern the measurement. */
void h5r_describe_environment(h5r_doc_t *d, h5r_node_t *to, char *const *environment);

#endif
