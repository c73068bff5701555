/* What list and explain know: topics, each a list of names with a line and a longer text, all made from the
 * tables of the program. */
#ifndef H5ROOF_TOPIC_H
#define H5ROOF_TOPIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

typedef struct {
    const char *name;
    const char *summary; /* one line, or cut by list */
} topic_item_t;

typedef struct {
    const char *name;                         /* as `list` takes it: "drivers" */
    const char *one;                          /* "driver" */
    bool (*at)(size_t i, topic_item_t *item); /* false: there are not so many */
    void (*explain)(size_t i, FILE *out);     /* NULL: the summary is all */
} topic_t;

extern const topic_t topics[];
extern const size_t topic_count;

/* Local: how many names a topic has. */
size_t topic_size(const topic_t *topic);

#endif
