/* Which part of a dataset a rank owns: grids that are given, and ranks that are left out. */
#include "core/factors/factor.h"
#include "core/factors/sharing.h"
#include "h5roof/reading.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static h5r_factors_t cut(h5r_decomp_t decomposition, h5r_empty_ranks_t empty)
{
    h5r_factors_t f;
    h5r_factors_default(&f);
    f.shape = (h5r_dims_t){.n = 3, .d = {7, 6, 5}};
    f.decomposition = decomposition;
    f.empty_ranks = empty;
    return f;
}

/* Every element belongs to exactly one rank. */
static void each_has_one_owner(void **state)
{
    (void)state;
    for (int nranks = 2; nranks <= 6; nranks++) {
        for (h5r_decomp_t way = H5R_DECOMP_SLAB; way <= H5R_DECOMP_INTERLEAVED; way++) {
            for (h5r_empty_ranks_t empty = H5R_EMPTY_NONE; empty <= H5R_EMPTY_ALL_BUT_FIRST; empty++) {
                const h5r_factors_t f = cut(way, empty);
                int owners[7 * 6 * 5] = {0};
                for (int rank = 0; rank < nranks; rank++) {
                    const h5r_region_t share = h5r_share_of_rank(&f, nranks, rank);
                    const uint64_t n = h5r_region_elements(&share);
                    assert_true(!h5r_rank_is_empty(&f, nranks, rank) || n == 0);
                    for (uint64_t i = 0; i < n; i++) {
                        owners[h5r_region_global(&share, &f.shape, i)]++;
                    }
                }
                for (size_t i = 0; i < 7 * 6 * 5; i++) {
                    assert_int_equal(owners[i], 1);
                }
            }
        }
    }
}

static void ranks_are_left_out(void **state)
{
    const struct {
        h5r_empty_ranks_t empty;
        int nranks, owners;
        bool nothing[5];
    } cases[] = {
        {H5R_EMPTY_NONE, 5, 5, {false}},
        {H5R_EMPTY_ODD, 5, 3, {false, true, false, true, false}},
        {H5R_EMPTY_ODD, 4, 2, {false, true, false, true}},
        {H5R_EMPTY_LAST, 3, 2, {false, false, true}},
        {H5R_EMPTY_LAST, 1, 0, {true}},
        {H5R_EMPTY_ALL_BUT_FIRST, 4, 1, {false, true, true, true}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        h5r_factors_t f = cut(H5R_DECOMP_SLAB, cases[i].empty);
        assert_int_equal(h5r_share_owners(&f, cases[i].nranks), cases[i].owners);
        for (int rank = 0; rank < cases[i].nranks; rank++) {
            assert_int_equal(h5r_rank_is_empty(&f, cases[i].nranks, rank), cases[i].nothing[rank]);
        }
        f.workload = H5R_WORKLOAD_select; /* owns, and selects nothing */
        assert_int_equal(h5r_share_owners(&f, cases[i].nranks), cases[i].nranks);
    }
}

static void a_grid_is_kept(void **state)
{
    h5r_factors_t f = cut(H5R_DECOMP_BLOCK, H5R_EMPTY_NONE);
    int grid[H5R_MAX_NDIMS];
    (void)state;
    f.grid = (h5r_dims_t){.n = 3, .d = {1, 2, 2}};
    h5r_share_grid(&f, 4, grid);
    assert_int_equal(grid[0], 1);
    assert_int_equal(grid[2], 2);
    const h5r_region_t last = h5r_share_of_rank(&f, 4, 3); /* coordinate 0, 1, 1: the shorter halves */
    assert_int_equal(last.count[0], 7);
    assert_int_equal(last.count[1], 3);
    assert_int_equal(last.start[1], 3);
    assert_int_equal(last.count[2], 2);
    assert_int_equal(last.start[2], 3);
    f.layout = H5R_LAYOUT_CHUNKED;
    f.chunk = (h5r_dims_t){.n = 3, .d = {7, 6, 3}};
    assert_int_equal(h5r_chunk_sharing(&f, 4).shared, 2); /* cut in the second dimension, not in the third */
    assert_int_equal(h5r_chunk_sharing(&f, 4).most, 2);
}

/* Every element is read by exactly one of the ranks that read, or by each of them. */
static void reads_are_dealt_out_anew(void **state)
{
    (void)state;
    h5r_factors_t f = cut(H5R_DECOMP_BLOCK, H5R_EMPTY_NONE);
    f.grid = (h5r_dims_t){.n = 3, .d = {4, 1, 1}};
    assert_false(h5r_reads_anew(&f));
    f.read_ranks = 3;
    for (h5r_read_decomp_t way = H5R_READ_SAME; way <= H5R_READ_REPLICATED; way++) {
        f.read_decomposition = way;
        assert_true(h5r_reads_anew(&f));
        const h5r_factors_t read = h5r_factors_as_read(&f);
        int readers[7 * 6 * 5] = {0};
        for (int rank = 0; rank < 4; rank++) {
            const h5r_region_t share = h5r_share_of_rank(&read, 4, rank);
            const uint64_t n = h5r_region_elements(&share);
            assert_true(rank < 3 || n == 0);
            for (uint64_t i = 0; i < n; i++) {
                readers[h5r_region_global(&share, &f.shape, i)]++;
            }
        }
        for (size_t i = 0; i < 7 * 6 * 5; i++) {
            assert_int_equal(readers[i], way == H5R_READ_REPLICATED ? 3 : 1);
        }
    }
}

static void one_reads_for_all(void **state)
{
    (void)state;
    h5r_factors_t f = cut(H5R_DECOMP_SLAB, H5R_EMPTY_NONE);
    f.read_decomposition = H5R_READ_REPLICATED;
    assert_int_equal(h5r_read_copies(&f, 4), 4);
    f.replicated_reads = H5R_REPLICATED_BCAST;
    assert_int_equal(h5r_read_copies(&f, 4), 4); /* wanted, however they come */
    const h5r_factors_t read = h5r_factors_as_read(&f), got = h5r_factors_as_got(&f);
    assert_int_equal(h5r_share_owners(&read, 4), 1);
    assert_int_equal(h5r_share_owners(&got, 4), 4);
    f.read_decomposition = H5R_READ_SAME; /* then it says nothing */
    assert_false(h5r_reads_for_all(&f));
    assert_false(h5r_reads_otherwise(&f));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_has_one_owner), cmocka_unit_test(ranks_are_left_out),
        cmocka_unit_test(a_grid_is_kept),     cmocka_unit_test(reads_are_dealt_out_anew),
        cmocka_unit_test(one_reads_for_all),
    };
    return cmocka_run_group_tests_name("share", tests, NULL, NULL);
}
