#!/usr/bin/env bash
# Every claim of docs/lessons.md: bytes, shapes, contents, refusals and counters, with h5py and with runs of 1 and 2 ranks.
# timeout: 300
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
python=$(python_with numpy h5py) || skip "no python3 with numpy and h5py"
exec "$python" -B "$H5ROOF_SOURCE/tests/mpi/lessons.py"
