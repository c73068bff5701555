#!/usr/bin/env bash
# long: delays of seconds
# alone: it compares times
# once: delays, and the notes that they cause
# timeout: 240
# The notes on times: real runs that are made late, by far more than a machine is ever disturbed.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
[ -z "${H5ROOF_SANITIZE:-}" ] || skip "with sanitizers everything is late"
python=$(python_with csv) || skip "no python3 with csv"
exec "$python" -B "$H5ROOF_SOURCE/tests/mpi/notes_late.py"
