/*
 * Notes: what is noteworthy about a case, in plain words, decided in one place from its summary. A table of
 * (name, predicate and sentence, explanation). Local.
 */
#ifndef H5ROOF_NOTE_H
#define H5ROOF_NOTE_H

#include "core/table/result.h"

#include <stdio.h>

typedef enum {
    H5R_ABOUT_CAUSE, /* why it took so long, or what is larger or less than was asked for */
    H5R_ABOUT_TRUST, /* whether the number can be trusted */
    H5R_ABOUT_FACT
} h5r_about_t;

typedef struct {
    const char *name; /* as `explain NAME` takes it */
    h5r_about_t about;
    /* Writes one short clause to out and returns true if the note applies. */
    bool (*say)(const h5r_result_t *r, FILE *out);
    const char *meaning;
    const char *inferred; /* from what, with the bounds */
    const char *remedy;   /* which factor to try, or what else to do */
} h5r_note_t;

extern const h5r_note_t h5r_note_table[];
extern const size_t h5r_note_count;

/* Visit the notes that apply to a result, in the order of the table. text is valid during the visit only.
 * Returns how many. */
int h5r_notes_each(const h5r_result_t *r,
                   void (*visit)(const h5r_note_t *note, const char *text, void *context), void *context);

/* All notes of a result, joined by "; ". Returns how many. */
int h5r_notes_write(const h5r_result_t *r, FILE *out);

#endif
