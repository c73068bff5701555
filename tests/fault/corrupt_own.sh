#!/usr/bin/env bash
# Storage that lies: every fault under every workload, with these drivers.
# long: thousands of runs
# once: it tells of libraries, not of how we were built
# timeout: 3600
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
python=$(python_with csv)
exec "$python" -B "$H5ROOF_SOURCE/tests/fault/corrupt.py" sec2 posix
