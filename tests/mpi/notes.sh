#!/usr/bin/env bash
# alone: notes of times
# Every note that `show` can make: a real run that provokes it and one that must not.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
python=$(python_with csv) || skip "no python3 with csv"
exec "$python" -B "$H5ROOF_SOURCE/tests/mpi/notes.py"
