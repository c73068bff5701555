#!/usr/bin/env bash
# ci-gate.sh: passes against its own baseline, fails when a counter differs, and hands on a failed run.
# MPIRUN starts the ranks.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
make_tmp

cat >"$tmp/suite.yaml" <<'END'
# Does the gate hold?
suite: gate
repeat: {warmup: 0, min: 2, max: 2, time: 5s}
defaults: {shape: [64, 64], driver: mpio}
cases: [{name: one}]
END
gate=("$H5ROOF_SOURCE/scripts/ci-gate.sh")
run=("$tmp/suite.yaml" --scratch "$tmp/scratch")
capture "${gate[@]}" "$tmp/none" "$tmp/baseline" "${run[@]}"
expect_code 0
capture "${gate[@]}" "$tmp/baseline" "$tmp/same" "${run[@]}"
expect_code 0
capture "${gate[@]}" "$tmp/none" "$tmp/first" "${run[@]}"
expect_said 'no baseline'
# one more collective write than the baseline has
"$(python_with csv)" - "$tmp/baseline/results.csv" <<'END'
import csv
import sys

rows = list(csv.DictReader(open(sys.argv[1], newline="")))
for row in rows:
    if row["operation"] == "write":
        row["mpiio_write_coll_count"] = str(int(row["mpiio_write_coll_count"]) + 1)
with open(sys.argv[1], "w", newline="") as file:
    writer = csv.DictWriter(file, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
END
capture "${gate[@]}" "$tmp/baseline" "$tmp/other" "${run[@]}"
expect_code 1
expect_said 'mpiio_write_coll_count'
capture "${gate[@]}" "$tmp/baseline" "$tmp/bad" "$tmp/no-such-suite.yaml"
expect_code 2
