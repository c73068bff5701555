/* What runs left under a directory under test. */
#include "engine/survive/scratch_part.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LONG_AGO_S                                                                                           \
    86400.0 /* since a change that a run would have made: longer than any repetition may take */

const char *const h5r_left_state_names[] = {
#define X(symbol, name, meaning) [symbol] = name,
    H5R_LEFT_STATE_TABLE(X)
#undef X
};

static void age(h5r_left_t *left, const struct stat *st)
{
    struct timespec now = {.tv_sec = 0};
    clock_gettime(CLOCK_REALTIME, &now);
    double seconds =
        (double)(now.tv_sec - st->st_mtim.tv_sec) + 1e-9 * (double)(now.tv_nsec - st->st_mtim.tv_nsec);
    left->unchanged_s = seconds < left->unchanged_s ? seconds : left->unchanged_s;
    left->unchanged_s = left->unchanged_s > 0.0 ? left->unchanged_s : 0.0;
}

/* Its files, as far as they are the run's. */
static void measure(const h5r_run_dir_t *d, h5r_left_t *left)
{
    struct stat st;
    if (fstat(d->dir, &st) == 0) {
        age(left, &st);
    }
    int fd = openat(d->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *stream = fd >= 0 ? fdopendir(fd) : NULL;
    for (const struct dirent *e = stream != NULL ? readdir(stream) : NULL; e != NULL; e = readdir(stream)) {
        if (h5r_run_dir_owns(d, e->d_name, &st)) {
            left->bytes += (uint64_t)st.st_size;
            age(left, &st);
        }
    }
    if (stream != NULL) {
        closedir(stream);
    } else if (fd >= 0) {
        close(fd);
    }
}

static void look(h5r_left_t *left)
{
    h5r_run_dir_t d;
    left->state = H5R_LEFT_UNKNOWN;
    if (!h5r_run_dir_open(left->path, &d, left->why)) {
        return;
    }
    left->unchanged_s = 1e12;
    measure(&d, left);
    if (d.owner != geteuid()) {
        snprintf(left->why, sizeof left->why, "it belongs to another user");
    } else {
        left->state = h5r_marker_state(&d.marker);
        snprintf(left->why, sizeof left->why, "of node %.100s", d.marker.node);
    }
    h5r_run_dir_close(&d);
}

static h5r_left_t *add(h5r_left_t **left, size_t *n, h5r_error_t *err)
{
    h5r_left_t *more = realloc(*left, (*n + 1) * sizeof *more);
    if (more == NULL) {
        h5r_no_memory(err, "what runs left");
        return NULL;
    }
    *left = more;
    more[*n] = (h5r_left_t){.bytes = 0};
    return &more[(*n)++];
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const h5r_left_t *)a)->path, ((const h5r_left_t *)b)->path);
}

h5r_status_t h5r_scratch_list(const char *dir, h5r_left_t **left, size_t *n, h5r_error_t *err)
{
    char real[PATH_MAX], run_id[H5R_RUN_ID_LENGTH + 1];
    *left = NULL;
    *n = 0;
    DIR *stream = realpath(dir, real) != NULL ? opendir(real) : NULL;
    if (stream == NULL) {
        int code = errno;
        return h5r_fail(err, H5R_ENV, "cannot read the scratch directory '%s': %s", dir, strerror(code));
    }
    for (const struct dirent *e = readdir(stream); e != NULL; e = readdir(stream)) {
        if (!h5r_scratch_is_name(e->d_name, run_id)) {
            continue;
        }
        h5r_left_t *one = add(left, n, err);
        if (one == NULL) {
            break;
        }
        int length =
            snprintf(one->path, sizeof one->path, "%s/%s", strcmp(real, "/") == 0 ? "" : real, e->d_name);
        if (length < 0 || length >= (int)sizeof one->path) {
            *n -= 1; /* no run could have made it */
            continue;
        }
        snprintf(one->run_id, sizeof one->run_id, "%s", run_id);
        look(one);
    }
    closedir(stream);
    if (*n > 0) {
        qsort(*left, *n, sizeof **left, by_path);
    }
    return err->code;
}

bool h5r_scratch_left_by_dead(const char *dir, size_t *n, uint64_t *bytes)
{
    h5r_error_t ignored = {.code = H5R_OK};
    h5r_left_t *left;
    size_t all;
    *n = 0;
    *bytes = 0;
    h5r_scratch_list(dir, &left, &all, &ignored);
    for (size_t i = 0; i < all; i++) {
        const h5r_left_t *l = &left[i];
        if (l->state == H5R_LEFT_DEAD || (l->state == H5R_LEFT_ELSEWHERE && l->unchanged_s > LONG_AGO_S)) {
            *n += 1;
            *bytes += l->bytes;
        }
    }
    free(left);
    return *n > 0;
}
