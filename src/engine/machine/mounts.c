#include "engine/machine/mounts.h"
#include "h5roof/count.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

/* Space, tab, newline and backslash are written as \040, \011, \012 and \134. In place. */
static void unescape(char *text)
{
    char *to = text;
    for (const char *from = text; *from; to++) {
        const bool octal = from[0] == '\\' && strspn(from + 1, "01234567") >= 3;
        if (octal) {
            *to = (char)((from[1] - '0') << 6 | (from[2] - '0') << 3 | (from[3] - '0'));
            from += 4;
        } else {
            *to = *from++;
        }
    }
    *to = '\0';
}

static bool copy_field(char *to, size_t size, char *field)
{
    unescape(field);
    const int n = snprintf(to, size, "%s", field);
    return n >= 0 && (size_t)n < size;
}

/* One line, see proc(5): ID PARENT MAJ:MIN ROOT MOUNT_POINT OPTIONS [TAG]... - TYPE SOURCE SUPER_OPTIONS.
 * Cuts it up. */
static bool parse_line(char *line, h5r_mount_t *mount)
{
    enum { ID, PARENT, DEVICE, ROOT, MOUNT_POINT, OPTIONS, FIXED };
    char *field[FIXED], *rest = line;
    line[strcspn(line, "\n")] = '\0';
    for (size_t i = 0; i < FIXED; i++) {
        if (!(field[i] = strsep(&rest, " "))) {
            return false;
        }
    }
    char *tag;
    do {
        tag = strsep(&rest, " ");
    } while (tag && strcmp(tag, "-") != 0);
    char *type = strsep(&rest, " "), *source = strsep(&rest, " "), *super = strsep(&rest, " ");
    if (!type || !source) {
        return false;
    }

    char *end;
    mount->id = (int)strtol(field[ID], &end, 10);
    if (*end || !copy_field(mount->mount_point, sizeof mount->mount_point, field[MOUNT_POINT])) {
        return false;
    }
    copy_field(mount->type, sizeof mount->type, type);
    copy_field(mount->source, sizeof mount->source, source);
    unescape(field[OPTIONS]);
    if (super) {
        unescape(super);
    }
    snprintf(mount->options, sizeof mount->options, "%s%s%s", field[OPTIONS], super ? "," : "",
             super ? super : "");
    return true;
}

/* Does a path lead through this mount point? */
static bool leads_to(const char *mount_point, const char *path)
{
    size_t n = strlen(mount_point);
    while (n > 0 && mount_point[n - 1] == '/') {
        n--;
    }
    return strncmp(path, mount_point, n) == 0 && (path[n] == '/' || path[n] == '\0');
}

typedef struct {
    int id; /* or, if negative: */
    const char *path;
} wanted_t;

/* False: no such mount. */
static bool search(FILE *mountinfo, const wanted_t *wanted, h5r_mount_t *found)
{
    bool any = false;
    char *line = NULL;
    size_t size = 0;
    while (getline(&line, &size, mountinfo) > 0) {
        h5r_mount_t mount;
        if (!parse_line(line, &mount)) {
            continue;
        }
        const bool hit = wanted->id >= 0
                             ? mount.id == wanted->id
                             : leads_to(mount.mount_point, wanted->path) &&
                                   (!any || strlen(mount.mount_point) >= strlen(found->mount_point));
        if (hit) {
            *found = mount;
            any = true;
        }
    }
    free(line);
    return any;
}

h5r_status_t h5r_mounts_by_id(FILE *mountinfo, int id, h5r_mount_t *mount, h5r_error_t *err)
{
    if (id < 0 || !search(mountinfo, &(wanted_t){.id = id}, mount)) {
        return h5r_fail(err, H5R_IO, "there is no mount %d", id);
    }
    return H5R_OK;
}

h5r_status_t h5r_mounts_by_path(FILE *mountinfo, const char *path, h5r_mount_t *mount, h5r_error_t *err)
{
    if (!search(mountinfo, &(wanted_t){.id = -1, .path = path}, mount)) {
        return h5r_fail(err, H5R_IO, "no mount leads to %s", path);
    }
    return H5R_OK;
}

/* The kernel's own answer, right also where a mount hides another; -1 if it does not say. */
static int mount_id_of(const char *path)
{
    const int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0) {
        return -1;
    }
    char name[64], line[128];
    snprintf(name, sizeof name, "/proc/self/fdinfo/%d", fd);
    int id = -1;
    FILE *in = fopen(name, "re");
    while (in && id < 0 && fgets(line, sizeof line, in)) {
        if (strncmp(line, "mnt_id:", 7) == 0) {
            id = (int)strtol(line + 7, NULL, 10);
        }
    }
    if (in) {
        fclose(in);
    }
    close(fd);
    return id;
}

/* The stripe of a Lustre directory, from the plain forms of struct lov_user_md; composite layouts are left
 * out. */
static void read_stripe(h5r_filesystem_t *fs)
{
    enum { MAGIC_V1 = 0x0bd10bd0, MAGIC_V3 = 0x0bd30bd0, STRIPE_SIZE_AT = 24, STRIPE_COUNT_AT = 28 };
    unsigned char lov[64 * 1024];
    uint32_t magic, stripe_size;
    int16_t stripe_count;

    const ssize_t n = getxattr(fs->path, "lustre.lov", lov, sizeof lov);
    if (n < STRIPE_COUNT_AT + (ssize_t)sizeof stripe_count) {
        return;
    }
    memcpy(&magic, lov, sizeof magic);
    memcpy(&stripe_size, lov + STRIPE_SIZE_AT, sizeof stripe_size);
    memcpy(&stripe_count, lov + STRIPE_COUNT_AT, sizeof stripe_count);
    fs->striped = magic == MAGIC_V1 || magic == MAGIC_V3;
    fs->stripe_bytes = stripe_size;
    fs->stripe_count = stripe_count;
}

h5r_status_t h5r_filesystem_of(const char *path, h5r_filesystem_t *fs, h5r_error_t *err)
{
    *fs = (h5r_filesystem_t){.stripe_count = 0};
    struct statvfs space;
    if (!realpath(path, fs->path) || statvfs(fs->path, &space) != 0) {
        return h5r_fail(err, H5R_ENV, "%s: %s", path, strerror(errno));
    }
    fs->total_bytes = (uint64_t)space.f_blocks * space.f_frsize;
    fs->free_bytes = (uint64_t)space.f_bavail * space.f_frsize;

    const int id = mount_id_of(fs->path);
    FILE *mountinfo = fopen("/proc/self/mountinfo", "re");
    if (!mountinfo) {
        return h5r_fail(err, H5R_ENV, "/proc/self/mountinfo: %s", strerror(errno));
    }
    h5r_status_t status = H5R_OK;
    bool found = id >= 0 && search(mountinfo, &(wanted_t){.id = id}, &fs->mount);
    if (!found) { /* a kernel that does not say, or a mount outside of what this process sees */
        rewind(mountinfo);
        found = search(mountinfo, &(wanted_t){.id = -1, .path = fs->path}, &fs->mount);
    }
    if (!found) {
        status = h5r_fail(err, H5R_ENV, "no mount leads to %s", fs->path);
    }
    fclose(mountinfo);
    if (status == H5R_OK && strcmp(fs->mount.type, "lustre") == 0) {
        read_stripe(fs);
    }
    return status;
}

bool h5r_mount_is_memory(const h5r_mount_t *mount)
{
    static const char *const types[] = {"tmpfs", "ramfs", "devtmpfs", "hugetlbfs"};
    for (size_t i = 0; i < H5R_COUNT_OF(types); i++) {
        if (strcmp(mount->type, types[i]) == 0) {
            return true;
        }
    }
    return false;
}
