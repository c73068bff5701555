#!/usr/bin/env bash
# long: signals
# What ends a process ends a run at once: scratch files are removed, rows are kept, and one message says so. By what batch
# systems warn, the run ends after a whole repetition, whichever rank is told.
# timeout: 300
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
# shellcheck source=tests/fault/faults.sh
. "$H5ROOF_SOURCE/tests/fault/faults.sh"
make_tmp
long_suite posix

# ended_by SIGNAL RANKS CODE NAME
ended_by()
{
    rm -rf "$tmp/out"
    start "$2" "$tmp/long.yaml" --scratch "$tmp/scratch" --out "$tmp/out"
    wait_for_rows "$tmp/out/results.csv" "$job"
    kill -s "$1" "$job"
    finish
    [[ $code =~ ^($3)$ ]] || complain "exit code $code, not $3"
    expect_error "^h5roof: ended by $4; the rows that were finished are kept$"
    expect_rows "$tmp/out" one
    expect_nothing_left
}

# Scripts start background jobs with SIGINT ignored; the program waits for it all the same.
while read -r signal name; do
    ended_by "$signal" 0 $((128 + $(kill -l "$signal"))) "$name"
done <<'END'
TERM Terminated
INT Interrupt
HUP Hangup
ALRM Alarm clock
VTALRM Virtual timer expired
XCPU CPU time limit exceeded
PIPE Broken pipe
END
# The launcher makes SIGTERM of it for its ranks, and has exit codes of its own.
ended_by TERM 2 '143|1|130' Terminated
ended_by INT 2 '143|1|130' Terminated

# warned WHOM SIGNAL RANKS NAME: the launcher (or the run itself), or a rank of it
warned()
{
    rm -rf "$tmp/out"
    start "$3" "$tmp/long.yaml" --scratch "$tmp/scratch" --out "$tmp/out"
    wait_for_rows "$tmp/out/results.csv" "$job"
    if [ "$1" = launcher ]; then
        kill -s "$2" "$job"
    else
        kill -s "$2" "$(process_of "$1")"
    fi
    finish
    expect_code 3
    expect_error "^h5roof: error: ended by $4 after a whole repetition; the rows are kept, and --resume --out $tmp/out goes on$"
    [ "$(grep -c ,write, "$tmp/out/results.csv")" -eq "$(grep -c ,read, "$tmp/out/results.csv")" ] || complain "half a repetition"
    expect_rows "$tmp/out" one
    expect_nothing_left
}
warned launcher USR1 0 'User defined signal 1'
warned launcher USR2 2 'User defined signal 2'
warned 0 USR2 2 'User defined signal 2'
warned 1 USR1 2 'User defined signal 1'
rows=$(wc -l <"$tmp/out/results.csv")
capture "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/long.yaml" --scratch "$tmp/scratch" --out "$tmp/out" --resume --max-time 2s
expect_code 0
[ "$(wc -l <"$tmp/out/results.csv")" -gt "$rows" ] || complain "nothing was added"
! grep -q ,interrupted, "$tmp/out/results.csv" || complain "a repetition was interrupted"

# ---- signals that somebody else has taken or turned off: nohup
rm -rf "$tmp/out"
trap '' HUP
start 0 "$tmp/long.yaml" --scratch "$tmp/scratch" --out "$tmp/out"
trap - HUP
wait_for_rows "$tmp/out/results.csv" "$job"
kill -HUP "$job"
kill -TERM "$job"
finish
expect_code 143
expect_error '^h5roof: ended by Terminated;'

# ---- a limit of CPU time, where the kernel would kill without a word
rm -rf "$tmp/out"
capture bash -c 'ulimit -t 4; exec "$@"' bash "$H5ROOF" run "$tmp/long.yaml" --scratch "$tmp/scratch" --out "$tmp/out"
expect_code $((128 + $(kill -l XCPU)))
expect_error '^h5roof: ended by CPU time limit exceeded;'
expect_nothing_left

# ---- nobody reads any more: piped LAUNCHER...
piped()
{
    rm -rf "$tmp/out"
    # shellcheck disable=SC2016 # of the inner shell
    capture timeout 60 bash -c '"$@" 2>&1 | true; exit "${PIPESTATUS[0]}"' bash "$@" \
        "$H5ROOF" run "$tmp/many.yaml" --scratch "$tmp/scratch" --out "$tmp/out"
    expect_nothing_left
    "$H5ROOF" show "$tmp/out" >/dev/null || complain "show cannot read the rows"
}
cat >"$tmp/many.yaml" <<'END'
suite: many
repeat: {warmup: 0, min: 20, max: 20}
cases: [{name: one, driver: memory, dtype: f64, sweep: {shape: [[64, 64], [64, 65], [64, 66], [64, 67], [64, 68], [64, 69]]}}]
END
piped
[[ $code =~ ^(141|3)$ ]] || complain "exit code $code" # 3: all had been done but telling so
piped "$MPIRUN" --timeout 60 -n 2 # Open MPI's goes on and drops what nobody reads
[ "$code" -ne 124 ] || complain "it hangs"
