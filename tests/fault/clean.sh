#!/usr/bin/env bash
# `clean` tells what runs left under a directory, and removes it if they are dead.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
# shellcheck source=tests/fault/faults.sh
. "$H5ROOF_SOURCE/tests/fault/faults.sh"
# shellcheck source=tests/fault/bait.sh
. "$H5ROOF_SOURCE/tests/fault/bait.sh"
make_tmp
long_suite posix

# state_of ID: as the list has it
state_of()
{
    awk -v id="$1" '$2 == id {print $1}' "$tmp/said/stdout"
}

# expect_states ID STATE...
expect_states()
{
    expect_code 0
    while [ $# -gt 0 ]; do
        [ "$(state_of "$1")" = "$2" ] || complain "$1 is '$(state_of "$1")', not $2"
        shift 2
    done
}

# ---- nothing, and no directory
capture "$H5ROOF" clean "$tmp/scratch" --yes
expect_code 0
expect_said "^no run left anything in $tmp/scratch$"
capture "$H5ROOF" clean "$tmp/absent"
expect_code 5
expect_error "cannot read the scratch directory '$tmp/absent': No such file or directory"
capture "$H5ROOF" clean
expect_code 2
capture "$H5ROOF" clean "$tmp/scratch" --yes --also alive
expect_code 2
expect_error "--also: 'alive' is none of elsewhere, kept"

# ---- kept with --keep, of another boot, killed, and alive
cat >"$tmp/short.yaml" <<END_OF_SUITE
suite: short
repeat: {warmup: 0, min: 1, max: 1}
cases: [{name: one, sweep: {driver: [sec2, family, split, core, posix]}, shape: [64, 64]}]
END_OF_SUITE
capture "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/short.yaml" --scratch "$tmp/scratch" --out "$tmp/short" --keep
expect_code 0
kept=$(basename "$(echo "$tmp/scratch"/h5roof-*)")
kept=${kept#h5roof-}
files=$(find "$tmp/scratch" -type f | wc -l)
[ "$files" -ge 10 ] || fail "only $files files are kept"

other=20250101T000000Z-abcd
mkdir "$tmp/scratch/h5roof-$other"
bait_marker $other | sed 's/^boot ./boot x/' >"$tmp/scratch/h5roof-$other/h5roof.run"
head -c 1000 /dev/zero >"$tmp/scratch/h5roof-$other/roof.bin"

start 2 "$tmp/long.yaml" --scratch "$tmp/scratch" --out "$tmp/killed"
wait_for_rows "$tmp/killed/results.csv" "$job"
mapfile -t ranks < <(pgrep -P "$job")
kill -KILL "$job" "${ranks[@]}"
finish
dead=$(basename "$(find "$tmp/scratch" -maxdepth 1 -name 'h5roof-*' ! -name "*$kept" ! -name "*$other")")
dead=${dead#h5roof-}

rm -f "$tmp/long/results.csv"
start 2 "$tmp/long.yaml" --scratch "$tmp/scratch" --out "$tmp/long"
wait_for_rows "$tmp/long/results.csv" "$job"
alive=$(basename "$(find "$tmp/scratch" -maxdepth 1 -name 'h5roof-*' ! -name "*$kept" ! -name "*$other" ! -name "*$dead")")
alive=${alive#h5roof-}

find "$tmp/scratch" ! -path "*$alive*" | sort >"$tmp/before"
capture "$H5ROOF" clean "$tmp/scratch"
expect_states "$alive" alive "$dead" dead "$kept" kept "$other" elsewhere
expect_said "^elsewhere +$other .* 1000 B +$tmp/scratch/h5roof-$other$"
expect_said '^--yes removes 1 of them, '
find "$tmp/scratch" ! -path "*$alive*" | sort | diff "$tmp/before" - || fail "a list has removed something"

capture "$H5ROOF" clean "$tmp/scratch" --yes
expect_code 0
expect_said "^removed $tmp/scratch/h5roof-$dead$"
[ "$(grep -c ^removed "$tmp/said/stdout")" -eq 1 ] || complain "more was removed"
[ ! -e "$tmp/scratch/h5roof-$dead" ] || fail "what died is there"
capture "$H5ROOF" clean "$tmp/scratch" --yes --also elsewhere
expect_code 0
expect_said "^removed $tmp/scratch/h5roof-$other$"
capture "$H5ROOF" clean "$tmp/scratch" --yes --also kept
expect_code 0
expect_said "^removed $tmp/scratch/h5roof-$kept$"
kill -0 "$job" || fail "the run that is alive was disturbed"
[ -e "$tmp/scratch/h5roof-$alive/h5roof.run" ] || fail "the directory of the run that is alive is gone"
kill -TERM "$job"
finish
expect_nothing_left
