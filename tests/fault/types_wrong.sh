#!/usr/bin/env bash
# Workloads records and types, and what attributes hold: a byte that changes in a file is found by the operation that reads it, and no other.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
python=$(python_with re)
: "${MPIRUN:?}"
make_tmp

runs=0

# suite FACTORS: $tmp/one.yaml
suite()
{
    cat >"$tmp/one.yaml" <<END
suite: one
seed: 7
repeat: {warmup: 0, min: 1, max: 1}
cases:
  - {name: one, driver: sec2, $1}
END
}

# damaged FACTORS OFFSET NTH OPERATION REASON: a byte of rank 1's file is inverted when it is opened the NTH time, which flushing
# does as well, for its fsync.
damaged()
{
    local out="$tmp/out-$((++runs))"
    suite "$1"
    capture env LD_PRELOAD="$H5ROOF_BUILD/tests/shim_fault.so" SHIM_CALL=open SHIM_NTH="$3" SHIM_TIMES=1 SHIM_RANK=1 SHIM_PATH='\.h5$' \
        SHIM_ACTION=flip SHIM_OFFSET="$2" "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/one.yaml" --scratch "$tmp/scratch" --out "$out"
    expect_code 1
    expect_nothing_left
    expect_mismatch "$out" "$4" "^$5\$"
}

# place FACTORS PATTERN: where the first match of a regular expression ends in rank 1's file, so that the byte before is one of it.
place()
{
    local file
    suite "$1"
    capture "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/one.yaml" --scratch "$tmp/scratch" --out "$tmp/kept" --keep
    expect_code 0
    file=$(echo "$tmp"/scratch/h5roof-*/*.000001.h5)
    "$python" -c '
import re, sys

match = re.search(sys.argv[2].encode("latin-1"), open(sys.argv[1], "rb").read())
assert match, "nothing found"
print(match.end() - 1)' "$file" "$2"
    rm -rf "$tmp"/scratch/* "$tmp/kept"
}

found='expected -?[0-9]+, found -?[0-9]+'

# Three fields of 4 bytes: the last one is read with the others, the middle one by itself as well.
records='workload: records, shape: [40, 3], dtype: i32, data: random'
damaged "$records" -1 1 read "element \\[39, 2\\] of rank 1: $found"
damaged "$records" -5 3 read_field "element \\[39, 1\\] of rank 1: $found"
damaged "$records, record: field" -9 1 read "element \\[39, 0\\] of rank 1: $found"
damaged "$records, record: datasets" -1 1 read "element \\[39, 2\\] of rank 1: $found"

damaged 'workload: types, shape: [40, 8], dtype: u8, element: string' -1 1 read "element \\[39, 7\\] of rank 1: $found"
damaged 'workload: types, shape: [40, 8], dtype: i32, element: enum' -4 1 read "element \\[39, 7\\] of rank 1: $found"
damaged 'workload: types, shape: [40], dtype: i8, element: bool' -1 1 read "element \\[39\\] of rank 1: $found"

# In the heap: letters of a string, and a number of a sequence.
text='workload: types, shape: [40, 16], dtype: u8, element: vlen_string'
at=$(place "$text" '[a-p]{9}')
damaged "$text" "$at" 1 read "element \\[[0-9]+, [0-9]+\\] of rank 1: $found"
sequence='workload: types, shape: [40, 16], dtype: u8, element: vlen, data: ramp'
at=$(place "$sequence" '\x42\x43\x44|\x92\x93\x94|\xb2\xb3\xb4')
damaged "$sequence" "$at" 1 read "element \\[[0-9]+, [0-9]+\\] of rank 1: $found"

# Attributes of several elements, and the name of a scale.
attributes='workload: metadata, kind: group, objects: 4, attributes: 1, attribute_elements: 3, attribute_type: string'
at=$(place "$attributes" 'v00002000006') # of the one that is left
damaged "$attributes" "$at" 1 "open delete" "rank 1: element 0 of attribute 0 of /o000001: expected 'v00002000006', found 'v0000200000\?'"

scales='workload: metadata, kind: dataset, objects: 4, scales: 1'
at=$(place "$scales" 'dim0')
damaged "$scales" "$at" 1 "open delete" "rank 1: expected [12] scales of datasets, each by its name, found 0"
