/*
 * The algebra of patterns: which elements of an N-D dataset a rank owns (its region), and in which pieces it
 * moves them (its operations). Pure arithmetic on the C order of HDF5 (last dimension fastest): no MPI, no
 * HDF5, no allocation. All functions are local. Shapes and coordinates count elements.
 *
 * A region is a regular hyperslab, one (start, stride, count) per dimension. In memory a rank holds its
 * region as a dense C-ordered array of shape `count`; element l (local, linear) of that array has a global
 * coordinate start + stride * (coordinate of l in `count`).
 */
#ifndef H5ROOF_REGION_H
#define H5ROOF_REGION_H

#include "h5roof/factors.h"

typedef struct {
    int ndims;
    uint64_t start[H5R_MAX_NDIMS];
    uint64_t stride[H5R_MAX_NDIMS];
    uint64_t count[H5R_MAX_NDIMS]; /* a zero anywhere: the rank owns nothing */
} h5r_region_t;

/*
 * The share of `rank` among `nranks`.
 *   slab         the first dimension in contiguous pieces, the first (shape[0] % nranks) of them one row longer
 *   block        every dimension in grid[d] pieces likewise; the product of grid (h5r_balanced_grid) is
 *                nranks; rank -> grid coordinate in C order
 *   interleaved  row i of the first dimension belongs to rank i % nranks
 *   replicated   every rank has the whole
 * Except for replicated, every element is owned by exactly one rank. grid is used by block only.
 */
h5r_region_t h5r_region_of_rank(const h5r_dims_t *shape, h5r_decomp_t decomp, int nranks, int rank,
                                const int grid[H5R_MAX_NDIMS]);

/* The same share as a dense dataset of its own: start 0, stride 1 (a file per rank). */
h5r_region_t h5r_region_dense(const h5r_region_t *region);

/* Datasets of one shape as one with a dimension more, the first: `n` of them, and a region of dataset i. */
h5r_dims_t h5r_dims_stacked(const h5r_dims_t *shape, uint64_t n);
h5r_region_t h5r_region_stacked(const h5r_region_t *region, uint64_t i);

/* Product of counts. */
uint64_t h5r_region_elements(const h5r_region_t *region);

/* Product of the dimensions; 0 if n == 0. Saturates at UINT64_MAX instead of overflowing. */
uint64_t h5r_dims_elements(const h5r_dims_t *shape);

/* Global coordinate and C-order linear index (in a dataset of this shape) of the local linear index. */
void h5r_region_coord(const h5r_region_t *region, uint64_t local, uint64_t coord[H5R_MAX_NDIMS]);
uint64_t h5r_region_global(const h5r_region_t *region, const h5r_dims_t *shape, uint64_t local);

/* A coordinate for messages: "3, 0, 17". Returns text. */
#define H5R_COORD_SIZE 160
const char *h5r_coord_text(const uint64_t *coord, int ndims, char text[H5R_COORD_SIZE]);

/* The inverse: whether the region has the element at this global coordinate, and its local index. */
bool h5r_region_find(const h5r_region_t *region, const uint64_t coord[H5R_MAX_NDIMS], uint64_t *local);

/*
 * One call of an operation: a hyperslab of the dataset in the file (start, stride, count) that is one
 * contiguous run of `elements` in the rank's memory, `offset` elements from the buffer's begin. elements ==
 * 0: the rank has nothing to move but must take part (collective calls are the same number on all ranks).
 */
typedef struct {
    uint64_t start[H5R_MAX_NDIMS];
    uint64_t count[H5R_MAX_NDIMS];
    uint64_t elements;
    uint64_t offset;
} h5r_op_t;

/* The pieces of a region under an access, in C order. */
typedef struct {
    h5r_region_t region;           /* in the coordinates of the file's dataset */
    uint64_t piece[H5R_MAX_NDIMS]; /* shape of one piece, before clipping at the region's end */
    uint64_t pieces;               /* how many pieces the whole region has */
    uint64_t calls;    /* how many calls are made: bounded and, for collective transfers, padded */
    uint64_t elements; /* elements moved by these calls */
} h5r_ops_t;

/*
 * Cut a region. element_bytes: size in memory, for H5R_ACCESS_BYTES (a size below one element means one
 * element). max_ops bounds the pieces that are moved: the first max_ops in C order; 0 means no bound. calls
 * is min(pieces, max_ops); a collective caller raises it afterwards to the maximum over the ranks.
 */
void h5r_ops_init(h5r_ops_t *ops, const h5r_region_t *region, h5r_access_t access, size_t element_bytes,
                  uint64_t max_ops);

/* The same with pieces of any shape (one for each dimension of the region; larger than the region: as large
 * as it). More than one dimension may be cut, and then a piece is no run of the dense share: memory holds
 * piece after piece, each of them dense. */
void h5r_ops_cut(h5r_ops_t *ops, const h5r_region_t *region, const uint64_t *piece, uint64_t max_ops);

/* Call number `call` of the walk, without walking. */
void h5r_op_at(const h5r_ops_t *ops, uint64_t call, h5r_op_t *op);

/* Where a call lies in the whole dataset, given what the share `share` of the whole is `ops->region` of a
 * file (the same, or dense in a file of its own). */
h5r_region_t h5r_op_region(const h5r_ops_t *ops, const h5r_region_t *share, const h5r_op_t *op);

/* Walk the calls: first, then next until it returns false. Calls beyond the region's pieces (or beyond
 * max_ops) have elements == 0. The walk allocates nothing and does a few additions per step. */
typedef struct {
    const h5r_ops_t *ops;
    uint64_t call;                 /* index of the current call */
    uint64_t local[H5R_MAX_NDIMS]; /* local start of the current piece */
    h5r_op_t op;
} h5r_op_iter_t;

bool h5r_op_first(h5r_op_iter_t *it, const h5r_ops_t *ops);
bool h5r_op_next(h5r_op_iter_t *it);

#endif
