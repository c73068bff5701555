#!/usr/bin/env bash
# Every fault under HDF5's driver over read and write, and under those that stand on it.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
python=$(python_with csv)
exec "$python" -B "$H5ROOF_SOURCE/tests/fault/matrix_faults.py" sec2 family split
