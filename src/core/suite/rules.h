/*
 * What HDF5 and MPI-IO forbid. A case that breaks a rule is not an error: it becomes a row with status
 * `skipped` and the reason, decided before anything runs. A table of (predicate, reason). Local; the facts
 * about the library come in as data.
 */
#ifndef H5ROOF_RULES_H
#define H5ROOF_RULES_H

#include "h5roof/factors.h"

#include <stddef.h>

/* What the HDF5 library at hand can do; filled by h5r_caps_query(), by hand in tests. */
typedef struct {
    unsigned version[3];           /* 1, 10, 8 */
    bool filter[H5R_FILTER_KINDS]; /* available for writing and reading */
    char filter_fault[H5R_FILTER_KINDS]
                     [160];       /* what went wrong with one that was tried; "": it is not there */
    bool evicts, buffers_pages;   /* metadata at close; pages of a file */
    bool lacks[H5R_DRIVER_COUNT]; /* the driver cannot be used, for the reason that its table says */
    /* The workloads' own rules, asked after those of this file; NULL: none. */
    bool (*workload_allows)(const h5r_factors_t *f, int nranks, char *reason, size_t size);
} h5r_caps_t;

/* True if the case may run; else reason gets one sentence without a full stop. */
bool h5r_rules_allow(const h5r_factors_t *f, const h5r_caps_t *caps, int nranks, char *reason, size_t size);

#endif
