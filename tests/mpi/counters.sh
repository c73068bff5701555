#!/usr/bin/env bash
# sanitized: collective and independent calls of every driver
# Exact numbers of MPI-IO calls and bytes for known cases, with 1, 2, 3 and 5 ranks.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
python=$(python_with csv) || skip "no python3 with csv"
exec "$python" -B "$H5ROOF_SOURCE/tests/mpi/counters.py"
