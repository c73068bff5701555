#include "engine/machine/cgroup.h"

#include "engine/machine/first_line.h"
#include "h5roof/count.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "max" and the huge number by which v1 says "no limit" give 0. */
static uint64_t parse_limit(const char *text)
{
    char *end;
    errno = 0;
    const uint64_t value = strtoull(text, &end, 10);
    return errno || end == text || value >= (uint64_t)1 << 60 ? 0 : value;
}

static void read_memory(const char *dir, bool v2, h5r_machine_t *m)
{
    char line[64];
    if (!h5r_first_line(dir, v2 ? "memory.max" : "memory.limit_in_bytes", line, sizeof line)) {
        return;
    }
    const uint64_t limit = parse_limit(line);
    if (limit && (!m->memory_limit_bytes || limit < m->memory_limit_bytes)) {
        m->memory_limit_bytes = limit;
        snprintf(m->memory_limit_source, sizeof m->memory_limit_source, v2 ? "cgroup v2" : "cgroup v1");
    }
}

/* v2: "QUOTA PERIOD" or "max PERIOD"; v1: two files, and a quota of -1 is none. */
static void read_cpu(const char *dir, bool v2, h5r_machine_t *m)
{
    char line[64], period[64];
    long long quota = 0, every = 0;
    if (v2) {
        if (!h5r_first_line(dir, "cpu.max", line, sizeof line) ||
            sscanf(line, "%lld %lld", &quota, &every) != 2) {
            return;
        }
    } else {
        if (!h5r_first_line(dir, "cpu.cfs_quota_us", line, sizeof line) ||
            !h5r_first_line(dir, "cpu.cfs_period_us", period, sizeof period)) {
            return;
        }
        quota = strtoll(line, NULL, 10);
        every = strtoll(period, NULL, 10);
    }
    const double cpus = every > 0 ? (double)quota / (double)every : 0.0;
    if (cpus > 0.0 && (m->cpu_limit == 0.0 || cpus < m->cpu_limit)) {
        m->cpu_limit = cpus;
    }
}

/* Every line of a file is one device: append "PREFIXline". */
static void append_lines(const char *dir, const char *file, const char *prefix, h5r_machine_t *m)
{
    char name[3 * PATH_MAX], line[256];
    snprintf(name, sizeof name, "%s/%s", dir, file);
    FILE *in = fopen(name, "re");
    while (in && fgets(line, sizeof line, in)) {
        const size_t used = strlen(m->io_limit);
        line[strcspn(line, "\n")] = '\0';
        if (*line) {
            snprintf(m->io_limit + used, sizeof m->io_limit - used, "%s%s%s", used ? "; " : "", prefix, line);
        }
    }
    if (in) {
        fclose(in);
    }
}

static void read_io(const char *dir, bool v2, h5r_machine_t *m)
{
    static const struct {
        const char *file, *prefix;
    } files[] = {{"blkio.throttle.read_bps_device", "rbps "},
                 {"blkio.throttle.write_bps_device", "wbps "},
                 {"blkio.throttle.read_iops_device", "riops "},
                 {"blkio.throttle.write_iops_device", "wiops "}};
    if (v2) {
        append_lines(dir, "io.max", "", m);
    }
    for (size_t i = 0; !v2 && i < H5R_COUNT_OF(files); i++) {
        append_lines(dir, files[i].file, files[i].prefix, m);
    }
}

typedef void read_t(const char *dir, bool v2, h5r_machine_t *m);

/* A control group and all above it. group: "/a/b", is cut up. */
static void read_upwards(const char *root, const char *mount, char *group, bool v2, read_t *read,
                         h5r_machine_t *m)
{
    for (;;) {
        char dir[2 * PATH_MAX];
        snprintf(dir, sizeof dir, "%s%s%s", root, mount, group);
        read(dir, v2, m);
        char *slash = strrchr(group, '/');
        if (!slash) {
            return;
        }
        *slash = '\0';
    }
}

/* Is this name among the comma-separated controllers of a v1 hierarchy? */
static bool has_controller(const char *controllers, const char *name)
{
    const size_t n = strlen(name);
    for (const char *c = controllers; c; c = strchr(c, ',') ? strchr(c, ',') + 1 : NULL) {
        if (strncmp(c, name, n) == 0 && (c[n] == '\0' || c[n] == ',')) {
            return true;
        }
    }
    return false;
}

/* Lines of /proc/self/cgroup: HIERARCHY:CONTROLLERS:GROUP, for v2 0::GROUP */
void h5r_cgroup_query(const char *root, h5r_machine_t *m)
{
    static const struct {
        const char *controller, *mount;
        read_t *read;
    } kinds[] = {{"memory", "/sys/fs/cgroup/memory", read_memory},
                 {"cpu", "/sys/fs/cgroup/cpu", read_cpu},
                 {"blkio", "/sys/fs/cgroup/blkio", read_io}};
    char name[2 * PATH_MAX], line[PATH_MAX], group[PATH_MAX];
    snprintf(name, sizeof name, "%s/proc/self/cgroup", root);
    FILE *in = fopen(name, "re");
    while (in && fgets(line, sizeof line, in)) {
        line[strcspn(line, "\n")] = '\0';
        char *rest = line;
        const char *hierarchy = strsep(&rest, ":");
        const char *controllers = strsep(&rest, ":");
        if (!rest) {
            continue;
        }
        const bool v2 = strcmp(hierarchy, "0") == 0 && *controllers == '\0';
        for (size_t i = 0; i < H5R_COUNT_OF(kinds); i++) {
            if (!v2 && !has_controller(controllers, kinds[i].controller)) {
                continue;
            }
            snprintf(group, sizeof group, "%s", strcmp(rest, "/") == 0 ? "" : rest);
            read_upwards(root, v2 ? "/sys/fs/cgroup" : kinds[i].mount, group, v2, kinds[i].read, m);
        }
    }
    if (in) {
        fclose(in);
    }
}
