/*
 * What makes a directory that of a run, for the files scratch_*.c: its name, which ends in the run's id, and a
 * marker in it that holds the same id. Local, and safe to call at any time from any thread.
 */
#ifndef H5ROOF_SCRATCH_PART_H
#define H5ROOF_SCRATCH_PART_H

#include "engine/survive/scratch.h"

#include <sys/stat.h>

#define H5R_SCRATCH_PREFIX "h5roof-"
#define H5R_SCRATCH_TAKEN  ".ended" /* behind the name of what is being removed */
#define H5R_SCRATCH_MARKER "h5roof.run"

#define H5R_RUN_ID_LENGTH 21 /* of 20261122T101112Z-1a2b */
#define H5R_WHY_SIZE      128

/* Whose a directory is: of the process that made it, in the terms of its node's kernel. */
typedef struct {
    char run_id[40];
    char node[256];
    char boot[64]; /* of the kernel; "-": not known */
    char pids[64]; /* the namespace of its process ids; "-": not known */
    long pid;
    unsigned long long start; /* of the process, in clock ticks after boot; 0: not known */
    int keep;                 /* what is in it was asked for with --keep */
} h5r_marker_t;

/* The marker of this process. */
void h5r_marker_here(const char *run_id, bool keep, h5r_marker_t *m);

/* Into an open directory that has none. False, with errno: nothing is left. */
bool h5r_marker_write(int dir, const h5r_marker_t *m);

/* From an open directory; st: of the file. NULL, or why there is none. */
const char *h5r_marker_read(int dir, h5r_marker_t *m, struct stat *st);

/* Of the process that the marker tells of; H5R_LEFT_UNKNOWN never. */
h5r_left_state_t h5r_marker_state(const h5r_marker_t *m);

/* Whether a name is that of a run's directory, also of one that is being removed; it begins with the id. */
bool h5r_scratch_is_name(const char *name, char run_id[H5R_RUN_ID_LENGTH + 1]);

/* Whether a name is one that the run, its HDF5 or its MPI gives to files in its directory. */
bool h5r_scratch_is_file(const char *name, const char *run_id);

/* A run's directory, open. */
typedef struct {
    int parent, dir;
    char name[NAME_MAX + 1]; /* in its parent */
    h5r_marker_t marker;
    dev_t files_dev; /* the file system of its files: a stacked one tells another for directories */
    uid_t owner;
} h5r_run_dir_t;

/*
 * Open the directory at an absolute path and see that it is a run's: name and marker agree, marker and
 * directory have one owner, no symbolic link and no mount point is in between. False: it is not, and nothing
 * is open; why is "" if nothing is there.
 */
bool h5r_run_dir_open(const char *path, h5r_run_dir_t *d, char why[H5R_WHY_SIZE]);
void h5r_run_dir_close(h5r_run_dir_t *d);

/* Whether a file in it is the run's: a plain one of the same owner in the same file system, under a name that
 * h5r_scratch_is_file knows. st: of the file, if it is there. */
bool h5r_run_dir_owns(const h5r_run_dir_t *d, const char *name, struct stat *st);

#endif
