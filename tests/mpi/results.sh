#!/usr/bin/env bash
# The form of results.csv and env.json, randomised blocks, and plan.yaml run again.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
python=$(python_with csv) || skip "no python3 with csv"
exec "$python" -B "$H5ROOF_SOURCE/tests/mpi/results.py"
