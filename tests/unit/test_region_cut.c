/* Pieces of any shape, in any order: tiles. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "h5roof/region.h"
#include "h5roof/rng.h"

#include <string.h>

enum { MAX_ELEMENTS = 5000 };

static h5r_region_t random_share(h5r_rng_t *rng, h5r_dims_t *shape)
{
    static const uint64_t longest[] = {0, 300, 40, 12, 7};
    static const int grid[H5R_MAX_NDIMS] = {1, 1, 1, 1, 1, 1};
    shape->n = 1 + (int)h5r_rng_below(rng, 4);
    for (int d = 0; d < shape->n; d++) {
        shape->d[d] = 1 + h5r_rng_below(rng, longest[shape->n]);
    }
    h5r_decomp_t decomp = h5r_rng_below(rng, 2) ? H5R_DECOMP_SLAB : H5R_DECOMP_INTERLEAVED;
    int ranks = 1 + (int)h5r_rng_below(rng, 5);
    return h5r_region_of_rank(shape, decomp, ranks, (int)h5r_rng_below(rng, (uint64_t)ranks), grid);
}

/* Every element of a call, marked where it lies in the whole dataset. */
static void mark(const h5r_dims_t *shape, const h5r_ops_t *ops, const h5r_op_t *op, unsigned char *seen)
{
    h5r_region_t region = h5r_op_region(ops, &ops->region, op);
    assert_int_equal(h5r_region_elements(&region), op->elements);
    for (uint64_t i = 0; i < op->elements; i++) {
        seen[h5r_region_global(&region, shape, i)]++;
    }
}

static void pieces_cover_the_share_once(void **state)
{
    (void)state;
    h5r_rng_t rng = h5r_rng_seeded(3, 0);
    static unsigned char seen[MAX_ELEMENTS];
    for (int trial = 0; trial < 3000; trial++) {
        h5r_dims_t shape;
        h5r_region_t region = random_share(&rng, &shape);
        uint64_t piece[H5R_MAX_NDIMS], elements = 0;
        uint64_t bound = h5r_rng_below(&rng, 2) ? 1 + h5r_rng_below(&rng, 20) : 0;
        for (int d = 0; d < shape.n; d++) {
            piece[d] = 1 + h5r_rng_below(&rng, 5);
        }
        h5r_ops_t ops;
        h5r_ops_cut(&ops, &region, piece, bound);
        assert_true(h5r_dims_elements(&shape) <= MAX_ELEMENTS);
        memset(seen, 0, sizeof seen);

        h5r_op_iter_t it;
        uint64_t call = 0, offset = 0;
        for (bool more = h5r_op_first(&it, &ops); more; more = h5r_op_next(&it), call++) {
            h5r_op_t op;
            h5r_op_at(&ops, call, &op);
            assert_int_equal(op.elements, it.op.elements);
            assert_int_equal(op.offset, offset);
            assert_int_equal(op.offset, it.op.offset);
            assert_memory_equal(op.start, it.op.start, (size_t)shape.n * sizeof op.start[0]);
            assert_memory_equal(op.count, it.op.count, (size_t)shape.n * sizeof op.count[0]);
            mark(&shape, &ops, &op, seen);
            offset += op.elements;
        }
        assert_int_equal(call, ops.calls);
        assert_int_equal(offset, ops.elements);
        for (uint64_t i = 0; i < h5r_dims_elements(&shape); i++) {
            assert_true(seen[i] <= 1);
            elements += seen[i];
        }
        assert_int_equal(elements, ops.elements);
        if (bound == 0) {
            assert_int_equal(elements, h5r_region_elements(&region));
        }
    }
}

static void calls_behind_the_last_are_empty(void **state)
{
    (void)state;
    const h5r_dims_t shape = {.n = 2, .d = {5, 7}};
    h5r_region_t region = h5r_region_of_rank(&shape, H5R_DECOMP_SLAB, 1, 0, NULL);
    h5r_ops_t ops;
    h5r_op_t op;
    h5r_ops_cut(&ops, &region, (const uint64_t[]){2, 3}, 4);
    assert_int_equal(ops.pieces, 9);
    assert_int_equal(ops.elements, 2 * 7 + 2 * 3); /* a row of tiles and one of the next */
    ops.calls = 6;                                 /* as a collective caller does */
    h5r_op_at(&ops, 3, &op);
    assert_int_equal(op.elements, 6);
    for (uint64_t call = 4; call < 7; call++) {
        h5r_op_at(&ops, call, &op);
        assert_true(op.elements == 0 && op.offset == ops.elements);
    }
}

static void tiles_of_a_file_of_its_own_have_global_places(void **state)
{
    (void)state;
    const h5r_dims_t shape = {.n = 2, .d = {7, 4}};
    h5r_region_t share = h5r_region_of_rank(&shape, H5R_DECOMP_INTERLEAVED, 3, 1, NULL); /* rows 1, 4 */
    h5r_region_t dense = h5r_region_dense(&share);
    h5r_ops_t ops;
    h5r_op_t op;
    h5r_ops_cut(&ops, &dense, (const uint64_t[]){1, 3}, 0);
    h5r_op_at(&ops, 3, &op);
    assert_true(op.start[0] == 1 && op.start[1] == 3 && op.elements == 1 && op.offset == 7);
    h5r_region_t where = h5r_op_region(&ops, &share, &op);
    assert_int_equal(h5r_region_global(&where, &shape, 0), 4 * 4 + 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_cover_the_share_once),
        cmocka_unit_test(calls_behind_the_last_are_empty),
        cmocka_unit_test(tiles_of_a_file_of_its_own_have_global_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
