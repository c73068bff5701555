/*
 * The twin of a case of h5roof, which scripts/dev/selfbench.sh compares it with; see bare.h.
 *
 *   mpirun -n N bare_loop WORKLOAD FACTOR=VALUE... REPETITIONS DIRECTORY
 *
 * Factors are h5roof's, as far as the workload's twin knows them, and their defaults too. Each repetition
 * makes a new file; the first one only warms up. Prints CSV: a line per operation of each of the others.
 */
#include "bare.h"
#include "core/factors/factor.h"
#include "h5roof/count.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const bare_workload_t *const workloads[] = {
    &bare_slab,      &bare_update,   &bare_allocate, &bare_convert, &bare_tile,   &bare_resize,  &bare_select,
    &bare_particles, &bare_metadata, &bare_pieces,   &bare_open,    &bare_filter, &bare_records, &bare_types,
};

static void set_factor(h5r_factors_t *f, char *text)
{
    h5r_error_t err = {.code = H5R_OK};
    char *value = strchr(text, '=');
    bare_need(value != NULL, text);
    *value++ = '\0';
    const h5r_factor_t *factor = h5r_factor_find(text);
    bare_need(factor != NULL && h5r_factor_parse(factor, value, f, &err) == H5R_OK, text);
}

static const bare_workload_t *find_workload(const char *name)
{
    for (size_t i = 0; i < H5R_COUNT_OF(workloads); i++) {
        if (strcmp(workloads[i]->name, name) == 0) {
            return workloads[i];
        }
    }
    bare_stop(name);
}

static unsigned long repetitions_of(const char *text)
{
    char *end;
    unsigned long n = strtoul(text, &end, 10);
    bare_need(n > 0 && *end == '\0', text);
    return n;
}

static void run(bare_t *b, const bare_workload_t *workload, unsigned long repetitions)
{
    if (workload->prepare != NULL) {
        workload->prepare(b);
    }
    if (b->rank == 0) {
        bare_print_header();
    }
    for (unsigned long i = 0; i <= repetitions; i++) {
        bare_repeat(b, workload, i > 0);
    }
    if (workload->release != NULL) {
        workload->release(b);
    }
}

int main(int argc, char **argv)
{
    static bare_t b; /* a path is too large for a frame */
    int provided;
    if (MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided) != MPI_SUCCESS) {
        return 1;
    }
    MPI_Comm_rank(MPI_COMM_WORLD, &b.rank);
    MPI_Comm_size(MPI_COMM_WORLD, &b.size);
    bare_need(argc >= 4, "reading the arguments WORKLOAD FACTOR=VALUE... REPETITIONS DIRECTORY");
    h5r_factors_default(&b.factors);
    for (int i = 2; i < argc - 2; i++) {
        set_factor(&b.factors, argv[i]);
    }
    const bare_workload_t *workload = find_workload(argv[1]);
    bare_begin(&b, argv[argc - 1]);
    run(&b, workload, repetitions_of(argv[argc - 2]));
    bare_end(&b);
    MPI_Finalize();
    return 0;
}
