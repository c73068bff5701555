#include "engine/machine/nodes.h"

#include <stdlib.h>

typedef struct {
    MPI_Comm node;    /* ranks of this node */
    MPI_Comm leaders; /* rank 0 of every node; MPI_COMM_NULL in the others */
    int count, index; /* of nodes; of this one */
} split_t;

/* Collective. Keys keep the order of the ranks, so that rank 0 leads node 0. */
static void split(const h5r_context_t *ctx, split_t *s)
{
    MPI_Comm_split_type(ctx->comm, MPI_COMM_TYPE_SHARED, ctx->rank, MPI_INFO_NULL, &s->node);
    int local;
    MPI_Comm_rank(s->node, &local);
    MPI_Comm_split(ctx->comm, local == 0 ? 0 : MPI_UNDEFINED, ctx->rank, &s->leaders);
    int place[2] = {0, 0};
    if (local == 0) {
        MPI_Comm_size(s->leaders, &place[0]);
        MPI_Comm_rank(s->leaders, &place[1]);
    }
    MPI_Bcast(place, 2, MPI_INT, 0, s->node);
    s->count = place[0];
    s->index = place[1];
}

static void split_free(split_t *s)
{
    if (s->leaders != MPI_COMM_NULL) {
        MPI_Comm_free(&s->leaders);
    }
    MPI_Comm_free(&s->node);
}

/* Collective over the node; complete on its first rank. */
static void describe_node(const split_t *s, int cpu_count, h5r_node_info_t *info)
{
    *info = (h5r_node_info_t){.ranks = 0};
    int local;
    MPI_Comm_rank(s->node, &local);
    MPI_Comm_size(s->node, &info->ranks);
    MPI_Reduce(&cpu_count, &info->cpus_per_rank_min, 1, MPI_INT, MPI_MIN, 0, s->node);
    MPI_Reduce(&cpu_count, &info->cpus_per_rank_max, 1, MPI_INT, MPI_MAX, 0, s->node);
    if (local == 0) {
        h5r_machine_query("", &info->machine);
        (void)h5r_topology_query(&info->topology);
    }
}

/* Rank 0 makes room; all agree on whether it could. */
static h5r_status_t make_room(const h5r_context_t *ctx, h5r_nodes_t *nodes, h5r_error_t *err)
{
    h5r_error_t mine = {.code = H5R_OK};
    if (ctx->rank == 0) {
        const int listed = nodes->count <= H5R_RANKS_LISTED ? nodes->count : 1;
        nodes->node = calloc((size_t)listed, sizeof *nodes->node);
        if (ctx->size <= H5R_RANKS_LISTED) {
            nodes->rank = calloc((size_t)ctx->size, sizeof *nodes->rank);
        }
        if (!nodes->node || (ctx->size <= H5R_RANKS_LISTED && !nodes->rank)) {
            (void)h5r_no_memory(&mine, "the list of %d ranks", ctx->size);
        } else {
            nodes->listed = listed;
        }
    }
    if (h5r_agree(ctx, &mine) != H5R_OK) {
        *err = mine;
    }
    return mine.code;
}

h5r_status_t h5r_nodes_gather(const h5r_context_t *ctx, h5r_nodes_t *nodes, h5r_error_t *err)
{
    split_t s;
    split(ctx, &s);
    *nodes = (h5r_nodes_t){.count = s.count};
    h5r_rank_info_t mine = {.node = s.index};
    mine.cpu_count = h5r_machine_binding(mine.cpus, sizeof mine.cpus);
    h5r_node_info_t info;
    describe_node(&s, mine.cpu_count, &info);

    const h5r_status_t status = make_room(ctx, nodes, err);
    if (status == H5R_OK) {
        const int info_bytes = (int)sizeof info, mine_bytes = (int)sizeof mine;
        if (nodes->node) {
            nodes->node[0] = info;
        }
        if (s.count <= H5R_RANKS_LISTED && s.leaders != MPI_COMM_NULL) {
            MPI_Gather(&info, info_bytes, MPI_BYTE, nodes->node, info_bytes, MPI_BYTE, 0, s.leaders);
        }
        if (ctx->size <= H5R_RANKS_LISTED) {
            MPI_Gather(&mine, mine_bytes, MPI_BYTE, nodes->rank, mine_bytes, MPI_BYTE, 0, ctx->comm);
        }
    }
    split_free(&s);
    return status;
}

void h5r_nodes_free(h5r_nodes_t *nodes)
{
    free(nodes->node);
    free(nodes->rank);
    *nodes = (h5r_nodes_t){.count = 0};
}

int h5r_node_cores(const h5r_node_info_t *node)
{
    return node->topology.cores > 0 ? node->topology.cores : node->machine.cpus_online;
}
