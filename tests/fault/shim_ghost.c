/*
 * LD_PRELOAD: after every H5Dread of this process the first byte of its buffer, which is a ghost cell if
 * there is a halo, is another one. Only on the rank SHIM_RANK, as the launcher numbers them.
 */
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef int read_t(int64_t dataset, int64_t type, int64_t memory, int64_t file, int64_t transfer,
                   void *buffer);

read_t H5Dread;

int H5Dread(int64_t dataset, int64_t type, int64_t memory, int64_t file, int64_t transfer, void *buffer)
{
    void *symbol = dlsym(RTLD_NEXT, "H5Dread");
    read_t *original;
    memcpy(&original, &symbol, sizeof original);
    int code = original(dataset, type, memory, file, transfer, buffer);
    const char *wanted = getenv("SHIM_RANK"), *own = getenv("OMPI_COMM_WORLD_RANK");
    own = own != NULL ? own : getenv("PMI_RANK");
    if (wanted != NULL && own != NULL && strcmp(wanted, own) == 0) {
        *(unsigned char *)buffer ^= 1;
    }
    return code;
}
