/*
 * A shared file that rank 0 writes alone, as a plain file through the driver sec2, because HDF5 does not write what it
 * has to through MPI-IO. All ranks call each function; the others do nothing.
 */
#ifndef H5ROOF_TYPES_ONE_WRITER_H
#define H5ROOF_TYPES_ONE_WRITER_H

#include "h5roof/hdf5_file.h"

typedef struct {
    hid_t access, file, dataset, space; /* -1: none */
} h5r_one_writer_t;

#define H5R_ONE_WRITER_NONE ((h5r_one_writer_t){-1, -1, -1, -1})

/* On rank 0 only: the list with which the file is made. Released on all. */
h5r_status_t h5r_one_writer_prepare(h5r_one_writer_t *w, const h5r_rep_t *rep, h5r_error_t *err);
void h5r_one_writer_release(const h5r_one_writer_t *w);

/* File and dataset, of the types and lists of the store; all of it; to durable storage; closed. */
h5r_status_t h5r_one_writer_create(h5r_one_writer_t *w, const h5r_rep_t *rep, h5r_error_t *err);
h5r_status_t h5r_one_writer_write(const h5r_one_writer_t *w, const h5r_rep_t *rep, const void *from,
                                  h5r_error_t *err);
h5r_status_t h5r_one_writer_flush(const h5r_one_writer_t *w, const h5r_rep_t *rep, h5r_error_t *err);
h5r_status_t h5r_one_writer_close(const h5r_one_writer_t *w, const h5r_rep_t *rep, h5r_error_t *err);

#endif
