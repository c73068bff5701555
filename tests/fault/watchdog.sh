#!/usr/bin/env bash
# long: waits for what hangs
# alone: what is late here must be late by itself
# What hangs is ended after case_timeout: the message names the case, and the rank if it sits in a system call; the run goes on.
# timeout: 300
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
# shellcheck source=tests/fault/faults.sh
. "$H5ROOF_SOURCE/tests/fault/faults.sh"
: "${MPIRUN:?}"
make_tmp
out=$tmp/out
hangs='hangs: not finished after 2.00 s \(case_timeout\)'

# ---- a rank that is stopped, whichever it is; the others wait for it
cat >"$tmp/stopped.yaml" <<END
suite: stopped
repeat: {warmup: 0, min: 100000, max: 100000}
case_timeout: 2s
cases: [{name: endless, driver: posix, shape: [512, 512]}]
END
for rank in 1 0; do
    rm -rf "$out"
    start 2 "$tmp/stopped.yaml" --scratch "$tmp/scratch" --out "$out"
    wait_for_rows "$out/results.csv" "$job"
    kill -STOP "$(process_of $rank)"
    finish
    expect_code 3
    grep -Eq "^h5roof: rank [01] on [^ ]*: case endless(, its roof)? $hangs" "$tmp/said/stderr" || complain "the case is not named"
    expect_rows "$out" endless
    grep -q ': endless *$' "$out/in_flight" || fail "in_flight: $(head -n 1 "$out/in_flight")"
    expect_nothing_left
done

# ---- a write that never returns on rank 1; ROMIO's collective writes go through rank 1 too
export OMPI_MCA_io=romio321
for mode in independent collective; do
    cat >"$tmp/hung.yaml" <<END
suite: hung
repeat: {warmup: 0, min: 1, max: 1}
case_timeout: 2s
cases:
  - {name: good, driver: memory, shape: [64, 64]}
  - {name: bad, driver: mpio, mode: $mode, shape: [64, 64]}
  - {name: better, driver: memory, shape: [32, 64]}
END
    rm -rf "$out"
    capture env LD_PRELOAD="$H5ROOF_BUILD/tests/shim_fault.so" SHIM_CALL=write SHIM_ACTION=hang SHIM_RANK=1 \
        SHIM_LEAST=16384 SHIM_PATH='/[0-9a-f]{4}-[0-9a-f]{16}[^/]*$' \
        "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/hung.yaml" --scratch "$tmp/scratch" --out "$out"
    expect_code 3
    expect_said "^h5roof: rank 1 on [^ ]*: case bad(, its roof)? $hangs; in write, phase write, asleep in a system call$" stderr
    expect_nothing_left
    capture "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/hung.yaml" --scratch "$tmp/scratch" --out "$out" \
        --resume --skip-crashed
    expect_code 0
    expect_rows "$out" good
    expect_rows "$out" better
    [ "$(count_rows "$out/results.csv" case=bad status=interrupted)" -eq 1 ] || complain "no row says that bad was interrupted"
    [ "$(count_rows "$out/results.csv" case=bad status=ok)" -eq 0 ] || complain "bad was run"
    expect_nothing_left
done

# ---- the same case without a limit, and slower than the limit in sum, but not in one repetition
cat >"$tmp/slow.yaml" <<END
suite: slow
repeat: {warmup: 0, min: 4, max: 4}
case_timeout: 2s
cases: [{name: slow, driver: posix, shape: [64, 64]}]
END
slowly()
{
    rm -rf "$out"
    capture env LD_PRELOAD="$H5ROOF_BUILD/tests/shim_fault.so" SHIM_CALL=write SHIM_ACTION=delay SHIM_RANK=1 \
        SHIM_DELAY="$1" SHIM_TIMES="$2" SHIM_PATH='/[0-9a-f]{4}-[0-9a-f]{16}[^/]*$' \
        "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/slow.yaml" --scratch "$tmp/scratch" --out "$out" "${@:3}"
}
slowly 700000 4
expect_code 0
expect_rows "$out" slow
slowly 4500000 1 --set case_timeout=0s
expect_code 0
expect_rows "$out" slow
