#!/usr/bin/env bash
# Tiles of an image stack: whatever store, layout, order and cache, the same contents; the bytes moved for each one asked for.
# timeout: 300
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
python=$(python_with numpy h5py) || skip "no python3 with numpy and h5py"
exec "$python" -B "$H5ROOF_SOURCE/tests/mpi/tile.py"
