/* Results whose directory was removed or replaced while they were being written. */
#include "engine/run/output_part.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool h5r_output_in_place(const h5r_output_t *out)
{
    char path[PATH_MAX];
    struct stat opened, found;
    h5r_output_path(out, "results.csv", path);
    if (fstat(out->csv, &opened) != 0) {
        return errno != ESTALE;
    }
    if (stat(path, &found) != 0) {
        return errno != ENOENT && errno != ENOTDIR && errno != ESTALE;
    }
    return found.st_dev == opened.st_dev && found.st_ino == opened.st_ino;
}

/* All rows, which the open file still has; NULL: they cannot be read, or no memory. */
static char *read_rows(const h5r_output_t *out)
{
    size_t n = 0;
    char *text = malloc((size_t)out->bytes + 1);
    while (text != NULL && n < out->bytes) {
        ssize_t more = pread(out->csv, text + n, (size_t)out->bytes - n, (off_t)n);
        if (more <= 0) {
            free(text);
            return NULL;
        }
        n += (size_t)more;
    }
    if (text != NULL) {
        text[n] = '\0';
    }
    return text;
}

/* As a new directory, so that `show` can read it. False: not there. */
static bool save(const char *dir, const char *text, char path[PATH_MAX])
{
    int n = snprintf(path, PATH_MAX, "%s/results.csv", dir);
    if (n < 0 || n >= PATH_MAX || mkdir(dir, 0777) != 0) {
        return false;
    }
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    bool good =
        fd >= 0 && h5r_output_write_all(fd, text, strlen(text)) && (fsync(fd) == 0 || errno == EINVAL);
    good = fd >= 0 && close(fd) == 0 && good;
    if (!good) {
        unlink(path);
        rmdir(dir);
    }
    return good;
}

/* Beside the directory that is gone, else where the run was started. */
static bool save_somewhere(const h5r_output_t *out, const char *text, char path[PATH_MAX])
{
    char dir[PATH_MAX + 32];
    size_t length = strlen(out->dir);
    while (length > 1 && out->dir[length - 1] == '/') {
        length--;
    }
    snprintf(dir, sizeof dir, "%.*s-rescued", (int)length, out->dir);
    if (save(dir, text, path)) {
        return true;
    }
    snprintf(dir, sizeof dir, "h5roof-rescued-%ld", (long)getpid());
    return save(dir, text, path);
}

/* Where an open file is that has another name now. */
static bool find_moved(const h5r_output_t *out, char path[PATH_MAX])
{
    char link[64];
    struct stat opened, found;
    snprintf(link, sizeof link, "/proc/self/fd/%d", out->csv);
    ssize_t n = readlink(link, path, PATH_MAX - 1);
    if (n <= 0 || fstat(out->csv, &opened) != 0) {
        return false;
    }
    path[n] = '\0';
    return stat(path, &found) == 0 && found.st_dev == opened.st_dev && found.st_ino == opened.st_ino;
}

h5r_status_t h5r_output_rescue(h5r_output_t *out, h5r_error_t *err)
{
    char path[PATH_MAX], *text = NULL;
    if (find_moved(out, path)) {
        h5r_fail(err, H5R_IO, "its rows are in %s", path);
    } else if ((text = read_rows(out)) == NULL) {
        h5r_fail(err, H5R_IO, "its rows cannot be read again: %s", strerror(errno));
    } else if (save_somewhere(out, text, path)) {
        h5r_fail(err, H5R_IO, "its rows are saved in %s", path);
    } else {
        h5r_fail(err, H5R_IO, "its rows could not be saved elsewhere, and are printed above");
        out->unsaved = text;
        text = NULL;
    }
    free(text);
    return h5r_context(err, "the results directory %s was removed or replaced during the run", out->dir);
}
