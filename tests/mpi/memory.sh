#!/usr/bin/env bash
# alone: 16 ranks
# once: memory, of which sanitizers take their own
# Memory of a rank beyond its buffers, with 2 and with 16 ranks.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
[ -z "${H5ROOF_SANITIZE:-}" ] || skip "a sanitizer's own memory would be counted"
python=$(python_with json) || skip "no python3 with json"
exec "$python" -B "$H5ROOF_SOURCE/tests/mpi/memory.py"
