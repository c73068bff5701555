/* metadata: many groups with an attribute each. open: a file of which little more is asked than that it is
 * there. */
#include "bare.h"
#include "bench/metadata/tree.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static void close_objects(bare_t *b)
{
    bare_check(H5Fclose(b->file), "H5Fclose");
}

static void open_r(bare_t *b)
{
    bare_open_file(b, H5F_ACC_RDONLY);
}

static void open_rw(bare_t *b)
{
    bare_open_file(b, H5F_ACC_RDWR);
}

static void add_attribute(hid_t object, const char *name, hid_t space, int value)
{
    hid_t attribute = H5Acreate2(object, name, H5T_STD_I32LE, space, H5P_DEFAULT, H5P_DEFAULT);
    if (attribute < 0 || H5Awrite(attribute, H5T_NATIVE_INT32, &value) < 0 || H5Aclose(attribute) < 0) {
        bare_stop("making an attribute");
    }
}

/* ---- metadata */

typedef struct {
    uint64_t n, parents, attributes, seen;
    char (*path)[H5R_TREE_PATH];   /* [n] */
    char (*parent)[H5R_TREE_PATH]; /* [parents] */
    char (*name)[24];              /* [attributes] */
    int *value;                    /* [n][attributes]: as read */
    hid_t scalar, intermediate;
} objects_t;

static int value_of(uint64_t object, uint64_t attribute)
{
    return (int)(uint32_t)((object + 1) * 1000003u + attribute);
}

static void create_objects(bare_t *b)
{
    const objects_t *o = b->own;
    bare_create_file(b);
    for (uint64_t i = 0; i < o->n; i++) {
        hid_t group = H5Gcreate2(b->file, o->path[i], o->intermediate, H5P_DEFAULT, H5P_DEFAULT);
        if (group < 0) {
            bare_stop("H5Gcreate2");
        }
        for (uint64_t a = 0; a < o->attributes; a++) {
            add_attribute(group, o->name[a], o->scalar, value_of(i, a));
        }
        if (H5Oclose(group) < 0) {
            bare_stop("H5Oclose");
        }
    }
}

static void open_objects(bare_t *b)
{
    objects_t *o = b->own;
    int *value = o->value;
    for (uint64_t i = 0; i < o->n; i++) {
        hid_t object = H5Oopen(b->file, o->path[i], H5P_DEFAULT);
        for (uint64_t a = 0; a < o->attributes; a++) {
            hid_t attribute = H5Aopen(object, o->name[a], H5P_DEFAULT);
            if (H5Aread(attribute, H5T_NATIVE_INT32, value++) < 0 || H5Aclose(attribute) < 0) {
                bare_stop("H5Aread");
            }
        }
        if (H5Oclose(object) < 0) {
            bare_stop("H5Oclose");
        }
    }
}

static herr_t count_link(hid_t group, const char *name, const H5L_info_t *info, void *own)
{
    objects_t *o = own;
    (void)group, (void)name;
    o->seen += info->type == H5L_TYPE_HARD;
    return 0;
}

static void iterate(bare_t *b)
{
    objects_t *o = b->own;
    for (uint64_t p = 0; p < o->parents; p++) {
        if (H5Literate_by_name(b->file, o->parent[p], H5_INDEX_NAME, H5_ITER_NATIVE, NULL, count_link, o,
                               H5P_DEFAULT) < 0) {
            bare_stop("H5Literate_by_name");
        }
    }
}

static void visit(bare_t *b)
{
    bare_check(H5Lvisit(b->file, H5_INDEX_NAME, H5_ITER_NATIVE, count_link, b->own), "H5Lvisit");
}

static void delete_half(bare_t *b)
{
    const objects_t *o = b->own;
    for (uint64_t i = 0; i < o->n; i += 2) {
        if (H5Ldelete(b->file, o->path[i], H5P_DEFAULT) < 0) {
            bare_stop("H5Ldelete");
        }
    }
}

static void verify_opened(bare_t *b)
{
    objects_t *o = b->own;
    const int *value = o->value;
    for (uint64_t i = 0; i < o->n; i++) {
        for (uint64_t a = 0; a < o->attributes; a++) {
            bare_need(*value++ == value_of(i, a), "reading attributes");
        }
    }
    o->seen = 0;
}

static void verify_iterated(bare_t *b)
{
    objects_t *o = b->own;
    bare_need(o->seen == o->n, "iterating over all objects");
    o->seen = 0;
}

static void verify_visited(bare_t *b)
{
    objects_t *o = b->own;
    bare_need(o->seen == o->n + h5r_tree_groups(b->factors.tree, o->n), "visiting all");
    o->seen = 0;
}

static void prepare_objects(bare_t *b)
{
    const h5r_factors_t *f = &b->factors;
    const h5r_tree_t tree = f->tree;
    bare_need(f->kind == H5R_KIND_GROUP && !b->shared, "making other objects than groups");
    objects_t *o = bare_alloc(sizeof *o);
    *o = (objects_t){.attributes = f->attributes,
                     .n = h5r_tree_part(f->objects, (uint64_t)b->size, (uint64_t)b->rank)};
    o->parents = h5r_tree_parents(tree, o->n);
    o->path = bare_alloc((size_t)o->n * sizeof *o->path);
    o->parent = bare_alloc((size_t)o->parents * sizeof *o->parent);
    o->name = bare_alloc((size_t)o->attributes * sizeof *o->name);
    o->value = bare_alloc((size_t)(o->n * o->attributes) * sizeof *o->value);
    for (uint64_t i = 0; i < o->n; i++) {
        h5r_tree_path(tree, i, o->path[i]);
    }
    for (uint64_t p = 0; p < o->parents; p++) {
        h5r_tree_parent(tree, p, o->parent[p]);
    }
    for (uint64_t a = 0; a < o->attributes; a++) {
        snprintf(o->name[a], sizeof o->name[a], "a%04" PRIu64, a);
    }
    o->scalar = bare_check(H5Screate(H5S_SCALAR), "H5Screate");
    o->intermediate = bare_check(H5Pcreate(H5P_LINK_CREATE), "H5Pcreate");
    bare_check(H5Pset_create_intermediate_group(o->intermediate, 1), "H5Pset_create_intermediate_group");
    b->own = o;
}

static void release_objects(bare_t *b)
{
    objects_t *o = b->own;
    bare_check(H5Sclose(o->scalar), "H5Sclose");
    bare_check(H5Pclose(o->intermediate), "H5Pclose");
    free(o->path);
    free(o->parent);
    free(o->name);
    free(o->value);
    free(o);
}

const bare_workload_t bare_metadata = {.name = "metadata",
                                       .prepare = prepare_objects,
                                       .release = release_objects,
                                       .steps = {{"create", H5R_PHASE_CREATE, create_objects},
                                                 {"create", H5R_PHASE_FLUSH, bare_flush},
                                                 {"create", H5R_PHASE_CLOSE, close_objects},
                                                 {"open", H5R_PHASE_OPEN, open_r},
                                                 {"open", H5R_PHASE_READ, open_objects},
                                                 {"open", H5R_PHASE_CLOSE, close_objects},
                                                 {"open", BARE_UNTIMED, verify_opened},
                                                 {"iterate", H5R_PHASE_OPEN, open_r},
                                                 {"iterate", H5R_PHASE_READ, iterate},
                                                 {"iterate", H5R_PHASE_CLOSE, close_objects},
                                                 {"iterate", BARE_UNTIMED, verify_iterated},
                                                 {"visit", H5R_PHASE_OPEN, open_r},
                                                 {"visit", H5R_PHASE_READ, visit},
                                                 {"visit", H5R_PHASE_CLOSE, close_objects},
                                                 {"visit", BARE_UNTIMED, verify_visited},
                                                 {"delete", H5R_PHASE_OPEN, open_rw},
                                                 {"delete", H5R_PHASE_CHANGE, delete_half},
                                                 {"delete", H5R_PHASE_FLUSH, bare_flush},
                                                 {"delete", H5R_PHASE_CLOSE, close_objects},
                                                 {NULL, 0, NULL}}};

/* ---- open */

static void open_missing(bare_t *b)
{
    bare_need(H5Fopen(b->path, H5F_ACC_RDONLY, b->access) < 0, "refusing a file that is not there");
}

static void open_often(bare_t *b)
{
    for (uint64_t i = 1; i < b->factors.opens; i++) {
        bare_check(H5Fclose(bare_check(H5Fopen(b->path, H5F_ACC_RDONLY, b->access), "H5Fopen")), "H5Fclose");
    }
    open_r(b);
}

static void create_marked(bare_t *b)
{
    const hid_t *scalar = b->own;
    bare_create_file(b);
    add_attribute(b->file, "mark", *scalar, 20250);
}

static void prepare_open(bare_t *b)
{
    hid_t *scalar = bare_alloc(sizeof *scalar);
    *scalar = bare_check(H5Screate(H5S_SCALAR), "H5Screate");
    b->own = scalar;
}

static void release_open(bare_t *b)
{
    hid_t *scalar = b->own;
    bare_check(H5Sclose(*scalar), "H5Sclose");
    free(scalar);
}

const bare_workload_t bare_open = {.name = "open",
                                   .prepare = prepare_open,
                                   .release = release_open,
                                   .steps = {{"missing", H5R_PHASE_OPEN, open_missing},
                                             {"create", H5R_PHASE_CREATE, create_marked},
                                             {"create", H5R_PHASE_FLUSH, bare_flush},
                                             {"create", H5R_PHASE_CLOSE, close_objects},
                                             {"existing", H5R_PHASE_OPEN, open_often},
                                             {"existing", H5R_PHASE_CLOSE, close_objects},
                                             {NULL, 0, NULL}}};
