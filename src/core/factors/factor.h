/*
 * The table of factors, made from h5roof/factors.def. Parsing, formatting, help, CSV columns, case names and
 * plan.yaml all walk this table. Local.
 */
#ifndef H5ROOF_FACTOR_H
#define H5ROOF_FACTOR_H

#include "h5roof/error.h"
#include "h5roof/factors.h"

typedef enum {
    H5R_TYPE_CHOICE, /* an enumeration as large as an int32_t: one of `choices` */
    H5R_TYPE_DIMS,  /* h5r_dims_t: [64, 64] in YAML, 64x64 in names and CSV; both are read; or the one choice,
                       which is H5R_DIMS_GUESS */
    H5R_TYPE_BYTES, /* uint64_t with units */
    H5R_TYPE_COUNT, /* uint64_t, or one of `choices`, which are the values above `max` */
    H5R_TYPE_BOOL,  /* bool: true, false */
    H5R_TYPE_PIPELINE, /* h5r_pipeline_t: none, or stages joined by '+': shuffle+deflate:6 */
    H5R_TYPE_ACCESS,   /* h5r_access_t: element, row, plane, whole, or bytes */
    H5R_TYPE_TEXT,     /* char[H5R_TEXT_SIZE] */
    H5R_TYPE_HINTS /* char[H5R_TEXT_SIZE]: a mapping in YAML, key=value;key=value in names and CSV; both are
                      read */
} h5r_factor_type_t;

typedef struct {
    const char *name;
    h5r_factor_type_t type;
    size_t offset;               /* in h5r_factors_t */
    const char *default_text;    /* as a user would write it */
    const char *const *choices;  /* H5R_TYPE_CHOICE: NULL-terminated, index == value; _ACCESS: those that are
                                    no size; _COUNT, _DIMS: may be NULL */
    const char *const *meanings; /* of the choices, in their order: a line each; NULL: the choices are told
                                    elsewhere (workloads) */
    uint64_t min, max;           /* H5R_TYPE_BYTES, _COUNT; per dimension for _DIMS */
    const char *help;            /* one or two sentences */
    const char *only;            /* the workloads that look at it, joined by ','; NULL: all */
} h5r_factor_t;

/* How many there are. */
enum {
#define H5R_COUNTED(field)                                                H5R_FACTOR_IS_##field,
#define H5R_CHOICE(field, type, by_default, only, help, ...)              H5R_COUNTED(field)
#define H5R_LISTED                                                        H5R_CHOICE
#define H5R_NAMES                                                         H5R_CHOICE
#define H5R_NUMBER(type, field, by_default, least, most, only, help)      H5R_COUNTED(field)
#define H5R_WORDED(type, field, by_default, least, most, only, help, ...) H5R_COUNTED(field)
#define H5R_FACTOR(type, field, by_default, only, help)                   H5R_COUNTED(field)
#include "h5roof/factors.def"
    H5R_FACTORS
};

extern const h5r_factor_t h5r_factor_table[H5R_FACTORS];

/* NULL if there is none of that name. */
const h5r_factor_t *h5r_factor_find(const char *name);

/* Whether a workload looks at a factor. */
bool h5r_factor_concerns(const h5r_factor_t *factor, const char *workload);

void h5r_factors_default(h5r_factors_t *f);

/* Set one factor from text. H5R_USAGE with a message such as
 *   "unknown layout 'chunkd': one of contiguous, chunked, compact; did you mean 'chunked'?" */
h5r_status_t h5r_factor_parse(const h5r_factor_t *factor, const char *text, h5r_factors_t *f,
                              h5r_error_t *err);

/* Canonical text: parsing it gives the same value. "" for dims and text that are not given. Returns buf. */
char *h5r_factor_format(const h5r_factor_t *factor, const h5r_factors_t *f, char *buf, size_t size);

bool h5r_factor_equal(const h5r_factor_t *factor, const h5r_factors_t *a, const h5r_factors_t *b);

/* Identity of a case: FNV-1a over "name=text\n" of all factors that differ from their default, in order of
 * the table; factors added later with a default therefore leave old identities as they are. */
uint64_t h5r_factors_hash(const h5r_factors_t *f);

/* The same with the defaults given, for callers that hash many. */
uint64_t h5r_factors_hash_against(const h5r_factors_t *f, const h5r_factors_t *defaults);

/* Copy the value of one factor. */
void h5r_factor_copy(const h5r_factor_t *factor, h5r_factors_t *to, const h5r_factors_t *from);

/* The type in the file, with "the same as in memory" resolved. */
h5r_dtype_t h5r_factors_file_dtype(const h5r_factors_t *f);

/* True if memory and file differ (another type, or a byte order that is not this machine's), so that
 * something is converted; and if HDF5 does it. */
bool h5r_factors_converts(const h5r_factors_t *f);
bool h5r_factors_hdf5_converts(const h5r_factors_t *f);

/* The type of the elements that are handed to the store: the file's where the program converts. */
h5r_dtype_t h5r_factors_moved_dtype(const h5r_factors_t *f);

typedef struct {
    const char *name;
    int id; /* registered at The HDF Group */
    int least, most, by_default;
    const char *number; /* what it is; NULL: there is none */
    const char *help;
} h5r_filter_info_t;

const h5r_filter_info_t *h5r_filter_info(h5r_filter_kind_t kind);
const char *h5r_filter_name(h5r_filter_kind_t kind);

/* The place of a filter in a pipeline, or -1. */
int h5r_pipeline_find(const h5r_pipeline_t *p, h5r_filter_kind_t kind);

/* Bits of an element that the filter nbit stores; 0: all of its type. */
int h5r_factors_bits(const h5r_factors_t *f);

#endif
