#!/usr/bin/env bash
# Every operation that reads verifies: a byte that changes in a file is found by the operation that comes next, and the row says where.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
python=$(python_with csv)
make_tmp

cat >"$tmp/look.py" <<'END'
"""In the run of one case, the operation WRONG and no other must have a mismatch at element [7, 15] of rank 1."""
import csv, re, sys

path, wrong = sys.argv[1:]
rows = {r["operation"]: r for r in csv.DictReader(open(path, newline=""))}
for operation, row in rows.items():
    assert row["status"] == ("mismatch" if operation == wrong else "ok"), (operation, row["status"], row["reason"])
reason = rows[wrong]["reason"]
match = re.fullmatch(r"element \[7, 15\] of rank 1: expected (\S+).*, found (\S+).*", reason)
assert match and match[1] != match[2], reason
END

runs=0

# damaged NTH OPERATION WORKLOAD FACTORS: a byte of the last element is inverted when the file is opened for reading the
# NTH time (which flushing does as well, for its fsync).
damaged()
{
    local out="$tmp/out-$((++runs))"
    cat >"$tmp/suite.yaml" <<END
suite: flip
seed: 11
repeat: {warmup: 0, min: 1, max: 1}
defaults: {shape: [8, 16], dtype: i32, data: random, driver: sec2, workload: $3}
cases:
  - {name: a, $4}
END
    capture env LD_PRELOAD="$H5ROOF_BUILD/tests/shim_fault.so" SHIM_CALL=open SHIM_NTH="$1" SHIM_TIMES=1 SHIM_RANK=1 SHIM_PATH='\.h5$' \
        SHIM_ACTION=flip SHIM_OFFSET=-4 "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/suite.yaml" --scratch "$tmp/scratch" --out "$out"
    expect_code 1
    expect_error "^h5roof: error: the data read back were wrong in 1 repetition; see 'h5roof show $out'$"
    expect_nothing_left
    "$python" "$tmp/look.py" "$out/results.csv" "$2" || complain "not found where it is"
}

# The update's own flush is the second, the look at its result the third.
for nth in 2 3; do
    damaged $nth update update "access: row"
    damaged $nth update update "update: negative"
done
damaged 1 read tile "tile: [4, 4]"
damaged 2 read tile "tile: [5, 3], order: random"
damaged 2 read select "one_in: 1"
damaged 2 read select "one_in: 1, selection: points, memory_selection: strided"
damaged 3 write_selected select "one_in: 1, selection: list"
damaged 4 write_selected select "one_in: 50" # what was not selected is looked at, too
damaged 4 write_selected select "selection: mask, mask_as: rmw"
