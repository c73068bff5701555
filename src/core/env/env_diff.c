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
} rules[] = {
    /* HDF5 decides by ranks and version what it asks of MPI-IO and what it stores, zlib how small it becomes.
     */
    {"rank_count", H5R_ENV_COUNTS},
    {"hdf5.version", H5R_ENV_COUNTS},
    {"libraries.zlib", H5R_ENV_COUNTS},
    {"counters", H5R_ENV_COUNTS},

    {"node_count", H5R_ENV_TIMES},
    {"nodes[[]*].ranks", H5R_ENV_TIMES},
    {"nodes[[]*].cpu_model", H5R_ENV_TIMES},
    {"nodes[[]*].cpus_online", H5R_ENV_TIMES},
    {"nodes[[]*].cpu_limit_count", H5R_ENV_TIMES},
    {"nodes[[]*].io_limit", H5R_ENV_TIMES},
    {"filesystems.scratch.type", H5R_ENV_TIMES},
    {"filesystems.scratch.stripe_*", H5R_ENV_TIMES},
    {"filesystems.scratch.error", H5R_ENV_TIMES},
    {"mpi.library", H5R_ENV_TIMES},
    {"mpi.io_component", H5R_ENV_TIMES},
    {"h5roof.sanitizers", H5R_ENV_TIMES},

    {"run_id", H5R_ENV_IGNORED},
    {"start_utc", H5R_ENV_IGNORED},
    {"command_line*", H5R_ENV_IGNORED},
    {"filesystems.results*", H5R_ENV_IGNORED},
    {"filesystems.scratch.path", H5R_ENV_IGNORED},
    {"filesystems.scratch.free_bytes", H5R_ENV_IGNORED},
    {"nodes[[]*].memory_available_bytes", H5R_ENV_IGNORED},
    {"nodes[[]*].load1", H5R_ENV_IGNORED},
    {"scheduler.*", H5R_ENV_IGNORED},
    {"barrier_s", H5R_ENV_IGNORED},
    {"clock_read_s", H5R_ENV_IGNORED},
    {"copy_cost*", H5R_ENV_IGNORED},
    {"warnings*", H5R_ENV_IGNORED}, /* they name the directory of the run */
    /* What Open MPI's launcher tells its processes: addresses, directories, numbers of the job. */
    {"environment.OMPI_MCA_orte_*", H5R_ENV_IGNORED},
    {"environment.OMPI_MCA_ess*", H5R_ENV_IGNORED},
    {"environment.OMPI_MCA_initial_wdir", H5R_ENV_IGNORED},
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
