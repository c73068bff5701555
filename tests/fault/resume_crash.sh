#!/usr/bin/env bash
# --resume while the run is not over, and --skip-crashed.
# timeout: 300
# shellcheck disable=SC2119 # resume takes more arguments, or none
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
# shellcheck source=tests/fault/faults.sh
. "$H5ROOF_SOURCE/tests/fault/faults.sh"
# shellcheck source=tests/fault/resuming.sh
. "$H5ROOF_SOURCE/tests/fault/resuming.sh"

# ---- another run is still writing
rm -rf "$out"
long_suite posix
start 2 "$tmp/long.yaml" --scratch "$tmp/scratch" --out "$out"
wait_for_rows "$out/results.csv" "$job"
run_suite "$tmp/long.yaml" --out "$out" --resume
expect_code 2
expect_error "^h5roof: error: --resume: another run is still writing to $out"
kill -0 "$job" || fail "the first run has ended"
[ -e "$out/in_flight" ] || fail "in_flight of the first run is gone"

kill -TERM "$job"
finish

# ---- the case in which everything was killed is left out if so asked, and stays so
rm -rf "$out"
cat >"$tmp/crash.yaml" <<END
suite: crash
repeat: {warmup: 0, min: 2, max: 2}
cases:
  - {name: good, driver: memory, shape: [16, 16]}
  - {name: bad, driver: posix, shape: [32, 32]}
END
crash()
{
    run_suite "$tmp/crash.yaml" --out "$out" --resume "$@"
}

for attempt in 1 2; do
    capture setsid -w env LD_PRELOAD="$H5ROOF_BUILD/tests/shim_fault.so" SHIM_CALL=write SHIM_ACTION=kill \
        SHIM_PATH='/[0-9a-f]{4}-[0-9a-f]{16}.bin$' \
        "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/crash.yaml" --scratch "$tmp/scratch" --out "$out" --resume
    [ "$code" -ne 0 ] || complain "attempt $attempt: nobody was killed"
    grep -Eq ' (repetition|roof) run .*: bad *$' "$out/in_flight" || fail "in_flight: $(head -n 1 "$out/in_flight")"
done
[ "$(count_rows "$out/results.csv" case=bad status=interrupted)" -eq 1 ] || fail "the first crash has not its row"
crash --skip-crashed
expect_code 0
[ "$(rows_of good)" -eq 4 ] || complain "the other case is not finished"
[ "$(rows_of bad)" -eq 0 ] || complain "the case that crashed was run"
expect_nothing_left
"$H5ROOF" show "$out" >"$tmp/said/show"
grep -Eq '^bad: the run ended during a (repetition|roof) of this case in block 0; it is not run again \(--skip-crashed\)$' \
    "$tmp/said/show" || fail "show: $(cat "$tmp/said/show")"
cp "$out/results.csv" "$tmp/finished.csv"
crash
expect_code 0
cmp "$out/results.csv" "$tmp/finished.csv" || fail "a further --resume adds rows"
