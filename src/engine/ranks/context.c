#include "engine/ranks/context.h"

#include "core/stats/stats.h"
#include "engine/ranks/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BARRIERS 101

/* Communication errors are fatal in MPI's own default too, but then the exit code is the library's. */
static void end_job(MPI_Comm *comm, int *code, ...)
{
    char text[MPI_MAX_ERROR_STRING] = "unknown MPI error";
    int length = 0;
    MPI_Error_string(*code, text, &length);
    fprintf(stderr, "h5roof: MPI: %s\n", text); /* lint: allow-print: there is no caller to return to */
    MPI_Abort(*comm, H5R_IO);
}

static double measure_barrier(MPI_Comm comm)
{
    double seconds[BARRIERS];
    for (int i = 0; i < BARRIERS; i++) {
        h5r_instant_t t0 = h5r_now();
        MPI_Barrier(comm);
        seconds[i] = h5r_seconds_between(t0, h5r_now());
    }
    double median = h5r_summarise(seconds, BARRIERS).median;
    MPI_Bcast(&median, 1, MPI_DOUBLE, 0, comm);
    return median;
}

h5r_status_t h5r_context_init(h5r_context_t *ctx, MPI_Comm comm, h5r_error_t *err)
{
    *ctx = (h5r_context_t){.comm = comm};
    MPI_Errhandler handler;
    if (MPI_Comm_create_errhandler(end_job, &handler) != MPI_SUCCESS ||
        MPI_Comm_set_errhandler(comm, handler) != MPI_SUCCESS) {
        return h5r_fail(err, H5R_IO, "MPI refuses an error handler");
    }
    MPI_Errhandler_free(&handler);
    MPI_Comm_rank(comm, &ctx->rank);
    MPI_Comm_size(comm, &ctx->size);
    MPI_Comm node;
    MPI_Comm_split_type(comm, MPI_COMM_TYPE_SHARED, ctx->rank, MPI_INFO_NULL, &node);
    MPI_Comm_size(node, &ctx->ranks_on_node);
    MPI_Comm_rank(node, &ctx->node_rank);
    ctx->node = ctx->rank;
    MPI_Bcast(&ctx->node, 1, MPI_INT, 0, node);
    MPI_Comm_free(&node);
    ctx->away = h5r_shift_away(comm, ctx->node, ctx->ranks_on_node);
    int length;
    MPI_Get_processor_name(ctx->node_name, &length);
    ctx->barrier_s = measure_barrier(comm);
    return H5R_OK;
}

h5r_status_t h5r_agree(const h5r_context_t *ctx, h5r_error_t *err)
{
    int mine = err->code == H5R_OK ? ctx->size : ctx->rank;
    int first;
    MPI_Allreduce(&mine, &first, 1, MPI_INT, MPI_MIN, ctx->comm);
    if (first == ctx->size) {
        return H5R_OK;
    }
    int failing = err->code == H5R_OK ? 0 : 1, all;
    MPI_Allreduce(&failing, &all, 1, MPI_INT, MPI_MIN, ctx->comm);
    if (first == ctx->rank && !all) {
        h5r_context(err, "rank %d on %s", ctx->rank, ctx->node_name);
    }
    MPI_Bcast(err, (int)sizeof *err, MPI_BYTE, first, ctx->comm);
    return err->code;
}

void h5r_sum_counts(const h5r_context_t *ctx, const void *own, void *sum, size_t size)
{
    MPI_Reduce(own, sum, (int)(size / sizeof(uint64_t)), MPI_UINT64_T, MPI_SUM, 0, ctx->comm);
}
