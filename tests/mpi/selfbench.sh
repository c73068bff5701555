#!/usr/bin/env bash
# long: measures
# alone: it compares times
# What the tool itself costs is told for every workload; no time is looked at.
# once: it starts many runs, and their times mean something in the release build only
# timeout: 240
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"

make_tmp
capture env SELFBENCH_DIR="$tmp/scratch" "$H5ROOF_SOURCE/scripts/dev/selfbench.sh" --quick --build "$H5ROOF_BUILD" --out "$tmp/table.md"
expect_code 0
"$H5ROOF" list workloads | awk '{ print $1 }' >"$tmp/workloads"
[ -s "$tmp/workloads" ] || fail "no workloads"
while read -r workload; do
    expect_said "^$workload(-[a-z0-9]+)?, .*: h5roof / bare C +\| [0-9.]+ \("
    grep -Eq "^\| $workload(-[a-z0-9]+)?, " "$tmp/table.md" || fail "no row of $workload in the table that is written"
done <"$tmp/workloads"
expect_nothing_left
