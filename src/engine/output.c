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

/* mkdir -p; the last component must be new if exclusive. */
static int make_directories(const char *path, bool exclusive)
{
    char partial[PATH_MAX];
    snprintf(partial, sizeof partial, "%s", path);
    for (char *slash = strchr(partial + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(partial, 0755) != 0 && errno != EEXIST) {
            return -1;
        }
        *slash = '/';
    }
    return mkdir(partial, 0755) == 0 || (errno == EEXIST && !exclusive) ? 0 : -1;
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

static h5r_status_t make_given(h5r_output_t *out, const char *dir, h5r_error_t *err)
{
    snprintf(out->dir, sizeof out->dir, "%s", dir);
    if (make_directories(dir, false) != 0) {
        int code = errno;
        return h5r_fail(err, H5R_ENV, "cannot make the results directory '%s': %s", dir, strerror(code));
    }
    if (!is_empty(dir)) {
        return h5r_fail(err, H5R_USAGE,
                        "--out '%s' is not an empty directory; results are never overwritten: name a new one",
                        dir);
    }
    return H5R_OK;
}

static h5r_status_t make_default(h5r_output_t *out, const char *suite, h5r_error_t *err)
{
    char when[32], name[128];
    utc("%Y%m%dT%H%M%SZ", when, sizeof when);
    snprintf(name, sizeof name, "results/%s-%s", suite, when);
    snprintf(out->dir, sizeof out->dir, "%s", name);
    for (int i = 2; make_directories(out->dir, true) != 0; i++) {
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

h5r_status_t h5r_output_open(h5r_output_t *out, const char *dir, const h5r_plan_t *plan, h5r_error_t *err)
{
    *out = (h5r_output_t){.csv = NULL};
    h5r_status_t status = dir != NULL ? make_given(out, dir, err) : make_default(out, plan->suite, err);
    if (status != H5R_OK) {
        return status;
    }
    FILE *yaml = create(out, "plan.yaml", err);
    if (yaml == NULL) {
        return err->code;
    }
    h5r_plan_write(plan, yaml);
    bool bad = ferror(yaml) != 0;
    if (fclose(yaml) != 0 || bad) {
        return h5r_fail(err, H5R_ENV, "cannot write %s/plan.yaml: %s", out->dir, strerror(errno));
    }
    out->csv = create(out, "results.csv", err);
    if (out->csv == NULL) {
        return err->code;
    }
    h5r_row_write_header(out->csv);
    return fflush(out->csv) != 0
               ? h5r_fail(err, H5R_ENV, "cannot write %s/results.csv: %s", out->dir, strerror(errno))
               : H5R_OK;
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
