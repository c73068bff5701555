#include "core/notes/note.h"

#include "core/notes/note_say.h"
#include "h5roof/count.h"
#include "h5roof/reading.h"

#include <stdlib.h>

const h5r_note_t h5r_note_table[] = {
#define NOTE(name, about, meaning, inferred, remedy)                                                         \
    {#name, about, h5r_say_##name, meaning, inferred, remedy},
#define H5R_NOTE(name, ...)       NOTE(name, H5R_ABOUT_CAUSE, __VA_ARGS__)
#define H5R_TRUST_NOTE(name, ...) NOTE(name, H5R_ABOUT_TRUST, __VA_ARGS__)
#define H5R_FACT_NOTE(name, ...)  NOTE(name, H5R_ABOUT_FACT, __VA_ARGS__)
#include "core/notes/notes.def"
};

const size_t h5r_note_count = H5R_COUNT_OF(h5r_note_table);

/* What notes say of a read they say of the factors by which it was made. */
static h5r_result_t as_moved(const h5r_result_t *r)
{
    h5r_result_t moved = *r;
    if (r->last.direction == H5R_MOVES_IN) {
        moved.last.factors = h5r_factors_as_read(&r->last.factors);
    }
    return moved;
}

int h5r_notes_each(const h5r_result_t *result, void (*visit)(const h5r_note_t *, const char *, void *),
                   void *context)
{
    const h5r_result_t moved = as_moved(result), *r = &moved;
    int notes = 0;
    for (size_t i = 0; i < h5r_note_count; i++) {
        char *text = NULL; /* a note decides and speaks at once: into memory */
        size_t size = 0;
        FILE *memory = open_memstream(&text, &size);
        if (memory == NULL) {
            break;
        }
        bool applies = h5r_note_table[i].say(r, memory);
        if (fclose(memory) == 0 && applies) {
            visit(&h5r_note_table[i], text, context);
            notes++;
        }
        free(text);
    }
    return notes;
}

typedef struct {
    FILE *out;
    bool again;
} joined_t;

static void join(const h5r_note_t *note, const char *text, void *context)
{
    joined_t *joined = context;
    (void)note;
    fprintf(joined->out, "%s%s", joined->again ? "; " : "", text);
    joined->again = true;
}

int h5r_notes_write(const h5r_result_t *r, FILE *out)
{
    return h5r_notes_each(r, join, &(joined_t){out, false});
}
