#!/usr/bin/env bash
# long: every suite
# once: counts, which a sanitizer does not change
# What `plan` says of calls, bytes and objects is what a run counts: for every workload and every suite, on 1, 2 and 4 ranks.
# timeout: 600
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
python=$(python_with csv) || skip "no python3"
exec "$python" -B "$H5ROOF_SOURCE/tests/mpi/plan_counts.py"
