#include "engine/machine/plugins.h"

#include "core/factors/factor.h"

#include <hdf5.h>
#include <link.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    h5r_plugin_t *plugin;
    size_t n;
} found_t;

void h5r_plugins_load(void)
{
    for (int k = 0; k < H5R_FILTER_KINDS; k++) {
        const h5r_filter_kind_t kind = (h5r_filter_kind_t)k;
        if (h5r_filter_is_plugin(kind)) {
            (void)H5Zfilter_avail((H5Z_filter_t)h5r_filter_info(kind)->id);
        }
    }
}

/* Is this directory one of those where HDF5 looks? */
static bool is_searched(const char *dir)
{
    unsigned n = 0;
    for (unsigned i = 0; H5PLsize(&n) >= 0 && i < n; i++) {
        char given[PATH_MAX] = "", real[PATH_MAX];
        if (H5PLget(i, given, sizeof given) > 0 && realpath(given, real) != NULL && strcmp(real, dir) == 0) {
            return true;
        }
    }
    return false;
}

static bool others_write(const struct stat *st)
{
    const bool foreign = st->st_uid != 0 && st->st_uid != geteuid();
    return foreign || (st->st_mode & (S_IWGRP | S_IWOTH)) != 0;
}

static int look(struct dl_phdr_info *info, size_t size, void *context)
{
    found_t *found = context;
    char path[PATH_MAX], dir[PATH_MAX];
    struct stat file, place;
    (void)size;
    if (info->dlpi_name == NULL || info->dlpi_name[0] == '\0' || realpath(info->dlpi_name, path) == NULL) {
        return 0;
    }
    memcpy(dir, path, sizeof dir);
    *strrchr(dir, '/') = '\0';
    if (!is_searched(dir) || stat(path, &file) != 0 || stat(dir, &place) != 0) {
        return 0;
    }
    h5r_plugin_t *p = &found->plugin[found->n++];
    memcpy(p->path, path, sizeof p->path);
    const struct passwd *owner = getpwuid(file.st_uid);
    if (owner != NULL) {
        snprintf(p->owner, sizeof p->owner, "%s", owner->pw_name);
    } else {
        snprintf(p->owner, sizeof p->owner, "%lu", (unsigned long)file.st_uid);
    }
    p->others_write = others_write(&file) || others_write(&place);
    return found->n == H5R_PLUGINS_MOST;
}

size_t h5r_plugins_loaded(h5r_plugin_t plugin[H5R_PLUGINS_MOST])
{
    found_t found = {.plugin = plugin};
    dl_iterate_phdr(look, &found);
    return found.n;
}

void h5r_describe_plugins(h5r_doc_t *d, h5r_node_t *to)
{
    h5r_plugin_t *plugin = calloc(H5R_PLUGINS_MOST, sizeof *plugin);
    h5r_node_t *list = h5r_doc_list(d, to, "plugins");
    const size_t n = plugin != NULL ? h5r_plugins_loaded(plugin) : 0;
    d->failed = d->failed || plugin == NULL;
    for (size_t i = 0; i < n; i++) {
        h5r_node_t *entry = h5r_doc_map(d, list, NULL);
        h5r_doc_text(d, entry, "path", plugin[i].path);
        h5r_doc_text(d, entry, "owner", plugin[i].owner);
        h5r_doc_bool(d, entry, "others_can_write", plugin[i].others_write);
    }
    free(plugin);
}
