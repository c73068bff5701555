#!/usr/bin/env bash
# Steps of variables: what the files hold, what was counted, and that a wrong element of one dataset is named.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
python=$(python_with numpy h5py) || skip "no python3 with numpy and h5py"
"$python" -B "$H5ROOF_SOURCE/tests/mpi/particles.py"

# The last byte of rank 1's file, which belongs to the last dataset, is inverted before reading.
make_tmp
cat >"$tmp/bad.yaml" <<END
suite: bad
repeat: {warmup: 0, min: 1, max: 1}
cases:
  - {name: bad, workload: particles, shape: [40], steps: 2, variables: 3, dtype: i32, data: random, driver: sec2}
END
capture env LD_PRELOAD="$H5ROOF_BUILD/tests/shim_fault.so" SHIM_CALL=open SHIM_TIMES=1 SHIM_RANK=1 \
    SHIM_PATH='\.h5$' SHIM_ACTION=flip SHIM_OFFSET=-1 \
    "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/bad.yaml" --scratch "$tmp/scratch" --out "$tmp/out"
expect_code 1
expect_mismatch "$tmp/out" read 'rank 1: Step#1/z, element 39 in C order: expected [-0-9]*, found [-0-9]*'
