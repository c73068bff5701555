#include "bench/metadata/tree.h"

#include <inttypes.h>
#include <stdio.h>

uint64_t h5r_tree_parents(h5r_tree_t tree, uint64_t n)
{
    return tree == H5R_TREE_WIDE   ? 1
           : tree == H5R_TREE_DEEP ? n
                                   : (n + H5R_TREE_QUANTITIES - 1) / H5R_TREE_QUANTITIES;
}

char *h5r_tree_parent(h5r_tree_t tree, uint64_t parent, char buf[H5R_TREE_PATH])
{
    if (tree == H5R_TREE_WIDE) {
        snprintf(buf, H5R_TREE_PATH, "/");
    } else if (tree == H5R_TREE_STATIONS) {
        snprintf(buf, H5R_TREE_PATH, "/s%06" PRIu64, parent);
    } else {
        int used = snprintf(buf, H5R_TREE_PATH, "/c%06" PRIu64, parent / H5R_TREE_DEPTH);
        for (uint64_t level = parent % H5R_TREE_DEPTH; level > 0 && used < H5R_TREE_PATH; level--) {
            used += snprintf(buf + used, (size_t)(H5R_TREE_PATH - used), "/g");
        }
    }
    return buf;
}

uint64_t h5r_tree_first(h5r_tree_t tree, uint64_t parent)
{
    return tree == H5R_TREE_WIDE ? 0 : tree == H5R_TREE_DEEP ? parent : parent * H5R_TREE_QUANTITIES;
}

char *h5r_tree_path(h5r_tree_t tree, uint64_t i, char buf[H5R_TREE_PATH])
{
    char parent[H5R_TREE_PATH];
    if (tree == H5R_TREE_WIDE) {
        snprintf(buf, H5R_TREE_PATH, "/o%06" PRIu64, i);
        return buf;
    }
    h5r_tree_parent(tree, tree == H5R_TREE_DEEP ? i : i / H5R_TREE_QUANTITIES, parent);
    int n = tree == H5R_TREE_DEEP
                ? snprintf(buf, H5R_TREE_PATH, "%s/o%06" PRIu64, parent, i)
                : snprintf(buf, H5R_TREE_PATH, "%s/q%d", parent, (int)(i % H5R_TREE_QUANTITIES));
    return n < H5R_TREE_PATH ? buf : NULL;
}

uint64_t h5r_tree_groups(h5r_tree_t tree, uint64_t n)
{
    return tree == H5R_TREE_WIDE ? 0 : h5r_tree_parents(tree, n);
}

uint64_t h5r_tree_part(uint64_t n, uint64_t parts, uint64_t part)
{
    return n / parts + (part < n % parts ? 1 : 0);
}
