#include "engine/machine/fitness.h"

#include "core/base/units.h"
#include "h5roof/count.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define FULL_PERCENT 95.0

const char *h5r_environment_get(char *const *environment, const char *name)
{
    const size_t n = strlen(name);
    for (; environment && *environment; environment++) {
        if (strncmp(*environment, name, n) == 0 && (*environment)[n] == '=') {
            return *environment + n + 1;
        }
    }
    return NULL;
}

static bool oversubscribed(const h5r_facts_t *f, FILE *out)
{
    int nodes = 0;
    const h5r_node_info_t *worst = NULL;
    for (int i = 0; f->nodes && i < f->nodes->listed; i++) {
        const h5r_node_info_t *node = &f->nodes->node[i];
        const int cores = h5r_node_cores(node);
        if (cores == 0 || node->ranks <= cores) {
            continue;
        }
        nodes++;
        if (!worst || node->ranks > worst->ranks) {
            worst = node;
        }
    }
    if (!worst) {
        return false;
    }
    fprintf(out, "oversubscribed: %d ranks share %d cores on %s", worst->ranks, h5r_node_cores(worst),
            worst->machine.host);
    if (nodes > 1) {
        fprintf(out, " (and %d more nodes)", nodes - 1);
    }
    fputs("; times are those of waiting for a core", out);
    return true;
}

static bool not_release(const h5r_facts_t *f, FILE *out)
{
    if (strcasecmp(f->build_type, "Release") == 0 || strcasecmp(f->build_type, "RelWithDebInfo") == 0) {
        return false;
    }
    fprintf(out, "this is not a Release build of h5roof but '%s'", *f->build_type ? f->build_type : "none");
    return true;
}

static bool sanitized(const h5r_facts_t *f, FILE *out)
{
    if (!*f->sanitizers) {
        return false;
    }
    fprintf(out, "built with sanitizers (%s): times mean nothing", f->sanitizers);
    return true;
}

static bool in_memory(const h5r_facts_t *f, FILE *out)
{
    if (!f->scratch || !h5r_mount_is_memory(&f->scratch->mount)) {
        return false;
    }
    fprintf(out, "scratch %s is on %s: memory is measured, not storage", f->scratch->path,
            f->scratch->mount.type);
    return true;
}

static bool nearly_full(const h5r_facts_t *f, FILE *out)
{
    if (!f->scratch || f->scratch->total_bytes == 0) {
        return false;
    }
    const double free_percent = 100.0 * (double)f->scratch->free_bytes / (double)f->scratch->total_bytes;
    if (free_percent >= 100.0 - FULL_PERCENT) {
        return false;
    }
    fprintf(out, "the file system of scratch %s is %.1f %% full, which makes many slower", f->scratch->path,
            100.0 - free_percent);
    return true;
}

static bool slow_governor(const h5r_facts_t *f, FILE *out)
{
    for (int i = 0; f->nodes && i < f->nodes->listed; i++) {
        const h5r_machine_t *m = &f->nodes->node[i].machine;
        if (!*m->governor || strcmp(m->governor, "performance") == 0) {
            continue;
        }
        fprintf(out, "the CPU frequency governor on %s is '%s', not 'performance'", m->host, m->governor);
        return true;
    }
    return false;
}

/* Value of a line "name: value" of the settings begins with this. */
static bool setting_is(const char *settings, const char *name, const char *value)
{
    const char *at = strstr(settings, name);
    if (!at) {
        return false;
    }
    at += strlen(name);
    at += strspn(at, " \t");
    return strncasecmp(at, value, strlen(value)) == 0;
}

static bool hdf5_not_release(const h5r_facts_t *f, FILE *out)
{
    const bool asserts = setting_is(f->hdf5_settings, "Asserts:", "yes");
    const bool debug = setting_is(f->hdf5_settings, "Build Mode:", "debug") ||
                       setting_is(f->hdf5_settings, "Build Mode:", "developer");
    if (!asserts && !debug) {
        return false;
    }
    fprintf(out, "the HDF5 library is a debug build%s; its own time is not that of a release",
            asserts ? " with assertions" : "");
    return true;
}

/* These are read through a device or a loop in the kernel: about a microsecond each time. */
static bool slow_clock(const h5r_facts_t *f, FILE *out)
{
    static const char *const slow[] = {"hpet", "acpi_pm", "jiffies", "refined-jiffies", "pit"};
    for (int i = 0; f->nodes && i < f->nodes->listed; i++) {
        const h5r_machine_t *m = &f->nodes->node[i].machine;
        for (size_t k = 0; k < H5R_COUNT_OF(slow); k++) {
            if (strcmp(m->clock_source, slow[k]) != 0) {
                continue;
            }
            fprintf(out, "the kernel's clock source on %s is '%s', which is slow to read or coarse", m->host,
                    m->clock_source);
            return true;
        }
    }
    return false;
}

/* In memory everything is; that is said elsewhere. */
static bool reads_from_cache(const h5r_facts_t *f, FILE *out)
{
    if (f->as_is_least <= 0.0 || !f->nodes || f->nodes->listed == 0 ||
        (f->scratch && h5r_mount_is_memory(&f->scratch->mount))) {
        return false;
    }
    const h5r_machine_t *m = &f->nodes->node[0].machine;
    const bool limited = m->memory_limit_bytes > 0 && m->memory_limit_bytes < m->memory_available_bytes;
    const double room = (double)(limited ? m->memory_limit_bytes : m->memory_available_bytes);
    char bytes[32], has[32];
    if (f->as_is_least >= room) {
        return false;
    }
    const bool all = f->as_is_most < room;
    fprintf(out, "%s %s a node) fit into memory (%s) and come from the page cache; cache: cold avoids it",
            all ? "all reads with cache: as-is (at most" : "some reads with cache: as-is (from",
            h5r_format_size(all ? f->as_is_most : f->as_is_least, bytes, sizeof bytes),
            h5r_format_size(room, has, sizeof has));
    return true;
}

/* What of a node should be the same on all: its text, for comparison and to be told. */
typedef void fact_of_t(const h5r_node_info_t *node, char *text, size_t size);

static void cpu_model_of(const h5r_node_info_t *node, char *text, size_t size)
{
    snprintf(text, size, "%s", node->machine.cpu_model);
}

static void cpus_of(const h5r_node_info_t *node, char *text, size_t size)
{
    snprintf(text, size, "%d", node->machine.cpus_online);
}

static void cpu_limit_of(const h5r_node_info_t *node, char *text, size_t size)
{
    snprintf(text, size, "%.4g", node->machine.cpu_limit);
}

static void memory_of(const h5r_node_info_t *node, char *text, size_t size)
{
    h5r_format_size((double)(node->machine.memory_total_bytes >> 28) * 0x1p28, text, size); /* as installed */
}

static void memory_limit_of(const h5r_node_info_t *node, char *text, size_t size)
{
    h5r_format_size((double)node->machine.memory_limit_bytes, text, size);
}

static void io_limit_of(const h5r_node_info_t *node, char *text, size_t size)
{
    snprintf(text, size, "%s", node->machine.io_limit[0] != '\0' ? node->machine.io_limit : "none");
}

static void kernel_of(const h5r_node_info_t *node, char *text, size_t size)
{
    snprintf(text, size, "%s", node->machine.kernel);
}

static const struct {
    const char *what;
    fact_of_t *of;
} same_on_nodes[] = {{"CPU", cpu_model_of}, {"number of CPUs", cpus_of},       {"CPU limit", cpu_limit_of},
                     {"memory", memory_of}, {"memory limit", memory_limit_of}, {"I/O limit", io_limit_of},
                     {"kernel", kernel_of}};

/* The slowest of them makes the time of all. */
static bool nodes_differ(const h5r_facts_t *f, FILE *out)
{
    char first[384], other[384];
    size_t said = 0;
    for (size_t k = 0; f->nodes && f->nodes->listed > 1 && k < H5R_COUNT_OF(same_on_nodes); k++) {
        int differing = 0, which = 0;
        same_on_nodes[k].of(&f->nodes->node[0], first, sizeof first);
        for (int i = 1; i < f->nodes->listed; i++) {
            same_on_nodes[k].of(&f->nodes->node[i], other, sizeof other);
            if (strcmp(first, other) != 0) {
                which = differing++ == 0 ? i : which;
            }
        }
        if (differing > 0) {
            same_on_nodes[k].of(&f->nodes->node[which], other, sizeof other);
            fprintf(out, "%s%s: %.80s on %s, %.80s on %s", said++ == 0 ? "the nodes differ: " : "; ",
                    same_on_nodes[k].what, first, f->nodes->node[0].machine.host, other,
                    f->nodes->node[which].machine.host);
            if (differing > 1) {
                fprintf(out, " and %d more that are not like the first", differing - 1);
            }
        }
    }
    return said > 0;
}

static const struct {
    bool (*say)(const h5r_facts_t *f, FILE *out);
} checks[] = {{oversubscribed}, {not_release},      {sanitized},  {in_memory},        {nearly_full},
              {slow_governor},  {hdf5_not_release}, {slow_clock}, {reads_from_cache}, {nodes_differ}};

static const struct {
    const char *name, *effect;
} suspects[] = {
    {"HDF5_DRIVER", "can replace the file driver under test"},
    {"HDF5_VOL_CONNECTOR", "can replace the library below the API"},
    {"HDF5_USE_FILE_LOCKING", "changes how files are opened"},
    {"HDF5_PLUGIN_PATH", "can bring other filters in"},
    {"HDF5_DO_MPI_FILE_SYNC", "changes what a flush does"},
    {"HDF5_MPI_OPT_TYPES", "can make collective transfers independent"},
    {"HDF5_PLUGIN_PRELOAD", "can take filters away"},
    {"HDF5_DISABLE_VERSION_CHECK", "hides a library that does not fit its headers"},
    {"ROMIO_HINTS", "changes the hints of every file"},
    {"OMPI_MCA_io", "chooses the MPI-IO component"},
    {"LD_PRELOAD", "puts other code below the program"},
};

bool h5r_warnings_add(h5r_warnings_t *warnings, const char *text)
{
    char **more = realloc(warnings->text, (warnings->n + 1) * sizeof *more);
    if (!more) {
        return false;
    }
    warnings->text = more;
    more[warnings->n] = strdup(text);
    if (!more[warnings->n]) {
        return false;
    }
    warnings->n++;
    return true;
}

bool h5r_fitness_check(const h5r_facts_t *facts, h5r_warnings_t *warnings)
{
    char sentence[PATH_MAX + 1024];
    *warnings = (h5r_warnings_t){.n = 0};
    for (size_t i = 0; i < H5R_COUNT_OF(checks); i++) {
        FILE *out = fmemopen(sentence, sizeof sentence, "w");
        if (!out) {
            return false;
        }
        const bool said = checks[i].say(facts, out);
        if (fclose(out) != 0 || (said && !h5r_warnings_add(warnings, sentence))) {
            return false;
        }
    }
    for (size_t i = 0; i < H5R_COUNT_OF(suspects); i++) {
        const char *value = h5r_environment_get(facts->environment, suspects[i].name);
        if (!value) {
            continue;
        }
        snprintf(sentence, sizeof sentence, "%s=%.256s is set: it %s", suspects[i].name, value,
                 suspects[i].effect);
        if (!h5r_warnings_add(warnings, sentence)) {
            return false;
        }
    }
    return true;
}

void h5r_warnings_free(h5r_warnings_t *warnings)
{
    for (size_t i = 0; i < warnings->n; i++) {
        free(warnings->text[i]);
    }
    free(warnings->text);
    *warnings = (h5r_warnings_t){.n = 0};
}
