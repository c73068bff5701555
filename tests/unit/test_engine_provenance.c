/* What env.json is made of: documents, the launcher's variables, a captured machine, and what looks wrong. */
#include "engine/machine/describe.h"
#include "engine/machine/document.h"
#include "engine/machine/fitness.h"
#include "engine/machine/launch.h"
#include "engine/machine/machine.h"
#include "h5roof/count.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

/* ---- document */

static char *emit_one(const char *text, h5r_doc_format_t format)
{
    h5r_doc_t d;
    assert_true(h5r_doc_init(&d));
    h5r_doc_text(&d, d.root, "k", text);
    char *out = h5r_doc_emit(&d, format);
    assert_non_null(out);
    h5r_doc_free(&d);
    return out;
}

static void texts_stay_texts(void **state)
{
    (void)state;
    static const struct {
        const char *text, *json;
    } cases[] = {
        {"1.10", "\"1.10\""},
        {"12", "\"12\""},
        {"true", "\"true\""},
        {"null", "\"null\""},
        {"", "\"\""},
        {"~", "\"~\""},
        {"a\"b\\c", "\"a\\\"b\\\\c\""},
        {"# no: [comment] {", "\"# no: [comment] {\""},
        {"caf\xc3\xa9", "\"caf\xc3\xa9\""},
        {"bad \xff\xc0\x80 end", "\"bad \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd end\""},
        {"\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""}, /* a surrogate */
        {"cut \xe2\x82", "\"cut \xef\xbf\xbd\xef\xbf\xbd\""},
        {"two\nlines\t.", "\"two\\nlines\\t.\""},
    };
    for (size_t i = 0; i < H5R_COUNT_OF(cases); i++) {
        char *json = emit_one(cases[i].text, H5R_DOC_JSON);
        char want[128];
        snprintf(want, sizeof want, "{\n  \"k\": %s\n}\n", cases[i].json);
        assert_string_equal(json, want);
        free(json);
    }
}

static void control_characters_are_escaped(void **state)
{
    (void)state;
    for (char c = 1; c < 0x20; c++) {
        const char text[] = {'a', c, 'b', '\0'};
        for (int format = H5R_DOC_JSON; format <= H5R_DOC_YAML; format++) {
            char *out = emit_one(text, (h5r_doc_format_t)format);
            const char *a = strstr(out, "\"a");
            assert_non_null(a);
            assert_int_equal(a[2], '\\');
            free(out);
        }
    }
}

static void numbers_and_structure_come_out_bare(void **state)
{
    (void)state;
    h5r_doc_t d;
    assert_true(h5r_doc_init(&d));
    h5r_doc_uint(&d, d.root, "u", UINT64_MAX);
    h5r_doc_int(&d, d.root, "i", -3);
    h5r_doc_real(&d, d.root, "r", 0.5);
    h5r_doc_real(&d, d.root, "nan", (double)NAN);
    h5r_doc_bool(&d, d.root, "b", true);
    h5r_doc_text(&d, d.root, "none", NULL);
    h5r_node_t *list = h5r_doc_list(&d, d.root, "list");
    h5r_doc_textf(&d, list, NULL, "%d", 1);
    h5r_doc_map(&d, list, NULL);
    h5r_doc_text(&d, d.root, "1.5", "a key that looks like a number");

    char *json = h5r_doc_emit(&d, H5R_DOC_JSON);
    assert_string_equal(json,
                        "{\n  \"u\": 18446744073709551615,\n  \"i\": -3,\n  \"r\": 0.5,\n  \"nan\": null,\n"
                        "  \"b\": true,\n  \"none\": null,\n  \"list\": [\n    \"1\",\n    {}\n  ],\n"
                        "  \"1.5\": \"a key that looks like a number\"\n}\n");
    free(json);
    char *yaml = h5r_doc_emit(&d, H5R_DOC_YAML);
    assert_non_null(strstr(yaml, "\nlist:\n- \"1\"\n- {}\n"));
    free(yaml);
    h5r_doc_free(&d);
}

/* ---- launcher */

static void clear_launchers(void)
{
    static const char *const names[] = {"OMPI_COMM_WORLD_SIZE",
                                        "OMPI_COMM_WORLD_RANK",
                                        "MV2_COMM_WORLD_SIZE",
                                        "PMI_SIZE",
                                        "PMI_RANK",
                                        "JSM_NAMESPACE_SIZE",
                                        "FLUX_JOB_SIZE",
                                        "SLURM_STEP_NUM_TASKS",
                                        "SLURM_PROCID",
                                        "SLURM_NTASKS"};
    for (size_t i = 0; i < H5R_COUNT_OF(names); i++) {
        unsetenv(names[i]);
    }
}

static void singletons_are_refused(void **state)
{
    (void)state;
    clear_launchers();
    setenv("PMI_SIZE", "4", 1);
    setenv("PMI_RANK", "2", 1);
    h5r_error_t err = {.code = H5R_OK};
    assert_int_equal(h5r_launch_check(1, "Open MPI v4.1.4", &err), H5R_ENV);
    assert_non_null(strstr(err.message, "PMI_SIZE=4"));
    assert_non_null(strstr(err.message, "mpirun of Open MPI"));
    assert_int_equal(h5r_launch_check(1, NULL, &err), H5R_ENV);
    assert_false(h5r_launch_speaks(0));
    setenv("PMI_RANK", "0", 1);
    assert_true(h5r_launch_speaks(0));
    assert_false(h5r_launch_speaks(1));
}

static void sound_launches_are_accepted(void **state)
{
    (void)state;
    h5r_error_t err = {.code = H5R_OK};
    clear_launchers();
    assert_int_equal(h5r_launch_check(1, NULL, &err), H5R_OK);
    assert_true(h5r_launch_speaks(0));
    setenv("SLURM_NTASKS", "8", 1); /* a batch script without srun */
    assert_int_equal(h5r_launch_check(1, NULL, &err), H5R_OK);
    setenv("SLURM_STEP_NUM_TASKS", "8", 1); /* the step around an mpirun -n 1 */
    assert_int_equal(h5r_launch_check(1, NULL, &err), H5R_ENV);
    setenv("OMPI_COMM_WORLD_SIZE", "1", 1);
    assert_int_equal(h5r_launch_check(1, NULL, &err), H5R_OK);
    setenv("OMPI_COMM_WORLD_SIZE", "64", 1);
    assert_int_equal(h5r_launch_check(64, NULL, &err), H5R_OK);
    setenv("OMPI_COMM_WORLD_SIZE", "many", 1); /* not a number: looked over */
    unsetenv("SLURM_STEP_NUM_TASKS");
    assert_int_equal(h5r_launch_check(1, NULL, &err), H5R_OK);
    clear_launchers();
}

/* ---- machine */

static void make_file(const char *root, const char *path, const char *text)
{
    char name[512];
    snprintf(name, sizeof name, "%s%s", root, path);
    for (char *slash = strchr(name + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(name, 0777);
        *slash = '/';
    }
    FILE *out = fopen(name, "w");
    assert_non_null(out);
    assert_true(fputs(text, out) >= 0);
    assert_int_equal(fclose(out), 0);
}

static void reads_a_captured_machine(void **state)
{
    (void)state;
    static const char root[] = "./captured_v2";
    make_file(root, "/proc/meminfo", "MemTotal:       1000 kB\nMemFree: 1 kB\nMemAvailable:    600 kB\n");
    make_file(root, "/proc/cpuinfo",
              "processor\t: 0\ncpu family\t: 6\nmodel\t\t: 85\nmodel name\t: A CPU @ 2 GHz\n");
    make_file(root, "/proc/loadavg", "1.25 0.5 0.1 1/100 4242\n");
    make_file(root, "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "powersave\n");
    make_file(root, "/proc/self/cgroup", "0::/user/job\n");
    make_file(root, "/sys/fs/cgroup/user/job/memory.max", "max\n");
    make_file(root, "/sys/fs/cgroup/user/memory.max", "524288\n");
    make_file(root, "/sys/fs/cgroup/user/job/cpu.max", "max 100000\n");
    make_file(root, "/sys/fs/cgroup/user/cpu.max", "150000 100000\n");
    make_file(root, "/sys/fs/cgroup/user/job/io.max", "8:0 rbps=max wbps=1048576\n8:16 rbps=5\n");
    make_file(root, "/sys/devices/system/clocksource/clocksource0/current_clocksource", "hpet\n");
    h5r_machine_t m;
    h5r_machine_query(root, &m);
    assert_int_equal(m.memory_total_bytes, 1000 * 1024);
    assert_int_equal(m.memory_available_bytes, 600 * 1024);
    assert_string_equal(m.cpu_model, "A CPU @ 2 GHz");
    assert_string_equal(m.governor, "powersave");
    assert_int_equal(m.memory_limit_bytes, 524288);
    assert_string_equal(m.memory_limit_source, "cgroup v2");
    assert_true(m.cpu_limit > 1.49 && m.cpu_limit < 1.51);
    assert_string_equal(m.io_limit, "8:0 rbps=max wbps=1048576; 8:16 rbps=5");
    assert_string_equal(m.clock_source, "hpet");
    assert_true(m.load1 > 1.24 && m.load1 < 1.26);
}

static void reads_limits_of_the_first_kind(void **state)
{
    (void)state;
    static const char root[] = "./captured_v1";
    make_file(root, "/proc/self/cgroup",
              "9:name=systemd:/x\n4:hugetlb,memory:/a/b\n3:cpu,cpuacct:/a\n2:blkio:/\n0::/\n");
    make_file(root, "/sys/fs/cgroup/cpu/a/cpu.cfs_quota_us", "50000\n");
    make_file(root, "/sys/fs/cgroup/cpu/a/cpu.cfs_period_us", "100000\n");
    make_file(root, "/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
    make_file(root, "/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
    make_file(root, "/sys/fs/cgroup/blkio/blkio.throttle.write_bps_device", "7:0 52428800\n");
    make_file(root, "/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    make_file(root, "/sys/fs/cgroup/memory/a/memory.limit_in_bytes", "4096\n");
    make_file(root, "/sys/fs/cgroup/memory/a/b/memory.limit_in_bytes", "8192\n");
    h5r_machine_t m;
    h5r_machine_query(root, &m);
    assert_int_equal(m.memory_limit_bytes, 4096);
    assert_string_equal(m.memory_limit_source, "cgroup v1");
    assert_true(m.cpu_limit > 0.49 && m.cpu_limit < 0.51);
    assert_string_equal(m.io_limit, "wbps 7:0 52428800");
}

static void survives_a_machine_that_says_nothing(void **state)
{
    (void)state;
    h5r_machine_t m;
    h5r_machine_query("./no-such-machine", &m);
    assert_int_equal(m.memory_total_bytes, 0);
    assert_int_equal(m.memory_limit_bytes, 0);
    assert_string_equal(m.governor, "");
    assert_string_equal(m.io_limit, "");
    assert_true(m.cpu_limit == 0.0);
    assert_true(m.load1 < 0);
    assert_true(m.kernel[0] != '\0');
}

static void knows_its_own_topology_and_binding(void **state)
{
    (void)state;
    h5r_topology_t t;
    assert_true(h5r_topology_query(&t));
    assert_true(t.cores >= 1 && t.pus >= t.cores);
    char cpus[56];
    assert_true(h5r_machine_binding(cpus, sizeof cpus) >= 1);
    assert_true(cpus[0] >= '0' && cpus[0] <= '9');
}

/* ---- what looks wrong */

static bool has_warning(const h5r_warnings_t *w, const char *part)
{
    for (size_t i = 0; i < w->n; i++) {
        if (strstr(w->text[i], part)) {
            return true;
        }
    }
    return false;
}

static void a_sound_environment_has_no_warning(void **state)
{
    (void)state;
    char *environment[] = {(char[]){"HOME=/root"}, (char[]){"HDF5_DRIVERS=x"}, NULL};
    h5r_node_info_t node = {
        .ranks = 4,
        .topology = {.cores = 4},
        .machine = {.governor = "performance", .clock_source = "tsc", .memory_available_bytes = 1000}};
    h5r_nodes_t nodes = {.count = 1, .listed = 1, .node = &node};
    h5r_filesystem_t fs = {.mount = {.type = "ext4"}, .total_bytes = 100, .free_bytes = 5};
    const h5r_facts_t facts = {.nodes = &nodes,
                               .scratch = &fs,
                               .build_type = "Release",
                               .sanitizers = "",
                               .environment = environment,
                               .hdf5_settings = "  Build Mode: production\n     Asserts: no\n",
                               .as_is_least = 1000,
                               .as_is_most = 2000};
    h5r_warnings_t w;
    assert_true(h5r_fitness_check(&facts, &w));
    assert_int_equal(w.n, 0);
    h5r_warnings_free(&w);
}

static void everything_wrong_is_said(void **state)
{
    (void)state;
    char *environment[] = {(char[]){"HDF5_DRIVER=sec2"},
                           (char[]){"HDF5_VOL_CONNECTOR=a"},
                           (char[]){"HDF5_USE_FILE_LOCKING=FALSE"},
                           (char[]){"HDF5_PLUGIN_PATH=/p"},
                           (char[]){"HDF5_DO_MPI_FILE_SYNC=0"},
                           (char[]){"LD_PRELOAD=/x.so"},
                           (char[]){"HDF5_MPI_OPT_TYPES=0"},
                           (char[]){"HDF5_PLUGIN_PRELOAD=::"},
                           (char[]){"HDF5_DISABLE_VERSION_CHECK=1"},
                           (char[]){"ROMIO_HINTS=/h"},
                           (char[]){"OMPI_MCA_io=romio321"},
                           NULL};
    h5r_node_info_t node[] = {{.ranks = 4,
                               .topology = {.cores = 4},
                               .machine = {.governor = "powersave", .clock_source = "hpet", .host = "n1"}},
                              {.ranks = 8, .machine = {.host = "n2", .cpus_online = 6}}};
    h5r_nodes_t nodes = {.count = 2, .listed = 2, .node = node};
    h5r_filesystem_t fs = {.path = "/s", .mount = {.type = "tmpfs"}, .total_bytes = 1000, .free_bytes = 49};
    const h5r_facts_t facts = {.nodes = &nodes,
                               .scratch = &fs,
                               .build_type = "Debug",
                               .sanitizers = "address",
                               .environment = environment,
                               .hdf5_settings = " Build Mode: production\n  Asserts: yes\n"};
    static const char *const parts[] = {"8 ranks share 6 cores on n2",
                                        "Debug",
                                        "sanitizers (address)",
                                        "/s is on tmpfs",
                                        "95.1 % full",
                                        "'powersave'",
                                        "HDF5_DRIVER=sec2",
                                        "HDF5_VOL_CONNECTOR=a",
                                        "HDF5_USE_FILE_LOCKING=FALSE",
                                        "HDF5_PLUGIN_PATH=/p",
                                        "HDF5_DO_MPI_FILE_SYNC=0",
                                        "LD_PRELOAD=/x.so",
                                        "HDF5_MPI_OPT_TYPES=0",
                                        "HDF5_PLUGIN_PRELOAD=::",
                                        "HDF5_DISABLE_VERSION_CHECK=1",
                                        "ROMIO_HINTS=/h",
                                        "OMPI_MCA_io=romio321",
                                        "the HDF5 library is a debug build with assertions",
                                        "clock source on n1 is 'hpet'",
                                        "the nodes differ: number of CPUs: 0 on n1, 6 on n2"};
    h5r_warnings_t w;
    assert_true(h5r_fitness_check(&facts, &w));
    for (size_t i = 0; i < H5R_COUNT_OF(parts); i++) {
        if (!has_warning(&w, parts[i])) {
            fail_msg("no warning with \"%s\"", parts[i]);
        }
    }
    assert_int_equal(w.n, H5R_COUNT_OF(parts));
    h5r_warnings_free(&w);
}

/* Each fact of a node that should be the same on all; free memory and load are not among them. */
static void nodes_that_differ_are_named(void **state)
{
    static const struct {
        h5r_machine_t other;
        const char *said; /* NULL: nothing */
    } known[] = {
        {{.host = "n2", .cpu_model = "A", .kernel = "K", .load1 = 3.0, .memory_available_bytes = 7}, NULL},
        {{.host = "n2", .cpu_model = "B", .kernel = "K"}, "the nodes differ: CPU: A on n1, B on n2"},
        {{.host = "n2", .cpu_model = "A", .kernel = "L"}, "the nodes differ: kernel: K on n1, L on n2"},
        {{.host = "n2", .cpu_model = "A", .kernel = "K", .cpu_limit = 1.5}, "CPU limit: 0 on n1, 1.5 on n2"},
        {{.host = "n2", .cpu_model = "A", .kernel = "K", .memory_total_bytes = UINT64_C(1) << 33},
         "memory: "},
        {{.host = "n2", .cpu_model = "A", .kernel = "K", .memory_limit_bytes = 4096}, "memory limit: "},
        {{.host = "n2", .cpu_model = "A", .kernel = "K", .io_limit = "8:0 wbps=1"},
         "I/O limit: none on n1, 8:0"},
    };
    (void)state;
    for (size_t i = 0; i < H5R_COUNT_OF(known); i++) {
        h5r_node_info_t node[] = {{.ranks = 1, .topology = {.cores = 4}},
                                  {.ranks = 1, .topology = {.cores = 4}},
                                  {.ranks = 1, .topology = {.cores = 4}}};
        const h5r_machine_t first = {.host = "n1", .cpu_model = "A", .kernel = "K"};
        node[0].machine = first;
        node[1].machine = first;
        node[2].machine = known[i].other;
        h5r_nodes_t nodes = {.count = 3, .listed = 3, .node = node};
        const h5r_facts_t facts = {
            .nodes = &nodes, .build_type = "Release", .sanitizers = "", .hdf5_settings = ""};
        h5r_warnings_t w;
        assert_true(h5r_fitness_check(&facts, &w));
        assert_int_equal(w.n, known[i].said != NULL ? 1 : 0);
        if (known[i].said != NULL && !has_warning(&w, known[i].said)) {
            fail_msg("%zu: %s", i, w.text[0]);
        }
        h5r_warnings_free(&w);
    }
}

/* What is said of a run whose node reads again so many bytes; "" for nothing. Memory: 1 MiB, or what a limit
 * leaves. */
static void say_of_reads(double least, double most, const char *type, uint64_t limit, char *said, size_t size)
{
    h5r_node_info_t node = {.ranks = 1,
                            .topology = {.cores = 1},
                            .machine = {.memory_available_bytes = 1 << 20, .memory_limit_bytes = limit}};
    h5r_nodes_t nodes = {.count = 1, .listed = 1, .node = &node};
    h5r_filesystem_t fs = {.total_bytes = 100, .free_bytes = 50};
    snprintf(fs.mount.type, sizeof fs.mount.type, "%s", type);
    const h5r_facts_t facts = {.nodes = &nodes,
                               .scratch = &fs,
                               .build_type = "Release",
                               .sanitizers = "",
                               .hdf5_settings = "Build Mode: debugged by nobody",
                               .as_is_least = least,
                               .as_is_most = most};
    h5r_warnings_t w;
    assert_true(h5r_fitness_check(&facts, &w));
    said[0] = '\0';
    for (size_t i = 0; i < w.n; i++) {
        if (strstr(w.text[i], "as-is")) {
            snprintf(said, size, "%s", w.text[i]);
        }
    }
    h5r_warnings_free(&w);
}

static void reads_from_the_cache_are_said(void **state)
{
    (void)state;
    char said[256];
    say_of_reads(0, 0, "ext4", 0, said, sizeof said);
    assert_string_equal(said, "");
    say_of_reads(1024, 524288, "ext4", 0, said, sizeof said);
    assert_non_null(strstr(said, "all reads with cache: as-is (at most 512 KiB a node)"));
    say_of_reads(2048, 2 << 20, "ext4", 0, said, sizeof said);
    assert_non_null(strstr(said, "some reads with cache: as-is (from 2.00 KiB a node)"));
    say_of_reads(1 << 20, 2 << 20, "ext4", 0, said, sizeof said);
    assert_string_equal(said, "");
    say_of_reads(8192, 8192, "ext4", 4096, said, sizeof said);
    assert_string_equal(said, "");
    say_of_reads(1024, 1024, "tmpfs", 0, said, sizeof said);
    assert_string_equal(said, "");
}

static void settings_become_lines(void **state)
{
    (void)state;
    h5r_doc_t d;
    assert_true(h5r_doc_init(&d));
    h5r_describe_settings(&d, d.root,
                          "   SUMMARY OF IT\n  ====\n\nCompiling Options:\n---\n\t Build Mode:  production \n"
                          "LDFLAGS:\n  CFLAGS: -O2   -g\n   :\n");
    char *json = h5r_doc_emit(&d, H5R_DOC_JSON);
    assert_string_equal(
        json, "{\n  \"settings\": [\n    \"Build Mode: production\",\n    \"CFLAGS: -O2 -g\"\n  ]\n}\n");
    free(json);
    h5r_doc_free(&d);
}

static void records_only_what_concerns_the_measurement(void **state)
{
    (void)state;
    char *environment[] = {
        (char[]){"HOME=/root"},      (char[]){"OMPI_MCA_io=ompio"},   (char[]){"HDF5_API_TOKEN=abc"},
        (char[]){"SLURM_JOB_ID=17"}, (char[]){"SLURM_JWT=secret"},    (char[]){"LD_PRELOAD_X=1"},
        (char[]){"broken"},          (char[]){"OMP_NUM_THREADS=\"2"}, NULL};
    h5r_doc_t d;
    assert_true(h5r_doc_init(&d));
    h5r_describe_environment(&d, d.root, environment);
    char *json = h5r_doc_emit(&d, H5R_DOC_JSON);
    assert_string_equal(json,
                        "{\n  \"scheduler\": {\n    \"SLURM_JOB_ID\": \"17\"\n  },\n  \"environment\": {\n"
                        "    \"OMPI_MCA_io\": \"ompio\",\n    \"HDF5_API_TOKEN\": \"(set, not recorded)\",\n"
                        "    \"OMP_NUM_THREADS\": \"\\\"2\"\n  }\n}\n");
    free(json);
    h5r_doc_free(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_stay_texts),
        cmocka_unit_test(control_characters_are_escaped),
        cmocka_unit_test(numbers_and_structure_come_out_bare),
        cmocka_unit_test(singletons_are_refused),
        cmocka_unit_test(sound_launches_are_accepted),
        cmocka_unit_test(reads_a_captured_machine),
        cmocka_unit_test(reads_limits_of_the_first_kind),
        cmocka_unit_test(survives_a_machine_that_says_nothing),
        cmocka_unit_test(knows_its_own_topology_and_binding),
        cmocka_unit_test(a_sound_environment_has_no_warning),
        cmocka_unit_test(everything_wrong_is_said),
        cmocka_unit_test(nodes_that_differ_are_named),
        cmocka_unit_test(reads_from_the_cache_are_said),
        cmocka_unit_test(settings_become_lines),
        cmocka_unit_test(records_only_what_concerns_the_measurement),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
