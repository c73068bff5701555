#!/usr/bin/env bash
# compare with real runs: the same suite twice has exactly the same counters, and a factor, a seed or a number of ranks that
# changes what HDF5 does is seen. Times are compared, but not what comes out.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
make_tmp
scratch=$tmp/scratch
if [ -w /dev/shm ]; then
    scratch=$(mktemp -d /dev/shm/h5roof-test-XXXXXX)
    trap 'rmdir "$scratch"; remove_tmp' EXIT
fi

cat >"$tmp/suite.yaml" <<'SUITE'
# Does compare see what HDF5 does, and nothing else?
suite: gate
seed: 5
repeat: {warmup: 1, min: 5, max: 5, ci: 10%, time: 5s}
defaults: {workload: slab, shape: [128, 256], dtype: f64, driver: mpio, mode: collective}
cases:
  - name: mpio
    sweep: {mode: [collective, independent], access: [row, whole]}
  - {name: chunked, layout: chunked, chunk: [32, 32]}
  - {name: compressed, layout: chunked, chunk: [32, 32], filter: "shuffle+deflate:1"}
  - {name: own, driver: sec2}
  - {name: mpiio, driver: mpiio}
  - {name: posix, driver: posix}
SUITE

# measure NAME RANKS [OPTION...]
measure()
{
    capture "$MPIRUN" -n "$2" "$H5ROOF" run "$tmp/suite.yaml" --scratch "$scratch" --out "$tmp/$1" "${@:3}"
    expect_code 0
}

measure old 2
measure same 2
capture "$H5ROOF" compare "$tmp/old" "$tmp/same" --counters-only
expect_code 0
expect_said '^9 cases, 18 comparisons: 0 with other counters$'

# With times: whatever the verdicts, the gate closes if and only if something is slower.
capture "$H5ROOF" compare "$tmp/old" "$tmp/same"
if grep -q ': 0 slower' "$tmp/said/stdout"; then
    expect_code 0
else
    expect_code 1
fi
expect_said '(^|, )0 with other($| counters)'
expect_said '^(compressed|mpio/mode=collective/access=row)? +write +5\+5 '

# Other data, of the same size: sizes of compressed chunks are another matter, and are not compared.
sed 's/^seed: 5/seed: 6/' "$tmp/suite.yaml" >"$tmp/seed.yaml"
mv "$tmp/seed.yaml" "$tmp/suite.yaml"
measure seed 2
capture "$H5ROOF" compare "$tmp/old" "$tmp/seed" --counters-only
expect_code 0
expect_said 'the seeds differ'

# A case keeps its id when a factor that it does not name changes with the program: here its rows are made to say so.
python=$(python_with csv) || skip "no python3 with csv"
mkdir "$tmp/changed"
cp "$tmp/same/env.json" "$tmp/changed/"
"$python" - "$tmp/same/results.csv" "$tmp/changed/results.csv" <<'PYTHON'
import csv
import sys

with open(sys.argv[1], newline="", encoding="utf-8") as old, open(sys.argv[2], "w", newline="", encoding="utf-8") as new:
    reader = csv.DictReader(old)
    writer = csv.DictWriter(new, reader.fieldnames, lineterminator="\n")
    writer.writeheader()
    for row in reader:
        # collective transfers that have become independent: one call in place of each
        if row["case"] == "mpio/mode=collective/access=whole" and row["operation"] == "write":
            row["mpiio_write_indep_count"] = int(row["mpiio_write_indep_count"]) + int(row["mpiio_write_coll_count"])
            row["mpiio_write_coll_count"] = 0
            row["no_collective_global"] = "datatype_conversion"
        writer.writerow(row)
PYTHON
capture "$H5ROOF" compare "$tmp/old" "$tmp/changed" --counters-only
expect_code 1
expect_said 'write: DIFFERS: .*no_collective_global - -> datatype_conversion'
expect_said '9 cases, 18 comparisons: 1 with other counters'

# Other ranks: refused before anything is compared, and with --force the counters still are not.
measure one 1
capture "$H5ROOF" compare "$tmp/old" "$tmp/one" --counters-only
expect_code 5
expect_said 'rank_count: 2 -> 1'

capture "$H5ROOF" noise "$tmp/old" "$tmp/same"
expect_code 0
expect_said '^visible: a change of '
expect_said '^recommended: (--threshold|none)'
