/* To go on with the results of a run that has ended. */
#include "core/base/open_file.h"
#include "core/env/env_diff.h"
#include "core/env/env_doc.h"
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

/* What there is before there is an env.json, and so a row. results.csv is made first, and tells whose the others
 * are: it is removed last. */
static const char *const first_names[] = {"in_flight", H5R_PLAN_PART, "plan.yaml", "env.json.part",
                                          "results.csv"};

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

/* The file is the header, or (unless whole) a beginning of it, and of no running process. */
static bool has_no_rows(const char *path, bool whole)
{
    char *header = NULL, *text = NULL;
    size_t size = 0;
    const char *why;
    FILE *memory = open_memstream(&header, &size), *file = h5r_fopen_file(path, false, &why);
    bool none = false;
    if (memory != NULL) {
        h5r_row_write_header(memory);
    }
    if (memory != NULL && fclose(memory) == 0 && file != NULL && (text = malloc(size + 1)) != NULL) {
        size_t n = fread(text, 1, size + 1, file);
        none = n <= size && (n == size || !whole) && memcmp(text, header, n) == 0 &&
               (flock(fileno(file), LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK);
    }
    if (file != NULL) {
        fclose(file);
    }
    free(header);
    free(text);
    return none;
}

void h5r_output_read_mark(int fd, h5r_in_flight_t *in_flight)
{
    char *job = in_flight->job, *scratch = in_flight->scratch;
    ssize_t n = pread(fd, job, sizeof in_flight->job - 1, 0);
    job[n > 0 ? n : 0] = '\0';
    for (size_t end = strlen(job); end > 0 && (job[end - 1] == ' ' || job[end - 1] == '\n'); end--) {
        job[end - 1] = '\0';
    }
    n = pread(fd, scratch, sizeof in_flight->scratch - 1, H5R_IN_FLIGHT_SIZE);
    scratch[n > 0 ? n : 0] = '\0';
    scratch[strcspn(scratch, "\n")] = '\0';
}

static void remove_beginning(const h5r_output_t *out, h5r_in_flight_t *in_flight)
{
    char path[PATH_MAX];
    h5r_output_path(out, "in_flight", path);
    int mark = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (mark >= 0) {
        h5r_output_read_mark(mark, in_flight);
        close(mark);
    }
    for (size_t i = 0; i < FIRST_NAMES; i++) {
        h5r_output_path(out, first_names[i], path);
        unlink(path);
    }
}

bool h5r_output_resumable(const char *dir, h5r_in_flight_t *in_flight)
{
    h5r_output_t out;
    char plan[PATH_MAX], csv[PATH_MAX];
    *in_flight = (h5r_in_flight_t){.job = ""};
    snprintf(out.dir, sizeof out.dir, "%s", dir);
    h5r_output_path(&out, "plan.yaml", plan);
    h5r_output_path(&out, "results.csv", csv);
    const bool planned = access(plan, F_OK) == 0; /* which comes after the header */
    if (has_only_first_names(dir) && has_no_rows(csv, planned)) {
        remove_beginning(&out, in_flight);
        return false;
    }
    return planned && access(csv, F_OK) == 0;
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
    const char *why = NULL;
    FILE *file = h5r_fopen_file(path, false, &why);
    size_t n = file != NULL && then != NULL ? fread(then, 1, size + LINE_ROOM, file) : 0;
    if (file == NULL || then == NULL || now == NULL) {
        h5r_fail(err, H5R_RESULTS, "cannot read %s: %s", path, why != NULL ? why : strerror(ENOMEM));
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
    const char *what;
    out->csv = h5r_open_file(path, O_RDWR, false, &what);
    if (out->csv < 0 && what != NULL) {
        return h5r_fail(err, H5R_RESULTS, "cannot go on with %s: %s", path, what);
    }
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
    char path[PATH_MAX];
    h5r_output_path(out, "in_flight", path);
    out->new_mark = access(path, F_OK) != 0;
    const char *what = NULL;
    out->mark = out->new_mark ? open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666)
                              : h5r_open_file(path, O_RDWR, false, &what);
    if (out->mark < 0 && what != NULL) {
        return h5r_fail(err, H5R_RESULTS, "cannot go on with %s: %s", path, what);
    }
    if (out->mark < 0) {
        return h5r_output_fail(out, "in_flight", H5R_ENV, err);
    }
    h5r_output_read_mark(out->mark, in_flight);
    return H5R_OK;
}

/* The run that a document is of; "": it names none. */
static h5r_status_t run_of_env(const char *path, char run_id[40], h5r_error_t *err)
{
    h5r_env_doc_t doc;
    run_id[0] = '\0';
    if (h5r_env_doc_read(path, &doc, err) == H5R_OK) {
        for (size_t i = 0; i < doc.n; i++) {
            if (strcmp(doc.entry[i].path, "run_id") == 0 && doc.entry[i].text != NULL) {
                snprintf(run_id, 40, "%s", doc.entry[i].text);
            }
        }
    }
    h5r_env_doc_free(&doc);
    return err->code;
}

/* A process that went on before there was a row may have given the rows its own id. */
static bool has_other_env(const h5r_output_t *out, const char *run_id)
{
    char path[PATH_MAX], name[64];
    snprintf(name, sizeof name, "env-%s.json", run_id);
    h5r_output_path(out, name, path);
    return access(path, F_OK) == 0;
}

/* The rows are of the run that env.json is of; history gets its id where there is no row yet. */
static h5r_status_t same_run(const h5r_output_t *out, h5r_history_t *history, h5r_error_t *err)
{
    char path[PATH_MAX], run_id[40];
    h5r_output_path(out, "env.json", path);
    if (access(path, F_OK) != 0 && errno == ENOENT) {
        return h5r_fail(err, H5R_USAGE,
                        "--resume: %s has no env.json, so that nobody knows where its rows were measured; "
                        "give another --out",
                        out->dir);
    }
    if (run_of_env(path, run_id, err) != H5R_OK) {
        return err->code;
    }
    if (history->run_id[0] == '\0') {
        memcpy(history->run_id, run_id, sizeof history->run_id);
    } else if (strcmp(history->run_id, run_id) != 0 && !has_other_env(out, history->run_id)) {
        return h5r_fail(err, H5R_USAGE,
                        "--resume: %s is of run %s, and the rows beside it are of run %s; give another --out",
                        path, run_id[0] != '\0' ? run_id : "(none)", history->run_id);
    }
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
    if (h5r_history_read(path, history, err) != H5R_OK || same_run(out, history, err) != H5R_OK ||
        open_mark(out, in_flight, err) != H5R_OK) {
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
