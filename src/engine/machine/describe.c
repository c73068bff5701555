#include "engine/machine/describe.h"

#include "engine/machine/plugins.h"
#include "h5roof/count.h"
#include "h5roof_build.h"

#include <hdf5.h>
#include <libfyaml.h>
#include <string.h>
#include <zlib.h>

static void describe_build(h5r_doc_t *d, h5r_node_t *to)
{
    h5r_node_t *build = h5r_doc_map(d, to, "h5roof");
    h5r_doc_text(d, build, "version", H5R_VERSION);
    h5r_doc_text(d, build, "git", H5R_GIT_HASH);
    h5r_doc_text(d, build, "build_type", H5R_BUILD_TYPE);
    h5r_doc_text(d, build, "compiler", H5R_COMPILER);
    h5r_doc_text(d, build, "flags", H5R_C_FLAGS);
    h5r_doc_text(d, build, "sanitizers", H5R_SANITIZERS);
}

static void describe_hdf5(h5r_doc_t *d, h5r_node_t *to)
{
    static const struct {
        const char *name;
        H5Z_filter_t id;
    } filters[] = {{"deflate", H5Z_FILTER_DEFLATE},
                   {"shuffle", H5Z_FILTER_SHUFFLE},
                   {"fletcher32", H5Z_FILTER_FLETCHER32},
                   {"szip", H5Z_FILTER_SZIP},
                   {"nbit", H5Z_FILTER_NBIT},
                   {"scaleoffset", H5Z_FILTER_SCALEOFFSET}};
    static const struct {
        const char *name;
        bool built_in;
    } features[] = {
#ifdef H5_HAVE_PARALLEL
        {"parallel", true},
#else
        {"parallel", false},
#endif
#ifdef H5_HAVE_DIRECT
        {"direct", true},
#else
        {"direct", false},
#endif
#ifdef H5_HAVE_SUBFILING_VFD
        {"subfiling", true},
#else
        {"subfiling", false},
#endif
#ifdef H5_HAVE_THREADSAFE
        {"threadsafe", true},
#else
        {"threadsafe", false},
#endif
    };

    h5r_node_t *hdf5 = h5r_doc_map(d, to, "hdf5");
    unsigned major = 0, minor = 0, release = 0;
    if (H5get_libversion(&major, &minor, &release) >= 0) {
        h5r_doc_textf(d, hdf5, "version", "%u.%u.%u", major, minor, release);
    }
    h5r_doc_text(d, hdf5, "headers", H5_VERS_INFO);
    for (size_t i = 0; i < H5R_COUNT_OF(features); i++) {
        h5r_doc_bool(d, hdf5, features[i].name, features[i].built_in);
    }
    h5r_node_t *list = h5r_doc_list(d, hdf5, "filters");
    for (size_t i = 0; i < H5R_COUNT_OF(filters); i++) {
        if (H5Zfilter_avail(filters[i].id) > 0) {
            h5r_doc_text(d, list, NULL, filters[i].name);
        }
    }
    h5r_describe_plugins(d, hdf5);
    h5r_describe_settings(d, hdf5, h5r_hdf5_settings());
}

/* The text that configure or CMake leaves in the library; not in every one. */
extern const char H5libhdf5_settings[] __attribute__((weak)); /* NOLINT: the name is HDF5's */

const char *h5r_hdf5_settings(void)
{
    return H5libhdf5_settings != NULL ? H5libhdf5_settings : "";
}

/* Its lines that say something: "name: value", with single spaces. */
void h5r_describe_settings(h5r_doc_t *d, h5r_node_t *to, const char *settings)
{
    h5r_node_t *list = h5r_doc_list(d, to, "settings");
    while (*settings) {
        char line[512];
        size_t n = 0;
        const size_t length = strcspn(settings, "\n");
        for (size_t i = 0; i < length && n < sizeof line - 1; i++) {
            const bool space = settings[i] == ' ' || settings[i] == '\t';
            if (!space || (n > 0 && line[n - 1] != ' ')) {
                line[n++] = space ? ' ' : settings[i];
            }
        }
        while (n > 0 && line[n - 1] == ' ') {
            n--;
        }
        line[n] = '\0';
        if (strchr(line, ':') && line[n - 1] != ':') {
            h5r_doc_text(d, list, NULL, line);
        }
        settings += length + (settings[length] == '\n');
    }
}

static void describe_mpi(h5r_doc_t *d, h5r_node_t *to, const h5r_io_component_t *io)
{
    h5r_node_t *mpi = h5r_doc_map(d, to, "mpi");
    int version = 0, subversion = 0, length = 0;
    if (MPI_Get_version(&version, &subversion) == MPI_SUCCESS) {
        h5r_doc_textf(d, mpi, "standard", "%d.%d", version, subversion);
    }
    char library[MPI_MAX_LIBRARY_VERSION_STRING] = "";
    if (MPI_Get_library_version(library, &length) == MPI_SUCCESS) {
        h5r_doc_text(d, mpi, "library", library);
    }
    static const char *const levels[] = {"single", "funneled", "serialized", "multiple"};
    int level = MPI_THREAD_SINGLE;
    if (MPI_Query_thread(&level) == MPI_SUCCESS) {
        h5r_doc_text(d, mpi, "threads",
                     levels[(level > MPI_THREAD_SINGLE) + (level > MPI_THREAD_FUNNELED) +
                            (level > MPI_THREAD_SERIALIZED)]);
    }
    h5r_doc_text(d, mpi, "io_component", *io->name ? io->name : NULL);
    h5r_doc_text(d, mpi, "io_component_source", io->source);
}

void h5r_describe_software(h5r_doc_t *d, h5r_node_t *to, const h5r_io_component_t *io)
{
    describe_build(d, to);
    describe_hdf5(d, to);
    describe_mpi(d, to, io);
    h5r_node_t *libraries = h5r_doc_map(d, to, "libraries");
    h5r_doc_text(d, libraries, "zlib", zlibVersion());
    h5r_doc_textf(d, libraries, "zlib_compile_flags", "0x%lx", zlibCompileFlags());
    h5r_doc_text(d, libraries, "libfyaml", fy_library_version());
}

void h5r_describe_filesystem(h5r_doc_t *d, h5r_node_t *to, const char *key, const h5r_filesystem_t *fs,
                             const char *error)
{
    h5r_node_t *map = h5r_doc_map(d, to, key);
    if (error) {
        h5r_doc_text(d, map, "error", error);
        return;
    }
    h5r_doc_text(d, map, "path", fs->path);
    h5r_doc_text(d, map, "type", fs->mount.type);
    h5r_doc_text(d, map, "source", fs->mount.source);
    h5r_doc_text(d, map, "mount_point", fs->mount.mount_point);
    h5r_doc_text(d, map, "options", fs->mount.options);
    h5r_doc_uint(d, map, "total_bytes", fs->total_bytes);
    h5r_doc_uint(d, map, "free_bytes", fs->free_bytes);
    if (fs->striped) {
        h5r_doc_uint(d, map, "stripe_bytes", fs->stripe_bytes);
        h5r_doc_int(d, map, "stripe_count", fs->stripe_count);
    }
}

void h5r_describe_hints(h5r_doc_t *d, h5r_node_t *to, const char *asked, const h5r_hint_probe_t *probe)
{
    h5r_node_t *hints = h5r_doc_map(d, to, "hints");
    h5r_doc_text(d, hints, "asked", asked);
    h5r_doc_bool(d, hints, "effective_hints_reported", probe->effective);
    int keys = 0;
    if (probe->info == MPI_INFO_NULL || MPI_Info_get_nkeys(probe->info, &keys) != MPI_SUCCESS) {
        h5r_doc_null(d, hints, "reported");
        h5r_doc_text(d, hints, "not_probed", probe->reason);
        return;
    }
    h5r_node_t *reported = h5r_doc_map(d, hints, "reported");
    for (int i = 0; i < keys; i++) {
        char key[MPI_MAX_INFO_KEY + 1], value[MPI_MAX_INFO_VAL + 1] = "";
        int known = 0;
        if (MPI_Info_get_nthkey(probe->info, i, key) == MPI_SUCCESS &&
            MPI_Info_get(probe->info, key, MPI_MAX_INFO_VAL, value, &known) == MPI_SUCCESS && known) {
            h5r_doc_text(d, reported, key, value);
        }
    }
}

static void describe_node(h5r_doc_t *d, h5r_node_t *to, const h5r_node_info_t *info)
{
    const h5r_machine_t *m = &info->machine;
    const h5r_topology_t *t = &info->topology;
    h5r_node_t *node = h5r_doc_map(d, to, NULL);
    h5r_doc_text(d, node, "host", m->host);
    h5r_doc_int(d, node, "ranks", info->ranks);
    h5r_doc_int(d, node, "cpus_per_rank_min", info->cpus_per_rank_min);
    h5r_doc_int(d, node, "cpus_per_rank_max", info->cpus_per_rank_max);
    h5r_doc_text(d, node, "kernel", m->kernel);
    h5r_doc_text(d, node, "cpu_model", m->cpu_model);
    h5r_doc_int(d, node, "cpus_online", m->cpus_online);
    h5r_doc_text(d, node, "governor", *m->governor ? m->governor : NULL);
    h5r_doc_text(d, node, "clock_source", *m->clock_source ? m->clock_source : NULL);
    h5r_doc_uint(d, node, "memory_total_bytes", m->memory_total_bytes);
    h5r_doc_uint(d, node, "memory_available_bytes", m->memory_available_bytes);
    if (m->memory_limit_bytes) {
        h5r_doc_uint(d, node, "memory_limit_bytes", m->memory_limit_bytes);
        h5r_doc_text(d, node, "memory_limit_source", m->memory_limit_source);
    } else {
        h5r_doc_null(d, node, "memory_limit_bytes");
    }
    if (m->cpu_limit > 0) {
        h5r_doc_real(d, node, "cpu_limit_count", m->cpu_limit);
    } else {
        h5r_doc_null(d, node, "cpu_limit_count");
    }
    h5r_doc_text(d, node, "io_limit", *m->io_limit ? m->io_limit : NULL);
    if (m->load1 >= 0) {
        h5r_doc_real(d, node, "load1", m->load1);
    }
    h5r_node_t *topology = h5r_doc_map(d, node, "topology");
    h5r_doc_int(d, topology, "packages", t->packages);
    h5r_doc_int(d, topology, "numa_nodes", t->numa_nodes);
    h5r_doc_int(d, topology, "cores", t->cores);
    h5r_doc_int(d, topology, "pus", t->pus);
    h5r_doc_text(d, topology, "caches", t->caches);
    h5r_doc_text(d, topology, "hwloc_api", t->hwloc);
}

void h5r_describe_nodes(h5r_doc_t *d, h5r_node_t *to, const h5r_nodes_t *nodes, int ranks)
{
    h5r_doc_int(d, to, "rank_count", ranks);
    h5r_doc_int(d, to, "node_count", nodes->count);
    h5r_node_t *list = h5r_doc_list(d, to, "nodes");
    for (int i = 0; i < nodes->listed; i++) {
        describe_node(d, list, &nodes->node[i]);
    }
    if (!nodes->rank) {
        h5r_doc_textf(d, to, "ranks", "not listed: more than %d", H5R_RANKS_LISTED);
        return;
    }
    h5r_node_t *bindings = h5r_doc_list(d, to, "ranks");
    for (int i = 0; i < ranks; i++) {
        h5r_node_t *rank = h5r_doc_map(d, bindings, NULL);
        h5r_doc_int(d, rank, "rank", i);
        h5r_doc_int(d, rank, "node", nodes->rank[i].node);
        h5r_doc_text(d, rank, "cpus", nodes->rank[i].cpus);
    }
}

/* Of the schedulers only these: their other variables are many, and some are secret. */
static const char *const scheduler_variables[] = {
    "SLURM_JOB_ID",
    "SLURM_JOB_PARTITION",
    "SLURM_JOB_NODELIST",
    "SLURM_JOB_NUM_NODES",
    "SLURM_NTASKS",
    "SLURM_STEP_NUM_TASKS",
    "SLURM_TASKS_PER_NODE",
    "SLURM_CPUS_PER_TASK",
    "PBS_JOBID",
    "PBS_QUEUE",
    "PBS_NODEFILE",
    "PBS_NP",
    "LSB_JOBID",
    "LSB_QUEUE",
    "LSB_MCPU_HOSTS",
    "LSB_DJOB_NUMPROC",
    "JOB_ID",
    "QUEUE",
    "NSLOTS",
    "NHOSTS",
    "FLUX_JOB_ID",
    "COBALT_JOBID",
};

static const char *const prefixes[] = {"HDF5_",  "H5FD_",    "H5ROOF_",          "OMPI_MCA_",
                                       "ROMIO_", "MPICH_",   "I_MPI_",           "MPIR_CVAR_",
                                       "UCX_",   "DARSHAN_", "OMP_NUM_THREADS=", "LD_PRELOAD="};

/* Parts of names whose values do not belong into a file that is handed around. */
static const char *const secrets[] = {
    "SECRET", "PASSWORD", "PASSWD", "TOKEN", "CREDENTIAL", "_KEY", "precondition_transports"};

static bool is_relevant(const char *variable)
{
    for (size_t i = 0; i < H5R_COUNT_OF(prefixes); i++) {
        if (strncmp(variable, prefixes[i], strlen(prefixes[i])) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_scheduler(const char *variable, size_t name_length)
{
    for (size_t i = 0; i < H5R_COUNT_OF(scheduler_variables); i++) {
        if (strlen(scheduler_variables[i]) == name_length &&
            strncmp(variable, scheduler_variables[i], name_length) == 0) {
            return true;
        }
    }
    return false;
}

static void add_variable(h5r_doc_t *d, h5r_node_t *to, const char *variable, size_t name_length)
{
    char name[256];
    if (name_length >= sizeof name) {
        return;
    }
    memcpy(name, variable, name_length);
    name[name_length] = '\0';
    const char *value = variable + name_length + 1;
    for (size_t i = 0; i < H5R_COUNT_OF(secrets); i++) {
        if (strcasestr(name, secrets[i])) {
            value = "(set, not recorded)";
        }
    }
    h5r_doc_text(d, to, name, value);
}

void h5r_describe_environment(h5r_doc_t *d, h5r_node_t *to, char *const *environment)
{
    h5r_node_t *scheduler = h5r_doc_map(d, to, "scheduler");
    h5r_node_t *variables = h5r_doc_map(d, to, "environment");
    for (; environment && *environment; environment++) {
        const size_t name_length = strcspn(*environment, "=");
        if ((*environment)[name_length] != '=') {
            continue;
        }
        if (is_scheduler(*environment, name_length)) {
            add_variable(d, scheduler, *environment, name_length);
        } else if (is_relevant(*environment)) {
            add_variable(d, variables, *environment, name_length);
        }
    }
}
