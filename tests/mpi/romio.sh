#!/usr/bin/env bash
# The core of the matrix, the patterns and the counters under Open MPI's other MPI-IO.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
python=$(python_with numpy) || skip "no python3 with numpy"
exec "$python" -B "$H5ROOF_SOURCE/tests/mpi/romio.py"
