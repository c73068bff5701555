#!/usr/bin/env bash
# Calls that share memory (buffers: call): what is wrong in the file is found in any of them, and what a read leaves in memory.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
make_tmp

cat >"$tmp/calls.yaml" <<END
suite: calls
repeat: {warmup: 0, min: 1, max: 1}
defaults: {shape: [10, 512], dtype: i32, data: random, access: row, buffers: call}
cases:
  - {name: bad, driver: sec2}
END

# flipped NAME WHERE ARGUMENTS...: SHIM_ variables in `how`; the row of the reads says where.
flipped()
{
    capture env LD_PRELOAD="$H5ROOF_BUILD/tests/shim_fault.so" SHIM_TIMES=1 SHIM_RANK=1 "${how[@]}" \
        "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/calls.yaml" --scratch "$tmp/scratch" --out "$tmp/$1" "${@:3}"
    expect_code 1
    expect_nothing_left
    expect_mismatch "$tmp/$1" read "element \\[$2\\] of rank 1, "
}

# The files, before they are read: the first and the last call, and one between.
how=(SHIM_PATH='\.h5$' SHIM_CALL=open SHIM_ACTION=flip SHIM_OFFSET=-4)
flipped last "9, 511"
how=(SHIM_PATH='\.h5$' SHIM_CALL=open SHIM_ACTION=flip SHIM_OFFSET=-4100)
flipped between "7, 511"
how=(SHIM_PATH='\.h5$' SHIM_CALL=open SHIM_ACTION=flip SHIM_OFFSET=-4)
flipped shared "9, 511" --set driver=mpio

# What is read by the last timed call of a store that makes one of the system for each.
how=(SHIM_PATH='\.bin$' SHIM_CALL=read SHIM_ACTION=flip SHIM_OFFSET=0 SHIM_NTH=5)
capture env LD_PRELOAD="$H5ROOF_BUILD/tests/shim_fault.so" SHIM_TIMES=1 SHIM_RANK=1 SHIM_LEAST=2048 "${how[@]}" \
    "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/calls.yaml" --scratch "$tmp/scratch" --out "$tmp/posix" --set driver=posix
expect_code 1
expect_mismatch "$tmp/posix" read 'read by the last call'

capture env LD_PRELOAD="$H5ROOF_BUILD/tests/shim_fault.so" SHIM_PATH='\.h5$' SHIM_CALL=open SHIM_ACTION=flip SHIM_OFFSET=-4 \
    "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/calls.yaml" --scratch "$tmp/scratch" --out "$tmp/blind" --set verify=false
expect_code 0
