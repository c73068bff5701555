/* What the attributes of the workload metadata hold. Local. */
#ifndef H5ROOF_METADATA_CONTENTS_H
#define H5ROOF_METADATA_CONTENTS_H

#include "h5roof/hdf5_file.h"

#define H5R_CONTENTS_TEXT 16 /* bytes of a string, with its end */

typedef struct {
    h5r_attribute_type_t type;
    uint64_t elements;         /* of an attribute */
    size_t size;               /* of an element in memory */
    hid_t file, memory, space; /* types, and the dataspace of an attribute */
} h5r_contents_t;

/* -1: HDF5 failed. Freed all the same. */
herr_t h5r_contents_init(h5r_contents_t *v, const h5r_factors_t *f);
void h5r_contents_free(const h5r_contents_t *v);

/* An element as it is to be written, from its number; strings of variable length refer to `text`. */
void h5r_contents_put(const h5r_contents_t *v, int32_t number, char text[H5R_CONTENTS_TEXT], void *element);

/* Whether two elements are the same; one as text, for messages. Returns text. */
bool h5r_contents_equal(const h5r_contents_t *v, const void *a, const void *b);
const char *h5r_contents_text(const h5r_contents_t *v, const void *element, char text[32]);

/* What HDF5 allocated for n elements that it has read is given back, and they are zeros. */
void h5r_contents_reclaim(const h5r_contents_t *v, void *elements, uint64_t n);

#endif
