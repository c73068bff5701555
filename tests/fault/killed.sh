#!/usr/bin/env bash
# long: kills
# A rank that is killed ends the job, whichever it is: the rows are kept and the scratch directory is gone.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
# shellcheck source=tests/fault/faults.sh
. "$H5ROOF_SOURCE/tests/fault/faults.sh"
make_tmp
long_suite posix

# process_of RANK: among the children of the launcher
process_of()
{
    local child
    for child in $(pgrep -P "$job"); do
        if tr '\0' '\n' <"/proc/$child/environ" 2>/dev/null | grep -qx "OMPI_COMM_WORLD_RANK=$1"; then
            echo "$child"
        fi
    done
}

for rank in 1 0; do
    rm -rf "$tmp/out"
    start 2 "$tmp/long.yaml" --scratch "$tmp/scratch" --out "$tmp/out"
    wait_for_rows "$tmp/out/results.csv" "$job"
    kill -KILL "$(process_of $rank)"
    finish
    expect_code 137
    expect_rows "$tmp/out" one
    expect_nothing_left
done

# At any moment from its start on.
RANDOM=${SEED:-$$}
echo "SEED=${SEED:-$$}"
for ((n = 0; n < 6; n++)); do
    rm -rf "$tmp/out"
    start 2 "$tmp/long.yaml" --scratch "$tmp/scratch" --out "$tmp/out"
    for ((i = 0; i < 500; i++)); do
        victim=$(process_of 1)
        [ -z "$victim" ] || break
        sleep 0.01
    done
    ms=$((RANDOM % 1000))
    sleep "0.$(printf '%03d' $ms)"
    kill -KILL "$victim"
    finish
    [ "$code" -eq 137 ] || complain "killed after $ms ms: exit code $code"
    [ -z "$(find "$tmp/scratch" -mindepth 1)" ] || complain "killed after $ms ms: left behind: $(find "$tmp/scratch" -mindepth 1)"
done
