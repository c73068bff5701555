#!/usr/bin/env bash
# What list and explain say and refuse; that everything is explained is in explain.py.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
make_tmp

capture "$H5ROOF" list
expect_code 0
for topic in suites settings exit-codes words; do
    expect_said "^$topic +[0-9]+  h5roof list $topic$"
done
for number in 0 1 2 3 4 5; do
    capture "$H5ROOF" explain $number
    expect_code 0
    expect_said "^$number \\(exit code\\)$"
done
capture "$H5ROOF" explain 6
expect_code 2
golden drivers "$H5ROOF" list drivers
golden decomposition "$H5ROOF" explain decomposition

capture "$H5ROOF" list columns
wc -l <"$tmp/said/stdout" >"$tmp/columns"
capture "$H5ROOF" list columns --markdown
[ "$(grep -c '^| `' "$tmp/said/stdout")" -eq "$(cat "$tmp/columns")" ] || complain "the schema has other columns"

capture "$H5ROOF" list operations --format json
expect_code 0
python3 - "$tmp/said/stdout" <<'EOF'
import json
import sys

operations = {(o["workload"], o["operation"]): o for o in json.load(open(sys.argv[1]))["operations"]}
write = operations["filter", "write"]
assert list(write) == ["workload", "operation", "direction", "help", "phases"], write
assert write["direction"] == "writes" and write["help"], write
assert [p["phase"] for p in write["phases"]] == ["compute", "create", "select", "write", "flush", "close"], write
assert write["phases"][0]["cases"] == ["write_by direct"] and write["phases"][1]["cases"] == [], write
read = {p["phase"]: p["stores"] for p in operations["slab", "read"]["phases"]}
assert read == {"open": ["lasting"], "select": ["lasting"], "read": ["lasting", "volatile"], "compute": ["lasting", "volatile"], "exchange": ["lasting"], "close": ["lasting"]}, read
assert all(o["phases"] for o in operations.values())
EOF
capture "$H5ROOF" list columns --format json
expect_code 2
capture "$H5ROOF" list --format json
expect_code 2
