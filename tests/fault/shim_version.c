/*
 * LD_PRELOAD: on the rank SHIM_RANK the library calls itself HDF5 9.9.9, as another installation on another node would.
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

int H5get_libversion(unsigned *major, unsigned *minor, unsigned *release);

int H5get_libversion(unsigned *major, unsigned *minor, unsigned *release)
{
    static int (*real)(unsigned *, unsigned *, unsigned *);
    const char *wanted = getenv("SHIM_RANK"), *own = getenv("OMPI_COMM_WORLD_RANK");
    own = own != NULL ? own : getenv("PMI_RANK");
    if (wanted != NULL && own != NULL && strcmp(wanted, own) == 0) {
        *major = *minor = *release = 9;
        return 0;
    }
    if (real == NULL) {
        *(void **)&real = dlsym(RTLD_NEXT, "H5get_libversion");
    }
    return real(major, minor, release);
}
