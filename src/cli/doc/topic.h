/* What list and explain know: topics, each a list of names with a line and a longer text, all made from the
 * tables of the program. */
#ifndef H5ROOF_TOPIC_H
#define H5ROOF_TOPIC_H

#include <stddef.h>
#include <stdio.h>

typedef struct {
    const char *name; /* as `list` takes it: "drivers" */
    const char *one;  /* "driver" */
    size_t (*count)(void);
    const char *(*name_of)(size_t i);
    const char *(*summary)(size_t i);     /* one line, or cut by list */
    void (*explain)(size_t i, FILE *out); /* NULL: the summary is all */
} topic_t;

extern const topic_t topics[];
extern const size_t topic_count;

#endif
