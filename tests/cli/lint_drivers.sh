#!/usr/bin/env bash
# lint: code outside the tables of drivers that knows one by its name is found, each way of it.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
make_tmp

cp -r "$H5ROOF_SOURCE/src" "$H5ROOF_SOURCE/include" "$H5ROOF_SOURCE/bench" "$H5ROOF_SOURCE/scripts" "$tmp"
"$tmp/scripts/dev/lint.sh" drivers >"$tmp/clean" || fail "refuses what is here: $(cat "$tmp/clean")"

# planted FILE LINE: with this line at its end the file is refused, and only because of it.
planted()
{
    local file=$tmp/$1
    cp "$file" "$tmp/before"
    printf '%s\n' "$2" >>"$file"
    if "$tmp/scripts/dev/lint.sh" drivers >"$tmp/found"; then
        fail "passes in $1: $2"
    fi
    grep -qF "$1:$(wc -l <"$file" | tr -d ' '):" "$tmp/found" || fail "does not name the line in $1: $2: $(cat "$tmp/found")"
    cp "$tmp/before" "$file"
}

planted src/core/notes/note_mode.c 'bool a(const h5r_factors_t *f) { return f->driver == H5R_DRIVER_MPIO; }'
planted src/engine/roof/copy_cost.c 'bool a(h5r_driver_t d) { switch (d) { case H5R_DRIVER_SEC2: return true; } return false; }'
planted bench/slab.c 'bool a(const h5r_factors_t *f) { return H5R_DRIVER_POSIX != f->driver; }'
planted include/h5roof/steps.h 'bool a(h5r_driver_t driver) { return driver <= H5R_DRIVER_CORE; }'
planted src/cli/show/show_table.c 'bool a(const char *driver) { return strcmp(driver, "split") == 0; }'
expect_nothing_left
