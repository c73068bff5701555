#!/usr/bin/env bash
# Roofs of the CPU: which ones every workload is held against, of how many chunks, and that they filter what HDF5 filters.
# timeout: 300
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
python=$(python_with numpy h5py) || skip "no python3 with numpy and h5py"
exec "$python" -B "$H5ROOF_SOURCE/tests/mpi/cpu_roofs.py"
