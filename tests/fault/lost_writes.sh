#!/usr/bin/env bash
# What is written and never arrives is found, in whatever operation: all writes of a file from some one on are lost.
# timeout: 400
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
make_tmp

cases=0

# lost FACTORS: from each of its writes on.
lost()
{
    local nth writes
    cat >"$tmp/one.yaml" <<END2
suite: one
repeat: {warmup: 0, min: 1, max: 1}
case_timeout: 20s
defaults: {shape: [64, 64], dtype: i32, data: random, driver: sec2}
cases: [{name: one, $1}]
END2
    how=(LD_PRELOAD="$H5ROOF_BUILD/tests/shim_fault.so" SHIM_CALL=write SHIM_PATH='-[0-9a-f]{16}[^/]*\.h5$')
    capture env "${how[@]}" SHIM_ACTION=none SHIM_TRACE="$tmp/trace" "$H5ROOF" run "$tmp/one.yaml" --scratch "$tmp/scratch" --out "$tmp/out" --roofs none
    expect_code 0
    writes=$(wc -l <"$tmp/trace")
    [ "$writes" -ge 2 ] || fail "$1: the shim saw $writes writes"
    rm -rf "$tmp/out" "$tmp/trace"
    for ((nth = 1; nth < writes; nth++)); do
        capture env "${how[@]}" SHIM_ACTION=lose SHIM_NTH="$nth" "$H5ROOF" run "$tmp/one.yaml" --scratch "$tmp/scratch" --out "$tmp/out" --roofs none
        [ "$code" -eq 1 ] || [ "$code" -eq 3 ] || complain "$1: without the writes from $nth of $writes on"
        expect_nothing_left
        rm -rf "$tmp/out"
        cases=$((cases + 1))
    done
}

for kind in group attribute hard; do
    lost "workload: metadata, kind: $kind, objects: 9"
done
lost "workload: metadata, kind: dataset, attributes: 2, objects: 9"
for opening in r w; do
    lost "workload: open, opening: $opening"
done
lost "workload: resize, append: 16, layout: chunked, chunk: [16, 64]"
lost "workload: resize, append: 16, layout: chunked, chunk: [16, 64], fill_time: never"
lost "workload: select, selection: mask, mask_as: rmw"
lost "workload: update, update: negative"
lost "workload: allocate"
echo "$cases runs"
