#!/usr/bin/env bash
# lint: code outside a workload's file that knows an operation by its name or number is found, each way of it.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
make_tmp

cp -r "$H5ROOF_SOURCE/src" "$H5ROOF_SOURCE/include" "$H5ROOF_SOURCE/bench" "$H5ROOF_SOURCE/scripts" "$H5ROOF_SOURCE/python" "$tmp"
"$tmp/scripts/dev/lint.sh" operations >"$tmp/clean" || fail "refuses what is here: $(cat "$tmp/clean")"

# planted FILE LINE: with this line at its end the file is refused, and only because of it.
planted()
{
    local file=$tmp/$1
    cp "$file" "$tmp/before"
    printf '%s\n' "$2" >>"$file"
    if "$tmp/scripts/dev/lint.sh" operations >"$tmp/found"; then
        fail "passes in $1: $2"
    fi
    grep -qF "$1:$(wc -l <"$file" | tr -d ' '):" "$tmp/found" || fail "does not name the line in $1: $2: $(cat "$tmp/found")"
    cp "$tmp/before" "$file"
}

planted src/core/notes/note_mode.c 'bool a(const h5r_row_t *r) { return strcmp(r->operation, "write") == 0; }'
planted src/engine/run/runner.c 'bool a(const h5r_row_t *r) { return strncmp("touch", r->operation, 5) == 0; }'
planted src/cli/show/show_table.c 'const h5r_result_t *a(void) { return partner(NULL, 0, "read"); }'
planted src/engine/survive/watchdog.c 'const char *a(h5r_workload_t *w) { return w->operations[0].name; }'
planted src/engine/repetition/measure.c 'void a(h5r_measure_t *m) { m->operation[0].bad = true; }'
planted src/engine/repetition/repetition.c 'bool a(h5r_operation_t operation) { return operation == 1; }'
planted src/engine/repetition/repetition.c 'int a(void) { return H5R_WRITES; }'
planted bench/slab.c 'void a(h5r_rep_t *rep) { h5r_rep_check(rep, H5R_WAY_IN); }'
planted include/h5roof/steps.h 'h5r_operation_t a(void) { return H5R_READS; }'
planted python/h5roof/plot/style.py 'reads = [c for c in cases if c.operation == "read"]'
planted python/h5roof/report/page.py 'first = sorted(cases, key=lambda c: c["operation"] != "write")'
planted python/h5roof/report/page.py 'both = row["operation"] in ("write", "read")'
expect_nothing_left
