/* The algebra of patterns, on random shapes, ranks, decompositions and accesses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "h5roof/count.h"
#include "h5roof/region.h"
#include "h5roof/rng.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_RANKS = 17, MAX_ELEMENTS = 4096 };

static h5r_dims_t random_shape(h5r_rng_t *rng)
{
    static const uint64_t longest[] = {0, 300, 40, 12, 6, 5, 4};
    h5r_dims_t shape = {.n = 1 + (int)h5r_rng_below(rng, 6)};
    for (int d = 0; d < shape.n; d++) {
        shape.d[d] = 1 + h5r_rng_below(rng, longest[shape.n]);
    }
    return shape;
}

/* Any factorisation: prime factors are dealt to random dimensions. */
static void random_grid(h5r_rng_t *rng, int ndims, int nranks, int grid[H5R_MAX_NDIMS])
{
    for (int d = 0; d < H5R_MAX_NDIMS; d++) {
        grid[d] = 1;
    }
    for (int factor = 2; nranks > 1; factor++) {
        for (; nranks % factor == 0; nranks /= factor) {
            grid[h5r_rng_below(rng, (uint64_t)ndims)] *= factor;
        }
    }
}

typedef struct {
    h5r_dims_t shape;
    h5r_decomp_t decomp;
    int nranks;
    int grid[H5R_MAX_NDIMS];
} setting_t;

static setting_t random_setting(h5r_rng_t *rng)
{
    setting_t s = {.shape = random_shape(rng), .nranks = 1 + (int)h5r_rng_below(rng, MAX_RANKS)};
    s.decomp = (h5r_decomp_t)h5r_rng_below(rng, H5R_DECOMP_REPLICATED + 1);
    random_grid(rng, s.shape.n, s.nranks, s.grid);
    return s;
}

static h5r_region_t region_of(const setting_t *s, int rank)
{
    return h5r_region_of_rank(&s->shape, s->decomp, s->nranks, rank, s->grid);
}

static uint64_t linear(const h5r_dims_t *shape, const uint64_t *coord)
{
    uint64_t index = 0;
    for (int d = 0; d < shape->n; d++) {
        assert_true(coord[d] < shape->d[d]);
        index = index * shape->d[d] + coord[d];
    }
    return index;
}

static void every_element_has_its_owners(void **state)
{
    (void)state;
    h5r_rng_t rng = h5r_rng_seeded(1, 0);
    for (int trial = 0; trial < 2000; trial++) {
        setting_t s = random_setting(&rng);
        int owners[MAX_ELEMENTS] = {0};
        uint64_t elements = h5r_dims_elements(&s.shape);
        assert_true(elements <= MAX_ELEMENTS);
        for (int rank = 0; rank < s.nranks; rank++) {
            h5r_region_t region = region_of(&s, rank);
            uint64_t previous = 0;
            for (uint64_t l = 0; l < h5r_region_elements(&region); l++) {
                uint64_t coord[H5R_MAX_NDIMS];
                h5r_region_coord(&region, l, coord);
                uint64_t global = h5r_region_global(&region, &s.shape, l);
                assert_int_equal(global, linear(&s.shape, coord));
                assert_true(l == 0 || global > previous); /* local order is global order */
                previous = global;
                owners[global]++;
            }
        }
        for (uint64_t i = 0; i < elements; i++) {
            assert_int_equal(owners[i], s.decomp == H5R_DECOMP_REPLICATED ? s.nranks : 1);
        }
    }
}

static void known_shares(void **state)
{
    (void)state;
    const h5r_dims_t shape = {.n = 2, .d = {10, 6}};
    const int grid[H5R_MAX_NDIMS] = {2, 2, 1, 1, 1, 1};

    h5r_region_t r = h5r_region_of_rank(&shape, H5R_DECOMP_SLAB, 4, 1, grid); /* 3, 3, 2, 2 rows */
    assert_true(r.start[0] == 3 && r.count[0] == 3 && r.start[1] == 0 && r.count[1] == 6);
    r = h5r_region_of_rank(&shape, H5R_DECOMP_SLAB, 4, 3, grid);
    assert_true(r.start[0] == 8 && r.count[0] == 2);
    r = h5r_region_of_rank(&shape, H5R_DECOMP_BLOCK, 4, 1, grid); /* C order: rank 1 is (0, 1) */
    assert_true(r.start[0] == 0 && r.count[0] == 5 && r.start[1] == 3 && r.count[1] == 3);
    r = h5r_region_of_rank(&shape, H5R_DECOMP_INTERLEAVED, 4, 1, grid); /* rows 1, 5, 9 */
    assert_true(r.start[0] == 1 && r.stride[0] == 4 && r.count[0] == 3 && r.count[1] == 6);
    r = h5r_region_dense(&r);
    assert_true(r.start[0] == 0 && r.stride[0] == 1 && r.count[0] == 3 && r.count[1] == 6 && r.ndims == 2);
    r = h5r_region_of_rank(&shape, H5R_DECOMP_SLAB, 12, 11, grid);
    assert_int_equal(h5r_region_elements(&r), 0);
    r = h5r_region_of_rank(&shape, H5R_DECOMP_INTERLEAVED, 12, 11, grid);
    assert_int_equal(h5r_region_elements(&r), 0);
}

static void products_saturate(void **state)
{
    (void)state;
    h5r_dims_t shape = {.n = 0};
    assert_int_equal(h5r_dims_elements(&shape), 0);
    shape = (h5r_dims_t){.n = 2, .d = {UINT64_C(1) << 32, UINT64_C(1) << 31}};
    assert_true(h5r_dims_elements(&shape) == UINT64_C(1) << 63);
    shape.d[1] *= 2;
    assert_true(h5r_dims_elements(&shape) == UINT64_MAX);
    shape = (h5r_dims_t){.n = 3, .d = {UINT64_MAX, UINT64_MAX, 0}};
    assert_int_equal(h5r_dims_elements(&shape), 0);
    shape = (h5r_dims_t){.n = 3, .d = {UINT64_MAX, 1, 1}};
    assert_true(h5r_dims_elements(&shape) == UINT64_MAX);
}

static h5r_access_t random_access_kind(h5r_rng_t *rng)
{
    h5r_access_t access = {.kind = (h5r_access_kind_t)h5r_rng_below(rng, H5R_ACCESS_BYTES + 1)};
    if (access.kind == H5R_ACCESS_BYTES) {
        access.bytes = h5r_rng_below(rng, 1u << h5r_rng_below(rng, 15));
    }
    return access;
}

/* The shape of a piece, straight from the words of region.h. */
static uint64_t expected_pieces(const h5r_region_t *r, h5r_access_t access, size_t element_bytes)
{
    uint64_t elements = h5r_region_elements(r);
    uint64_t row = r->count[r->ndims - 1];
    uint64_t plane = r->ndims > 1 ? row * r->count[r->ndims - 2] : row;
    if (elements == 0) {
        return 0;
    }
    switch (access.kind) {
    case H5R_ACCESS_ELEMENT:
        return elements;
    case H5R_ACCESS_ROW:
        return elements / row;
    case H5R_ACCESS_PLANE:
        return elements / plane;
    case H5R_ACCESS_SAME: /* resolved before: nobody cuts by it */
    case H5R_ACCESS_WHOLE:
        return 1;
    case H5R_ACCESS_BYTES:
        break;
    }
    uint64_t budget = access.bytes / element_bytes > 0 ? access.bytes / element_bytes : 1;
    uint64_t inner = 1;
    for (int d = r->ndims - 1; d >= 0; d--) {
        if (inner * r->count[d] > budget) {
            uint64_t k = budget / inner;
            return elements / (inner * r->count[d]) * ((r->count[d] + k - 1) / k);
        }
        inner *= r->count[d];
    }
    return 1;
}

/* One call: a box of the file whose elements are consecutive in memory, from offset on. */
static void check_op(const h5r_op_t *op, const h5r_region_t *region, const h5r_dims_t *shape, uint64_t offset)
{
    assert_int_equal(op->offset, offset);
    uint64_t product = 1;
    for (int d = 0; d < region->ndims; d++) {
        product *= op->count[d];
    }
    assert_int_equal(op->elements, product);

    h5r_region_t box = {.ndims = region->ndims};
    memcpy(box.start, op->start, sizeof box.start);
    memcpy(box.count, op->count, sizeof box.count);
    memcpy(box.stride, region->stride, sizeof box.stride);
    for (uint64_t l = 0; l < op->elements; l++) {
        assert_int_equal(h5r_region_global(&box, shape, l), h5r_region_global(region, shape, offset + l));
    }
}

static void check_walk(const h5r_ops_t *ops, const h5r_dims_t *shape, uint64_t moving_calls)
{
    h5r_op_iter_t it;
    uint64_t offset = 0, calls = 0;
    for (bool more = h5r_op_first(&it, ops); more; more = h5r_op_next(&it)) {
        assert_int_equal(it.call, calls);
        if (calls < moving_calls) {
            assert_true(it.op.elements > 0);
            check_op(&it.op, &ops->region, shape, offset);
        } else {
            assert_int_equal(it.op.elements, 0);
            assert_true(it.op.offset <= h5r_region_elements(&ops->region));
        }
        offset += it.op.elements;
        calls++;
    }
    assert_int_equal(calls, ops->calls);
    assert_int_equal(offset, ops->elements);
}

static void pieces_tile_the_memory(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 2, 4, 8};
    h5r_rng_t rng = h5r_rng_seeded(2, 0);
    for (int trial = 0; trial < 4000; trial++) {
        setting_t s = random_setting(&rng);
        h5r_region_t region = region_of(&s, (int)h5r_rng_below(&rng, (uint64_t)s.nranks));
        h5r_access_t access = random_access_kind(&rng);
        size_t element_bytes = sizes[h5r_rng_below(&rng, 4)];
        uint64_t bound = h5r_rng_below(&rng, 2) ? h5r_rng_below(&rng, 50) : 0;

        h5r_ops_t ops;
        h5r_ops_init(&ops, &region, access, element_bytes, bound);
        uint64_t pieces = expected_pieces(&region, access, element_bytes);
        uint64_t moving = bound > 0 && bound < pieces ? bound : pieces;
        assert_int_equal(ops.pieces, pieces);
        assert_int_equal(ops.calls, moving);
        if (bound == 0) {
            assert_int_equal(ops.elements, h5r_region_elements(&region));
        }
        check_walk(&ops, &s.shape, moving);

        ops.calls += h5r_rng_below(&rng, 5); /* as a collective caller does */
        check_walk(&ops, &s.shape, moving);
    }
}

static void bytes_are_floored_to_a_run(void **state)
{
    (void)state;
    const h5r_dims_t shape = {.n = 3, .d = {4, 5, 6}};
    h5r_region_t region = h5r_region_of_rank(&shape, H5R_DECOMP_REPLICATED, 1, 0, NULL);
    static const struct {
        uint64_t bytes, piece[3], pieces;
    } table[] = {
        {0, {1, 1, 1}, 120}, {7, {1, 1, 1}, 120},  {8, {1, 1, 1}, 120}, {39, {1, 1, 4}, 40},
        {48, {1, 1, 6}, 20}, {100, {1, 2, 6}, 12}, {240, {1, 5, 6}, 4}, {479, {1, 5, 6}, 4},
        {480, {2, 5, 6}, 2}, {720, {3, 5, 6}, 2},  {960, {4, 5, 6}, 1}, {UINT64_MAX, {4, 5, 6}, 1},
    };
    for (size_t i = 0; i < H5R_COUNT_OF(table); i++) {
        h5r_ops_t ops;
        h5r_ops_init(&ops, &region, (h5r_access_t){.kind = H5R_ACCESS_BYTES, .bytes = table[i].bytes}, 8, 0);
        for (int d = 0; d < 3; d++) {
            assert_int_equal(ops.piece[d], table[i].piece[d]);
        }
        assert_int_equal(ops.pieces, table[i].pieces);
    }
}

/* Every coordinate of a small dataset: found by its owner alone, where h5r_region_coord puts it. */
static void coordinates_are_found(void **state)
{
    (void)state;
    const h5r_dims_t shape = {.n = 2, .d = {7, 5}};
    const int grid[H5R_MAX_NDIMS] = {2, 2, 1, 1, 1, 1};
    static const h5r_decomp_t ways[] = {H5R_DECOMP_SLAB, H5R_DECOMP_BLOCK, H5R_DECOMP_INTERLEAVED};
    for (size_t w = 0; w < H5R_COUNT_OF(ways); w++) {
        for (uint64_t i = 0; i < 35; i++) {
            const uint64_t coord[H5R_MAX_NDIMS] = {i / 5, i % 5};
            int owners = 0;
            for (int rank = 0; rank < 4; rank++) {
                h5r_region_t region = h5r_region_of_rank(&shape, ways[w], 4, rank, grid);
                uint64_t local, back[H5R_MAX_NDIMS];
                if (h5r_region_find(&region, coord, &local)) {
                    owners++;
                    assert_true(local < h5r_region_elements(&region));
                    h5r_region_coord(&region, local, back);
                    assert_true(back[0] == coord[0] && back[1] == coord[1]);
                }
            }
            assert_int_equal(owners, 1);
        }
    }
}

static void strided_pieces_keep_the_stride(void **state)
{
    (void)state;
    const h5r_dims_t shape = {.n = 1, .d = {10}};
    h5r_region_t region = h5r_region_of_rank(&shape, H5R_DECOMP_INTERLEAVED, 3, 1, NULL); /* 1, 4, 7 */
    h5r_ops_t ops;
    h5r_op_iter_t it;
    h5r_ops_init(&ops, &region, (h5r_access_t){.kind = H5R_ACCESS_BYTES, .bytes = 16}, 8, 0);
    assert_true(h5r_op_first(&it, &ops));
    assert_true(it.op.start[0] == 1 && it.op.count[0] == 2 && it.op.offset == 0);
    assert_true(h5r_op_next(&it));
    assert_true(it.op.start[0] == 7 && it.op.count[0] == 1 && it.op.offset == 2 && it.op.elements == 1);
    assert_false(h5r_op_next(&it));
}

static void a_rank_without_elements_takes_part(void **state)
{
    (void)state;
    const h5r_dims_t shape = {.n = 2, .d = {2, 3}};
    h5r_region_t region = h5r_region_of_rank(&shape, H5R_DECOMP_SLAB, 3, 2, NULL);
    h5r_ops_t ops;
    h5r_op_iter_t it;
    h5r_ops_init(&ops, &region, (h5r_access_t){.kind = H5R_ACCESS_ROW}, 8, 0);
    assert_int_equal(ops.pieces, 0);
    assert_false(h5r_op_first(&it, &ops));
    ops.calls = 2;
    assert_true(h5r_op_first(&it, &ops));
    assert_true(it.op.elements == 0 && it.op.offset == 0);
    assert_true(h5r_op_next(&it));
    assert_int_equal(it.op.elements, 0);
    assert_false(h5r_op_next(&it));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_element_has_its_owners),
        cmocka_unit_test(known_shares),
        cmocka_unit_test(products_saturate),
        cmocka_unit_test(pieces_tile_the_memory),
        cmocka_unit_test(bytes_are_floored_to_a_run),
        cmocka_unit_test(coordinates_are_found),
        cmocka_unit_test(strided_pieces_keep_the_stride),
        cmocka_unit_test(a_rank_without_elements_takes_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
