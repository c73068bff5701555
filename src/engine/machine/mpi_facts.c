#include "engine/machine/mpi_facts.h"

#include "engine/ranks/mpi_util.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define VARIABLE_BYTES 8192

/* Value of an MPI_T control variable as text; false: there is none, or it is of another type. */
static bool read_text_variable(int index, char *text, size_t size)
{
    MPI_T_cvar_handle handle;
    int count;
    char value[VARIABLE_BYTES] = "";
    if (MPI_T_cvar_handle_alloc(index, NULL, &handle, &count) != MPI_SUCCESS) {
        return false;
    }
    const bool read = count > 0 && count < VARIABLE_BYTES && MPI_T_cvar_read(handle, value) == MPI_SUCCESS;
    MPI_T_cvar_handle_free(&handle);
    if (read) {
        snprintf(text, size, "%s", value);
    }
    return read;
}

static bool read_int_variable(int index, int *value)
{
    MPI_T_cvar_handle handle;
    int count;
    if (MPI_T_cvar_handle_alloc(index, NULL, &handle, &count) != MPI_SUCCESS) {
        return false;
    }
    const bool read = count == 1 && MPI_T_cvar_read(handle, value) == MPI_SUCCESS;
    MPI_T_cvar_handle_free(&handle);
    return read;
}

/* "ompio" from a variable of the name "io_ompio_priority"; false: not of this kind. */
static bool component_of_variable(const char *variable, char *name, size_t size)
{
    static const char prefix[] = "io_", suffix[] = "_priority";
    const size_t n = strlen(variable), before = sizeof prefix - 1, after = sizeof suffix - 1;
    if (n <= before + after || strncmp(variable, prefix, before) != 0 ||
        strcmp(variable + n - after, suffix) != 0) {
        return false;
    }
    snprintf(name, size, "%.*s", (int)(n - before - after), variable + before);
    return !strchr(name, '_'); /* io_ompio_delete_priority is about deleting */
}

bool h5r_ompio_leaves_lustre(const char *library)
{
    int major = 0, minor = 0;
    const char *version = strstr(library, "Open MPI v");
    return version != NULL && sscanf(version, "Open MPI v%d.%d", &major, &minor) == 2 &&
           (major < 4 || (major == 4 && minor < 1));
}

/* The component of the highest priority wins (Open MPI, ompi/mca/io/base/io_base_file_select.c). */
static void highest_priority(const h5r_mount_t *mount, h5r_io_component_t *component)
{
    char library[MPI_MAX_LIBRARY_VERSION_STRING] = "";
    int library_length = 0;
    MPI_Get_library_version(library, &library_length);
    const bool leaves = mount && strcmp(mount->type, "lustre") == 0 && h5r_ompio_leaves_lustre(library);
    int variables = 0, best = -1;
    if (MPI_T_cvar_get_num(&variables) != MPI_SUCCESS) {
        return;
    }
    for (int i = 0; i < variables; i++) {
        char name[256], found[64];
        int length = sizeof name, verbosity, binding, scope, no_text = 0, priority = 0;
        MPI_Datatype type;
        if (MPI_T_cvar_get_info(i, name, &length, &verbosity, &type, NULL, NULL, &no_text, &binding,
                                &scope) != MPI_SUCCESS ||
            type != MPI_INT || !component_of_variable(name, found, sizeof found) ||
            !read_int_variable(i, &priority)) {
            continue;
        }
        if (leaves && strcmp(found, "ompio") == 0) {
            priority = 1;
        }
        if (priority > best) {
            best = priority;
            snprintf(component->name, sizeof component->name, "%s", found);
            component->source = "inferred from the components' priorities";
        }
    }
}

static void ask_open_mpi(const h5r_mount_t *mount, h5r_io_component_t *component)
{
    int provided, index;
    char asked[VARIABLE_BYTES] = "";
    if (MPI_T_init_thread(MPI_THREAD_SINGLE, &provided) != MPI_SUCCESS) {
        return;
    }
    if (MPI_T_cvar_get_index("io", &index) == MPI_SUCCESS) {
        (void)read_text_variable(index, asked, sizeof asked);
    }
    if (*asked && !strpbrk(asked, ",^")) { /* else it is a list to choose from */
        snprintf(component->name, sizeof component->name, "%.*s", (int)sizeof component->name - 1, asked);
        component->source = "MPI_T control variable io";
    } else {
        highest_priority(mount, component);
    }
    MPI_T_finalize();
}

void h5r_mpi_io_component(const h5r_mount_t *mount, h5r_io_component_t *component)
{
    *component = (h5r_io_component_t){.source = "unknown"};
    char library[MPI_MAX_LIBRARY_VERSION_STRING] = "";
    int length = 0;
    MPI_Get_library_version(library, &length);
    if (strstr(library, "Open MPI")) {
        ask_open_mpi(mount, component);
    } else if (strstr(library, "MPICH") || strstr(library, "MVAPICH") || strstr(library, "Intel(R) MPI")) {
        snprintf(component->name, sizeof component->name, "romio");
        component->source = "the only one of this MPI";
    }
}

/* Is a word in a list with commas? */
static bool lists(const char *list, const char *word)
{
    const size_t n = strlen(word);
    for (const char *at = strstr(list, word); at != NULL; at = strstr(at + 1, word)) {
        if ((at == list || strchr("^,", at[-1])) && (at[n] == ',' || at[n] == '\0')) {
            return true;
        }
    }
    return false;
}

/* Up to 5.0.9 the component lockedfile writes PATH.locktest.RANK into 256 characters, whether it is taken in
 * the end or not (mca_sharedfp_lockedfile_component_file_query). */
size_t h5r_ompio_path_most(const char *library, const char *sharedfp, int ranks)
{
    int major = 0, minor = 0, release = 0;
    const char *version = strstr(library, "Open MPI v");
    if (version == NULL || sscanf(version, "Open MPI v%d.%d.%d", &major, &minor, &release) != 3 ||
        major > 5 || (major == 5 && (minor > 0 || release > 9))) {
        return 0;
    }
    const bool listed = lists(sharedfp, "lockedfile");
    if (*sharedfp != '\0' && listed == (*sharedfp == '^')) {
        return 0;
    }
    const int added = snprintf(NULL, 0, ".locktest.%d", ranks - 1);
    return 255 - (size_t)added;
}

size_t h5r_mpi_path_most(const h5r_mount_t *mount, int ranks)
{
    h5r_io_component_t io;
    int provided, index, length = 0;
    char library[MPI_MAX_LIBRARY_VERSION_STRING] = "", sharedfp[VARIABLE_BYTES] = "";
    const char *variable = getenv("OMPI_MCA_sharedfp");
    h5r_mpi_io_component(mount, &io);
    if (strcmp(io.name, "ompio") != 0) {
        return 0;
    }
    MPI_Get_library_version(library, &length);
    if (MPI_T_init_thread(MPI_THREAD_SINGLE, &provided) == MPI_SUCCESS) {
        if (MPI_T_cvar_get_index("sharedfp", &index) == MPI_SUCCESS) {
            (void)read_text_variable(index, sharedfp, sizeof sharedfp);
        }
        MPI_T_finalize();
    }
    if (*sharedfp == '\0' && variable != NULL) { /* no file was opened yet, and nothing read it */
        snprintf(sharedfp, sizeof sharedfp, "%s", variable);
    }
    return h5r_ompio_path_most(library, sharedfp, ranks);
}

/* Does `got` hold a key that `asked` does not? */
static bool has_more(MPI_Info got, MPI_Info asked)
{
    int keys = 0;
    if (MPI_Info_get_nkeys(got, &keys) != MPI_SUCCESS) {
        return false;
    }
    for (int i = 0; i < keys; i++) {
        char key[MPI_MAX_INFO_KEY + 1];
        int length, known = 0;
        if (asked == MPI_INFO_NULL) {
            return true;
        }
        if (MPI_Info_get_nthkey(got, i, key) == MPI_SUCCESS &&
            MPI_Info_get_valuelen(asked, key, &length, &known) == MPI_SUCCESS && !known) {
            return true;
        }
    }
    return false;
}

/* Rank 0 makes the file, all learn its name; "" if it could not. */
static void make_probe_file(const h5r_context_t *ctx, const char *dir, char *path, h5r_hint_probe_t *probe)
{
    path[0] = '\0';
    if (ctx->rank == 0) {
        const int n = dir ? snprintf(path, PATH_MAX, "%s/h5roof-probe-XXXXXX", dir) : 0;
        const size_t most = h5r_mpi_path_most(NULL, ctx->size);
        const bool fits = n > 0 && n < PATH_MAX && (most == 0 || (size_t)n <= most);
        errno = fits ? 0 : ENAMETOOLONG;
        const int fd = fits ? mkstemp(path) : -1;
        if (fd < 0) {
            snprintf(probe->reason, sizeof probe->reason, "no file could be made: %s",
                     dir ? strerror(errno) : "no scratch directory");
            path[0] = '\0';
        } else {
            close(fd);
        }
    }
    MPI_Bcast(path, PATH_MAX, MPI_CHAR, 0, ctx->comm);
}

/* An open that fails on one rank can hang the others, so that all look whether they see the file before. */
static bool all_see(const h5r_context_t *ctx, const char *path, h5r_hint_probe_t *probe)
{
    const int unseen = access(path, R_OK | W_OK) != 0;
    int sum = 0;
    MPI_Allreduce(&unseen, &sum, 1, MPI_INT, MPI_SUM, ctx->comm);
    if (sum > 0) {
        snprintf(probe->reason, sizeof probe->reason, "%d of %d ranks do not see a file made by rank 0", sum,
                 ctx->size);
    }
    return sum == 0;
}

static void open_and_ask(const h5r_context_t *ctx, const char *path, MPI_Info asked, h5r_hint_probe_t *probe)
{
    MPI_File file;
    const int code = MPI_File_open(ctx->comm, path, MPI_MODE_RDWR, asked, &file);
    if (code != MPI_SUCCESS) {
        char text[MPI_MAX_ERROR_STRING] = "";
        int length = 0;
        MPI_Error_string(code, text, &length);
        snprintf(probe->reason, sizeof probe->reason, "MPI_File_open: %.200s", text);
        return;
    }
    if (MPI_File_get_info(file, &probe->info) == MPI_SUCCESS) {
        probe->effective = has_more(probe->info, asked);
    } else {
        probe->info = MPI_INFO_NULL;
    }
    MPI_File_close(&file);
}

void h5r_hint_probe(const h5r_context_t *ctx, const char *dir, const char *hints, h5r_hint_probe_t *probe)
{
    *probe = (h5r_hint_probe_t){.info = MPI_INFO_NULL};
    MPI_Info asked = MPI_INFO_NULL;
    h5r_error_t refused = {.code = H5R_OK};
    (void)h5r_hints_to_info(hints, &asked, &refused);
    if (h5r_agree(ctx, &refused) != H5R_OK) {
        snprintf(probe->reason, sizeof probe->reason, "%.200s", refused.message);
        goto free_info;
    }
    char path[PATH_MAX];
    make_probe_file(ctx, dir, path, probe);
    if (!*path) {
        goto free_info;
    }
    if (all_see(ctx, path, probe)) {
        open_and_ask(ctx, path, asked, probe);
    }
    MPI_Barrier(ctx->comm); /* nobody has it open any more */
    if (ctx->rank == 0) {
        (void)unlink(path);
    }

free_info:
    if (asked != MPI_INFO_NULL) {
        MPI_Info_free(&asked);
    }
}

void h5r_hint_probe_free(h5r_hint_probe_t *probe)
{
    if (probe->info != MPI_INFO_NULL) {
        MPI_Info_free(&probe->info);
    }
}
