#!/usr/bin/env bash
# long: stops ranks for seconds
# A job that is suspended does not hang, even if it stands still for longer than case_timeout. The repetition is marked, on
# whichever rank it was noticed, does not count, and is made again.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
# shellcheck source=tests/fault/faults.sh
. "$H5ROOF_SOURCE/tests/fault/faults.sh"
: "${MPIRUN:?}"
make_tmp
out=$tmp/out

# The second write of every repetition takes long enough to be met.
cat >"$tmp/slow.yaml" <<END
suite: slow
repeat: {warmup: 0, min: 4, max: 4}
case_timeout: 5s
cases: [{name: slow, driver: posix, shape: [64, 64]}]
END

# suspended TIMEOUT SECONDS RANK...: these ranks stand still during a repetition that waits in a write
suspended()
{
    local rank processes=()
    rm -rf "$out"
    SHIM_CALL=write SHIM_ACTION=delay SHIM_RANK=1 SHIM_DELAY=2000000 SHIM_TIMES=2 SHIM_PATH='/[0-9a-f]{4}-[0-9a-f]{16}[^/]*$' \
        LD_PRELOAD="$H5ROOF_BUILD/tests/shim_fault.so" \
        start 2 "$tmp/slow.yaml" --scratch "$tmp/scratch" --out "$out" --roofs none --set "case_timeout=$1"
    until [ -s "$out/in_flight" ] && grep -q repetition "$out/in_flight"; do
        kill -0 "$job" || complain "it ended"
        sleep 0.02
    done
    sleep 0.2
    for rank in "${@:3}"; do
        processes+=("$(process_of "$rank")")
    done
    kill -STOP "${processes[@]}"
    sleep "$2"
    kill -CONT "${processes[@]}"
    finish
    expect_code 0
    expect_nothing_left
    [ "$(grep -c ',write,ok,[a-z;]*suspended,' "$out/results.csv")" -eq 1 ] || complain "not one repetition is marked"
    [ "$(grep -c ',write,ok,' "$out/results.csv")" -eq 5 ] || complain "it was not made again"
    capture "$H5ROOF" show "$out" --format json
    expect_said '"repetitions_count": ?4[,}]'
    expect_said '"suspended_count": ?1[,}]'
    capture "$H5ROOF" show "$out"
    expect_said '1 repetition suspended \(not counted\)'
}
suspended 4s 7 0 1
suspended 20s 4 1
suspended 20s 4 0

# ---- the marked repetition is no reason for another one less when the run goes on
head -n 3 "$out/results.csv" | grep -q suspended || fail "the first repetition is not the marked one"
lines=$(wc -l <"$out/results.csv")
head -n 5 "$out/results.csv" >"$tmp/cut"
cp "$tmp/cut" "$out/results.csv"
capture "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/slow.yaml" --scratch "$tmp/scratch" --out "$out" --roofs none \
    --set case_timeout=20s --resume
expect_code 0
[ "$(wc -l <"$out/results.csv")" -eq "$lines" ] || complain "not as many rows as before"
