/*
 * The predicates behind the table of src/core/note.c, by theme: trust in the number (note_trust.c), mode and
 * pattern of the transfers (note_mode.c), bytes moved (note_bytes.c), where the time went (note_time.c). For
 * these files only. Each is h5r_note_t.say.
 */
#ifndef H5ROOF_NOTE_SAY_H
#define H5ROOF_NOTE_SAY_H

#include "core/note.h"

typedef bool h5r_note_say_t(const h5r_result_t *r, FILE *out);

h5r_note_say_t h5r_say_mismatch, h5r_say_short, h5r_say_above_roof, h5r_say_few, h5r_say_noisy,
    h5r_say_outliers, h5r_say_skewed, h5r_say_bounded, h5r_say_unverified, h5r_say_cached, h5r_say_volatile;
h5r_note_say_t h5r_say_independent, h5r_say_claimed, h5r_say_unaggregated, h5r_say_unaligned,
    h5r_say_shared_chunks;
h5r_note_say_t h5r_say_amplified, h5r_say_modified, h5r_say_reread, h5r_say_ratio;
h5r_note_say_t h5r_say_slow_rank, h5r_say_filling, h5r_say_closing, h5r_say_conversion, h5r_say_binds,
    h5r_say_element_wise;

h5r_note_say_t h5r_say_allocated_early, h5r_say_damage;

h5r_note_say_t h5r_say_shared_roof;

/* ---- what several themes ask */

/* An operation that only writes, or only reads; others are neither. */
bool h5r_note_is_write(const h5r_result_t *r);
bool h5r_note_is_read(const h5r_result_t *r);

/* There are enough times to speak of a median, and most of them are long enough to say something. */
bool h5r_note_is_timed(const h5r_result_t *r);

/* Bytes of the payload in the type of the file, all ranks. */
double h5r_note_file_bytes(const h5r_result_t *r);

/* Median of a phase over median of the operation; 0 if the phase did not happen. */
double h5r_note_phase_share(const h5r_result_t *r, h5r_phase_t phase);

#endif
