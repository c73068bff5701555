#!/usr/bin/env bash
# The ways of the store roof: which are named, that they move what they must, and what becomes of one that fails.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
python=$(python_with json) || skip "no python3 with json"
exec "$python" -B "$H5ROOF_SOURCE/tests/mpi/ways.py"
