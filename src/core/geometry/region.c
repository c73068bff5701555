#include "h5roof/region.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Part `index` of `parts` of one dimension; the first (size mod parts) of them are one longer. */
static void cut_dimension(h5r_region_t *region, int d, uint64_t size, uint64_t parts, uint64_t index)
{
    uint64_t length = size / parts;
    uint64_t longer = size % parts;
    region->start[d] = index * length + (index < longer ? index : longer);
    region->count[d] = length + (index < longer ? 1 : 0);
}

static h5r_region_t whole_region(const h5r_dims_t *shape)
{
    h5r_region_t region = {.ndims = shape->n};
    for (int d = 0; d < H5R_MAX_NDIMS; d++) {
        region.stride[d] = 1;
        region.count[d] = d < shape->n ? shape->d[d] : 1;
    }
    return region;
}

static void cut_blocks(h5r_region_t *region, const h5r_dims_t *shape, int rank, const int grid[H5R_MAX_NDIMS])
{
    int rest = rank;
    for (int d = shape->n - 1; d >= 0; d--) {
        cut_dimension(region, d, shape->d[d], (uint64_t)grid[d], (uint64_t)(rest % grid[d]));
        rest /= grid[d];
    }
}

static void cut_interleaved(h5r_region_t *region, uint64_t size, uint64_t nranks, uint64_t rank)
{
    bool owns = rank < size;
    region->start[0] = owns ? rank : 0;
    region->stride[0] = nranks;
    region->count[0] = owns ? (size - rank - 1) / nranks + 1 : 0;
}

h5r_region_t h5r_region_of_rank(const h5r_dims_t *shape, h5r_decomp_t decomp, int nranks, int rank,
                                const int grid[H5R_MAX_NDIMS])
{
    h5r_region_t region = whole_region(shape);
    switch (decomp) {
    case H5R_DECOMP_SLAB:
        cut_dimension(&region, 0, shape->d[0], (uint64_t)nranks, (uint64_t)rank);
        break;
    case H5R_DECOMP_BLOCK:
        cut_blocks(&region, shape, rank, grid);
        break;
    case H5R_DECOMP_INTERLEAVED:
        cut_interleaved(&region, shape->d[0], (uint64_t)nranks, (uint64_t)rank);
        break;
    case H5R_DECOMP_REPLICATED:
        break;
    }
    return region;
}

bool h5r_region_find(const h5r_region_t *region, const uint64_t coord[H5R_MAX_NDIMS], uint64_t *local)
{
    *local = 0;
    for (int d = 0; d < region->ndims; d++) {
        if (coord[d] < region->start[d] || (coord[d] - region->start[d]) % region->stride[d] != 0) {
            return false;
        }
        uint64_t at = (coord[d] - region->start[d]) / region->stride[d];
        if (at >= region->count[d]) {
            return false;
        }
        *local = *local * region->count[d] + at;
    }
    return true;
}

h5r_region_t h5r_region_dense(const h5r_region_t *region)
{
    h5r_region_t dense = *region;
    for (int d = 0; d < H5R_MAX_NDIMS; d++) {
        dense.start[d] = 0;
        dense.stride[d] = 1;
    }
    return dense;
}

static uint64_t saturating_product(const uint64_t *factor, int n)
{
    uint64_t product = n > 0;
    bool saturated = false;
    for (int d = 0; d < n; d++) {
        if (factor[d] == 0) {
            return 0;
        }
        saturated = saturated || product > UINT64_MAX / factor[d];
        product *= factor[d];
    }
    return saturated ? UINT64_MAX : product;
}

h5r_dims_t h5r_dims_stacked(const h5r_dims_t *shape, uint64_t n)
{
    h5r_dims_t all = {.n = shape->n + 1, .d = {n}};
    memcpy(all.d + 1, shape->d, (size_t)shape->n * sizeof all.d[0]);
    return all;
}

h5r_region_t h5r_region_stacked(const h5r_region_t *region, uint64_t i)
{
    h5r_region_t stacked = {.ndims = region->ndims + 1, .start = {i}, .stride = {1}, .count = {1}};
    for (int d = 0; d < region->ndims; d++) {
        stacked.start[d + 1] = region->start[d];
        stacked.stride[d + 1] = region->stride[d];
        stacked.count[d + 1] = region->count[d];
    }
    return stacked;
}

uint64_t h5r_region_elements(const h5r_region_t *region)
{
    return saturating_product(region->count, region->ndims);
}

uint64_t h5r_dims_elements(const h5r_dims_t *shape)
{
    return saturating_product(shape->d, shape->n);
}

void h5r_region_coord(const h5r_region_t *region, uint64_t local, uint64_t coord[H5R_MAX_NDIMS])
{
    for (int d = region->ndims - 1; d >= 0; d--) {
        coord[d] = region->start[d] + region->stride[d] * (local % region->count[d]);
        local /= region->count[d];
    }
}

const char *h5r_coord_text(const uint64_t *coord, int ndims, char text[H5R_COORD_SIZE])
{
    size_t used = 0;
    text[0] = '\0';
    for (int d = 0; d < ndims; d++) {
        used +=
            (size_t)snprintf(text + used, H5R_COORD_SIZE - used, "%s%" PRIu64, d == 0 ? "" : ", ", coord[d]);
    }
    return text;
}

uint64_t h5r_region_global(const h5r_region_t *region, const h5r_dims_t *shape, uint64_t local)
{
    uint64_t coord[H5R_MAX_NDIMS];
    h5r_region_coord(region, local, coord);
    uint64_t global = 0;
    for (int d = 0; d < region->ndims; d++) {
        global = global * shape->d[d] + coord[d];
    }
    return global;
}

/* Fill trailing dimensions while they fit, take what fits of the next one, one of each before. */
static void piece_of_budget(h5r_ops_t *ops, uint64_t budget)
{
    for (int d = ops->region.ndims - 1; d >= 0; d--) {
        uint64_t count = ops->region.count[d];
        if (count > budget) {
            ops->piece[d] = budget;
            return;
        }
        ops->piece[d] = count;
        budget /= count;
    }
}

static void piece_of_dimensions(h5r_ops_t *ops, int trailing)
{
    int first = ops->region.ndims - trailing;
    for (int d = first > 0 ? first : 0; d < ops->region.ndims; d++) {
        ops->piece[d] = ops->region.count[d];
    }
}

static void choose_piece(h5r_ops_t *ops, h5r_access_t access, size_t element_bytes)
{
    for (int d = 0; d < H5R_MAX_NDIMS; d++) {
        ops->piece[d] = 1;
    }
    switch (access.kind) {
    case H5R_ACCESS_ELEMENT:
        break;
    case H5R_ACCESS_ROW:
        piece_of_dimensions(ops, 1);
        break;
    case H5R_ACCESS_PLANE:
        piece_of_dimensions(ops, 2);
        break;
    case H5R_ACCESS_WHOLE:
    case H5R_ACCESS_SAME: /* never asked for: who reads has the access of the writes by then */
        piece_of_dimensions(ops, ops->region.ndims);
        break;
    case H5R_ACCESS_BYTES:
        piece_of_budget(ops, access.bytes > element_bytes ? access.bytes / element_bytes : 1);
        break;
    }
}

/* Local start of piece number `index`, and its shape. */
static void locate_piece(const h5r_ops_t *ops, uint64_t index, uint64_t *local, uint64_t *length)
{
    for (int d = ops->region.ndims - 1; d >= 0; d--) {
        uint64_t count = ops->region.count[d], piece = ops->piece[d], cuts = (count - 1) / piece + 1;
        local[d] = index % cuts * piece;
        length[d] = count - local[d] < piece ? count - local[d] : piece;
        index /= cuts;
    }
}

/* Elements of the pieces before one: in the first dimension whole layers of the region, then, within the
 * layer of the piece, whole layers of the next dimension, and so on. */
static uint64_t elements_before(const h5r_ops_t *ops, uint64_t index)
{
    uint64_t local[H5R_MAX_NDIMS], length[H5R_MAX_NDIMS], sum = 0, around = 1;
    uint64_t inner = h5r_region_elements(&ops->region);
    if (index >= ops->pieces) {
        return inner;
    }
    locate_piece(ops, index, local, length);
    for (int d = 0; d < ops->region.ndims; d++) {
        inner /= ops->region.count[d];
        sum += around * local[d] * inner;
        around *= length[d];
    }
    return sum;
}

static void bound_calls(h5r_ops_t *ops, uint64_t max_ops)
{
    ops->pieces = 1;
    for (int d = 0; d < ops->region.ndims; d++) {
        ops->pieces *= (ops->region.count[d] - 1) / ops->piece[d] + 1;
    }
    ops->calls = max_ops > 0 && max_ops < ops->pieces ? max_ops : ops->pieces;
    ops->elements = elements_before(ops, ops->calls);
}

void h5r_ops_init(h5r_ops_t *ops, const h5r_region_t *region, h5r_access_t access, size_t element_bytes,
                  uint64_t max_ops)
{
    *ops = (h5r_ops_t){.region = *region};
    if (h5r_region_elements(region) == 0) {
        return;
    }
    choose_piece(ops, access, element_bytes);
    bound_calls(ops, max_ops);
}

void h5r_ops_cut(h5r_ops_t *ops, const h5r_region_t *region, const uint64_t *piece, uint64_t max_ops)
{
    *ops = (h5r_ops_t){.region = *region};
    if (h5r_region_elements(region) == 0) {
        return;
    }
    for (int d = 0; d < H5R_MAX_NDIMS; d++) {
        bool cut = d < region->ndims && piece[d] < region->count[d];
        ops->piece[d] = cut ? piece[d] : d < region->ndims ? region->count[d] : 1;
    }
    bound_calls(ops, max_ops);
}

void h5r_op_at(const h5r_ops_t *ops, uint64_t call, h5r_op_t *op)
{
    *op = (h5r_op_t){.offset = ops->elements};
    uint64_t before = call < ops->calls ? elements_before(ops, call) : ops->elements;
    if (before >= ops->elements) {
        return; /* padding */
    }
    op->offset = before;
    locate_piece(ops, call, op->start, op->count);
    op->elements = 1;
    for (int d = 0; d < ops->region.ndims; d++) {
        op->start[d] = ops->region.start[d] + op->start[d] * ops->region.stride[d];
        op->elements *= op->count[d];
    }
}

h5r_region_t h5r_op_region(const h5r_ops_t *ops, const h5r_region_t *share, const h5r_op_t *op)
{
    h5r_region_t region = *share;
    for (int d = 0; d < region.ndims; d++) {
        uint64_t local = (op->start[d] - ops->region.start[d]) / ops->region.stride[d];
        region.start[d] = share->start[d] + local * share->stride[d];
        region.count[d] = op->count[d];
    }
    return region;
}

static uint64_t count_elements(const h5r_op_iter_t *it)
{
    uint64_t elements = 1;
    for (int d = 0; d < it->ops->region.ndims; d++) {
        elements *= it->op.count[d];
    }
    return elements;
}

bool h5r_op_first(h5r_op_iter_t *it, const h5r_ops_t *ops)
{
    *it = (h5r_op_iter_t){.ops = ops};
    if (ops->elements > 0) {
        for (int d = 0; d < ops->region.ndims; d++) {
            it->op.start[d] = ops->region.start[d];
            it->op.count[d] = ops->piece[d];
        }
        it->op.elements = count_elements(it);
    }
    return ops->calls > 0;
}

/* This rank has moved all it had to, but the others have not: it takes part with nothing. */
static void pad(h5r_op_iter_t *it)
{
    for (int d = 0; d < H5R_MAX_NDIMS; d++) {
        it->op.start[d] = it->op.count[d] = 0;
    }
    it->op.elements = 0;
}

static void resize_piece(h5r_op_iter_t *it, int d, uint64_t count)
{
    it->op.count[d] = count;
    it->op.elements = count_elements(it);
}

/* To the next piece, whichever dimensions it differs in: an odometer. */
static void turn(h5r_op_iter_t *it)
{
    const h5r_ops_t *ops = it->ops;
    for (int d = ops->region.ndims - 1; d >= 0; d--) {
        uint64_t piece = ops->piece[d];
        uint64_t local = it->local[d] + piece;
        if (local < ops->region.count[d]) {
            uint64_t rest = ops->region.count[d] - local;
            it->local[d] = local;
            it->op.start[d] += piece * ops->region.stride[d];
            if (rest < piece) {
                resize_piece(it, d, rest);
            }
            break;
        }
        it->local[d] = 0;
        it->op.start[d] = ops->region.start[d];
        if (it->op.count[d] != piece) {
            resize_piece(it, d, piece);
        }
    }
}

/* This runs between the timed calls: most steps go from one whole piece to the next along the last dimension,
 * and those are three additions. */
bool h5r_op_next(h5r_op_iter_t *it)
{
    const h5r_ops_t *ops = it->ops;
    if (++it->call >= ops->calls) {
        return false;
    }
    it->op.offset += it->op.elements;
    if (it->op.offset >= ops->elements) {
        pad(it);
        return true;
    }
    const int last = ops->region.ndims - 1;
    const uint64_t piece = ops->piece[last], local = it->local[last] + piece;
    if (local + piece <= ops->region.count[last]) {
        it->local[last] = local;
        it->op.start[last] += piece * ops->region.stride[last];
    } else {
        turn(it);
    }
    return true;
}
