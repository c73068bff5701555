/* What a run made is removed, and nothing else: see the rules in scratch.h. */
#include "engine/survive/scratch_part.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What stays, for the message: the first names, and how many there are. */
typedef struct {
    char names[256];
    size_t n;
} stay_t;

#define NAMED 3

static void note(stay_t *stay, const char *name)
{
    size_t used = strlen(stay->names);
    if (stay->n < NAMED && used < sizeof stay->names) {
        snprintf(stay->names + used, sizeof stay->names - used, "%s'%.60s'", stay->n > 0 ? ", " : "", name);
    }
    stay->n++;
}

/* ---- is it a run's directory? */

/* The parent, if no link leads to it, and the name in it. */
static bool open_parent(const char *path, h5r_run_dir_t *d, char why[H5R_WHY_SIZE])
{
    char parent[PATH_MAX], real[PATH_MAX], run_id[H5R_RUN_ID_LENGTH + 1];
    const char *slash = strrchr(path, '/');
    if (path[0] != '/' || strlen(path) >= PATH_MAX || !h5r_scratch_is_name(slash + 1, run_id)) {
        snprintf(why, H5R_WHY_SIZE, "its name is not that of a run's directory");
        return false;
    }
    snprintf(d->name, sizeof d->name, "%s", slash + 1);
    snprintf(parent, sizeof parent, "%.*s", slash == path ? 1 : (int)(slash - path), path);
    const bool found = realpath(parent, real) != NULL, direct = found && strcmp(parent, real) == 0;
    d->parent = direct ? open(parent, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
    if (d->parent < 0 && (found || (errno != ENOENT && errno != ENOTDIR))) {
        int code = errno;
        snprintf(why, H5R_WHY_SIZE, "%s", found && !direct ? "a symbolic link leads to it" : strerror(code));
    }
    return d->parent >= 0;
}

/* The reason against it, or NULL. */
static const char *examine(h5r_run_dir_t *d)
{
    struct stat parent, dir, marker;
    char run_id[H5R_RUN_ID_LENGTH + 1];
    const char *why = h5r_marker_read(d->dir, &d->marker, &marker);
    if (why != NULL) {
        return why;
    }
    if (!h5r_scratch_is_name(d->name, run_id) || strcmp(run_id, d->marker.run_id) != 0) {
        return "its marker is of another run than its name";
    }
    if (fstat(d->parent, &parent) != 0 || fstat(d->dir, &dir) != 0) {
        return "it cannot be looked at";
    }
    if (dir.st_dev != parent.st_dev) {
        return "another file system is mounted there";
    }
    d->owner = dir.st_uid;
    d->files_dev = marker.st_dev;
    return marker.st_uid == dir.st_uid ? NULL : "its marker belongs to another user than the directory";
}

bool h5r_run_dir_open(const char *path, h5r_run_dir_t *d, char why[H5R_WHY_SIZE])
{
    *d = (h5r_run_dir_t){.parent = -1, .dir = -1};
    why[0] = '\0';
    if (!open_parent(path, d, why)) {
        h5r_run_dir_close(d);
        return false;
    }
    d->dir = openat(d->parent, d->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (d->dir < 0 && errno != ENOENT) {
        int code = errno;
        snprintf(why, H5R_WHY_SIZE, "%s",
                 code == ENOTDIR || code == ELOOP ? "it is no directory" : strerror(code));
    }
    const char *reason = d->dir >= 0 ? examine(d) : NULL;
    if (reason != NULL) {
        snprintf(why, H5R_WHY_SIZE, "%s", reason);
    }
    if (d->dir < 0 || reason != NULL) {
        h5r_run_dir_close(d);
        return false;
    }
    return true;
}

void h5r_run_dir_close(h5r_run_dir_t *d)
{
    if (d->dir >= 0) {
        close(d->dir);
    }
    if (d->parent >= 0) {
        close(d->parent);
    }
    d->dir = d->parent = -1;
}

bool h5r_run_dir_owns(const h5r_run_dir_t *d, const char *name, struct stat *st)
{
    return fstatat(d->dir, name, st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st->st_mode) &&
           st->st_dev == d->files_dev && st->st_uid == d->owner &&
           h5r_scratch_is_file(name, d->marker.run_id);
}

/* ---- removal */

/* Returns how many files were removed; what is not the run's is noted. */
static size_t sweep(const h5r_run_dir_t *d, DIR *stream, stay_t *stay)
{
    size_t removed = 0;
    struct stat st;
    *stay = (stay_t){.n = 0};
    rewinddir(stream);
    for (const struct dirent *e = readdir(stream); e != NULL; e = readdir(stream)) {
        const char *name = e->d_name;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strcmp(name, H5R_SCRATCH_MARKER) == 0) {
            continue;
        }
        errno = 0;
        if (h5r_run_dir_owns(d, name, &st) && unlinkat(d->dir, name, 0) == 0) {
            removed++;
        } else if (errno != ENOENT) {
            note(stay, name);
        }
    }
    return removed;
}

/* Until nothing more is found: a file system may hide names from a listing during which others vanish. */
static bool remove_files(const h5r_run_dir_t *d, stay_t *stay)
{
    int fd = openat(d->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *stream = fd >= 0 ? fdopendir(fd) : NULL;
    if (stream == NULL) {
        if (fd >= 0) {
            close(fd);
        }
        return false;
    }
    while (sweep(d, stream, stay) > 0) {
    }
    closedir(stream);
    return true;
}

/* The marker goes last, and comes back where the directory cannot go: without one nobody may remove it. */
static bool remove_directory(const h5r_run_dir_t *d)
{
    if (unlinkat(d->dir, H5R_SCRATCH_MARKER, 0) != 0) {
        return false;
    }
    if (unlinkat(d->parent, d->name, AT_REMOVEDIR) != 0 && errno != ENOENT) {
        int code = errno;
        h5r_marker_write(d->dir, &d->marker);
        errno = code;
        return false;
    }
    return true;
}

static bool remove_checked(const char *path, const h5r_run_dir_t *d, h5r_scratch_say_t *say)
{
    stay_t stay;
    char text[PATH_MAX + 512];
    if (!remove_files(d, &stay)) {
        snprintf(text, sizeof text, "%s stays: it cannot be read: %s", path, strerror(errno));
    } else if (stay.n > 0) {
        char more[32] = "";
        if (stay.n > NAMED) {
            snprintf(more, sizeof more, " and %zu more", stay.n - NAMED);
        }
        snprintf(text, sizeof text, "%s stays: the run did not make %s%s in it", path, stay.names, more);
    } else if (!remove_directory(d) && errno != ENOENT) {
        snprintf(text, sizeof text, "%s stays: it cannot be removed: %s", path, strerror(errno));
    } else {
        return true;
    }
    say(text);
    return false;
}

/* What another run left needs more: nobody who lives may be in it. */
static const char *against_leftover(const h5r_run_dir_t *d)
{
    return d->owner != geteuid()                            ? "it belongs to another user"
           : h5r_marker_state(&d->marker) == H5R_LEFT_ALIVE ? "its run is alive"
                                                            : NULL;
}

/* True: nothing is there any more. */
static bool remove_run(const char *path, bool leftover, h5r_scratch_say_t *say)
{
    h5r_run_dir_t d;
    char why[H5R_WHY_SIZE], text[PATH_MAX + H5R_WHY_SIZE + 16];
    const char *against = why;
    bool opened = h5r_run_dir_open(path, &d, why), gone = false;
    if (!opened && why[0] == '\0') {
        return true;
    }
    if (opened) {
        against = leftover ? against_leftover(&d) : NULL;
    }
    if (against != NULL) {
        snprintf(text, sizeof text, "%s stays: %s", path, against);
        say(text);
    } else {
        gone = remove_checked(path, &d, say);
    }
    h5r_run_dir_close(&d);
    return gone;
}

void h5r_scratch_remove(const char *scratch_dir, h5r_scratch_say_t *say)
{
    if (scratch_dir[0] != '\0') {
        remove_run(scratch_dir, false, say);
    }
}

bool h5r_scratch_remove_left(const char *path, h5r_scratch_say_t *say)
{
    return remove_run(path, true, say);
}

void h5r_scratch_remove_leftover(const char *scratch_dir, h5r_scratch_say_t *say)
{
    char taken[PATH_MAX], run_id[H5R_RUN_ID_LENGTH + 1];
    const char *slash = strrchr(scratch_dir, '/');
    int n = snprintf(taken, sizeof taken, "%s" H5R_SCRATCH_TAKEN, scratch_dir);
    if (scratch_dir[0] != '\0' && h5r_scratch_remove_left(scratch_dir, say) && slash != NULL &&
        n < (int)sizeof taken && h5r_scratch_is_name(slash + 1, run_id)) {
        h5r_scratch_remove_left(taken, say);
    }
}

bool h5r_scratch_take(const char *scratch_dir, char taken[PATH_MAX])
{
    h5r_run_dir_t d;
    char why[H5R_WHY_SIZE], name[NAME_MAX + sizeof H5R_SCRATCH_TAKEN];
    taken[0] = '\0';
    if (scratch_dir[0] == '\0') {
        return false;
    }
    if (!h5r_run_dir_open(scratch_dir, &d, why)) {
        snprintf(taken, PATH_MAX, "%s", why[0] != '\0' ? scratch_dir : "");
        return why[0] != '\0';
    }
    snprintf(name, sizeof name, "%s" H5R_SCRATCH_TAKEN, d.name);
    bool done = renameat(d.parent, d.name, d.parent, name) == 0;
    h5r_run_dir_close(&d);
    if (done) {
        snprintf(taken, PATH_MAX, "%s" H5R_SCRATCH_TAKEN, scratch_dir);
    }
    return done;
}
