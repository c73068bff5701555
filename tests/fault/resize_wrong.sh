#!/usr/bin/env bash
# Workload resize: a byte that changes in a read is found by the operation that reads it, in what was left and in what was cut off.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
make_tmp

cat >"$tmp/one.yaml" <<END
suite: one
repeat: {warmup: 0, min: 1, max: 1}
defaults: {workload: resize, shape: [256, 128], dtype: i32, data: ramp, fill_value: "-1", layout: chunked, chunk: [96, 128]}
cases:
  - {name: one, driver: sec2}
END

# damaged NTH OFFSET OPERATION REASON: rank 1's read number NTH of a chunk (48 KiB) has a wrong byte.
damaged()
{
    capture env LD_PRELOAD="$H5ROOF_BUILD/tests/shim_fault.so" SHIM_PATH='\.h5$' SHIM_CALL=read SHIM_LEAST=49152 SHIM_NTH="$1" \
        SHIM_TIMES=1 SHIM_RANK=1 SHIM_ACTION=flip SHIM_OFFSET="$2" \
        "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/one.yaml" --scratch "$tmp/scratch" --out "$tmp/$3$2"
    expect_code 1
    expect_nothing_left
    awk -F, -v wanted="$3" 'NR == 1 { for (i = 1; i <= NF; i++) col[$i] = i; next }
        { wrong = $col["status"] == "mismatch"; if (wrong != ($col["operation"] == wanted)) bad = 1; found += wrong }
        END { exit bad || found != 1 }' "$tmp/$3$2/results.csv" || fail "not $3 alone is wrong: $(cut -d, -f1-20 "$tmp/$3$2/results.csv")"
    grep -Eq "$4" "$tmp/$3$2/results.csv" || fail "no row says '$4': $(grep -o 'element .*found [^"]*' "$tmp/$3$2/results.csv")"
}

# Rank 1 has rows 128 to 255, of which 128 to 191 are left. Chunks are read by read (1, 2), when
# the cut-off part of one is filled (3), and by reread (4).
damaged 1 0 read 'element \[128, 0\] of rank 1: expected 16384, found 16639'
damaged 4 4 reread 'element \[128, 1\], never cut off: expected 16385, found 16638'
damaged 4 -4 reread 'element \[223, 127\], cut off and fill since: expected -1, found -256'
