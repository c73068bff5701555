#!/usr/bin/env bash
# Cases on the command line are measured, shown and summed up; --format json is every row that results.csv has, as it comes.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
make_tmp

once=(--scratch "$tmp/scratch" --set repeat.warmup=0 --set repeat.min=6 --set repeat.max=6)
capture "$MPIRUN" -n 2 "$H5ROOF" run --case shape=256x256 chunk=64x64 filter=deflate:1 "${once[@]}" --out "$tmp/chunked"
expect_code 0
expect_said '^contiguous  '
expect_said '^chunk=64x64,filter=deflate:1  '
expect_said '^chunk=64x64,filter=deflate:1 writes .*contiguous'
expect_said '^chunk=64x64,filter=deflate:1 reads .*contiguous'
expect_said "^results: $tmp/chunked\$"
[ "$(count_rows "$tmp/chunked/results.csv" case=contiguous filter=none status=ok)" = 12 ] || fail "not 12 rows of the twin"
[ "$(count_rows "$tmp/chunked/results.csv" filter=deflate:1 chunk=64x64 layout=chunked status=ok)" = 12 ] || fail "not 12 rows"

# Every row, and nothing else on stdout.
capture "$MPIRUN" -n 2 "$H5ROOF" run --case shape=64x64 driver=mpio,sec2 "${once[@]}" --out "$tmp/json" --format json
expect_code 0
expect_said "^results: $tmp/json\$" stderr
python3 - "$tmp/said/stdout" "$tmp/json/results.csv" <<'END'
import csv
import json
import sys

said = [json.loads(line) for line in open(sys.argv[1])]
rows = list(csv.DictReader(open(sys.argv[2], newline="")))
assert len(said) == len(rows) == 24, (len(said), len(rows))
for one, row in zip(said, rows):
    assert set(one) == {k for k, v in row.items() if v}, set(one) ^ {k for k, v in row.items() if v}
    assert isinstance(one["payload_bytes"], int) and isinstance(one["durable_s"], float) and one["warmup"] is False
    for name, value in one.items():
        text = str(value).lower() if isinstance(value, bool) else str(value)
        assert text == row[name] or float(value) == float(row[name]), (name, value, row[name])
END

# One rank without a launcher says so, and measures.
capture "$H5ROOF" run --case shape=64x64 driver=sec2 "${once[@]}" --out "$tmp/one"
expect_code 0
expect_said 'one rank, since no launcher started it' stderr
capture "$MPIRUN" -n 2 "$H5ROOF" run --case shape=64x64 driver=sec2 "${once[@]}" --out "$tmp/two"
! grep -q 'no launcher' "$tmp/said/all" || complain "two ranks were told of no launcher"

# Two runs of different file systems, MPIs, ...: --allow lifts just what it names.
sed 's/"type": "[a-z0-9]*"/"type": "lustre"/' "$tmp/one/env.json" >"$tmp/two/env.json"
capture "$H5ROOF" compare "$tmp/one" "$tmp/two"
expect_code 5
expect_error 'filesystems.scratch.type'
capture "$H5ROOF" compare "$tmp/one" "$tmp/two" --allow cpu,hdf5
expect_code 5
capture "$H5ROOF" compare "$tmp/one" "$tmp/two" --allow filesystem --threshold 100%
! grep -q 'cannot be compared' "$tmp/said/all" || complain "refused although it was allowed"
capture "$H5ROOF" compare "$tmp/one" "$tmp/two" --allow filesytem
expect_code 2
expect_error "'filesytem' is none of"
