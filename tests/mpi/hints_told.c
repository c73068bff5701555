/* hints_told DIR: what the MPI says of hints, in one line: "told", or "only repeated"; and the keys that an
 * open file ignores of a made-up one and of one that ROMIO knows. */
#include "engine/store/hints.h"

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    h5r_context_t ctx;
    h5r_error_t err = {.code = H5R_OK};
    MPI_Init(&argc, &argv);
    if (argc != 2 || h5r_context_init(&ctx, MPI_COMM_WORLD, &err) != H5R_OK) {
        MPI_Abort(MPI_COMM_WORLD, 2);
    }
    bool told = h5r_hints_are_told(&ctx, argv[1]);
    const char *hints = "romio_cb_write=enable;h5roof_never_was=1;romio_cb_read=Enable";
    char path[PATH_MAX], keys[128] = "";
    MPI_Info info = MPI_INFO_NULL;
    MPI_File file;
    snprintf(path, sizeof path, "%s/hints.bin", argv[1]);
    MPI_Info_create(&info);
    MPI_Info_set(info, "romio_cb_write", "enable");
    MPI_Info_set(info, "romio_cb_read", "enable");
    MPI_Info_set(info, "h5roof_never_was", "1");
    int mode = MPI_MODE_CREATE | MPI_MODE_RDWR | MPI_MODE_DELETE_ON_CLOSE;
    if (MPI_File_open(MPI_COMM_WORLD, path, mode, info, &file) != MPI_SUCCESS) {
        MPI_Abort(MPI_COMM_WORLD, 2);
    }
    h5r_hints_ignored(file, hints, keys, sizeof keys);
    MPI_File_close(&file);
    MPI_Info_free(&info);
    if (ctx.rank == 0) {
        printf("%s, ignored: %s\n", told ? "told" : "only repeated", keys);
    }
    MPI_Finalize();
    return 0;
}
