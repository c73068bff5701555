#!/usr/bin/env bash
# More work takes longer by guess: appends, objects, calls, bytes, repetitions, ranks that share. Nothing is said of how long.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
make_tmp

# seconds SET...: what is guessed for all operations of one case
seconds()
{
    "$H5ROOF" plan "$tmp/one.yaml" --csv "${@/#/--set=}" | cells - guess_s reason= | LC_ALL=C awk '{ sum += $1 } END { printf "%.9f\n", sum }'
}

# longer CASE SET SET...: each takes longer than the one before
longer()
{
    local least=0 now
    printf 'suite: one\ncases: [{name: one, %s}]\n' "$1" >"$tmp/one.yaml"
    for set in "${@:2}"; do
        now=$(seconds "$set")
        LC_ALL=C awk -v a="$least" -v b="$now" 'BEGIN { exit !(b > a) }' || fail "$1: $set takes $now s, the one before $least s"
        least=$now
    done
}

longer "workload: resize, layout: chunked, chunk: [64, 64]" append=1024 append=64 append=8 append=1
longer "workload: metadata" objects=10 objects=1000 objects=100000
longer "workload: metadata, objects: 1000" attributes=0 attributes=4
longer "workload: slab" access=whole access=row access=element
longer "workload: slab" shape=16x16 shape=1024x1024 shape=8192x8192
longer "workload: slab, layout: chunked, chunk: [64, 64]" filter=none filter=deflate:1 filter=deflate:9
longer "workload: slab, access: element" mode=independent mode=collective
longer "workload: particles, shape: [1000]" steps=1 steps=4 steps=100
longer "workload: pieces" pieces=10 pieces=1000
longer "workload: open" opens=1 opens=1000
longer "workload: slab, layout: chunked" chunk=256x256 chunk=16x16 chunk=2x2

# The total, too, with repetitions.
printf 'suite: one\ncases: [{name: one}]\n' >"$tmp/one.yaml"
total()
{
    capture "$H5ROOF" plan "$tmp/one.yaml" --set repeat.min="$1" --set repeat.max="$1"
    expect_code 0
    expect_said "time roughly .* \\(.* to .*\\)$"
    sed -n 's/.*time roughly \(.*\) (.*/\1/p' "$tmp/said/stdout"
}
[ "$(total 1)" != "$(total 1000)" ] || fail "1000 repetitions take as long as one"

# 5000 appends are 5000 calls of each rank, and not one; what moves no payload says its objects.
printf 'suite: one\ncases: [{name: one, workload: resize, shape: [5000, 8], layout: chunked, chunk: [64, 8], append: 1}]\n' >"$tmp/one.yaml"
capture "$H5ROOF" plan "$tmp/one.yaml"
expect_said '^one +append +10000 +312 KiB +5000 '
printf 'suite: one\ncases: [{name: one, workload: metadata, objects: 500}, {name: two, workload: open, opens: 7}]\n' >"$tmp/one.yaml"
capture "$H5ROOF" plan "$tmp/one.yaml"
expect_said '^one +create +- +- +500 '
expect_said '^ +existing +- +- +7 '
expect_said 'disk at least 0 B at a time'
capture "$H5ROOF" plan "$tmp/one.yaml" --csv --yaml
expect_code 2
expect_nothing_left
