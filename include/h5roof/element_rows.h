/*
 * Datasets with elements of other types than numbers. They can be rows: the last dimension of the case's shape lies
 * within an element (fields of a record, characters of a string), so that memory, shares, bytes and roofs are those of
 * plain numbers of this shape.
 */
#ifndef H5ROOF_ELEMENT_ROWS_H
#define H5ROOF_ELEMENT_ROWS_H

#include "h5roof/hdf5_file.h"
#include "h5roof/steps.h"

/* Numbers of an element. */
uint64_t h5r_rows_length(const h5r_factors_t *f);

/* Whether shares and calls are of whole rows; else the reason, in which `what` is such an element: "a record". */
bool h5r_rows_allowed(const h5r_factors_t *f, int nranks, const char *what, char *reason, size_t size);

/* Local. What the stores of the case have of HDF5, of the first part that this rank has a file for; NULL: of none. */
const h5r_hdf5_t *h5r_rows_hdf5(const h5r_rep_t *rep);

/* Local: from here on the elements of the stores' datasets are of these types; as rows, with one dimension less, which
 * holds for all that is made with their creation lists. */
h5r_status_t h5r_rows_use(const h5r_rep_t *rep, hid_t file_type, hid_t memory_type, bool rows,
                          h5r_error_t *err);

/* The calls of rep->part, where a row takes so many bytes of memory, from its begin on. */
h5r_status_t h5r_rows_write(const h5r_rep_t *rep, const char *from, size_t row_bytes, h5r_error_t *err);
h5r_status_t h5r_rows_read(const h5r_rep_t *rep, char *to, size_t row_bytes, h5r_error_t *err);

#endif
