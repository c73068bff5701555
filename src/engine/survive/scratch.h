/* The directory under test: checks before the first case, the run's own subdirectory, and its removal. */
#ifndef H5ROOF_SCRATCH_H
#define H5ROOF_SCRATCH_H

#include "engine/ranks/context.h"

/* Local, on rank 0: make ctx->scratch_dir = DIR/h5roof-RUN_ID. H5R_ENV: DIR is missing, is no directory or
 * is read-only; then ctx->scratch_dir is "". */
h5r_status_t h5r_scratch_make(h5r_context_t *ctx, const char *dir, const char *run_id, h5r_error_t *err);

/* Collective: rank 0's directory, or its error of making it, becomes that of all, and every rank sees that it
 * can create a file in it. H5R_ENV: it cannot, or the directory is not the same for all ranks; then it is
 * removed again. */
h5r_status_t h5r_scratch_share(h5r_context_t *ctx, h5r_error_t *err);

/* Local: the path of the directory that a run in dir makes. False, with errno: dir is missing, or the path is
 * too long. */
bool h5r_scratch_name(const char *dir, const char *run_id, char path[PATH_MAX]);

/* Local: what a process that died left, by the path that h5r_scratch_name had given it. Any other path is
 * left alone. */
void h5r_scratch_remove_leftover(const char *scratch_dir);

/* Local, and safe to call at any time from any thread: give a run's directory another name, so that of
 * several ranks and threads that want to end the run one is the first. False: another one was, or the
 * directory is gone. */
bool h5r_scratch_take(const char *scratch_dir, char taken[PATH_MAX]);

/* Local, and safe to call at any time from any thread: remove a run's directory and all files in it. Best
 * effort. */
void h5r_scratch_remove(const char *scratch_dir);

/*
 * Local: a few characters that differ from run to run, for the names of files that MPI opens. OMPIO of Open
 * MPI 4.1 has a semaphore on the node for every file, called by the file's last name: one that a killed rank
 * held is there for ever, and every later open of that name hangs.
 */
const char *h5r_scratch_tag(const char *scratch_dir);

/* Local: bytes that an unprivileged user may still write in the file system of dir. False: cannot be asked.
 */
bool h5r_scratch_free_bytes(const char *dir, uint64_t *bytes);

#endif
