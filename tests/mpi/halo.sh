#!/usr/bin/env bash
# Blocks between ghost cells: what the files hold, that ghost cells stay as they are, and what HDF5 makes of the selection.
set -euo pipefail
# shellcheck source=tests/lib.sh
. "$H5ROOF_SOURCE/tests/lib.sh"
: "${MPIRUN:?}"
python=$(python_with numpy h5py) || skip "no python3 with numpy and h5py"
"$python" -B "$H5ROOF_SOURCE/tests/mpi/halo.py"

# A ghost cell that reading overwrites is found: on rank 1, whose block has 7 x 9 cells with a halo of 2.
make_tmp
cat >"$tmp/ghost.yaml" <<END
suite: ghost
repeat: {warmup: 0, min: 1, max: 1}
cases:
  - {name: bad, shape: [6, 5], dtype: i32, data: random, driver: sec2, halo: 2}
END

# touched RANK NAME ARGUMENTS...: a run in which reading on that rank writes to its first ghost cell, too.
touched()
{
    capture env LD_PRELOAD="$H5ROOF_BUILD/tests/shim_ghost.so" SHIM_RANK="$1" \
        "$MPIRUN" --timeout 60 -n 2 "$H5ROOF" run "$tmp/ghost.yaml" --scratch "$tmp/scratch" --out "$tmp/$2" "${@:3}"
}
touched 1 found
expect_code 1
expect_mismatch "$tmp/found" read 'rank 1: ghost cell 0 of 63 cells in memory was overwritten'
touched none untouched
expect_code 0
touched 1 blind --set verify=false
expect_code 0
