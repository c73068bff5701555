/*
 * The directory under test: checks before the first case, the run's own subdirectory, and its removal.
 *
 * Only what a run made is ever removed, whoever removes it: the run at its end, a signal, an abort, a later
 * run, `h5roof clean`. A directory is a run's if its name ends in the run's id and a marker in it, made with
 * it, holds the same id and has the same owner; if no symbolic link leads to it and no other file system is
 * mounted there. A file in it is the run's if it is a plain file of that owner and file system under a name that
 * a run gives. All else stays, so that the directory stays too, and is told.
 */
#ifndef H5ROOF_SCRATCH_H
#define H5ROOF_SCRATCH_H

#include "engine/ranks/context.h"

/* Is told what stays, and why. */
typedef void h5r_scratch_say_t(const char *text);

/* Local, on rank 0: make ctx->scratch_dir = DIR/h5roof-RUN_ID with its marker. H5R_ENV: DIR is missing, is no
 * directory or is read-only; then ctx->scratch_dir is "". */
h5r_status_t h5r_scratch_make(h5r_context_t *ctx, const char *dir, const char *run_id, h5r_error_t *err);

/* Collective: rank 0's directory, or its error of making it, becomes that of all, and every rank sees that it
 * can create a file in it. H5R_ENV: it cannot, or the directory is not the same for all ranks; then it is
 * removed again. */
h5r_status_t h5r_scratch_share(h5r_context_t *ctx, h5r_scratch_say_t *say, h5r_error_t *err);

/* Local: the path of the directory that a run in dir makes. False, with errno: dir is missing, or the path is
 * too long. */
bool h5r_scratch_name(const char *dir, const char *run_id, char path[PATH_MAX]);

/*
 * Local, and safe to call at any time from any thread: give a run's directory another name, so that of
 * several ranks and threads that want to end the run one is the first. False: another one was. What is not the
 * run's any more keeps its name, which is then the one in `taken`: h5r_scratch_remove tells why it stays.
 */
bool h5r_scratch_take(const char *scratch_dir, char taken[PATH_MAX]);

/* Local, and safe to call at any time from any thread: remove the directory of this run and its files. */
void h5r_scratch_remove(const char *scratch_dir, h5r_scratch_say_t *say);

/* Local: remove what another run left, by a path from wherever: only if it belongs to this user and the run is
 * not known to be alive. False: it stays, which was told. */
bool h5r_scratch_remove_left(const char *path, h5r_scratch_say_t *say);

/* Local: the same for a directory whose name h5r_scratch_name had given, also if its removal had begun. */
void h5r_scratch_remove_leftover(const char *scratch_dir, h5r_scratch_say_t *say);

/* What became of the run that left a directory; X(symbol, name, meaning). */
#define H5R_LEFT_STATE_TABLE(X)                                                                              \
    X(H5R_LEFT_ALIVE, "alive", "the run goes on")                                                            \
    X(H5R_LEFT_DEAD, "dead", "its first process, on this node, has ended")                                   \
    X(H5R_LEFT_ELSEWHERE, "elsewhere", "only another node, container or boot could tell")                    \
    X(H5R_LEFT_KEPT, "kept", "the data of a run with --keep")                                                \
    X(H5R_LEFT_UNKNOWN, "unknown", "not known to be a run's, or another user's: never removed")

typedef enum {
#define X(symbol, name, meaning) symbol,
    H5R_LEFT_STATE_TABLE(X)
#undef X
} h5r_left_state_t;

extern const char *const h5r_left_state_names[];

typedef struct {
    char path[PATH_MAX];
    char run_id[40];
    h5r_left_state_t state;
    double unchanged_s; /* since the last change of the directory or of one of its files */
    uint64_t bytes;     /* of the run's files in it */
    char why[128];      /* unknown: why; else: which node it is of */
} h5r_left_t;

/* Local: all directories in dir that have the name of a run's, sorted; free *left, also after an error.
 * H5R_ENV: dir cannot be read. */
h5r_status_t h5r_scratch_list(const char *dir, h5r_left_t **left, size_t *n, h5r_error_t *err);

/* Local: how much lies in dir of runs that have died; of other nodes, where nothing has changed for a day.
 * False: nothing. */
bool h5r_scratch_left_by_dead(const char *dir, size_t *n, uint64_t *bytes);

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
