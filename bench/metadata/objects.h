/* What the workload metadata does with its objects, whatever they are: the steps that are timed. */
#ifndef H5ROOF_METADATA_OBJECTS_H
#define H5ROOF_METADATA_OBJECTS_H

#include "bench/metadata/contents.h"
#include "bench/metadata/tree.h"
#include "h5roof/hdf5_file.h"
#include "h5roof/steps.h"

typedef struct {
    uint64_t n, attributes;          /* objects in this rank's file (0: it has none), and of each of them */
    uint64_t parents;                /* groups that hold them */
    char (*path)[H5R_TREE_PATH];     /* [n] */
    char (*parent)[H5R_TREE_PATH];   /* [parents] */
    char (*name)[24];                /* [attributes] */
    h5r_contents_t contents;         /* what an attribute holds, */
    uint64_t each;                   /* how many an object has, or is: 1, */
    uint64_t cells;                  /* and of how many elements all of them are: n x each x elements, */
    char *written, *read;            /* [cells]: as they are to be, and as they were read, */
    char (*text)[H5R_CONTENTS_TEXT]; /* [cells]: those that are texts */
    uint64_t seen, others;           /* of the kind, and groups on the way */
    uint64_t scales, attached;       /* of every dataset, and of all as they were found */
    hid_t scale[H5R_MAX_NDIMS];      /* while they are open */
    h5r_object_kind_t kind;
    H5L_type_t link;           /* what the objects' links are */
    hid_t space, intermediate; /* of datasets; link creation list that makes groups on the way */
    h5r_hdf5_t *h;
    char second[4096];
} h5r_metadata_t;

/* Every step-th object, beginning with the first-th: all of them, and those that delete_half leaves. */
typedef struct {
    uint64_t first, step;
} h5r_objects_t;
static const h5r_objects_t h5r_all_objects = {0, 1}, h5r_kept_objects = {1, 2};

/* An attribute's elements in `written` and `read`. */
static inline size_t h5r_metadata_at(const h5r_metadata_t *m, uint64_t object, uint64_t attribute)
{
    return (size_t)((object * m->each + attribute) * m->contents.elements) * m->contents.size;
}

/* The group that links lead to, in a file that is open. */
herr_t h5r_metadata_target(hid_t file);

/* Open these by their names, and read their attributes. */
h5r_status_t h5r_metadata_open(h5r_rep_t *rep, h5r_objects_t which, h5r_error_t *err);

/* rep->own is a h5r_metadata_t. delete_half takes every other object. */
h5r_step_t h5r_metadata_create, h5r_metadata_open_file, h5r_metadata_open_file_rw, h5r_metadata_close_file,
    h5r_metadata_open_all, h5r_metadata_iterate, h5r_metadata_visit, h5r_metadata_delete_half;

#endif
