/* To go on with the results of a run that has ended. */
#include "core/env/env_diff.h"
#include "engine/run/output_part.h"
#include "h5roof/count.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define LINE_ROOM 4096

/* What there is before there is a plan.yaml. */
static const char *const first_names[] = {"results.csv", "in_flight", H5R_PLAN_PART};

#define FIRST_NAMES H5R_COUNT_OF(first_names)

static bool is_first_name(const char *name)
{
    for (size_t i = 0; i < FIRST_NAMES; i++) {
        if (strcmp(first_names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static bool has_only_first_names(const char *dir)
{
    DIR *stream = opendir(dir);
    bool only = stream != NULL;
    for (const struct dirent *e = only ? readdir(stream) : NULL; e != NULL; e = readdir(stream)) {
        only =
            only && (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0 || is_first_name(e->d_name));
    }
    if (stream != NULL) {
        closedir(stream);
    }
    return only;
}

/* The file is not there, or is a beginning of the header and of no running process. */
static bool has_no_rows(const char *path)
{
    char *header = NULL, *text = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&header, &size), *file = fopen(path, "r");
    bool none = file == NULL && errno == ENOENT;
    if (memory != NULL) {
        h5r_row_write_header(memory);
    }
    if (memory != NULL && fclose(memory) == 0 && file != NULL && (text = malloc(size + 1)) != NULL) {
        size_t n = fread(text, 1, size + 1, file);
        none = n <= size && memcmp(text, header, n) == 0 &&
               (flock(fileno(file), LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK);
    }
    if (file != NULL) {
        fclose(file);
    }
    free(header);
    free(text);
    return none;
}

bool h5r_output_resumable(const char *dir)
{
    h5r_output_t out;
    char plan[PATH_MAX], csv[PATH_MAX], path[PATH_MAX];
    snprintf(out.dir, sizeof out.dir, "%s", dir);
    h5r_output_path(&out, "plan.yaml", plan);
    h5r_output_path(&out, "results.csv", csv);
    if (access(plan, F_OK) == 0) {
        return access(csv, F_OK) == 0;
    }
    if (has_only_first_names(dir) && has_no_rows(csv)) {
        for (size_t i = 0; i < FIRST_NAMES; i++) {
            h5r_output_path(&out, first_names[i], path);
            unlink(path);
        }
    }
    return false;
}

/* The first line in which two texts differ. */
static void first_difference(const char *a, const char *b, char line_a[128], char line_b[128], size_t *number)
{
    size_t line = 1, start = 0;
    for (size_t i = 0; a[i] == b[i] && a[i] != '\0'; i++) {
        if (a[i] == '\n') {
            line++;
            start = i + 1;
        }
    }
    *number = line;
    snprintf(line_a, 128, "%.*s", (int)strcspn(a + start, "\n"), a + start);
    snprintf(line_b, 128, "%.*s", (int)strcspn(b + start, "\n"), b + start);
}

static h5r_status_t same_plan(const h5r_output_t *out, const h5r_plan_t *plan, h5r_error_t *err)
{
    char path[PATH_MAX], was[128], is[128];
    size_t size, number;
    h5r_output_path(out, "plan.yaml", path);
    char *now = h5r_output_plan_text(plan, &size);
    char *then = calloc(1, size + LINE_ROOM + 1); /* a longer one differs, and where it does is told */
    FILE *file = fopen(path, "r");
    size_t n = file != NULL && then != NULL ? fread(then, 1, size + LINE_ROOM, file) : 0;
    if (file == NULL || then == NULL || now == NULL) {
        h5r_fail(err, H5R_RESULTS, "cannot read %s: %s", path, strerror(errno));
    } else if (n != size || memcmp(now, then, size) != 0) {
        first_difference(then, now, was, is, &number);
        h5r_fail(err, H5R_USAGE,
                 "--resume: %s is of another suite; line %zu was '%s' and is '%s' now; repeat the command "
                 "that began the run, or give another --out",
                 path, number, was, is);
    }
    if (file != NULL) {
        fclose(file);
    }
    free(now);
    free(then);
    return err->code;
}

static h5r_status_t reopen(h5r_output_t *out, h5r_error_t *err)
{
    char path[PATH_MAX];
    h5r_output_path(out, "results.csv", path);
    out->csv = open(path, O_RDWR | O_CLOEXEC);
    if (out->csv < 0) {
        return h5r_output_fail(out, "results.csv", H5R_ENV, err);
    }
    out->open = true;
    out->mark = -1;
    if (flock(out->csv, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        return h5r_fail(err, H5R_USAGE, "--resume: another run is still writing to %s", out->dir);
    }
    return H5R_OK;
}

static h5r_status_t open_mark(h5r_output_t *out, h5r_in_flight_t *in_flight, h5r_error_t *err)
{
    char path[PATH_MAX], *job = in_flight->job, *scratch = in_flight->scratch;
    h5r_output_path(out, "in_flight", path);
    out->new_mark = access(path, F_OK) != 0;
    out->mark = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (out->mark < 0) {
        return h5r_output_fail(out, "in_flight", H5R_ENV, err);
    }
    ssize_t n = pread(out->mark, job, sizeof in_flight->job - 1, 0);
    job[n > 0 ? n : 0] = '\0';
    for (size_t end = strlen(job); end > 0 && (job[end - 1] == ' ' || job[end - 1] == '\n'); end--) {
        job[end - 1] = '\0';
    }
    n = pread(out->mark, scratch, sizeof in_flight->scratch - 1, H5R_IN_FLIGHT_SIZE);
    scratch[n > 0 ? n : 0] = '\0';
    scratch[strcspn(scratch, "\n")] = '\0';
    return H5R_OK;
}

h5r_status_t h5r_output_resume(h5r_output_t *out, const char *dir, const h5r_plan_t *plan,
                               h5r_history_t *history, h5r_in_flight_t *in_flight, h5r_error_t *err)
{
    char path[PATH_MAX];
    *out = (h5r_output_t){.open = false};
    *history = (h5r_history_t){0};
    snprintf(out->dir, sizeof out->dir, "%s", dir);
    h5r_output_path(out, "results.csv", path);
    if (same_plan(out, plan, err) != H5R_OK || reopen(out, err) != H5R_OK) {
        return err->code;
    }
    if (h5r_history_read(path, history, err) != H5R_OK || open_mark(out, in_flight, err) != H5R_OK) {
        return err->code;
    }
    out->bytes = history->bytes;
    return H5R_OK;
}

h5r_status_t h5r_output_go_on(h5r_output_t *out, h5r_error_t *err)
{
    if (ftruncate(out->csv, (off_t)out->bytes) != 0 || lseek(out->csv, 0, SEEK_END) < 0) {
        return h5r_output_fail(out, "results.csv", H5R_ENV, err);
    }
    return H5R_OK;
}

void h5r_output_leave(h5r_output_t *out, const h5r_in_flight_t *in_flight)
{
    h5r_error_t ignored = {0};
    if (out->mark >= 0 && !out->new_mark) {
        h5r_output_mark_scratch(out, in_flight->scratch);
    }
    h5r_output_close(out, out->mark >= 0 && out->new_mark, &ignored);
}

static const char *text_of(const char *value)
{
    return value != NULL ? value : "not there";
}

/* "hdf5.version was 1.10.8 and is 1.14.5; ..." */
static void list_differences(const h5r_env_diff_t *diff, char *text, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; i < diff->n && used < size; i++) {
        const h5r_env_difference_t *d = &diff->difference[i];
        if (d->severity >= H5R_ENV_TIMES) {
            used += (size_t)snprintf(text + used, size - used, "%s%s was %.100s and is %.100s",
                                     used > 0 ? "; " : "", d->path, text_of(d->old), text_of(d->new));
        }
    }
}

h5r_status_t h5r_output_same_machine(const h5r_output_t *out, const char *env_path, h5r_error_t *err)
{
    char path[PATH_MAX], text[H5R_MESSAGE_SIZE / 2];
    h5r_env_diff_t diff;
    h5r_output_path(out, "env.json", path);
    if (h5r_env_diff(path, env_path, &diff, err) == H5R_OK && h5r_env_diff_count(&diff, H5R_ENV_TIMES) > 0) {
        list_differences(&diff, text, sizeof text);
        h5r_fail(err, H5R_USAGE, "--resume: %s was measured elsewhere: %s; give another --out", out->dir,
                 text);
    }
    h5r_env_diff_free(&diff);
    return err->code;
}
