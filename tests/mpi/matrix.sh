#!/usr/bin/env bash
# Every driver, layout, filter, byte order and type with 1 to 4 ranks; exactly what HDF5 forbids is skipped.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
python=$(python_with numpy) || skip "no python3 with numpy"
exec "$python" -B "$H5ROOF_SOURCE/tests/mpi/matrix.py"
