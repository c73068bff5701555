#!/usr/bin/env bash
# Selections of every kind: what they picked is what h5py sees changed, whatever way they are said to HDF5.
# timeout: 300
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
python=$(python_with numpy h5py) || skip "no python3 with numpy and h5py"
exec "$python" -B "$H5ROOF_SOURCE/tests/mpi/selections.py"
