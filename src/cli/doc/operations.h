/* The operations of all workloads: their phases as text, and all that is known of them for programs. */
#ifndef H5ROOF_OPERATIONS_H
#define H5ROOF_OPERATIONS_H

#include "engine/ranks/registry.h"

#include <stdbool.h>
#include <stdio.h>

/* "compute (write_by direct), create, select, write, flush, close": a phase of some cases only names them. */
void operations_put_phases(FILE *out, const h5r_workload_t *w, h5r_operation_t operation);

/* JSON on stdout: workload, operation, direction, help, phases in their order, each with the stores
 * where it happens, and the cases of the workload ("write_by direct") if it does not in all. false: memory ran
 * out. */
bool operations_print_json(void);

#endif
