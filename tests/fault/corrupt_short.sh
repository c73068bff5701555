#!/usr/bin/env bash
# Storage that lies: every fault under some workloads, with one rank.
# timeout: 300
# once: it tells of libraries, not of how we were built
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
python=$(python_with csv)
exec "$python" -B "$H5ROOF_SOURCE/tests/fault/corrupt.py" --short sec2 mpio-ompio
