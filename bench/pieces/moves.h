/* How the workload pieces moves what is a rank's: the steps that are timed, for each value of pieces_as. */
#ifndef H5ROOF_PIECES_MOVES_H
#define H5ROOF_PIECES_MOVES_H

#include "bench/pieces/division.h"
#include "h5roof/hdf5_file.h"
#include "h5roof/steps.h"

/* What a rank moves in an operation. */
typedef struct {
    h5r_run_t *run;        /* [all]: in the file's order; as it is, a rank's part of the index */
    uint64_t rows, before; /* of this rank; of the ranks before it */
    h5r_ops_t calls;
} h5r_pieces_way_t;

typedef struct {
    h5r_division_t division;
    h5r_pieces_as_t as;
    uint64_t row_elements;
    uint64_t made;                  /* pieces that are moved: all, unless they are bounded */
    h5r_pieces_way_t way[H5R_WAYS]; /* by h5r_way_t */
    h5r_run_t *index;               /* as it was read */
    hid_t memory, file;             /* of the union */
    hid_t index_memory, index_file, index_dataset;
} h5r_pieces_t;

/* Of the part that is moved now. */
h5r_pieces_way_t *h5r_pieces_way(const h5r_rep_t *rep);

/* rep->own is a h5r_pieces_t. A call for each piece; one call for their union; packed: one block of each rank,
 * and an index beside it. */
h5r_step_t h5r_pieces_write_single, h5r_pieces_read_single;
h5r_step_t h5r_pieces_select_union, h5r_pieces_write_union, h5r_pieces_read_union, h5r_pieces_close_union;
h5r_step_t h5r_pieces_create_packed, h5r_pieces_open_packed, h5r_pieces_select_packed,
    h5r_pieces_write_packed, h5r_pieces_read_packed, h5r_pieces_close_packed;

#endif
