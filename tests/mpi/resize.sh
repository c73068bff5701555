#!/usr/bin/env bash
# Workload resize: every append is counted, what was cut off reads as the fill value, and h5py finds the same in the files.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
python=$(python_with numpy h5py) || skip "no python3 with numpy and h5py"
exec "$python" -B "$H5ROOF_SOURCE/tests/mpi/resize.py"
