/*
 * The machine below this process: kernel, CPU, memory and its limits, load, topology. All functions are
 * local. What cannot be found out is empty or 0.
 */
#ifndef H5ROOF_MACHINE_H
#define H5ROOF_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Without pointers, so that it can be sent as bytes. */
typedef struct {
    char host[128];
    char kernel[320]; /* "Linux 6.1.0-18-amd64 #1 SMP ... x86_64" */
    char cpu_model[128];
    char governor[32];     /* of the first CPU; "": the kernel does not scale frequencies here */
    char clock_source[32]; /* of the kernel: tsc, hpet, ...; "": unknown */
    uint64_t memory_total_bytes;
    uint64_t memory_available_bytes;
    uint64_t memory_limit_bytes;  /* the tightest cgroup above this process; 0: none */
    char memory_limit_source[16]; /* "cgroup v1", "cgroup v2" or "" */
    double cpu_limit;             /* CPUs' worth of time that the tightest cgroup grants; 0: all */
    char io_limit[256]; /* what cgroups set: "8:0 rbps=1048576 wbps=max; ...", cut if longer; "": none */
    int cpus_online;
    double load1; /* load average over a minute before this program; negative: unknown */
} h5r_machine_t;

/* root: "" for this machine, or a directory that holds a captured /proc and /sys; host, kernel and
 * cpus_online are always those of this machine. */
void h5r_machine_query(const char *root, h5r_machine_t *m);

typedef struct {
    int packages;
    int numa_nodes;
    int cores;
    int pus;          /* hardware threads */
    char caches[128]; /* "L3 16 MiB x1, L2 2 MiB x2, L1d 48 KiB x2" */
    char hwloc[32];   /* version of the library */
} h5r_topology_t;

/* Takes 3 to 15 ms: one process of a node is enough. False: hwloc failed, all is 0. */
bool h5r_topology_query(h5r_topology_t *t);

/* CPUs on which this process may run: count, and text "0-3,8" cut to size if it must be. 0: unknown. */
int h5r_machine_binding(char *text, size_t size);

#endif
