#include "core/factors/sharing.h"

#include "h5roof/growth.h"
#include "h5roof/share.h"

/* Rows are dealt out in irregular runs (workload pieces), and not by decomposition. */
static bool is_dealt_in_pieces(const h5r_factors_t *f)
{
    return f->workload == H5R_WORKLOAD_pieces;
}

bool h5r_is_appended(const h5r_factors_t *f)
{
    bool grows = false;
    for (int d = 0; d < f->shape.n; d++) {
        grows = grows || h5r_factors_unlimited(f, d);
    }
    return grows;
}

/* Factors that were read from a table may not fit together. */
static bool is_decomposed(const h5r_factors_t *f, int nranks)
{
    return f->shape.n > 0 && h5r_share_owners(f, nranks) > 0;
}

/* One dimension of the chunk grid. */
typedef struct {
    uint64_t chunks, shared, most, visits;
} line_t;

/* `pieces` contiguous pieces, the first (extent % pieces) of them one longer: a chunk is shared if a piece
 * begins inside it. */
static line_t cut_line(uint64_t extent, uint64_t chunk, uint64_t pieces)
{
    line_t line = {.chunks = (extent + chunk - 1) / chunk, .most = 1};
    uint64_t last = UINT64_MAX, begun = 0;
    line.visits = line.chunks;
    pieces = pieces < extent ? pieces : extent; /* the others own nothing */
    for (uint64_t p = 1; p < pieces; p++) {
        uint64_t start = p * (extent / pieces) + (p < extent % pieces ? p : extent % pieces);
        if (start % chunk == 0) {
            continue;
        }
        begun = start / chunk == last ? begun + 1 : 1;
        line.visits++;
        line.shared += begun == 1 ? 1 : 0;
        last = start / chunk;
        line.most = begun + 1 > line.most ? begun + 1 : line.most;
    }
    return line;
}

/* Row i belongs to rank i % ranks. */
static line_t dealt_line(uint64_t extent, uint64_t chunk, uint64_t ranks)
{
    line_t line = {.chunks = (extent + chunk - 1) / chunk, .most = 1};
    uint64_t rest = extent - (line.chunks - 1) * chunk; /* rows of the last chunk */
    if (ranks > 1 && chunk > 1) {
        line.shared = line.chunks - (rest == 1 ? 1 : 0);
        line.most = line.chunks > 1 ? chunk : rest;
        line.most = line.most < ranks ? line.most : ranks;
    }
    line.visits = (line.chunks - 1) * (chunk < ranks ? chunk : ranks) + (rest < ranks ? rest : ranks);
    return line;
}

h5r_sharing_t h5r_chunk_sharing(const h5r_factors_t *f, int nranks)
{
    if (f->layout != H5R_LAYOUT_CHUNKED || !is_decomposed(f, nranks) || f->chunk.n != f->shape.n ||
        is_dealt_in_pieces(f)) {
        return (h5r_sharing_t){0};
    }
    int grid[H5R_MAX_NDIMS];
    h5r_share_grid(f, nranks, grid);
    const uint64_t ranks = (uint64_t)h5r_share_owners(f, nranks);
    h5r_sharing_t s = {.chunks = 1, .most = 1, .visits = 1};
    uint64_t alone = 1;
    for (int d = 0; d < f->shape.n; d++) {
        bool block = f->decomposition == H5R_DECOMP_BLOCK;
        uint64_t pieces = block                                           ? (uint64_t)grid[d]
                          : d == 0 && f->decomposition == H5R_DECOMP_SLAB ? ranks
                                                                          : 1;
        line_t line = d == 0 && f->decomposition == H5R_DECOMP_INTERLEAVED
                          ? dealt_line(f->shape.d[d], f->chunk.d[d], ranks)
                          : cut_line(f->shape.d[d], f->chunk.d[d], pieces);
        s.chunks *= line.chunks;
        s.most *= line.most;
        s.visits *= line.visits;
        alone *= line.chunks - line.shared;
    }
    if (f->decomposition == H5R_DECOMP_REPLICATED) {
        return (h5r_sharing_t){s.chunks, ranks > 1 ? s.chunks : 0, ranks, s.chunks * ranks};
    }
    s.shared = s.chunks - alone;
    return s;
}

uint64_t h5r_run_elements(const h5r_factors_t *f, int nranks)
{
    if (!is_decomposed(f, nranks)) {
        return 0;
    }
    if (is_dealt_in_pieces(f)) {
        uint64_t runs = (f->pieces_as == H5R_PIECES_PACKED ? 1 : f->pieces) * (uint64_t)nranks;
        return h5r_dims_elements(&f->shape) / (runs < f->shape.d[0] ? runs : f->shape.d[0]);
    }
    const h5r_region_t region = h5r_share_of_rank(f, nranks, 0);
    uint64_t run = 1;
    for (int d = f->shape.n - 1; d >= 0; d--) {
        if (region.stride[d] != 1) {
            break;
        }
        run *= region.count[d];
        if (region.count[d] != f->shape.d[d]) {
            break;
        }
    }
    return run;
}

bool h5r_ranks_alternate(const h5r_factors_t *f, int nranks)
{
    if (f->decomposition == H5R_DECOMP_REPLICATED || !is_decomposed(f, nranks)) {
        return false;
    }
    if (is_dealt_in_pieces(f)) {
        return f->pieces_as != H5R_PIECES_PACKED && f->pieces > 1 && nranks > 1;
    }
    const h5r_region_t region = h5r_share_of_rank(f, nranks, 0);
    return h5r_run_elements(f, nranks) < h5r_region_elements(&region);
}
