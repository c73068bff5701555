#!/usr/bin/env bash
# Workload metadata: an attribute whose value changes in the file is found by the operation that opens it, and by the one that deletes others.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
python=$(python_with struct)
make_tmp

cat >"$tmp/one.yaml" <<END
suite: one
repeat: {warmup: 0, min: 1, max: 1}
defaults: {workload: metadata, kind: attribute, objects: 20}
cases:
  - {name: one, driver: sec2}
END

# Where, in rank 1's file, the value of an attribute lies that is not deleted.
capture "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/one.yaml" --scratch "$tmp/scratch" --out "$tmp/kept" --keep
expect_code 0
file=$(echo "$tmp"/scratch/h5roof-*/*.000001.h5)
offset=$("$python" -c '
import struct, sys
image = open(sys.argv[1], "rb").read()
value = struct.pack("<i", 4 * 1000003)
assert image.count(value) == 1
print(image.index(value))' "$file")
rm -rf "$tmp"/scratch/*

capture env LD_PRELOAD="$H5ROOF_BUILD/tests/shim_fault.so" SHIM_PATH='\.h5$' SHIM_CALL=open SHIM_TIMES=1 SHIM_RANK=1 \
    SHIM_ACTION=flip SHIM_OFFSET="$offset" \
    "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/one.yaml" --scratch "$tmp/scratch" --out "$tmp/out"
expect_code 1
expect_nothing_left
# Deleting moves what lies behind, so that the byte may have been another attribute's when it was opened.
expect_mismatch "$tmp/out" "open delete" '^rank 1: attribute 0 of /o0000[0-9][0-9]: expected [0-9]+, found [0-9]+$'
cells "$tmp/out/results.csv" reason status=mismatch >"$tmp/reasons" # deleting looks at what it left
"$python" - "$tmp/reasons" <<'END'
import re, sys

for line in open(sys.argv[1]):
    index, expected, found = (int(part) for part in re.fullmatch(r".*/o0000(\d\d): expected (\d+), found (\d+)", line.strip()).groups())
    assert expected == (index + 1) * 1000003 and found ^ expected == 0xFF, line
END
