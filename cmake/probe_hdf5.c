/*
 * Run at configure time: is this HDF5 parallel, recent enough, and built with the MPI that it is linked with
 * here? Prints "hdf5 VERSION", "library VERSION", "mpi TEXT", and one line "loaded FILE" for each MPI library
 * in the process.
 */
#include <hdf5.h>

#ifndef H5_HAVE_PARALLEL
#error "H5R_PROBE: a serial HDF5"
#endif
#if !H5_VERSION_GE(1, 10, 8)
#error "H5R_PROBE: older than 1.10.8"
#endif

#include <dlfcn.h>
#include <link.h>
#include <mpi.h>
#include <stdio.h>
#include <string.h>

#define MAX_OBJECTS 512

typedef struct {
    const char *name[MAX_OBJECTS];
    int n;
} objects_t;

static int note_object(struct dl_phdr_info *info, size_t size, void *context)
{
    objects_t *objects = context;

    (void)size;
    if (info->dlpi_name != NULL && info->dlpi_name[0] != '\0' && objects->n < MAX_OBJECTS) {
        objects->name[objects->n++] = info->dlpi_name;
    }
    return 0;
}

/* The file that PMPI_Init comes from when looked up from this object, or NULL. No profiling tool defines that
 * name. */
static const char *mpi_of(const char *object)
{
    void *handle = dlopen(object, RTLD_LAZY | RTLD_NOLOAD);
    void *symbol = handle != NULL ? dlsym(handle, "PMPI_Init") : NULL;
    Dl_info info;

    return symbol != NULL && dladdr(symbol, &info) != 0 ? info.dli_fname : NULL;
}

int main(void)
{
    static objects_t objects;
    const char *seen[MAX_OBJECTS];
    char text[MPI_MAX_LIBRARY_VERSION_STRING] = "";
    int length = 0, nseen = 0;
    unsigned major = 0, minor = 0, release = 0;
    hid_t (*const needs_parallel)(hid_t, MPI_Comm, MPI_Info) =
        (hid_t(*)(hid_t, MPI_Comm, MPI_Info))H5Pset_fapl_mpio;

    if (needs_parallel == NULL || MPI_Get_library_version(text, &length) != MPI_SUCCESS) {
        return 1;
    }
    if (H5get_libversion(&major, &minor, &release) < 0) {
        return 1;
    }
    text[strcspn(text, "\r\n,")] = '\0';
    printf("hdf5 %d.%d.%d\nlibrary %u.%u.%u\nmpi %s\n", H5_VERS_MAJOR, H5_VERS_MINOR, H5_VERS_RELEASE, major,
           minor, release, text);
    dl_iterate_phdr(note_object, &objects);
    for (int i = 0; i < objects.n; i++) {
        const char *file = mpi_of(objects.name[i]);
        int known = file == NULL;

        for (int k = 0; k < nseen && !known; k++) {
            known = strcmp(seen[k], file) == 0;
        }
        if (!known) {
            seen[nseen++] = file;
            printf("loaded %s\n", file);
        }
    }
    return 0;
}
