#include "engine/run/output.h"

#include "engine/run/output_part.h"
#include "h5roof/count.h"
#include "h5roof/rng.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define MOST_NUMBERS 100 /* runs of one suite that begin in the same second and directory */

static void utc(const char *format, char *buf, size_t size)
{
    time_t now = time(NULL);
    struct tm broken;
    if (gmtime_r(&now, &broken) == NULL || strftime(buf, size, format, &broken) == 0) {
        snprintf(buf, size, "unknown");
    }
}

void h5r_utc_now(char *buf, size_t size)
{
    utc("%Y-%m-%dT%H:%M:%SZ", buf, size);
}

void h5r_run_id(char *buf, size_t size)
{
    char when[32];
    struct timespec t = {0};
    utc("%Y%m%dT%H%M%SZ", when, sizeof when);
    clock_gettime(CLOCK_REALTIME, &t);
    uint64_t word = h5r_mix64((uint64_t)t.tv_nsec ^ (uint64_t)getpid() << 32);
    snprintf(buf, size, "%s-%04x", when, (unsigned)(word & 0xffff));
}

/* As mkdir; notes the first directory that is new. */
static int make_directory(h5r_output_t *out, const char *path)
{
    int code = mkdir(path, 0777);
    if (code == 0 && out->made == 0) {
        out->made = strlen(path);
    }
    return code;
}

/* mkdir -p out->dir; the last component must be new if exclusive. */
static int make_directories(h5r_output_t *out, bool exclusive)
{
    char partial[PATH_MAX];
    memcpy(partial, out->dir, sizeof partial);
    for (char *slash = strchr(partial + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (make_directory(out, partial) != 0 && errno != EEXIST) {
            return -1;
        }
        *slash = '/';
    }
    return make_directory(out, partial) == 0 || (errno == EEXIST && !exclusive) ? 0 : -1;
}

static bool is_empty(const char *path)
{
    DIR *dir = opendir(path);
    bool empty = dir != NULL;
    for (const struct dirent *e = dir != NULL ? readdir(dir) : NULL; e != NULL; e = readdir(dir)) {
        empty = empty && (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0);
    }
    if (dir != NULL) {
        closedir(dir);
    }
    return empty;
}

h5r_status_t h5r_output_check(const char *dir, h5r_error_t *err)
{
    struct stat st;
    if (dir[0] == '\0' || (lstat(dir, &st) == 0 && !is_empty(dir))) {
        return h5r_fail(err, H5R_USAGE,
                        "--out '%s' is not an empty directory; results are never overwritten: name a new one",
                        dir);
    }
    return H5R_OK;
}

static h5r_status_t make_given(h5r_output_t *out, const char *dir, h5r_error_t *err)
{
    snprintf(out->dir, sizeof out->dir, "%s", dir);
    if (strlen(dir) >= sizeof out->dir || make_directories(out, false) != 0) {
        int code = strlen(dir) >= sizeof out->dir ? ENAMETOOLONG : errno;
        return h5r_fail(err, H5R_ENV, "cannot make the results directory '%s': %s; choose another --out DIR",
                        dir, strerror(code));
    }
    return h5r_output_check(dir, err); /* again: another run may have come here meanwhile */
}

static h5r_status_t make_default(h5r_output_t *out, const char *suite, h5r_error_t *err)
{
    char when[32], name[128];
    utc("%Y%m%dT%H%M%SZ", when, sizeof when);
    snprintf(name, sizeof name, "results/%s-%s", suite, when);
    snprintf(out->dir, sizeof out->dir, "%s", name);
    for (int i = 2; make_directories(out, true) != 0; i++) {
        int code = errno;
        if (code != EEXIST || i > MOST_NUMBERS) {
            return h5r_fail(err, H5R_ENV,
                            "cannot make the results directory '%s': %s; choose one with --out DIR", out->dir,
                            strerror(code));
        }
        snprintf(out->dir, sizeof out->dir, "%s-%d", name, i);
    }
    return H5R_OK;
}

void h5r_output_path(const h5r_output_t *out, const char *name, char path[PATH_MAX])
{
    snprintf(path, PATH_MAX, "%.*s/%s", PATH_MAX - 32, out->dir, name);
}

h5r_status_t h5r_output_fail(const h5r_output_t *out, const char *name, h5r_status_t code, h5r_error_t *err)
{
    int number = errno;
    return h5r_fail(err, code, "cannot write %s/%s: %s", out->dir, name, strerror(number));
}

static h5r_status_t create(const h5r_output_t *out, const char *name, int *fd, h5r_error_t *err)
{
    char path[PATH_MAX];
    h5r_output_path(out, name, path);
    *fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (*fd < 0) {
        int code = errno;
        return h5r_fail(err, H5R_ENV, "cannot create %s: %s", path, strerror(code));
    }
    return H5R_OK;
}

bool h5r_output_write_all(int fd, const char *text, size_t size)
{
    while (size > 0) {
        ssize_t n = write(fd, text, size);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return false;
        }
        text += n;
        size -= (size_t)n;
    }
    return true;
}

char *h5r_output_plan_text(const h5r_plan_t *plan, size_t *size)
{
    char *text = NULL;
    FILE *memory = open_memstream(&text, size);
    if (memory == NULL) {
        return NULL;
    }
    h5r_plan_write(plan, memory);
    if (fclose(memory) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

/* Under another name first: where there is a plan.yaml, the results have begun. */
static h5r_status_t write_plan(const h5r_output_t *out, const h5r_plan_t *plan, h5r_error_t *err)
{
    int fd;
    size_t size;
    char part[PATH_MAX], path[PATH_MAX];
    if (create(out, H5R_PLAN_PART, &fd, err) != H5R_OK) {
        return err->code;
    }
    h5r_output_path(out, H5R_PLAN_PART, part);
    h5r_output_path(out, "plan.yaml", path);
    char *text = h5r_output_plan_text(plan, &size);
    if (text == NULL) {
        h5r_no_memory(err, "the plan");
    } else if (!h5r_output_write_all(fd, text, size) || fsync(fd) != 0) {
        h5r_output_fail(out, "plan.yaml", H5R_ENV, err);
    }
    free(text);
    bool closed = close(fd) == 0;
    if (err->code == H5R_OK && (!closed || rename(part, path) != 0)) {
        h5r_output_fail(out, "plan.yaml", H5R_ENV, err);
    }
    return err->code;
}

/* Append text to results.csv; what could not be written whole is cut off again. */
static bool append(h5r_output_t *out, const char *text, size_t size)
{
    if (h5r_output_write_all(out->csv, text, size) && (fdatasync(out->csv) == 0 || errno == EINVAL)) {
        out->bytes += size;
        return true;
    }
    int code = errno;
    if (ftruncate(out->csv, (off_t)out->bytes) == 0) {
        lseek(out->csv, 0, SEEK_END);
    }
    errno = code;
    return false;
}

typedef void write_text_t(const void *what, size_t n, FILE *out);

static void write_header(const void *what, size_t n, FILE *out)
{
    (void)what;
    (void)n;
    h5r_row_write_header(out);
}

static void write_rows(const void *what, size_t n, FILE *out)
{
    const h5r_row_t *row = what;
    for (size_t i = 0; i < n; i++) {
        h5r_row_write(&row[i], out);
    }
}

static h5r_status_t append_text(h5r_output_t *out, write_text_t *write_text, const void *what, size_t n,
                                h5r_status_t code, h5r_error_t *err)
{
    char *text = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&text, &size);
    bool good = memory != NULL;
    if (good) {
        write_text(what, n, memory);
        good = fclose(memory) == 0;
    }
    if (!good || !append(out, text, size)) {
        h5r_output_fail(out, "results.csv", code, err);
    }
    free(text);
    return err->code;
}

static h5r_status_t begin_csv(h5r_output_t *out, h5r_error_t *err)
{
    if (create(out, "results.csv", &out->csv, err) != H5R_OK) {
        return err->code;
    }
    out->open = true;
    out->mark = -1;
    (void)flock(out->csv, LOCK_EX | LOCK_NB); /* against a resume meanwhile; not all file systems can */
    if (create(out, "in_flight", &out->mark, err) != H5R_OK) {
        return err->code;
    }
    h5r_output_mark(out, "");
    return append_text(out, write_header, NULL, 0, H5R_ENV, err);
}

h5r_status_t h5r_output_open(h5r_output_t *out, const char *dir, const h5r_plan_t *plan, h5r_error_t *err)
{
    *out = (h5r_output_t){.open = false};
    h5r_status_t status = dir != NULL ? make_given(out, dir, err) : make_default(out, plan->suite, err);
    if (status == H5R_OK) {
        status = begin_csv(out, err);
        if (status == H5R_OK) {
            status = write_plan(out, plan, err);
        }
        if (status != H5R_OK) {
            h5r_output_discard(out);
        }
    }
    return status;
}

static void close_all(h5r_output_t *out)
{
    if (out->open) {
        close(out->csv);
        if (out->mark >= 0) {
            close(out->mark);
        }
    }
    out->open = false;
}

void h5r_output_discard(h5r_output_t *out)
{
    static const char *const names[] = {"plan.yaml", H5R_PLAN_PART, "results.csv", "in_flight", "env.json"};
    char path[PATH_MAX];
    /* else another run came here first, and what is there is that one's */
    bool own = out->open && h5r_output_in_place(out);
    close_all(out);
    for (size_t i = 0; own && i < H5R_COUNT_OF(names); i++) {
        h5r_output_path(out, names[i], path);
        unlink(path);
    }
    memcpy(path, out->dir, sizeof path);
    for (size_t n = strlen(path); out->made > 0 && n >= out->made && rmdir(path) == 0; n = strlen(path)) {
        char *slash = strrchr(path, '/');
        if (slash == NULL || slash == path) {
            break;
        }
        *slash = '\0';
    }
    out->made = 0;
}

/* The rows as text, behind the header; NULL: no memory. */
static char *text_of_rows(const h5r_row_t *row, size_t n)
{
    char *text = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&text, &size);
    if (memory == NULL) {
        return NULL;
    }
    h5r_row_write_header(memory);
    write_rows(row, n, memory);
    if (fclose(memory) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

h5r_status_t h5r_output_rows(h5r_output_t *out, const h5r_row_t *row, size_t n, h5r_error_t *err)
{
    if (append_text(out, write_rows, row, n, H5R_IO, err) != H5R_OK) {
        out->unsaved = text_of_rows(row, n);
    } else if (!h5r_output_in_place(out)) {
        h5r_output_rescue(out, err);
    }
    return err->code;
}

/* Only a help for the one who looks after a crash: without it nothing is wrong. */
static void write_mark(h5r_output_t *out, const char *text, size_t size, off_t at)
{
    char said[PATH_MAX + 160];
    struct stat st = {.st_nlink = 0};
    const bool good = pwrite(out->mark, text, size, at) == (ssize_t)size;
    const char *reason = good ? "it was removed" : strerror(errno);
    if ((good && fstat(out->mark, &st) == 0 && st.st_nlink > 0) || out->mark_lost || out->warn == NULL) {
        return;
    }
    out->mark_lost = true;
    snprintf(said, sizeof said,
             "cannot write %.*s/in_flight: %s; after a crash it will not be known which case ran", PATH_MAX,
             out->dir, reason);
    out->warn(said);
}

void h5r_output_mark(h5r_output_t *out, const char *line)
{
    char padded[H5R_IN_FLIGHT_SIZE + 1];
    snprintf(padded, sizeof padded, "%-*.*s\n", H5R_IN_FLIGHT_SIZE - 1, H5R_IN_FLIGHT_SIZE - 1, line);
    write_mark(out, padded, H5R_IN_FLIGHT_SIZE, 0);
}

void h5r_output_mark_scratch(h5r_output_t *out, const char *path)
{
    char line[PATH_MAX + 1];
    int n = snprintf(line, sizeof line, "%s\n", path);
    write_mark(out, line, (size_t)n, H5R_IN_FLIGHT_SIZE);
}

h5r_status_t h5r_output_close(h5r_output_t *out, bool finished, h5r_error_t *err)
{
    char path[PATH_MAX];
    if (!out->open) {
        return H5R_OK;
    }
    if (fsync(out->csv) != 0 && errno != EINVAL) {
        h5r_output_fail(out, "results.csv", H5R_IO, err);
    }
    bool moved = finished && !h5r_output_in_place(out);
    if (moved) {
        h5r_output_rescue(out, err);
    }
    close_all(out);
    h5r_output_path(out, "in_flight", path);
    if (finished && !moved) {
        unlink(path);
    }
    return err->code;
}
