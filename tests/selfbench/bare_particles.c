/* particles: in every step a group of its own, with a dataset for each variable; then all are read. */
#include "bare.h"
#include "h5roof/count.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_SIZE 64

static const char *const variables[] = {"x", "y", "z", "id1", "id2", "px", "py", "pz"};

typedef struct {
    size_t n;                    /* datasets, of all steps */
    size_t each;                 /* of a step */
    hid_t *dataset;              /* [n] */
    char (*group)[NAME_SIZE];    /* [n / each] */
    char (*path)[2 * NAME_SIZE]; /* [n] */
    char *out, *in;              /* the shares of all */
} particles_t;

static void create(bare_t *b)
{
    particles_t *p = b->own;
    const hsize_t shape[BARE_NDIMS] = {b->file_shape.d[0], b->file_shape.d[1]};
    bare_create_file(b);
    hid_t space = bare_check(H5Screate_simple(BARE_NDIMS, shape, NULL), "H5Screate_simple");
    for (size_t s = 0; s < p->n / p->each; s++) {
        hid_t group = H5Gcreate2(b->file, p->group[s], H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
        bare_check(group, "H5Gcreate2");
        for (size_t v = 0; v < p->each; v++) {
            hid_t dataset =
                H5Dcreate2(group, variables[v], b->file_type, space, H5P_DEFAULT, b->creation, H5P_DEFAULT);
            p->dataset[s * p->each + v] = bare_check(dataset, "H5Dcreate2");
        }
        bare_check(H5Gclose(group), "H5Gclose");
    }
    bare_check(H5Sclose(space), "H5Sclose");
    b->dataset = p->dataset[0];
}

static void open_all(bare_t *b)
{
    const particles_t *p = b->own;
    bare_open_file(b, H5F_ACC_RDONLY);
    for (size_t i = 0; i < p->n; i++) {
        p->dataset[i] = bare_check(H5Dopen2(b->file, p->path[i], H5P_DEFAULT), "H5Dopen2");
    }
    b->dataset = p->dataset[0];
}

static void write_all(bare_t *b)
{
    const particles_t *p = b->own;
    char *const out = b->out;
    for (size_t i = 0; i < p->n; i++) {
        b->dataset = p->dataset[i];
        b->out = p->out + i * b->bytes;
        bare_write(b);
    }
    b->out = out;
}

static void read_all(bare_t *b)
{
    const particles_t *p = b->own;
    char *const in = b->in;
    for (size_t i = 0; i < p->n; i++) {
        b->dataset = p->dataset[i];
        b->in = p->in + i * b->bytes;
        bare_read(b);
    }
    b->in = in;
}

static void close_all(bare_t *b)
{
    const particles_t *p = b->own;
    for (size_t i = 1; i < p->n; i++) {
        bare_check(H5Dclose(p->dataset[i]), "H5Dclose");
    }
    b->dataset = p->dataset[0];
    bare_close(b);
}

static void verify(bare_t *b)
{
    const particles_t *p = b->own;
    bare_need(memcmp(p->in, p->out, p->n * b->bytes) == 0, "reading back what was written");
    memset(p->in, 1, p->n * b->bytes);
}

/* The datum of dataset i: as if all datasets were one with a dimension more. */
static void fill(const bare_t *b, particles_t *p)
{
    const h5r_dims_t *shape = &b->factors.shape;
    const h5r_dims_t all = {.n = 3, .d = {p->n, shape->d[0], shape->d[1]}};
    for (size_t i = 0; i < p->n; i++) {
        h5r_region_t share = {.ndims = 3,
                              .start = {i, b->share.start[0], b->share.start[1]},
                              .stride = {1, 1, 1},
                              .count = {1, b->count[0], b->count[1]}};
        h5r_data_fill_region(&b->data, &all, &share, b->bytes / sizeof(double), p->out + i * b->bytes);
    }
}

static void prepare(bare_t *b)
{
    const h5r_factors_t *f = &b->factors;
    particles_t *p = bare_alloc(sizeof *p);
    bare_need(f->variables <= H5R_COUNT_OF(variables), "naming so many variables");
    p->each = (size_t)f->variables;
    p->n = (size_t)f->steps * p->each;
    p->dataset = bare_alloc(p->n * sizeof *p->dataset);
    p->group = bare_alloc((size_t)f->steps * sizeof *p->group);
    p->path = bare_alloc(p->n * sizeof *p->path);
    p->out = bare_alloc(p->n * b->bytes);
    p->in = bare_alloc(p->n * b->bytes);
    for (size_t i = 0; i < p->n; i++) {
        const size_t s = i / p->each;
        snprintf(p->group[s], sizeof p->group[s], "Step#%zu", s);
        snprintf(p->path[i], sizeof p->path[i], "%s/%s", p->group[s], variables[i % p->each]);
    }
    fill(b, p);
    b->own = p;
}

static void release(bare_t *b)
{
    particles_t *p = b->own;
    free(p->dataset);
    free(p->group);
    free(p->path);
    free(p->out);
    free(p->in);
    free(p);
}

const bare_workload_t bare_particles = {.name = "particles",
                                        .prepare = prepare,
                                        .release = release,
                                        .steps = {{"write", H5R_PHASE_CREATE, create},
                                                  {"write", H5R_PHASE_SELECT, bare_spaces},
                                                  {"write", H5R_PHASE_WRITE, write_all},
                                                  {"write", H5R_PHASE_FLUSH, bare_flush},
                                                  {"write", H5R_PHASE_CLOSE, close_all},
                                                  {"read", H5R_PHASE_OPEN, open_all},
                                                  {"read", H5R_PHASE_SELECT, bare_spaces},
                                                  {"read", H5R_PHASE_READ, read_all},
                                                  {"read", H5R_PHASE_CLOSE, close_all},
                                                  {"read", BARE_UNTIMED, verify},
                                                  {NULL, 0, NULL}}};
