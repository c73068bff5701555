/* The program described by its own tables, in the forms that others read: man, bash, zsh, Markdown. Local. */
#ifndef H5ROOF_DOC_H
#define H5ROOF_DOC_H

#include <stdio.h>

/* What a word in capitals of the help stands for, so that a shell can complete it. */
typedef enum {
    DOC_NOTHING,
    DOC_DIRECTORY,
    DOC_FILE,
    DOC_SUITE,   /* a .yaml file, or a suite that comes with the program */
    DOC_TOPIC,   /* of `list` */
    DOC_NAME,    /* of anything that is listed */
    DOC_SETTING, /* KEY=VALUE of a factor or setting */
} doc_kind_t;

doc_kind_t doc_kind_of(const char *placeholder);

void doc_man(FILE *out);
void doc_bash(FILE *out);
void doc_zsh(FILE *out);
void doc_reference(FILE *out); /* docs/reference.md */
void doc_symptoms(FILE *out);  /* docs/symptoms.md, without its figures */

#endif
