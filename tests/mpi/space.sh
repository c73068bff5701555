#!/usr/bin/env bash
# Space in the file and HDF5's caches of a file.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
python=$(python_with h5py) || skip "no python3 with h5py"
exec "$python" -B "$H5ROOF_SOURCE/tests/mpi/space.py"
