#!/usr/bin/env bash
# long: many runs
# alone: it compares times
# once: times, and with sanitizers they mean nothing
# timeout: 400
# Does compare call equal runs equal, and find a delay that nobody could overlook? The small form of
# scripts/dev/verdicts.py; its figures are for a quiet machine, this one only sees that all the parts work together.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
make_tmp
if [ ! -d /dev/shm ] || [ ! -w /dev/shm ]; then
    skip "there is no /dev/shm to write to"
fi
export MPIRUN TMPDIR="$tmp"
python3 -B "$H5ROOF_SOURCE/scripts/dev/verdicts.py" --runs 2 --rows 512 --delay 900% --most-false 10 --least-found 50 \
    --out "$tmp/figures" | tee "$tmp/said.txt"
grep -q '20 comparisons of 2 runs of 10 repetitions' "$tmp/said.txt" || fail "not all cases were compared"
grep -q 'every write of 64 KiB and more 900% slower' "$tmp/figures/README.md" || fail "the figures were not written"
