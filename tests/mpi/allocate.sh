#!/usr/bin/env bash
# Workload allocate: bytes in the file after every step, as h5py writes them; fill values; what every driver allocates when.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
python=$(python_with numpy h5py) || skip "no python3 with numpy and h5py"
exec "$python" -B "$H5ROOF_SOURCE/tests/mpi/allocate.py"
