#!/usr/bin/env bash
# Every topic is listed within 79 columns, and everything that is listed is explained.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
make_tmp

for topic in workloads drivers filters factors values columns notes roofs operations phases words; do
    capture "$H5ROOF" list $topic
    expect_code 0
    [ "$(awk '{ if (length > m) m = length } END { print m }' "$tmp/said/stdout")" -le 79 ] || complain "$topic: too wide"
    mapfile -t names < <(sed 's/  .*//' "$tmp/said/stdout" | sort -u) # a name may have blanks
    [ "${#names[@]}" -ge 1 ] || complain "nothing under $topic"
    for name in "${names[@]}"; do
        capture "$H5ROOF" explain -- "$name"
        expect_code 0
        grep -qxF -- "$name (${topic%s})" "$tmp/said/stdout" || complain "$name: not as one of the $topic"
        [ "$(wc -l <"$tmp/said/stdout")" -ge 2 ] || complain "$name: no explanation"
        [ ! -s "$tmp/said/stderr" ] || complain "$name: something on stderr"
    done
done
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
assert read == {"open": ["lasting"], "select": ["lasting"], "read": ["lasting", "volatile"], "close": ["lasting"]}, read
assert all(o["phases"] for o in operations.values())
EOF
capture "$H5ROOF" list columns --format json
expect_code 2
capture "$H5ROOF" list --format json
expect_code 2
