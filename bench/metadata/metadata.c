/*
 * metadata: many groups, small datasets, attributes or links: made, opened, iterated, visited, deleted.
 */
#include "bench/metadata/tree.h"
#include "h5roof/count.h"
#include "h5roof/driver.h"
#include "h5roof/hdf5_file.h"
#include "h5roof/steps.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CREATE, OPEN, ITERATE, VISIT, DELETE }; /* its operations */

#define TARGET       "/target" /* of links; external ones have it in a second file */
#define MAX_MESSAGES 60000     /* attributes of an object in the format of libver earliest, with 16 bits */

typedef struct {
    uint64_t n, attributes;        /* objects in this rank's file (0: it has none), and of each of them */
    uint64_t parents;              /* groups that hold them */
    char (*path)[H5R_TREE_PATH];   /* [n] */
    char (*parent)[H5R_TREE_PATH]; /* [parents] */
    char (*name)[24];              /* [attributes] */
    int32_t *value;                /* [n x attributes], or of attributes themselves [n]: as read */
    uint64_t seen, others;         /* of the kind, and groups on the way */
    h5r_object_kind_t kind;
    H5L_type_t link;            /* what the objects' links are */
    hid_t scalar, intermediate; /* dataspace; link creation list that makes groups on the way */
    h5r_hdf5_t *h;
    char second[4096];
} metadata_t;

static int32_t value_of(uint64_t object, uint64_t attribute)
{
    return (int32_t)(uint32_t)((object + 1) * 1000003u + attribute);
}

/* The object of an attribute: the group in which others of its index lie. */
static const char *host_of(const metadata_t *m, h5r_tree_t tree, uint64_t i)
{
    return m->parent[tree == H5R_TREE_WIDE ? 0 : tree == H5R_TREE_DEEP ? i : i / H5R_TREE_QUANTITIES];
}

/* ---- create */

static herr_t add_attribute(hid_t object, const metadata_t *m, const char *name, int32_t value)
{
    hid_t attribute = H5Acreate2(object, name, H5T_STD_I32LE, m->scalar, H5P_DEFAULT, H5P_DEFAULT);
    herr_t code = attribute < 0 ? -1 : H5Awrite(attribute, H5T_NATIVE_INT32, &value);
    return attribute < 0 || H5Aclose(attribute) < 0 ? -1 : code;
}

static herr_t make_object(const metadata_t *m, uint64_t i)
{
    const h5r_hdf5_t *h = m->h;
    hid_t object = m->kind == H5R_KIND_GROUP
                       ? H5Gcreate2(h->file, m->path[i], m->intermediate, H5P_DEFAULT, H5P_DEFAULT)
                       : H5Dcreate2(h->file, m->path[i], h->file_type, m->scalar, m->intermediate,
                                    H5P_DEFAULT, H5P_DEFAULT);
    herr_t code = object < 0 ? -1 : 0;
    for (uint64_t a = 0; a < m->attributes && code >= 0; a++) {
        code = add_attribute(object, m, m->name[a], value_of(i, a));
    }
    return object < 0 || H5Oclose(object) < 0 ? -1 : code;
}

static herr_t make_link(const metadata_t *m, uint64_t i)
{
    hid_t file = m->h->file;
    switch (m->kind) {
    case H5R_KIND_SOFT:
        return H5Lcreate_soft(TARGET, file, m->path[i], m->intermediate, H5P_DEFAULT);
    case H5R_KIND_HARD:
        return H5Lcreate_hard(file, TARGET, file, m->path[i], m->intermediate, H5P_DEFAULT);
    default:
        return H5Lcreate_external(m->second, TARGET, file, m->path[i], m->intermediate, H5P_DEFAULT);
    }
}

static herr_t make_attributes(const metadata_t *m, h5r_tree_t tree)
{
    for (uint64_t p = 0; p < m->parents; p++) {
        hid_t host = tree == H5R_TREE_WIDE
                         ? H5Gopen2(m->h->file, "/", H5P_DEFAULT)
                         : H5Gcreate2(m->h->file, m->parent[p], m->intermediate, H5P_DEFAULT, H5P_DEFAULT);
        uint64_t end = p + 1 < m->parents ? h5r_tree_first(tree, p + 1) : m->n;
        herr_t code = host < 0 ? -1 : 0;
        for (uint64_t i = h5r_tree_first(tree, p); i < end && code >= 0; i++) {
            code = add_attribute(host, m, strrchr(m->path[i], '/') + 1, value_of(i, 0));
        }
        if (code < 0 || H5Gclose(host) < 0) {
            return -1;
        }
    }
    return 0;
}

static herr_t make_target(hid_t file)
{
    hid_t group = H5Gcreate2(file, TARGET, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    return group < 0 ? -1 : H5Gclose(group);
}

static h5r_status_t create(h5r_rep_t *rep, h5r_error_t *err)
{
    metadata_t *m = rep->own;
    if (m->h == NULL) {
        return H5R_OK;
    }
    m->h->file = H5Fcreate(m->h->path, H5F_ACC_TRUNC, H5P_DEFAULT, m->h->access);
    if (m->h->file < 0) {
        return h5r_fail_hdf5(err, "H5Fcreate", m->h->path);
    }
    herr_t code = m->kind == H5R_KIND_SOFT || m->kind == H5R_KIND_HARD ? make_target(m->h->file) : 0;
    if (m->kind == H5R_KIND_ATTRIBUTE) {
        code = make_attributes(m, rep->factors->tree);
    }
    bool links = m->kind >= H5R_KIND_SOFT, attributes = m->kind == H5R_KIND_ATTRIBUTE;
    uint64_t i = 0;
    for (; i < m->n && code >= 0 && !attributes; i++) {
        code = links ? make_link(m, i) : make_object(m, i);
    }
    return code < 0 ? h5r_fail_hdf5(err, "making an object", m->h->path) : H5R_OK;
}

/* ---- open, iterate, visit, delete */

static h5r_status_t open_file(h5r_rep_t *rep, h5r_error_t *err)
{
    return h5r_hdf5_open_file(rep->part->store, H5F_ACC_RDONLY, err);
}

static h5r_status_t open_file_rw(h5r_rep_t *rep, h5r_error_t *err)
{
    return h5r_hdf5_open_file(rep->part->store, H5F_ACC_RDWR, err);
}

static h5r_status_t close_file(h5r_rep_t *rep, h5r_error_t *err)
{
    return h5r_hdf5_close_file(rep->part->store, err);
}

static herr_t read_attribute(hid_t attribute, int32_t *value)
{
    herr_t code = attribute < 0 ? -1 : H5Aread(attribute, H5T_NATIVE_INT32, value);
    return attribute < 0 || H5Aclose(attribute) < 0 ? -1 : code;
}

static herr_t open_object(metadata_t *m, uint64_t i)
{
    hid_t object = H5Oopen(m->h->file, m->path[i], H5P_DEFAULT);
    herr_t code = object < 0 ? -1 : 0;
    for (uint64_t a = 0; a < m->attributes && code >= 0; a++) {
        code = read_attribute(H5Aopen(object, m->name[a], H5P_DEFAULT), &m->value[i * m->attributes + a]);
    }
    return object < 0 || H5Oclose(object) < 0 ? -1 : code;
}

static h5r_status_t open_all(h5r_rep_t *rep, h5r_error_t *err)
{
    metadata_t *m = rep->own;
    const h5r_tree_t tree = rep->factors->tree;
    for (uint64_t i = 0; i < m->n; i++) {
        herr_t code =
            m->kind == H5R_KIND_ATTRIBUTE
                ? read_attribute(H5Aopen_by_name(m->h->file, host_of(m, tree, i),
                                                 strrchr(m->path[i], '/') + 1, H5P_DEFAULT, H5P_DEFAULT),
                                 &m->value[i])
                : open_object(m, i);
        if (code < 0) {
            return h5r_fail_hdf5(err, "opening an object", m->path[i]);
        }
    }
    return H5R_OK;
}

/* Groups on the way and the target of links have other names than the objects. */
static bool is_object(const char *name)
{
    const char *leaf = strrchr(name, '/');
    leaf = leaf != NULL ? leaf + 1 : name;
    return leaf[0] == 'o' || leaf[0] == 'q';
}

static herr_t count_link(hid_t group, const char *name, const H5L_info_t *info, void *own)
{
    metadata_t *m = own;
    (void)group;
    bool counts = is_object(name) && info->type == m->link;
    m->seen += counts ? 1 : 0;
    m->others += counts ? 0 : 1;
    return 0;
}

static herr_t count_attribute(hid_t object, const char *name, const H5A_info_t *info, void *own)
{
    metadata_t *m = own;
    (void)object, (void)info;
    m->seen += is_object(name) ? 1 : 0;
    return 0;
}

static herr_t count_attributes(hid_t object, const char *name, const h5r_object_info_t *info, void *own)
{
    metadata_t *m = own;
    (void)object, (void)name;
    m->seen += info->num_attrs;
    m->others += info->type == H5O_TYPE_GROUP ? 1 : 0;
    return 0;
}

static h5r_status_t iterate(h5r_rep_t *rep, h5r_error_t *err)
{
    metadata_t *m = rep->own;
    for (uint64_t p = 0; p < m->parents; p++) {
        herr_t code = m->kind == H5R_KIND_ATTRIBUTE
                          ? H5Aiterate_by_name(m->h->file, m->parent[p], H5_INDEX_NAME, H5_ITER_NATIVE, NULL,
                                               count_attribute, m, H5P_DEFAULT)
                          : H5Literate_by_name(m->h->file, m->parent[p], H5_INDEX_NAME, H5_ITER_NATIVE, NULL,
                                               count_link, m, H5P_DEFAULT);
        if (code < 0) {
            return h5r_fail_hdf5(err, "iterating over", m->parent[p]);
        }
    }
    return H5R_OK;
}

static h5r_status_t visit(h5r_rep_t *rep, h5r_error_t *err)
{
    metadata_t *m = rep->own;
    if (m->h == NULL) {
        return H5R_OK;
    }
    herr_t code = m->kind == H5R_KIND_ATTRIBUTE
                      ? H5Ovisit1(m->h->file, H5_INDEX_NAME, H5_ITER_NATIVE, count_attributes, m)
                      : H5Lvisit(m->h->file, H5_INDEX_NAME, H5_ITER_NATIVE, count_link, m);
    return code < 0 ? h5r_fail_hdf5(err, "visiting all", m->h->path) : H5R_OK;
}

/* Every other one, so that the rest must survive. */
static h5r_status_t delete_half(h5r_rep_t *rep, h5r_error_t *err)
{
    metadata_t *m = rep->own;
    const h5r_tree_t tree = rep->factors->tree;
    for (uint64_t i = 0; i < m->n; i += 2) {
        herr_t code = m->kind == H5R_KIND_ATTRIBUTE
                          ? H5Adelete_by_name(m->h->file, host_of(m, tree, i), strrchr(m->path[i], '/') + 1,
                                              H5P_DEFAULT)
                          : H5Ldelete(m->h->file, m->path[i], H5P_DEFAULT);
        if (code < 0) {
            return h5r_fail_hdf5(err, "deleting", m->path[i]);
        }
    }
    return H5R_OK;
}

/* ---- what is not timed: checks */

static h5r_status_t check_opened(h5r_rep_t *rep, h5r_error_t *err)
{
    metadata_t *m = rep->own;
    const uint64_t each = m->kind == H5R_KIND_ATTRIBUTE ? 1 : m->attributes;
    (void)err;
    for (uint64_t i = 0; i < m->n && rep->verify; i++) {
        for (uint64_t a = 0; a < each; a++) {
            if (m->value[i * each + a] != value_of(i, a)) {
                h5r_rep_wrong(rep, OPEN, "attribute %" PRIu64 " of %s: expected %d, found %d", a, m->path[i],
                              (int)value_of(i, a), (int)m->value[i * each + a]);
                return H5R_OK;
            }
        }
    }
    m->seen = m->others = 0;
    return H5R_OK;
}

static void check_count(h5r_rep_t *rep, h5r_operation_t operation, uint64_t found, uint64_t expected,
                        const char *what)
{
    if (rep->verify && found != expected) {
        h5r_rep_wrong(rep, operation, "expected %" PRIu64 " %s, found %" PRIu64, expected, what, found);
    }
}

static h5r_status_t check_iterated(h5r_rep_t *rep, h5r_error_t *err)
{
    metadata_t *m = rep->own;
    (void)err;
    check_count(rep, ITERATE, m->seen, m->n, "objects");
    m->seen = m->others = 0;
    return H5R_OK;
}

static uint64_t on_the_way(const h5r_rep_t *rep, const metadata_t *m)
{
    bool has_root = m->kind == H5R_KIND_ATTRIBUTE;
    bool has_target = m->kind == H5R_KIND_SOFT || m->kind == H5R_KIND_HARD;
    return m->h == NULL ? 0 : h5r_tree_groups(rep->factors->tree, m->n) + (has_root || has_target);
}

static h5r_status_t check_visited(h5r_rep_t *rep, h5r_error_t *err)
{
    metadata_t *m = rep->own;
    (void)err;
    check_count(rep, VISIT, m->seen, m->n, "objects");
    check_count(rep, VISIT, m->others, on_the_way(rep, m), "groups on the way");
    m->seen = m->others = 0;
    return H5R_OK;
}

static h5r_status_t check_deleted(h5r_rep_t *rep, h5r_error_t *err)
{
    metadata_t *m = rep->own;
    h5r_status_t status = iterate(rep, err);
    check_count(rep, DELETE, m->seen, m->n / 2, "objects");
    return status;
}

static h5r_status_t measure_created(h5r_rep_t *rep, h5r_error_t *err)
{
    (void)err;
    for (h5r_operation_t o = CREATE; o < DELETE; o++) {
        h5r_rep_measure_files(rep, o);
    }
    return H5R_OK;
}

/* ---- the repetition */

static const h5r_timed_step_t steps[] = {
    {CREATE, H5R_PHASE_CREATE, create},     {CREATE, H5R_PHASE_FLUSH, h5r_step_flush},
    {CREATE, H5R_PHASE_CLOSE, close_file},  {CREATE, H5R_UNTIMED, measure_created},
    {OPEN, H5R_PHASE_OPEN, open_file},      {OPEN, H5R_PHASE_READ, open_all},
    {OPEN, H5R_PHASE_CLOSE, close_file},    {OPEN, H5R_UNTIMED, check_opened},
    {ITERATE, H5R_PHASE_OPEN, open_file},   {ITERATE, H5R_PHASE_READ, iterate},
    {ITERATE, H5R_PHASE_CLOSE, close_file}, {ITERATE, H5R_UNTIMED, check_iterated},
    {VISIT, H5R_PHASE_OPEN, open_file},     {VISIT, H5R_PHASE_READ, visit},
    {VISIT, H5R_PHASE_CLOSE, close_file},   {VISIT, H5R_UNTIMED, check_visited},
    {DELETE, H5R_PHASE_OPEN, open_file_rw}, {DELETE, H5R_PHASE_CHANGE, delete_half},
    {DELETE, H5R_UNTIMED, check_deleted},   {DELETE, H5R_PHASE_FLUSH, h5r_step_flush},
    {DELETE, H5R_PHASE_CLOSE, close_file},
};

static void name_all(metadata_t *m, h5r_tree_t tree)
{
    for (uint64_t i = 0; i < m->n; i++) {
        h5r_tree_path(tree, i, m->path[i]);
    }
    for (uint64_t p = 0; p < m->parents; p++) {
        h5r_tree_parent(tree, p, m->parent[p]);
    }
    for (uint64_t a = 0; a < m->attributes; a++) {
        snprintf(m->name[a], sizeof m->name[a], "a%04" PRIu64, a);
    }
}

static uint64_t handled_in(h5r_operation_t operation, uint64_t n, uint64_t attributes)
{
    return operation <= OPEN ? n * (1 + attributes) : operation == DELETE ? (n + 1) / 2 : n;
}

/* The file that external links lead to, and what every rank needs. */
static h5r_status_t prepare(h5r_rep_t *rep, metadata_t *m, h5r_error_t *err)
{
    const h5r_factors_t *f = rep->factors;
    h5r_store_t *store = rep->part->store;
    const h5r_tree_t tree = f->tree;
    const bool shared = h5r_store_shared(store);
    *m = (metadata_t){.attributes = f->attributes, .kind = f->kind};
    m->link = m->kind == H5R_KIND_SOFT       ? H5L_TYPE_SOFT
              : m->kind == H5R_KIND_EXTERNAL ? H5L_TYPE_EXTERNAL
                                             : H5L_TYPE_HARD;
    m->h = h5r_store_hdf5(store);
    m->n = shared ? f->objects : h5r_tree_part(f->objects, (uint64_t)rep->nranks, (uint64_t)rep->rank);
    m->n = m->h == NULL ? 0 : m->n;
    m->parents = m->n == 0 ? 0 : h5r_tree_parents(tree, m->n);
    m->path = calloc(m->n + 1, sizeof *m->path);
    m->parent = calloc(m->parents + 1, sizeof *m->parent);
    m->name = calloc(m->attributes + 1, sizeof *m->name);
    m->value = calloc(m->n * (m->attributes + 1) + 1, sizeof *m->value);
    if (m->path == NULL || m->parent == NULL || m->name == NULL || m->value == NULL) {
        return h5r_no_memory(err, "the names of %" PRIu64 " objects", m->n);
    }
    name_all(m, tree);
    m->scalar = H5Screate(H5S_SCALAR);
    m->intermediate = H5Pcreate(H5P_LINK_CREATE);
    if (m->scalar < 0 || H5Pset_create_intermediate_group(m->intermediate, 1) < 0) {
        return h5r_fail_hdf5(err, "H5Pset_create_intermediate_group", "a list");
    }
    if (m->kind != H5R_KIND_EXTERNAL || m->h == NULL) {
        return H5R_OK;
    }
    h5r_store_second_file(store, m->second, sizeof m->second);
    hid_t file = H5Fcreate(m->second, H5F_ACC_TRUNC, H5P_DEFAULT, m->h->access);
    if (file < 0 || make_target(file) < 0 || H5Fclose(file) < 0) {
        return h5r_fail_hdf5(err, "making the target of external links", m->second);
    }
    return H5R_OK;
}

static void release(metadata_t *m)
{
    H5Sclose(m->scalar);
    H5Pclose(m->intermediate);
    free(m->path);
    free(m->parent);
    free(m->name);
    free(m->value);
}

static h5r_status_t run(h5r_rep_t *rep, h5r_error_t *err)
{
    metadata_t m;
    rep->own = &m;
    if (prepare(rep, &m, err) != H5R_OK) {
        return err->code;
    }
    const bool counts = !h5r_store_shared(rep->part->store) || rep->rank == 0;
    for (h5r_operation_t o = CREATE; o <= DELETE; o++) {
        h5r_rep_handled(rep, o, handled_in(o, counts ? m.n : 0, m.attributes));
    }
    h5r_status_t status = h5r_steps_run(rep, steps, H5R_COUNT_OF(steps), err);
    release(&m);
    rep->own = NULL;
    return status;
}

static h5r_work_t work(const h5r_doer_t *w, h5r_operation_t operation)
{
    const h5r_factors_t *f = w->factors;
    const uint64_t files = w->shared ? 1 : (uint64_t)w->nranks, file = w->shared ? 0 : (uint64_t)w->rank,
                   n = w->counts ? h5r_tree_part(f->objects, files, file) : 0;
    return (h5r_work_t){.objects = handled_in(operation, n, f->attributes)};
}

static bool allows(const h5r_factors_t *f, int nranks, char *reason, size_t size)
{
    const bool bare = f->kind == H5R_KIND_ATTRIBUTE || f->kind >= H5R_KIND_SOFT;
    const h5r_driver_info_t *driver = h5r_driver_of(f);
    if (bare && f->attributes > 0) {
        snprintf(reason, size, "only groups and datasets have attributes of their own");
        return false;
    }
    if (f->kind == H5R_KIND_EXTERNAL && (driver->renames || driver->image)) {
        snprintf(reason, size,
                 "an external link leads to one file, which this driver does not make of a name");
        return false;
    }
    if (f->kind == H5R_KIND_ATTRIBUTE && f->tree == H5R_TREE_WIDE && f->objects > MAX_MESSAGES) {
        snprintf(reason, size,
                 "one object cannot have %" PRIu64 " attributes in every format, %d at most here", f->objects,
                 MAX_MESSAGES);
        return false;
    }
    if (!driver->shared && f->shape.d[0] < (uint64_t)nranks) {
        snprintf(reason, size, "with so small a shape some ranks have no file");
        return false;
    }
    return true;
}

const h5r_workload_t h5r_workload_metadata = {
    .name = "metadata",
    .summary = "many groups, small datasets, attributes or links: made, opened, iterated, visited, deleted",
    .lesson =
        "What a file costs that has thousands of small objects rather than one large one: the weather "
        "stations of tree stations, each with datasets of its own and attributes on them. Missing groups on "
        "the way are made by HDF5 (H5Pset_create_intermediate_group). On a shared file all ranks make every "
        "call together, as HDF5 demands of what changes metadata, so that more ranks make nothing faster; a "
        "file per rank divides the work. Compare objects_per_s, and object_bytes, which is file_bytes by "
        "object, between libver earliest and latest. Objects counted are those of factor kind, for create "
        "and open their attributes too; groups on the way are not.",
    .roof = "The bytes of the file that create leaves by raw POSIX (store): what metadata would cost if they "
            "were data. The other operations have no roof: none of them must touch every byte.",
    .operations = {{.name = "create",
                    .direction = H5R_MOVES_OUT,
                    .help = "create (file and all objects), flush, close"},
                   {.name = "open",
                    .direction = H5R_MOVES_NOTHING,
                    .help = "open, read (every object by its name, its attributes), close"},
                   {.name = "iterate",
                    .direction = H5R_MOVES_NOTHING,
                    .help = "open, read (H5Literate over every group that has some), close"},
                   {.name = "visit",
                    .direction = H5R_MOVES_NOTHING,
                    .help = "open, read (H5Lvisit; H5Ovisit for attributes), close"},
                   {.name = "delete",
                    .direction = H5R_MOVES_NOTHING,
                    .help = "open, change (every other object, by its name), flush, close"}},
    .needs_hdf5 = true,
    .needs_file = true,
    .no_data = true,
    .allows = allows,
    .work = work,
    .run = run,
};
