/* Words that are no name of anything in the program: of the tables that are shown, and those that users
 * bring. */
#ifndef H5ROOF_GLOSSARY_H
#define H5ROOF_GLOSSARY_H

#include <stddef.h>

typedef struct {
    const char *word; /* looked up without regard to case */
    const char *meaning;
    const char *see; /* joined by ", ": names that `explain` knows, and pages of docs/ */
} glossary_t;

extern const glossary_t glossary[];
extern const size_t glossary_count;

#endif
