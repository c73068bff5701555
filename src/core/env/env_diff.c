#include "core/env/env_diff.h"

#include "core/env/env_doc.h"
#include "h5roof/count.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

/* The first pattern that matches decides. '*' stands for anything, an index too. */
static const struct {
    const char *pattern;
    h5r_env_severity_t severity;
    const char *subject; /* as h5r_env_allow takes it; NULL: there is nothing to allow */
} rules[] = {
    /* HDF5 decides by ranks and version what it asks of MPI-IO and what it stores, zlib how small it becomes.
     */
    {"rank_count", H5R_ENV_COUNTS, "ranks"},
    {"hdf5.version", H5R_ENV_COUNTS, "hdf5"},
    {"libraries.zlib", H5R_ENV_COUNTS, "zlib"},
    {"counters", H5R_ENV_COUNTS, "counters"},

    {"node_count", H5R_ENV_TIMES, "nodes"},
    {"nodes[[]*].ranks", H5R_ENV_TIMES, "nodes"},
    {"nodes[[]*].cpu_model", H5R_ENV_TIMES, "cpu"},
    {"nodes[[]*].cpus_online", H5R_ENV_TIMES, "cpu"},
    {"nodes[[]*].cpu_limit_count", H5R_ENV_TIMES, "limits"},
    {"nodes[[]*].io_limit", H5R_ENV_TIMES, "limits"},
    {"filesystems.scratch.type", H5R_ENV_TIMES, "filesystem"},
    {"filesystems.scratch.stripe_*", H5R_ENV_TIMES, "filesystem"},
    {"filesystems.scratch.error", H5R_ENV_TIMES, "filesystem"},
    {"mpi.library", H5R_ENV_TIMES, "mpi"},
    {"mpi.io_component", H5R_ENV_TIMES, "mpi"},
    {"h5roof.sanitizers", H5R_ENV_TIMES, "sanitizers"},

    {"run_id", H5R_ENV_IGNORED, NULL},
    {"start_utc", H5R_ENV_IGNORED, NULL},
    {"command_line*", H5R_ENV_IGNORED, NULL},
    {"filesystems.results*", H5R_ENV_IGNORED, NULL},
    {"filesystems.scratch.path", H5R_ENV_IGNORED, NULL},
    {"filesystems.scratch.free_bytes", H5R_ENV_IGNORED, NULL},
    {"nodes[[]*].memory_available_bytes", H5R_ENV_IGNORED, NULL},
    {"nodes[[]*].load1", H5R_ENV_IGNORED, NULL},
    {"scheduler.*", H5R_ENV_IGNORED, NULL},
    {"barrier_s", H5R_ENV_IGNORED, NULL},
    {"clock_read_s", H5R_ENV_IGNORED, NULL},
    {"copy_cost*", H5R_ENV_IGNORED, NULL},
    {"warnings*", H5R_ENV_IGNORED, NULL}, /* they name the directory of the run */
    /* What Open MPI's launcher tells its processes: addresses, directories, numbers of the job. */
    {"environment.OMPI_MCA_orte_*", H5R_ENV_IGNORED, NULL},
    {"environment.OMPI_MCA_ess*", H5R_ENV_IGNORED, NULL},
    {"environment.OMPI_MCA_initial_wdir", H5R_ENV_IGNORED, NULL},
};

h5r_env_severity_t h5r_env_severity(const char *path)
{
    for (size_t i = 0; i < H5R_COUNT_OF(rules); i++) {
        if (fnmatch(rules[i].pattern, path, 0) == 0) {
            return rules[i].severity;
        }
    }
    return H5R_ENV_DIFFERENT;
}

const char *h5r_env_subject(size_t i)
{
    size_t subjects = 0;
    for (size_t k = 0; k < H5R_COUNT_OF(rules) && rules[k].subject != NULL; k++) {
        const bool first = k == 0 || strcmp(rules[k].subject, rules[k - 1].subject) != 0;
        if (first && subjects++ == i) {
            return rules[k].subject;
        }
    }
    return NULL;
}

/* The rule that decides about a path belongs to a subject. */
static bool concerns(const char *subject, const char *path)
{
    for (size_t i = 0; i < H5R_COUNT_OF(rules); i++) {
        if (fnmatch(rules[i].pattern, path, 0) == 0) {
            return rules[i].subject != NULL && strcmp(rules[i].subject, subject) == 0;
        }
    }
    return false;
}

static int by_path(const void *a, const void *b)
{
    const h5r_env_entry_t *x = a, *y = b;
    return strcmp(x->path, y->path);
}

/* While both lists are merged in the order of paths, each difference keeps its place in the files. */
typedef struct {
    h5r_env_difference_t difference;
    size_t place;
} found_t;

static int by_severity(const void *a, const void *b)
{
    const found_t *x = a, *y = b;
    if (x->difference.severity != y->difference.severity) {
        return x->difference.severity > y->difference.severity ? -1 : 1;
    }
    return x->place < y->place ? -1 : x->place > y->place;
}

static bool differ(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a != b : strcmp(a, b) != 0;
}

/* Takes the texts out of the entries, of which one may be NULL. */
static size_t take(found_t *to, h5r_env_entry_t *old, h5r_env_entry_t *new)
{
    h5r_env_entry_t *any = old != NULL ? old : new;
    const char *old_text = old != NULL ? old->text : NULL, *new_text = new != NULL ? new->text : NULL;
    h5r_env_severity_t severity = h5r_env_severity(any->path);
    if (severity == H5R_ENV_IGNORED || !differ(old_text, new_text)) {
        return 0;
    }
    *to = (found_t){{any->path, old != NULL ? old->text : NULL, new != NULL ? new->text : NULL, severity},
                    any->place};
    any->path = NULL;
    if (old != NULL) {
        old->text = NULL;
    }
    if (new != NULL) {
        new->text = NULL;
    }
    return 1;
}

static h5r_status_t merge(h5r_env_doc_t *old, h5r_env_doc_t *new, h5r_env_diff_t *diff, h5r_error_t *err)
{
    found_t *found = calloc(old->n + new->n + 1, sizeof *found);
    diff->difference = calloc(old->n + new->n + 1, sizeof *diff->difference);
    if (found == NULL || diff->difference == NULL) {
        free(found);
        return h5r_no_memory(err, "comparing environments");
    }
    qsort(old->entry, old->n, sizeof *old->entry, by_path);
    qsort(new->entry, new->n, sizeof *new->entry, by_path);
    for (size_t i = 0, k = 0; i < old->n || k < new->n;) {
        h5r_env_entry_t *x = i < old->n ? &old->entry[i] : NULL, *y = k < new->n ? &new->entry[k] : NULL;
        int order = x == NULL ? 1 : y == NULL ? -1 : strcmp(x->path, y->path);
        i += order <= 0 ? 1 : 0;
        k += order >= 0 ? 1 : 0;
        diff->n += take(&found[diff->n], order <= 0 ? x : NULL, order >= 0 ? y : NULL);
    }
    if (diff->n > 0) {
        qsort(found, diff->n, sizeof *found, by_severity);
    }
    for (size_t i = 0; i < diff->n; i++) {
        diff->difference[i] = found[i].difference;
    }
    free(found);
    return H5R_OK;
}

h5r_status_t h5r_env_diff(const char *old_path, const char *new_path, h5r_env_diff_t *diff, h5r_error_t *err)
{
    h5r_env_doc_t old = {0}, new = {0};
    *diff = (h5r_env_diff_t){0};
    h5r_status_t status = h5r_env_doc_read(old_path, &old, err);
    if (status == H5R_OK) {
        status = h5r_env_doc_read(new_path, &new, err);
    }
    if (status == H5R_OK) {
        status = merge(&old, &new, diff, err);
    }
    h5r_env_doc_free(&old);
    h5r_env_doc_free(&new);
    return status;
}

h5r_env_severity_t h5r_env_allow(h5r_env_diff_t *diff, const char *subject)
{
    h5r_env_severity_t was = H5R_ENV_IGNORED;
    size_t kept = 0;
    h5r_env_difference_t *allowed = calloc(diff->n + 1, sizeof *allowed);
    if (allowed == NULL) {
        return was; /* nothing is lifted, and the comparison is refused */
    }
    size_t n = 0;
    for (size_t i = 0; i < diff->n; i++) {
        h5r_env_difference_t *d = &diff->difference[i];
        if (concerns(subject, d->path) && d->severity > H5R_ENV_DIFFERENT) {
            was = d->severity > was ? d->severity : was;
            d->severity = H5R_ENV_DIFFERENT;
            allowed[n++] = *d;
        } else {
            diff->difference[kept++] = *d;
        }
    }
    /* before those that spoil nothing either, since a user has named them */
    size_t at = 0;
    while (at < kept && diff->difference[at].severity > H5R_ENV_DIFFERENT) {
        at++;
    }
    memmove(&diff->difference[at + n], &diff->difference[at], (kept - at) * sizeof *diff->difference);
    memcpy(&diff->difference[at], allowed, n * sizeof *allowed);
    free(allowed);
    return was;
}

void h5r_env_diff_free(h5r_env_diff_t *diff)
{
    for (size_t i = 0; i < diff->n; i++) {
        free(diff->difference[i].path);
        free(diff->difference[i].old);
        free(diff->difference[i].new);
    }
    free(diff->difference);
    *diff = (h5r_env_diff_t){0};
}

size_t h5r_env_diff_count(const h5r_env_diff_t *diff, h5r_env_severity_t least)
{
    size_t n = 0;
    for (size_t i = 0; i < diff->n; i++) {
        n += diff->difference[i].severity >= least ? 1 : 0;
    }
    return n;
}
