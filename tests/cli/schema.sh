#!/usr/bin/env bash
# The committed description of the results is the one that the program's own table makes.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
make_tmp
capture "$H5ROOF" list columns --markdown
expect_code 0
diff -u "$H5ROOF_SOURCE/results/SCHEMA.md" "$tmp/said/stdout" ||
    fail "results/SCHEMA.md is old: h5roof list columns --markdown >results/SCHEMA.md"

# Every column that is listed is described there, once, in the same order.
"$H5ROOF" list columns | awk '/^[a-z]/ {print $1}' >"$tmp/listed"
awk -F'`' '/^\| `/ {print $2}' "$tmp/said/stdout" >"$tmp/described"
diff -u "$tmp/listed" "$tmp/described" || fail "listed and described columns differ"
[ "$(wc -l <"$tmp/listed")" -gt 100 ] || fail "few columns are listed"
