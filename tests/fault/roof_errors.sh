#!/usr/bin/env bash
# An error of the storage under a roof ends the run, whichever way of the roof it hits: only what a file system does not have is
# left out.
# once: how many ways are tried, and so which call it hits, depends on their speed
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
make_tmp

cat >"$tmp/one.yaml" <<'END'
suite: one
repeat: {warmup: 0, min: 3, max: 3}
cases:
  - {name: one, driver: posix, shape: [256, 256]}
END

# CALL NTH: only the how many-th such call of rank 1 on roofs
for at in "fsync 1" "fsync 2" "write 3" "read 2" "open 3"; do
    read -r call nth <<<"$at"
    rm -rf "$tmp/out"
    capture env LD_PRELOAD="$H5ROOF_BUILD/tests/shim_fault.so" SHIM_PATH='/roof\.[0-9.]*bin$' SHIM_CALL="$call" SHIM_NTH="$nth" \
        SHIM_TIMES=1 SHIM_RANK=1 SHIM_ACTION=EIO \
        "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/one.yaml" --scratch "$tmp/scratch" --out "$tmp/out"
    expect_code 3
    expect_said 'roof store: .*Input/output error' stderr
    expect_nothing_left
done
