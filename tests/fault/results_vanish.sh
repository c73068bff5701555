#!/usr/bin/env bash
# The results directory is removed, moved or replaced while a run writes to it: exit code 3, and no row is lost.
# timeout: 300
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
# shellcheck source=tests/fault/faults.sh
. "$H5ROOF_SOURCE/tests/fault/faults.sh"
make_tmp
long_suite posix
out=$tmp/results/run
gone="^h5roof: error: the results directory $out was removed or replaced during the run: its rows"

# vanishes COMMAND...: what happens to the directory of a run that has rows
vanishes()
{
    rm -rf "${tmp:?}/results"
    start 2 "$tmp/long.yaml" --scratch "$tmp/scratch" --out "$out"
    wait_for_rows "$out/results.csv" "$job"
    cp "$out/results.csv" "$tmp/before.csv"
    "$@"
    finish
    expect_code 3
}

# saved DIR: the rows that were there before, whole, and later ones
saved()
{
    [ -e "$1/results.csv" ] || complain "there is no $1/results.csv"
    head -n -1 "$tmp/before.csv" >"$tmp/whole.csv"
    cmp -n "$(wc -c <"$tmp/whole.csv")" "$tmp/whole.csv" "$1/results.csv" || complain "the rows have changed"
    expect_rows "$1" one
}

vanishes rm -r "$out"
expect_error "$gone are saved in $out-rescued/results.csv$"
saved "$out-rescued"
expect_nothing_left

vanishes rm "$out/results.csv"
expect_error "$gone are saved in $out-rescued/results.csv$"
saved "$out-rescued"

vanishes mv "$out" "$tmp/results/moved"
expect_error "$gone are in $tmp/results/moved/results.csv$"
saved "$tmp/results/moved"
[ ! -e "$out-rescued" ] || fail "the rows are there twice"

replace()
{
    mv "$out" "$tmp/results/moved"
    mkdir "$out"
    echo precious >"$out/results.csv"
    echo precious >"$out/in_flight"
}
vanishes replace
expect_error "$gone are in $tmp/results/moved/results.csv$"
saved "$tmp/results/moved"
[ "$(cat "$out/results.csv" "$out/in_flight")" = $'precious\nprecious' ] || fail "what came in its place was touched"
[ "$(cd "$out" && echo *)" = "in_flight results.csv" ] || fail "something was added to what came in its place"

# Nothing can be made beside it: then where the run was started, and else they are printed.
vanishes rm -r "${tmp:?}/results"
expect_error "$gone are saved in h5roof-rescued-[0-9]+/results.csv$"
saved "$(echo "$tmp"/here/h5roof-rescued-*)"
rm -r "$tmp"/here/h5roof-rescued-*

remove_all()
{
    rm -r "${tmp:?}/results" "$tmp/here"
    mkdir "$tmp/here" # another one
}
vanishes remove_all
expect_error "$gone could not be saved elsewhere, and are printed above$"
mkdir "$tmp/printed"
sed -n '/^rows that could not be saved, with their header:$/,$p' "$tmp/said/all" | grep -E '^(schema|[0-9]+),' >"$tmp/printed/results.csv"
saved "$tmp/printed"

# in_flight is only a help: its loss is told once, and the run goes on.
rm -rf "${tmp:?}/results"
start 2 "$tmp/long.yaml" --scratch "$tmp/scratch" --out "$out"
wait_for_rows "$out/results.csv" "$job"
rm "$out/in_flight"
before=$(wc -l <"$out/results.csv")
while [ "$(wc -l <"$out/results.csv")" -le $((before + 4)) ]; do
    kill -0 "$job" || fail "it has ended"
    sleep 0.05
done
kill -TERM "$job"
finish
[ "$(grep -c "^h5roof: warning: cannot write $out/in_flight: it was removed; after a crash" "$tmp/said/stderr")" -eq 1 ] ||
    complain "not told once"
expect_nothing_left
