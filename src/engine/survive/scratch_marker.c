/* The marker of a run's directory: written when it is made, and read by whoever wants to remove it. */
#include "engine/survive/scratch_part.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define NOT_KNOWN "-"
#define MOST      1024 /* bytes of a marker */

#define FORMAT_OUT "h5roof 1\nrun %s\nnode %s\nboot %s\npids %s\npid %ld\nstart %llu\nkeep %d\n"
#define FORMAT_IN  "h5roof 1\nrun %39s\nnode %255s\nboot %63s\npids %63s\npid %9ld\nstart %18llu\nkeep %1d\n%n"
#define FIELDS     7

/* One word of a file of the kernel. */
static void read_word(const char *path, char *word, size_t size)
{
    FILE *file = fopen(path, "re");
    if (file == NULL || fgets(word, (int)size, file) == NULL) {
        word[0] = '\0';
    }
    word[strcspn(word, " \t\n")] = '\0';
    if (word[0] == '\0') {
        snprintf(word, size, NOT_KNOWN);
    }
    if (file != NULL) {
        fclose(file);
    }
}

typedef enum { RUNS, ENDED, NOT_TOLD } process_t;

/* When a process began, which tells it from a later one of the same number. */
static process_t process_of(long pid, unsigned long long *start)
{
    char path[64], line[1024], state;
    *start = 0;
    snprintf(path, sizeof path, "/proc/%ld/stat", pid);
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return errno == ENOENT ? ENDED : NOT_TOLD;
    }
    errno = 0;
    const bool told = fgets(line, sizeof line, file) != NULL;
    const bool gone = !told && errno == ESRCH;
    fclose(file);
    const char *end = told ? strrchr(line, ')') : NULL; /* of its name */
    /* the third field, then the 22nd */
    if (end == NULL ||
        sscanf(end + 1, " %c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %llu",
               &state, start) != 2) {
        return gone ? ENDED : NOT_TOLD;
    }
    return state == 'Z' || state == 'X' ? ENDED : RUNS;
}

void h5r_marker_here(const char *run_id, bool keep, h5r_marker_t *m)
{
    *m = (h5r_marker_t){.pid = (long)getpid(), .keep = keep};
    snprintf(m->run_id, sizeof m->run_id, "%s", run_id);
    if (gethostname(m->node, sizeof m->node - 1) != 0 || m->node[0] == '\0') {
        snprintf(m->node, sizeof m->node, NOT_KNOWN);
    }
    read_word("/proc/sys/kernel/random/boot_id", m->boot, sizeof m->boot);
    ssize_t n = readlink("/proc/self/ns/pid", m->pids, sizeof m->pids - 1);
    if (n <= 0) {
        snprintf(m->pids, sizeof m->pids, NOT_KNOWN);
    }
    process_of(m->pid, &m->start);
}

bool h5r_marker_write(int dir, const h5r_marker_t *m)
{
    char text[MOST];
    int n = snprintf(text, sizeof text, FORMAT_OUT, m->run_id, m->node, m->boot, m->pids, m->pid, m->start,
                     m->keep);
    int fd = openat(dir, H5R_SCRATCH_MARKER, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (fd < 0) {
        return false;
    }
    errno = ENOSPC; /* what a short write of so little means */
    bool good = n > 0 && n < (int)sizeof text && write(fd, text, (size_t)n) == (ssize_t)n;
    int code = errno;
    (void)fsync(fd); /* only for a node that loses its power: without it the directory is left and named */
    if (close(fd) != 0 && good) {
        good = false;
        code = errno;
    }
    if (!good) {
        unlinkat(dir, H5R_SCRATCH_MARKER, 0);
        errno = code;
    }
    return good;
}

static bool parse(const char *text, h5r_marker_t *m)
{
    int end = 0;
    *m = (h5r_marker_t){.pid = 0};
    return sscanf(text, FORMAT_IN, m->run_id, m->node, m->boot, m->pids, &m->pid, &m->start, &m->keep,
                  &end) == FIELDS &&
           end > 0 && text[end] == '\0' && m->pid > 0;
}

/* What is there may be anything: a FIFO must not block, and a link is not followed. */
const char *h5r_marker_read(int dir, h5r_marker_t *m, struct stat *st)
{
    char text[MOST + 1];
    int fd = openat(dir, H5R_SCRATCH_MARKER, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0) {
        return errno == ENOENT ? "it has no marker (" H5R_SCRATCH_MARKER ")" : "its marker cannot be opened";
    }
    ssize_t n = fstat(fd, st) == 0 && S_ISREG(st->st_mode) ? read(fd, text, sizeof text - 1) : -1;
    close(fd);
    text[n > 0 ? n : 0] = '\0';
    return n > 0 && n == st->st_size && parse(text, m) ? NULL : "its marker is not one that a run writes";
}

/*
 * Only the kernel that ran the process knows what became of it: the same boot of the same node, asked in the
 * same namespace of process ids. Names of nodes prove nothing: many containers have the same.
 */
h5r_left_state_t h5r_marker_state(const h5r_marker_t *m)
{
    h5r_marker_t here;
    unsigned long long start;
    h5r_marker_here("", false, &here);
    const bool same_kernel = strcmp(here.boot, NOT_KNOWN) != 0 && strcmp(here.boot, m->boot) == 0;
    const bool same_pids = strcmp(here.pids, NOT_KNOWN) != 0 && strcmp(here.pids, m->pids) == 0;
    process_t process = same_kernel && same_pids && m->start > 0 ? process_of(m->pid, &start) : NOT_TOLD;
    if (process == RUNS && start == m->start) {
        return H5R_LEFT_ALIVE;
    }
    if (m->keep) {
        return H5R_LEFT_KEPT;
    }
    return process == NOT_TOLD ? H5R_LEFT_ELSEWHERE : H5R_LEFT_DEAD;
}
