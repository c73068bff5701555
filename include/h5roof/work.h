/*
 * What a rank does in an operation, told without doing it: for `plan`. Chance is asked where it decides
 * (which elements are negative, which ones a mask has), so that what is told is what a run counts. Local.
 */
#ifndef H5ROOF_WORK_H
#define H5ROOF_WORK_H

#include "h5roof/data.h"
#include "h5roof/region.h"

#include <stddef.h>

/* A rank of a case, before anything runs. */
typedef struct {
    const h5r_factors_t *factors; /* with the shape of the whole dataset */
    int rank, nranks;
    bool shared;          /* one file for all ranks */
    bool absent;          /* a file for each, and this rank has none */
    bool collective;      /* all ranks make all calls */
    bool counts;          /* this rank counts what the file has: one of those that share it */
    size_t element_bytes; /* in memory */
    h5r_region_t region;  /* its share of the whole dataset, or what it reads of it */
    uint64_t elements;    /* of it, that end in memory: those of the calls, or what another rank sends */
    h5r_ops_t calls; /* the share as it is cut before the steps, in the coordinates of the file's dataset; not
                        padded */
    h5r_data_t data; /* without a sample */
} h5r_doer_t;

typedef struct {
    uint64_t payload_bytes;
    uint64_t calls;
    uint64_t all_calls; /* without the bound max_ops */
    uint64_t objects;
    bool padded;    /* where calls are collective, every rank makes as many as the one that has most */
    bool estimated; /* calls or bytes are a matter of chance, of which there is too much to look at */
} h5r_work_t;

/* Bytes of data of all ranks that are made to look at; above that, the work is estimated. */
#define H5R_WORK_LOOK ((uint64_t)256 << 20)

/* The share in its calls. */
h5r_work_t h5r_work_share(const h5r_doer_t *w);

/* Of the file's dataset. */
h5r_dims_t h5r_doer_shape(const h5r_doer_t *w);

#endif
