#!/usr/bin/env bash
# Ranks that own nothing, and grids that are given.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
python=$(python_with h5py) || skip "no python3 with h5py"
exec "$python" -B "$H5ROOF_SOURCE/tests/mpi/shares.py"
