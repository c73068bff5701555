/* Chunks that ranks share, against counting every element. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/factors/factor.h"
#include "core/factors/sharing.h"
#include "core/geometry/grid.h"
#include "h5roof/count.h"
#include "h5roof/rng.h"

#define MAX_CHUNKS 4096

static uint64_t chunk_of(const h5r_factors_t *f, const uint64_t *coord)
{
    uint64_t index = 0;
    for (int d = 0; d < f->shape.n; d++) {
        uint64_t chunks = (f->shape.d[d] + f->chunk.d[d] - 1) / f->chunk.d[d];
        index = index * chunks + coord[d] / f->chunk.d[d];
    }
    return index;
}

/* Bit r: rank r has an element in the chunk. */
static h5r_sharing_t count(const h5r_factors_t *f, int nranks)
{
    static uint32_t ranks_of[MAX_CHUNKS];
    memset(ranks_of, 0, sizeof ranks_of);
    int grid[H5R_MAX_NDIMS];
    h5r_balanced_grid(nranks, f->shape.n, grid);
    for (int rank = 0; rank < nranks; rank++) {
        h5r_region_t region = h5r_region_of_rank(&f->shape, f->decomposition, nranks, rank, grid);
        for (uint64_t i = 0; i < h5r_region_elements(&region); i++) {
            uint64_t coord[H5R_MAX_NDIMS];
            h5r_region_coord(&region, i, coord);
            assert_true(chunk_of(f, coord) < MAX_CHUNKS);
            ranks_of[chunk_of(f, coord)] |= 1u << rank;
        }
    }
    h5r_sharing_t s = {0};
    for (size_t c = 0; c < MAX_CHUNKS; c++) {
        uint64_t ranks = (uint64_t)__builtin_popcount(ranks_of[c]);
        s.chunks += ranks > 0 ? 1 : 0;
        s.shared += ranks > 1 ? 1 : 0;
        s.most = ranks > s.most ? ranks : s.most;
        s.visits += ranks;
    }
    return s;
}

static void sharing_is_what_counting_finds(void **state)
{
    (void)state;
    h5r_rng_t rng = h5r_rng_seeded(7, 0);
    for (int trial = 0; trial < 3000; trial++) {
        h5r_factors_t f;
        h5r_factors_default(&f);
        f.layout = H5R_LAYOUT_CHUNKED;
        f.decomposition = (h5r_decomp_t)(trial % 4);
        f.shape.n = f.chunk.n = 1 + (int)h5r_rng_below(&rng, 3);
        for (int d = 0; d < f.shape.n; d++) {
            f.shape.d[d] = 1 + h5r_rng_below(&rng, 14);
            f.chunk.d[d] = 1 + h5r_rng_below(&rng, f.shape.d[d]);
        }
        int nranks = 1 + (int)h5r_rng_below(&rng, 9);
        h5r_sharing_t found = h5r_chunk_sharing(&f, nranks), expected = count(&f, nranks);
        assert_int_equal(found.chunks, expected.chunks);
        assert_int_equal(found.shared, expected.shared);
        assert_int_equal(found.most, expected.most);
        assert_int_equal(found.visits, expected.visits);
    }
}

static void only_chunks_are_shared(void **state)
{
    (void)state;
    h5r_factors_t f;
    h5r_factors_default(&f);
    assert_int_equal(h5r_chunk_sharing(&f, 4).chunks, 0);
}

/* shape 6 x 8 among 4 ranks (a block grid of 2 x 2) */
static void runs_and_turns(void **state)
{
    (void)state;
    static const struct {
        h5r_decomp_t decomposition;
        uint64_t run;
        bool alternate;
    } known[] = {
        {H5R_DECOMP_SLAB, 16, false},
        {H5R_DECOMP_BLOCK, 4, true},
        {H5R_DECOMP_INTERLEAVED, 8, true},
        {H5R_DECOMP_REPLICATED, 48, false},
    };
    for (size_t i = 0; i < H5R_COUNT_OF(known); i++) {
        h5r_factors_t f;
        h5r_factors_default(&f);
        f.shape = (h5r_dims_t){2, {6, 8}};
        f.decomposition = (h5r_decomp_t)known[i].decomposition;
        assert_int_equal(h5r_run_elements(&f, 4), known[i].run);
        assert_int_equal(h5r_ranks_alternate(&f, 4), known[i].alternate);
        assert_false(h5r_ranks_alternate(&f, 1));
    }
}

/* 4 ranks with 3 runs each of 120 rows of 2 elements: 10 rows on average, whatever the decomposition says. */
static void pieces_take_turns(void **state)
{
    (void)state;
    h5r_factors_t f;
    h5r_error_t err;
    h5r_factors_default(&f);
    assert_int_equal(h5r_factor_parse(h5r_factor_find("workload"), "pieces", &f, &err), H5R_OK);
    f.shape = (h5r_dims_t){2, {120, 2}};
    f.pieces = 3;
    assert_int_equal(h5r_run_elements(&f, 4), 20);
    assert_true(h5r_ranks_alternate(&f, 4));
    assert_false(h5r_ranks_alternate(&f, 1));
    f.pieces_as = H5R_PIECES_PACKED;
    assert_int_equal(h5r_run_elements(&f, 4), 60);
    assert_false(h5r_ranks_alternate(&f, 4));
    f.pieces = 1000; /* more than rows */
    f.pieces_as = H5R_PIECES_UNION;
    assert_int_equal(h5r_run_elements(&f, 4), 2);
}

/* A table of results may lack a column, or have been changed by hand. */
static void factors_that_do_not_fit_together_say_nothing(void **state)
{
    (void)state;
    h5r_factors_t f, dealt;
    h5r_error_t err;
    h5r_factors_default(&f);
    f.layout = H5R_LAYOUT_CHUNKED;
    f.shape = (h5r_dims_t){2, {8, 8}};
    f.chunk = (h5r_dims_t){0};
    assert_int_equal(h5r_chunk_sharing(&f, 2).chunks, 0);
    f.chunk = (h5r_dims_t){1, {4}};
    assert_int_equal(h5r_chunk_sharing(&f, 2).chunks, 0);
    f.shape = (h5r_dims_t){0};
    dealt = f;
    assert_int_equal(h5r_factor_parse(h5r_factor_find("workload"), "pieces", &dealt, &err), H5R_OK);
    assert_int_equal(h5r_run_elements(&f, 2), 0);
    assert_int_equal(h5r_run_elements(&dealt, 2), 0);
    assert_false(h5r_ranks_alternate(&f, 2));
    f.shape = (h5r_dims_t){2, {8, 8}};
    assert_int_equal(h5r_run_elements(&f, 0), 0);
    assert_false(h5r_ranks_alternate(&f, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sharing_is_what_counting_finds),
        cmocka_unit_test(only_chunks_are_shared),
        cmocka_unit_test(runs_and_turns),
        cmocka_unit_test(pieces_take_turns),
        cmocka_unit_test(factors_that_do_not_fit_together_say_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
