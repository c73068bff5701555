#include "cli/doc/operations.h"

#include "cli/say.h"
#include "core/table/column.h"
#include "engine/machine/document.h"
#include "h5roof/count.h"

#include <stdlib.h>

/* The name of case c if the phase happens in it and not in all; NULL. */
static const char *only_case(const h5r_workload_t *w, unsigned when, unsigned c)
{
    bool all = true;
    for (unsigned i = 0; i < H5R_CASES && w->cases[i] != NULL; i++) {
        all = all && (when & H5R_CASE(i)) != 0;
    }
    return !all && (when & H5R_CASE(c)) != 0 ? w->cases[c] : NULL;
}

void operations_put_phases(FILE *out, const h5r_workload_t *w, h5r_operation_t operation)
{
    h5r_planned_phase_t phases[H5R_PHASE_COUNT];
    const int n = h5r_workload_phases(w, operation, phases);
    for (int p = 0; p < n; p++) {
        const char *before = " (";
        cli_say(out, "%s%s", p > 0 ? ", " : "", h5r_phase_names[phases[p].phase]);
        for (unsigned c = 0; c < H5R_CASES; c++) {
            const char *name = only_case(w, phases[p].when, c);
            if (name != NULL) {
                cli_say(out, "%s%s", before, name);
                before = " or ";
            }
        }
        fputs(before[1] == 'o' ? ")" : "", out);
    }
}

static void add_phase(h5r_doc_t *d, h5r_node_t *list, const h5r_workload_t *w, const h5r_planned_phase_t *p)
{
    static const struct {
        unsigned when;
        const char *name;
    } stores[] = {{H5R_LASTING, "lasting"}, {H5R_VOLATILE, "volatile"}};
    h5r_node_t *map = h5r_doc_map(d, list, NULL);
    h5r_doc_text(d, map, "phase", h5r_phase_names[p->phase]);
    h5r_node_t *names = h5r_doc_list(d, map, "stores");
    for (size_t i = 0; i < H5R_COUNT_OF(stores); i++) {
        if ((p->when & stores[i].when) != 0) {
            h5r_doc_text(d, names, NULL, stores[i].name);
        }
    }
    names = h5r_doc_list(d, map, "cases");
    for (unsigned c = 0; c < H5R_CASES; c++) {
        const char *name = only_case(w, p->when, c);
        if (name != NULL) {
            h5r_doc_text(d, names, NULL, name);
        }
    }
}

static void add_operation(h5r_doc_t *d, h5r_node_t *list, const h5r_workload_t *w, int o)
{
    static const char *const directions[] = {[H5R_MOVES_OUT] = "writes",
                                             [H5R_MOVES_IN] = "reads",
                                             [H5R_MOVES_BOTH] = "both",
                                             [H5R_MOVES_NOTHING] = "neither"};
    const h5r_operation_info_t *info = &w->operations[o];
    h5r_planned_phase_t phases[H5R_PHASE_COUNT];
    const int n = h5r_workload_phases(w, o, phases);
    h5r_node_t *map = h5r_doc_map(d, list, NULL);
    h5r_doc_text(d, map, "workload", w->name);
    h5r_doc_text(d, map, "operation", info->name);
    h5r_doc_text(d, map, "direction", directions[info->direction]);
    h5r_doc_text(d, map, "help", info->help);
    h5r_node_t *of = h5r_doc_list(d, map, "phases");
    for (int p = 0; p < n; p++) {
        add_phase(d, of, w, &phases[p]);
    }
}

bool operations_print_json(void)
{
    h5r_doc_t d;
    char *text = NULL;
    if (h5r_doc_init(&d)) {
        h5r_node_t *list = h5r_doc_list(&d, d.root, "operations");
        for (size_t w = 0; w < h5r_workload_count; w++) {
            for (int o = 0; o < h5r_workload_operations(h5r_workloads[w]); o++) {
                add_operation(&d, list, h5r_workloads[w], o);
            }
        }
        text = h5r_doc_emit(&d, H5R_DOC_JSON);
    }
    h5r_doc_free(&d);
    if (text != NULL) {
        fputs(text, cli_out());
    }
    free(text);
    return text != NULL;
}
