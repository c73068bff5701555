#include "engine/output.h"

#include "core/rng.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
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
    int code = mkdir(path, 0755);
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

static FILE *create(const h5r_output_t *out, const char *name, h5r_error_t *err)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%.*s/%s", PATH_MAX - 32, out->dir, name);
    FILE *file = fopen(path, "wx");
    if (file == NULL) {
        int code = errno;
        h5r_fail(err, H5R_ENV, "cannot create %s: %s", path, strerror(code));
    }
    return file;
}

static h5r_status_t write_plan(const h5r_output_t *out, const h5r_plan_t *plan, h5r_error_t *err)
{
    FILE *yaml = create(out, "plan.yaml", err);
    if (yaml == NULL) {
        return err->code;
    }
    h5r_plan_write(plan, yaml);
    bool bad = fflush(yaml) != 0 || ferror(yaml) != 0;
    int code = errno;
    if (fclose(yaml) != 0 && !bad) {
        bad = true;
        code = errno;
    }
    return bad ? h5r_fail(err, H5R_ENV, "cannot write %s/plan.yaml: %s", out->dir, strerror(code)) : H5R_OK;
}

static h5r_status_t begin_csv(h5r_output_t *out, h5r_error_t *err)
{
    out->csv = create(out, "results.csv", err);
    if (out->csv == NULL) {
        return err->code;
    }
    h5r_row_write_header(out->csv);
    if (fflush(out->csv) != 0 || ferror(out->csv)) {
        return h5r_fail(err, H5R_ENV, "cannot write %s/results.csv: %s", out->dir, strerror(errno));
    }
    return H5R_OK;
}

h5r_status_t h5r_output_open(h5r_output_t *out, const char *dir, const h5r_plan_t *plan, h5r_error_t *err)
{
    *out = (h5r_output_t){.csv = NULL};
    h5r_status_t status = dir != NULL ? make_given(out, dir, err) : make_default(out, plan->suite, err);
    if (status == H5R_OK) {
        status = write_plan(out, plan, err);
        if (status == H5R_OK) {
            status = begin_csv(out, err);
        }
        if (status != H5R_OK) {
            h5r_output_discard(out);
        }
    }
    return status;
}

void h5r_output_discard(h5r_output_t *out)
{
    static const char *const names[] = {"plan.yaml", "results.csv", "env.json"};
    char path[PATH_MAX];
    if (out->csv != NULL) {
        fclose(out->csv);
        out->csv = NULL;
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(path, sizeof path, "%.*s/%s", PATH_MAX - 32, out->dir, names[i]);
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

h5r_status_t h5r_output_row(h5r_output_t *out, const h5r_row_t *row, h5r_error_t *err)
{
    h5r_row_write(row, out->csv);
    if (fflush(out->csv) != 0 || ferror(out->csv)) {
        return h5r_fail(err, H5R_IO, "cannot write %s/results.csv: %s", out->dir, strerror(errno));
    }
    return H5R_OK;
}

h5r_status_t h5r_output_close(h5r_output_t *out, h5r_error_t *err)
{
    FILE *csv = out->csv;
    out->csv = NULL;
    if (csv != NULL && fclose(csv) != 0) {
        return h5r_fail(err, H5R_IO, "cannot write %s/results.csv: %s", out->dir, strerror(errno));
    }
    return H5R_OK;
}
