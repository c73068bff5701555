#!/usr/bin/env bash
# sanitized: every layout, filter and type
# Files as h5py and plain reads see them: values, layout, filters, types, members, shares.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
python=$(python_with numpy h5py) || skip "no python3 with numpy and h5py"
exec "$python" -B "$H5ROOF_SOURCE/tests/mpi/files.py"
