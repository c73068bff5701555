/*
 * particles: what a particle code writes, after VPIC-IO: every step makes a group of its own in one file,
 * with a dataset for each of the particles' variables. Then all of it is read. The datum of element i of
 * variable v in step s is that of index (s * variables + v) * elements + i.
 */
#include "h5roof/count.h"
#include "h5roof/hdf5_file.h"
#include "h5roof/steps.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_SIZE    64
#define MOST_NDIMS   (H5R_MAX_NDIMS - 1) /* one more is needed to count the datasets */
#define DATASETS_MAX 100000              /* all of them are open at once */

enum { WRITE, READ }; /* its operations */

typedef struct {
    uint64_t n;               /* datasets: variables of all steps */
    hid_t *dataset;           /* [n]; that of a step after that of the step before */
    char (*group)[NAME_SIZE]; /* [steps] */
    char (*name)[NAME_SIZE];  /* [variables] */
    char (*path)[NAME_SIZE];  /* [n]: group/name */
} particles_t;

/* Of VPIC-IO, in its order; what is beyond has a number only. */
static void name_variable(uint64_t v, char name[NAME_SIZE])
{
    static const char *const names[] = {"x", "y", "z", "id1", "id2", "px", "py", "pz"};
    if (v < H5R_COUNT_OF(names)) {
        snprintf(name, NAME_SIZE, "%s", names[v]);
    } else {
        snprintf(name, NAME_SIZE, "v%" PRIu64, v);
    }
}

static void name_all(const h5r_factors_t *f, const particles_t *p)
{
    for (uint64_t s = 0; s < f->steps; s++) {
        snprintf(p->group[s], NAME_SIZE, "Step#%" PRIu64, s);
    }
    for (uint64_t v = 0; v < f->variables; v++) {
        name_variable(v, p->name[v]);
    }
    for (uint64_t i = 0; i < p->n; i++) {
        snprintf(p->path[i], NAME_SIZE, "%.30s/%.20s", p->group[i / f->variables], p->name[i % f->variables]);
    }
}

/* ---- what is timed */

static h5r_status_t create_step(const h5r_factors_t *f, const h5r_hdf5_t *h, hid_t space,
                                const particles_t *p, uint64_t step, h5r_error_t *err)
{
    hid_t *dataset = p->dataset + step * f->variables;
    hid_t group = H5Gcreate2(h->file, p->group[step], H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    if (group < 0) {
        return h5r_fail_hdf5(err, "H5Gcreate2", h->path);
    }
    for (uint64_t v = 0; v < f->variables; v++) {
        dataset[v] =
            H5Dcreate2(group, p->name[v], h->file_type, space, H5P_DEFAULT, h->creation, H5P_DEFAULT);
        if (dataset[v] < 0) {
            return h5r_fail_hdf5(err, "H5Dcreate2", h->path);
        }
    }
    return H5Gclose(group) < 0 ? h5r_fail_hdf5(err, "H5Gclose", h->path) : H5R_OK;
}

static h5r_status_t create(h5r_rep_t *rep, h5r_error_t *err)
{
    particles_t *p = rep->own;
    const h5r_factors_t *f = rep->factors;
    h5r_hdf5_t *h = h5r_store_hdf5(rep->part->store);
    hsize_t shape[H5R_MAX_NDIMS];
    if (h == NULL) {
        return H5R_OK;
    }
    const h5r_dims_t *dims = h5r_store_shape(rep->part->store);
    for (int d = 0; d < dims->n; d++) {
        shape[d] = dims->d[d];
    }
    if (h5r_hdf5_create_file(rep->part->store, err) != H5R_OK) {
        return err->code;
    }
    hid_t space = H5Screate_simple(dims->n, shape, NULL);
    h5r_status_t status = H5R_OK;
    for (uint64_t s = 0; s < f->steps && status == H5R_OK; s++) {
        status = create_step(f, h, space, p, s, err);
    }
    if (status == H5R_OK && H5Sclose(space) < 0) {
        status = h5r_fail_hdf5(err, "H5Sclose", h->path);
    }
    h->dataset = p->dataset[0]; /* all have the same dataspace, so that one serves to select */
    return status;
}

static h5r_status_t open_again(h5r_rep_t *rep, h5r_error_t *err)
{
    particles_t *p = rep->own;
    h5r_hdf5_t *h = h5r_store_hdf5(rep->part->store);
    if (h5r_hdf5_open_file(rep->part->store, H5F_ACC_RDONLY, err) != H5R_OK || h == NULL) {
        return err->code;
    }
    for (uint64_t i = 0; i < p->n; i++) {
        p->dataset[i] = H5Dopen2(h->file, p->path[i], H5P_DEFAULT);
        if (p->dataset[i] < 0) {
            return h5r_fail_hdf5(err, "H5Dopen2", p->path[i]);
        }
    }
    h->dataset = p->dataset[0];
    return H5R_OK;
}

/* The calls of the share in every dataset, each with the next piece of the buffer. */
static h5r_status_t move_all(h5r_rep_t *rep, h5r_step_t *move, char **buffer, h5r_error_t *err)
{
    const particles_t *p = rep->own;
    h5r_hdf5_t *h = h5r_store_hdf5(rep->part->store);
    const size_t share_bytes = (size_t)rep->part->calls.elements * rep->element_bytes;
    char *const begin = *buffer;
    h5r_status_t status = H5R_OK;
    for (uint64_t i = 0; h != NULL && i < p->n && status == H5R_OK; i++) {
        h->dataset = p->dataset[i];
        *buffer = begin + i * share_bytes;
        status = move(rep, err);
    }
    *buffer = begin;
    return status;
}

static h5r_status_t write_all(h5r_rep_t *rep, h5r_error_t *err)
{
    return move_all(rep, h5r_step_write, &rep->write_buffer, err);
}

static h5r_status_t read_all(h5r_rep_t *rep, h5r_error_t *err)
{
    return move_all(rep, h5r_step_read, &rep->read_buffer, err);
}

/* The store closes the first one, and the file. */
static h5r_status_t close_all(h5r_rep_t *rep, h5r_error_t *err)
{
    const particles_t *p = rep->own;
    h5r_hdf5_t *h = h5r_store_hdf5(rep->part->store);
    for (uint64_t i = 1; h != NULL && i < p->n; i++) {
        if (H5Dclose(p->dataset[i]) < 0) {
            return h5r_fail_hdf5(err, "H5Dclose", h->path);
        }
    }
    if (h != NULL) {
        h->dataset = p->dataset[0];
    }
    return h5r_store_close(rep->part->store, err);
}

/* ---- what is not */

static h5r_status_t measure_stored(h5r_rep_t *rep, h5r_error_t *err)
{
    const particles_t *p = rep->own;
    uint64_t bytes = 0;
    (void)err;
    for (uint64_t i = 0; !h5r_store_absent(rep->part->store) && i < p->n; i++) {
        bytes += H5Dget_storage_size(p->dataset[i]);
    }
    h5r_rep_stored(rep, bytes);
    return H5R_OK;
}

static void fill_buffers(h5r_rep_t *rep, uint64_t n)
{
    const h5r_part_t *writes = &rep->parts[H5R_WAY_OUT], *reads = &rep->parts[H5R_WAY_IN];
    const h5r_dims_t all = h5r_dims_stacked(&rep->factors->shape, n);
    for (uint64_t i = 0; i < n; i++) {
        h5r_region_t out = h5r_region_stacked(&writes->region, i), in = h5r_region_stacked(&reads->region, i);
        h5r_data_fill_region(&rep->data, &all, &out, writes->calls.elements,
                             rep->write_buffer + i * writes->calls.elements * rep->element_bytes);
        h5r_data_poison_region(&rep->data, &all, &in, reads->calls.elements,
                               rep->read_buffer + i * reads->calls.elements * rep->element_bytes);
    }
}

static void check_all(h5r_rep_t *rep, uint64_t n)
{
    const uint64_t elements = rep->part->calls.elements;
    const h5r_dims_t all = h5r_dims_stacked(&rep->factors->shape, n);
    for (uint64_t i = 0; i < n && rep->verify; i++) {
        const char *got = rep->read_buffer + i * elements * rep->element_bytes;
        h5r_region_t share = h5r_region_stacked(&rep->part->region, i);
        uint64_t bad = h5r_data_check_region(&rep->data, &all, &share, elements, got);
        if (bad < elements) {
            const particles_t *p = rep->own;
            char element[8], expected[64], found[64];
            h5r_data_fill(&rep->data, h5r_region_global(&share, &all, bad), 1, element);
            h5r_rep_wrong(
                rep, READ, "%s, element %" PRIu64 " in C order: expected %s, found %s", p->path[i],
                h5r_region_global(&rep->part->region, &rep->factors->shape, bad),
                h5r_data_format(rep->data.dtype, element, expected, sizeof expected),
                h5r_data_format(rep->data.dtype, got + bad * rep->element_bytes, found, sizeof found));
        }
    }
}

/* ---- the order of steps, that of slab */

static const h5r_timed_step_t steps[] = {
    {WRITE, H5R_PHASE_CREATE, create, H5R_ALWAYS},
    {WRITE, H5R_PHASE_SELECT, h5r_step_select, H5R_ALWAYS},
    {WRITE, H5R_PHASE_WRITE, write_all, H5R_ALWAYS},
    {WRITE, H5R_PHASE_FLUSH, h5r_step_flush, H5R_ALWAYS},
    {WRITE, H5R_UNTIMED, measure_stored, H5R_ALWAYS},
    {WRITE, H5R_PHASE_CLOSE, close_all, H5R_LASTING},
    {READ, H5R_UNTIMED, h5r_step_turn_to_reads, H5R_LASTING},
    {READ, H5R_UNTIMED, h5r_step_settle_cache, H5R_LASTING},
    {READ, H5R_PHASE_OPEN, open_again, H5R_LASTING},
    {READ, H5R_PHASE_SELECT, h5r_step_select, H5R_LASTING},
    {READ, H5R_PHASE_READ, read_all, H5R_ALWAYS},
    {READ, H5R_PHASE_CLOSE, close_all, H5R_LASTING},
    {WRITE, H5R_PHASE_CLOSE, close_all, H5R_VOLATILE},
};

/* What this rank does, which is what all ranks read, too. */
static void count(h5r_rep_t *rep, h5r_operation_t operation, uint64_t n)
{
    const h5r_part_t *part = &rep->parts[H5R_WAY_OUT];
    const uint64_t share = h5r_region_elements(&part->region);
    const bool counts = !h5r_store_absent(part->store) && (rep->rank == 0 || !h5r_store_shared(part->store));
    h5r_rep_moved(rep, operation, n * part->calls.elements * rep->element_bytes, n * part->calls.calls);
    h5r_rep_unbounded(rep, operation, n * share * rep->element_bytes, n * part->calls.pieces);
    h5r_rep_handled(rep, operation, counts ? n : 0);
}

/* Everything that the phases need, touched. */
static h5r_status_t prepare(h5r_rep_t *rep, h5r_error_t *err)
{
    const h5r_factors_t *f = rep->factors;
    particles_t *p = rep->own;
    p->n = f->steps * f->variables;
    p->dataset = calloc(p->n, sizeof *p->dataset);
    p->group = calloc(f->steps, sizeof *p->group);
    p->name = calloc(f->variables, sizeof *p->name);
    p->path = calloc(p->n, sizeof *p->path);
    if (p->dataset == NULL || p->group == NULL || p->name == NULL || p->path == NULL) {
        return h5r_no_memory(err, "the ids and names of %" PRIu64 " datasets", p->n);
    }
    memset(p->dataset, 0xff, p->n * sizeof *p->dataset);
    name_all(f, p);
    fill_buffers(rep, p->n);
    return H5R_OK;
}

static void check(h5r_rep_t *rep)
{
    const particles_t *p = rep->own;
    count(rep, WRITE, p->n);
    count(rep, READ, p->n);
    check_all(rep, p->n);
}

static void release(h5r_rep_t *rep)
{
    const particles_t *p = rep->own;
    free(p->dataset);
    free(p->group);
    free(p->name);
    free(p->path);
}

static uint64_t datasets(const h5r_factors_t *f)
{
    return f->steps * f->variables;
}

static uint64_t elements(const h5r_factors_t *f, uint64_t share, int nranks)
{
    (void)nranks;
    return datasets(f) * share;
}

static h5r_work_t work(const h5r_doer_t *w, h5r_operation_t operation)
{
    const uint64_t n = datasets(w->factors);
    h5r_work_t work = h5r_work_share(w);
    (void)operation;
    work.payload_bytes *= n;
    work.calls *= n;
    work.all_calls *= n;
    work.objects = w->counts ? n : 0;
    return work;
}

static bool allows(const h5r_factors_t *f, int nranks, char *reason, size_t size)
{
    (void)nranks;
    if (f->shape.n > MOST_NDIMS) {
        snprintf(reason, size, "workload particles has datasets of at most %d dimensions", MOST_NDIMS);
        return false;
    }
    if (f->steps * f->variables > DATASETS_MAX) {
        snprintf(reason, size, "%" PRIu64 " datasets (steps times variables) are more than %d",
                 f->steps * f->variables, DATASETS_MAX);
        return false;
    }
    return true;
}

const h5r_workload_t h5r_workload_particles = {
    .name = "particles",
    .summary = "steps of a particle code, each with a group of variables, one dataset each; after VPIC-IO",
    .lesson =
        "A particle code writes its variables (position, momentum, identity) as datasets of their own, all "
        "ranks a contiguous piece of each, step after step. Every dataset costs its creation and a transfer: "
        "compare with the same bytes as one dataset in configs/particles.yaml. All groups and datasets are "
        "made first, so that what objects cost (create, open) is told from what transfers do (write, read); "
        "objects_count counts datasets. All variables have the type of the factor dtype. The dataset of a "
        "variable has the shape of the factor shape: particles in one dimension, but others are allowed.",
    .roof =
        "The payload of all steps, by raw POSIX in large pieces: a program without variables and steps "
        "could write all in one go; their conversion, and the filters over every chunk of every variable.",
    .operations = {[WRITE] = {.name = "write",
                              .direction = H5R_MOVES_OUT,
                              .help = "all variables of all steps"},
                   [READ] = {.name = "read", .direction = H5R_MOVES_IN, .help = "likewise, and verified"}},
    .steps = steps,
    .step_count = H5R_COUNT_OF(steps),
    .own_bytes = sizeof(particles_t),
    .prepare = prepare,
    .check = check,
    .release = release,
    .needs_hdf5 = true,
    .datasets = datasets,
    .elements = elements,
    .allows = allows,
    .work = work,
};
