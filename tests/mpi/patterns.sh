#!/usr/bin/env bash
# Decompositions, uneven shapes, ranks without a share and every access, with 1 to 4 ranks.
# timeout: 400
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
python=$(python_with numpy) || skip "no python3 with numpy"
exec "$python" -B "$H5ROOF_SOURCE/tests/mpi/patterns.py"
