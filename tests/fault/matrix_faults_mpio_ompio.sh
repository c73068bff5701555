#!/usr/bin/env bash
# Every fault under HDF5's parallel driver, collective and independent, with the MPI-IO component ompio.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
python=$(python_with csv)
exec "$python" -B "$H5ROOF_SOURCE/tests/fault/matrix_faults.py" mpio-{collective,independent}-ompio
