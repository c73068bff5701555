#include "engine/survive/scratch_part.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* The path is absolute: OMPIO refuses short relative names, and the directory must not depend on the cwd. */
bool h5r_scratch_name(const char *dir, const char *run_id, char path[PATH_MAX])
{
    char absolute[PATH_MAX];
    if (realpath(dir, absolute) == NULL) {
        path[0] = '\0';
        return false;
    }
    int n = snprintf(path, PATH_MAX, "%s/" H5R_SCRATCH_PREFIX "%s", absolute, run_id);
    if (n < 0 || n >= PATH_MAX - 64) {
        errno = ENAMETOOLONG;
        return false;
    }
    return true;
}

/* With its marker, or not at all; errno. */
static bool make_marked(const char *path, const char *run_id, bool keep)
{
    h5r_marker_t marker;
    if (mkdir(path, 0777) != 0) {
        return false;
    }
    h5r_marker_here(run_id, keep, &marker);
    int dir = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    bool marked = dir >= 0 && h5r_marker_write(dir, &marker);
    int code = errno;
    if (dir >= 0) {
        close(dir);
    }
    if (!marked) {
        rmdir(path);
        errno = code;
    }
    return marked;
}

static h5r_status_t make_directory(const char *dir, const char *run_id, bool keep, char path[PATH_MAX],
                                   h5r_error_t *err)
{
    struct stat st;
    bool named = h5r_scratch_name(dir, run_id, path);
    if (!named && errno != ENAMETOOLONG) {
        int code = errno;
        return h5r_fail(err, H5R_ENV,
                        "scratch directory '%s': %s; name an existing directory of the file system under "
                        "test with --scratch DIR, scratch: in the suite or H5ROOF_SCRATCH",
                        dir, strerror(code));
    }
    if (stat(dir, &st) != 0 || !S_ISDIR(st.st_mode)) {
        return h5r_fail(err, H5R_ENV, "scratch directory '%s' is not a directory", dir);
    }
    if (!named) {
        return h5r_fail(err, H5R_ENV, "the path of scratch directory '%s' is too long", dir);
    }
    if (!make_marked(path, run_id, keep)) {
        int code = errno;
        return h5r_fail(err, H5R_ENV,
                        "scratch directory '%s' cannot be written: %s; choose another one with --scratch DIR",
                        dir, strerror(code));
    }
    return H5R_OK;
}

/* A file of rank 0 that every rank must see, and a file of this rank: the same name elsewhere would not do.
 */
static h5r_status_t check_directory(const h5r_context_t *ctx, uint64_t inode, h5r_error_t *err)
{
    char path[PATH_MAX];
    struct stat st;
    if (stat(ctx->scratch_dir, &st) != 0 || st.st_ino != inode) {
        return h5r_fail(err, H5R_ENV,
                        "this rank does not see %s, which rank 0 made: the scratch directory must be on a "
                        "file system that all nodes share",
                        ctx->scratch_dir);
    }
    snprintf(path, sizeof path, "%.*s/probe.%06d", PATH_MAX - 32, ctx->scratch_dir, ctx->rank);
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0) {
        int code = errno;
        return h5r_fail(err, H5R_ENV, "cannot create a file in %s: %s", ctx->scratch_dir, strerror(code));
    }
    close(fd);
    unlink(path);
    return H5R_OK;
}

h5r_status_t h5r_scratch_make(h5r_context_t *ctx, const char *dir, const char *run_id, h5r_error_t *err)
{
    if (make_directory(dir, run_id, ctx->keep, ctx->scratch_dir, err) != H5R_OK) {
        ctx->scratch_dir[0] = '\0'; /* whatever has that name is not ours to remove */
    }
    return err->code;
}

h5r_status_t h5r_scratch_share(h5r_context_t *ctx, h5r_scratch_say_t *say, h5r_error_t *err)
{
    uint64_t inode = 0;
    struct stat st;
    if (ctx->rank == 0 && stat(ctx->scratch_dir, &st) == 0) {
        inode = st.st_ino;
    }
    if (h5r_agree(ctx, err) != H5R_OK) {
        return err->code;
    }
    MPI_Bcast(ctx->scratch_dir, PATH_MAX, MPI_CHAR, 0, ctx->comm);
    MPI_Bcast(&inode, 1, MPI_UINT64_T, 0, ctx->comm);
    check_directory(ctx, inode, err);
    if (h5r_agree(ctx, err) != H5R_OK && ctx->rank == 0) {
        h5r_scratch_remove(ctx->scratch_dir, say);
    }
    return err->code;
}

const char *h5r_scratch_tag(const char *scratch_dir)
{
    const char *dash = strrchr(scratch_dir, '-'); /* of run_id */
    return dash != NULL ? dash + 1 : "run";
}

bool h5r_scratch_free_bytes(const char *dir, uint64_t *bytes)
{
    struct statvfs fs;
    if (statvfs(dir, &fs) != 0) {
        return false;
    }
    *bytes = (uint64_t)fs.f_bavail * fs.f_frsize;
    return true;
}
