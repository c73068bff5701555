/*
 * metadata: many groups, small datasets, attributes or links: made, opened, iterated, visited, deleted.
 */
#include "bench/metadata/objects.h"
#include "bench/metadata/scales.h"
#include "h5roof/count.h"
#include "h5roof/driver.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CREATE, OPEN, ITERATE, VISIT, DELETE }; /* its operations */

#define ATTRIBUTES_MAX 60000 /* of an object in the format of libver earliest, with 16 bits */
#define ELEMENTS_MAX   4000  /* of 16 bytes, in an object header of that format */

/* ---- what is not timed: checks */

static void check_values(h5r_rep_t *rep, h5r_operation_t operation, h5r_objects_t which)
{
    h5r_metadata_t *m = rep->own;
    const h5r_contents_t *v = &m->contents;
    const uint64_t elements = m->each * v->elements;
    for (uint64_t i = which.first; i < m->n && rep->verify; i += which.step) {
        for (uint64_t e = 0; e < elements; e++) {
            const size_t at = h5r_metadata_at(m, i, 0) + (size_t)e * v->size;
            char right[32], wrong[32], element[48] = "";
            if (h5r_contents_equal(v, m->written + at, m->read + at)) {
                continue;
            }
            if (v->elements > 1) {
                snprintf(element, sizeof element, "element %" PRIu64 " of ", e % v->elements);
            }
            h5r_rep_wrong(rep, operation, "%sattribute %" PRIu64 " of %s: expected %s, found %s", element,
                          e / v->elements, m->path[i], h5r_contents_text(v, m->written + at, right),
                          h5r_contents_text(v, m->read + at, wrong));
            i = m->n; /* one is enough */
            break;
        }
    }
    h5r_contents_reclaim(v, m->read, m->cells);
}

static void check_count(h5r_rep_t *rep, h5r_operation_t operation, uint64_t found, uint64_t expected,
                        const char *what)
{
    if (rep->verify && found != expected) {
        h5r_rep_wrong(rep, operation, "expected %" PRIu64 " %s, found %" PRIu64, expected, what, found);
    }
}

static h5r_status_t check_opened(h5r_rep_t *rep, h5r_error_t *err)
{
    h5r_metadata_t *m = rep->own;
    (void)err;
    check_values(rep, OPEN, h5r_all_objects);
    check_count(rep, OPEN, m->attached, m->n * m->scales, "scales of datasets, each by its name");
    m->seen = m->others = m->attached = 0;
    return H5R_OK;
}

static h5r_status_t check_iterated(h5r_rep_t *rep, h5r_error_t *err)
{
    h5r_metadata_t *m = rep->own;
    (void)err;
    check_count(rep, ITERATE, m->seen, m->n, "objects");
    m->seen = m->others = 0;
    return H5R_OK;
}

static uint64_t on_the_way(const h5r_rep_t *rep, const h5r_metadata_t *m)
{
    bool has_root = m->kind == H5R_KIND_ATTRIBUTE;
    bool has_target = m->kind == H5R_KIND_SOFT || m->kind == H5R_KIND_HARD;
    return m->h == NULL ? 0
                        : h5r_tree_groups(rep->factors->tree, m->n) + (has_root || has_target) + m->scales;
}

static h5r_status_t check_visited(h5r_rep_t *rep, h5r_error_t *err)
{
    h5r_metadata_t *m = rep->own;
    (void)err;
    check_count(rep, VISIT, m->seen, m->n, "objects");
    check_count(rep, VISIT, m->others, on_the_way(rep, m), "groups on the way");
    m->seen = m->others = 0;
    return H5R_OK;
}

/* In the file as it was closed: those that were not deleted, as they were, and no others. */
static h5r_status_t check_deleted(h5r_rep_t *rep, h5r_error_t *err)
{
    h5r_metadata_t *m = rep->own;
    if (h5r_metadata_iterate(rep, err) != H5R_OK) {
        return err->code;
    }
    check_count(rep, DELETE, m->seen, m->n / 2, "objects");
    if (m->seen == m->n / 2 && h5r_metadata_open(rep, h5r_kept_objects, err) == H5R_OK) {
        check_values(rep, DELETE, h5r_kept_objects);
        check_count(rep, DELETE, m->attached, m->n / 2 * m->scales, "scales of datasets, each by its name");
    }
    return err->code;
}

/* ---- the repetition */

static const h5r_timed_step_t steps[] = {
    {CREATE, H5R_PHASE_CREATE, h5r_metadata_create, H5R_ALWAYS},
    {CREATE, H5R_PHASE_FLUSH, h5r_step_flush, H5R_ALWAYS},
    {CREATE, H5R_PHASE_CLOSE, h5r_metadata_close_file, H5R_MEASURED},
    {OPEN, H5R_PHASE_OPEN, h5r_metadata_open_file, H5R_ALWAYS},
    {OPEN, H5R_PHASE_READ, h5r_metadata_open_all, H5R_ALWAYS},
    {OPEN, H5R_PHASE_CLOSE, h5r_metadata_close_file, H5R_MEASURED},
    {OPEN, H5R_UNTIMED, check_opened, H5R_ALWAYS},
    {ITERATE, H5R_PHASE_OPEN, h5r_metadata_open_file, H5R_ALWAYS},
    {ITERATE, H5R_PHASE_READ, h5r_metadata_iterate, H5R_ALWAYS},
    {ITERATE, H5R_PHASE_CLOSE, h5r_metadata_close_file, H5R_MEASURED},
    {ITERATE, H5R_UNTIMED, check_iterated, H5R_ALWAYS},
    {VISIT, H5R_PHASE_OPEN, h5r_metadata_open_file, H5R_ALWAYS},
    {VISIT, H5R_PHASE_READ, h5r_metadata_visit, H5R_ALWAYS},
    {VISIT, H5R_PHASE_CLOSE, h5r_metadata_close_file, H5R_MEASURED},
    {VISIT, H5R_UNTIMED, check_visited, H5R_ALWAYS},
    {DELETE, H5R_PHASE_OPEN, h5r_metadata_open_file_rw, H5R_ALWAYS},
    {DELETE, H5R_PHASE_CHANGE, h5r_metadata_delete_half, H5R_ALWAYS},
    {DELETE, H5R_PHASE_FLUSH, h5r_step_flush, H5R_ALWAYS},
    {DELETE, H5R_PHASE_CLOSE, h5r_metadata_close_file, H5R_MEASURED},
    {DELETE, H5R_UNTIMED, h5r_metadata_open_file, H5R_VERIFYING},
    {DELETE, H5R_UNTIMED, check_deleted, H5R_VERIFYING},
    {DELETE, H5R_UNTIMED, h5r_metadata_close_file, H5R_VERIFYING},
};

static void name_all(h5r_metadata_t *m, h5r_tree_t tree)
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

/* `with`: attributes and scales that every object has. */
static uint64_t handled_in(h5r_operation_t operation, uint64_t n, uint64_t with)
{
    return operation == CREATE || operation == OPEN ? n * (1 + with) : operation == DELETE ? (n + 1) / 2 : n;
}

/* What the attributes hold differs from turn to turn, but not in size. */
static void value_all(const h5r_metadata_t *m, uint64_t turn)
{
    const h5r_contents_t *v = &m->contents;
    for (uint64_t c = 0; c < m->cells; c++) {
        const uint64_t element = c % v->elements, attribute = c / v->elements;
        const uint64_t number =
            (attribute / m->each + 1) * 1000003u + attribute % m->each + element * 7919u + turn * 40503u;
        h5r_contents_put(v, (int32_t)(uint32_t)number, m->text[c], m->written + (size_t)c * v->size);
    }
}

static h5r_status_t name_objects(const h5r_rep_t *rep, h5r_metadata_t *m, h5r_error_t *err)
{
    const h5r_factors_t *f = rep->factors;
    const h5r_tree_t tree = f->tree;
    const bool shared = h5r_store_shared(rep->part->store);
    m->n = shared ? f->objects : h5r_tree_part(f->objects, (uint64_t)rep->nranks, (uint64_t)rep->rank);
    m->n = m->h == NULL ? 0 : m->n;
    m->parents = m->n == 0 ? 0 : h5r_tree_parents(tree, m->n);
    m->path = calloc(m->n + 1, sizeof *m->path);
    m->parent = calloc(m->parents + 1, sizeof *m->parent);
    m->name = calloc(m->attributes + 1, sizeof *m->name);
    m->cells = m->n * m->each * m->contents.elements;
    m->written = calloc(m->cells + 1, m->contents.size);
    m->read = calloc(m->cells + 1, m->contents.size);
    m->text = calloc(m->cells + 1, sizeof *m->text);
    if (m->path == NULL || m->parent == NULL || m->name == NULL || m->written == NULL || m->read == NULL ||
        m->text == NULL) {
        return h5r_no_memory(err, "the names of %" PRIu64 " objects", m->n);
    }
    name_all(m, tree);
    value_all(m, rep->turn);
    return H5R_OK;
}

static void tell_handled(h5r_rep_t *rep, const h5r_metadata_t *m)
{
    const uint64_t n = !h5r_store_shared(rep->part->store) || rep->rank == 0 ? m->n : 0;
    for (h5r_operation_t o = CREATE; o <= DELETE; o++) {
        h5r_rep_handled(rep, o, handled_in(o, n, m->attributes + m->scales));
    }
}

/* What every rank needs, and the file that external links lead to. */
static h5r_status_t prepare(h5r_rep_t *rep, h5r_error_t *err)
{
    h5r_metadata_t *m = rep->own;
    h5r_store_t *store = rep->part->store;
    const hsize_t ones[H5R_MAX_NDIMS] = {1, 1, 1, 1, 1, 1};
    const int ndims = (int)rep->factors->scales;
    *m = (h5r_metadata_t){.attributes = rep->factors->attributes,
                          .scales = rep->factors->scales,
                          .kind = rep->factors->kind,
                          .h = h5r_store_hdf5(store),
                          .space = ndims > 0 ? H5Screate_simple(ndims, ones, NULL) : H5Screate(H5S_SCALAR),
                          .intermediate = H5Pcreate(H5P_LINK_CREATE)};
    m->each = m->kind == H5R_KIND_ATTRIBUTE ? 1 : m->attributes;
    m->link = m->kind == H5R_KIND_SOFT       ? H5L_TYPE_SOFT
              : m->kind == H5R_KIND_EXTERNAL ? H5L_TYPE_EXTERNAL
                                             : H5L_TYPE_HARD;
    if (h5r_contents_init(&m->contents, rep->factors) < 0 || m->space < 0 ||
        H5Pset_create_intermediate_group(m->intermediate, 1) < 0) {
        return h5r_fail_hdf5(err, "H5Pset_create_intermediate_group", "a list");
    }
    if (name_objects(rep, m, err) != H5R_OK) {
        return err->code;
    }
    tell_handled(rep, m);
    if (m->kind != H5R_KIND_EXTERNAL || m->h == NULL) {
        return H5R_OK;
    }
    h5r_store_second_file(store, m->second, sizeof m->second);
    hid_t file = H5Fcreate(m->second, H5F_ACC_TRUNC, m->h->file_creation, m->h->access);
    if (file < 0 || h5r_metadata_target(file) < 0 || H5Fclose(file) < 0) {
        return h5r_fail_hdf5(err, "making the target of external links", m->second);
    }
    return H5R_OK;
}

static void release(h5r_rep_t *rep)
{
    h5r_metadata_t *m = rep->own;
    H5Sclose(m->space);
    H5Pclose(m->intermediate);
    h5r_contents_free(&m->contents);
    free(m->path);
    free(m->parent);
    free(m->name);
    free(m->written);
    free(m->read);
    free(m->text);
}

static h5r_work_t work(const h5r_doer_t *w, h5r_operation_t operation)
{
    const h5r_factors_t *f = w->factors;
    const uint64_t files = w->shared ? 1 : (uint64_t)w->nranks, file = w->shared ? 0 : (uint64_t)w->rank,
                   n = w->counts ? h5r_tree_part(f->objects, files, file) : 0;
    return (h5r_work_t){.objects = handled_in(operation, n, f->attributes + f->scales)};
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
                 "an external link leads to one file by its name, and this driver keeps several or none");
        return false;
    }
    if (f->kind == H5R_KIND_ATTRIBUTE && f->tree == H5R_TREE_WIDE && f->objects > ATTRIBUTES_MAX) {
        snprintf(reason, size,
                 "one object cannot have %" PRIu64 " attributes in every format, %d at most here", f->objects,
                 ATTRIBUTES_MAX);
        return false;
    }
    if (!f->attributes && f->kind != H5R_KIND_ATTRIBUTE &&
        (f->attribute_elements > 1 || f->attribute_type != H5R_ATTRIBUTE_I32)) {
        snprintf(reason, size, "there are no attributes that could have elements (attributes)");
        return false;
    }
    if (f->libver == H5R_LIBVER_EARLIEST && f->attribute_elements > ELEMENTS_MAX) {
        snprintf(reason, size, "an attribute of libver earliest is below 64 KiB, %d elements at most here",
                 ELEMENTS_MAX);
        return false;
    }
    if (!h5r_scales_allowed(f, reason, size)) {
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
        "and open their attributes and dimension scales too; groups on the way are not. A dimension scale "
        "(factor scales) has a list of the datasets that use it, which is read, changed and written for "
        "every "
        "one that is attached or deleted: the work grows with the square of their number.",
    .roof = "The bytes of the file that create leaves by raw POSIX (store): what metadata would cost if they "
            "were data. The other operations have no roof: none of them must touch every byte.",
    .operations = {[CREATE] = {.name = "create",
                               .direction = H5R_MOVES_OUT,
                               .help = "the file and all objects"},
                   [OPEN] = {.name = "open",
                             .direction = H5R_MOVES_NOTHING,
                             .help = "every object by its name, and its attributes"},
                   [ITERATE] = {.name = "iterate",
                                .direction = H5R_MOVES_NOTHING,
                                .help = "H5Literate over every group that has some"},
                   [VISIT] = {.name = "visit",
                              .direction = H5R_MOVES_NOTHING,
                              .help = "H5Lvisit over all; H5Ovisit for attributes"},
                   [DELETE] = {.name = "delete",
                               .direction = H5R_MOVES_NOTHING,
                               .help = "every other object, by its name"}},
    .steps = steps,
    .step_count = H5R_COUNT_OF(steps),
    .own_bytes = sizeof(h5r_metadata_t),
    .prepare = prepare,
    .release = release,
    .needs_hdf5 = true,
    .needs_file = true,
    .no_data = true,
    .allows = allows,
    .work = work,
};
