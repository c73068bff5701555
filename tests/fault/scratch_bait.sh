#!/usr/bin/env bash
# Runs that end, that are ended and killed, that go on, and `clean` remove what runs made and touch nothing beside it.
# timeout: 300
# shellcheck disable=SC2119 # resume takes more arguments, or none
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
# shellcheck source=tests/fault/faults.sh
. "$H5ROOF_SOURCE/tests/fault/faults.sh"
# shellcheck source=tests/fault/resuming.sh
. "$H5ROOF_SOURCE/tests/fault/resuming.sh"
# shellcheck source=tests/fault/bait.sh
. "$H5ROOF_SOURCE/tests/fault/bait.sh"
run_suite() # of one rank, which is faster
{
    capture "$H5ROOF" run "$1" --scratch "$tmp/scratch" "${@:2}"
}
bait_make "$tmp/scratch"
bait_hash "$tmp/scratch" >"$tmp/bait"
cp "$tmp/bait" "$tmp/found"

untouched()
{
    bait_hash "$tmp/scratch" >"$tmp/found" 2>&1 || true
    diff -u "$tmp/bait" "$tmp/found" || complain "the bait was touched"
}

# only_bait: no directory of a run is left
only_bait()
{
    untouched
    local left
    left=$(find "$tmp/scratch" -mindepth 1 -maxdepth 1 -name 'h5roof-*' ! -name 'h5roof-mine' ! -name "h5roof-$bait_id-*")
    [ -z "$left" ] || complain "left behind: $left"
}

# ---- a run that ends
run_suite "$tmp/short.yaml" --out "$out"
expect_code 0
only_bait

# ---- in_flight is damaged or comes from somebody else
while read -r path; do
    printf '%-511s\n%s\n' "" "$path" >"$out/in_flight"
    resume
    expect_code 0
    expect_said "^h5roof: warning: $path stays: " stderr
    only_bait
done < <(bait_paths "$tmp/scratch")

# ---- one that is ended by a signal, with and without something of another in its directory
long_suite posix
for foreign in "" precious; do
    rm -rf "${tmp:?}/long"
    start 2 "$tmp/long.yaml" --scratch "$tmp/scratch" --out "$tmp/long"
    wait_for_rows "$tmp/long/results.csv" "$job"
    own=$(find "$tmp/scratch" -mindepth 1 -maxdepth 1 -name 'h5roof-*' ! -name 'h5roof-mine' ! -name "h5roof-$bait_id-*")
    if [ -n "$foreign" ]; then
        echo precious >"$own/$foreign"
        ln -s "$tmp/scratch/bait-file" "$own/roof.9.bin"
    fi
    kill -TERM "$job"
    finish
    if [ -z "$foreign" ]; then
        only_bait
        continue
    fi
    untouched
    expect_said "^h5roof: $own.ended stays: the run did not make '(precious|roof.9.bin)', '(precious|roof.9.bin)' in it$" stderr
    [ "$(cd "$own.ended" && echo *)" = "h5roof.run precious roof.9.bin" ] || complain "in it: $(ls "$own.ended")"
    [ "$(cat "$own.ended/precious")" = precious ] || complain "the content has changed"
done

# ---- one that is killed with its launcher; the next one tells, and `clean` removes
rm -rf "${tmp:?}/long"
start 2 "$tmp/long.yaml" --scratch "$tmp/scratch" --out "$tmp/long"
wait_for_rows "$tmp/long/results.csv" "$job"
mapfile -t ranks < <(pgrep -P "$job")
kill -KILL "$job" "${ranks[@]}"
finish
expect_code 137
untouched
run_suite "$tmp/short.yaml" --out "$tmp/next"
expect_code 0
expect_said "^h5roof: warning: 2 runs that died left .*: 'h5roof clean $tmp/scratch' lists and removes it$" stderr
untouched
capture "$H5ROOF" clean "$tmp/scratch" --yes
expect_code 3
expect_error "^h5roof: error: 1 directory could not be removed whole$"
[ "$(grep -c '^removed ' "$tmp/said/stdout")" -eq 1 ] || complain "not one is removed"
untouched
rm "$own.ended/precious" "$own.ended/roof.9.bin"
capture "$H5ROOF" clean "$tmp/scratch" --yes --also elsewhere --also kept
expect_code 0
only_bait
