#!/usr/bin/env bash
# once: counts, which a sanitizer does not change
# Notes on requests, on what was read beside the payload and on storage: the cause that they name, and that the cure ends it.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
python=$(python_with csv) || skip "no python3 with csv"
exec "$python" -B "$H5ROOF_SOURCE/tests/mpi/note_causes.py"
