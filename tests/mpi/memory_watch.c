/*
 * For scripts/dev/selfbench.sh: the most memory that one rank has while it runs.
 *
 *   mpirun -n N memory_watch FILE COMMAND [ARGUMENT]...
 *
 * Runs the command and reads /proc/PID/status of it every few milliseconds. At its end a line "RSS_ANON_KIB
 * VM_RSS_KIB" of greatest values is appended to FILE: RssAnon is what the process has allocated and touched,
 * VmRSS has the mapped files and the shared memory in it, too. The exit code is the command's.
 */
#include "h5roof/count.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define STEP_NS 5000000

typedef struct {
    const char *key;
    unsigned long most_kib;
} watched_t;

static void take_sample(const char *path, watched_t *watched, size_t n)
{
    char line[256];
    FILE *in = fopen(path, "re");
    while (in != NULL && fgets(line, sizeof line, in) != NULL) {
        for (size_t i = 0; i < n; i++) {
            size_t length = strlen(watched[i].key);
            if (strncmp(line, watched[i].key, length) == 0) {
                unsigned long kib = strtoul(line + length, NULL, 10);
                watched[i].most_kib = kib > watched[i].most_kib ? kib : watched[i].most_kib;
            }
        }
    }
    if (in != NULL) {
        fclose(in);
    }
}

/* One write, so that the lines of the ranks do not mix. */
static int append(const char *path, const watched_t *watched)
{
    char text[64];
    int length = snprintf(text, sizeof text, "%lu %lu\n", watched[0].most_kib, watched[1].most_kib);
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (fd < 0 || write(fd, text, (size_t)length) != length) {
        fprintf(stderr, "memory_watch: %s: %s\n", path, strerror(errno));
        return 1;
    }
    return close(fd) != 0;
}

int main(int argc, char **argv)
{
    watched_t watched[] = {
        {"RssAnon:", 0},
        {"VmRSS:", 0},
    };
    if (argc < 3) {
        fputs("usage: memory_watch FILE COMMAND [ARGUMENT]...\n", stderr);
        return 2;
    }
    pid_t pid = fork();
    if (pid == 0) {
        execvp(argv[2], argv + 2);
        fprintf(stderr, "memory_watch: %s: %s\n", argv[2], strerror(errno));
        _exit(127);
    }
    char path[64];
    int status = 0;
    pid_t ended = pid < 0 ? -1 : 0;
    snprintf(path, sizeof path, "/proc/%ld/status", (long)pid);
    while (ended == 0) {
        const struct timespec step = {.tv_nsec = STEP_NS};
        take_sample(path, watched, H5R_COUNT_OF(watched));
        nanosleep(&step, NULL);
        ended = waitpid(pid, &status, WNOHANG);
    }
    if (ended < 0) {
        fprintf(stderr, "memory_watch: %s\n", strerror(errno));
        return 1;
    }
    if (append(argv[1], watched) != 0) {
        return 1;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
