/*
 * The predicates behind the table of src/core/notes/notes.def, a file for each theme (note_THEME.c). For these files
 * only. What an operation does they ask of its direction, never of its name. Each is h5r_note_t.say.
 */
#ifndef H5ROOF_NOTE_SAY_H
#define H5ROOF_NOTE_SAY_H

#include "core/notes/note.h"

typedef bool h5r_note_say_t(const h5r_result_t *r, FILE *out);

#define H5R_NOTE(name, meaning, inferred, remedy) h5r_note_say_t h5r_say_##name;
#include "core/notes/notes.def"

/* ---- what several themes ask */

/* An operation that only writes, or only reads; one that does both, or nothing, is neither. */
bool h5r_note_is_write(const h5r_result_t *r);
bool h5r_note_is_read(const h5r_result_t *r);

/* There are enough times to speak of a median, and most of them are long enough to say something. */
bool h5r_note_is_timed(const h5r_result_t *r);

/* Many ranks and one file. */
bool h5r_note_is_shared(const h5r_result_t *r);

/* All elements of the case's datasets were moved: their geometry tells what happened. */
bool h5r_note_is_whole(const h5r_result_t *r);

/* The program transfers whole shares where it wants parts of them, and picks (mask_as rmw). */
bool h5r_note_moves_shares(const h5r_result_t *r);

/* Fields of records are moved one by one: the others lie between them (record). */
bool h5r_note_picks_fields(const h5r_result_t *r);

/* Elements have no fixed length: the dataset refers to objects in a heap of the file (element). */
bool h5r_note_refers(const h5r_result_t *r);

/* Requests to the kernel, of the way in which the operation moves its payload; count 0: none, or not known.
 */
typedef struct {
    uint64_t count;
    double mean_bytes;
} h5r_requests_t;
h5r_requests_t h5r_note_requests(const h5r_result_t *r);

/* Small pieces of a contiguous dataset go through HDF5's sieve buffer, with a serial driver: requests are as
 * large as that, on average, or not much smaller. */
bool h5r_note_is_buffered(const h5r_result_t *r, uint64_t bytes, uint64_t count);

/* The note unaggregated applies. */
bool h5r_note_is_unaggregated(const h5r_result_t *r);

/* Bytes of a chunk in the file, without filters. */
uint64_t h5r_note_chunk_bytes(const h5r_factors_t *f);

/* Bytes of the payload in the type of the file, all ranks. */
double h5r_note_file_bytes(const h5r_result_t *r);

#define H5R_NOTE_AMPLIFIED 1.25 /* times the bytes that had to be moved: worth a word */

/* Bytes that every file costs whatever is in it: fewer are not worth a word. */
double h5r_note_overhead(const h5r_result_t *r);

/* Bytes in the file of all datasets of the case; what had to be moved, the payload as it is stored (NaN: not
 * known), and what to call that; what the kernel was asked for, or else MPI-IO (NaN: not known); bytes of
 * edge chunks outside the dataset. */
double h5r_note_dataset_bytes(const h5r_row_t *row);
double h5r_note_needed_bytes(const h5r_result_t *r);
const char *h5r_note_needed_words(const h5r_result_t *r);
double h5r_note_moved_bytes(uint64_t os, uint64_t mpiio);
double h5r_note_edge_bytes(const h5r_row_t *row);

/* Median of a phase over median of the operation; 0 if the phase did not happen. */
double h5r_note_phase_share(const h5r_result_t *r, h5r_phase_t phase);

#endif
