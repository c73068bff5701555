/* Paths of the objects of workload metadata: known ones, all different, each in the parent that claims it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bench/metadata/tree.h"

static void known_paths(void **state)
{
    char buf[H5R_TREE_PATH];
    (void)state;
    assert_string_equal(h5r_tree_path(H5R_TREE_WIDE, 17, buf), "/o000017");
    assert_string_equal(h5r_tree_path(H5R_TREE_STATIONS, 17, buf), "/s000002/q1");
    assert_string_equal(h5r_tree_path(H5R_TREE_DEEP, 0, buf), "/c000000/o000000");
    assert_string_equal(h5r_tree_path(H5R_TREE_DEEP, 18, buf), "/c000001/g/g/o000018");
    assert_string_equal(h5r_tree_parent(H5R_TREE_WIDE, 0, buf), "/");
    assert_non_null(h5r_tree_path(H5R_TREE_DEEP, 9999999, buf)); /* the longest: the last of its chain */
    assert_int_equal(h5r_tree_groups(H5R_TREE_WIDE, 100), 0);
    assert_int_equal(h5r_tree_groups(H5R_TREE_STATIONS, 17), 3);
    assert_int_equal(h5r_tree_groups(H5R_TREE_DEEP, 17), 17);
}

static void parents_hold_their_objects(void **state)
{
    (void)state;
    for (int t = H5R_TREE_WIDE; t <= H5R_TREE_STATIONS; t++) {
        const h5r_tree_t tree = (h5r_tree_t)t;
        const uint64_t n = 50, parents = h5r_tree_parents(tree, n);
        char path[50][H5R_TREE_PATH];
        assert_int_equal(h5r_tree_first(tree, 0), 0);
        for (uint64_t p = 0; p < parents; p++) {
            char parent[H5R_TREE_PATH];
            uint64_t end = p + 1 < parents ? h5r_tree_first(tree, p + 1) : n;
            h5r_tree_parent(tree, p, parent);
            size_t length = strcmp(parent, "/") == 0 ? 0 : strlen(parent);
            assert_true(h5r_tree_first(tree, p) < end);
            for (uint64_t i = h5r_tree_first(tree, p); i < end; i++) {
                h5r_tree_path(tree, i, path[i]);
                assert_memory_equal(path[i], parent, length);
                assert_ptr_equal(strrchr(path[i], '/'), path[i] + length);
                for (uint64_t k = 0; k < i; k++) {
                    assert_string_not_equal(path[k], path[i]);
                }
            }
        }
    }
}

static void parts_sum_up(void **state)
{
    (void)state;
    for (uint64_t n = 0; n < 20; n++) {
        for (uint64_t parts = 1; parts < 6; parts++) {
            uint64_t sum = 0;
            for (uint64_t part = 0; part < parts; part++) {
                sum += h5r_tree_part(n, parts, part);
            }
            assert_int_equal(sum, n);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(known_paths),
                                       cmocka_unit_test(parents_hold_their_objects),
                                       cmocka_unit_test(parts_sum_up)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
