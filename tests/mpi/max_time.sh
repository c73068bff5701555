#!/usr/bin/env bash
# once: a budget of time
# --max-time ends a run early and in order: what is unfinished says so, and a later --resume goes on with it.
# timeout: 300
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
make_tmp
out=$tmp/out

# expect_stopped CASES ROWS: as many cases are listed as stopped, and so many rows of the table say so
expect_stopped()
{
    "$H5ROOF" show "$out" >"$tmp/said/show"
    [ "$(sed -n '/^stopped:$/,/^$/p' "$tmp/said/show" | grep -c ': --max-time' || true)" -eq "$1" ] ||
        complain "show: $(cat "$tmp/said/show")"
    [ "$(count_rows "$out/results.csv" status=stopped stop=budget)" -eq "$2" ] || complain "not $2 rows with status stopped"
}

# repetitions CASE: its measured ones
repetitions()
{
    count_rows "$out/results.csv" case="$1" warmup=false operation=write status=ok
}

# ---- a suite of days
cat >"$tmp/days.yaml" <<END
suite: days
repeat: {warmup: 0, min: 1000000, max: 1000000, ci: 0.01%}
cases:
  - {name: one, driver: posix, shape: [64, 64]}
  - {name: two, driver: memory, shape: [64, 64]}
  - {name: never, ranks: 9}
END
run_days()
{
    capture "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/days.yaml" --scratch "$tmp/scratch" --out "$out" "$@"
    expect_code 0
    expect_said '^h5roof: --max-time ended 2 of 2 cases before they had enough repetitions$' stderr
    expect_nothing_left
}

run_days --max-time 1s
expect_stopped 2 2
grep -Eq '^one: --max-time 1.00 s was used up after [0-9]+ repetitions, (without an interval|the interval reaches [0-9.]+ %)$' \
    "$tmp/said/show" || complain "show: $(cat "$tmp/said/show")"
grep -q "after $(repetitions one) repetitions" "$tmp/said/show" || complain "not the number of repetitions of the table"
grep -q '^never: it needs 9 ranks, and the job has 2$' "$tmp/said/show" || complain "the skipped case is not listed"
before=$(repetitions one)
[ "$before" -gt 0 ] || fail "nothing was measured"

run_days --resume --max-time 1s
expect_stopped 2 4
[ "$(repetitions one)" -gt "$before" ] || fail "the resumed run has measured nothing"
grep -q "after $(repetitions one) repetitions" "$tmp/said/show" || complain "show tells the earlier number of repetitions"

# ---- a suite that is slow once, and then goes on to its end
rm -rf "$out"
cat >"$tmp/slow.yaml" <<END
suite: slow
repeat: {warmup: 1, min: 40, max: 40}
cases: [{name: one, driver: posix, shape: [16, 16]}]
END
# run_slow TIME [COMMAND...]
run_slow()
{
    capture "${@:2}" "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/slow.yaml" --scratch "$tmp/scratch" --out "$out" \
        --resume --max-time "$1"
    expect_code 0
    expect_nothing_left
}
run_slow 500ms env LD_PRELOAD="$H5ROOF_BUILD/tests/shim_fault.so" SHIM_CALL=write SHIM_ACTION=delay SHIM_RANK=1 \
    SHIM_DELAY=20000 SHIM_PATH='/[0-9a-f]{4}-[0-9a-f]{16}[^/]*$'
expect_stopped 1 1
[ "$(repetitions one)" -lt 40 ] || complain "the budget did not end it"
run_slow 10m
expect_stopped 0 1
[ "$(repetitions one)" -eq 40 ] || complain "not all repetitions"

for wrong in 0s soon -1s; do
    capture "$H5ROOF" run "$tmp/slow.yaml" --scratch "$tmp/scratch" --out "$tmp/none" --max-time "$wrong"
    expect_code 2
    expect_error "^h5roof: error: --max-time '$wrong' is not a time such as 20m, 90s or 2h$"
done
