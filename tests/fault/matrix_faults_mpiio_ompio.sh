#!/usr/bin/env bash
# Every fault under raw MPI-IO, collective and independent, with the component ompio.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
python=$(python_with csv)
exec "$python" -B "$H5ROOF_SOURCE/tests/fault/matrix_faults.py" mpiio-{collective,independent}-ompio
