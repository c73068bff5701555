#!/usr/bin/env bash
# The file system of the results fills up during a run: exit code 3, and the rows that fitted can be shown.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
# shellcheck source=tests/fault/faults.sh
. "$H5ROOF_SOURCE/tests/fault/faults.sh"
make_tmp
mount_tmpfs "$tmp/results" size=64k

cat >"$tmp/long.yaml" <<END
suite: long
repeat: {warmup: 0, min: 100000, max: 100000}
cases: [{name: one, driver: memory, shape: [8]}]
END
for ranks in 1 2 3; do
    capture "$MPIRUN" --timeout 60 -n $ranks "$H5ROOF" run "$tmp/long.yaml" --scratch "$tmp/scratch" --out "$tmp/results/run"
    expect_code 3
    expect_error "^h5roof: error: cannot write $tmp/results/run/results.csv: No space left on device$"
    expect_said '^rows that could not be saved, with their header:$' stderr
    [ "$(grep -cE '^[0-9]+,.*,one,.*,ok,' "$tmp/said/all")" -eq 2 ] || complain "the rows that did not fit are not shown"
    expect_nothing_left
    expect_rows "$tmp/results/run" one
    rm -r "$tmp/results/run"
done
