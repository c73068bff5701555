# shellcheck shell=bash
# shellcheck disable=SC2154 # tmp is of tests/lib.sh
# What the scripts of this folder share. Sourced after tests/lib.sh, never run.

# faulty_suite DRIVER [MODE]: $tmp/two.yaml, whose case `good` has finished before the case `bad` begins.
faulty_suite()
{
    cat >"$tmp/two.yaml" <<END
suite: two
seed: 7
repeat: {warmup: 0, min: 1, max: 1}
defaults: {shape: [64, 64], dtype: i32}
cases:
  - {name: good, driver: memory, shape: [32]}
  - {name: bad, driver: $1, mode: ${2:-collective}}
END
}

# expect_rows DIR CASE: the rows of a case are there, and `show` reads them.
expect_rows()
{
    [ "$(count_rows "$1/results.csv" case="$2" status=ok)" -ge 2 ] || complain "the rows of case $2 are lost"
    "$H5ROOF" show "$1" >"$tmp/said/show" 2>&1 || complain "show cannot read the rows"
    grep -q "^$2 " "$tmp/said/show" || complain "show does not know case $2"
}

# damaged_read SUITE BYTES NTH OFFSET OPERATION REASON: of rank 1's reads of at least so many bytes the NTH has a wrong byte, which
# that operation alone finds, for that reason
damaged_read()
{
    capture env LD_PRELOAD="$H5ROOF_BUILD/tests/shim_fault.so" SHIM_PATH='\.h5$' SHIM_CALL=read SHIM_LEAST="$2" SHIM_NTH="$3" \
        SHIM_TIMES=1 SHIM_RANK=1 SHIM_ACTION=flip SHIM_OFFSET="$4" \
        "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$1" --scratch "$tmp/scratch" --out "$tmp/$5$4"
    expect_code 1
    expect_nothing_left
    expect_mismatch "$tmp/$5$4" "$5" "$6"
}

# wait_for_rows FILE PID: until the file has rows, while the process is there.
wait_for_rows()
{
    while kill -0 "$2" 2>/dev/null; do
        [ ! -e "$1" ] || [ "$(wc -l <"$1")" -lt 4 ] || return 0
        sleep 0.05
    done
    cat "$tmp/said/job.stderr"
    fail "ended before it had rows"
}

# start N ARGUMENTS_OF_RUN...: the run in the background, with N ranks or, for 0, without a launcher; $job is its process.
start()
{
    local launcher=()
    [ "$1" -eq 0 ] || launcher=("$MPIRUN" --timeout 60 -n "$1")
    (cd "$tmp/here" && exec "${launcher[@]}" "$H5ROOF" run "${@:2}" </dev/null >"$tmp/said/job.stdout" 2>"$tmp/said/job.stderr") &
    job=$!
}

# ended: what became of it, as `capture ended` expects it
ended()
{
    cat "$tmp/said/job.stdout"
    cat "$tmp/said/job.stderr" >&2
    return "$job_code"
}

# finish: wait for the job and capture what it said
finish()
{
    job_code=0
    wait "$job" || job_code=$?
    capture ended
}

# long_suite DRIVER: $tmp/long.yaml, which does not end by itself
long_suite()
{
    cat >"$tmp/long.yaml" <<END
suite: long
repeat: {warmup: 0, min: 100000, max: 100000}
cases: [{name: one, driver: $1, shape: [512, 512], dtype: f64}]
END
}

# process_of RANK: among the children of the launcher $job
process_of()
{
    local child
    for child in $(pgrep -P "$job"); do
        if tr '\0' '\n' <"/proc/$child/environ" 2>/dev/null | grep -qx "OMPI_COMM_WORLD_RANK=$1"; then
            echo "$child"
        fi
    done
}
