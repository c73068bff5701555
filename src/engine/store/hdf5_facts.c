#include "engine/store/hdf5_facts.h"

#include "engine/store/hdf5_util.h"
#include "h5roof/count.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    uint32_t value;
    const char *name;
} named_t;

static const named_t io_modes[] = {
    {H5D_MPIO_NO_COLLECTIVE, "independent"},
    {H5D_MPIO_CHUNK_INDEPENDENT, "chunk_independent"},
    {H5D_MPIO_CHUNK_COLLECTIVE, "chunk_collective"},
    {H5D_MPIO_CHUNK_MIXED, "chunk_mixed"},
    {H5D_MPIO_CONTIGUOUS_COLLECTIVE, "contiguous_collective"},
};

static const named_t chunk_opts[] = {
    {H5D_MPIO_NO_CHUNK_OPTIMIZATION, "none"},
    {H5D_MPIO_LINK_CHUNK, "link_chunk"},
    {H5D_MPIO_MULTI_CHUNK, "multi_chunk"},
};

static const named_t causes[] = {
    {H5D_MPIO_SET_INDEPENDENT, "set_independent"},
    {H5D_MPIO_DATATYPE_CONVERSION, "datatype_conversion"},
    {H5D_MPIO_DATA_TRANSFORMS, "data_transforms"},
    {H5D_MPIO_MPI_OPT_TYPES_ENV_VAR_DISABLED, "mpi_opt_types_disabled"},
    {H5D_MPIO_NOT_SIMPLE_OR_SCALAR_DATASPACES, "not_simple_or_scalar"},
    {H5D_MPIO_NOT_CONTIGUOUS_OR_CHUNKED_DATASET, "not_contiguous_or_chunked"},
#if H5_VERSION_GE(1, 10, 2)
    {H5D_MPIO_PARALLEL_FILTERED_WRITES_DISABLED, "filtered_writes_disabled"},
    {H5D_MPIO_ERROR_WHILE_CHECKING_COLLECTIVE_POSSIBLE, "error_while_checking"},
#endif
#if H5_VERSION_GE(1, 14, 1)
    {H5D_MPIO_NO_SELECTION_IO, "no_selection_io"},
#endif
};

static void name_value(const named_t *names, size_t n, uint32_t value, char *text, size_t size)
{
    snprintf(text, size, "unknown_%u", value);
    for (size_t i = 0; i < n; i++) {
        if (names[i].value == value) {
            snprintf(text, size, "%s", names[i].name);
        }
    }
}

static void name_causes(uint32_t mask, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < H5R_COUNT_OF(causes) && used < size; i++) {
        if ((mask & causes[i].value) != 0) {
            used += (size_t)snprintf(text + used, size - used, "%s%s", used > 0 ? "+" : "", causes[i].name);
        }
    }
}

void h5r_hdf5_transfer_facts(hid_t transfer, h5r_store_facts_t *facts)
{
    H5D_mpio_actual_io_mode_t mode;
    H5D_mpio_actual_chunk_opt_mode_t opt;
    uint32_t local, global;
    if (H5Pget_mpio_actual_io_mode(transfer, &mode) >= 0) {
        name_value(io_modes, H5R_COUNT_OF(io_modes), (uint32_t)mode, facts->actual_io_mode,
                   sizeof facts->actual_io_mode);
    }
    if (H5Pget_mpio_actual_chunk_opt_mode(transfer, &opt) >= 0) {
        name_value(chunk_opts, H5R_COUNT_OF(chunk_opts), (uint32_t)opt, facts->actual_chunk_opt,
                   sizeof facts->actual_chunk_opt);
    }
    if (H5Pget_mpio_no_collective_cause(transfer, &local, &global) >= 0) {
        name_causes(local, facts->no_collective_local, sizeof facts->no_collective_local);
        name_causes(global, facts->no_collective_global, sizeof facts->no_collective_global);
    }
}
