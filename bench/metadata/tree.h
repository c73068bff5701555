/*
 * Where the objects of workload metadata lie: their paths as a function of their index. Pure arithmetic,
 * local.
 *   wide      all in the root group
 *   deep      chains of H5R_TREE_DEPTH nested groups, an object in each of them
 *   stations  a group for every station, and in it an object for each of H5R_TREE_QUANTITIES quantities
 */
#ifndef H5ROOF_TREE_H
#define H5ROOF_TREE_H

#include "h5roof/factors.h"

#include <stddef.h>

#define H5R_TREE_DEPTH      16 /* H5Lvisit calls itself for every level */
#define H5R_TREE_QUANTITIES 8
#define H5R_TREE_PATH       64 /* bytes of the longest path */

/* Path of object i, from the root. Returns buf. */
char *h5r_tree_path(h5r_tree_t tree, uint64_t i, char buf[H5R_TREE_PATH]);

/* The groups that have objects in them: how many for the objects 0 ... n - 1; the path of one; the first of
 * its objects. */
uint64_t h5r_tree_parents(h5r_tree_t tree, uint64_t n);
char *h5r_tree_parent(h5r_tree_t tree, uint64_t parent, char buf[H5R_TREE_PATH]);
uint64_t h5r_tree_first(h5r_tree_t tree, uint64_t parent);

/* Groups between the root and the objects, all in all. */
uint64_t h5r_tree_groups(h5r_tree_t tree, uint64_t n);

/* The part of n objects that has this index among so many: the first n % parts are one longer. */
uint64_t h5r_tree_part(uint64_t n, uint64_t parts, uint64_t part);

#endif
