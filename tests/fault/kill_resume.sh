#!/usr/bin/env bash
# long: twenty runs killed at random
# kill -9 of the launcher and all ranks at random moments, resumed each time: every case, no row twice, none torn.
# timeout: 300
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
python=$(python_with csv) || skip "no python3 with csv"
exec "$python" -B "$H5ROOF_SOURCE/tests/fault/kills.py"
