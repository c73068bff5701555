#!/usr/bin/env bash
# Workload open: a file whose contents are not those that were created is found by the operation that opens it.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
python=$(python_with struct)
make_tmp

cat >"$tmp/one.yaml" <<END
suite: one
repeat: {warmup: 0, min: 1, max: 1}
cases:
  - {name: one, workload: open, driver: sec2, opening: r}
END

capture "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/one.yaml" --scratch "$tmp/scratch" --out "$tmp/kept" --keep
expect_code 0
offset=$("$python" -c '
import struct, sys
image = open(sys.argv[1], "rb").read()
value = struct.pack("<i", 20250)
assert image.count(value) == 1
print(image.index(value))' "$(echo "$tmp"/scratch/h5roof-*/*.000001.h5)")
rm -rf "$tmp"/scratch/*

capture env LD_PRELOAD="$H5ROOF_BUILD/tests/shim_fault.so" SHIM_PATH='\.h5$' SHIM_CALL=open SHIM_TIMES=1 SHIM_NTH=2 SHIM_RANK=1 \
    SHIM_ACTION=flip SHIM_OFFSET="$offset" \
    "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/one.yaml" --scratch "$tmp/scratch" --out "$tmp/out"
expect_code 1
expect_nothing_left
expect_mismatch "$tmp/out" "create existing locked" 'rank 1: .* left the file with a wrong attribute'
