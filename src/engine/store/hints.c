#include "engine/store/hints.h"

#include "engine/machine/mpi_facts.h"
#include "engine/ranks/mpi_util.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define MADE_UP "h5roof_made_up"

/* The value of a key; false: there is none. */
static bool value_of(MPI_Info info, const char *key, char value[MPI_MAX_INFO_VAL + 1])
{
    int found = 0;
    return MPI_Info_get(info, key, MPI_MAX_INFO_VAL, value, &found) == MPI_SUCCESS && found;
}

bool h5r_hints_are_told(const h5r_context_t *ctx, const char *dir)
{
    h5r_hint_probe_t probe;
    char value[MPI_MAX_INFO_VAL + 1];
    h5r_hint_probe(ctx, dir, MADE_UP "=1", &probe);
    int told = probe.info != MPI_INFO_NULL && probe.effective && !value_of(probe.info, MADE_UP, value);
    MPI_Bcast(&told, 1, MPI_INT, 0, ctx->comm);
    h5r_hint_probe_free(&probe);
    return told != 0;
}

/* One pair of the info that was asked for. */
static bool is_in_effect(MPI_Info effective, MPI_Info asked, const char *key)
{
    char wanted[MPI_MAX_INFO_VAL + 1], value[MPI_MAX_INFO_VAL + 1];
    return value_of(asked, key, wanted) && value_of(effective, key, value) && strcasecmp(wanted, value) == 0;
}

static void list_ignored(MPI_Info effective, MPI_Info asked, char *keys, size_t size)
{
    int n = 0;
    if (MPI_Info_get_nkeys(asked, &n) != MPI_SUCCESS) {
        return;
    }
    for (int i = 0; i < n; i++) {
        char key[MPI_MAX_INFO_KEY + 1];
        size_t used = strlen(keys);
        if (MPI_Info_get_nthkey(asked, i, key) == MPI_SUCCESS && !is_in_effect(effective, asked, key)) {
            snprintf(keys + used, size - used, "%s%s", used > 0 ? ";" : "", key);
        }
    }
}

char *h5r_hints_ignored(MPI_File file, const char *hints, char *keys, size_t size)
{
    MPI_Info asked = MPI_INFO_NULL, effective = MPI_INFO_NULL;
    h5r_error_t ignored = {.code = H5R_OK};
    keys[0] = '\0';
    if (h5r_hints_to_info(hints, &asked, &ignored) == H5R_OK && asked != MPI_INFO_NULL &&
        MPI_File_get_info(file, &effective) == MPI_SUCCESS) {
        list_ignored(effective, asked, keys, size);
    }
    if (asked != MPI_INFO_NULL) {
        MPI_Info_free(&asked);
    }
    if (effective != MPI_INFO_NULL) {
        MPI_Info_free(&effective);
    }
    return keys;
}
