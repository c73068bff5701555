/* Symptoms, in the words of people who search, each with the suite that shows it: configs/symptoms/NAME.yaml. Its
 * head, the comment that it opens with, is all that is said about it anywhere. Local. */
#ifndef H5ROOF_SYMPTOMS_H
#define H5ROOF_SYMPTOMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/*
 * The head of such a suite. Its first line is the symptom; then lines `# FIELD: text`, which may go on in further
 * lines of comment. All fields are there.
 *
 * X(field, what it says)
 */
#define SYMPTOM_FIELD_TABLE(X)                                                                               \
    X(words, "what else people call it; `explain` finds it by them")                                         \
    X(cause, "the cause, in two sentences")                                                                  \
    X(cure, "what to do about it, with the factors that do it here")                                         \
    X(bad, "the case and the operation that have the fault")                                                 \
    X(cured, "those that have not, one or several, joined by ';'")                                           \
    X(time, "the column whose medians are compared")                                                         \
    X(proof, "columns whose values prove the cause, joined by ','")                                          \
    X(note, "the note that names the cause, in the bad case only")

typedef enum {
#define X(field, help) SYMPTOM_##field,
    SYMPTOM_FIELD_TABLE(X)
#undef X
        SYMPTOM_FIELDS
} symptom_field_t;

typedef struct {
    const char *name;                  /* as `run` takes it: symptoms/column */
    const char *title;                 /* what people say */
    const char *field[SYMPTOM_FIELDS]; /* "": it has none */
} symptom_t;

extern const char *const symptom_field_names[SYMPTOM_FIELDS];

/* Symptom i in alphabetical order of the names; NULL past the end, or where no suites are. The texts stay. */
const symptom_t *symptoms_at(size_t i);

/* How many of the words of a question a symptom is found by, be it that one begins with the other: `appends`
 * with `append`. *words: how many of them say something; articles and the like do not. */
size_t symptoms_match(const symptom_t *symptom, const char *question, size_t *words);

/* What `explain` says of it after its title. */
void symptoms_explain(const symptom_t *symptom, FILE *out);

/* All of them, for programs. False: no memory. */
bool symptoms_print_json(void);

#endif
