#!/usr/bin/env bash
# Workload allocate: a byte that changes in the n-th read of a whole share is found, and by the operation that read it.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
make_tmp

cat >"$tmp/one.yaml" <<END
suite: one
repeat: {warmup: 0, min: 1, max: 1}
defaults: {workload: allocate, shape: [256, 128], dtype: i32, data: ramp, fill_value: "-1"}
cases:
  - {name: one, driver: sec2}
END

# damaged NTH OFFSET OPERATION REASON: rank 1's read number NTH of its 64 KiB has a wrong byte.
damaged()
{
    capture env LD_PRELOAD="$H5ROOF_BUILD/tests/shim_fault.so" SHIM_PATH='\.h5$' SHIM_CALL=read SHIM_LEAST=65536 SHIM_NTH="$1" \
        SHIM_TIMES=1 SHIM_RANK=1 SHIM_ACTION=flip SHIM_OFFSET="$2" \
        "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/one.yaml" --scratch "$tmp/scratch" --out "$tmp/$3$2"
    expect_code 1
    expect_nothing_left
    awk -F, -v wanted="$3" 'NR == 1 { for (i = 1; i <= NF; i++) col[$i] = i; next }
        { wrong = $col["status"] == "mismatch"; if (wrong != ($col["operation"] == wanted)) bad = 1; found += wrong }
        END { exit bad || found != 1 }' "$tmp/$3$2/results.csv" || fail "not $3 alone is wrong: $(cut -d, -f1-20 "$tmp/$3$2/results.csv")"
    grep -Eq "$4" "$tmp/$3$2/results.csv" || fail "no row says '$4'"
}

# The datum is 16384 + index of the element in the share of rank 1; in the lowest byte all bits are flipped.
damaged 1 4 scan 'element \[128, 1\], never written: expected the fill value -1, found -256'
damaged 1 0 scan 'the one element that was written: expected 16384, found 16639'
damaged 2 -4 read 'element \[255, 127\] of rank 1: expected 32767, found 32512'
