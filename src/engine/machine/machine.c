#include "engine/machine/machine.h"

#include "engine/machine/cgroup.h"
#include "engine/machine/first_line.h"
#include "h5roof/count.h"

#include <hwloc.h>
#include <inttypes.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#define CPUS_AT_MOST (1 << 16)

static void copy_text(char *to, size_t size, const char *from)
{
    const size_t n = strcspn(from, "\n");
    snprintf(to, size, "%.*s", (int)(n < INT_MAX ? n : INT_MAX), from);
}

/* Value of the first "key<space>: value" line of ROOT/PATH; false: none. */
static bool read_key(const char *root, const char *path, const char *key, char *value, size_t size)
{
    char name[2 * PATH_MAX], line[512];
    snprintf(name, sizeof name, "%s%s", root, path);
    FILE *in = fopen(name, "re");
    bool found = false;
    while (in && !found && fgets(line, sizeof line, in)) {
        char *colon = strchr(line, ':');
        if (!colon || strncmp(line, key, strlen(key)) != 0) {
            continue;
        }
        if (strspn(line + strlen(key), " \t:") == 0) {
            continue;
        }
        copy_text(value, size, colon + 1 + strspn(colon + 1, " \t"));
        found = true;
    }
    if (in) {
        fclose(in);
    }
    return found;
}

static uint64_t read_meminfo(const char *root, const char *key)
{
    char value[64];
    if (!read_key(root, "/proc/meminfo", key, value, sizeof value)) {
        return 0;
    }
    return strtoull(value, NULL, 10) * 1024;
}

static void query_cpu_model(const char *root, h5r_machine_t *m)
{
    /* x86, POWER, ARM, and what is left */
    static const char *const keys[] = {"model name", "cpu", "Model", "CPU part", "vendor_id"};
    for (size_t i = 0; i < H5R_COUNT_OF(keys); i++) {
        if (read_key(root, "/proc/cpuinfo", keys[i], m->cpu_model, sizeof m->cpu_model)) {
            return;
        }
    }
}

void h5r_machine_query(const char *root, h5r_machine_t *m)
{
    memset(m, 0, sizeof *m);
    if (gethostname(m->host, sizeof m->host - 1) != 0) {
        m->host[0] = '\0';
    }
    struct utsname u;
    if (uname(&u) == 0) {
        snprintf(m->kernel, sizeof m->kernel, "%s %s %s %s", u.sysname, u.release, u.version, u.machine);
    }
    const long online = sysconf(_SC_NPROCESSORS_ONLN);
    m->cpus_online = online > 0 && online < INT_MAX ? (int)online : 0;

    query_cpu_model(root, m);
    h5r_first_line(root, "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", m->governor,
                   sizeof m->governor);
    h5r_first_line(root, "sys/devices/system/clocksource/clocksource0/current_clocksource", m->clock_source,
                   sizeof m->clock_source);
    m->memory_total_bytes = read_meminfo(root, "MemTotal");
    m->memory_available_bytes = read_meminfo(root, "MemAvailable");
    h5r_cgroup_query(root, m);

    char load[64], *end = NULL;
    m->load1 = -1;
    if (h5r_first_line(root, "proc/loadavg", load, sizeof load)) {
        const double value = strtod(load, &end);
        if (end != load) {
            m->load1 = value;
        }
    }
}

static int count_of(hwloc_topology_t topology, hwloc_obj_type_t type)
{
    const int n = hwloc_get_nbobjs_by_type(topology, type);
    return n > 0 ? n : 0;
}

static void describe_caches(hwloc_topology_t topology, h5r_topology_t *t)
{
    static const struct {
        hwloc_obj_type_t type;
        const char *name;
    } caches[] = {{HWLOC_OBJ_L4CACHE, "L4"},
                  {HWLOC_OBJ_L3CACHE, "L3"},
                  {HWLOC_OBJ_L2CACHE, "L2"},
                  {HWLOC_OBJ_L1CACHE, "L1d"}};
    size_t used = 0;
    for (size_t i = 0; i < H5R_COUNT_OF(caches); i++) {
        hwloc_obj_t first = hwloc_get_obj_by_type(topology, caches[i].type, 0);
        if (!first || !first->attr) {
            continue;
        }
        const int n = snprintf(t->caches + used, sizeof t->caches - used, "%s%s %" PRIu64 " KiB x%d",
                               used ? ", " : "", caches[i].name, (uint64_t)first->attr->cache.size / 1024,
                               count_of(topology, caches[i].type));
        if (n < 0 || (size_t)n >= sizeof t->caches - used) {
            return;
        }
        used += (size_t)n;
    }
}

bool h5r_topology_query(h5r_topology_t *t)
{
    memset(t, 0, sizeof *t);
    const unsigned v = hwloc_get_api_version();
    snprintf(t->hwloc, sizeof t->hwloc, "%u.%u.%u", v >> 16, v >> 8 & 0xff, v & 0xff);

    hwloc_topology_t topology;
    if (hwloc_topology_init(&topology) != 0) {
        return false;
    }
    const bool loaded = hwloc_topology_load(topology) == 0;
    if (loaded) {
        t->packages = count_of(topology, HWLOC_OBJ_PACKAGE);
        t->numa_nodes = count_of(topology, HWLOC_OBJ_NUMANODE);
        t->cores = count_of(topology, HWLOC_OBJ_CORE);
        t->pus = count_of(topology, HWLOC_OBJ_PU);
        describe_caches(topology, t);
    }
    hwloc_topology_destroy(topology);
    return loaded;
}

/* From the kernel and not from hwloc, which would have to load the topology in every rank. */
int h5r_machine_binding(char *text, size_t size)
{
    text[0] = '\0';
    cpu_set_t *set = CPU_ALLOC(CPUS_AT_MOST);
    hwloc_bitmap_t cpus = hwloc_bitmap_alloc();
    int count = 0;
    const size_t set_size = CPU_ALLOC_SIZE(CPUS_AT_MOST);
    if (set && cpus && sched_getaffinity(0, set_size, set) == 0) {
        for (unsigned i = 0; i < CPUS_AT_MOST; i++) {
            if (CPU_ISSET_S(i, set_size, set)) {
                hwloc_bitmap_set(cpus, i);
                count++;
            }
        }
        hwloc_bitmap_list_snprintf(text, size, cpus);
    }
    hwloc_bitmap_free(cpus);
    CPU_FREE(set);
    return count;
}
