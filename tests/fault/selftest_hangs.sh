#!/usr/bin/env bash
# A storage that fails on one rank before the first case: OMPIO never returns on the other. The watchdog ends the run.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
make_tmp

cat >"$tmp/one.yaml" <<'END'
suite: one
case_timeout: 3s
repeat: {warmup: 0, min: 1, max: 1}
cases:
  - {name: one, shape: [16, 16]}
END

for nth in 1 3; do
    capture env LD_PRELOAD="$H5ROOF_BUILD/tests/shim_fault.so" SHIM_PATH='/selftest-[^/]*$' SHIM_CALL=write SHIM_RANK=1 \
        SHIM_NTH=$nth SHIM_TIMES=1 SHIM_ACTION=ENOSPC \
        "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/one.yaml" --scratch "$tmp/scratch" --out "$tmp/out"
    expect_code 3
    expect_said 'the self-test of the counters (hangs: not finished after 3|failed)' stderr
    expect_nothing_left
done
