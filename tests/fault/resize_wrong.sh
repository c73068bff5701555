#!/usr/bin/env bash
# Workload resize: a byte that changes in a read is found by the operation that reads it, in what was left and in what was cut off.
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
defaults: {workload: resize, shape: [256, 128], dtype: i32, data: ramp, fill_value: "-1", layout: chunked, chunk: [96, 128]}
cases:
  - {name: one, driver: sec2}
END

# Rank 1 has rows 128 to 255, of which 128 to 191 are left. Chunks are read by read (1, 2), when
# the cut-off part of one is filled (3), and by reread (4).
damaged_read "$tmp/one.yaml" 49152 1 0 read 'element \[128, 0\] of rank 1: expected 16384, found 16639'
damaged_read "$tmp/one.yaml" 49152 4 4 reread 'element \[128, 1\], never cut off: expected 16385, found 16638'
damaged_read "$tmp/one.yaml" 49152 4 -4 reread 'element \[223, 127\], cut off and fill since: expected -1, found -256'

# Columns grow, and rows are cut: rank 1 has the lower half, of which the left half is left.
cat >"$tmp/columns.yaml" <<END
suite: columns
repeat: {warmup: 0, min: 1, max: 1}
defaults: {workload: resize, shape: [256, 128], dtype: i32, data: ramp, fill_value: "-1", layout: chunked, chunk: [128, 96]}
cases:
  - {name: one, driver: sec2, grow_dim: 1, decomposition: block}
END
damaged_read "$tmp/columns.yaml" 49152 1 4 read 'element \[128, 1\] of rank 1: expected 16385, found 16638'
damaged_read "$tmp/columns.yaml" 49152 3 8 reread 'element \[128, 2\], never cut off: expected 16386, found 16637'
