#include "engine/machine/launch.h"
#include "h5roof/count.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define ANCESTORS_AT_MOST 16

/* Inner launchers first: mpirun within a step of srun numbers its own processes, while the variables of srun
 * stay those of the step that surrounds it. */
static const struct {
    const char *name, *size, *rank;
} launchers[] = {
    {"mpirun of Open MPI", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK"},
    {"a launcher of MVAPICH", "MV2_COMM_WORLD_SIZE", "MV2_COMM_WORLD_RANK"},
    {"a launcher that speaks PMI", "PMI_SIZE", "PMI_RANK"},
    {"jsrun", "JSM_NAMESPACE_SIZE", "JSM_NAMESPACE_RANK"},
    {"flux run", "FLUX_JOB_SIZE", "FLUX_TASK_RANK"},
    {"srun", "SLURM_STEP_NUM_TASKS", "SLURM_PROCID"},
};

/* What starts a binary that is linked with this MPI; the text in the library's version decides, first match
 * first. */
static const struct {
    const char *in_version, *mpi, *launcher;
} implementations[] = {
    {"Open MPI", "Open MPI", "mpirun of Open MPI (on Debian mpirun.openmpi), or srun --mpi=pmix"},
    {"Intel(R) MPI", "Intel MPI", "mpirun of Intel MPI, or srun --mpi=pmi2"},
    {"MVAPICH", "MVAPICH", "mpirun_rsh or mpiexec of MVAPICH, or srun --mpi=pmi2"},
    {"CRAY MPICH", "Cray MPICH", "srun, or aprun"},
    {"MPICH", "MPICH", "mpiexec of MPICH (on Debian mpirun.mpich), or srun --mpi=pmi2"},
};

/* Processes whose stderr is where ours ends up. */
static const char *const launcher_processes[] = {
    "mpirun",          "mpiexec",      "orterun",       "prterun",    "mpiexec.hydra", "mpirun.openmpi",
    "mpiexec.openmpi", "mpirun.mpich", "mpiexec.mpich", "mpirun_rsh", "srun",          "prun",
};

/* A count or rank in the environment; -1 if there is none. */
static int number_in_environment(const char *name)
{
    const char *text = getenv(name);
    if (!text || !*text) {
        return -1;
    }
    char *end = NULL;
    const long value = strtol(text, &end, 10);
    return *end || value < 0 || value > INT_MAX ? -1 : (int)value;
}

h5r_launch_t h5r_launch_query(void)
{
    for (size_t i = 0; i < H5R_COUNT_OF(launchers); i++) {
        const int size = number_in_environment(launchers[i].size);
        if (size > 0) {
            return (h5r_launch_t){.name = launchers[i].name,
                                  .variable = launchers[i].size,
                                  .size = size,
                                  .rank = number_in_environment(launchers[i].rank)};
        }
    }
    return (h5r_launch_t){.rank = -1};
}

h5r_status_t h5r_launch_check(int mpi_size, const char *mpi_library, h5r_error_t *err)
{
    const h5r_launch_t launch = h5r_launch_query();
    if (mpi_size != 1 || launch.size <= 1) {
        return H5R_OK;
    }

    const char *mpi = "another MPI";
    const char *use = "the mpirun or mpiexec that belongs to the MPI this program was built with";
    for (size_t i = 0; mpi_library && i < H5R_COUNT_OF(implementations); i++) {
        if (strstr(mpi_library, implementations[i].in_version)) {
            mpi = implementations[i].mpi;
            use = implementations[i].launcher;
            break;
        }
    }
    return h5r_fail(err, H5R_ENV,
                    "%s started %d processes (%s=%d), but MPI sees only one rank in each of them\n"
                    "this program is linked with %s; start it with %s",
                    launch.name, launch.size, launch.variable, launch.size, mpi, use);
}

bool h5r_launch_speaks(int mpi_rank)
{
    return mpi_rank == 0 && h5r_launch_query().rank <= 0;
}

/* Name and parent of a process; false if it cannot be known. */
static bool process_of(pid_t pid, char *name, size_t size, pid_t *parent)
{
    char path[64], line[256];
    snprintf(path, sizeof path, "/proc/%ld/stat", (long)pid);
    FILE *in = fopen(path, "re");
    if (!in) {
        return false;
    }
    const bool got = fgets(line, sizeof line, in) != NULL;
    fclose(in);

    /* PID (NAME) STATE PPID ...: the name may hold parentheses and spaces */
    char *open = got ? strchr(line, '(') : NULL;
    char *close = got ? strrchr(line, ')') : NULL;
    if (!open || !close || close <= open || strlen(close) < 4) {
        return false;
    }
    *close = '\0';
    snprintf(name, size, "%s", open + 1);
    *parent = (pid_t)strtol(close + 4, NULL, 10);
    return *parent >= 0;
}

/* The nearest ancestor that is a launcher, since a shell or a debugger may stand between; 0 if there is none.
 */
static pid_t launcher_process(void)
{
    pid_t pid = getppid();
    for (int i = 0; i < ANCESTORS_AT_MOST && pid > 1; i++) {
        char name[64];
        pid_t parent;
        if (!process_of(pid, name, sizeof name, &parent)) {
            return 0;
        }
        for (size_t k = 0; k < H5R_COUNT_OF(launcher_processes); k++) {
            if (strcmp(name, launcher_processes[k]) == 0) {
                return pid;
            }
        }
        pid = parent;
    }
    return 0;
}

static bool fd2_is_terminal(pid_t pid)
{
    char link[64], target[PATH_MAX];
    snprintf(link, sizeof link, "/proc/%ld/fd/2", (long)pid);
    const ssize_t n = readlink(link, target, sizeof target - 1);
    if (n < 0) {
        return false;
    }
    target[n] = '\0';
    /* Nothing else is opened: that of a FIFO or a device could do something. */
    if (strncmp(target, "/dev/pts/", 9) != 0 && strncmp(target, "/dev/tty", 8) != 0 &&
        strcmp(target, "/dev/console") != 0) {
        return false;
    }
    const int fd = open(link, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    const bool terminal = isatty(fd) != 0;
    close(fd);
    return terminal;
}

bool h5r_launch_stderr_is_terminal(void)
{
    const pid_t launcher = h5r_launch_query().name ? launcher_process() : 0;
    return launcher ? fd2_is_terminal(launcher) : isatty(STDERR_FILENO) != 0;
}
