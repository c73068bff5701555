#!/usr/bin/env bash
# Where the memory begins that HDF5, MPI-IO and the kernel are handed, and what is written from memory of one call.
# timeout: 300
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
python=$(python_with h5py numpy) || skip "no python3 with h5py and numpy"
exec "$python" -B "$H5ROOF_SOURCE/tests/mpi/buffers.py"
