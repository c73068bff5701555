#!/usr/bin/env bash
# Runs over all workloads that die at random moments or meet a fault, and are resumed: a few of what scripts/dev/survive.py can do.
# timeout: 400
# once: it takes as long as it takes, in every build
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
python=$(python_with csv)
exec "$python" -B "$H5ROOF_SOURCE/scripts/dev/survive.py" --kills 4 --faults 6 --seed 1
