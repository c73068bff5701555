/* What this MPI is and does with files: its MPI-IO component, and the hints it takes. */
#ifndef H5ROOF_MPI_FACTS_H
#define H5ROOF_MPI_FACTS_H

#include "engine/machine/mounts.h"
#include "engine/ranks/context.h"

typedef struct {
    char name[64];      /* ompio, romio321, romio, ...; "": unknown */
    const char *source; /* how it was found out */
} h5r_io_component_t;

/* Local. Whether OMPIO of this Open MPI (MPI_Get_library_version) leaves Lustre to ROMIO: until 4.0;
 * from 4.1.0 on it is the default there as everywhere. */
bool h5r_ompio_leaves_lustre(const char *library);

/* Local. mount: of the directory under test, since Open MPI before 4.1 prefers another component on Lustre;
 * may be NULL. */
void h5r_mpi_io_component(const h5r_mount_t *mount, h5r_io_component_t *component);

/* Local. Of how many characters a path may be that `ranks` ranks of this Open MPI (MPI_Get_library_version)
 * open with OMPIO, and with the components `sharedfp` (a list, "^" and a list of those left out, or ""). 0: of
 * any number. */
size_t h5r_ompio_path_most(const char *library, const char *sharedfp, int ranks);

/* Local: the same of the MPI that runs, and of the component that it takes there; mount as above. */
size_t h5r_mpi_path_most(const h5r_mount_t *mount, int ranks);

typedef struct {
    MPI_Info info;    /* as MPI_File_get_info gave it; MPI_INFO_NULL: not probed */
    bool effective;   /* it holds hints that nobody asked for, so this MPI reports what it really uses; Open
                         MPI 4.1   only gives back what was set, even if it means nothing */
    char reason[256]; /* why it was not probed, or "" */
} h5r_hint_probe_t;

/*
 * Collective: open a new file in a directory with hints ("key=value;key=value" or "") and ask which are in
 * effect; the file is removed. Not an error if it cannot be done. dir: absolute, only rank 0's counts; NULL:
 * not probed. The result is of use on rank 0; free it with h5r_hint_probe_free on all ranks.
 */
void h5r_hint_probe(const h5r_context_t *ctx, const char *dir, const char *hints, h5r_hint_probe_t *probe);
void h5r_hint_probe_free(h5r_hint_probe_t *probe); /* local */

#endif
