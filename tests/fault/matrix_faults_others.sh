#!/usr/bin/env bash
# Every fault under the drivers with memory of their own, and without HDF5.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
python=$(python_with csv)
exec "$python" -B "$H5ROOF_SOURCE/tests/fault/matrix_faults.py" stdio core posix
