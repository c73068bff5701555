#!/usr/bin/env bash
# Negatives clipped in place: whatever the driver, the access and the selection, the same bytes; calls and bytes counted again.
# timeout: 300
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
python=$(python_with numpy h5py) || skip "no python3 with numpy and h5py"
exec "$python" -B "$H5ROOF_SOURCE/tests/mpi/update.py"
