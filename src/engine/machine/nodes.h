/*
 * Who runs where: one record per node, and one short record per rank in jobs that are not too large for it.
 * Gathered once, to rank 0; nothing of it stays in the other ranks.
 */
#ifndef H5ROOF_NODES_H
#define H5ROOF_NODES_H

#include "engine/machine/machine.h"
#include "engine/ranks/context.h"

/* Above this number of ranks there is no record per rank, and above this number of nodes only that of rank
 * 0's node. */
#define H5R_RANKS_LISTED 4096

typedef struct {
    h5r_machine_t machine;
    h5r_topology_t topology;
    int ranks;
    int cpus_per_rank_min, cpus_per_rank_max; /* on which a rank may run */
} h5r_node_info_t;

typedef struct {
    int node;      /* index in h5r_nodes_t.node */
    int cpu_count; /* on which it may run; 0: unknown */
    char cpus[56]; /* "0-3,8", cut if longer */
} h5r_rank_info_t;

typedef struct {
    int count;             /* nodes of the job; on all ranks */
    int listed;            /* elements of node; 0 on other ranks than 0 */
    h5r_node_info_t *node; /* the first is that of rank 0 */
    h5r_rank_info_t *rank; /* one per rank of the job; NULL: too many */
} h5r_nodes_t;

/* Collective. Free with h5r_nodes_free, also on error. */
h5r_status_t h5r_nodes_gather(const h5r_context_t *ctx, h5r_nodes_t *nodes, h5r_error_t *err);
void h5r_nodes_free(h5r_nodes_t *nodes); /* local */

/* Cores that hwloc sees on a node, or else the CPUs that are online. Local. */
int h5r_node_cores(const h5r_node_info_t *node);

#endif
