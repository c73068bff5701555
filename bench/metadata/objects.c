#include "bench/metadata/objects.h"

#include "bench/metadata/scales.h"

#include <string.h>

#define TARGET "/target" /* of links; external ones have it in a second file */

/* The object of an attribute: the group in which others of its index lie. */
static const char *host_of(const h5r_metadata_t *m, h5r_tree_t tree, uint64_t i)
{
    return m->parent[tree == H5R_TREE_WIDE ? 0 : tree == H5R_TREE_DEEP ? i : i / H5R_TREE_QUANTITIES];
}

/* ---- create */

static herr_t add_attribute(hid_t object, const h5r_metadata_t *m, const char *name, const char *value)
{
    hid_t attribute = H5Acreate2(object, name, m->contents.file, m->contents.space, H5P_DEFAULT, H5P_DEFAULT);
    herr_t code = attribute < 0 ? -1 : H5Awrite(attribute, m->contents.memory, value);
    return attribute < 0 || H5Aclose(attribute) < 0 ? -1 : code;
}

static herr_t make_object(const h5r_metadata_t *m, uint64_t i)
{
    const h5r_hdf5_t *h = m->h;
    hid_t object = m->kind == H5R_KIND_GROUP
                       ? H5Gcreate2(h->file, m->path[i], m->intermediate, H5P_DEFAULT, H5P_DEFAULT)
                       : H5Dcreate2(h->file, m->path[i], h->file_type, m->space, m->intermediate, H5P_DEFAULT,
                                    H5P_DEFAULT);
    herr_t code = object < 0 ? -1 : 0;
    for (uint64_t a = 0; a < m->attributes && code >= 0; a++) {
        code = add_attribute(object, m, m->name[a], m->written + h5r_metadata_at(m, i, a));
    }
    if (code >= 0 && m->scales > 0) {
        code = h5r_scales_attach(m, object);
    }
    return object < 0 || H5Oclose(object) < 0 ? -1 : code;
}

static herr_t make_link(const h5r_metadata_t *m, uint64_t i)
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

static herr_t make_attributes(const h5r_metadata_t *m, h5r_tree_t tree)
{
    for (uint64_t p = 0; p < m->parents; p++) {
        hid_t host = tree == H5R_TREE_WIDE
                         ? H5Gopen2(m->h->file, "/", H5P_DEFAULT)
                         : H5Gcreate2(m->h->file, m->parent[p], m->intermediate, H5P_DEFAULT, H5P_DEFAULT);
        uint64_t end = p + 1 < m->parents ? h5r_tree_first(tree, p + 1) : m->n;
        herr_t code = host < 0 ? -1 : 0;
        for (uint64_t i = h5r_tree_first(tree, p); i < end && code >= 0; i++) {
            code =
                add_attribute(host, m, strrchr(m->path[i], '/') + 1, m->written + h5r_metadata_at(m, i, 0));
        }
        if (code < 0 || H5Gclose(host) < 0) {
            return -1;
        }
    }
    return 0;
}

herr_t h5r_metadata_target(hid_t file)
{
    hid_t group = H5Gcreate2(file, TARGET, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    return group < 0 ? -1 : H5Gclose(group);
}

h5r_status_t h5r_metadata_create(h5r_rep_t *rep, h5r_error_t *err)
{
    h5r_metadata_t *m = rep->own;
    if (h5r_hdf5_create_file(rep->part->store, err) != H5R_OK || m->h == NULL) {
        return err->code;
    }
    herr_t code = m->kind == H5R_KIND_SOFT || m->kind == H5R_KIND_HARD ? h5r_metadata_target(m->h->file) : 0;
    if (m->kind == H5R_KIND_ATTRIBUTE) {
        code = make_attributes(m, rep->factors->tree);
    } else if (m->scales > 0) {
        code = h5r_scales_make(m);
    }
    bool links = m->kind >= H5R_KIND_SOFT, attributes = m->kind == H5R_KIND_ATTRIBUTE;
    uint64_t i = 0;
    for (; i < m->n && code >= 0 && !attributes; i++) {
        code = links ? make_link(m, i) : make_object(m, i);
    }
    if (code >= 0 && m->scales > 0) {
        code = h5r_scales_close(m);
    }
    return code < 0 ? h5r_fail_hdf5(err, "making an object", m->h->path) : H5R_OK;
}

/* ---- open, iterate, visit, delete */

h5r_status_t h5r_metadata_open_file(h5r_rep_t *rep, h5r_error_t *err)
{
    return h5r_hdf5_open_file(rep->part->store, H5F_ACC_RDONLY, err);
}

h5r_status_t h5r_metadata_open_file_rw(h5r_rep_t *rep, h5r_error_t *err)
{
    return h5r_hdf5_open_file(rep->part->store, H5F_ACC_RDWR, err);
}

h5r_status_t h5r_metadata_close_file(h5r_rep_t *rep, h5r_error_t *err)
{
    return h5r_hdf5_close_file(rep->part->store, err);
}

static herr_t read_attribute(const h5r_metadata_t *m, hid_t attribute, char *value)
{
    herr_t code = attribute < 0 ? -1 : H5Aread(attribute, m->contents.memory, value);
    return attribute < 0 || H5Aclose(attribute) < 0 ? -1 : code;
}

static herr_t open_object(h5r_metadata_t *m, uint64_t i)
{
    hid_t object = H5Oopen(m->h->file, m->path[i], H5P_DEFAULT);
    herr_t code = object < 0 ? -1 : 0;
    for (uint64_t a = 0; a < m->attributes && code >= 0; a++) {
        code =
            read_attribute(m, H5Aopen(object, m->name[a], H5P_DEFAULT), m->read + h5r_metadata_at(m, i, a));
    }
    if (code >= 0 && m->scales > 0) {
        code = h5r_scales_find(m, object);
    }
    return object < 0 || H5Oclose(object) < 0 ? -1 : code;
}

h5r_status_t h5r_metadata_open(h5r_rep_t *rep, h5r_objects_t which, h5r_error_t *err)
{
    h5r_metadata_t *m = rep->own;
    const h5r_tree_t tree = rep->factors->tree;
    for (uint64_t i = which.first; i < m->n; i += which.step) {
        herr_t code =
            m->kind == H5R_KIND_ATTRIBUTE
                ? read_attribute(m,
                                 H5Aopen_by_name(m->h->file, host_of(m, tree, i),
                                                 strrchr(m->path[i], '/') + 1, H5P_DEFAULT, H5P_DEFAULT),
                                 m->read + h5r_metadata_at(m, i, 0))
                : open_object(m, i);
        if (code < 0) {
            return h5r_fail_hdf5(err, "opening an object", m->path[i]);
        }
    }
    return H5R_OK;
}

h5r_status_t h5r_metadata_open_all(h5r_rep_t *rep, h5r_error_t *err)
{
    return h5r_metadata_open(rep, h5r_all_objects, err);
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
    h5r_metadata_t *m = own;
    (void)group;
    bool counts = is_object(name) && info->type == m->link;
    m->seen += counts ? 1 : 0;
    m->others += counts ? 0 : 1;
    return 0;
}

static herr_t count_attribute(hid_t object, const char *name, const H5A_info_t *info, void *own)
{
    h5r_metadata_t *m = own;
    (void)object, (void)info;
    m->seen += is_object(name) ? 1 : 0;
    return 0;
}

static herr_t count_attributes(hid_t object, const char *name, const h5r_object_info_t *info, void *own)
{
    h5r_metadata_t *m = own;
    (void)object, (void)name;
    m->seen += info->num_attrs;
    m->others += info->type == H5O_TYPE_GROUP ? 1 : 0;
    return 0;
}

h5r_status_t h5r_metadata_iterate(h5r_rep_t *rep, h5r_error_t *err)
{
    h5r_metadata_t *m = rep->own;
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

h5r_status_t h5r_metadata_visit(h5r_rep_t *rep, h5r_error_t *err)
{
    h5r_metadata_t *m = rep->own;
    if (m->h == NULL) {
        return H5R_OK;
    }
    herr_t code = m->kind == H5R_KIND_ATTRIBUTE
                      ? H5Ovisit1(m->h->file, H5_INDEX_NAME, H5_ITER_NATIVE, count_attributes, m)
                      : H5Lvisit(m->h->file, H5_INDEX_NAME, H5_ITER_NATIVE, count_link, m);
    return code < 0 ? h5r_fail_hdf5(err, "visiting all", m->h->path) : H5R_OK;
}

/* Every other one, so that the rest must survive. */
h5r_status_t h5r_metadata_delete_half(h5r_rep_t *rep, h5r_error_t *err)
{
    h5r_metadata_t *m = rep->own;
    const h5r_tree_t tree = rep->factors->tree;
    for (uint64_t i = 0; i < m->n; i += 2) {
        herr_t code = m->scales > 0 ? h5r_scales_detach(m, m->path[i]) : 0;
        if (code >= 0) {
            code = m->kind == H5R_KIND_ATTRIBUTE
                       ? H5Adelete_by_name(m->h->file, host_of(m, tree, i), strrchr(m->path[i], '/') + 1,
                                           H5P_DEFAULT)
                       : H5Ldelete(m->h->file, m->path[i], H5P_DEFAULT);
        }
        if (code < 0) {
            return h5r_fail_hdf5(err, "deleting", m->path[i]);
        }
    }
    return H5R_OK;
}
