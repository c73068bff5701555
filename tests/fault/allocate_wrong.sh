#!/usr/bin/env bash
# Workload allocate: a byte that changes in the n-th read of a whole share is found, and by the operation that read it.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
# shellcheck source=tests/fault/faults.sh
. "$H5ROOF_SOURCE/tests/fault/faults.sh"
: "${MPIRUN:?}"
make_tmp

cat >"$tmp/one.yaml" <<END
suite: one
repeat: {warmup: 0, min: 1, max: 1}
defaults: {workload: allocate, shape: [256, 128], dtype: i32, data: ramp, fill_value: "-1"}
cases:
  - {name: one, driver: sec2}
END

# The datum is 16384 + index of the element in the share of rank 1; in the lowest byte all bits are flipped.
damaged_read "$tmp/one.yaml" 65536 1 4 scan 'element \[128, 1\], never written: expected the fill value -1, found -256'
damaged_read "$tmp/one.yaml" 65536 1 0 scan 'the one element that was written: expected 16384, found 16639'
damaged_read "$tmp/one.yaml" 65536 2 -4 read 'element \[255, 127\] of rank 1: expected 32767, found 32512'
